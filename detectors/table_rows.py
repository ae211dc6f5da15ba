"""The columns of a block of a table with their spans go in; out come the spans with what only whole rows can tell.

A card or an address that is split over several cells is one finding, at the first of them; its fact `columns` names the
others. A sort code and an account number of one row are a pair. A column of security codes needs a card in its row.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from detectors.bank import BankDetector
from detectors.checksums import CHECKS
from detectors.encoded_births import surname_agrees
from detectors.labels import announced, says
from detectors.row_parts import address_groups, birth_columns, born_of, one_address
from detectors.rulefiles import builtin_rules
from detectors.types import Detector, Evidence, Span

CARD, CODE, SORT, ACCOUNT, ADDRESS, BIRTH = (
    "CREDIT_CARD", "CARD_SECURITY_CODE", "UK_SORT_CODE", "UK_BANK_ACCOUNT", "ADDRESS", "DATE_OF_BIRTH",
)  # fmt: skip
# How cards are cut: in fours, as they are embossed, in halves, as banks store them (issuer, middle, last four).
CUTS = ((4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (8, 8), (6, 6, 4), (4, 8, 4))
SURE = 0.8  # share of the rows whose joined cells must pass where no label speaks of cards
FEW = 5  # rows below which only a label does
NEIGHBOURS = 3  # columns between a sort code and its account
_CODE_LABELS = (" cid ", " cv ", " cv 2 ", " code ", " security ", " sec code ", " verification ", " 3 digits ")
# Codes of something else that stand beside a card: telephoneCountryCode, currency code, branch code, response code.
_OTHER_CODES = tuple(
    f" {word} "
    for word in (
        "country", "telephone", "phone", "dial", "dialling", "area", "region", "state", "county", "city", "currency",
        "branch", "bank", "sort", "post", "zip", "product", "item", "store", "shop", "department", "dept", "cost",
        "centre", "center", "response", "result", "status", "error", "reason", "auth", "authorisation", "authorization",
        "language", "category", "merchant", "terminal", "discount", "promo", "voucher", "tax", "type",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cells:
    """One column of a block: its number (from 1), label and values, and the spans of each value; all equally long."""

    number: int
    label: str
    values: Sequence[str]
    spans: Sequence[list[Span]]


Found = list[list[list[Span]]]  # column, row, spans


def read_rows(detectors: Sequence[Detector], columns: Sequence[Cells]) -> Found:
    """The spans of each column's cells, in order, after the rows were looked at as a whole.

    Only types that one of the detectors looks for are made.
    """
    found: Found = [list(column.spans) for column in columns]
    kinds = {kind for detector in detectors for kind in detector.entity_types}
    if CARD in kinds:
        _join_cards(columns, found)
        _add_codes(columns, found)
    for detector in detectors:
        if isinstance(detector, BankDetector):
            _pair_accounts(columns, found, detector)
    if ADDRESS in kinds:
        _join_addresses(columns, found)
    if BIRTH in kinds:
        _join_births(columns, found)
    _compare_surnames(columns, found)
    return found


def _over(columns: Sequence[Cells], row: int, joined: Sequence[int], span: Span) -> Span:
    """The span over the whole first cell, with the numbers of the columns that belong to it."""
    numbers = "+".join(str(columns[index].number) for index in joined)
    end = len(columns[joined[0]].values[row])
    evidence = replace(span.evidence, label=" + ".join(columns[index].label for index in joined)[:200])
    return span._replace(start=0, end=end, evidence=evidence, facts=(*span.facts, ("columns", numbers)))


def _join_cards(columns: Sequence[Cells], found: Found) -> None:
    rule = next(rule for rule in builtin_rules() if rule.entity_type == CARD and rule.check)
    lengths = [_lengths(column) for column in columns]
    for first in range(len(columns)):
        for cut in CUTS:
            joined = range(first, first + len(cut))
            if joined.stop > len(columns) or not all(
                size in lengths[index] for index, size in zip(joined, cut, strict=True)
            ):
                continue
            rows = list(_cut_rows(columns, joined, cut))
            right = [(row, pan) for row, pan in rows if CHECKS["card"].passes(pan)]
            labelled = any(CARD in announced(columns[index].label).expected for index in joined)
            if not right or not (labelled or (len(rows) >= FEW and len(right) >= SURE * len(rows))):
                continue
            for row, pan in right:
                pattern = f"card number over {len(cut)} cells"
                span = Span(
                    CARD, 0, 0, 0.9 if labelled else 0.75, "cards", f"{pattern}; right {CHECKS['card'].words}", pan,
                    Evidence(pattern, CHECKS["card"].words, column_valid=len(right), column_total=len(rows)),
                    rule.read_facts(pan) if rule.read_facts else (), rule.is_test(pan),
                )  # fmt: skip
                for index in joined:
                    found[index][row] = []
                found[first][row] = [_over(columns, row, joined, span)]


def _lengths(column: Cells) -> frozenset[int]:
    """Numbers of digits that half of the cells have; any that one has where the label speaks of cards."""
    counted = Counter(len(value) for value in map(str.strip, column.values) if value.isdecimal())
    least = 1 if CARD in announced(column.label).expected else sum(map(bool, column.values)) / 2
    return frozenset(size for size, count in counted.items() if count >= least)


def _cut_rows(columns: Sequence[Cells], joined: Sequence[int], cut: Sequence[int]) -> Iterator[tuple[int, str]]:
    for row, cells in enumerate(zip(*(columns[index].values for index in joined), strict=True)):
        pieces = [cell.strip() for cell in cells]
        if all(piece.isdecimal() and len(piece) == size for piece, size in zip(pieces, cut, strict=True)):
            yield row, "".join(pieces)


def _add_codes(columns: Sequence[Cells], found: Found) -> None:
    """Three or four digits under a label that says "code" are a security code when a card stands in the row.

    Not where another column is labelled as that of the security codes, or where the code is of something else.
    """
    if any(CODE in announced(column.label).expected for column in columns):
        return
    for index, column in enumerate(columns):
        if not says(column.label, _CODE_LABELS) or says(column.label, _OTHER_CODES):
            continue
        for row, value in enumerate(column.values):
            written = value.strip()
            if written.isdecimal() and 3 <= len(written) <= 4 and _card_in(found, row):
                evidence = Evidence("three or four digits", context="card number in the row", label=column.label[:200])
                reason = "three or four digits under a label of codes, a card number in the same row"
                start = value.index(written)
                span = Span(CODE, start, start + len(written), 0.75, "cards", reason, written, evidence)
                found[index][row] = [*found[index][row], span]


def _card_in(found: Found, row: int) -> bool:
    return any(span.entity_type == CARD and span.score >= 0.5 for column in found for span in column[row])


def _pair_accounts(columns: Sequence[Cells], found: Found, bank: BankDetector) -> None:
    """Give the account of a row the sort code beside it: alone, neither tells one account from another."""
    sorts = [index for index, column in enumerate(columns) if _names(column, SORT)]
    accounts = [index for index, column in enumerate(columns) if _names(column, ACCOUNT)]
    for account in accounts:
        near = sorted(abs(sort - account) for sort in sorts)
        sort = next((sort for sort in sorts if near and abs(sort - account) == near[0]), None)
        if sort is None or abs(sort - account) > NEIGHBOURS:
            continue
        for row in range(len(columns[account].values)):
            code = next((span for span in found[sort][row] if span.entity_type == SORT), None)
            if code:
                found[account][row] = [
                    paired for span in found[account][row] if (paired := bank.paired(code.value, span)) is not None
                ]


def _names(column: Cells, kind: str) -> bool:
    return kind in announced(column.label).expected


def _join_addresses(columns: Sequence[Cells], found: Found) -> None:
    for group in address_groups([column.label for column in columns]):
        for row in range(len(columns[group.columns[0]].values)):
            joined = [index for index in group.columns if columns[index].values[row].strip()]
            value = one_address([(group.part(index), columns[index].values[row]) for index in joined])
            if value is None:
                continue
            pattern = f"address over {len(joined)} cells"
            span = Span(ADDRESS, 0, 0, 0.9, "addresses", f"{pattern}, by their labels", value, Evidence(pattern))
            for index in joined:
                found[index][row] = [one for one in found[index][row] if one.entity_type != ADDRESS]
            found[joined[0]][row] = [*found[joined[0]][row], _over(columns, row, joined, span)]


def _join_births(columns: Sequence[Cells], found: Found) -> None:
    joined = birth_columns([column.label for column in columns])
    if joined is None:
        return
    for row, cells in enumerate(zip(*(columns[index].values for index in joined), strict=True)):
        born = born_of(*cells)
        if born:
            reason = "day, month and year of birth in three cells, by their labels"
            span = Span(
                BIRTH, 0, 0, 0.9, "dates", reason, born.isoformat(), Evidence("day, month and year", "calendar")
            )
            first = min(joined)
            found[first][row] = [*found[first][row], _over(columns, row, (first, *sorted(set(joined) - {first})), span)]


def _compare_surnames(columns: Sequence[Cells], found: Found) -> None:
    """Whether a driver number begins with a surname of its row: strong evidence of whose it is."""
    for spans in found:
        for row, cell in enumerate(spans):
            if cell and any(span.entity_type == "UK_DRIVING_LICENCE" for span in cell):
                spans[row] = [_compared(span, columns, row) for span in cell]


def _compared(span: Span, columns: Sequence[Cells], row: int) -> Span:
    if span.entity_type != "UK_DRIVING_LICENCE" or ("surname", "agrees") in span.facts:
        return span
    words = "\n".join(
        column.values[row] for column in columns if "UK_DRIVING_LICENCE" not in announced(column.label).expected
    )
    return span._replace(facts=(*span.facts, ("surname", "agrees"))) if surname_agrees(span.value, words) else span
