"""A short text goes in, whether it holds a word like a name, for which a slow model is worth asking, comes out."""

import re

from detectors.name_lists import look_up
from detectors.name_parts import has_humps
from detectors.name_words import TITLES, words

# A word with a capital, not in an address, a path or an identifier.
_CAPITAL = re.compile(r"(?<![\w@./\\$#-])[^\W\d_a-z][^\W\d_]+(?![\w@])")
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
