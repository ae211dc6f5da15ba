"""The address of files elsewhere (S3, SFTP, a Windows share, Azure) goes in, its files come out as items; read only."""

import json
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from importlib import import_module
from operator import methodcaller
from pathlib import PurePosixPath
from typing import IO, TypeVar
from urllib.parse import unquote

from scanner.addresses import base_of, scheme_of, split_address
from scanner.locators import quote_name, unquote_name
from scanner.model import Item, Met, Reason, Skip
from scanner.plan import Plan, Root
from scanner.reachable import LostPlaceError, sentence
from scanner.sources import Terms
from scanner.sources.fetched import fetched
from scanner.sources.remote_errors import told
from scanner.sources.remote_system import Entry, System
from scanner.sources.rules import Rules, rules_of

# Scheme -> the class that speaks it; each is imported when it is first needed.
_SYSTEMS = {
    "s3": "scanner.sources.remote_s3:S3",
    "sftp": "scanner.sources.remote_sftp:SFTP",
    "smb": "scanner.sources.remote_smb:SMB",
    **dict.fromkeys(("abfs", "abfss", "az"), "scanner.sources.remote_azure:Azure"),
}
_DETAILS = {
    "link": (Reason.SPECIAL, "symbolic link"),
    "special": (Reason.SPECIAL, "special file"),
    "frozen": (Reason.UNSUPPORTED, "in cold storage: restore it first"),
}
# What the root itself has when the server, the way to it, or the root is gone.
_BROKEN = frozenset((Reason.IO_ERROR, Reason.TIMED_OUT))  # a connection, perhaps
_GONE = _BROKEN | {Reason.CHANGED}

Answer = TypeVar("Answer")


def walk(root: Root, plan: Plan, terms: Terms) -> Iterator[Item | Met]:
    """All files below a root, or the one that it names; links are not followed."""
    rules = rules_of(plan)
    start = _start(root.path)
    try:
        system = _reached(root.path, terms)
        found = system.look(start)
    except Exception as error:  # noqa: BLE001 - each library has its own
        yield Met(".", root.label, *told(error))
        return
    if found.kind == "folder":
        for entry, steps in _whole(system, start) if system.whole else _by_folder(system, start, root, rules, terms):
            yield entry if isinstance(entry, Met) else _met(entry, steps, root, rules)
    else:
        yield _met(found, (PurePosixPath(start).name,), root, rules)


def _reached(address: str, terms: Terms) -> System:
    module, _, name = _SYSTEMS[base_of(scheme_of(address))].partition(":")
    system: System = getattr(import_module(module), name)(address, terms.credentials.of(address), terms.limits)
    return system


def _start(address: str) -> str:
    """Where a root stands in its system: `bucket/folder`, `/srv/share`, `/share/folder`, `container/folder`."""
    parts = split_address(address)
    path = unquote(parts.path).rstrip("/")
    if base_of(parts.scheme) in ("sftp", "smb"):
        return path or "/"
    return parts.netloc.partition("@")[0] + path


def _met(entry: Entry, steps: tuple[str, ...], root: Root, rules: Rules) -> Item | Met:
    path = "/".join(map(quote_name, steps))
    if rules.excludes(steps, is_folder=False):
        return Met(path, root.label, Reason.EXCLUDED, "left out by a rule", entry.size, entry.modified_ns)
    if entry.kind in _DETAILS:
        return Met(path, root.label, *_DETAILS[entry.kind], entry.size, entry.modified_ns)
    address = json.dumps([root.path, entry.path, entry.size]).encode()
    return Item(path, root.label, address, entry.size, entry.modified_ns, entry.owner, source="remote",
                readable_by=entry.readable_by)  # fmt: skip


def _whole(system: System, start: str) -> Iterator[tuple[Entry | Met, tuple[str, ...]]]:
    """All files at once, as a store without folders lists them."""
    for entry in system.list(start):
        yield entry, tuple(entry.path[len(start) :].strip("/").split("/"))


def _by_folder(
    system: System, start: str, root: Root, rules: Rules, terms: Terms
) -> Iterator[tuple[Entry | Met, tuple[str, ...]]]:
    """One folder after the other, sorted by name; what cannot be listed is a row."""
    pending: list[tuple[str, tuple[str, ...]]] = [(start, ())]
    while pending:
        folder, steps = pending.pop()
        here = "/".join(map(quote_name, steps)) or "."
        try:
            found = sorted(system.list(folder), key=lambda entry: entry.path)
        except Exception as error:  # noqa: BLE001 - each library has its own
            reason, words = told(error)
            if reason in _GONE:
                require(root, terms)
            yield Met(here, root.label, reason, words), steps
            continue
        folders = []
        for entry in found:
            inner = (*steps, entry.path.rpartition("/")[2])
            if entry.kind != "folder":
                yield entry, inner
            elif rules.excludes(inner, is_folder=True):
                path = "/".join(map(quote_name, inner))
                detail = "folder left out by a rule, with all that is in it"
                yield Met(path, root.label, Reason.EXCLUDED, detail), inner
            else:
                folders.append((entry.path, inner))
        pending.extend(reversed(folders))


def require(root: Root, terms: Terms) -> None:
    """Something below a root could not be read: the root itself must still be reached, if need be anew.

    Raises:
        LostPlaceError: it, its server, or the way to it is gone.
    """
    try:
        _asked(root.path, terms, methodcaller("look", _start(root.path)), _GONE)
    except Skip as skip:
        if skip.reason in _GONE:
            raise LostPlaceError(sentence(root.path, skip.detail)) from None


def find_item(root: Root, path: str, terms: Terms) -> Item:
    """The file that a report calls so, as it is now; raises Skip when it is gone."""
    start = _start(root.path)
    steps = [unquote_name(step).decode("utf-8", "surrogateescape") for step in path.split("/")]
    try:
        system = _reached(root.path, terms)
        at_root = PurePosixPath(start).name == steps[-1] and system.look(start).kind != "folder"
        entry = system.look(start if at_root else f"{start.rstrip('/')}/{'/'.join(steps)}")
    except Exception as error:  # noqa: BLE001 - each library has its own
        raise Skip(*told(error)) from None
    address = json.dumps([root.path, entry.path, entry.size]).encode()
    return Item(path, root.label, address, entry.size, entry.modified_ns, source="remote")


@contextmanager
def open_item(item: Item, terms: Terms) -> Iterator[IO[bytes]]:
    """A file as a stream of this computer; a connection that broke is made anew once."""
    root, path, size = json.loads(item.address)
    source: IO[bytes] = _asked(root, terms, methodcaller("open", path), _BROKEN)
    try:
        with fetched(source, size, terms.limits.max_spooled) as stream:
            yield stream
    finally:
        source.close()


def _asked(root: str, terms: Terms, ask: Callable[[System], Answer], again_for: Set[Reason]) -> Answer:
    """What is asked of a place; for these reasons a connection is made anew, once. Raises Skip when it is refused."""
    for again in (True, False):
        try:
            system = _reached(root, terms)
            try:
                return ask(system)
            except Exception:
                system.forget()
                raise
        except Exception as error:  # noqa: BLE001 - each library has its own
            reason, words = told(error)
            if not again or reason not in again_for:
                raise Skip(reason, words) from None
    raise AssertionError("the loop returns or raises")
