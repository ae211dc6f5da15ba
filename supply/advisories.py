"""The lock file and a database of advisories (OSV) go in, the known weaknesses of what is pinned come out; no network.

`python supply/advisories.py DATABASE`, or WHOSEDATA_ADVISORIES=DATABASE: the file all.zip that OSV publishes for PyPI,
or a folder with its records (JSON, or YAML as the Python Packaging Authority keeps them). Exit codes: 0 none is known,
1 some are, 2 there is no database, or it is none.
"""

import json
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml
from locked import Locked, lock
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

VARIABLE = "WHOSEDATA_ADVISORIES"
OLD_DAYS = 30
MOST_BYTES = 20 * 1024 * 1024  # of one record
_CONTROL = re.compile(r"[^\x20-\x7e\xa0-\uffff]")
HELP = f"""No database of advisories was given, so nothing was checked.
On a computer with a network, get all.zip of the ecosystem PyPI from the OSV project, or a checkout of the advisory
database of the Python Packaging Authority; bring it here, and name it:
  python supply/advisories.py all.zip        or set {VARIABLE}"""


class DatabaseError(ValueError):
    """What was named is no database of advisories; the message says why."""


@dataclass(frozen=True, slots=True)
class Known:
    """A known weakness of a pinned package. `fixed`: versions that no longer have it."""

    name: str
    version: str
    id: str
    aliases: tuple[str, ...]
    fixed: tuple[str, ...]
    summary: str


def records(database: Path) -> Iterator[dict[str, Any]]:
    """All records of a database.

    Raises:
        DatabaseError: it cannot be read, or holds none.
    """
    count = 0
    try:
        for name, data in _files(database):
            record = json.loads(data) if name.endswith(".json") else yaml.safe_load(data)
            if isinstance(record, dict) and "id" in record:
                count += 1
                yield record
    except (OSError, ValueError, yaml.YAMLError, zipfile.BadZipFile, RecursionError) as error:
        raise DatabaseError(
            f"{database} cannot be read as a database of advisories ({type(error).__name__})"
        ) from error
    if not count:
        raise DatabaseError(f"{database} holds no advisories: neither .json nor .yaml with an id")


def _files(database: Path) -> Iterator[tuple[str, bytes]]:
    if database.is_dir():
        for path in sorted(database.rglob("*")):
            if path.suffix in {".json", ".yaml"} and path.is_file() and path.stat().st_size <= MOST_BYTES:
                yield path.name, path.read_bytes()
    elif zipfile.is_zipfile(database):
        with zipfile.ZipFile(database) as archive:
            for member in archive.infolist():
                if member.filename.endswith((".json", ".yaml")) and member.file_size <= MOST_BYTES:
                    yield member.filename, archive.read(member)
    else:
        yield database.name, database.read_bytes()


def weaknesses(packages: Sequence[Locked], advisories: Iterable[Mapping[str, Any]]) -> list[Known]:
    """Every advisory that is not withdrawn for every package whose pinned version it speaks of."""
    pinned: dict[str, list[Locked]] = {}
    for package in packages:
        pinned.setdefault(package.name, []).append(package)
    found = []
    for advisory in advisories:
        if advisory.get("withdrawn"):
            continue
        for part in advisory.get("affected") or ():
            about = part.get("package") or {}
            if about.get("ecosystem") != "PyPI":
                continue
            named = pinned.get(canonicalize_name(str(about.get("name", ""))), ())
            found += [_known(package, advisory, part) for package in named if affects(part, package.version)]
    return sorted(set(found), key=lambda one: (one.name, one.version, one.id))


def affects(part: Mapping[str, Any], version: str) -> bool:
    """Whether one `affected` of an OSV record speaks of a version: listed, or inside a range (OSV schema 1.7)."""
    ours = Version(version)
    if any(_same(ours, listed) for listed in part.get("versions") or ()):
        return True
    return any(
        _inside(ours, events["events"])
        for events in part.get("ranges") or ()
        if events.get("type") in {"ECOSYSTEM", "SEMVER"} and events.get("events")
    )


def _same(ours: Version, listed: object) -> bool:
    try:
        return ours == Version(str(listed))
    except InvalidVersion:
        return False


def _inside(ours: Version, events: Sequence[Mapping[str, str]]) -> bool:
    """Events in order of their version: introduced opens, fixed closes before it, last_affected closes behind it.

    A version that cannot be read opens and does not close: rather one warning too many.
    """
    inside = False
    for kind, at in sorted(((kind, at) for event in events for kind, at in event.items()), key=_place):
        try:
            reached, passed = Version(at) <= ours, Version(at) < ours
        except InvalidVersion:
            reached, passed = kind == "introduced", False
        if kind == "introduced":
            inside = inside or reached
        elif (kind in {"fixed", "limit"} and reached) or (kind == "last_affected" and passed):
            inside = False
    return inside


def _place(event: tuple[str, str]) -> tuple[bool, Version, bool]:
    kind, at = event
    try:
        return False, Version(at), kind == "introduced"
    except InvalidVersion:
        return True, Version("0"), kind == "introduced"


def _known(package: Locked, advisory: Mapping[str, Any], part: Mapping[str, Any]) -> Known:
    events = [event for one in part.get("ranges") or () for event in one.get("events") or ()]
    fixed = tuple(
        sorted({str(event["fixed"]) for event in events if "fixed" in event and len(str(event["fixed"])) < 40})
    )
    text = str(advisory.get("summary") or advisory.get("details") or "").strip().partition("\n")[0][:100]
    aliases = tuple(str(alias) for alias in advisory.get("aliases") or ())
    return Known(package.name, package.version, str(advisory["id"]), aliases, fixed, _CONTROL.sub(" ", text))


def newest(advisories: Iterable[Mapping[str, Any]]) -> date | None:
    """The day of the latest change of any record."""
    days = [str(advisory.get("modified", ""))[:10] for advisory in advisories]
    return max((date.fromisoformat(day) for day in days if re.fullmatch(r"\d{4}-\d\d-\d\d", day)), default=None)


def main() -> int:
    """Print what is known, and how old the database is."""
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get(VARIABLE, "")
    if not named:
        print(HELP, file=sys.stderr)
        return 2
    try:
        advisories = list(records(Path(named)))
    except DatabaseError as error:
        print(f"{error}. Nothing was checked.", file=sys.stderr)
        return 2
    packages = lock()
    found = weaknesses(packages, advisories)
    for one in found:
        fixed = f"fixed in {', '.join(one.fixed)}" if one.fixed else "no fixed version is known"
        print(f"{one.name} {one.version}  {one.id} ({', '.join(one.aliases)})  {fixed}  {one.summary}")
    day = newest(advisories)
    print(
        f"{len(packages)} packages, {len(advisories):,} advisories, the newest of {day}: {len(found)} known weaknesses"
    )
    if day and (datetime.now(UTC).date() - day).days > OLD_DAYS:
        print(f"The database is more than {OLD_DAYS} days old: get a new one.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
