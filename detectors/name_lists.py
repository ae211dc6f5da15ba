"""A word goes in, what the lists of names say of it comes out: a forename, a surname, an ordinary word besides."""

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple


class Listed(NamedTuple):
    """Whether a word is a listed forename or surname, and whether it is an ordinary word, too."""

    given: bool
    surname: bool
    word: bool

    @property
    def known(self) -> bool:
        """Whether the word is a name."""
        return self.given or self.surname

    @property
    def sure(self) -> bool:
        """Whether the word is a name and nothing else."""
        return (self.given or self.surname) and not self.word


def plain(word: str) -> str:
    """A word as the lists write it: small letters, no accents, a straight apostrophe."""
    if word.isascii():
        return word.casefold()
    parts = unicodedata.normalize("NFKD", word.replace("\u2019", "'").replace("ł", "l").replace("Ł", "L"))
    return "".join(char for char in parts if not unicodedata.combining(char)).casefold()


@lru_cache(maxsize=65536)
def look_up(word: str) -> Listed:
    """What the lists say of one word in any case; of a hyphenated one, when they know each part or the whole."""
    name = plain(word).strip(".")
    given, surname, words = _lists()
    found = Listed(name in given, name in surname, name in words)
    if found.known or "-" not in name:
        return found
    parts = [look_up(part) for part in name.split("-") if part]
    both = len(parts) > 1 and all(part.known for part in parts)
    return Listed(both and all(part.given for part in parts), both, False)


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    text = (files("detectors") / "rules" / "name_lists.txt").read_text(encoding="utf-8")
    sections: dict[str, list[str]] = {}
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            sections.setdefault(section, []).extend(line.split())
    words = {name.rstrip("*") for names in sections.values() for name in names if name.endswith("*")}
    given, surname = (frozenset(name.rstrip("*") for name in sections[kind]) for kind in ("given", "surname"))
    return given, surname, frozenset(words)
