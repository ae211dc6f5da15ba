"""A privacy notice goes in, what in it is old law, missing, broken or too old comes out."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from reports.notice.result import Misfit, Remark, Sentence

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_DATE = re.compile(rf"\b([0-9]{{1,2}})(?:st|nd|rd|th)?\s+({'|'.join(_MONTHS)})\s+([0-9]{{4}})\b", re.IGNORECASE)
_NUMBERS = re.compile(r"\b([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})\b")
_VERSION = re.compile(r"\b(?:version|published|updated|reviewed|effective|last|dated?)\b", re.IGNORECASE)
STALE_DAYS = 365
_QUOTED = 160

# What is said, what is the matter, what to write. A pattern in `unless` makes it right again.
_OUTDATED = (
    (r"Data Protection Act,? 1998|\bDPA 1998\b", "the Data Protection Act 1998 was repealed on 25 May 2018",
     "Name the UK GDPR and the Data Protection Act 2018."),
    (r"Privacy Shield", "the Privacy Shield has been void since 16 July 2020",
     "Name the UK-US data bridge, an IDTA or the UK addendum, for each recipient."),
    (r"Safe Harbou?r", "Safe Harbor has been void since 6 October 2015",
     "Name the UK-US data bridge, an IDTA or the UK addendum, for each recipient."),
    (r"(?<!UK )\b(?:GDPR|General Data Protection Regulations?)\b", "since 1 January 2021 the UK GDPR is the law here",
     "Write “UK GDPR” (and “EU GDPR” only where that applies as well)."),
    (r"outside (?:of )?(?:Europe|the (?:EU|EEA|European (?:Union|Economic Area)))",
     "a transfer is what leaves the UK, not the EU",
     "Write “outside the United Kingdom” and name the safeguard."),
    (r"automated decision|Article 22\b(?![A-D])", "Article 22 was replaced by Articles 22A to 22D on 5 February 2026",
     "Say whether significant decisions are made without a human, and if so, how to have one look at it."),
)  # fmt: skip
_UNLESS = {"Article 22 was replaced by Articles 22A to 22D on 5 February 2026": r"\b22[A-D]\b"}
# What a notice must tell (Article 13; DPA 2018 section 164A), and words that tell it.
_ASKED = (
    ("how to complain to the ICO", r"\bICO\b|Information Commission", "Article 13(2)(d): name it and how to reach it."),
    ("how to complain to you", r"\bcomplain", "DPA 2018 section 164A, since 19 June 2026: say how."),
    ("the right to withdraw consent", r"withdraw[^.]{0,30}consent|consent[^.]{0,60}withdr[ae]w",
     "Article 13(2)(c): say that it can be withdrawn at any time, or that you never rely on consent."),
    ("for how long data are kept", r"\b(?:[0-9]+|one|two|three|six|seven|ten) (?:years?|months?|days?)\b|\bretention\b",
     "Article 13(2)(a): give a period for each kind of data."),
    ("the lawful basis", r"legitimate interest|legal basis|lawful basis|contractual obligation", "Article 13(1)(c)."),
    ("who receives data", r"third part|recipient|service provider|share", "Article 13(1)(e)."),
    ("the purposes", r"\bpurpose|how (?:is|do we use) your", "Article 13(1)(c)."),
    ("the right to object", r"right to object", "Article 21(4): clearly, and apart from everything else."),
    ("the right of access", r"right of access|subject access|copy of your", "Article 13(2)(b)."),
)  # fmt: skip
_BROKEN = (
    (r"\b(?:date|number|type|copy|details|name) of(?:\s+(?:and|or)\b|\s*[,.;])", "a word is missing after “of”"),
    (r"\b(?:we|you|they) not (?:\w+)\b", "a verb is missing before “not”"),
    (r"\b(the|and|of|to|in|is|are|we|you)\s+\1\b", "a word stands twice"),
)
_LEAST_REPEATED = 80  # characters: short sentences repeat for good reasons


def law_remarks(sentences: Sequence[Sentence], today: date) -> Iterator[Remark]:
    """All that can be said of a notice without looking at any data."""
    whole = " ".join(sentence.text for sentence in sentences)
    yield from _outdated(sentences, whole)
    for what, pattern, advice in _ASKED:
        if not re.search(pattern, whole, re.IGNORECASE):
            yield Remark(Misfit.MISSING, f"the notice does not say: {what}", advice)
    yield from _version(sentences, today)
    yield from _broken(sentences)


def _outdated(sentences: Sequence[Sentence], whole: str) -> Iterator[Remark]:
    for pattern, what, advice in _OUTDATED:
        if (unless := _UNLESS.get(what)) and re.search(unless, whole):
            continue
        for sentence in sentences:
            if re.search(pattern, sentence.text, re.IGNORECASE):
                yield Remark(Misfit.OUTDATED, what, advice, sentence.line, quoted(sentence))
                break


def _version(sentences: Sequence[Sentence], today: date) -> Iterator[Remark]:
    """By the latest day that stands in a sentence about versions."""
    days = [
        (day, sentence)
        for sentence in sentences
        if _VERSION.search(sentence.text)
        for day in _dates(sentence.text)
        if day <= today
    ]
    if not days:
        yield Remark(Misfit.MISSING, "the notice bears no date", "Write when it was last changed.")
        return
    day, sentence = max(days, key=lambda pair: pair[0])
    age = (today - day).days
    if age <= STALE_DAYS:
        return
    old = f"{int(age / 365.25)} years" if age >= 730 else "more than a year"
    what = f"this version is of {day.day} {day:%B %Y}: it is {old} old"
    yield Remark(Misfit.OUTDATED, what, "Go through it again, and write the new date.", sentence.line, quoted(sentence))


def _dates(text: str) -> Iterator[date]:
    for day, month, year in _DATE.findall(text):
        yield from _day(int(year), _MONTHS.index(month.casefold()) + 1, int(day))
    for day, month, year in _NUMBERS.findall(text):
        yield from _day(int(year), int(month), int(day))


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _broken(sentences: Sequence[Sentence]) -> Iterator[Remark]:
    seen: dict[str, int] = {}
    for sentence in sentences:
        for pattern, what in _BROKEN:
            if found := re.search(pattern, sentence.text, re.IGNORECASE):
                quote = quoted(sentence, found.start())
                yield Remark(Misfit.UNCLEAR, what, "Write the sentence again.", sentence.line, quote)
        before = seen.setdefault(sentence.text, sentence.line)
        if before != sentence.line and len(sentence.text) >= _LEAST_REPEATED:
            what = f"the same sentence stands in line {before}"
            yield Remark(Misfit.UNCLEAR, what, "Say it once.", sentence.line, quoted(sentence))


def quoted(sentence: Sentence, around: int = 0) -> str:
    """The words of a sentence, cut to what fits a line or two."""
    start = max(0, around - _QUOTED // 2)
    cut = sentence.text[start : start + _QUOTED]
    return f"{'…' if start else ''}{cut}{'…' if start + _QUOTED < len(sentence.text) else ''}"
