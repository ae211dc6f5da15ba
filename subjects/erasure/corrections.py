"""A text as it is written, an old value and a new one go in, the new value in the same written form comes out.

Capitals, the order of a name, initials, the spacing and prefix of a telephone number, the layout of an address are kept
as they were. Where it is not certain that the text is the old value, nothing comes out.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import phonenumbers

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\.?")
_GAP = r"[\s,;]+"


@dataclass(frozen=True, slots=True)
class Correction:
    """Old value and new value, as they were typed. `region` is the country of numbers without a prefix."""

    old: str
    new: str
    region: str = "GB"


def corrected(text: str, correction: Correction) -> str | None:
    """The new value as `text` writes the old one; None when `text` is something else, or it is not sure."""
    for way in _WAYS:
        if (made := way(text, correction)) is not None:
            return made
    return None


def _exact(text: str, correction: Correction) -> str | None:
    """The same words with the same spacing, in small letters, capitals, or as they are."""
    if text.casefold() != correction.old.casefold():
        return None
    return _cased(text, correction.old, correction.new)


def _cased(text: str, old: str, new: str) -> str:
    if text == old:
        return new
    for change in (str.lower, str.upper, str.title):
        if text == change(old):
            return change(new)
    return new


def _email(text: str, correction: Correction) -> str | None:
    if "@" not in correction.old or "@" not in correction.new:
        return None
    local, _, domain = text.partition("@")
    old_local, _, old_domain = correction.old.partition("@")
    new_local, _, new_domain = correction.new.partition("@")
    if (local.casefold(), domain.casefold()) != (old_local.casefold(), old_domain.casefold()):
        return None
    return f"{_cased(local, old_local, new_local)}@{_cased(domain, old_domain, new_domain)}"


def _phone(text: str, correction: Correction) -> str | None:
    """National and international forms; the digits of the new number stand in the groups of the old, if they fit."""
    old, new = _digits(correction.old, correction.region), _digits(correction.new, correction.region)
    if old is None or new is None or _digits(text, correction.region) != old:
        return None
    (country, old_number), (new_country, number) = old, new
    if country != new_country:
        return correction.new
    bare = re.sub(r"\D", "", text)
    lead = bare.removesuffix(old_number)
    # "+44 (0)7700": the nought in brackets is of no call, and stays.
    if bare == lead or lead.lstrip("0") not in {"", country, f"{country}0"}:
        return None
    return _regrouped(text, lead + number)


def _digits(text: str, region: str) -> tuple[str, str] | None:
    if not re.fullmatch(r"[\s+()\d./\u2010-\u2015\u00a0-]+", text):
        return None
    try:
        number = phonenumbers.parse(re.sub(r"\(0\)", "", text), region)
    except phonenumbers.NumberParseException:
        return None
    return str(number.country_code), phonenumbers.national_significant_number(number)


def _regrouped(text: str, digits: str) -> str:
    """The digits in the places of the digits of `text`; more go to the end, and what is left over falls away."""
    rest = list(digits)
    made = [(rest.pop(0) if rest else "") if char.isdigit() else char for char in text]
    return "".join(made).rstrip(" -./") + "".join(rest)


def _number(text: str, correction: Correction) -> str | None:
    """Numbers with letters (NINO, IBAN, a membership): spacing does not count, and is kept."""
    old, new = (re.sub(r"[\s.-]", "", one) for one in (correction.old, correction.new))
    if not re.search(r"\d", old) or "@" in old or re.sub(r"[\s.-]", "", text).casefold() != old.casefold():
        return None
    if len(old) != len(new):
        return correction.new
    chars = iter(new.lower() if text == text.lower() else new.upper() if text == text.upper() else new)
    return "".join(char if re.match(r"[\s.-]", char) else next(chars) for char in text)


def _name(text: str, correction: Correction) -> str | None:
    """Name order and initials: "Tolliver, Peggy", "P. Tolliver", "TOLLIVER Peggy"; the surname must be there."""
    old, new = correction.old.split(), correction.new.split()
    if len(old) < 2 or len(old) != len(new) or re.search(r"[\d@]", correction.old + correction.new):
        return None
    words = list(_WORD.finditer(text))
    if len(words) != len(old):
        return None
    last = len(old) - 1
    for order in (list(range(len(old))), [last, *range(last)]):
        # "Peggy Tolliver" read backwards is another name, unless a comma or the whole words say so.
        pieces = [_of_name(word[0], old[number], new[number]) for word, number in zip(words, order, strict=True)]
        whole = [word[0].casefold() == old[number].casefold() for word, number in zip(words, order, strict=True)]
        surely = all(whole) or (whole[order.index(last)] and (order[0] == 0 or "," in text))
        if surely and None not in pieces:
            return _in_places(text, words, [piece or "" for piece in pieces])
    return None


def _of_name(word: str, old: str, new: str) -> str | None:
    if word.casefold() == old.casefold():
        return _cased(word, old, new)
    bare = word.rstrip(".")
    if len(bare) == 1 and bare.casefold() == old[0].casefold():
        initial = new[0].upper() if bare.isupper() else new[0].lower()
        return initial + word[1:]
    return None


def _in_places(text: str, words: Sequence[re.Match[str]], pieces: Sequence[str]) -> str:
    made, done = "", 0
    for word, piece in zip(words, pieces, strict=True):
        made += text[done : word.start()] + piece
        done = word.end()
    return made + text[done:]


def _address(text: str, correction: Correction) -> str | None:
    """Lines of an address, with commas, line breaks or spaces between, capitals or not; also the postcode alone."""
    old, new = ([part.strip() for part in one.split(",")] for one in (correction.old, correction.new))
    if len(old) < 2 or not re.search(r"\d", correction.old):
        return None
    pattern = "(.*?)".join(r"\s*".join(map(re.escape, part.split())) for part in old)
    found = re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL)
    if found and all(not gap.strip(", \t\r\n;") for gap in found.groups()):
        gaps = list(found.groups())
        capitals: Callable[[str], str] = (
            str.upper if text == text.upper() else str.lower if text == text.lower() else str
        )
        lines = [capitals(part) for part in new]
        gaps += [gaps[-1]] * (len(lines) - 1 - len(gaps))
        return "".join(line + gap for line, gap in zip(lines, [*gaps[: len(lines) - 1], ""], strict=True))
    return _number(text, Correction(_postcode(old[-1]), _postcode(new[-1]))) if _postcode(old[-1]) else None


def _postcode(part: str) -> str:
    found = re.search(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}$", part, re.IGNORECASE)
    return found[0] if found else ""


def _date(text: str, correction: Correction) -> str | None:
    """Days, in the layout in which they stand: 12/03/1952, 1952-03-12, 12 March 1952."""
    old, new = (_day(one) for one in (correction.old, correction.new))
    if old is None or new is None:
        return None
    for layout in _LAYOUTS:
        try:
            found = datetime.strptime(text, layout).date()
        except ValueError:
            continue
        if found != old:
            continue
        made = new.strftime(layout)
        return made if text == found.strftime(layout) else re.sub(r"\b0(?=\d\b)", "", made)
    return None


def _day(text: str) -> date | None:
    for layout in _LAYOUTS:
        try:
            return datetime.strptime(text, layout).date()
        except ValueError:
            continue
    return None


_LAYOUTS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d/%m/%y", "%Y/%m/%d")
_WAYS = (_date, _email, _phone, _name, _address, _exact, _number)
