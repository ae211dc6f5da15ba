"""The lock file and installed metadata go in, the licence of every dependency comes out, and those that nobody allowed.

`python supply/licences.py` prints the list and exits with 1 when a licence is unknown or not allowed; `--write` renews
supply/licences.tsv, which also knows the packages for other systems than the one that it runs on.
"""

import csv
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, cast

from locked import Locked, lock, project
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).parent
RULES, LISTED = FOLDER / "licences.toml", FOLDER / "licences.tsv"
UNKNOWN = "unknown"
_TOKEN = re.compile(r"\(|\)|[\w.+-]+")
_CLASSIFIER = "License :: "


@dataclass(frozen=True, slots=True)
class Licensed:
    """A package and its licence as an SPDX expression; `seen`: where that was read."""

    name: str
    version: str
    licence: str
    seen: str


def rules() -> dict[str, Any]:
    """What supply/licences.toml says."""
    return tomllib.loads(RULES.read_text("utf-8"))


def allowed_ids(table: Mapping[str, Any], *, optional: bool = False) -> frozenset[str]:
    """The identifiers of all licences that are allowed in every installation, or in an optional part."""
    allowed = table["allowed"]
    return frozenset([*allowed["permissive"], *allowed["with_reason"], *(allowed["optional"] if optional else ())])


def is_allowed(expression: str, allowed: frozenset[str]) -> bool:
    """Whether an SPDX expression can be met: of OR one side, of AND both, of WITH the licence and its exception.

    AND binds closer than OR (SPDX 2.3, annex D). What cannot be read is not allowed.
    """
    tokens = _TOKEN.findall(expression)

    def either() -> bool:
        met = both()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            met = both() or met
        return met

    def both() -> bool:
        met = one()
        while tokens and tokens[0] in {"AND", "WITH"}:
            tokens.pop(0)
            met = one() and met
        return met

    def one() -> bool:
        word = tokens.pop(0) if tokens else ")"
        if word != "(":
            return word in allowed
        met = either()
        return bool(tokens) and tokens.pop(0) == ")" and met

    return either() and not tokens


def licence_of(package: Distribution, words: Mapping[str, str]) -> str:
    """The SPDX expression of an installed package, as far as its metadata tell; "unknown" where they do not."""
    fields = cast("Message", package.metadata)  # what it is, which its type does not say
    if expression := fields.get("License-Expression"):
        parts = re.split(r"\b(AND|OR|WITH)\b", expression)
        return "".join(words.get(part.strip(), part) for part in parts)
    said = [line.rpartition(" :: ")[2] for line in fields.get_all("Classifier") or () if line.startswith(_CLASSIFIER)]
    text = (fields.get("License") or "").strip()
    # A whole text stands in the field of some packages.
    short = [text] if text and "\n" not in text else []
    for names in (short, said):
        if names and all(name in words or _is_id(name, words) for name in names):
            return " AND ".join(dict.fromkeys(words.get(name, name) for name in names))
    return UNKNOWN


def always_installed(packages: Sequence[Locked]) -> frozenset[str]:
    """Names of what comes with `pip install whosedata`, by who needs whom."""
    reached: set[str] = set()
    wanted: set[str] = {canonicalize_name(Requirement(line).name) for line in project()["dependencies"]}
    while wanted:
        reached |= wanted
        wanted = {package.name for package in packages if reached.intersection(package.needed_by)} - reached
    return frozenset(reached)


def not_allowed(rows: Sequence[Licensed], packages: Sequence[Locked]) -> list[Licensed]:
    """Those whose licence is unknown, or not allowed where they are installed."""
    table = rules()
    always = always_installed(packages)
    return [row for row in rows if not is_allowed(row.licence, allowed_ids(table, optional=row.name not in always))]


def _is_id(name: str, words: Mapping[str, str]) -> bool:
    ids = {*allowed_ids(rules()), *words.values()}
    return all(token in {*ids, "AND", "OR", "WITH", "(", ")"} for token in _TOKEN.findall(name)) and name != ""


def look_up(packages: Sequence[Locked], earlier: Sequence[Licensed]) -> Iterator[Licensed]:
    """The licence of each package: by hand, else by the installed metadata, else as it was listed before."""
    table = rules()
    before = {row.name: row for row in earlier}
    for package in packages:
        by_hand = table["packages"].get(package.name)
        if by_hand:
            yield Licensed(package.name, package.version, by_hand["licence"], by_hand["seen"])
            continue
        try:
            licence, seen = licence_of(distribution(package.name), table["words"]), "its metadata"
        except PackageNotFoundError:
            known = before.get(package.name)
            licence, seen = (known.licence, known.seen) if known else (UNKNOWN, "not installed here")
        yield Licensed(package.name, package.version, licence, seen)


def read_list() -> list[Licensed]:
    """The rows of supply/licences.tsv."""
    if not LISTED.exists():
        return []
    with LISTED.open(encoding="utf-8", newline="") as file:
        return [Licensed(*row) for row in list(csv.reader(file, delimiter="\t"))[1:]]


def write_list(rows: Sequence[Licensed]) -> None:
    """Renew supply/licences.tsv."""
    with LISTED.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter="\t", lineterminator="\n")
        out.writerow(("package", "version", "licence", "seen in"))
        out.writerows((row.name, row.version, row.licence, row.seen) for row in rows)


def main() -> int:
    """Print the list, then what is not allowed."""
    rows = list(look_up(lock(), read_list()))
    if "--write" in sys.argv[1:]:
        write_list(rows)
    allowed = rules()["allowed"]
    reasons = {**allowed["with_reason"], **allowed["optional"]}
    for row in rows:
        reason = "; ".join(reasons[token] for token in _TOKEN.findall(row.licence) if token in reasons)
        print(f"{row.name:<32} {row.version:<18} {row.licence}" + (f"  ({reason})" if reason else ""))
    wrong = not_allowed(rows, lock())
    for row in wrong:
        print(f"not allowed: {row.name} {row.version}: {row.licence}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
