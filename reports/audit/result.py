"""What an audit says, as frozen values: the interface between the checks and the page, the workbook and the terminal.

Nothing in here is a clear value: paths, counts, dates and our own sentences only. Paths come from the report and may
hold anything that a file name can hold: whoever prints them escapes them. Sizes are bytes, shares go from 0 to 1.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """How soon somebody has to act on a check. `unknown`: the report cannot tell, which is not the same as clear."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    CLEAR = "clear"
    UNKNOWN = "unknown"


class Unit(StrEnum):
    """What a check counts first, and what its trend is counted in."""

    FINDINGS = "findings"
    ITEMS = "items"
    PEOPLE = "people"


class Step(StrEnum):
    """What a worklist asks its owner to do. `decide`: the report does not know enough to say more than that."""

    DELETE = "delete"
    DECIDE = "decide"
    MOVE = "move"
    PROTECT = "protect"
    CORRECT = "correct"
    ASSIGN = "assign"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of something there is. `people` is None where the report is not linked; oldest is the content's date."""

    items: int = 0
    findings: int = 0
    people: int | None = None
    size: int = 0
    oldest: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a check found something: an item, or a folder (`item` ends in "/"; "" = the whole root)."""

    root: str
    item: str
    what: str  # in plain words: "special category data, 12 people"
    amount: Amount
    owner: str  # "" = nobody is known
    step: Step


@dataclass(frozen=True, slots=True)
class Check:
    """The answer to one of the questions A1 to A15.

    `count` is the number of its `unit`; `decide` how many of them need somebody's decision first, because a date or a
    purpose is not known. `worst` holds at most five places, the worst first. `unknown` are sentences: what we could
    not tell, and why.
    """

    number: str  # "A1" ... "A15"
    title: str
    why: str  # what the law or the standard asks, in a sentence
    severity: Severity
    unit: Unit
    count: int
    amount: Amount
    decide: int
    worst: tuple[Place, ...]
    action: str  # what to do next, a sentence
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many of what: `name` is the word of the report, `words` what a reader is shown."""

    name: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was met could be read. `share` is of items, `size_share` of bytes; reasons the most first.

    Items of a pruned folder or of no kind that holds content (devices, sockets) are in none of these numbers but
    `left_out`.
    """

    met: int
    examined: int
    partial: int
    not_examined: int
    left_out: int
    share: float
    size_share: float
    reasons: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of the headline. Copies of files and quoted replies count in `findings`, as they are held, too."""

    people: int | None
    items: int  # that hold personal data
    findings: int
    stores: int
    size: int  # of the items that hold personal data
    stores_with_owner: int
    copies_per_person: float | None  # items of the same data for each person, on average
    clear_cards: int
    special_items: int
    test_values: int  # published test numbers and drama numbers: never counted in the checks
    median_age_years: float | None


@dataclass(frozen=True, slots=True)
class Stale:
    """One kind of data against its retention rule, counted in items.

    past: to be deleted or reviewed now; decide: the end of the relationship is not known; within: still in time;
    undated: no date at all.
    """

    category: str
    words: str
    rule: str  # "7 years after the end of the relationship"
    past: int
    decide: int
    within: int
    undated: int


@dataclass(frozen=True, slots=True)
class StoreTable:
    """Stores down, categories across. `cells[row][column]` are findings; `grave[column]`: a reader must notice it.

    A store is a root and its first folder ("share/HR"), or the root alone.
    """

    stores: tuple[str, ...]
    owners: tuple[str, ...]  # one for each store, "" = nobody is known
    categories: tuple[Count, ...]  # with the sum of the column
    grave: tuple[bool, ...]
    cells: tuple[tuple[int, ...], ...]
    other_stores: int = 0  # further stores, with fewer findings, that are not shown


@dataclass(frozen=True, slots=True)
class AgeBar:
    """Items whose content is at least `from_years` and less than `to_years` old (None: and more)."""

    from_years: int
    to_years: int | None
    items: int
    past: int  # of them past the retention rule of what they hold


@dataclass(frozen=True, slots=True)
class Ages:
    """The histogram, and where the line of the longest rule stands in it."""

    bars: tuple[AgeBar, ...]
    undated: int
    line_years: float


@dataclass(frozen=True, slots=True)
class Change:
    """One check in two audits, counted in the check's unit. `resolved` are gone, `unseen` could not be looked at now.

    before = resolved + persisted + unseen; now = new + persisted + reappeared.
    """

    number: str
    title: str
    before: int
    now: int
    new: int
    resolved: int
    persisted: int
    reappeared: int
    unseen: int


@dataclass(frozen=True, slots=True)
class Slope:
    """One number in two audits. `per_1000` are both for a thousand items read; None: a share or an average."""

    name: str
    words: str
    before: float
    now: float
    per_1000: tuple[float, float] | None
    better: str  # "down" or "up": which way is good


@dataclass(frozen=True, slots=True)
class Trend:
    """Two audits side by side. Where `comparable` is false, `why_not` says so, and no number is to be shown."""

    before: date
    now: date
    comparable: bool
    why_not: tuple[str, ...]
    coverage_before: float
    coverage_now: float
    changes: tuple[Change, ...]
    slopes: tuple[Slope, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One open request; `due` is None while it waits for proof of identity or the like."""

    case_id: str
    right: str
    received: date
    due: date | None
    phase: str  # waiting, running or paused
    overdue: bool
    days_left: int | None
    to_do: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests panel. `on_time` is a share of those closed in the last year; None: none was closed."""

    open: tuple[Request, ...] = ()
    closed: int = 0
    on_time: float | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a worklist: a place, what is there, for which checks, and what to do."""

    root: str
    item: str
    what: str
    checks: tuple[str, ...]
    amount: Amount
    severity: Severity
    step: Step
    action: str


@dataclass(frozen=True, slots=True)
class Worklist:
    """What one owner has to do, the gravest first. `owner` "" = nobody is known: somebody must take these."""

    owner: str
    tasks: tuple[Task, ...]
    left_out: int = 0  # further places, less grave, that are in audit.parquet only


@dataclass(frozen=True, slots=True)
class RopaGap:
    """Where the record of processing (Article 30) and the report do not fit together.

    kind: no_activity (a folder that no row covers), no_data (a row that covers nothing), undeclared (categories that
    the row does not name), no_owner, no_purpose.
    """

    kind: str
    place: str
    what: str
    findings: int


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How often people agreed with a detector: findings of a type that somebody gave a verdict on."""

    entity_type: str
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Source:
    """Which report was audited."""

    report: str
    run_id: str
    scanned_on: date
    roots: tuple[str, ...]
    version: str  # of the program that scanned


@dataclass(frozen=True, slots=True)
class Audit:
    """All that one audit says. `top` are at most three actions in plain words, the most urgent first."""

    made_on: date
    source: Source
    coverage: Coverage
    totals: Totals
    checks: tuple[Check, ...]
    top: tuple[str, ...]
    stale: tuple[Stale, ...]
    stores: StoreTable
    ages: Ages
    worklists: tuple[Worklist, ...]
    copies: tuple[Count, ...] = ()  # copies per person: "1", "2", "3 to 5" ... and how many people
    requests: Requests = Requests()
    ropa: tuple[RopaGap, ...] | None = None  # None: no ropa.yaml was given
    trend: Trend | None = None
    reviewed: tuple[Reviewed, ...] = ()
    exemptions: tuple[Count, ...] = ()
    unreadable: tuple[Place, ...] = ()  # the largest items that were not, or not wholly, read

    def check(self, number: str) -> Check:
        """One of the fifteen, by its number ("A1"); raises KeyError."""
        for check in self.checks:
            if check.number == number:
                return check
        raise KeyError(number)
