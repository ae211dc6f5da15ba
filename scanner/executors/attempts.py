"""What a worker said of an item goes in, what the next one is told, or who is given up, comes out when it has died."""

import signal
from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from scanner.messages import Begun, Mark, Outcome, Resume, Retry, Rows
from scanner.model import Item, Place, Reason, Status

FEW = 50  # rows
MAX_GUILTY = 25  # members of one archive, or between two marks of a mailbox, that each ended a worker
MAX_GUILTY_IN_ALL = 500
MAX_STRIKES = 3  # of one item or member: a worker may also have been ended by what an earlier file did to it
MAX_LOSSES = 3  # of whole computers of a cluster, before what they were reading is suspected


@dataclass(slots=True)
class Attempt:
    """What the parent knows of the top item that a worker has in hand."""

    top: int
    item: Item
    open_paths: list[str] = field(default_factory=list)
    finished: set[str] = field(default_factory=set)
    fatal: dict[str, Reason] = field(default_factory=dict)
    strikes: Counter[str] = field(default_factory=Counter)  # how often what was open ended the worker
    kills: Counter[str] = field(default_factory=Counter)  # how often of these somebody else killed it
    deaths: int = 0
    losses: int = 0  # of computers that read it
    written: list[pa.ChunkedArray] = field(default_factory=list)  # finding ids that have been passed on
    own_findings: int = 0
    has_marks: bool = False
    marked: tuple[str, Place] | None = None  # the last mark
    resume: Resume | None = None

    def note(self, message: object) -> object:
        """Keep the books. After a retry, what an earlier try passed on is left out: None where all of it was."""
        if isinstance(message, Begun):
            self.open_paths.append(message.path)
        elif isinstance(message, Outcome):
            if self.open_paths and self.open_paths[-1] == message.path:
                self.open_paths.pop()
            if message.path in self.finished:
                return None
            self.finished.add(message.path)
        elif isinstance(message, Rows):
            return self._only_new(message)
        elif isinstance(message, Mark):
            return self._past(message)
        return message

    def _past(self, mark: Mark) -> Mark | None:
        """A new try begins by telling the last mark again: no progress, and what was learnt behind it still counts."""
        if (mark.path, mark.place) == self.marked:
            return None
        self.marked = (mark.path, mark.place)
        self.has_marks = True
        self.losses = 0
        self.finished, self.written, self.fatal = set(), [], {}  # nothing before it will be tried again
        self.strikes.clear()
        self.kills.clear()
        return mark

    def _only_new(self, rows: Rows) -> Rows:
        findings = rows.findings
        if self.deaths and self.written:
            seen = pa.chunked_array([chunk for ids in self.written for chunk in ids.chunks], type=pa.int64())
            findings = findings.filter(pc.invert(pc.is_in(findings["finding_id"], value_set=seen)))
        self.written.append(findings["finding_id"])
        self.own_findings += _times(findings["item"], self.item.path)
        return Rows(findings, rows.keys)

    def lose(self) -> bool:
        """The computer that read it is gone, whatever the reason; whether it is to be tried again and nobody blamed."""
        self.losses += 1
        if self.losses > MAX_LOSSES:
            return False
        self.deaths += 1
        self.open_paths = []
        return True

    def retry(self) -> Retry:
        """What the next try is told."""
        return Retry(frozenset(self.finished), tuple(sorted(self.fatal.items())), self.resume)


def _times(column: pa.ChunkedArray, value: str) -> int:
    """How often a value stands in a column; of a few rows it is quicker to look at each than to call Arrow twice."""
    if len(column) <= FEW:
        return int(column.to_pylist().count(value))
    return pc.sum(pc.equal(column, value)).as_py() or 0


def verdict(attempt: Attempt, known: Reason | None, exit_code: int | None) -> Outcome | None:
    """The outcome of the top item when it is given up; None when it is to be tried again, or without the guilty member.

    `known` is why the worker was ended, if it did not end by itself. What takes too long does so every time; any other
    end is believed to be the doing of what was open when it comes for the third time.
    """
    attempt.deaths += 1
    guilty = attempt.open_paths[-1] if attempt.open_paths else attempt.item.path
    attempt.open_paths = []
    attempt.strikes[guilty] += 1
    # SIGKILL from outside (the kernel short of memory, or a person) says little of the item.
    attempt.kills[guilty] += known is None and _ended_by(exit_code, "SIGKILL")
    if _ended_by(exit_code, "SIGXCPU"):
        known = Reason.TIMED_OUT
    # Each such member costs a row; an archive that goes on killing, or dies of a member that is left out, is given up.
    endless = guilty in attempt.fatal or len(attempt.fatal) >= MAX_GUILTY or attempt.deaths > MAX_GUILTY_IN_ALL
    if endless and guilty != attempt.item.path:
        reason, guilty = Reason.POISON, attempt.item.path
    elif known is Reason.TIMED_OUT:
        reason = known
    elif attempt.strikes[guilty] < MAX_STRIKES and attempt.losses <= MAX_LOSSES:
        return None
    elif attempt.kills[guilty] == attempt.strikes[guilty]:
        reason = Reason.OUT_OF_MEMORY
    else:
        reason = Reason.CRASHED if attempt.losses > MAX_LOSSES else Reason.POISON
    if guilty != attempt.item.path:
        attempt.fatal[guilty] = reason
        return None
    item = attempt.item
    read_something = bool(attempt.own_findings or attempt.finished or attempt.has_marks)
    return Outcome(
        item.path,
        item.root,
        Status.PARTIAL if read_something else Status.NOT_EXAMINED,
        reason,
        "the worker process that read it had to be replaced",
        size=item.size,
        modified=item.modified_ns / 1e9 if item.modified_ns else None,
        owner=item.owner,
        readable_by=item.readable_by,
        findings=attempt.own_findings,
    )


def _ended_by(exit_code: int | None, name: str) -> bool:
    return hasattr(signal, name) and exit_code == -getattr(signal, name)
