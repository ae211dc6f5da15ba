"""The people found in a text go in, those come out who are named there again by one half of their name."""

import re
from collections.abc import Iterator, Sequence

from detectors.name_like import is_name_only
from detectors.name_parts import Part
from detectors.name_things import is_thing
from detectors.name_words import TITLES, begins_sentence, known_things
from detectors.name_words import words as listed
from detectors.names_written import Word, without_capitals

SURE, FULL = 0.6, 0.5  # how well one must know a person to know him again, named by a half or in full
AGAIN = 0.7
GUESS = 0.5
CERTAIN_ALONE = 0.9  # how sure one must be of a lone name that is nothing else


def again(text: str, words: Sequence[Word], parts: Sequence[Part]) -> Iterator[Part]:
    """Bare forenames and surnames of people whom the same text names in full, with a title or without any doubt."""
    known = _known(parts, text)
    if not known:
        return
    taken = bytearray(len(text))
    for part in parts:
        # What the model only guesses at may be somebody known.
        taken[part.start : part.end] = (b"1" if part.score >= GUESS else b"\0") * (part.end - part.start)
    small = without_capitals(text)
    for index, word in enumerate(words):
        name = word.text.casefold()
        if name not in known or taken[word.start] or taken[word.end - 1]:
            continue
        ordinary = name in listed("common") or name in listed("ambiguous") or word.listed.word
        written = word.text[0].isupper() or (small and not ordinary and len(name) > 3)
        if not written or not _stands_alone(text, words, index, known) or _of_thing(words, index):
            continue
        if ordinary and (begins_sentence(text, word.start) or word.text.isupper()):
            continue
        if not is_thing(text, word.start, word.end, [name], listed_too=False):
            yield Part(word.start, word.end, AGAIN, "a name that the text gives elsewhere", name)


def _known(parts: Sequence[Part], text: str) -> set[str]:
    found: set[str] = set()
    for part in parts:
        words = re.findall(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*", text[part.start : part.end])
        if part.score < (FULL if len(words) > 1 else SURE):
            continue
        if len(words) > 1 or "title" in part.reason or "greeting" in part.reason or "announced" in part.reason:
            found |= {word.casefold() for word in words if len(word) > 1 and word.casefold() not in listed("particle")}
        elif words and part.score >= CERTAIN_ALONE and is_name_only(words[0]):
            found.add(words[0].casefold())
    return found - set(TITLES)


def _of_thing(words: Sequence[Word], index: int) -> bool:
    """Whether it is half of the name of a shop or a work that a namesake in the same text bears, too."""
    pairs = (words[max(0, index - 1) : index + 1], words[index : index + 2])
    return any(" ".join(word.text.casefold() for word in pair) in known_things() for pair in pairs if len(pair) == 2)


def _stands_alone(text: str, words: Sequence[Word], index: int, known: set[str]) -> bool:
    """Whether no other capitalised word stands directly beside it: "Mill Hill" is not Mr Hill."""
    word = words[index]
    mention = text[max(0, word.start - 2) : word.start].strip() == "@"  # "@Guowei, many thanks", but no address
    if word.start and text[word.start - 1] in "@_/\\." and not mention:
        return False
    if text[word.end : word.end + 1] in {"@", "_", "/", "\\"} or text[word.end : word.end + 2][1:].isdigit():
        return False
    for other, gap in (
        (words[index - 1] if index else None, text[words[index - 1].end : word.start] if index else ""),
        (
            words[index + 1] if index + 1 < len(words) else None,
            text[word.end : words[index + 1].start] if index + 1 < len(words) else "",
        ),
    ):
        if other is None or gap not in {" ", "-", " & "} or not other.text[0].isupper() or word.text.isupper():
            continue
        lowered = other.text.casefold()
        if lowered not in known and lowered not in listed("common") and lowered not in TITLES:
            return False
    return True
