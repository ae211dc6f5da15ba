"""The lock file goes in, its packages come out: name, exact version, for which systems, hashes, and who needs them."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
US = "whosedata"
_PINNED = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.+?))?(?: \\)?")
_HASH = re.compile(r" +--hash=sha256:(?P<hash>[0-9a-f]{64})(?: \\)?")
_VIA = re.compile(r" +# (?:via)?(?P<name> +[\w.-]+)?(?: \(pyproject\.toml\))?")


class LockError(ValueError):
    """The lock file is not what supply/lock.py writes."""


@dataclass(frozen=True, slots=True)
class Locked:
    """One package: of those for other systems, too. `marker` says for which ("" = all); `needed_by` are names."""

    name: str
    version: str
    marker: str = ""
    hashes: tuple[str, ...] = ()
    needed_by: tuple[str, ...] = ()


def read_lock(lines: Iterable[str]) -> list[Locked]:
    """The packages in their order.

    Raises:
        LockError: a line is neither a pinned package, nor its hash, nor who needs it.
    """
    packages: list[Locked] = []
    hashes: list[str] = []
    needed_by: list[str] = []
    first = ""

    def close() -> None:
        if match := _PINNED.fullmatch(first):
            name = canonicalize_name(match["name"])
            packages.append(Locked(name, match["version"], match["marker"] or "", tuple(hashes), tuple(needed_by)))

    for number, line in enumerate((line.rstrip() for line in lines), 1):
        if not line or line.startswith("#"):
            continue
        if _PINNED.fullmatch(line):
            close()
            first, hashes, needed_by = line, [], []
        elif match := _HASH.fullmatch(line):
            hashes.append(match["hash"])
        elif match := _VIA.fullmatch(line):
            needed_by += [canonicalize_name(match["name"].strip())] if match["name"] else []
        else:
            raise LockError(f"line {number} of the lock file is none that supply/lock.py writes")
    close()
    return packages


def project() -> dict[str, Any]:
    """The table [project] of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def lock() -> list[Locked]:
    """The packages of our own lock file."""
    return read_lock(LOCK.read_text("utf-8").splitlines())
