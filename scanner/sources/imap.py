"""The address of a mail server goes in, its folders come out as items, their messages as members, all unchanged."""

import io
import json
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import IO
from urllib.parse import unquote

from scanner.addresses import split_address
from scanner.formats.mail.ranges import Verbatim
from scanner.limits import MB, Budget
from scanner.locators import quote_name
from scanner.model import Child, Item, Lost, Met, Part, Place, Reason, Skip, Tally
from scanner.plan import Plan, Root
from scanner.sources import Live, Terms
from scanner.sources.imap_names import Folder
from scanner.sources.imap_session import Pieces, Session
from scanner.sources.rules import rules_of

MEDIA_TYPE = "application/x-imap-folder"
_SMALL = MB  # messages up to this size come several at a time
_AT_ONCE = 2 * MB
_MOST_AT_ONCE = 50
_MOST_FAILURES = 3  # one after the other, and the server is taken for gone


def walk(root: Root, plan: Plan, terms: Terms) -> Iterator[Item | Met]:
    """All folders, or the one that the address names and those below it."""
    rules = rules_of(plan)
    with closing(Session(root.path, terms.credentials.of(root.path), terms.limits)) as session:
        try:
            folders = _chosen(session.folders(), root.path)
        except Skip as skip:
            yield Met(".", root.label, skip.reason, skip.detail)
            return
        if not folders:
            yield Met(".", root.label, Reason.CHANGED, "there is no folder of this name")
        for folder in folders:
            path = _path(folder)
            if rules.excludes(tuple(path.split("/")), is_folder=False):
                yield Met(path, root.label, Reason.EXCLUDED, "left out by a rule")
                continue
            try:
                yield _item(root, folder, session.validity_of(folder.raw))
            except Skip as skip:
                yield Met(path, root.label, skip.reason, skip.detail)


def _chosen(folders: list[Folder], address: str) -> list[Folder]:
    """Those that hold mail and stand at or below the path of the address; INBOX is written in any case."""
    wanted = tuple(filter(None, unquote(split_address(address).path).split("/")))
    start = tuple("INBOX" if index == 0 and step.upper() == "INBOX" else step for index, step in enumerate(wanted))
    return [folder for folder in folders if folder.holds_mail and folder.steps[: len(start)] == start]


def _path(folder: Folder) -> str:
    return "/".join(quote_name(step.replace("/", "%2F")) for step in folder.steps)


def _item(root: Root, folder: Folder, validity: int) -> Item:
    """Without a size: mail that arrives meanwhile comes last, and must not make an interrupted scan begin anew."""
    address = json.dumps([root.path, folder.raw, validity]).encode()
    return Item(_path(folder), root.label, address, source="imap")


def find_item(root: Root, path: str, terms: Terms) -> Item:
    """The folder that a report calls so; raises Skip when it is gone."""
    with closing(Session(root.path, terms.credentials.of(root.path), terms.limits)) as session:
        folder = next((folder for folder in session.folders() if _path(folder) == path), None)
        if folder is None:
            raise Skip(Reason.CHANGED, "there is no folder of this name")
        return _item(root, folder, session.validity_of(folder.raw))


@contextmanager
def open_item(item: Item, terms: Terms) -> Iterator[Live]:
    """A session of its own for each folder."""
    root, raw, validity = json.loads(item.address)
    with closing(Session(root, terms.credentials.of(root), terms.limits, raw, validity)) as session:
        yield _Messages(session)


class _Messages(Live):
    """The messages of one folder, called by their UIDs, in that order."""

    media_type = MEDIA_TYPE

    def __init__(self, session: Session) -> None:
        self._session = session
        self._uids, self._sizes = array("Q"), array("Q")
        self._fetched: dict[int, bytes] = {}
        self._failed = 0
        self._in_a_row = 0

    def parts(self, budget: Budget) -> Iterator[Part]:
        """All messages."""
        yield from self.parts_from(budget, (0,))

    def parts_from(self, budget: Budget, place: Place) -> Iterator[Part]:
        """The messages with this UID and higher ones."""
        self._uids, self._sizes, times = self._session.messages()
        verbatim = Verbatim(budget)
        for index in range(bisect_left(self._uids, int(place[0])), len(self._uids)):
            uid, size = self._uids[index], self._sizes[index]
            budget.receive(size)
            verbatim.mark()
            yield Child(
                f"{uid}.eml", partial(self._open, index), size, times[index] or None, "message/rfc822", place=(uid,)
            )
            verbatim.give_back(size)
            if self._in_a_row >= _MOST_FAILURES:
                yield Lost("", Reason.IO_ERROR, f"the connection broke at message {index + 1:,} of {len(self._uids):,}")
                break
        yield Tally(len(self._uids), len(self._uids) - self._failed)

    def _open(self, index: int) -> IO[bytes]:
        """A message; with a small one those behind it come, too. Raises Skip when the server does not give it."""
        uid = self._uids[index]
        if self._sizes[index] > _SMALL:
            return io.BufferedReader(Pieces(self._session, uid, self._fail), MB)
        try:
            if uid not in self._fetched:
                self._fetched = dict(self._session.bodies(self._together(index)))
        except Skip:
            self._fail()
            raise
        self._in_a_row = 0
        body = self._fetched.pop(uid, None)
        if body is None:
            self._failed += 1
            raise Skip(Reason.CHANGED, "it is not there any more")
        return io.BytesIO(body)

    def _fail(self) -> None:
        self._failed += 1
        self._in_a_row += 1

    def _together(self, start: int) -> list[int]:
        """UIDs of small messages from this one on that fit into one answer."""
        chosen: list[int] = []
        total = 0
        for index in range(start, min(start + _MOST_AT_ONCE, len(self._uids))):
            total += self._sizes[index]
            if chosen and (total > _AT_ONCE or self._sizes[index] > _SMALL):
                break
            chosen.append(self._uids[index])
        return chosen
