"""A name and its line go in, whether the line speaks of a kind of thing that is called so comes out: apples, ships."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

_AROUND = 100  # characters of a line that are looked at to each side
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_APART = str.maketrans({",": " ", "!": " ", "?": " ", "\n": "|", "-": " ", ".": " ", "\u2019": "'"})
_LAST = re.compile(r"[\s.-]+")
_WORD_BEFORE = re.compile(r"([^\W\d_]{1,20})\.?[ \u00a0]\Z")


class Kinds(NamedTuple):
    """The kinds of things, as numbers.

    `said`: by number, the words that tell of a kind; `pairs`: the kinds by the last two words of the names of things;
    `alone`: by names of one word, which are never looked for but tell with a capital what a line speaks of; `last`: the
    last words of the pairs, with which the names of nearly all people do not end.
    """

    said: tuple[tuple[str, ...], ...]
    pairs: dict[str, frozenset[int]]
    alone: dict[str, frozenset[int]]
    last: frozenset[str]


def speaks_of_thing(text: str, start: int, end: int) -> bool:
    """Whether a thing is called like what stands in the text from `start` to `end`, and its line speaks of such things.

    "Charles Ross" is an apple beside "orchard" or beside "James Grieve", and somebody anywhere else.
    """
    known = kinds()
    if _LAST.split(_plain([text[start:end]]))[-1] not in known.last:
        return False
    own = _pair(text, start, end)
    borne = known.pairs.get(own)
    if not borne:
        return False
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    behind = text[end : end + _AROUND].partition("\n")[0]
    around = f"{before} | {behind}".replace("\u2019", "'")
    words = _WORD.findall(around)
    pairs = {_plain(both) for both in pairwise(words)} - {own}
    alone = {word.lower() for word in words[1:] if word[0].isupper()}
    others = [*map(known.pairs.get, pairs), *map(known.alone.get, alone)]
    if any(borne & other for other in others if other):
        return True
    small = around.lower()
    return any(_pattern(known.said[kind]).search(small) for kind in borne)


def _pair(text: str, start: int, end: int) -> str:
    """The last two words of a name in small letters; of a single word, with the word before it: "Mrs Crimble"."""
    words = _WORD.findall(text, start, end)
    if len(words) == 1:
        before = _WORD_BEFORE.search(text, max(0, start - 22), start)
        words = [before[1], *words] if before else words
    return _plain(words[-2:])


def _plain(words: Sequence[str]) -> str:
    return " ".join(words).lower().replace("\u2019", "'")


@cache
def _pattern(said: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words that tell of a kind. Made when it is first asked about: few scans meet many kinds."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, said))})(?!\w)")


@cache
def kinds() -> Kinds:
    """The kinds of rules/name_kinds.txt."""
    text = (files("detectors") / "rules" / "name_kinds.txt").read_text(encoding="utf-8")
    told, pairs, alone = [], dict[str, frozenset[int]](), dict[str, frozenset[int]]()
    for number, block in enumerate(re.split(r"^\[\w+\]\n", text, flags=re.MULTILINE)[1:]):
        said, _, names = block.partition("\n")
        told.append(tuple(said.split(", ")))
        own = frozenset({number})
        for name in names.lower().translate(_APART).split("|"):
            words = [word for word in name.split() if word[0].isalpha()]
            if words:
                found = pairs if len(words) > 1 else alone
                shown = " ".join(words[-2:])
                found[shown] = found[shown] | own if shown in found else own
    return Kinds(tuple(told), pairs, alone, frozenset(pair.partition(" ")[2] for pair in pairs))
