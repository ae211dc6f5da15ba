"""The path of whosedata.toml goes in, its sections come out, checked; what is wrong is said with the file's name."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from detectors.bank import modulus_of
from detectors.identifiers import read_identifiers
from detectors.registry import SETTINGS, plugins
from detectors.types import DetectorOptions
from reports.audit.policy import AUDIT_KEYS, RETENTION_KEYS
from scanner.limits import Limits
from scanner.own import OWN_KEYS
from scanner.plan import PlanError, make_plan

# What answers and letters say: read, and checked, by who writes them.
LETTER_SECTIONS = ("controller", "recipients", "portable")
_LISTS = ("identifiers", "recipients", "portable")
FILE_SETTINGS = ("modulus_table", "modulus_substitutes")
_SECRET_FILES = ("passwords", "credentials")
SCAN_KEYS = (
    "include",
    "exclude",
    "entities",
    "min_score",
    "values",
    "names",
    "max_file_size",
    "countries",
    "passwords",
    "ocr",
    "tables",
    "sample",
    "credentials",
)
DETECTOR_KEYS = ("recognizers", "presidio", "settings")
_KEYS: Mapping[str, Collection[str]] = {
    "scan": SCAN_KEYS,
    "limits": tuple(item.name for item in fields(Limits)),
    "detectors": DETECTOR_KEYS,
    "own": OWN_KEYS,
    "retention": RETENTION_KEYS,  # the audit reads these two
    "audit": AUDIT_KEYS,
}


def read_config(path: Path) -> dict[str, Any]:
    """The table of whosedata.toml; what concerns letters and audits alone is checked by who reads it.

    Raises:
        PlanError: it cannot be read, holds a key that is not known, or a value that cannot be used.
    """
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
    except OSError as error:
        raise PlanError(f"The configuration file {path} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError(f"The configuration file {path} is not valid TOML: {error}") from error
    try:
        table["identifiers"] = read_identifiers(table.get("identifiers", []))
    except ValueError as error:
        raise PlanError(f"{path}: {error}.") from error
    try:
        for section, values in table.items():
            _check_section(section, values)
        if "settings" in table.get("detectors", {}):
            table["detectors"]["settings"] = _settings(table["detectors"]["settings"], path.parent)
        _find_secrets(table.get("scan", {}), path.parent)
        make_plan((), table)
    except PlanError as error:
        raise PlanError(f"{path}: {error}") from error
    return table


def unknown(what: str, given: Collection[str], known: Collection[str]) -> str:
    """A sentence on the first of the given words that is none of the known ones; "" when all are known."""
    wrong = next((word for word in sorted(given) if word not in known), None)
    if wrong is None:
        return ""
    near = get_close_matches(wrong.lower(), known, 1, 0.5)
    hint = f"did you mean {near[0]}? Known are" if near else "known are"
    return f"unknown {what.format(wrong)}: {hint} {', '.join(known)}."


def _check_section(section: str, values: object) -> None:
    if wrong := unknown("section [{}]", [section], [*_KEYS, *LETTER_SECTIONS, "identifiers"]):
        raise PlanError(wrong)
    if section in _LISTS or section in LETTER_SECTIONS:
        return
    if not isinstance(values, dict):
        raise PlanError(f"{section} is a section: write [{section}] on a line of its own, once, above its keys.")
    if wrong := unknown(f"key {{}} in [{section}]", values, sorted(_KEYS[section])):
        raise PlanError(wrong)


def _settings(given: object, folder: Path) -> dict[str, str]:
    """[detectors.settings] as one level of texts: those of a plug-in are `name.key`, as [detectors.settings.name] says.

    Files that our own name stand beside the configuration file; what is wrong with them is said before the scan.
    """
    if not isinstance(given, dict):
        raise PlanError("settings is written as [detectors.settings].")
    settings: dict[str, str] = {}
    own = {name: value for name, value in given.items() if not isinstance(value, dict)}
    _check_settings(own, given)
    for name, value in own.items():
        settings[name] = str(folder.absolute() / str(value)) if name in FILE_SETTINGS else _text(name, value)
    for plugin in given.keys() - own.keys():
        settings |= {f"{plugin}.{key}": _text(f"{plugin}.{key}", value) for key, value in given[plugin].items()}
    try:
        modulus_of(DetectorOptions(settings=settings))
    except ValueError as error:
        raise PlanError(f"{error}.") from error
    return settings


def _check_settings(own: Collection[str], given: Collection[str]) -> None:
    """Raises PlanError for a key that is neither ours nor stands under the name of a plug-in that is installed."""
    installed = sorted(plugins())
    if wrong := unknown("key {} in [detectors.settings]", own, SETTINGS):
        more = f" Settings of a plug-in stand under its name: [detectors.settings.{installed[0]}]." if installed else ""
        raise PlanError(f"{wrong}{more}")
    tables = [name for name in given if name not in own]
    if not installed and tables:
        raise PlanError(f"[detectors.settings.{tables[0]}] is for a plug-in of that name, and no plug-in is installed.")
    if wrong := unknown("plug-in [detectors.settings.{}]", tables, installed):
        raise PlanError(wrong)


def _text(name: str, value: object) -> str:
    if isinstance(value, (str, int, float, date)):
        return str(value)
    raise PlanError(f'{name} in [detectors.settings] must be one text or number, such as {name} = "text".')


def _find_secrets(scan: dict[str, Any], folder: Path) -> None:
    """The files of passwords and credentials stand beside the configuration file, too."""
    for name in _SECRET_FILES:
        if name in scan and not isinstance(scan[name], str):
            raise PlanError(f'{name} must name a file, such as {name} = "{name}.txt".')
        if name in scan:
            scan[name] = str(folder.absolute() / scan[name])
