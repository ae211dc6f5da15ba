"""The blocks of one item and what is the subject's go in, the same blocks without anybody else come out.

Who somebody is was told by resolution, not by the letters of the name: a namesake's finding is another finding, and it
is taken out (DPA 2018 Schedule 2 paragraph 16). Text is replaced, never covered.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from subjects.access.extracts import Block, Mark, RowBlock, TextBlock

GONE = "[redacted]"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "lady", "lord"])


# PCI DSS 3.3 and 3.4: security codes and stripes are given to nobody, of a card number the last four digits.
_NEVER = frozenset(["CARD_SECURITY_CODE", "CARD_TRACK"])
_SHORTENED = "CREDIT_CARD"
_SELF = (None, "", "self")
LONG, AROUND = 5_000, 1_000  # characters: of a longer text what stands around the subject's data is given


@dataclass(frozen=True, slots=True)
class Own:
    """What is the subject's: ids of accepted findings, the value ids of those, and the words of all their names."""

    findings: frozenset[int]
    values: frozenset[int]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clean:
    """The blocks to disclose, how many findings of each type were taken out, and the values that stayed.

    `kept` are value ids: nothing else may be found in what is sent.
    """

    blocks: tuple[Block, ...]
    taken: Counter[str]
    kept: frozenset[int]


def words_of(names: Iterable[str]) -> frozenset[str]:
    """The words of names in small letters, titles left out."""
    return frozenset(word for name in names for word in _words(name))


def redact(blocks: Sequence[Block], own: Own) -> Clean:
    """Take everybody else out. Of tables only rows stay in which something is the subject's."""
    sight = _Sight(own, _shared_words(blocks, own), any(isinstance(block, RowBlock) for block in blocks))
    alone = not any(_is_other(mark, block, sight) for block in blocks for mark in block.marks)
    taken: Counter[str] = Counter()
    kept: set[int] = set()
    made: list[Block] = []
    for block in blocks:
        if sight.table and not any(_accepted(mark, own) for mark in block.marks):
            continue
        stays = [mark for mark in block.marks if _stays(mark, block, sight, alone)]
        goes = [mark for mark in block.marks if all(mark is not one for one in stays)]
        kept.update(mark.finding["value_id"] for mark in stays)
        # A finding that is split over cells has a mark in each.
        taken.update(kind for _, kind in {(mark.finding["finding_id"], mark.finding["entity_type"]) for mark in goes})
        made.append(_without(block, goes, stays))
    return Clean(tuple(made), taken, frozenset(kept))


@dataclass(frozen=True, slots=True)
class _Sight:
    """What is known while one item is read: `shared` words of the subject's names that others in it have, too."""

    own: Own
    shared: frozenset[str]
    table: bool


def _accepted(mark: Mark, own: Own) -> bool:
    return mark.finding["finding_id"] in own.findings


def _stays(mark: Mark, block: Block, sight: _Sight, alone: bool) -> bool:
    kind = mark.finding["entity_type"]
    if kind in _NEVER:
        return False
    if _accepted(mark, sight.own) or dict(mark.finding["facts"] or ()).get("own") == "yes":
        return True
    if kind == "PERSON":
        return not _is_other(mark, block, sight)
    if mark.finding["category"] == "special_category":
        return alone or _nearest_is_own(mark, block, sight)
    # An address or number that is the subject's in one place is so in another; a name is not.
    return isinstance(block, TextBlock) and mark.finding["value_id"] in sight.own.values


def _is_other(mark: Mark, block: Block, sight: _Sight) -> bool:
    """Whether a name is somebody else's: not accepted, and more or other than a part of the subject's own names."""
    if mark.finding["entity_type"] != "PERSON" or _accepted(mark, sight.own):
        return False
    words = _words(_text_of(block, mark))
    return len(words) != 1 or not words <= sight.own.words or bool(words & sight.shared)


def _shared_words(blocks: Iterable[Block], own: Own) -> frozenset[str]:
    """Words of the subject's name that a name of somebody else in this item has, too: alone they tell nobody."""
    names = [
        _words(_text_of(block, mark))
        for block in blocks
        for mark in block.marks
        if mark.finding["entity_type"] == "PERSON" and not _accepted(mark, own)
    ]
    return frozenset(word for words in names if len(words) > 1 for word in words & own.words)


def _nearest_is_own(mark: Mark, block: Block, sight: _Sight) -> bool:
    """Whether the person named last before the mark, or else first after it, is the subject."""
    people = [one for one in block.marks if one.finding["entity_type"] == "PERSON" and one.column == mark.column]
    if not people:
        return isinstance(block, RowBlock)
    before = [one for one in people if one.start <= mark.start]
    nearest = max(before, key=lambda one: one.start) if before else min(people, key=lambda one: one.start)
    return not _is_other(nearest, block, sight)


def _text_of(block: Block, mark: Mark) -> str:
    if isinstance(block, TextBlock):
        return block.text[mark.start : mark.end]
    return next((value[mark.start : mark.end] for number, _, value in block.cells if number == mark.column), "")


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold())) - _TITLES


def _without(block: Block, goes: Sequence[Mark], stays: Sequence[Mark]) -> Block:
    """The block without some marks; what stays of a card is its last four digits."""
    cards = [mark for mark in stays if mark.finding["entity_type"] == _SHORTENED]
    if isinstance(block, TextBlock):
        text = _cut(block.text, goes, cards)
        return replace(block, text=text if len(text) <= LONG else _around(block, goes, stays), marks=())
    anothers = any(mark.finding["role"] in _SELF for mark in goes) and all(
        mark.finding["role"] not in _SELF for mark in stays
    )
    kept = {mark.column for mark in block.marks}
    cells = tuple(
        # In somebody else's row the subject is, say, the next of kin: what nobody marked is that other person's.
        (
            number,
            label,
            GONE if anothers and value and number not in kept else _cut(value, _in(number, goes), _in(number, cards)),
        )
        for number, label, value in block.cells
    )
    return replace(block, cells=cells, marks=())


def _in(column: int, marks: Iterable[Mark]) -> list[Mark]:
    return [mark for mark in marks if mark.column == column]


def _around(block: TextBlock, goes: Sequence[Mark], stays: Sequence[Mark]) -> str:
    """Of a long text the stretches in which the subject is."""
    cards = [mark for mark in stays if mark.finding["entity_type"] == _SHORTENED]
    near = [replace(mark, start=max(0, mark.start - AROUND), end=mark.end + AROUND) for mark in stays]
    pieces = []
    for start, end in _merged(near):
        # A mark that the edge cuts through goes as a whole.
        inside = [
            replace(mark, start=max(0, mark.start - start), end=mark.end - start) for mark in goes if mark.end > start
        ]
        short = [replace(mark, start=mark.start - start, end=mark.end - start) for mark in cards if mark.start >= start]
        pieces.append(_cut(block.text[start:end], inside, short))
    return "\n[…]\n".join(pieces)


def _cut(text: str, marks: Iterable[Mark], cards: Iterable[Mark] = ()) -> str:
    """The text with each stretch replaced; stretches that overlap or touch are one."""
    stretches = dict.fromkeys(_merged(marks), GONE)
    for card in cards:
        if all(end <= card.start or card.end <= start for start, end in stretches):
            stretches[card.start, card.end] = card.finding["preview"]
    pieces = []
    done = 0
    for (start, end), words in sorted(stretches.items()):
        if start >= len(text):
            break
        pieces += [text[done:start], words]
        done = end
    return "".join([*pieces, text[done:]])


def _merged(marks: Iterable[Mark]) -> Iterator[tuple[int, int]]:
    first, last = -1, -1
    for mark in sorted(marks, key=lambda one: (one.start, one.end)):
        if mark.start > last:
            if last > first:
                yield first, last
            first, last = mark.start, mark.end
        else:
            last = max(last, mark.end)
    if last > first:
        yield first, last
