"""The YAML lexicons of detectors/rules/special go in, compiled terms of special categories and crime come out."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

from detectors.batch import words_in
from detectors.yaml_text import read_yaml

PEOPLE = "people.yaml"
_WORD = re.compile(r"'s(?![a-z])|[a-z\u00e0-\u00ff]+(?:'(?!s(?![a-z]))[a-z]+)?|[0-9]+")
_GROUP_KEYS = frozenset({"name", "score", "words", "exact", "before", "behind", "cues", "unless", "note"})


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that are read alike.

    One of `before` (within four words in front), `behind` (within two words after), `cues` (anywhere in the sentence)
    must be there, unless the group asks for none of them; `note`: a dash, bracket or comma before the term will do.
    `unless` beside the term takes it away. All as padded lower-case words.
    """

    entity_type: str
    kind: str
    name: str
    score: float
    before: tuple[str, ...]
    behind: tuple[str, ...]
    cues: tuple[str, ...]
    unless: tuple[str, ...]
    note: bool

    @property
    def free(self) -> bool:
        """Whether the term needs no other word."""
        return not (self.before or self.behind or self.cues)


@dataclass(frozen=True, slots=True)
class Lexicons:
    """All terms by their first word: `terms` are those that begin with it.

    `needs` are the runs of letters and digits of each term, by one of them: (first word, all runs).
    """

    entity_types: tuple[str, ...]
    terms: Mapping[str, tuple[str, ...]]
    needs: Mapping[str, tuple[tuple[str, frozenset[str]], ...]]
    loose: Mapping[str, tuple[Group, ...]]  # by the term in lower case
    exact: Mapping[str, tuple[Group, ...]]  # by the term as it must be written

    def heads(self, words: Set[str]) -> frozenset[str]:
        """First words of the terms that a text with these runs may hold: most texts hold no whole term."""
        known = self.needs.keys() & words
        return frozenset(head for run in known for head, runs in self.needs[run] if runs <= words)

    def pattern(self, head: str) -> re.Pattern[str]:
        """Matches the terms that begin with this word; compiled on first use, for most words are never met."""
        return _pattern(self.terms[head])


@dataclass(frozen=True, slots=True)
class Ties:
    """Words that tie a term to a person named elsewhere, or say that nobody is meant; padded lower-case words."""

    pronouns: tuple[str, ...]
    roles: tuple[str, ...]
    firsts: tuple[str, ...]
    nobody: tuple[str, ...]
    list_of_the_law: int


def words_of(text: str) -> str:
    """Lower-case words with one blank around each, so that a phrase is found by `in`. `Smith's` is `smith 's`."""
    return f" {' '.join(_words(text))} "


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("\u2019", "'"))


@cache
def raw_lexicons() -> Mapping[str, Mapping[str, Any]]:
    """File name -> its content, without the file of ties; the tests read the examples from here."""
    folder = files("detectors") / "rules" / "special"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml") and file.name != PEOPLE)
    return {name: read_yaml((folder / name).read_text(encoding="utf-8")) for name in names}


@cache
def load_lexicons() -> Lexicons:
    """All lexicons, read once per process.

    Raises:
        ValueError: a file has a key that no group has.
    """
    loose: dict[str, list[Group]] = {}
    exact: dict[str, list[Group]] = {}
    types: dict[str, None] = {}
    for name, lexicon in raw_lexicons().items():
        types[lexicon["entity_type"]] = None
        for raw in lexicon["groups"]:
            if unknown := set(raw) - _GROUP_KEYS:
                raise ValueError(f"{name}: unknown keys {sorted(unknown)}")
            group = _group(lexicon, raw)
            for term in raw.get("words", ()):
                loose.setdefault(str(term).lower(), []).append(group)
            for term in raw.get("exact", ()):
                exact.setdefault(str(term), []).append(group)
    heads: dict[str, list[str]] = {}
    for term in (*loose, *exact):
        heads.setdefault(words_of(term).split()[0], []).append(term)
    return Lexicons(
        tuple(types),
        {head: tuple(terms) for head, terms in heads.items()},
        _needs(heads),
        {term: tuple(groups) for term, groups in loose.items()},
        {term: tuple(groups) for term, groups in exact.items()},
    )


def _needs(heads: Mapping[str, Sequence[str]]) -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    needs: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for head, terms in heads.items():
        for term in terms:
            runs = words_in(term.lower())
            needs.setdefault(max(runs, key=len), []).append((head, runs))
    return {run: tuple(pairs) for run, pairs in needs.items()}


def _group(lexicon: Mapping[str, Any], raw: Mapping[str, Any]) -> Group:
    return Group(
        entity_type=lexicon["entity_type"],
        kind=lexicon["names"],
        name=raw["name"],
        score=float(raw["score"]),
        before=_padded(raw.get("before", ())),
        behind=_padded(raw.get("behind", ())),
        cues=_padded(raw.get("cues", ())),
        unless=_padded(raw.get("unless", ())),
        note=bool(raw.get("note", False)),
    )


def _padded(phrases: Sequence[object]) -> tuple[str, ...]:
    """YAML takes a bare on, off, yes and no for true and false: they must stand in quotes."""
    if wrong := [phrase for phrase in phrases if not isinstance(phrase, str)]:
        raise ValueError(f"put {wrong[0]} of a lexicon into quotes")
    return tuple(words_of(str(phrase)) for phrase in phrases)


@cache
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Longest first; a blank of a term is any blanks or one line break, an apostrophe may be curly."""
    pieces = (
        r"\s{1,3}".join(re.escape(word).replace("'", "['\u2019]") for word in term.split())
        for term in sorted(set(terms), key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w@.#/-])(?:{'|'.join(pieces)})(?![\w@]|-\w|\.\w)", re.IGNORECASE)


@cache
def load_ties() -> Ties:
    """The words of people.yaml."""
    raw = read_yaml((files("detectors") / "rules" / "special" / PEOPLE).read_text(encoding="utf-8"))
    lists = {name: _padded(cast("list[str]", raw[name])) for name in ("pronouns", "roles", "firsts", "nobody")}
    return Ties(**lists, list_of_the_law=int(raw["list_of_the_law"]))
