"""A name and what stands around it go in, whether it is that of a firm, a street, a ship or a product comes out."""

import re
from collections.abc import Sequence
from functools import cache

from detectors.name_kinds import speaks_of_thing
from detectors.name_lists import look_up
from detectors.name_words import (
    announced_before,
    begins_sentence,
    greeted_before,
    known_things,
    namesakes,
    thing_before,
    thing_behind,
    title_before,
)
from detectors.name_words import words as listed

_LONGEST = 40  # letters of a known thing
SURNAMES = frozenset(
    {"hill", "park", "lane", "house", "way", "church", "street", "law", "gardens", "hall", "marsh", "place", "rose"}
)
# "the Henry hoover": people seldom have an article, but for "the Okafor family".
_ARTICLE = re.compile(r"(?<![^\W_])(?:the|an?)[ \u00a0]\Z", re.IGNORECASE)
_FAMILY = re.compile(
    r"(?:['\u2019]s?)? (?:famil|household|child|kids|brothers?|sisters?|twins?|case|girls?|boys?|couple)", re.IGNORECASE
)
# "Terry's Chocolate Orange", "Parkinson's disease"; but "Hui's number" and "Hui's school" are Hui's.
_PRODUCT = re.compile(
    r"['\u2019]s? (?:[A-Z][a-z]|(?:baby )?powder|gin|whisky|rum|soups?|sauce|chocolates?|crisps|biscuits|razor|law"
    r"|theorem|disease|syndrome|palsy|equation|paradox|dilemma|comet|lemma|cube|rice)"
)
# "Allen keys", "Simpson brushes".
_GOODS = re.compile(
    r" (?:screws?|keys|brush(?:es)?|razors?|ropes?|cables?|dancers|blades|wrench|kn(?:ife|ives)|mixer|hoover|jackets?"
    r"|trousers|crisps|biscuits|rods|pipes|taps|valves|tyres|whisky|gin|theorem|equation|scale|tests?|technique)\b"
)
# "James Hardie cladding": of two words, too, for nobody is followed by a material without a verb.
_MATERIAL = re.compile(
    r" (?:cladding|weatherboard(?:s|ing)?|guttering|plasterboard|flooring|roofing|sealant|adhesive|emulsion)\b"
)
_PARTNER = re.compile(r"[ \u00a0]?&[ \u00a0]?([A-Z][^\W\d_]*)")
_PARTNER_BEFORE = re.compile(r"([^\W\d_]{1,40})[ \u00a0]?&[ \u00a0]?\Z")
# "a voucher from John Lewis", "at Peter Jones", "a Paul Smith shirt"; but "at Paul Smith's request".
_AROUND = 50
_AT = re.compile(
    r"(?<![^\W_])(?:at|inside|outside|the new|branded|card payment|card purchase|contactless)\s{1,4}\Z", re.IGNORECASE
)
_BUYING = re.compile(
    r"(?<![^\W_])(?:bought|buy(?:ing)?|ordered|leased?|hired|rented|shop(?:ped|ping)|vouchers?|clothes|furniture|curtains)"
    r"[ \u00a0](?:[^.!?\n]{0,24}[ \u00a0])?(?:from|at|in)[ \u00a0]\Z",
    re.IGNORECASE,
)
_SOLD = re.compile(
    r"(?:['\u2019]s)? novels?\b| (?:shops?|branch(?:es)?|vouchers?|catalogues?|plc|suits?|shirts?|jackets?|shoes|polo"
    r"|dress(?:es)?|trainers|socks|perfumes?|aftershave|fragrances?|curtains|sofas?|cushions?|hampers?|brochures?"
    r"|betting|bookmakers?|lager|beers?|bitter|ales?|grills?|dealerships?|gyms?|(?:credit|gift|loyalty) cards?)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"([^\W\d_]{1,20})(?:,| and| or| &)[ \u00a0]\Z")
_BESIDE_BEHIND = re.compile(r"(?:,| and| or| &)[ \u00a0]([^\W\d_]{1,20})(?![\w-]| [A-Z])")
# "Sinclair & Wright Solicitors".
_FIRM = re.compile(
    r"(?:, [A-Z][\w'-]+)? (?:&|and) [A-Z][\w'-]+ (?:solicitors|accountants|associates|partners|llp|ltd|limited|builders"
    r"|surveyors|architects|plc|consulting)\b",
    re.IGNORECASE,
)

# Behind somebody: what things do not do, and an address of mail. In front: "… on Monday," said Jane Smith.
_SPEAKS = r"(?:said|says|told|asked|asks|rang|wrote|replied|answered|explained|emailed|thinks|thought)"
_SOMEBODY = re.compile(
    rf",?[ \u00a0](?:has )?{_SPEAKS}\b|[\"')]{{0,2}}[\s,:;\u2013-]{{0,3}}[<(\[]?(?:mailto:)?[\w.+-]{{1,64}}@\w"
)
_SOMEBODY_BEFORE = re.compile(rf"{_SPEAKS}[ \u00a0]\Z")


def is_thing(
    text: str, start: int, end: int, words: Sequence[str], *, listed_too: bool = True, certain: bool = False
) -> bool:
    """Whether a company, street or product bears the name: by the words behind it, in front of it or in it.

    `listed_too`: also by the list of things that are called like people; `certain`: whether a model is certain that it
    is somebody, so that neither the last word of the name, with which firms and places end ("Zhao Wing"), nor what the
    line speaks of is believed against it.
    """
    of_many = len(words) > 1
    within = of_many and (
        (not certain and words[-1] in listed("organisation") and words[-1] not in SURNAMES)
        or words[0] in listed("thing_before")
    )
    if within or thing_before(text, start) or _FIRM.match(text, end) or _MATERIAL.match(text, end):
        return True
    behind = thing_behind().match(text, end)
    if behind and not behind[0].islower():
        return True
    if behind and not of_many and not certain and behind[0][0] == " " and behind[0].split()[-1] not in listed("verb"):
        return True
    if not listed_too:
        return False
    return _is_listed(text, start, end, words) or (
        not certain and speaks_of_thing(text, start, end) and not tells_somebody(text, start, end)
    )


def tells_somebody(text: str, start: int, end: int) -> bool:
    """Whether what stands around a name tells that it is somebody's."""
    before = _SOMEBODY_BEFORE.search(text, max(0, start - 12), start)
    return bool(before or _SOMEBODY.match(text, end)) or announced_before(text, start)


def _is_listed(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    if len(words) == 1 and (_PRODUCT.match(text, end) or _GOODS.match(text, end)):
        return True
    name = " ".join(words)
    if name not in known_things():
        return False
    if not may_be_somebody(words):
        pair = len(words) == 2 and all(look_up(word).known for word in words)
        return not (pair and (title_before(text, start) or greeted_before(text, start)))
    if name in namesakes():
        return not (title_before(text, start) or announced_before(text, start)) and _sold(text, start, end)
    # "Dear Harry Potter", but "a book called Harry Potter", "visited Harvey Nichols".
    return not (title_before(text, start) or greeted_before(text, start))


def may_be_somebody(words: Sequence[str]) -> bool:
    """Whether the name of a known thing is a forename and a surname: somebody may be called so, too."""
    return len(words) == 2 and look_up(words[0]).given and look_up(words[1]).surname


def _sold(text: str, start: int, end: int) -> bool:
    """Whether what stands around the name of a shop or a work says that it is not one of its namesakes."""
    head = text[max(0, start - _AROUND) : start]
    for other in (_BESIDE.search(head), _BESIDE_BEHIND.match(text, end)):
        if other and _is_shop(other):
            return True
    possessive = text[end : end + 1] in {"'", "\u2019"}
    at = not possessive and (_AT.search(head) or _BUYING.search(head))
    return bool(at or _SOLD.match(text, end) or behind_article(text, start, end))


def _is_shop(match: re.Match[str]) -> bool:
    """Whether one word is the name of a shop and of nobody: "Waitrose", but not "Gleeson", "next" or a first "Next"."""
    word = match[1].lower()
    ordinary = word in listed("common") and (match[1].islower() or begins_sentence(match.string, match.start(1)))
    return word in known_things() and not look_up(word).known and not ordinary


def within_known(text: str, start: int, end: int) -> bool:
    """Whether the name is part of a longer one on the list of things that are called like people: "Captain Morgan"."""
    words = text[start:end].casefold().split()
    if not words:
        return False
    low = max(0, start - _LONGEST)
    window = text[low : end + _LONGEST].lower().replace("\u2019", "'")
    if len(window) != min(len(text), end + _LONGEST) - low:
        return False  # a letter with another number of letters in small
    for thing in _things_by_word().get(words[0], ()):
        at = window.find(thing)
        while at >= 0:
            whole = not window[at - 1 : at].isalnum() and not window[at + len(thing) :][:1].isalnum()
            if whole and low + at <= start and end <= low + at + len(thing) and len(thing) > end - start:
                return True
            at = window.find(thing, at + 1)
    return False


@cache
def _things_by_word() -> dict[str, list[str]]:
    """The known things of several words by each of these."""
    found: dict[str, list[str]] = {}
    for thing in known_things():
        if " " in thing:
            for word in thing.split():
                found.setdefault(word, []).append(thing)
    return found


def beside_ampersand(text: str, start: int, end: int) -> bool:
    """Whether the name is one of two, as those of partners are: "Marks & Spencer", but not "David & Sue"."""
    other = _PARTNER.match(text, end) or _PARTNER_BEFORE.search(text[max(0, start - 30) : start])
    known = look_up(other[1]) if other else None
    return known is not None and not (known.given and known.sure)


def behind_article(text: str, start: int, end: int) -> bool:
    """Whether an article stands in front, as it does with things, and no word for a family behind."""
    return bool(_ARTICLE.search(text[max(0, start - 5) : start])) and not _FAMILY.match(text, end)
