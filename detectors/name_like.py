"""A word or a short text goes in, whether it may be, or hold, a name, which a slow model can tell, comes out."""

import re

from detectors.name_lists import look_up
from detectors.name_parts import has_humps
from detectors.name_words import TITLES, words

# A word with a capital, not in an address, a path or an identifier.
_CAPITAL = re.compile(r"(?<![\w@./\\$#-])[^\W\d_a-z][^\W\d_]+(?![\w@])")
_WORDS = re.compile(r"(?<![\w@./])[^\W\d_]{2,}(?![\w@])")
_NOT_LATIN = re.compile(r"[^\u0000-\u024f\u1e00-\u1eff]")
_OTHERWISE = ("common", "ambiguous", "organisation", "place", "figure")
FEW = 6  # words of a cell without a sentence in it, its label among them
_SMALL = re.compile(r"(?<![\w@./\\$#-])[a-z\u00df-\u00ff]{4,20}(?![\w@])")


def may_name(text: str) -> bool:
    """Whether there is a capitalised word that is not on the list of common ones, or a name in small letters."""
    common, forenames = words("common"), words("ambiguous")
    titled = False
    for match in _CAPITAL.finditer(text):
        word = match.group()
        lowered = word.lower()
        if titled or lowered in forenames:
            return True
        if lowered not in common and not has_humps(word):
            return True
        titled = lowered in TITLES
    # In small letters only a word that is a name and nothing else is worth the model's time.
    return any(look_up(word).sure and word not in common and word not in forenames for word in _SMALL.findall(text))


def lists_see_any(text: str) -> bool:
    """Whether a text holds what the lists take for a name, or, in a few words, what they cannot judge.

    The first: a title, a word with a capital that may be a forename, or a name that is nothing else. The second: other
    letters than Latin ones, or a word on no list that is written as a name is: "Tlaloc", "DeShawn".
    """
    found = _WORDS.findall(text)
    for word in found:
        if look_up(word).sure or word.lower() in TITLES or (not word.islower() and may_be_forename(word)):
            return True
    return len(found) <= FEW and any(_NOT_LATIN.search(word) or _is_unlisted(word) for word in found)


def _is_unlisted(word: str) -> bool:
    known = look_up(word)
    written = word[0].isupper() and not word.isupper() and not has_humps(word)
    return written and not (known.known or known.word or word.lower() in words("common"))


def may_be_forename(word: str) -> bool:
    """Whether a word is a listed forename, or one that is an ordinary word as well: "Jane", "Grace", "Faith"."""
    return look_up(word).given or is_word_too(word)


def is_word_too(word: str) -> bool:
    """Whether a word may be a forename and is an ordinary one as well: "Grace", "Faith"."""
    known = look_up(word)
    return (known.given and known.word) or word.lower() in words("ambiguous")


def is_name_only(word: str) -> bool:
    """Whether a word is a listed name and, by every list, nothing else: no word, no town, no part of a firm's name."""
    return look_up(word).sure and not any(word.casefold() in words(kind) for kind in _OTHERWISE)
