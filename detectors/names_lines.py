"""A text of several lines goes in, the people come out whom its layout tells: lists, fields, speakers, letters."""

import re
from collections import Counter
from collections.abc import Iterator

from detectors.labels import announced, label_words
from detectors.name_cells import looks_like_names
from detectors.name_like import may_be_forename
from detectors.name_lists import look_up
from detectors.name_parts import NAME_WORD, PERSON, TITLED, Part, in_identifier, one_form
from detectors.name_things import is_thing
from detectors.name_words import words as listed
from detectors.names_written import BOTH_SURE, SMALL, alike

BY_FIELD = 0.64

_CELL = re.compile(
    r"(?:^|[ ]{2}|\t)(?P<cell>[A-Z][\w'\u2019.-]{0,30}(?: [A-Z][\w'\u2019-]{1,30}){1,3})(?=[ ]{2}|\t|$)", re.MULTILINE
)
_TURNED = re.compile(
    r"^[ \t>*\u2022-]{0,8}(?P<surname>[^\W\d_][\w'\u2019-]{1,30}(?: [^\W\d_][\w'\u2019-]{1,30})?)(?P<comma>,)? "
    r"(?P<given>[^\W\d_][\w'\u2019-]{1,30}(?: [^\W\d_]\.?)?)[ \t]*$",
    re.MULTILINE,
)
_FIELD = re.compile(
    r"^[ \t>*\u2022-]{0,8}(?P<label>[^\W\d_][\w'\u2019 /()-]{1,40})(?::[ \t]*|\t+)(?P<value>[^\s:][^\n]{1,300})$",
    re.MULTILINE,
)
_ASIDE = re.compile(r"\([^()\n]{0,60}\)|(?<![ \t])[ \t]+[-\u2013][ \t].*")
_BETWEEN = re.compile(r"[,;/&\t]| and (?=\S)", re.IGNORECASE)
_SPEAKER = re.compile(r"^(?P<name>[^\W\d_][\w'\u2019-]{1,30}(?: [^\W\d_][\w'\u2019-]{1,30}){0,2}):[ \t]", re.MULTILINE)
# Both in small letters: to look for one of many words in any case takes five times as long.
_GREETED = re.compile(
    r"(?:dear|hi|hello|hey|morning|afternoon|evening)[ \u00a0]{1,2}"
    r"(?P<name>[^\W\d_]+(?:['\u2019-][^\W\d_]+)*)[ \t]*(?=[,\n!.-]|\Z)"
)
_SIGNED = re.compile(
    r"(?:regards|wishes|sincerely|faithfully|thanks|cheers|ta|best|love|yours|thank you)[,.!]?[ \t]{0,4}\n"
    r"[ \t>]{0,4}\n?[ \t>]{0,4}(?P<name>[^\W\d_]+(?:['\u2019-][^\W\d_]+)*)[ \t]*(?=\n|\Z)"
)
# The last line of a text, below the end of a sentence or a blank line.
_AT_END = re.compile(
    r"(?:[.!?]|\n[ \t>]{0,4})[ \t]{0,4}\r?\n"
    r"[ \t>]{0,4}(?P<name>[^\W\d_a-z][^\W\d_]{1,30}(?:-[^\W\d_]{1,30})?)[ \t>]{0,4}\s{0,4}\Z"
)
_MONTHS = frozenset({"april", "may", "june", "august"})
_LAST = 80  # characters in which that is looked for
_UNDER_HEADING = re.compile(
    r"(?im:^[ \t]*(?:curriculum vitae|c\.?v\.?|r[e\u00e9]sum[e\u00e9])[ \t]*(?::[ \t]*)?)\r?\n\s{0,8}"
    r"(?P<name>[^\W\d_a-z][\w'\u2019.-]{0,30}(?: [^\W\d_a-z][\w'\u2019.-]{0,30}){1,3})[ \t]*(?=\r?\n|\Z)"
)


def laid_out_names(text: str) -> Iterator[Part]:
    """Everybody whom the layout tells; parts may overlap."""
    yield from _turned(text)
    yield from _fields(text)
    yield from _speakers(text)
    yield from _greeted(text)
    yield from _in_cells(text)
    yield from _under_heading(text)


def _under_heading(text: str) -> Iterator[Part]:
    """The line under "Curriculum vitae", also when it could be a street: "Otto Lane"."""
    for match in _UNDER_HEADING.finditer(text):
        shown = match["name"]
        first = look_up(shown.split()[0])
        if first.known and not first.word and looks_like_names(shown, sure=True):
            yield Part(*match.span("name"), BOTH_SURE, "a name under a heading", one_form(shown, turned=False))


def _turned(text: str) -> Iterator[Part]:
    """Lines such as "SMITH, John" and "SMITH John"."""
    for match in _TURNED.finditer(text):
        surname, given = match["surname"], match["given"].split()[0]
        of_surname, of_given = look_up(surname.split()[-1]), look_up(given)
        capitals = surname.isupper() and not given.isupper()
        if not (match["comma"] or capitals) or not of_given.given or not alike(surname, given):
            continue
        known = of_surname.surname and (of_given.sure or of_surname.sure)
        if not known and not (of_given.sure and surname.casefold() not in listed("common") and surname[0].isupper()):
            continue
        start, end = match.start("surname"), match.end("given")
        value = one_form(f"{surname}, {match['given']}", turned=True)
        yield Part(start, end, BOTH_SURE if known else SMALL, "surname first", value)


def _fields(text: str) -> Iterator[Part]:
    """The names behind "Present:", "Signed:" and their like, one or several."""
    for match in _FIELD.finditer(text):
        label = label_words(match["label"])
        if not (PERSON in announced(match["label"]).expected or set(label.split()) & listed("field")):
            continue
        at = match.start("value")
        value = _ASIDE.sub(lambda aside: " " * len(aside.group()), match["value"])
        for piece, start in _pieces(value):
            yield from _field_name(text, piece, at + start)


def _pieces(value: str) -> Iterator[tuple[str, int]]:
    start = 0
    for between in _BETWEEN.finditer(value):
        yield value[start : between.start()], start
        start = between.end()
    yield value[start:], start


def _field_name(text: str, piece: str, offset: int) -> Iterator[Part]:
    start = offset + len(piece) - len(piece.lstrip())
    shown = piece.strip(" .\t")
    lead = TITLED.match(shown)
    start, shown = start + (lead.end() if lead else 0), shown[lead.end() :] if lead else shown
    words = [word.strip(".").casefold() for word in NAME_WORD.findall(shown)]
    if (
        not words
        or len(words) > 5
        or not looks_like_names(shown, sure=True)
        or in_identifier(text, start, start + len(shown))
    ):
        return
    if all(word in listed("common") for word in words) or is_thing(text, start, start + len(shown), words):
        return
    known = [look_up(word) for word in words]
    sure = any(one.sure for one in known)
    if len(words) > 1 and sure and all(one.known or len(word) < 3 for one, word in zip(known, words, strict=True)):
        score = BY_FIELD
    else:
        likely = shown[0].isupper() and looks_like_names(shown, sure=False)
        score = SMALL if likely or (sure and len(words) == 1 and words[0] not in listed("common")) else 0.0
    if score:
        yield Part(start, start + len(shown), score, "a name in a field for names", one_form(shown, turned=False))


def _speakers(text: str) -> Iterator[Part]:
    """Names such as "SMITH: Yes." at the start of lines, of somebody who speaks twice or of three who speak."""
    found = [match for match in _SPEAKER.finditer(text) if _speaks(match["name"])]
    if len(found) > 1:
        turns = Counter(match["name"] for match in found)
        if max(turns.values()) > 1 or len(turns) > 2:
            for match in found:
                yield Part(*match.span("name"), SMALL, "the name of a speaker", one_form(match["name"], turned=False))


def _speaks(name: str) -> bool:
    known = [look_up(word) for word in name.split()]
    return (
        all(one.known for one in known) and any(one.sure for one in known) and name.casefold() not in listed("common")
    )


def _greeted(text: str) -> Iterator[Part]:
    lowered = text.replace("\u0130", "i").lower()  # İ is the one letter that is longer in small
    for match in _GREETED.finditer(lowered):
        if not match.start() or lowered[max(0, match.start() - 5) : match.start()].rstrip(" ")[-1:] in {"\n", ">"}:
            yield from _named(text, match.span("name"), "a name in a greeting")
    for match in _SIGNED.finditer(lowered):
        yield from _named(text, match.span("name"), "a name under a letter")
    for match in _AT_END.finditer(text, max(0, len(text) - _LAST)):
        lowered = match["name"].casefold()
        if may_be_forename(match["name"]) and lowered not in _MONTHS | listed("place"):
            yield from _named(text, match.span("name"), "a name under a letter")


def _named(text: str, span: tuple[int, int], reason: str) -> Iterator[Part]:
    word = text[slice(*span)]
    known, lowered = look_up(word), word.casefold()
    if (known.surname or may_be_forename(word)) and lowered not in listed("common") and len(word) > 1:
        sure = known.sure and lowered not in listed("ambiguous")
        if sure or word[0].isupper():
            yield Part(*span, BOTH_SURE if sure else SMALL, reason, one_form(word, turned=False))


def _in_cells(text: str) -> Iterator[Part]:
    """Names that stand for themselves between wide gaps: "1st   Penny Fox    Hamper"."""
    for match in _CELL.finditer(text):
        start, end = match.span("cell")
        shown = match["cell"]
        words = [word.strip(".").casefold() for word in NAME_WORD.findall(shown)]
        line = text[text.rfind("\n", 0, start) + 1 : text.find("\n", end) if "\n" in text[end:] else len(text)]
        if len(words) < 2 or line.strip() == shown.strip() or not looks_like_names(shown, sure=False):
            continue
        first, last = look_up(words[0]), look_up(words[-1])
        initials = len(words[0]) < 3 and shown[: len(words[0])].isupper() and words[0] not in listed("no_initials")
        thing = any(words[-1] in listed(name) for name in ("organisation", "place")) or is_thing(
            text, start, end, words
        )
        forename = (first.given and first.sure) or (last.surname and may_be_forename(words[0]))
        if (initials or forename) and not thing:
            yield Part(start, end, SMALL, "a name between wide gaps", one_form(shown, turned=False))
