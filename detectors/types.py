"""The nouns of the detectors: Text and Column go in, Spans with their evidence come out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Text:
    """What a detector sees: characters, and the label they stand under (column, header, form field, JSON key)."""

    text: str
    label: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a span was made, each layer in plain words, empty when that layer said nothing.

    `column_valid` of `column_total` distinct values of the column, or loose numbers of the text, passed the validator
    (0 of 0 where nothing was counted).
    No field ever holds the value itself.
    """

    pattern: str = ""
    validator: str = ""
    context: str = ""
    label: str = ""
    document: str = ""
    column_valid: int = 0
    column_total: int = 0


class Span(NamedTuple):
    """One piece of personal data: `text[start:end]`, score 0-1, and the normalised value for keys and counting.

    No dataclass: a table has millions of them, and a frozen one takes six times as long to make.
    """

    entity_type: str
    start: int
    end: int
    score: float
    detector: str
    reason: str
    value: str
    evidence: Evidence = Evidence()
    facts: tuple[tuple[str, str], ...] = ()
    is_test: bool = False


class Detector(Protocol):
    """A detector of one or more entity types. It must not keep state between calls and never raises on any text."""

    @property
    def name(self) -> str:
        """Stable name, printed in reports."""
        ...

    @property
    def entity_types(self) -> tuple[str, ...]:
        """The entity types that it may return."""
        ...

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """Yield one list of spans for each text, in order. A batch, so that a model needs no second interface."""
        ...


class SparseDetector(Detector, Protocol):
    """A detector that finds something in few texts of a batch: it can tell that without a list for each of the others.

    Most cells of a table hold nothing for most detectors.
    """

    def find(self, texts: Sequence[Text]) -> Mapping[int, list[Span]]:
        """The spans of the texts that have any, by their number: what detect() yields, without the empty lists."""
        ...


class ChecksummedDetector(Detector, Protocol):
    """A detector whose types carry check digits: columns.py and loose.py ask it what chance alone would pass."""

    def chance(self, entity_type: str) -> float:
        """Probability that a random string of the right shape passes the check; 1.0 when the type has no check."""
        ...

    def shaped(self, texts: Sequence[Text]) -> Iterator[frozenset[str]]:
        """For each text the checksummed types whose shape the whole stripped text has, whether or not it passes."""
        ...

    def trials(self, texts: Sequence[Text], entity_types: frozenset[str]) -> Iterator[tuple[int, str, str, bool]]:
        """(which text, entity type, characters, whether they pass) of all that has the shape of one of these types."""
        ...


class DetectorTimeout(Exception):  # noqa: N818 - named for what happened, as the report names it
    """A detector ran out of time on a text: the text counts as only partly examined, never as clean."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that a site gives out itself, as [[identifiers]] of whosedata.toml describes it; plain data."""

    name: str
    regex: str
    checksum: str = ""
    context: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    score: float = 0.6


@dataclass(frozen=True, slots=True)
class DetectorOptions:
    """What the user chose; plain data, so that it can be pickled to a worker and printed into the report.

    `entities` empty means all. `names` is "off", "fast", "standard" or "thorough". `recognizers` are presidio registry
    YAML files. `presidio` are class paths of EntityRecognizers ("package.module:Class"). `countries` are those whose
    numbers are looked for (detectors.countries knows them). `identifiers` are the site's own numbers.
    `settings` of a plug-in are called `its_name.key`.
    """

    entities: tuple[str, ...] = ()
    names: str = "standard"
    recognizers: tuple[str, ...] = ()
    presidio: tuple[str, ...] = ()
    countries: tuple[str, ...] = ("gb",)
    identifiers: tuple[Identifier, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
