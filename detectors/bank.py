"""Texts go in, British bank accounts come out: sort code and account number as a pair, or each where words name it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path

from detectors.batch import DIGITS, Batch, Near, Stretch
from detectors.checksums import CHECKS, compact
from detectors.hints import holding, mentions, spread
from detectors.labels import announced
from detectors.modulus import ModulusTable, read_modulus_table
from detectors.scoring import weigh
from detectors.types import Detector, DetectorOptions, Evidence, Span, Text

# How far apart the two halves of a pair may stand: "20-11-14, Account number of the holder: 12345678".
APART = 60

_DASHED = re.compile(
    r"[0-9](?<!\w[0-9])(?<![0-9][-./\u2013][0-9])[0-9](?:([-\u2013])[0-9]{2}\1[0-9]{2}| [0-9]{2} [0-9]{2})"
    r"(?!\w|[-./\u2013][0-9]{1,5}(?!\w))"
)
_BARE_SORT = re.compile(r"[0-9](?<![\w.+-][0-9])[0-9]{5}(?!\w|[.-][0-9])")
_ACCOUNT = re.compile(r"[0-9](?<![\w.+][0-9])[0-9]{7}(?!\w|[.-][0-9])")
_OLD_ACCOUNT = re.compile(r"[0-9](?<![\w.+-][0-9])(?:[0-9]{6}|[0-9]{3}[ -][0-9]{4})(?!\w|[.-][0-9])")
_WORTH_A_LOOK = re.compile(
    r"[0-9]{6}|[0-9]{2}[-\u2013 ][0-9]{2}[-\u2013 ][0-9]{2}|[0-9]{4}[ \u00a0-][0-9]{4}[ \u00a0-][0-9]{2}"
)
_SIX_DIGITS = Near(DIGITS, 6, 8, 8)  # where all of these lie
MODULUS = "modulus check of Pay.UK's table"
_CUES = ("sort", "s/c", "acc", "a/c", "bank", "bacs")
# A British IBAN ends with the sort code and the account number.
_IBAN = re.compile(r"(?i:GB)(?<!\w\w\w)[0-9]{2}[ \u00a0-]?[A-Za-z]{4}[ \u00a0-]?([0-9](?:[ \u00a0-]?[0-9]){13})(?!\w)")

PAIR_WORDS = (
    "sort code", "sortcode", "sort", "s/c", "account", "account number", "account no", "a/c", "a/c no", "acc", "acc no",
    "acct", "bank", "bank details", "bacs", "payee", "direct debit", "standing order", "building society", "refund to",
)  # fmt: skip
SORT_WORDS = ("sort code", "sort codes", "sortcode", "sort", "s/c", "bank code")
ACCOUNT_WORDS = ("account number", "account no", "bank account", "a/c", "a/c no", "acc no", "acct", "acct no")
AGAINST = (
    "date", "dated", "dob", "born", "invoice", "order", "tel", "telephone", "phone", "mobile", "fax", "version",
    "company",
)  # fmt: skip


def load(options: DetectorOptions) -> list[Detector]:
    """The one detector of British bank accounts, none where Britain is not wanted.

    Settings `modulus_table` and `modulus_substitutes`: paths of Pay.UK's files, which are the user's own.

    Raises:
        ValueError: a file that cannot be read, or is not of Pay.UK's format.
    """
    return [BankDetector(modulus_of(options))] if "gb" in options.countries else []


def modulus_of(options: DetectorOptions) -> ModulusTable | None:
    """The user's weight table, None where the settings name none; raises ValueError as read_modulus_table does."""
    table, substitutes = (options.settings.get(name, "") for name in ("modulus_table", "modulus_substitutes"))
    return read_modulus_table(Path(table), Path(substitutes) if substitutes else None) if table else None


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    digits: str
    plain: bool  # bare digits, or groups that could be a date: only words make it a sort code


class BankDetector:
    """Finds pairs; what is left over needs a word or a label. Without Pay.UK's modulus table there is no check."""

    def __init__(self, modulus: ModulusTable | None = None) -> None:
        self._modulus = modulus

    def paired(self, sort_code: str, span: Span) -> Span | None:
        """The span of an account number as that of a pair with the sort code of its row; None: no such pair exists."""
        if span.entity_type != "UK_BANK_ACCOUNT" or " " in span.value:
            return span
        verdict = self._modulus.verdict(sort_code, span.value) if self._modulus else None
        if verdict is False:
            return None
        validator = MODULUS if verdict else ""
        evidence = replace(span.evidence, pattern="sort code and account number", validator=validator)
        reason = f"{span.reason}; a sort code in the same row" + (f"; right {validator}" if verdict else "")
        score = round(span.score + (1 - span.score) * (0.7 if verdict else 0.4), 3)
        return span._replace(score=score, reason=reason, value=f"{sort_code} {span.value}", evidence=evidence)

    @property
    def name(self) -> str:
        """Stable name."""
        return "bank"

    @property
    def entity_types(self) -> tuple[str, ...]:
        """Pairs and account numbers, and sort codes alone."""
        return ("UK_BANK_ACCOUNT", "UK_SORT_CODE")

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The spans of the texts that have any."""
        if mentions(texts, _CUES) or any(map(_announces_account, {text.label for text in texts})):
            worth = holding(texts, _WORTH_A_LOOK, _SIX_DIGITS)
        else:
            # Where nothing speaks of accounts, only pairs and IBANs are found: most numbers of a table are neither.
            likely = holding(texts, _DASHED, _SIX_DIGITS) | holding(texts, _IBAN, _SIX_DIGITS)
            worth = likely and likely & holding(texts, _WORTH_A_LOOK, _SIX_DIGITS)
        batch = Batch.of(texts)
        found = {
            number: list(_find(batch[number], batch.stretches_of(number, _SIX_DIGITS), self._modulus))
            for number in worth
        }
        return {number: spans for number, spans in found.items() if spans}


def _announces_account(label: str) -> bool:
    return not announced(label).expected.isdisjoint(("UK_BANK_ACCOUNT", "UK_SORT_CODE"))


def _find(text: Text, stretches: Sequence[Stretch], modulus: ModulusTable | None) -> Iterator[Span]:
    ibans = list(_from_ibans(text, stretches))
    yield from ibans
    inside = [range(iban.start, iban.end) for iban in ibans]
    lower = text.text.lower()
    named = _announces_account(text.label) or any(cue in lower for cue in _CUES)
    sorts = [_number(match) for match in _matches(_DASHED, text, stretches)]
    accounts = [_number(match) for match in _matches(_ACCOUNT, text, stretches)]
    if named:
        sorts += [_number(match) for match in _matches(_BARE_SORT, text, stretches)]
        accounts += [_number(match) for match in _matches(_OLD_ACCOUNT, text, stretches)]
    sorts = [one for one in sorts if not any(one.start in iban for iban in inside)]
    accounts = [one for one in accounts if not any(one.start in iban for iban in inside)]
    used: set[int] = set()
    for sort, account in _pairs(text.text, sorts, accounts):
        verdict = modulus.verdict(sort.digits, account.digits.zfill(8)) if modulus else None
        if verdict is False:
            used.add(account.start)  # no such account: what is left is a sort code
            continue
        span = _pair(text, sort, account, verdict is True)
        if span:
            used |= {sort.start, account.start}
            yield span
    if named:
        for sort in sorts:
            if sort.start not in used:
                yield from _alone(text, sort, "UK_SORT_CODE", SORT_WORDS, 0.15 if sort.plain else 0.3)
        for account in accounts:
            if account.start not in used:
                base = 0.3 if len(account.digits) == 8 else 0.1
                yield from _alone(text, account, "UK_BANK_ACCOUNT", ACCOUNT_WORDS, base)


def _matches(pattern: re.Pattern[str], text: Text, stretches: Sequence[Stretch]) -> Iterator[re.Match[str]]:
    return chain.from_iterable(pattern.finditer(text.text, *stretch) for stretch in stretches)


def _number(match: re.Match[str]) -> _Number:
    digits = re.sub(r"[^0-9]", "", match.group())
    # 12-03-24 is rather a date; 20-00-00 is rather anything else than a sort code somebody writes alone.
    date = 1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12
    return _Number(match.start(), match.end(), digits, match.group().isdigit() or date or " " in match.group())


def _pairs(text: str, sorts: list[_Number], accounts: list[_Number]) -> Iterator[tuple[_Number, _Number]]:
    """Neighbouring halves, the nearest first, then those with the sort code in front; nothing is used twice."""
    numbers = sorted(
        [(one.start, "sort", one) for one in sorts] + [(one.start, "account", one) for one in accounts], key=_order
    )
    close = []
    for (_, kind, low), (_, other_kind, high) in pairwise(numbers):
        gap = high.start - low.end
        if kind != other_kind and 0 < gap <= APART and "\n\n" not in text[low.end : high.start]:
            close.append((gap, kind == "account", low.start, low, high))
    used: set[int] = set()
    for _, backwards, _, low, high in sorted(close, key=lambda found: found[:3]):
        if not used & {low.start, high.start}:
            used |= {low.start, high.start}
            yield (high, low) if backwards else (low, high)


def _order(entry: tuple[int, str, _Number]) -> tuple[int, str]:
    return entry[0], entry[1]


def _from_ibans(text: Text, stretches: Sequence[Stretch]) -> Iterator[Span]:
    """The account that a British IBAN stands for."""
    for match in _matches(_IBAN, text, stretches):
        if CHECKS["iban"].passes(match.group()):
            evidence = Evidence(pattern="account within an IBAN", validator=CHECKS["iban"].words)
            digits = compact(match[1])
            yield _span("UK_BANK_ACCOUNT", match.span(1), 0.9, evidence, f"{digits[:6]} {digits[6:]}")


def _pair(text: Text, sort: _Number, account: _Number, checked: bool) -> Span | None:
    first, last = sorted((sort, account), key=lambda one: one.start)
    sure = not sort.plain and len(account.digits) == 8
    base = 0.55 if sure else 0.2
    score, evidence = weigh(
        "UK_BANK_ACCOUNT",
        base + (0.25 if checked else 0),
        text,
        first.start,
        first.end,
        words=PAIR_WORDS,
        against=AGAINST,
        pattern="sort code and account number",
        validator=MODULUS if checked else "",
        after=APART,
    )
    value = f"{sort.digits} {account.digits.zfill(8)}"
    return None if score < 0.2 else _span("UK_BANK_ACCOUNT", (first.start, last.end), score, evidence, value)


def _alone(text: Text, number: _Number, kind: str, words: tuple[str, ...], base: float) -> Iterator[Span]:
    what = "sort code" if kind == "UK_SORT_CODE" else "account number"
    score, evidence = weigh(
        kind, base, text, number.start, number.end, words=words, against=AGAINST, pattern=what, before=30, after=0
    )
    if kind in announced(text.label).expected or (evidence.context and not evidence.context.startswith("not: ")):
        digits = number.digits.zfill(8) if kind == "UK_BANK_ACCOUNT" else number.digits
        yield _span(kind, (number.start, number.end), score, evidence, digits)


def _span(kind: str, place: tuple[int, int], score: float, evidence: Evidence, value: str) -> Span:
    parts = [f"looks like {'an' if evidence.pattern.startswith('a') else 'a'} {evidence.pattern}"]
    if evidence.validator:
        parts.append(f"right {evidence.validator}")
    if evidence.context:
        parts.append(f'near the word "{evidence.context}"')
    if evidence.label:
        parts.append(f'under the label "{evidence.label[:60]}"')
    return Span(kind, *place, score, "bank", "; ".join(parts), value, evidence)
