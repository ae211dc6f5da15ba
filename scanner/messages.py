"""What a worker tells the parent while it scans: which item began, rows so far, and what became of an item."""

from dataclasses import dataclass, field
from typing import TypeAlias

import pyarrow as pa

from scanner.model import Place, Reason, Status
from scanner.slices import Survey


@dataclass(frozen=True, slots=True)
class Begun:
    """An item, or a member of one, is being opened."""

    path: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Findings and match keys so far (tables of reports/schema.py plus the columns `top` and `nth`)."""

    findings: pa.Table
    keys: pa.Table


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: exactly one for each item met. Times in seconds since 1970, sizes in bytes."""

    path: str
    root: str
    status: Status
    reason: Reason | None = None
    detail: str = ""
    parent: str = ""
    media_type: str = ""
    size: int | None = None
    modified: float | None = None
    content_date: float | None = None
    owner: str = ""
    content_hash: str = ""
    findings: int = 0
    expected: int | None = None
    emitted: int | None = None
    cpu_seconds: float = 0.0
    document_class: str = ""
    readable_by: str = ""
    losses: tuple[tuple[Reason, str], ...] = ()  # all that `reason` and `detail` are made of
    read_something: bool = False


@dataclass(frozen=True, slots=True)
class Pulse:
    """Still at work: nothing to tell but progress in bytes of text."""

    characters: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """All that stands before one member of a big top item has been told; a later try may begin there.

    `place` is for the format alone (Child.place), `budget` what Budget.spent() gave, `progress` a printed Progress.
    """

    path: str
    place: Place
    budget: tuple[int, ...]
    progress: str


@dataclass(frozen=True, slots=True)
class Surveyed:
    """The item can be read in slices: where they begin, and what each must know. Its first slice goes on."""

    survey: Survey


Message: TypeAlias = Begun | Rows | Outcome | Pulse | Mark | Surveyed


@dataclass(frozen=True, slots=True)
class Resume:
    """A mark to go on from, with what the rows before it tell: members' names, and how often each value stood there.

    `names` are steps of locators, `repeats` (entity type, value id, number) of the top item's own findings.
    """

    mark: Mark
    names: tuple[str, ...] = ()
    repeats: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Retry:
    """What an earlier try at a top item left behind: members that are done, and members that killed their worker."""

    finished: frozenset[str] = field(default_factory=frozenset)
    fatal: tuple[tuple[str, Reason], ...] = ()
    resume: Resume | None = None
