"""[[identifiers]] of whosedata.toml go in, the detector of the numbers that a site gives out itself comes out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from detectors.entities import WORDS
from detectors.labels import label_words
from detectors.patterns import PatternDetector
from detectors.rulefiles import ALL_CHECKS, Rule, parse_rule
from detectors.types import Detector, DetectorOptions, Identifier, Span, Text

KEYS = ("name", "regex", "checksum", "context", "labels", "score", "examples")
_NAME = re.compile(r"[A-Z][A-Z0-9_]{1,59}", re.ASCII)


def load(options: DetectorOptions) -> list[Detector]:
    """The one detector of the site's own numbers, none where there are none.

    Raises:
        ValueError: an identifier that cannot be made into a rule.
    """
    rules = tuple(identifier_rule(identifier) for identifier in options.identifiers)
    return [IdentifierDetector(rules)] if rules else []


class IdentifierDetector:
    """Runs the rules of a site over one text at a time: what somebody writes may match any border between texts."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = PatternDetector(rules)

    @property
    def name(self) -> str:
        """Stable name; spans carry the identifier's name behind it."""
        return "identifiers"

    @property
    def entity_types(self) -> tuple[str, ...]:
        """The names that the site chose."""
        return self._rules.entity_types

    def chance(self, entity_type: str) -> float:
        """Probability that a random string of the right shape passes the check; 1.0 when there is none."""
        return self._rules.chance(entity_type)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """Yield the spans of each text, in order."""
        for text in texts:
            [spans] = self._rules.detect([text])
            yield [span._replace(detector=f"{self.name}.{span.entity_type.lower()}") for span in spans]

    def shaped(self, texts: Sequence[Text]) -> Iterator[frozenset[str]]:
        """For each text the checksummed types whose shape the whole stripped text has, whether or not it passes."""
        for text in texts:
            yield from self._rules.shaped([text])

    def trials(self, texts: Sequence[Text], entity_types: frozenset[str]) -> Iterator[tuple[int, str, str, bool]]:
        """(which text, entity type, characters, whether they pass) of all that has the shape of one of these types."""
        for index, text in enumerate(texts):
            for _, entity_type, found, passes in self._rules.trials([text], entity_types):
                yield index, entity_type, found, passes


def read_identifiers(tables: object) -> tuple[Identifier, ...]:
    """The array of tables as TOML gives it -> identifiers that are sure to make rules.

    Raises:
        ValueError: which of them, which key, and what to write instead.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError("identifiers is written as [[identifiers]], once for each kind of number")
    seen: list[Identifier] = []
    for number, table in enumerate(tables, 1):
        shown = f"[[identifiers]] {number} ({table['name']})" if table.get("name") else f"[[identifiers]] {number}"
        try:
            identifier = _identifier(table, {other.name for other in seen})
            _check_examples(identifier, _words(table, "examples"))
        except ValueError as error:
            raise ValueError(f"{shown}: {error}") from error
        seen.append(identifier)
    return tuple(seen)


def _identifier(table: Mapping[str, Any], taken: set[str]) -> Identifier:
    if unknown := sorted(set(table) - set(KEYS)):
        raise ValueError(f"unknown key {unknown[0]}; known are: {', '.join(KEYS)}")
    for key in ("name", "regex"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise ValueError(f"{key}: is missing, or no text in quotes")
    name, regex, checksum, score = table["name"], table["regex"], table.get("checksum", ""), table.get("score", 0.6)
    if not _NAME.fullmatch(name):
        raise ValueError(f"name: {name!r} must be capitals, digits and _, such as CUSTOMER_NUMBER")
    if name in taken:
        raise ValueError(f"name: {name} stands there twice; write one regex with | between the two")
    if name in WORDS:
        raise ValueError(f"name: {name} is a type that whosedata has already; choose another")
    if checksum != "" and (not isinstance(checksum, str) or checksum not in ALL_CHECKS):
        raise ValueError(f"checksum: {checksum!r} is not known; known are: {', '.join(sorted(ALL_CHECKS))}")
    if isinstance(score, bool) or not isinstance(score, (int, float)) or not 0 < score <= 1:
        raise ValueError(f"score: {score!r} must be a number above 0 and not above 1")
    identifier = Identifier(name, regex, checksum, _words(table, "context"), _words(table, "labels"), float(score))
    _check_regex(regex)
    return identifier


def _check_regex(regex: str) -> None:
    try:
        alone = re.compile(regex)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"regex: {regex!r} is no regular expression of Python: {error}") from error
    try:
        re.compile(_bordered(regex))
    except re.error as error:
        raise ValueError(f"regex: {regex!r} cannot stand between word borders: write (?i:...) for (?i)") from error
    if alone.search(""):
        raise ValueError(f"regex: {regex!r} matches nothing at all, so it would match everywhere")


def _bordered(regex: str) -> str:
    """Between word borders, also where the expression begins or ends with a sign: C123456 is not in ABC1234567."""
    return rf"(?<!\w)(?:{regex})(?!\w)"


def _words(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    words = table.get(key, [])
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
        raise ValueError(f'{key}: must be a list of words, such as {key} = ["one", "two"]')
    if key == "labels" and (odd := [word for word in words if not label_words(word)]):
        raise ValueError(f"labels: {odd[0]!r} has neither letters nor digits")
    return tuple(words)


def _check_examples(identifier: Identifier, examples: tuple[str, ...]) -> None:
    detector = IdentifierDetector((identifier_rule(identifier),))
    for example, spans in zip(examples, detector.detect([Text(example) for example in examples]), strict=True):
        if not spans:
            raise ValueError(f"examples: {example!r} is not found by regex and checksum")


def identifier_rule(identifier: Identifier) -> Rule:
    """The same rule that an entry of a rule file would be, with its labels.

    Raises:
        ValueError: the regex or the checksum is of no use.
    """
    entry = {
        "name": identifier.name,
        "supported_entity": identifier.name,
        "patterns": [{"name": "regex", "regex": _bordered(identifier.regex), "score": identifier.score}],
        "context": identifier.context,
        "normalise": "compact",
        **({"checksum": identifier.checksum} if identifier.checksum else {}),
    }
    rule = parse_rule(entry, "[[identifiers]]")
    return replace(rule, labels=tuple(f" {label_words(label)} " for label in identifier.labels))
