"""A plan and a key in, what decides a file's rows beside its bytes out: settings, program, passwords, the day.

Two scans of equal basis give equal rows for equal files; a report says its basis, so that a later scan can go by it.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import detectors
from detectors.ages import today_of
from reports.schema import SCHEMA_VERSION
from scanner.config import FILE_SETTINGS
from scanner.home import Key
from scanner.passwords import Passwords
from scanner.plan import Plan

# They choose files and say nothing of how one is read.
_CHOICE = ("roots", "include", "exclude", "tables")
_READING_EXTRAS = ("names", "heic", "ocr")


@dataclass(frozen=True, slots=True)
class Basis:
    """Digests, and the day by which ages are counted (yyyy-mm-dd). `settings` and `passwords` are keyed."""

    settings: str
    program: str
    passwords: str
    day: str

    def metadata(self) -> dict[str, str]:
        """As it stands in a report."""
        return {f"basis_{name}": text for name, text in asdict(self).items()}

    @classmethod
    def parse(cls, metadata: Mapping[str, str]) -> "Basis":
        """The inverse of metadata(); what an older report does not say is ""."""
        return cls(*(metadata.get(f"basis_{name}", "") for name in ("settings", "program", "passwords", "day")))


def basis_of(plan: Plan, key: Key, passwords: Passwords) -> Basis:
    """The basis of a scan that begins now."""
    told = {name: value for name, value in asdict(plan).items() if name not in _CHOICE}
    text = f"{json.dumps(told, sort_keys=True, default=str)} {rule_files(plan)}"
    settings = hmac.digest(key.derive("settings"), text.encode("utf-8", "surrogatepass"), "sha256").hex()
    return Basis(settings, _program(), passwords.fingerprint(key), today_of(plan.detectors).isoformat())


def rule_files(plan: Plan) -> str:
    """What the user's own rules and tables say, which may change while their names stay."""
    settings = plan.detectors.settings
    files = [*plan.detectors.recognizers, *(settings[name] for name in FILE_SETTINGS if name in settings)]
    digest = hashlib.sha256()
    for file in filter(Path.is_file, map(Path, files)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def differences(earlier: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    """Names of settings in which two printed plans differ, of those that say how files are read."""
    for name in sorted({*earlier, *now} - {*_CHOICE}):
        one, other = earlier.get(name), now.get(name)
        if one == other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            yield from (inner for inner in sorted({*one, *other}) if one.get(inner) != other.get(inner))
        else:
            yield name


@cache
def _program() -> str:
    """One digest of all that is ours in a scan, and of the versions of the libraries that read files."""
    digest = hashlib.sha256(f"schema {SCHEMA_VERSION}".encode())
    for folder in (Path(detectors.__file__).parent, Path(__file__).parent):
        for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            digest.update(f"{file.relative_to(folder).as_posix()} {file.stat().st_size} ".encode())
            digest.update(file.read_bytes())
    for line in sorted(requires("whosedata") or ()):
        extra = re.search(r"extra *== *['\"]([\w-]+)", line)
        name = re.match(r"[\w.-]+", line)
        if name and (not extra or extra[1] in _READING_EXTRAS):
            digest.update(f"{name[0]} {_version(name[0])} ".encode())
    return digest.hexdigest()[:32]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
