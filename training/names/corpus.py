"""Papers, taught passages and labelled tweets go in, long rows of words and tags come out, ready to train on."""

import json
import lzma
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors.name_lists import look_up
from detectors.tagger_words import split
from training.names.invent import FIRM, GIVEN, OTHER, PLACE, SURNAME, Inventor, Mark
from training.names.papers import paper
from training.names.people import Pool, somebody

REACH = 15  # words to each side that the network sees
# Labelled by hand, CC BY 4.0; section a is left for the benchmark, as are all the other labelled sets.
TWEETS = ("btc_b.conll", "btc_e.conll", "btc_f.conll", "btc_g.conll", "btc_h.conll")
_KINDS = {"PER": SURNAME, "ORG": FIRM, "LOC": PLACE}
Labelled = tuple[str, list[Mark]]
UNSURE = -1  # a word that training leaves out


def invented(pool: Pool, seed: int, count: int, *, whole_too: bool = True) -> Iterator[Labelled]:
    """Papers that the inventor makes, `whole_too`: those of papers.txt among them."""
    inventor = Inventor(pool, seed)
    for _ in range(count):
        page = paper(inventor, whole_too=whole_too)
        yield page.text, page.marks


def taught(path: Path) -> list[Labelled]:
    """Passages with what the teachers saw in them; what they were unsure of is left out."""
    found = []
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            marks = [Mark(a, b, FIRM) for a, b in row["firms"]] + [Mark(a, b, PLACE) for a, b in row["places"]]
            for start, end, score in row["people"]:
                marks = [one for one in marks if one.end <= start or one.start >= end]
                if score >= 0.5:
                    marks += _halves(row["text"], start, end)
                elif score > 0.35:
                    marks.append(Mark(start, end, UNSURE))
            found.append((row["text"], marks))
    return found


def tweets(data: Path) -> Iterator[Labelled]:
    """The Broad Twitter Corpus without the section of the benchmark; accounts (@name) are no people here."""
    for file in TWEETS:
        text, marks = "", []
        for line in [*(data / "ner" / file).read_text(encoding="utf-8").splitlines(), ""]:
            if not line.strip():
                if text:
                    yield text, marks
                text, marks = "", []
                continue
            word, _, tag = line.partition("\t")
            start = len(text) + 1 if text else 0
            text = f"{text} {word}" if text else word
            kind = _KINDS.get(tag.strip()[2:], OTHER)
            if kind and not word.startswith("@") and not text[:start].endswith("@ "):
                if kind == SURNAME:
                    marks += _halves(text, start, len(text), first=tag.startswith("B"))
                else:
                    marks.append(Mark(start, len(text), kind))


def renamed(labelled: Labelled, pool: Pool, rng: random.Random) -> Labelled:
    """The same passage about other people: each name is replaced by one of the lists, the same by the same."""
    text, marks = labelled
    out, kept, at = "", [], 0
    others: dict[str, str] = {}
    for mark in sorted(marks):
        if mark.start < at:
            continue
        out += text[at : mark.start]
        shown = text[mark.start : mark.end]
        if mark.kind in {GIVEN, SURNAME} and len(shown) > 2:
            person = somebody(pool, rng)
            new = others.setdefault(shown, person.given if mark.kind == GIVEN else person.surname)
            shown = new.upper() if shown.isupper() else new
        kept.append(Mark(len(out), len(out) + len(shown), mark.kind))
        out += shown
        at = mark.end
    return out + text[at:], kept


def cased(labelled: Labelled, rng: random.Random) -> Labelled:
    """Now and then in small letters or in capitals."""
    text, marks = labelled
    chance = rng.random()
    other = text.lower() if chance < 0.08 else text.upper() if chance > 0.94 else text
    return (other if len(other) == len(text) else text), marks


def _halves(text: str, start: int, end: int, first: bool = True) -> Iterator[Mark]:
    """A name by its words: the last is a surname, unless it is the only one and a listed forename."""
    words, at = [], start
    for word in split(text[start:end]):
        lead = len(word) - len(word.lstrip())
        if word.strip()[:1].isalpha():
            words.append((at + lead, at + len(word)))
        at += len(word)
    for number, (low, high) in enumerate(words):
        known = look_up(text[low:high])
        last = number == len(words) - 1
        alone = len(words) == 1 and first and known.given
        yield Mark(low, high, GIVEN if alone or not last else SURNAME)


def encode(texts: Sequence[Labelled], numbers: dict[str, int]) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Words as numbers and their tags in one row, texts apart; number 0 is the gap between texts."""
    words: list[int] = [0] * REACH
    tags: list[int] = [UNSURE] * REACH
    for text, marks in texts:
        kinds = np.zeros(len(text) + 1, dtype=np.int8)
        for start, end, kind in marks:
            kinds[start:end] = kind
        at = 0
        for word in split(text):
            words.append(numbers.setdefault(word, len(numbers)))
            lead = len(word) - len(word.lstrip(" "))
            kind = int(kinds[at + lead])
            # A hyphen or a stop within a name is not asked for.
            inside = kind in {GIVEN, SURNAME} and not word[lead : lead + 1].isalpha()
            tags.append(UNSURE if inside else kind)
            at += len(word)
        words += [0] * REACH
        tags += [UNSURE] * REACH
    return np.asarray(words, dtype=np.int32), np.asarray(tags, dtype=np.int8)


def distinct_words(words: NDArray[np.int32], room: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The distinct words of a stretch, with zeros up to `room` of them, and which of them stands at each place.

    Raises:
        ValueError: there are more; to leave some out would teach the network other words in their places.
    """
    distinct, places = np.unique(words, return_inverse=True)
    if len(distinct) > room:
        raise ValueError(f"{len(distinct)} distinct words in a stretch of {len(words)}, and room for {room}: raise it")
    padded = np.zeros(room, np.int32)
    padded[: len(distinct)] = distinct
    return padded, places.astype(np.int32)
