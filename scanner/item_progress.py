"""Signs of how an item is being read go in, its one Outcome comes out; can be set down midway and taken up again."""

import json
import time
from dataclasses import asdict, dataclass, field, replace

from scanner.messages import Outcome
from scanner.model import About, Met, Reason, Status


@dataclass(slots=True)
class Progress:
    """What is known of an item while it is being read; becomes its Outcome."""

    path: str
    parent: str = ""
    media_type: str = ""
    size: int | None = None
    modified: float | None = None
    content_date: float | None = None
    password_line: int | None = None
    owner: str = ""
    readable_by: str = ""
    content_hash: str = ""
    document_class: str = ""
    losses: list[tuple[Reason, str]] = field(default_factory=list)
    read_something: bool = False
    findings: int = 0
    expected: int | None = None
    emitted: int | None = None
    cpu_start: float = 0.0
    cpu_before: float = 0.0  # of processes that read the item before this one

    def lose(self, reason: Reason, detail: str) -> None:
        """Something of this item could not be read."""
        self.losses.append((reason, detail))

    def note(self, about: About) -> None:
        """What the item says of itself: the first word of each kind counts."""
        self.content_date = about.content_date if self.content_date is None else self.content_date
        self.password_line = about.password_line if self.password_line is None else self.password_line

    def outcome(self, root: str) -> Outcome:
        """Exactly one verdict: no loss = examined, a loss with something read = partial, else not examined."""
        status, reason, detail = Status.EXAMINED, None, ""
        if self.losses:
            status = Status.PARTIAL if self.read_something else Status.NOT_EXAMINED
            reason = self.losses[0][0]
            details = dict.fromkeys(text for _, text in self.losses if text)
            detail = "; ".join(list(details)[:5]) + (f"; and {len(details) - 5} more" if len(details) > 5 else "")
        if self.password_line is not None:
            detail = "; ".join(filter(None, (detail, f"opened with line {self.password_line} of the password file")))
        return Outcome(
            self.path, root, status, reason, detail, self.parent, self.media_type, self.size, self.modified,
            self.content_date, self.owner, self.content_hash, self.findings, self.expected, self.emitted,
            self.cpu_seconds(), self.document_class, self.readable_by, tuple(self.losses), self.read_something,
        )  # fmt: skip

    def printed(self) -> str:
        """All of it as JSON, for a journal."""
        self.cpu_before, self.cpu_start = self.cpu_seconds(), time.process_time()
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, printed: str) -> "Progress":
        """The inverse of printed(), from now on."""
        raw = json.loads(printed)
        raw["losses"] = [(Reason(reason), detail) for reason, detail in raw["losses"]]
        return cls(**{**raw, "cpu_start": time.process_time()})

    def cpu_seconds(self) -> float:
        """Processor time of this process since the item was begun, and of those that read the item before it."""
        return self.cpu_before + time.process_time() - self.cpu_start


def met_outcome(met: Met) -> Outcome:
    """The row of something that the walk met and did not open."""
    modified = None if met.modified_ns is None else met.modified_ns / 1e9
    outcome = Outcome(met.path, met.root, Status.NOT_EXAMINED, met.reason, met.detail)
    return replace(outcome, size=met.size, modified=modified)
