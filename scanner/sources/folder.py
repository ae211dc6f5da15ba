"""A folder (or one file) in, its files out in a fixed order; what cannot be opened is Met with a reason."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from scanner.bounded import BoundedReader
from scanner.locators import quote_name
from scanner.model import Item, Met, Reason, Skip
from scanner.patience import PatientFile, patiently
from scanner.plan import Plan, Root
from scanner.reachable import UNSURE, Folders, lost
from scanner.sources import Terms
from scanner.sources.ownership import owner_of, readable_by
from scanner.sources.rules import Rules, rules_of

IGNORE_FILE = ".scanignore"
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a fifo would block the open for ever
    | getattr(os, "O_NOFOLLOW", 0)  # a symlink put there after the walk is not followed
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_KINDS = (
    (stat.S_ISLNK, "symbolic link"),
    (stat.S_ISFIFO, "named pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "character device"),
    (stat.S_ISBLK, "block device"),
)


def walk(root: Root, plan: Plan, own_files: frozenset[str]) -> Iterator[Item | Met]:
    """Items below a root, sorted by the bytes of their names, folder by folder. Symbolic links are not followed.

    `own_files` are real paths that this scan itself writes: they are not part of what is scanned.

    Raises:
        LostPlaceError: the root itself cannot be listed any more.
    """
    path = root.path
    try:
        status = patiently(partial(os.stat, path))  # the root itself may be a link: the user named it
    except OSError as error:
        if reason_of(error) is Reason.IO_ERROR:
            raise lost(path, error) from error
        yield Met(".", root.label, reason_of(error), _detail(error))
        return
    if real_path(path) in own_files:  # `scan * --out report.parquet` names the last report too
        return
    rules = rules_of(plan)
    if stat.S_ISDIR(status.st_mode):
        yield from _walk_folder(path, (), root.label, rules, own_files)
    else:
        # A link that the user named is followed once, here; the open itself follows none.
        native = os.path.realpath(path) if os.path.islink(path) else path  # noqa: PTH114 - plain strings keep odd bytes
        yield _item(native, quote_name(Path(os.path.abspath(path)).name), root.label, status)  # noqa: PTH100


def real_path(path: str | Path) -> str:
    """One spelling for a file, by whichever links its folder was reached; the file itself may be a link."""
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - plain strings keep odd bytes
    return os.path.normcase(os.path.join(os.path.realpath(folder), name))  # noqa: PTH118


def _walk_folder(
    folder: str, steps: tuple[str, ...], label: str, rules: Rules, own_files: frozenset[str]
) -> Iterator[Item | Met]:
    """One folder after the other with an explicit stack: a tree 10,000 folders deep is no recursion."""
    own_names = {os.path.basename(path) for path in own_files}  # noqa: PTH119 - plain strings keep odd bytes
    whole = Folders([Root(folder, label)])
    pending: list[tuple[str, tuple[str, ...], Rules]] = [(folder, steps, rules)]
    while pending:
        folder, steps, rules = pending.pop()
        here = "/".join(map(quote_name, steps)) or "."
        try:
            found = patiently(partial(_entries, folder))
            rules = _with_ignore_file(folder, steps, rules, found)
        except OSError as error:
            if reason_of(error) in UNSURE:
                whole.require(label)
            yield Met(here, label, reason_of(error), _detail(error))
            continue
        folders = []
        for entry in found:
            # The place of the report may be named by another way than the root is: through a link, say.
            if os.path.normcase(entry.name) in own_names and real_path(entry.path) in own_files:
                continue
            met = _meet(entry, (*steps, entry.name), label, rules)
            if isinstance(met, tuple):
                folders.append((entry.path, met, rules))
            else:
                if isinstance(met, Met) and met.reason in UNSURE:
                    whole.require(label)
                yield met
        pending.extend(reversed(folders))


def _entries(folder: str) -> list["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: os.fsencode(entry.name))


def _with_ignore_file(folder: str, steps: tuple[str, ...], rules: Rules, found: list["os.DirEntry[str]"]) -> Rules:
    if not any(entry.name == IGNORE_FILE for entry in found):
        return rules
    path = os.path.join(folder, IGNORE_FILE)  # noqa: PTH118 - plain strings keep odd bytes
    try:
        with open_regular(os.fsencode(path)) as file:
            lines = file.read(1 << 20).decode("utf-8", "replace").splitlines()
    except Skip:
        return rules  # a link, or not to be read: it has no say, and gets its own row like any file
    return rules.with_file(len(steps), lines)


def _meet(entry: "os.DirEntry[str]", steps: tuple[str, ...], label: str, rules: Rules) -> Item | Met | tuple[str, ...]:
    """An item, a row with a reason, or the steps of a folder that is to be walked."""
    path = "/".join(map(quote_name, steps))
    try:
        status = patiently(partial(entry.stat, follow_symlinks=False))
    except OSError as error:
        return Met(path, label, reason_of(error), _detail(error))
    is_folder = stat.S_ISDIR(status.st_mode)
    if rules.excludes(steps, is_folder):
        detail = "folder left out by a rule, with all that is in it" if is_folder else "left out by a rule"
        return Met(path, label, Reason.EXCLUDED, detail, None if is_folder else status.st_size, status.st_mtime_ns)
    if is_folder and not _is_junction(entry):
        return steps
    if not stat.S_ISREG(status.st_mode):
        kind = next((name for test, name in _KINDS if test(status.st_mode)), "special file")
        return Met(path, label, Reason.SPECIAL, kind)
    return _item(entry.path, path, label, status)


def _is_junction(entry: "os.DirEntry[str]") -> bool:
    """Windows junctions look like folders but lead elsewhere (Python 3.12 can tell)."""
    check = getattr(entry, "is_junction", None)
    return bool(check and check())


def _item(native: str, path: str, label: str, status: os.stat_result) -> Item:
    # Only where links are: some network file systems give one number to many files.
    identity = f"{status.st_dev}:{status.st_ino}" if status.st_ino and status.st_nlink > 1 else ""
    address = os.fsencode(os.path.abspath(native))  # noqa: PTH100 - resolve() would follow symlinks
    owner, readers = owner_of(status, native), "" if os.name == "nt" else readable_by(status.st_mode)
    return Item(path, label, address, status.st_size, status.st_mtime_ns, owner, identity=identity, readable_by=readers)


def open_item(item: Item, _terms: Terms) -> AbstractContextManager[IO[bytes]]:
    """A file that the walk met."""
    return open_regular(item.address)


@contextmanager
def open_regular(address: bytes) -> Iterator[IO[bytes]]:
    """A regular file opened for reading; raises Skip for anything else and for whatever the system refuses."""
    try:
        handle, status = patiently(partial(_open, address))
    except OSError as error:
        raise Skip(reason_of(error), _detail(error)) from error
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise Skip(Reason.SPECIAL, "not a regular file any more")
    with BoundedReader(PatientFile(handle, partial(_open_same, address, status))) as file:
        yield file


def _open(address: bytes) -> tuple[int, os.stat_result]:
    handle = os.open(os.fsdecode(address), _OPEN_FLAGS)
    try:
        return handle, os.fstat(handle)
    except BaseException:
        os.close(handle)
        raise


def _open_same(address: bytes, before: os.stat_result) -> int:
    """The file as it was, by a new handle: a server that was restarted does not know the old one."""
    handle, status = _open(address)
    if (status.st_ino, status.st_size, status.st_mtime_ns) != (before.st_ino, before.st_size, before.st_mtime_ns):
        os.close(handle)
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
    return handle


def reason_of(error: OSError) -> Reason:
    """Permission and the rest; a file that vanished after the walk has changed."""
    if isinstance(error, PermissionError):
        return Reason.PERMISSION
    if error.errno == errno.ELOOP:  # O_NOFOLLOW met a symbolic link
        return Reason.SPECIAL
    return Reason.CHANGED if isinstance(error, FileNotFoundError) else Reason.IO_ERROR


def _detail(error: OSError) -> str:
    return error.strerror or type(error).__name__
