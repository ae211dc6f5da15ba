"""A big file's first slice tells where the others begin and what all of them must know; as it stands in a journal.

Slices depend on the file alone. The statistics of a file (how a column or its numbers behave) are those of its part
before the first cut, so that a slice is read with them as it would be read in one go.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from detectors.columns import ColumnProfile
from detectors.loose import Shares
from detectors.shares import Share
from scanner.model import Cut, Item, Part, Place, Reason

# Only files of this computer: what is fetched would be fetched for each slice.
PULSE_SECONDS = 2.0
SLICED = frozenset({"folder"})


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of one item: profiles of its columns by (table, number, label), shares of the numbers in its prose."""

    columns: Mapping[tuple[str, int, str], ColumnProfile] = field(default_factory=dict)
    shares: Shares = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first slice tells: where others begin, and what was learnt of the item. `state`: as the walk saw it."""

    cuts: tuple[Place, ...]
    media_type: str = ""
    document_class: str = ""
    state: tuple[int, int] = (0, 0)  # size, time of the last change
    statistics: Statistics = field(default_factory=Statistics)

    def printed(self) -> str:
        """As JSON, for a journal."""
        columns = [[*slot, _profile(profile)] for slot, profile in self.statistics.columns.items()]
        return json.dumps(
            [self.cuts, self.media_type, self.document_class, self.state, columns, _shares(self.statistics.shares)]
        )

    @classmethod
    def parse(cls, printed: str) -> "Survey":
        """The inverse of printed()."""
        cuts, media_type, document_class, state, columns, shares = json.loads(printed)
        profiles = {(table, number, label): _parsed(profile) for table, number, label, profile in columns}
        statistics = Statistics(profiles, _parsed_shares(shares))
        return cls(tuple(map(tuple, cuts)), media_type, document_class, tuple(state), statistics)


@dataclass(frozen=True, slots=True)
class Slice:
    """Number so and so of an item, from one place up to another (() = the very beginning, the very end).

    Number 0 ends at the first cut; whoever reads it makes the survey, of which it has none itself.
    """

    number: int = 0
    begin: Place = ()
    end: Place = ()
    survey: Survey | None = None


@dataclass(frozen=True, slots=True)
class SliceTold:
    """What is known of an item by one of its slices: what of an Outcome has to be put together again."""

    losses: tuple[tuple[Reason, str], ...]
    read_something: bool
    findings: int
    expected: int | None
    emitted: int | None
    cpu_seconds: float

    def printed(self) -> str:
        """As JSON, for a journal."""
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, printed: str) -> "SliceTold":
        """The inverse of printed()."""
        raw = json.loads(printed)
        return cls(**{**raw, "losses": tuple((Reason(reason), detail) for reason, detail in raw["losses"])})


def is_big(item: Item, slice_size: int) -> bool:
    """Whether an item is worth slicing; whether it can be, its first slice tells."""
    return slice_size > 0 and item.source in SLICED and item.size >= 2 * slice_size


def slices_of(item: Item, survey: Survey) -> list[Item]:
    """The item once for each slice behind the first, in order."""
    ends = (*survey.cuts[1:], ())
    return [
        replace(item, slice=Slice(number, begin, end, survey))
        for number, (begin, end) in enumerate(zip(survey.cuts, ends, strict=True), start=1)
    ]


def find_cuts(parts: Iterator[Part], slice_size: int) -> Iterator[Place]:
    """Of the cuts of an item the first, and those that lie about `slice_size` bytes apart; () as a sign of life.

    What is between them is passed over: a member is not opened, and what cannot be read its slice will tell.
    """
    told, last = time.monotonic(), -1
    with suppress(Exception):
        for part in parts:
            if isinstance(part, Cut) and (last < 0 or part.at - last >= slice_size):
                last = part.at
                yield part.place
            elif time.monotonic() - told > PULSE_SECONDS:
                told = time.monotonic()
                yield ()


def _profile(profile: ColumnProfile) -> list[Any]:
    return [
        {kind: asdict(share) for kind, share in profile.shares.items()},
        sorted(profile.rare),
        [[length, sorted(kinds)] for length, kinds in profile.codes.items()],
        sorted(profile.serial),
        _shares(profile.loose),
    ]


def _parsed(raw: list[Any]) -> ColumnProfile:
    shares, rare, codes, serial, loose = raw
    return ColumnProfile(
        {kind: Share(**share) for kind, share in shares.items()},
        frozenset(rare),
        {length: frozenset(kinds) for length, kinds in codes},
        frozenset(serial),
        _parsed_shares(loose),
    )


def _shares(shares: Shares) -> list[Any]:
    return [[*kind, asdict(share)] for kind, share in shares.items()]


def _parsed_shares(raw: list[Any]) -> Shares:
    return {(label, kind): Share(**share) for label, kind, share in raw}
