"""Segments and columns in, finding rows out: run the detectors, settle overlaps, locate, mask and key each span."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from detectors.columns import ColumnProfile, detect_column
from detectors.loose import Shares, weigh_loose
from detectors.running import Failure, detect_all
from detectors.table_rows import Cells, read_rows
from detectors.types import Detector, Span, Text
from scanner.form_records import slots_of
from scanner.keys import Keyring
from scanner.mask import WITHHELD, mask
from scanner.model import Column, Reason, Segment
from scanner.own import mark_own
from scanner.plan import Plan
from scanner.records import Slot, name_part, role_of
from scanner.repeats import Repeats
from scanner.row_owners import row_owners
from scanner.rows import FindingRows
from scanner.segment import confidence, locate, split
from scanner.settling import settle_block, settle_segments
from scanner.slices import Statistics
from scanner.terminal_codes import without_codes

Loss = tuple[Reason, str]


class Context(NamedTuple):
    """The item that parts come from: its path, its media type and the class of document that it is."""

    path: str
    media_type: str
    document: str = ""


_MOST_KEYED = 100_000
# A cell longer than this is read like a letter: in windows.
PROSE_CELL = 16 * 1024


def _loss(failure: Failure) -> Loss:
    if failure.timed_out:
        return Reason.DETECTOR_TIMEOUT, f"the detector {failure.detector} ran out of time on a part of it"
    return Reason.FAILED, f"the detector {failure.detector} failed on a part of it: {failure.error}"


def _with_confidence(span: Span, segment: Segment) -> Span:
    """Of text that was read from a picture, say how surely it was read.

    A fact beside the score, not in it: the score says what the characters are, and check digits that fit stay
    right. A lowered score would also drop what is hard to read below --min-score, and nobody would look at it.
    """
    sure = confidence(segment, span.start, span.end) if segment.pieces else None
    return span if sure is None else span._replace(facts=(*span.facts, ("ocr", str(sure))))


def _as_prose(column: Column, index: int) -> Segment:
    row = column.row(index)
    person = str(column.table.then(row=row))
    role = role_of(column.label)
    return Segment(
        column.values[index],
        column.table.then(row=row, col=column.number),
        label=column.label,
        record=person if role == "self" else f"{person};{role}",
        role=role,
    )


class FindingMaker:
    """Makes the rows of one top-level item.

    Remembers column profiles, shares of loose numbers, and how often each value stood in an item.
    """

    def __init__(self, plan: Plan, keyring: Keyring, detectors: Sequence[Detector], top: int, root: str) -> None:
        self._plan = plan
        self._keyring = keyring
        self._detectors = detectors
        self._root = root
        self._wanted = frozenset(plan.detectors.entities)
        self._has_own = len(plan.own) > 0
        self._profiles: dict[str, dict[tuple[str, int, str], ColumnProfile]] = {}
        self._shares: dict[str, Shares] = {}
        self._repeats: dict[str, Repeats] = {}
        self._settled: set[str] = set()  # items whose statistics stand still
        self._keyed: set[int] = set()  # values whose keys have been told; the same people write many mails of a mailbox
        self.rows = FindingRows(top)
        self.made = 0  # findings in all, whether or not they were taken out of the rows

    def resume(self, path: str, repeats: Iterable[tuple[str, int, int]]) -> None:
        """An earlier try found these of the item itself: (entity type, value id, how often)."""
        self._repeats[path] = Repeats((value_id, times) for _, value_id, times in repeats)

    def settle(self, path: str) -> None:
        """From its first cut on, an item is read by the statistics that it has there: slices must agree on them."""
        self._settled.add(path)

    def statistics(self, path: str) -> Statistics:
        """Those of an item so far."""
        return Statistics(dict(self._profiles.get(path, {})), dict(self._shares.get(path, {})))

    def know(self, path: str, statistics: Statistics) -> None:
        """Read an item by the statistics that were settled when its first slice was read."""
        self._profiles[path], self._shares[path] = dict(statistics.columns), statistics.shares
        self.settle(path)

    def forget(self, path: str) -> None:
        """The item is done: what was remembered of it would only fill the memory."""
        if repeats := self._repeats.pop(path, None):
            repeats.close()
        self._profiles.pop(path, None)
        self._shares.pop(path, None)
        self._settled.discard(path)

    def prose(self, context: Context, segments: Sequence[Segment]) -> Iterator[Loss]:
        """Run every detector over a batch of segments. Yields what could not be examined."""
        windows = [window for segment in segments for window in split(segment)]
        texts = [Text(without_codes(segment.text), segment.label) for segment, _, _ in windows]
        found, failures = detect_all(self._detectors, texts)
        yield from map(_loss, failures)
        found, shares = weigh_loose(self._detectors, texts, found, self._shares.get(context.path, {}))
        if shares and context.path not in self._settled:
            self._shares[context.path] = shares
        settled = settle_segments([segment for segment, _, _ in windows], found, context.document)
        for (segment, start, end), spans in zip(windows, settled, strict=True):
            kept = self._kept(spans)
            for span, slot in zip(kept, slots_of(segment, kept), strict=True):
                if start <= span.start < end:
                    where = locate(segment, span.start, span.end)
                    text = segment.text[span.start : span.end]
                    self._add(context, _with_confidence(span, segment), text, str(where), slot)

    def table(self, context: Context, columns: Sequence[Column]) -> Iterator[Loss | None]:
        """Run the detectors over a block of columns: each column is decided once, from its first block.

        Yields what could not be examined, and None as a sign of life.
        """
        block: list[Cells] = []
        for column in columns:
            long = [index for index, value in enumerate(column.values) if len(value) > PROSE_CELL]
            if long:
                yield from self.prose(context, [_as_prose(column, index) for index in long])
            cells = column.values
            if long:
                cells = tuple(value if len(value) <= PROSE_CELL else "" for value in cells)
            table = str(column.table)
            slot = (table, column.number, column.label)
            profiles = self._profiles.setdefault(context.path, {})
            looking = detect_column(self._detectors, column.label, cells, profiles.get(slot))
            found, profile, failures = yield from looking
            if context.path not in self._settled:
                profiles[slot] = profile
            yield from map(_loss, failures)
            block.append(Cells(column.number, column.label, cells, found))
        block_found = settle_block(columns, read_rows(self._detectors, block), context.document)
        kept = [[self._kept(spans) if spans else spans for spans in settled] for settled in block_found]
        owners = row_owners(columns, kept)
        for column, settled in zip(columns, kept, strict=True):
            for index, spans in enumerate(settled):
                if spans:
                    self._add_cell(context, column, index, spans, owners.get(index, ""))
            yield None

    def _kept(self, spans: list[Span]) -> list[Span]:
        """Sure enough and wanted. Only now: before, a low score may still veto, and a name tell whose health it is."""
        kept = [
            span
            for span in spans
            if span.score >= self._plan.min_score and (not self._wanted or span.entity_type in self._wanted)
        ]
        return mark_own(self._plan.own, kept) if self._has_own else kept

    def _add_cell(self, context: Context, column: Column, index: int, spans: Sequence[Span], owner: str) -> None:
        row = column.row(index)
        # Plain strings: millions of cells would spend more on Location objects than on detection.
        person = f"{column.table};row={row}" if column.table.steps else f"row={row}"
        record, role = owner or person, role_of(column.label)
        slot = Slot(record if role == "self" else f"{record};{role}", role, part=name_part(column.label))
        value = column.values[index]
        for span in spans:
            where = f"{person};col={column.number};chars={span.start}-{span.end}"
            # A finding over several cells is shown as a whole; its place is the first of them.
            whole = any(name == "columns" for name, _ in span.facts)
            self._add(context, span, span.value if whole else value[span.start : span.end], where, slot)

    def _add(self, context: Context, span: Span, text: str, where: str, slot: Slot) -> None:
        path, media_type, _ = context
        part = slot.part if span.entity_type == "PERSON" else ""
        value_id = self._keyring.value_id(span.entity_type, span.value, part)
        repeats = self._repeats.get(path)
        if repeats is None:
            repeats = self._repeats[path] = Repeats()
        nth = repeats.count(value_id)
        self.made += 1
        self.rows.add(
            span,
            finding_id=self._keyring.finding_id(self._root, path, span.entity_type, value_id, nth),
            item=path,
            root=self._root,
            media_type=media_type,
            location=where,
            record=slot.record or None,
            role=slot.role or None,
            value_id=value_id,
            quoted=slot.quoted,
            thread=f"{self._keyring.number('thread', slot.thread) & (2**64 - 1):016x}" if slot.thread else None,
            language="en",
            preview=mask(span.entity_type, text),
            value=text if self._plan.values == "clear" and span.entity_type not in WITHHELD else None,
            nth=nth,
        )
        if nth == 0 and value_id not in self._keyed:
            self._keyed.add(value_id)
            if len(self._keyed) > _MOST_KEYED:
                self._keyed.clear()
            self.rows.add_keys(self._keyring.match_keys(span.entity_type, span.value, part), value_id)
