"""Texts go in, spans of telephone numbers come out: digit runs that libphonenumber believes, and the drama numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import phonenumbers

from detectors.batch import DIGITS, Batch, Near, Stretch
from detectors.hints import spread
from detectors.labels import announced
from detectors.phones_british import read_british
from detectors.phones_said import AGAINST, DATE, MOBILE, said_of
from detectors.scoring import weigh
from detectors.types import Detector, DetectorOptions, Evidence, Span, Text

PHONE = "PHONE_NUMBER"
WORDS = (
    "tel", "telephone", "phone", "phone number", "mobile", "mob", "cell", "cellphone", "landline", "fax", "call",
    "ring", "text", "whatsapp", "sms", "switchboard", "helpline", "contact number", "contact", "dial", "t", "m",
)  # fmt: skip
# Too loose to stand in for a missing + or 0; good enough to raise a score.
STRICT_WORDS = tuple(word for word in WORDS if word not in {"call", "ring", "text", "contact", "t", "m", "cell"})

_SEP = r"[ \u00a0().\-\u2010-\u2015/]"
# Any run of seven digits or more with up to three separators in between: one pass, no backtracking over it.
_RUN = re.compile(rf"[+(]{{0,2}}[0-9](?:{_SEP}{{0,3}}[0-9]){{6,40}}", re.ASCII)
_NEAR_RUN = Near(DIGITS, 7, 3, 1)  # where it lies, with what may make a time of its beginning or end
_START = re.compile(r"(?<![0-9.])(?:\+ ?\(?[1-9]|\(?0[1-9(]|\(?00|\(?44)", re.ASCII)
_DATE = re.compile(rf"(?:{DATE})(?![0-9])")
_TIME = re.compile(r"(?<![0-9:])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9:])")
_EXTENSION = re.compile(r"[ ,;]{0,3}(?:ext(?:ension|n)?\.?|x|#)[ :.]{0,2}([0-9]{1,6})(?![0-9])", re.IGNORECASE)
# "phone=07912345678" in an address or a log; other parameters hold numbers of all kinds.
_PARAMETER = re.compile(
    r"(?:phone|tel|mob|mobile|fax|msisdn|cell|whatsapp|sms|contact)[a-z0-9_]{0,12}=\Z", re.IGNORECASE
)
_BAD_BEFORE = re.compile(r"[\w$£€#=]")
# Ofcom reserves these for films and books: nobody has them. libphonenumber calls the first two invalid.
_DRAMA = re.compile(
    r"\+44(?:7700900|1632960|11[3-8]4960|1[2-6]14960|2079460|1914980|2896496|2920180|8081570|9098790|3069990)[0-9]{3}"
)


def _spread(digits: str) -> str:
    """The digits with any single separator between them; `#` stands for any digit."""
    return rf"{_SEP}{{0,2}}".join("[0-9]" if digit == "#" else digit for digit in digits)


_UNASSIGNED = re.compile(
    rf"(?<![0-9])(?P<prefix>\(?(?:\+|00){_SEP}{{0,2}}44{_SEP}{{0,3}}(?:0{_SEP}{{0,2}})?|44{_SEP}{{0,2}}|\(?0)"
    rf"(?P<national>{_spread('7700900###')}|{_spread('1632960###')})(?![0-9])",
    re.ASCII,
)
PLUS, IDD, NATIONAL, PLAIN, BARE44, FOREIGN_IDD, NO_ZERO, UNKNOWN = (
    "international form",
    "international form with 00",
    "British national form",
    "British digits without blanks",
    "44 without a plus",
    "00 and a country code",
    "British number without its leading 0",
    "digits of an unknown country",
)
# Numbering plans change faster than the library that knows them: with a + and a country code, the length is enough.
POSSIBLE = "international form of a possible length"
ABROAD = "national form of a country that is asked for"
_BASE = {
    PLUS: 0.8,
    IDD: 0.75,
    NATIONAL: 0.65,
    PLAIN: 0.55,
    BARE44: 0.3,
    FOREIGN_IDD: 0.3,
    NO_ZERO: 0.4,
    UNKNOWN: 0.2,
    POSSIBLE: 0.5,
    ABROAD: 0.5,
}
SAID = 0.55  # the score of a number that only the words beside it call one
_REASON = {form: f"{form}, valid numbering" for form in _BASE} | {
    UNKNOWN: "digits under a label of telephones",
    POSSIBLE: POSSIBLE,
}
_NEEDS_WORDS = frozenset({BARE44, FOREIGN_IDD, NO_ZERO, UNKNOWN})
_TYPES = {
    phonenumbers.PhoneNumberType.MOBILE: "mobile",
    phonenumbers.PhoneNumberType.FIXED_LINE: "landline",
    phonenumbers.PhoneNumberType.TOLL_FREE: "freephone",
    phonenumbers.PhoneNumberType.PREMIUM_RATE: "premium",
    phonenumbers.PhoneNumberType.SHARED_COST: "business",
    phonenumbers.PhoneNumberType.UAN: "business",
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER: "personal",
    phonenumbers.PhoneNumberType.PAGER: "pager",
    phonenumbers.PhoneNumberType.VOIP: "internet",
}


_CELL = 40


@dataclass(frozen=True, slots=True)
class _Number:
    """A number in a run: offsets in the run, E.164, how it was written, and what is known of it."""

    start: int
    end: int
    e164: str
    form: str
    country: str
    kind: str


@dataclass(frozen=True, slots=True)
class PhoneDetector:
    """Finds telephone numbers: British ones as they are written, those of other countries with their + only.

    `regions` are the countries besides Britain whose numbers are also found as people there write them.
    """

    regions: tuple[str, ...] = ()
    name: str = "phones"
    entity_types: tuple[str, ...] = (PHONE,)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The spans of the texts that have any."""
        memo: dict[str, tuple[_Number, ...]] = {}
        batch = Batch.of(texts)
        found = {}
        for number in batch.holding(_RUN, _NEAR_RUN):
            text = batch[number]
            if len(text.text) < _CELL and PHONE in announced(text.label).excluded:
                continue  # a cell under "order number": nothing in it could raise the score again
            if spans := list(self._spans(text, batch.stretches_of(number, _NEAR_RUN), memo)):
                found[number] = spans
        return found

    def _spans(self, text: Text, stretches: Sequence[Stretch], memo: dict[str, tuple[_Number, ...]]) -> Iterator[Span]:
        body = text.text
        for start, end, written in chain.from_iterable(_runs(body, *stretch) for stretch in stretches):
            if _joined(body, start, end):
                continue
            # libphonenumber reads about 0.1 MB/s: it sees only runs that begin like a number, each spelling once.
            if written not in memo:
                memo[written] = tuple(self._numbers(written))
            found = memo[written] or self._announced(text, written)
            if not found and (said := self._said(text, start, end)):
                yield said
            for number in found:
                span = self._span(text, start, number)
                if span:
                    yield span

    def _numbers(self, written: str) -> Iterator[_Number]:
        found = list(_numbers(written)) if _promising(written) else []
        if not found and written.startswith("+"):
            found = list(_possible(written))
        yield from found
        if self.regions and not found and not written.isdigit():
            rest = _DATE.sub(lambda date: "\n" * len(date.group()), written)
            for region in self.regions:
                for match in phonenumbers.PhoneNumberMatcher(rest, region, phonenumbers.Leniency.STRICT_GROUPING):
                    yield from _described(match.number, match.start, match.end, ABROAD)

    def _announced(self, text: Text, written: str) -> tuple[_Number, ...]:
        """A whole cell under a label that announces telephone numbers: a spreadsheet drops the leading zero, and people
        abroad write numbers of their own country without its code.
        """
        if written != text.text.strip() or PHONE not in announced(text.label).expected or _DATE.fullmatch(written):
            return ()
        digits = "".join(filter(str.isdigit, written))
        if len(digits) in {9, 10} and digits[0] != "0":
            british = tuple(_read("0" + digits, 0, len(written), NO_ZERO))
            if british:
                return british
        if len(digits) > 15:  # the longest that E.164 allows
            return ()
        return (_Number(0, len(written), digits, UNKNOWN, "", ""),)

    def _said(self, text: Text, start: int, end: int) -> Span | None:
        """A number of no plan that is known, of which the words right beside it say what it is."""
        body = text.text
        extension = _EXTENSION.match(body, end)
        behind = extension.end() if extension else end
        word = said_of(body, start, end, behind)
        if not word:
            return None
        digits = "".join(filter(str.isdigit, body[start:end]))
        start += body[start] == "(" and ")" not in body[start:end]
        evidence = Evidence(pattern=UNKNOWN, context=word)
        why = (
            "a British mobile number by its groups" if word == MOBILE else "words beside it call it a telephone number"
        )
        reason = f"{why}; no numbering plan that is known has it"
        facts = (("extension", "yes"),) if extension else ()
        return Span(PHONE, start, behind, SAID, self.name, reason, digits, evidence, facts)

    def _span(self, text: Text, offset: int, number: _Number) -> Span | None:
        start, end = offset + number.start, offset + number.end
        base = _BASE[number.form]
        extension = _EXTENSION.match(text.text, end)
        said = announced(text.label)
        score, evidence = weigh(
            PHONE, base, text, start, end, words=WORDS, against=AGAINST,
            pattern=number.form, validator="" if number.form == UNKNOWN else "libphonenumber", after=15,
        )  # fmt: skip
        if text.text[start] == "(" and ")" not in text.text[start:end]:
            start += 1  # the bracket belongs to the sentence
        announced_so = PHONE in said.expected or evidence.context in STRICT_WORDS
        if number.form in _NEEDS_WORDS and not announced_so:
            return None
        facts = [("country", number.country), ("type", number.kind)]
        if extension:
            end = extension.end()
            facts.append(("extension", "yes"))
        return Span(
            PHONE, start, end, score, self.name, _REASON[number.form], number.e164, evidence,
            tuple((key, value) for key, value in facts if value), bool(_DRAMA.fullmatch(number.e164)),
        )  # fmt: skip


def _runs(body: str, low: int, high: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, as written) of the runs of digits in a stretch of a text."""
    piece = body[low:high]
    # "09:14 07700 900123": a call log would read 14 as the beginning of the number.
    for run in _RUN.finditer(_TIME.sub(lambda time: " " * len(time.group()), piece) if ":" in piece else piece):
        yield low + run.start(), low + run.end(), run.group()


def _joined(body: str, start: int, end: int) -> bool:
    """Whether the run is a piece of a longer code or number."""
    before = body[start - 1] if start else " "
    if before == "=" and _PARAMETER.search(body, max(0, start - 24), start):
        before = " "
    if _BAD_BEFORE.match(before):
        # "T01908 880677" in a signature: one letter that stands alone.
        alone = start < 2 or not (body[start - 2].isalnum() or body[start - 2] in "_-")
        if not (before in "tTmMfFpP" and alone):
            return True
    after = body[end] if end < len(body) else " "
    return (after.isalnum() or after == "_") and not _EXTENSION.match(body, end)


def _promising(written: str) -> bool:
    """Whether a number can begin in the run: cheap tests turn away dates, IP addresses and plain counts."""
    rest = _DATE.sub(lambda date: " " * len(date.group()), written)
    start = _START.search(rest)
    if not start:
        return False
    digits = sum(map(str.isdigit, rest[start.start() :]))
    return digits >= 9 or (digits >= 7 and "0800" in written)


def _numbers(written: str) -> Iterator[_Number]:
    taken: list[tuple[int, int]] = []
    for drama in _UNASSIGNED.finditer(written):
        digits = "".join(filter(str.isdigit, drama.group("national")))
        form = _form(drama.group(), "GB")
        kind = "mobile" if digits.startswith("7") else "landline"
        taken.append(drama.span())
        yield _Number(*drama.span(), "+44" + digits, form, "GB", kind)
    if (0, len(written)) in taken:
        return
    if not taken and (british := read_british(written)):
        e164, kind = f"+44{british.national}", _TYPES.get(british.kind, "")
        yield _Number(0, len(written), e164, _form(written, ""), british.region, kind)
        return
    rest = _DATE.sub(lambda date: "\n" * len(date.group()), written)
    for match in phonenumbers.PhoneNumberMatcher(rest, "GB", leniency=phonenumbers.Leniency.VALID):
        if any(low < match.end and match.start < high for low, high in taken):
            continue
        yield from _described(match.number, match.start, match.end, _form(match.raw_string, ""))


def _possible(written: str) -> Iterator[_Number]:
    """A number with + that is in no numbering plan that the library knows: a country's code and a length in use."""
    try:
        number = phonenumbers.parse(written, "GB")
    except phonenumbers.NumberParseException:
        return
    digits = sum(map(str.isdigit, written))
    if 10 <= digits <= 15 and number.country_code != 44:
        yield from _described(number, 0, len(written), POSSIBLE)


def _read(digits: str, start: int, end: int, form: str) -> Iterator[_Number]:
    try:
        number = phonenumbers.parse(digits, "GB")
    except phonenumbers.NumberParseException:
        return
    if phonenumbers.is_valid_number(number):
        yield from _described(number, start, end, form)
    elif _DRAMA.fullmatch(e164 := f"+44{digits[1:]}"):
        yield _Number(start, end, e164, form, "GB", "mobile" if digits[1] == "7" else "landline")


def _described(number: phonenumbers.PhoneNumber, start: int, end: int, form: str) -> Iterator[_Number]:
    """The number with its country and type; nothing when it is written in a way that chance writes too."""
    country = phonenumbers.region_code_for_number(number) or ""
    home = number.country_code == 44
    if form == IDD and not home:
        form = FOREIGN_IDD
    if not form or (not home and form not in {PLUS, FOREIGN_IDD, POSSIBLE, ABROAD}):
        return
    plain = phonenumbers.PhoneNumber(country_code=number.country_code, national_number=number.national_number)
    plain.italian_leading_zero = number.italian_leading_zero
    plain.number_of_leading_zeros = number.number_of_leading_zeros
    e164 = phonenumbers.format_number(plain, phonenumbers.PhoneNumberFormat.E164)
    yield _Number(start, end, e164, form, country, _TYPES.get(phonenumbers.number_type(number), ""))


def _form(written: str, country: str) -> str:
    """How the number is written; "" when nothing but its length speaks for it."""
    bare = written.lstrip("( ")
    if bare.startswith("+"):
        return PLUS
    if bare.startswith("00"):
        return IDD
    if bare.startswith("0"):
        return PLAIN if written.isdigit() else NATIONAL
    return BARE44 if bare.startswith("44") or country else ""


def load(options: DetectorOptions) -> list[Detector]:
    """The detector of telephone numbers, for the countries whose numbers are wanted."""
    known = {region.lower(): region for region in phonenumbers.SUPPORTED_REGIONS}
    return [
        PhoneDetector(tuple(known[country] for country in options.countries if country in known and country != "gb"))
    ]
