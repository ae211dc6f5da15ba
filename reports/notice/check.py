"""The text of a privacy notice and a report go in, what does not fit between them comes out, the worst first."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from reports.audit.policy import Period
from reports.audit.retention import end_of
from reports.audit.tables import Held
from reports.notice.law import law_remarks, quoted
from reports.notice.result import Misfit, Remark, Sentence
from reports.notice.topics import CV, TOPICS, by_topic, claims, sentences_of
from reports.safe import printable

_ORDER = tuple(Misfit)
_PERIOD = re.compile(
    r"\b([0-9]{1,2}) (year|month)s?\b[^.]{0,80}\bafter\b|\bperiod of ([0-9]{1,2}) (year|month)s?\b", re.I
)
_VAGUE = re.compile(
    r"\b(?:for the period of consideration|as long as (?:is )?need(?:ed|ful)|as long as necessary)\b", re.I
)


def check_notice(text: str, held: Held, today: date) -> list[Remark]:
    """Everything that does not fit, in the order of Misfit."""
    sentences = list(sentences_of(text))
    found = found_types(held)
    remarks = [
        *_claims(sentences, found),
        *_kept(sentences, held, today),
        *law_remarks(sentences, today),
    ]
    return sorted(remarks, key=lambda one: (_ORDER.index(one.misfit), -one.found, one.line))


def found_types(held: Held) -> Counter[str]:
    """How many findings a report has of each entity type, and how many items of each class of document."""
    kinds, items = held.findings.kind, held.items
    counts = np.bincount(kinds.codes, minlength=len(kinds.names))
    found = Counter(dict(zip(kinds.names, counts.tolist(), strict=True)))
    found[CV] = int(items.document_class.is_in("cv").sum())
    return found


def _claims(sentences: Sequence[Sentence], found: Counter[str]) -> Iterator[Remark]:
    declared: dict[str, Sentence] = {}
    denied: dict[str, Sentence] = {}
    for claim in claims(sentences):
        (denied if claim.denied else declared).setdefault(claim.topic.words, claim.sentence)
    for topic in TOPICS:
        number = by_topic(found, topic)
        said, not_held = declared.get(topic.words), denied.get(topic.words)
        if number and not_held and not said:
            yield Remark(
                Misfit.CONTRADICTED, f"held, and denied by the notice: {topic.words}",
                "Delete them, or change the sentence.", not_held.line, quoted(not_held), number,
            )  # fmt: skip
        elif number and not said:
            yield Remark(
                Misfit.UNDECLARED, f"held, and not in the notice: {topic.words}",
                "Name them, with purpose and period (Article 13), or delete them.", found=number,
            )  # fmt: skip
        elif said and not number:
            yield Remark(
                Misfit.NOT_FOUND, f"in the notice, and not found: {topic.words}",
                "If you no longer hold any, take it out.", said.line, quoted(said),
            )  # fmt: skip


def _kept(sentences: Sequence[Sentence], held: Held, today: date) -> Iterator[Remark]:
    """Periods: what is older than the notice promises, and promises without a length."""
    for sentence in sentences:
        if found := _PERIOD.search(sentence.text):
            number, unit = int(found[1] or found[3]), (found[2] or found[4]).casefold()
            period = Period(months=number * (12 if unit == "year" else 1))
            older = _older(held, period, today)
            if older:
                yield Remark(
                    Misfit.CONTRADICTED, f"{older:,} items with personal data are older than {period}",
                    "`whosedata audit` says which (A1). Find out which relationships have ended.", sentence.line,
                    quoted(sentence), older,
                )  # fmt: skip
        elif found := _VAGUE.search(sentence.text):
            yield Remark(
                Misfit.UNCLEAR, "a period without a length", "Say how long, such as 6 months after the decision.",
                sentence.line, quoted(sentence, found.start()),
            )  # fmt: skip


def _older(held: Held, period: Period, today: date) -> int:
    dates = held.items.date
    holds = held.flagged(np.ones(len(held.findings), bool)) & ~np.isnat(dates)
    return int((end_of(dates[holds], period) <= np.datetime64(today, "D")).sum())


_HEADINGS = {
    Misfit.CONTRADICTED: "Contradicted by what was found",
    Misfit.UNDECLARED: "Found, and not declared",
    Misfit.OUTDATED: "Outdated",
    Misfit.MISSING: "Missing",
    Misfit.UNCLEAR: "Unclear or broken",
    Misfit.NOT_FOUND: "Declared, and not found",
}


def remarks_told(remarks: Sequence[Remark]) -> Iterator[str]:
    """The remarks as lines of a terminal."""
    if not remarks:
        yield "The notice fits what was found, and no outdated law was seen in it."
    for misfit, heading in _HEADINGS.items():
        mine = [remark for remark in remarks if remark.misfit is misfit]
        if mine:
            yield heading
        for remark in mine:
            number = f" ({remark.found:,} found)" if remark.found else ""
            where = f"line {remark.line}: " if remark.line else ""
            yield f"  {where}{remark.what}{number}"
            if remark.quote:
                yield f"      “{printable(remark.quote)}”"
            yield f"      {remark.advice}"
    yield "This is no legal advice. A report knows what was scanned only."
