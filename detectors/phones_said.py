"""A run of digits and what stands around it go in, the word that calls it a telephone number comes out.

People abroad write the numbers of their own country without its code, and anybody mistypes: no numbering plan has
them, and only the words say what they are. So these have to stand directly at the number.
"""

import re

from detectors.context import find_nearest
from detectors.scoring import NAMES

# Numbers of other kinds.
AGAINST = (
    "order", "invoice", "ref", "reference", "account", "sort code", "nhs", "utr", "serial", "tracking", "isbn",
    "barcode", "card", "version", "imei", "sku", "policy number", "po number",
)  # fmt: skip
_THINGS = (
    "tel(?:ephone)?|phone|mobile|mob|cell(?:phone)?|fax|landline|whatsapp|switchboard|helpline|direct (?:line|dial)"
)
# "Tel. no.: ", "my phone number is "
_THING_BEFORE = re.compile(
    rf"\b({_THINGS})\b\.?(?:[ -]?(?:number|num|no|line)\b)?\.?(?: (?:is|was|on|at))?[ \t]?[:(=-]?[ \t]{{0,3}}\Z",
    re.IGNORECASE,
)
# "call me at ", "They're not answering at "
_VERB_BEFORE = re.compile(
    r"\b(call|ring|phone|text|reach|contact|whatsapp|dial|fax|answer)(?:ed|ing|s|able)?"
    r"(?: (?:me|us|him|her|them|you|back|someone|somebody|directly|only)){0,3} (?:on|at):?[ \t]{1,3}\Z",
    re.IGNORECASE,
)
_VERB_ALONE = re.compile(r"\b(call|ring|dial|phone|text) \Z", re.IGNORECASE)
# Nothing may follow the word: "4050-2213 Office chair" is a line of a price list.
_AFTER = re.compile(
    rf"(?:[ \t]?[-,(][ \t]?|[ \t]{{1,3}})({_THINGS}|office|home|work|desk)(?=[ \t]?(?:[\n\r,;|/)\\]|\.?\s*\Z))",
    re.IGNORECASE,
)
_PART_BEGINS = re.compile(r"(?:\A|[\n\r,;|])[ \t*-]{0,4}\Z")
MOBILE = "07"
# The groups in which Britain writes a mobile number: of a range that the library does not know yet, or one digit wrong.
_MOBILE = re.compile(r"\(?07[1-9][0-9]{2}\)?[ -][0-9]{3}[ -]?[0-9]{3}")
# "Order no. 07911 482 093": whatever it looks like, a word for another number in front says what it is.
_OTHER_NUMBERS = (*AGAINST, "acc", "part", "item", "policy", "po", "case", "id")
# "352099 001761 48 (IMEI)", and "Order by phone: 4050-2213", where the number may be that of the order or the shop's.
_NAMED_BEHIND = re.compile(rf"[ \t]?[(\[][ \t]?(?:{'|'.join(AGAINST)})\b", re.IGNORECASE)
_BY = re.compile(rf"\b(?:{'|'.join(AGAINST)})(?:s|ed|ing)?(?: (?:now|placed|taken|made|paid))? by \Z", re.IGNORECASE)
_WITHIN = 48  # characters in front that are looked at
_FEWEST, _MOST = 7, 15  # digits; fifteen is the longest that E.164 allows
# What no telephone number is written like, whatever word stands at it: a number of a file behind its year, millions,
# a place or another fraction, the number of a handset, a count in hundreds, and times of opening.
_NEVER = re.compile(
    r"(?:19|20)[0-9]{2}[-/][0-9].*|.*[ .,]000[ .,]000|[0-9]{1,3}(?:[.,][0-9]{3})*[.,]000|[1-9][0-9]{13,}"
    r"|[0-9]{1,3}\.[0-9]{4,}(?:[ ,]+-?[0-9]{1,3}\.[0-9]{4,})?"
    r"|[0-9]{1,2}\.[0-9]{2}(?: ?[-\u2013 ] ?[0-9]{1,2}\.[0-9]{2})+"
    r"|[0-9]{6}-[0-9]{6}-[0-9]{2}|[0-9]{2}-[0-9]{6}-[0-9]{6}-[0-9]|(?:[1-9]00[ ,.-]+){2,}[1-9]00"
    r"|(?:[01][0-9]|2[0-4])[0-5][0-9] ?[-\u2013] ?(?:[01][0-9]|2[0-4])[0-5][0-9]"
)
# Millions, too, are written like "12 345 678", and are millions of something.
_THOUSANDS = re.compile(r"[0-9]{1,2}(?:([ .])[0-9]{3})(?:\1[0-9]{3})+")
_OF_SOMETHING = re.compile(
    r" (?!(?:and|or|if|for|to|now|today|tomorrow|when|before|after|as|about)\b)\w", re.IGNORECASE
)
DATE = r"[0-9]{4}([-./])[0-9]{2}\1[0-9]{2}|[0-9]{1,2}([-./])[0-9]{1,2}\2(?:[0-9]{4}|[0-9]{2})"
# Addresses of computers, dates, and two years.
_OTHERS = re.compile(
    rf"(?<![0-9])(?:[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}|(?<![0-9][-./])(?:{DATE})"
    r"|(?:19|20)[0-9]{2} ?[-/\u2013 ] ?(?:19|20)[0-9]{2})(?![-./]?[0-9])"
)


def said_of(body: str, start: int, end: int, behind: int) -> str:
    """What says that the digits `body[start:end]` are somebody's telephone number; "" when nothing does.

    A word right beside them, or 07 for the groups of a British mobile number.

    `behind`: where the text goes on, after an extension if there is one.
    """
    written = body[start:end]
    digits = [one for one in written if one.isdigit()]
    if not _FEWEST <= len(digits) <= _MOST or len(set(digits)) < 3 or _OTHERS.search(written):
        return ""
    if _NEVER.fullmatch(written) or _NAMED_BEHIND.match(body, behind):
        return ""
    in_groups = not written.isdigit()
    before = body[max(0, start - _WITHIN) : start]
    word = _THING_BEFORE.search(before) or _VERB_BEFORE.search(before)
    if word and _BY.search(before, 0, word.start()):
        return ""
    if not word and in_groups:
        millions = _THOUSANDS.fullmatch(written)
        word = None if millions and _OF_SOMETHING.match(body, behind) else _VERB_ALONE.search(before)
        if not word and not millions and _PART_BEGINS.search(before):
            word = _AFTER.match(body, behind)
    if not word and _MOBILE.fullmatch(written):
        named, distance = find_nearest(body, start, end, _OTHER_NUMBERS, after=0, own_field=True)
        return "" if named and distance <= NAMES else MOBILE
    return word[1].lower() if word else ""
