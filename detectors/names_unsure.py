"""Texts go in, the name tags of our own tagger come out, weighed with those of a second reader where it is unsure.

The tagger reads everything. Where neither it nor the lists of names can decide, or where it sees a thing as well, the
second reader, which is several times slower, reads the line or sentence: less than a tenth of ordinary mail. What both
say is a mean of their log odds, in which the second reader counts most.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from detectors import second_reader, tagger
from detectors.name_like import is_word_too, lists_see_any
from detectors.name_lists import look_up
from detectors.name_parts import believed, only_forename
from detectors.name_things import SURNAMES
from detectors.name_words import TITLE_BEFORE, announced_before, begins_sentence, title_before
from detectors.name_words import words as listed
from detectors.rampart import Tag
from detectors.remembered import Reader

# What counts as a name by tagger and lists is worth a question up to the chance that the tagger alone gives it: where a
# list of names holds it, where none does. To ask about more takes longer, and finds a little more in news and chat.
KNOWN_UP_TO, UNKNOWN_UP_TO = 0.65, 0.95
DISPUTED = 0.2  # chance both of a name and of a thing from which it is, whatever the lists say
TRUST = 0.85  # share of the second reader in the mean of the log odds
A_NAME = 0.5  # chance from which a word counts as a name
THING, THING_TOO = 0.6, 0.5  # mean chance of a thing by the second reader, by the tagger, from which it is one
SURE = 0.8  # chance from which a forename that is a word as well is a name: below it the tagger is blind
SEEN = 0.05  # chance from which a word is looked at: what the lists say may raise it
LEAST_SEEN = 0.02  # chance below which the tagger sees no name at all in a cell
FAINT = 0.01  # chance that a reader leaves to a word which it does not tag
SUREST = 0.985  # chance above which no reader is believed, so that the other can outweigh him
BESIDE = 3  # characters between the words of one name
SURE_OF_COMMON = 0.9  # an ordinary word of the lists is worth a question only where the tagger all but knows it
_ADDRESS = 60  # characters of a web address that are looked at to each side
_UNIT_END = re.compile(r"\n|(?<=[a-z\d)][a-z\d)][.!?])[ \u00a0]{1,3}(?=[^\W\d_a-z\"'])")
# The same where all is small or all is capital: a shorter word is an abbreviation, "st. mary".
_UNIT_END_OF_ONE_CASE = re.compile(r"\n|(?<=[^\W_][^\W_][^\W_][.!?])[ \u00a0]{1,3}(?=[^\W\d_])")
_PAIR = re.compile(
    r"(?<![\w@./\\-])(?P<first>[A-Z][A-Za-z]{1,15})(?= (?P<last>[A-Z][A-Za-z]+(?:['\u2019-][A-Z][A-Za-z]+)*)(?![\w@]))"
)
Unit = tuple[int, int]


class Blind(NamedTuple):
    """Where words begin at which the tagger is no judge, and the words beside them that it takes for names."""

    starts: set[int]
    beside: set[int]


def doubted(pieces: Sequence[str]) -> list[list[Tag]]:
    """What the second reader says of lines and sentences, the faintest chances among it.

    Raises:
        ModelError: the model is missing or has been changed.
    """
    return second_reader.tag(pieces, FAINT)


def tag(texts: Sequence[str], ask: Reader = doubted) -> list[list[Tag]]:
    """The words of each text that may be names, in order of their start.

    `ask` reads where the tagger is unsure.

    Raises:
        ModelError: a model is missing or has been changed.
    """
    first = tagger.tag(texts, FAINT)
    blind = [_blind(text, tags) for text, tags in zip(texts, first, strict=True)]
    unsure = [_unsure(text, tags, also) for text, tags, also in zip(texts, first, blind, strict=True)]
    # Lines repeat: quoted replies, footers.
    pieces = list(dict.fromkeys(text[slice(*one)] for text, own in zip(texts, unsure, strict=True) for one in own))
    second = dict(zip(pieces, ask(pieces), strict=True)) if pieces else {}
    found = []
    for text, tags, own, also in zip(texts, first, unsure, blind, strict=True):
        others = [
            one._replace(start=one.start + low, end=one.end + low)
            for low, high in own
            for one in second[text[low:high]]
        ]
        found.append(_likely(_agreed(tags, others, own, also) if own else tags))
    return found


def tag_short(texts: Sequence[str]) -> list[list[Tag]]:
    """The words that may be names of cells and short lines in which the tagger or the lists see any chance of one.

    Without a sentence around it the tagger is a poor judge of a name, but a good one of where there is none: there the
    second reader is not asked.

    Raises:
        ModelError: a model is missing or has been changed.
    """
    seen = tagger.tag(texts, FAINT)
    asked = [
        number
        for number, tags in enumerate(seen)
        if any(one.score >= LEAST_SEEN for one in tags) or lists_see_any(texts[number])
    ]
    found: list[list[Tag]] = [[] for _ in texts]
    second = doubted([texts[number] for number in asked])
    for number, others in zip(asked, second, strict=True):
        whole = [(0, len(texts[number]))]
        found[number] = _likely(_agreed(seen[number], others, whole, Blind(set(), set())))
    return found


def _likely(tags: Iterable[Tag]) -> list[Tag]:
    """Those that may be names, in order of their start."""
    return sorted((one for one in tags if one.score >= tagger.THRESHOLD), key=lambda one: one.start)


def takes_for_thing(text: str, start: int, end: int) -> bool:
    """Whether both readers, or the tagger without any doubt, take a stretch of a text for the name of a thing.

    Raises:
        ModelError: a model is missing or has been changed.
    """
    chance = tagger.thing_chance(text, start, end)
    if chance >= tagger.THING or chance < THING_TOO:
        return chance >= tagger.THING
    low, high = next(((low, high) for low, high in units(text) if low <= start < high), (start, end))
    (tags,) = second_reader.tag([text[low:high]], 0.0)
    own = [one.place for one in tags if start <= one.start + low < end]
    return bool(own) and sum(own) >= THING * len(own)


def _unsure(text: str, tags: Sequence[Tag], blind: Blind) -> list[Unit]:
    """The lines and sentences with a word of which it is open whether it is a name, the `blind` among them."""
    seen = [one for one in tags if one.score >= SEEN]
    at = sorted({one.start for one in tags if _is_open(text, one)}.union(_alone(text, seen), blind.starts))
    if not at:
        return []
    return [(low, high) for low, high in units(text) if bisect_left(at, low) < bisect_left(at, high)]


def _is_open(text: str, tag: Tag) -> bool:
    """Whether neither the tagger nor the lists decide: it sees as well a thing, or no name for sure."""
    word = text[tag.start : tag.end]
    if word.casefold() in listed("common") and tag.score < SURE_OF_COMMON:
        return False
    # "Café for Peggy Tolliver" is disputed between the tagger and the lists.
    forename = tag.place >= THING_TOO and word.istitle() and only_forename(word)
    disputed = forename or min(tag.score, tag.place) >= DISPUTED
    most = KNOWN_UP_TO if look_up(word).known else UNKNOWN_UP_TO
    unsure = tag.score < most and believed(text, tag.start, tag.end, tag) >= A_NAME
    return (disputed or unsure) and not _in_address(text, tag.start, tag.end)


@cache
def _words_too() -> re.Pattern[str]:
    """Forenames that are words as well, with a capital that no sentence begins with: "wrote to Mark"; no months."""
    both = {word for word in listed("ambiguous") - {"may", "june"} if look_up(word).given} | listed("forename_too")
    return re.compile(rf"(?<=[a-z,;] )(?:{'|'.join(sorted(word.title() for word in both))})(?![\w'\u2019-])")


def _alone(text: str, tags: Sequence[Tag]) -> Iterator[int]:
    """Where words begin that no list of names holds, with no name beside them and nothing that announces one.

    There the tagger errs, and where the capital is that of a sentence ("Came from") however certain it is.
    """
    names = [one for one in tags if one.score >= A_NAME]
    for number, one in enumerate(names):
        behind = number and one.start - names[number - 1].end <= BESIDE
        before = number + 1 < len(names) and names[number + 1].start - one.end <= BESIDE
        if behind or before or look_up(text[one.start : one.end]).known:
            continue
        if one.score >= UNKNOWN_UP_TO and not begins_sentence(text, one.start):
            continue
        if _in_address(text, one.start, one.end):
            continue
        if not announced_before(text, one.start) and not title_before(text, one.start):
            yield one.start


def _in_address(text: str, start: int, end: int) -> bool:
    """Whether the word stands in a web or e-mail address: whoever it names, it counts as none there."""
    head = text[max(0, start - _ADDRESS) : start]
    written = (head.split()[-1] if head[-1:].strip() else "") + text[start : end + _ADDRESS].split(maxsplit=1)[0]
    return "://" in written or "@" in written[1:]  # "@Guowei" is somebody


def _blind(text: str, tags: Sequence[Tag]) -> Blind:
    """What the tagger takes for words although they may be forenames, or a surname behind one."""
    found = {match.start() for match in _words_too().finditer(text)} - {one.start for one in tags if one.score >= SURE}
    # In capitals throughout nobody knows such names: "COULD YOU CHASE CHEN FANG".
    pairs = () if text.isupper() else [match for match in _PAIR.finditer(text) if is_word_too(match["first"])]
    names = {one.start for one in tags if believed(text, one.start, one.end, one) >= A_NAME} if pairs else set()
    beside = set[int]()
    for match in pairs:
        both, last = {match.start("first"), match.start("last")}, match["last"].lower()
        thing = last in listed("organisation") and last not in SURNAMES
        if match.start("last") in names or (look_up(last).surname and not thing):
            found |= both - names
            beside |= both & names
    return Blind(found, beside)


def _agreed(tags: Sequence[Tag], others: Sequence[Tag], asked: Sequence[Unit], blind: Blind) -> Iterator[Tag]:
    """The tags, those in what was `asked` with what the other reader says of them; and the words that only he tagged.

    Of words at which the tagger is blind he decides alone; those beside them that the tagger is sure of he does not
    take away: "Could Rich Banks come".
    """
    begins, ends = [one.start for one in others], [one.end for one in others]
    lows, shared = [low for low, _ in asked], set[int]()
    for one in tags:
        unit = bisect_right(lows, one.start) - 1
        if unit < 0 or one.start >= asked[unit][1]:
            yield one
            continue
        beside = range(bisect_right(ends, one.start), bisect_left(begins, one.end))
        shared.update(beside)
        chance = max((others[number].score for number in beside), default=FAINT)
        place = (1 - TRUST) * one.place + TRUST * max((others[number].place for number in beside), default=0.0)
        score = chance if one.start in blind.starts else _mean(one.score, chance)
        if one.start in blind.beside:
            score = max(score, one.score)
        yield one._replace(score=score, place=round(place, 3), weighed=True)
    for number, other in enumerate(others):
        if number not in shared:
            yield other if other.start in blind.starts else other._replace(score=_mean(FAINT, other.score))


def _mean(first: float, second: float) -> float:
    """The chance whose log odds are the mean of those of two chances, the second with the weight TRUST."""
    odds: float = _odds(first) ** (1 - TRUST) * _odds(second) ** TRUST
    return round(odds / (1 + odds), 3)


def _odds(chance: float) -> float:
    held = min(max(chance, FAINT), SUREST)
    return held / (1 - held)


def units(text: str) -> Iterator[Unit]:
    """Lines, and the sentences of long ones."""
    start, ends = 0, _UNIT_END_OF_ONE_CASE if text.islower() or text.isupper() else _UNIT_END
    for match in ends.finditer(text):
        if match.start() > start:
            if text[match.start()] != "\n" and TITLE_BEFORE.search(text, max(start, match.start() - 12), match.end()):
                continue
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)
