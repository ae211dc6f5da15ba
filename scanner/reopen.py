"""A file, a locator and locations that a report printed go in, the text that stands there comes out.

Every container on the way is read again as the scan read it, and the member that is called so is taken.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import IO, Generic, Protocol, TypeVar

from scanner.addresses import is_address
from scanner.credentials import NO_CREDENTIALS, Credentials
from scanner.home import Key, content_digest
from scanner.limits import Budget, Limits
from scanner.locators import MEMBER, quote_name, unquote_name
from scanner.member_names import MemberNames
from scanner.model import Child, Item, Location, Lost, Part, Skip
from scanner.passwords import NO_PASSWORDS, Passwords
from scanner.places import Finder, Passage
from scanner.plan import Root
from scanner.reading import content_name, given_name, reader, recognise
from scanner.sources import Live, Terms, load_place, open_item, source_of

T_co = TypeVar("T_co", covariant=True)


class PartReader(Protocol[T_co]):
    """Takes the parts of one item as they come, and makes something of them."""

    @property
    def done(self) -> bool:
        """Whether it needs no more."""

    def read(self, part: Part) -> Iterator[T_co]:
        """What this part decides."""

    def rest(self) -> Iterator[T_co]:
        """What was waiting for the end."""


class SourceError(Exception):
    """The place that a report tells of cannot be read any more as it was; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a scan read: its key, limits, secrets and choice of OCR; otherwise its locations mean nothing."""

    key: Key
    limits: Limits = field(default_factory=Limits)
    passwords: Passwords = field(default=NO_PASSWORDS, repr=False)
    ocr: str = "auto"
    context: int = 80  # characters on either side of a passage
    credentials: Credentials = field(default=NO_CREDENTIALS, repr=False)

    @property
    def terms(self) -> Terms:
        """On which terms places are read; a row is looked for in the whole table."""
        return Terms(self.credentials, self.limits)


def reopen(item: Item, locator: str, location: str, reading: Reading, content_hash: str = "") -> Passage:
    """The text at one location of one item, which may be a member of a container.

    Raises:
        SourceError: it is gone, or changed since the scan that knew it by this `content_hash`.
    """
    found = list(passages(item, {locator: [location]}, reading, {locator: content_hash} if content_hash else {}))
    if not found:
        raise SourceError(f"{locator} has changed: nothing stands at {location} any more. Scan it again.")
    return found[0][1]


def passages(
    item: Item, wanted: Mapping[str, Sequence[str]], reading: Reading, hashes: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Passage]]:
    """(locator, passage) for all that is wanted of one file and its members, in one go; what is gone is left out.

    Raises:
        SourceError: the file cannot be opened or read; or an item is not the one that has this hash in `hashes`.
    """
    finders = {path: Finder(places, reading.context) for path, places in wanted.items()}
    yield from read_again(item, finders, reading, hashes, rows_of(wanted))


def read_again(
    item: Item,
    readers: Mapping[str, PartReader[T_co]],
    reading: Reading,
    hashes: Mapping[str, str] | None = None,
    rows: frozenset[int] = frozenset(),
) -> Iterator[tuple[str, T_co]]:
    """(locator, what its reader makes) for the parts of a file and of its members, as a scan would see them.

    `rows`: of a table in a live database only these are asked for (none = all).

    Raises:
        SourceError: as passages() does.
    """
    budget = Budget(reading.limits, item.size, reading.passwords.pairs, reading.ocr)
    search = _Search(readers, reading, budget, hashes or {})
    try:
        with open_item(item, replace(reading.terms, rows=rows)) as stream:
            if isinstance(stream, Live):
                yield from search.parts(stream.parts(budget), item.path, stream.media_type)
            else:
                yield from search.item(stream, item.path, "")
    except Skip as skip:
        detail = f" ({skip.detail})" if skip.detail else ""
        raise SourceError(f"{item.path} cannot be read any more: {skip.reason}{detail}.") from skip
    except OSError as error:
        raise SourceError(f"{item.path} cannot be read any more ({error.strerror}).") from error


def rows_of(wanted: Mapping[str, Sequence[str]]) -> frozenset[int]:
    """The rows of a table that are looked for; empty when something else is, too."""
    if any(MEMBER in locator for locator in wanted):
        return frozenset()
    locations = [Location.parse(printed) for printed in chain.from_iterable(wanted.values())]
    numbers = [dict(location.steps).get("row", "") for location in locations]
    return frozenset(map(int, numbers)) if all(number.lstrip("-").isdigit() for number in numbers) else frozenset()


def find_item(roots: Sequence[Root], label: str, path: str, terms: Terms | None = None) -> Item:
    """The file that a report calls `path` below the place of this label.

    Raises:
        SourceError: it is not there any more, or it came through a pipe.
    """
    places = [root.path for root in roots if root.label == label]
    if places == ["-"]:
        raise SourceError("It came through a pipe (standard input) and was not kept: scan it again to see it.")
    for root in roots:
        if root.label == label and is_address(root.path):
            try:
                return load_place(source_of(root.path).name).find_item(root, path, terms or Terms())
            except Skip as skip:
                raise SourceError(f"{label}/{path} cannot be read any more: {skip.reason} ({skip.detail}).") from skip
    for place in places:
        whole = os.path.join(os.fsencode(place), *map(unquote_name, path.split("/")))  # noqa: PTH118 - odd bytes
        named = quote_name(os.path.basename(os.path.realpath(place))) == path  # noqa: PTH119
        address = os.fsencode(place) if os.path.isfile(place) and (named or len(places) == 1) else whole  # noqa: PTH113
        if os.path.isfile(address):  # noqa: PTH113
            status = os.stat(address)  # noqa: PTH116
            return Item(path, label, os.path.realpath(address), status.st_size, status.st_mtime_ns)
    raise SourceError(
        f"{label}/{path} is not there any more. If the folder has moved, say where to: --root {label}=FOLDER"
    )


class _Search(Generic[T_co]):
    def __init__(
        self, readers: Mapping[str, PartReader[T_co]], reading: Reading, budget: Budget, hashes: Mapping[str, str]
    ) -> None:
        self._readers = readers
        self._reading = reading
        self._budget = budget
        self._hashes = hashes
        self._done: set[str] = set()  # members that were read
        self._ways = {step for locator in readers for step in _ways(locator)}

    def item(self, stream: IO[bytes], path: str, hint: str) -> Iterator[tuple[str, T_co]]:
        """What is wanted of the item at `path` and of its members."""
        self._check(stream, path)
        kind = recognise(stream, path, hint)
        yield from self.parts(reader(kind)(stream, self._budget), path, kind)

    def parts(self, parts: Iterator[Part], path: str, kind: str) -> Iterator[tuple[str, T_co]]:
        """The same of what is read of it."""
        own = self._readers.get(path)
        inside = {way for way in self._ways if way.startswith(path + MEMBER)}
        with closing(MemberNames()) as names:
            try:
                for part in parts:
                    if isinstance(part, Child) and inside:
                        yield from self._member(part, path, kind, names)
                    elif isinstance(part, Lost) and part.name:
                        names.step(part.name)
                    yield from ((path, made) for made in (own.read(part) if own else ()))
                    if (own is None or own.done) and inside <= self._done:
                        return
            except SourceError:
                raise
            except Exception:
                yield from ((path, made) for made in (own.rest() if own else ()))
                if own is None or not own.done:
                    raise
            else:
                yield from ((path, made) for made in (own.rest() if own else ()))

    def _member(self, child: Child, parent: str, kind: str, names: MemberNames) -> Iterator[tuple[str, T_co]]:
        name = given_name(child, parent, kind)
        path = f"{parent}{MEMBER}{names.step(name)}" if name else ""
        if path and path not in self._ways:
            return
        try:
            with child.open() as source, self._budget.spooled(source) as stream:
                path = path or f"{parent}{MEMBER}{names.step(content_name(stream, self._reading.key))}"
                if path in self._ways:
                    yield from self.item(stream, path, child.hint)
        except SourceError:
            raise
        except Exception:  # noqa: BLE001 - what was lost to the scan, too
            return
        finally:
            self._done.update(way for way in self._ways if way == path or way.startswith(path + MEMBER))

    def _check(self, stream: IO[bytes], path: str) -> None:
        """An item that is not the same is not shown: another text may stand at the same place."""
        expected = self._hashes.get(path)
        if not expected:
            return
        digest = content_digest(self._reading.key)
        stream.seek(0)
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
        if digest.hexdigest() != expected:
            raise SourceError(f"{path} has changed since the scan. Scan it again.")


def _ways(locator: str) -> Iterator[str]:
    """The locator and those of all containers around it."""
    steps = locator.split(MEMBER)
    for count in range(1, len(steps) + 1):
        yield MEMBER.join(steps[:count])
