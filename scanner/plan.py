"""Options of the command, of the Python call and of whosedata.toml in, one frozen Plan out, printed into the report."""

import json
import math
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from detectors.countries import read_countries
from detectors.types import DetectorOptions
from scanner.addresses import AddressError, checked, is_address, label_for
from scanner.limits import Limits
from scanner.locators import quote_name
from scanner.own import Own, make_own
from scanner.patience import patiently

UNITS = {
    "": 1,
    "B": 1,
    "K": 1024,
    "KB": 1024,
    "M": 1024**2,
    "MB": 1024**2,
    "G": 1024**3,
    "GB": 1024**3,
    "T": 1024**4,
    "TB": 1024**4,
}


class PlanError(ValueError):
    """The options or the configuration file cannot be used; the message says what to do. Exit code 2."""


@dataclass(frozen=True, slots=True)
class Root:
    """One place to scan, under the label that the report shows: a folder, a file, an address, or - (standard input)."""

    path: str
    label: str

    @property
    def place(self) -> str:
        """Where it is, from whatever folder it is looked for."""
        plain = self.path == "-" or is_address(self.path)
        return self.path if plain else os.path.abspath(self.path)  # noqa: PTH100 - resolve() would follow symlinks


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides what a scan's rows are. No secret, no handle; two equal plans give equal rows.

    `jobs` and `out` do not change rows, so they are not part of it.
    """

    roots: tuple[Root, ...]
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    detectors: DetectorOptions = field(default_factory=DetectorOptions)
    limits: Limits = field(default_factory=Limits)
    min_score: float = 0.5
    values: str = "masked"
    own: Own = field(default_factory=Own)
    ocr: str = "auto"  # pictures and pages without text; off, or all: also pictures on pages with text
    tables: tuple[str, ...] = ()  # of databases: only those that match, by name or schema.name
    sample: int = 0  # rows of a table of a database; 0 = all

    def printed(self) -> str:
        """The plan as JSON, for the report's metadata and for comparing two plans."""
        return json.dumps(asdict(self), sort_keys=True, default=str)


def parse_size(text: str) -> int:
    """`250MB` -> bytes; raises PlanError on anything else."""
    digits = text.strip().upper().rstrip("BKMGT")
    unit = text.strip().upper()[len(digits) :]
    try:
        size = int(float(digits) * UNITS[unit])
    except (KeyError, ValueError, OverflowError):
        size = -1
    if size < 0:
        raise PlanError(f"“{text}” is not a size. Write it like 250MB or 2GB.")
    return size


def make_roots(paths: Sequence[str | Path], labels: Sequence[str] = ()) -> tuple[Root, ...]:
    """Roots with distinct labels: `--label` in order, else the folder's own name.

    Raises:
        PlanError: a path does not exist, or two folders would have the same label.
    """
    if [os.fspath(path) for path in paths].count("-") > 1 and len(set(labels)) > 1:
        raise PlanError("Standard input can be read once only: name - once.")
    if not paths:
        raise PlanError("Nothing to scan: name at least one folder or file, or - for standard input.")
    if labels and len(labels) != len(paths):
        raise PlanError(
            f"{len(labels)} labels for {len(paths)} paths. Give --label once for each path, in the same order."
        )
    roots: list[Root] = []
    for index, given in enumerate(paths):
        path = os.fspath(given)
        if not path.strip():
            raise PlanError("One of the places to scan has no name. Is it a variable of the shell that is not set?")
        label = labels[index] if index < len(labels) else ""
        if is_address(path):
            roots.append(_at_address(path, label))
            continue
        if path != "-" and not _is_readable_kind(path):
            raise PlanError(
                f"{path} is neither a folder nor a file. To scan what a program prints, pipe it into: scan -"
            )
        roots.append(Root(path, _storable(label or _folder_name(path))))
    _require_distinct(roots)
    return tuple(_each_once(roots))


def _is_readable_kind(path: str) -> bool:
    """Whether it is a folder or a file, or a link to nowhere, which the walk gives its row."""
    try:
        status = patiently(partial(os.lstat, path))
    except (OSError, ValueError) as error:
        gone = isinstance(error, (FileNotFoundError, NotADirectoryError, ValueError))
        why = "does not exist" if gone else "cannot be read"
        raise PlanError(f"{path} {why}. Check the spelling, and that the drive or share is connected.") from error
    if stat.S_ISLNK(status.st_mode):
        try:
            status = patiently(partial(os.stat, path))
        except OSError:
            return True
    return stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)


def _at_address(typed: str, label: str) -> Root:
    try:
        address = checked(typed)
    except AddressError as error:
        raise PlanError(str(error)) from None
    return Root(address, _storable(label or label_for(address)))


def _place(path: str) -> str:
    """One spelling for one place."""
    return path if path == "-" or is_address(path) else os.path.abspath(path)  # noqa: PTH100 - resolve() follows links


def _is_folder(path: str | Path) -> bool:
    try:
        return patiently(Path(path).is_dir)
    except OSError:  # the walk says it, in the row of the place
        return False


def _storable(label: str) -> str:
    """A folder's name may be of any bytes; a report holds text only."""
    return label if label.isprintable() else quote_name(label)


def _each_once(roots: Sequence[Root]) -> Iterator[Root]:
    """A place named twice, or a file beside its folder, is scanned once: no two rows may have one root and path."""
    places = [_place(root.path) for root in roots]
    folders = {(root.label, place) for root, place in zip(roots, places, strict=True) if _is_folder(place)}
    seen = set()
    for root, place in zip(roots, places, strict=True):
        known = (root.label, place)
        # A link is not followed where it stands in its folder, so it is not covered by that folder.
        covered = (root.label, str(Path(place).parent)) in folders and not Path(place).is_symlink()
        if known not in seen and (known in folders or not covered):
            yield root
        seen.add(known)


def _folder_name(path: str) -> str:
    if path == "-":
        return "standard input"
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow symlinks
    folder = absolute if _is_folder(absolute) else absolute.parent
    return folder.name or str(folder)


def _require_distinct(roots: Sequence[Root]) -> None:
    folders: dict[str, str] = {}
    for root in roots:
        place = _place(root.path)
        whole = root.path == "-" or is_address(place) or _is_folder(place)
        base = place if whole else str(Path(place).parent)
        if folders.setdefault(root.label, base) != base:
            raise PlanError(
                f"Two places would both be called “{root.label}” in the report. Tell them apart with --label, "
                "once for each path."
            )


OCR = ("auto", "off", "all")


def make_plan(roots: tuple[Root, ...], config: Mapping[str, Any], **options: Any) -> Plan:
    """Options given (not None) win over the configuration file, which wins over the defaults.

    Raises:
        PlanError: a value of the wrong type or out of its range.
    """
    scan = {**config.get("scan", {}), **{name: value for name, value in options.items() if value is not None}}
    detectors = make_detectors(config, **options)
    limits = _limits(config.get("limits", {}), scan.get("max_file_size"))
    try:
        min_score = float(scan.get("min_score", 0.5))
    except (TypeError, ValueError) as error:
        raise PlanError("min_score must be a number from 0 to 1, such as min_score = 0.6.") from error
    if not 0 <= min_score <= 1:
        raise PlanError(f"--min-score {min_score} is out of range: it goes from 0 (everything) to 1 (certain).")
    if (values := scan.get("values", "masked")) not in {"masked", "clear"}:
        raise PlanError(f"--values {values} is not known: use masked or clear.")
    if (ocr := scan.get("ocr", "auto")) not in OCR:
        raise PlanError(f"--ocr {ocr} is not known: use {', '.join(OCR[:-1])} or {OCR[-1]}.")
    include, exclude = _words("include", scan.get("include", ())), _words("exclude", scan.get("exclude", ()))
    try:
        own = make_own({name: _words(name, words) for name, words in config.get("own", {}).items()})
    except ValueError as error:
        raise PlanError(str(error)) from error
    sample = scan.get("sample", 0)
    if not isinstance(sample, int) or isinstance(sample, bool) or sample < 0:
        raise PlanError("--sample must be a number of rows, such as 1000, or 0 for all of them.")
    tables = _words("tables", scan.get("tables", ()))
    return Plan(roots, include, exclude, detectors, limits, min_score, values, own, ocr, tables, sample)


def make_detectors(config: Mapping[str, Any], **options: Any) -> DetectorOptions:
    """What of a plan decides what is looked for.

    Raises:
        PlanError: a setting of the wrong type, or a country that is not known.
    """
    scan = {**config.get("scan", {}), **{name: value for name, value in options.items() if value is not None}}
    rules = config.get("detectors", {})
    if (names := str(scan.get("names", "standard"))) not in {"off", "fast", "standard", "thorough"}:
        raise PlanError(f"--names {names} is not known: use fast, standard, thorough or off.")
    try:
        settings = {str(name): str(value) for name, value in dict(rules.get("settings", {})).items()}
    except (TypeError, ValueError) as error:
        raise PlanError(f"A setting has the wrong type: {error}") from error
    try:
        countries = read_countries(_words("countries", scan.get("countries", ("gb",))))
    except PlanError:
        raise
    except ValueError as error:
        raise PlanError(f"--countries: {error}") from error
    return DetectorOptions(
        entities=_words("entities", scan.get("entities", ())),
        names=names,
        recognizers=_words("recognizers", rules.get("recognizers", ())),
        presidio=_words("presidio", rules.get("presidio", ())),
        countries=countries,
        identifiers=tuple(config.get("identifiers", ())),
        settings=settings,
    )


def _words(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value):
        return tuple(value)
    raise PlanError(f'{name} must be a list of words, such as {name} = ["one", "two"].')


def _limits(table: Mapping[str, Any], max_file_size: object) -> Limits:
    limits = Limits()
    for name, value in table.items():
        try:
            size = parse_size(value) if isinstance(value, str) else value
        except PlanError as error:
            raise PlanError(f"[limits] {name}: {error}") from error
        if not isinstance(size, (int, float)) or isinstance(size, bool) or not 0 <= size < math.inf:
            raise PlanError(f"[limits] {name} must be a number that is not negative, and not endless.")
        limits = replace(limits, **{name: type(getattr(limits, name))(size)})
    if isinstance(max_file_size, str):
        limits = replace(limits, max_file_size=parse_size(max_file_size))
    elif isinstance(max_file_size, int):
        limits = replace(limits, max_file_size=max_file_size)
    return limits
