"""The tables of a report go in, plain columns that every check reads come out: one number for each item and finding.

Everything is an array: a report of five million findings is held in some 300 MB, and no check loops over findings.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Bools: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[Any]  # of several widths
NO_DATE = np.datetime64("NaT", "D")
HARMLESS = ("excluded", "special")
GONE = "gone"
CHUNK = 500_000  # findings that are calculated with at a time: what is kept of each is a few bytes
FINDING_COLUMNS = (
    "finding_id", "item", "root", "role", "entity_type", "category", "value_id", "facts", "is_test", "quoted",
    "evidence.label",
)  # fmt: skip
# Facts that a check asks for: a bit each.
_FACTS = (("child", "yes"), ("contract", "yes"), ("own", "yes"), ("truncated", "yes"))
CHILD, CONTRACT, OWN, TRUNCATED = (1 << number for number in range(len(_FACTS)))


@dataclass(frozen=True, slots=True)
class Words:
    """A column of few distinct words: a code for each row, -1 for none."""

    codes: Ints
    names: tuple[str, ...]

    def is_in(self, *words: str) -> Bools:
        """Whether the row's word is one of these."""
        found: Bools = self.table(words)[self.codes]
        return found

    def table(self, words: tuple[str, ...] | frozenset[str]) -> Bools:
        """A boolean for each code; the last is for -1."""
        return np.array([*(name in words for name in self.names), False], bool)

    def of(self, row: int) -> str:
        """The word of a row, "" for none."""
        code = int(self.codes[row])
        return self.names[code] if code >= 0 else ""


@dataclass(frozen=True, slots=True)
class Items:
    """One entry an item that was met. `paths` begin with the root's label; `store` is root and first folder.

    `date` is that of the content; where there is none of the file, and where there is none of the container.
    """

    paths: pa.ChunkedArray
    roots: Words
    stores: Words
    status: Words
    reason: Words
    document_class: Words
    media_type: Words
    readable_by: Words
    owner: Words
    size: Ints
    date: np.ndarray
    by_content: Bools
    has_copy_of: Bools
    harmless: Bools

    def __len__(self) -> int:
        return len(self.size)

    def path(self, number: int) -> tuple[str, str]:
        """Root and item."""
        root = self.roots.of(number)
        return root, str(self.paths[int(number)].as_py())[len(root) + 1 :]


@dataclass(frozen=True, slots=True)
class Findings:
    """One entry a finding that counts: published test values and the organisation's own are left out, and counted."""

    ids: Ints
    item: Ints  # number of the item
    kind: Words
    category: Words
    role: Words
    value: Ints
    facts: np.ndarray  # bits
    country: Words
    label: Words  # of preferences only: what was chosen
    quoted: Bools
    subject: Ints  # number of the person, -1 for none
    tests: int = 0
    own: int = 0

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Held:
    """What one report holds. `subject_ids[n]` is the person of number n; not `linked`: nobody was told apart."""

    items: Items
    findings: Findings
    subject_ids: Ints
    linked: bool
    metadata: dict[str, str] = field(default_factory=dict)

    def flagged(self, findings: Bools) -> Bools:
        """The items that hold one of these findings."""
        found = np.zeros(len(self.items), bool)
        found[self.findings.item[findings]] = True
        return found


def encode(column: pa.ChunkedArray) -> Words:
    """A column of text as codes; the parts of a dictionary column may have dictionaries of their own."""
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries() if isinstance(column, pa.ChunkedArray) else column
        merged = column.combine_chunks()
    else:
        merged = pc.dictionary_encode(column).combine_chunks()
    merged = merged.chunk(0) if isinstance(merged, pa.ChunkedArray) else merged
    codes = np.asarray(pc.fill_null(merged.indices, -1)).astype(np.int32)
    return Words(codes, tuple(str(name) for name in merged.dictionary.to_pylist()))


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text in place of a dictionary."""
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def join_paths(table: pa.Table) -> pa.ChunkedArray:
    """root/item for each row."""
    return pc.binary_join_element_wise(plain(table["root"]), plain(table["item"]), "/")


class WordsBuilder:
    """Words that come batch by batch: their codes, in one numbering."""

    def __init__(self, kind: type[np.signedinteger] = np.int16) -> None:
        self._kind = kind
        self._numbers: dict[str, int] = {}
        self._parts: list[np.ndarray] = []

    def add(self, column: pa.ChunkedArray) -> None:
        """One more batch."""
        words = encode(column)
        numbers = [self._numbers.setdefault(name, len(self._numbers)) for name in words.names]
        self._parts.append(np.array([*numbers, -1], self._kind)[words.codes])

    def done(self) -> Words:
        """All of them."""
        codes = np.concatenate(self._parts) if self._parts else np.zeros(0, self._kind)
        self._parts.clear()
        return Words(codes, tuple(self._numbers))


def fact_bits(facts: pa.ChunkedArray) -> np.ndarray:
    """The bits of what a check asks for, one byte a row."""
    bits = np.zeros(len(facts), np.uint8)
    for rows, keys, values in _pairs(facts):
        for bit, (key, value) in enumerate(_FACTS):
            hit = np.asarray(pc.fill_null(pc.and_(pc.equal(keys, key), pc.equal(values, value)), False))
            bits[rows[hit]] |= np.uint8(1 << bit)
    return bits


def fact_words(facts: pa.ChunkedArray, name: str) -> pa.Array:
    """The value of one fact for each row, null where it has none."""
    found = np.full(len(facts), None, object)
    for rows, keys, values in _pairs(facts):
        hit = pc.fill_null(pc.equal(keys, name), False)
        if pc.any(hit).as_py():
            found[rows[np.asarray(hit)]] = np.array(values.filter(hit).to_pylist(), object)
    return pa.array(found, pa.string())


def _pairs(facts: pa.ChunkedArray) -> Iterator[tuple[Ints, pa.Array, pa.Array]]:
    """Row numbers, keys and values of the entries of a map column, chunk by chunk."""
    before = 0
    for chunk in facts.chunks:
        offsets = np.asarray(chunk.offsets)
        keys, values = (part.slice(offsets[0], offsets[-1] - offsets[0]) for part in (chunk.keys, chunk.items))
        lengths = np.where(np.asarray(chunk.is_valid()), np.diff(offsets), np.diff(offsets))
        yield before + np.repeat(np.arange(len(chunk)), lengths), keys, values
        before += len(chunk)
