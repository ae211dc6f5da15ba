"""A text goes in, the people come out whom the way of writing and the lists of names tell without the model."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from detectors.name_like import may_be_forename
from detectors.name_lists import Listed, look_up
from detectors.name_parts import NAME_WORD, Part, in_identifier, one_form, only_forename
from detectors.name_things import behind_article, is_thing
from detectors.name_words import TITLES, begins_sentence
from detectors.name_words import words as listed

A_LETTER = 80  # characters; a cell is less
BOTH_SURE, ONE_SURE, BY_TITLE, SMALL, LONE = 0.64, 0.52, 0.8, 0.55, 0.5
LISTED_PAIR = "listed forename and surname"

_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_AFTER_TITLE = re.compile(
    r"(?<![\w.@/-])(?P<title>[Mm]rs?|MRS?|Ms|Miss|Mx|[Dd]r|DR|Prof|Professor|Rev|Reverend|Cllr|CLLR|cllr"
    r"|Councillor|Dame|Capt|Captain|Sgt|Sergeant|Cpl|Lt|Rabbi|Imam)\.?[ \u00a0]{1,2}"
    r"(?P<name>(?:[^\W\d_a-z][\w'\u2019-]{0,30}\.?[ \u00a0]){0,2}[^\W\d_a-z][^\W\d_]*(?:['\u2019-][^\W\d_]+)*(?<=..)"
    r"|[a-z]{3,30}(?![\w@.-]\w))"
)
_PLACE_BEFORE = re.compile(r"[A-Z][a-z]+ $")
_INITIALLED = re.compile(
    r"(?<![\w.'\u2019&/-])(?P<letters>(?:[^\W\d_]\.[ \u00a0]?){1,3}|[A-Z]{1,2}[ \u00a0])(?=[^\W\d_])"
    r"(?P<surname>(?:(?:van|der|de|da|dos|al|el|Van|De|Da|Mac|Ni)[ -]){0,2}[^\W\d_]+(?:['\u2019-][^\W\d_]+)*)"
)
_HOUSEHOLD = re.compile(
    r"(?<![^\W_])[Tt]he (?P<name>[A-Z][^\W\d_]+(?:['\u2019-][^\W\d_]+)*)"
    r" (?:family|household|children|twins|sisters|brothers)\b"
)
_MAILBOX = re.compile(r"(?<![\w.%+-])([^\W\d_]{2,30})[._-]([^\W\d_]{2,30})@")
_SHARED = frozenset({
    "accounts", "admin", "billing", "bookings", "careers", "centre", "church", "club", "college", "contact", "council",
    "desk", "enquiries", "events", "finance", "fundraising", "help", "hello", "hotel", "info", "jobs", "legal",
    "library", "mail", "marketing", "media", "membership", "news", "office", "orders", "payments", "payroll", "press",
    "reception", "returns", "sales", "school", "service", "services", "shop", "store", "support", "team", "training",
    "warehouse",
})  # fmt: skip
_FILE_END = re.compile(
    r"\.(?:docx?|pdf|xlsx?|pptx?|jpe?g|png|tiff?|txt|msg|eml|odt|ods|rtf|zip|csv|mp[34])\b", re.IGNORECASE
)
_FILE_WORDS = re.compile(
    r"(?<![^\W_])(?=(?P<first>[^\W\d_]{2,30})[_ .-](?P<second>[^\W\d_]{2,30}(?:-[^\W\d_]{2,30})?)(?![^\W_]))"
)


_FORENAME_AND_ONE = re.compile(r"\s*(?P<name>([A-Z][^\W\d_A-Z]+) ([A-Z][^\W\d_A-Z]+))\s*")


class Word(NamedTuple):
    """A word of a text and what the lists say of it."""

    start: int
    end: int
    text: str
    listed: Listed


def name_words(text: str) -> list[Word]:
    """The words of a text."""
    if "'" not in text and "\u2019" not in text:
        return [Word(match.start(), match.end(), match[0], look_up(match[0])) for match in _TOKEN.finditer(text)]
    found = (match.span() for match in _TOKEN.finditer(text))
    bare = ((start, bare_end(text, start, end)) for start, end in found)
    return [Word(start, end, text[start:end], look_up(text[start:end])) for start, end in bare]


def bare_end(text: str, start: int, end: int) -> int:
    """Without a possessive."""
    return end - 2 if text[end - 2 : end - 1] in {"'", "\u2019"} and text[end - 1] in "sS" and end - start > 2 else end


def written_names(text: str, words: Sequence[Word]) -> Iterator[Part]:
    """Everybody whom form and lists tell; parts may overlap."""
    yield from titled(text)
    yield from _pairs(text, words)
    yield from _together(text, words)
    yield from _lone(text, words)
    if "@" in text:
        yield from _with_address(text, words)
    yield from _initialled(text)
    yield from _filed(text)
    yield from _households(text)


def alone_in_cell(text: str) -> Iterator[Part]:
    """A listed forename and a surname on no list that are the whole text: "Thomas Eastgate".

    Nothing around them tells, and to a model a rare surname is often that of a place: where it sees but a faint chance
    of a name, the lists decide.
    """
    whole = _FORENAME_AND_ONE.fullmatch(text)
    if not whole or not only_forename(whole[2]) or look_up(whole[3]).known:
        return
    words = [whole[2].casefold(), whole[3].casefold()]
    ordinary = any(words[1] in listed(name) for name in ("common", "organisation", "place", "around"))
    if not ordinary and not is_thing(text, *whole.span("name"), words):
        value = one_form(whole["name"], turned=False)
        yield Part(*whole.span("name"), SMALL, "a listed forename alone with a surname", value)


def without_capitals(text: str) -> bool:
    """Whether a text is written in small letters but for a slip here and there."""
    return sum(map(str.isupper, text)) * 200 < len(text)


def titled(text: str) -> Iterator[Part]:
    """People whom a title alone tells, also in small letters: the model overlooks "P.S. mr tomlinson rang"."""
    for match in _AFTER_TITLE.finditer(text):
        start, end = match.span("name")
        words = [word.casefold() for word in NAME_WORD.findall(text, start, end)]
        capital = match["name"][0].isupper()
        # "12 Oak Dr Leeds" is a drive; "i miss the bus" and "ms word" are no ladies.
        drive = match["title"].casefold() == "dr" and _PLACE_BEFORE.search(
            text[max(0, match.start() - 30) : match.start()]
        )
        weak = not capital and match["title"].casefold() not in {"mr", "mrs", "dr", "cllr"}
        if drive or weak or any(map(_is_no_surname, words)) or words[-1] in listed("organisation"):
            continue
        if in_identifier(text, start, end):
            continue
        end = bare_end(text, start, end)
        score = BY_TITLE if capital else SMALL
        yield Part(start, end, score, "a name after a title", one_form(text[start:end], turned=False))


def _is_no_surname(word: str) -> bool:
    return word in listed("common") and not look_up(word).surname


def _pairs(text: str, words: Sequence[Word]) -> Iterator[Part]:
    """A listed forename with a listed surname behind it, or before it."""
    index = 0
    while index < len(words) - 1:
        first = words[index]
        reach = _reach(text, words, index) if first.listed.known else index
        if reach > index:
            last = words[reach]
            score = _pair_score(first, last)
            lowered = [word.text.casefold() for word in words[index : reach + 1]]
            before = words[index - 1] if index and text[words[index - 1].end : first.start] == " " else None
            if (
                score
                and not _within_capitals(text, before, first)
                and not is_thing(text, first.start, last.end, lowered)
            ):
                turned = not first.listed.given
                value = one_form(text[first.start : last.end], turned=False)
                if turned:
                    value = " ".join([*value.split()[1:], value.split()[0]])
                yield Part(first.start, last.end, score, LISTED_PAIR, value)
                index = reach
        index += 1


def _together(text: str, words: Sequence[Word]) -> Iterator[Part]:
    """Forenames that stand with others: "Parisa and Yusuf", "Parisa, Yusuf"."""
    joined = [word for word in words if word.text.casefold() not in {"and", "or"}]
    for first, second in pairwise(joined):
        if text[first.end : second.start] not in {", ", " and ", " & ", " or ", "/", " / ", "; "}:
            continue
        for word in (first, second):
            if not (word.listed.given and word.listed.sure) or _beside_capitals(text, word):
                break
        else:
            for word in (first, second):
                yield Part(word.start, word.end, SMALL, "forenames side by side", one_form(word.text, turned=False))


def _with_address(text: str, words: Sequence[Word]) -> Iterator[Part]:
    """Two words that an e-mail address of the same text joins: "Thomas Eastgate: thomas.eastgate@example.org"."""
    joined = {(match[1].casefold(), match[2].casefold()) for match in _MAILBOX.finditer(text)}
    for first, second in pairwise(words if joined else ()):
        pair = (first.text.casefold(), second.text.casefold())
        if pair not in joined or text[first.end : second.start] != " " or in_identifier(text, first.start, second.end):
            continue
        # "Chelsea Team" has a mailbox, too: one must be known as a name and as nothing else, the other be no word.
        known = any(word.listed.known and not word.listed.word for word in (first, second))
        other = any(one in _SHARED or one in listed("common") or one in listed("organisation") for one in pair)
        if known and not other and not is_thing(text, first.start, second.end, list(pair)):
            value = one_form(text[first.start : second.end], turned=False)
            yield Part(first.start, second.end, BY_TITLE, "a name that an e-mail address holds", value)


def _lone(text: str, words: Sequence[Word]) -> Iterator[Part]:
    """Forenames that are nothing else, in texts without capitals: the model is weak there."""
    if len(text) < A_LETTER or not without_capitals(text):
        return
    for word in words:
        lowered = word.text
        if not (word.listed.given and word.listed.sure) or len(lowered) < 4 or not lowered.islower():
            continue
        if any(lowered in listed(name) for name in ("common", "ambiguous", "figure", "place")):
            continue
        thing = is_thing(text, word.start, word.end, [lowered]) or behind_article(text, word.start, word.end)
        if not thing and not in_identifier(text, word.start, word.end):
            yield Part(word.start, word.end, LONE, "a listed forename", lowered)


def _beside_capitals(text: str, word: Word) -> bool:
    """Whether the word is part of a longer name, or small."""
    return word.text.islower() or bool(
        re.search(r"[A-Z][\w'\u2019.]* \Z", text[max(0, word.start - 24) : word.start])
        or re.match(r" [A-Z]", text[word.end : word.end + 2])
    )


def _reach(text: str, words: Sequence[Word], index: int) -> int:
    """The number of the last word of a name that begins at `index`, or `index` itself."""
    first, reach, at = words[index], index, index + 1
    while at < len(words) and at - index < 5 and text[words[at - 1].end : words[at].start] in {" ", ". ", "\u00a0"}:
        word = words[at]
        if text[words[at - 1].end] == "." and len(words[at - 1].text) > 1:
            break
        if not alike(first.text, word.text) and word.text.casefold() not in listed("particle"):
            break
        if word.listed.known and (word.listed.surname or not first.listed.given):
            reach = at
        elif len(word.text) > 1 and word.text.casefold() not in listed("particle") and not word.listed.given:
            break
        at += 1
    return reach


def alike(first: str, other: str) -> bool:
    """Both small, or both with a capital."""
    return first[0].isupper() == other[0].isupper()


def _pair_score(first: Word, last: Word) -> float:
    forward = first.listed.given and last.listed.surname
    if not forward and not (first.listed.surname and last.listed.given):
        return 0.0
    sure = first.listed.sure + last.listed.sure
    common, ambiguous = listed("common"), listed("ambiguous")
    ordinary = any(name in common or name in ambiguous for name in (first.text.casefold(), last.text.casefold()))
    if first.text.islower() and (sure < 2 or ordinary or min(len(first.text), len(last.text)) < 3):
        return 0.0
    if ordinary and not (sure and first.text[0].isupper()):
        return 0.0
    if first.text.islower():
        return SMALL
    return BOTH_SURE if sure == 2 and forward else SMALL if sure == 2 else ONE_SURE if sure and forward else 0.0


def _within_capitals(text: str, before: Word | None, first: Word) -> bool:
    """Whether a capitalised word that is no title and no common one stands in front: a longer name, of a thing."""
    if before is None or not before.text[0].isupper() or first.text.isupper():
        return False
    if begins_sentence(text, before.start):
        return before.listed.sure
    lowered = before.text.casefold()
    return lowered not in TITLES and lowered not in listed("common") and lowered not in listed("around")


def _initialled(text: str) -> Iterator[Part]:
    for match in _INITIALLED.finditer(text):
        letters, surname = match["letters"], match["surname"]
        dotted, core = "." in letters, surname.split()[-1]
        known, lowered = look_up(core), surname.casefold()
        if len(core) < 2 or lowered in TITLES or letters.replace(".", "").strip().casefold() in listed("no_initials"):
            continue
        before = text[max(0, match.start() - 24) : match.start()]
        if not dotted and (not known.sure or core.isupper() or re.search(r"[A-Z][\w'\u2019.]* \Z", before)):
            continue
        small = core[0].islower()
        if dotted and (
            ((small or core.isupper()) and not known.surname) or (not known.known and lowered in listed("common"))
        ):
            continue
        if small and (letters.strip().casefold() in {"i.", "a.", "e.g.", "i.e.", "p.m.", "a.m.", "p.s."} or not dotted):
            continue
        start, end = match.start(), match.end()
        if is_thing(text, start, end, [lowered]) or in_identifier(text, start, end):
            continue
        score = BOTH_SURE if known.surname else SMALL
        yield Part(start, end, score, "initials before a surname", one_form(text[start:end], turned=False))


def _filed(text: str) -> Iterator[Part]:
    """Names in names of files: "CV_Jane_Smith.docx"."""
    for end in _FILE_END.finditer(text):
        low = max(text.rfind("\n", 0, end.start()), text.rfind("/", 0, end.start()), end.start() - 60, 0)
        for match in _FILE_WORDS.finditer(text, low, end.start()):
            first, second = look_up(match["first"]), look_up(match["second"])
            other = match["second"].casefold()
            fits = (may_be_forename(match["first"]) and second.surname) or (first.surname and second.given)
            rare = first.given and first.sure and other not in listed("common") and other not in listed("organisation")
            if ((fits and (first.sure or second.sure)) or (rare and not second.known)) and match["first"][
                0
            ].isupper() == match["second"][0].isupper():
                value = f"{match['first']} {match['second']}".casefold()
                yield Part(match.start(), match.end("second"), SMALL, "a name in the name of a file", value)


def _households(text: str) -> Iterator[Part]:
    """The surname of "the Galbraith family"."""
    for match in _HOUSEHOLD.finditer(text):
        name = match["name"].casefold()
        if look_up(match["name"]).surname and name not in listed("common") and name not in listed("organisation"):
            yield Part(*match.span("name"), SMALL, "the surname of a household", name)
