"""What a plan holds: for each file a step, bound to its content and its place on the disk; and what is kept."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Place: TypeAlias = tuple[str, str]
DELETE, CHANGE, MANUAL = "delete", "change", "manual"


@dataclass(frozen=True, slots=True)
class Planned:
    """One place that changes: in the item `locator`, at `location`. `whole_row` and `everywhere`: see Cut."""

    locator: str
    location: str
    whole_row: bool = False
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a file stands and how: all of it must be so when the plan is carried out. Times in nanoseconds."""

    device: int = 0
    inode: int = 0
    links: int = 0
    mode: int = 0
    owner: int = 0
    group: int = 0
    size: int = 0
    modified: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What to do to one file. `why` says why by hand, where it is so.

    `members` are locators of members that go whole, `types` the kinds of members that change. `digest` is the keyed
    hash of the content. `values` are ids of what must not be found afterwards; `recipients` are masked addresses to
    which mails of the file went (Article 19).
    """

    root: str
    path: str
    address: str
    action: str
    why: str = ""
    cuts: tuple[Planned, ...] = ()
    members: tuple[str, ...] = ()
    types: tuple[Place, ...] = ()
    findings: int = 0
    values: tuple[int, ...] = ()
    recipients: tuple[str, ...] = ()
    media_type: str = ""
    digest: str = ""
    stand: Stand = Stand()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is not erased, and why: the letter must say so (Article 17(3), 12(4))."""

    item: str
    code: str
    why: str


def stand_of(file: Path) -> Stand:
    """How a file stands now."""
    status = file.stat()
    return Stand(
        status.st_dev, status.st_ino, status.st_nlink, status.st_mode, status.st_uid, status.st_gid, status.st_size,
        status.st_mtime_ns,
    )  # fmt: skip


def unsafe(file: Path) -> str:
    """Why a file must not be changed by a program; "" when it may."""
    if file.is_symlink() or not file.is_file():
        return "it is a link, or no regular file"
    if os.path.realpath(file) != str(file):
        return "a folder on the way to it is a link"
    links = file.stat().st_nlink
    if links > 1:
        return f"it has {links} names (hard links): changing one would leave or change the others"
    if any(file.with_name(file.name + end).exists() for end in ("-wal", "-journal")):
        return "a program has the database open, or left changes beside it"
    if not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK) or not file.stat().st_mode & 0o222:
        return "it is read-only, or you may not write there"
    return ""
