"""Rule files (presidio registry YAML with our own keys) go in, compiled and checked rules come out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, cast

from detectors.batch import DIGITS, NUMBER, Near
from detectors.checks_abroad import CHECKS_ABROAD
from detectors.checksums import CHECKS, Check
from detectors.context import AFTER, BEFORE, Cues, cues_of
from detectors.encoded_births import BIRTHS, Birth
from detectors.facts import FACTS, Facts
from detectors.needed import Needed, needed
from detectors.normalise import NORMALISERS, TRIMMERS
from detectors.yaml_text import read_yaml

# What a rule can ask to be near before its patterns are tried at all: a cheap search over the whole text comes first.
ANCHORS = {
    "digits": DIGITS,
    "number": NUMBER,
    "at": re.compile("@"),
    "percent at": re.compile("%40"),
    "spelled at": re.compile(r"[(\[] ?(?i:at) ?[)\]]"),
    "words dot": re.compile(r" dot [a-z]"),
    "profile": re.compile(r"\.(?:com|net|app|me|social|co\.uk)/"),
    "stars": re.compile(r"[*xX#\u2022]{4}"),
    "colons": re.compile(r":[0-9A-Fa-f:]"),
    "zero x": re.compile("0x"),
}
ALL_CHECKS = CHECKS | CHECKS_ABROAD
_KEY_NAMES = """
name supported_entity supported_language supported_languages patterns context checksum normalise trim countries
against alone needs near least reach window test_values facts birth surname examples notes
"""
_KEYS = frozenset(_KEY_NAMES.split())


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to write the value, and how sure it is without any other evidence.

    The value is the group `value` where the regex has one: what stands before it is then looked at only. `group` is
    its number; 0 is the whole match. `needed` are characters that no match lacks.
    """

    name: str
    regex: re.Pattern[str]
    score: float
    needed: Needed
    group: int


@dataclass(frozen=True, slots=True, eq=False)  # a key by what it is, not by all that it holds
class Rule:
    """One entry of a rule file. `needs` holds "context", "label" or both: one of them must speak for a candidate.

    `near` is the anchor, how long it must be, and how far before and after it the value may stand.
    `read_birth` takes the birth date out of the value; `surname` says that the value begins with the letters of one.
    `labels` are phrases that announce the type beside those of labels.yaml, as detectors.labels.says() wants them.
    """

    name: str
    slug: str
    entity_type: str
    patterns: tuple[Pattern, ...]
    context: tuple[str, ...]
    context_cues: Cues
    against: tuple[str, ...]
    against_cues: Cues
    check: Check | None
    normalise: Callable[[str], str]
    trim: Callable[[str], str] | None
    countries: frozenset[str]
    alone: float | None
    needs: frozenset[str]
    near: Near | None
    window: tuple[int, int]
    tests: frozenset[str]
    test_prefixes: tuple[str, ...]
    facts: Facts
    read_facts: Callable[[str], Facts] | None
    read_birth: Callable[[str, date], Birth | None] | None
    surname: bool
    labels: tuple[str, ...] = ()

    @property
    def detector(self) -> str:
        """The name that spans of this rule carry."""
        return f"rules.{self.slug}"

    def is_test(self, value: str) -> bool:
        """Whether the normalised value is one that is published for testing."""
        return value in self.tests or bool(self.test_prefixes and value.startswith(self.test_prefixes))


@cache
def builtin_rules() -> tuple[Rule, ...]:
    """All rules of detectors/rules, in the order of the file names; read once, each block of a table asks for them."""
    return tuple(rule for file, entries in rule_entries() for rule in (parse_rule(entry, file) for entry in entries))


@cache
def rule_entries() -> tuple[tuple[str, tuple[Mapping[str, Any], ...]], ...]:
    """(file name, raw entries) of each rule file; the tests read the examples from here."""
    folder = files("detectors") / "rules"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml") and file.name != "labels.yaml")
    loaded = []
    for name in names:
        raw = read_yaml((folder / name).read_text(encoding="utf-8"))
        loaded.append((name, tuple(cast("list[Mapping[str, Any]]", raw["recognizers"]))))
    return tuple(loaded)


def parse_rule(entry: Mapping[str, Any], file: str) -> Rule:
    """One entry as a rule; `file` is named in what is raised.

    Raises:
        ValueError: the entry has a mistake.
    """
    try:
        return _parsed(entry)
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise ValueError(f"rule {entry.get('name', '?')!r} in {file}: {type(error).__name__} {error}") from error


def _parsed(entry: Mapping[str, Any]) -> Rule:
    unknown = set(entry) - _KEYS
    if unknown:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    needs = frozenset(entry.get("needs", ()))
    if needs - {"context", "label"}:
        raise ValueError("needs takes context and label")
    facts = entry.get("facts", {})
    tests = [str(value) for value in entry.get("test_values", ())]
    context, against = tuple(entry.get("context", ())), tuple(entry.get("against", ()))
    before, after = entry.get("window", (BEFORE, AFTER))
    return Rule(
        name=entry["name"],
        slug=re.sub(r"[^a-z0-9]+", "_", entry["name"].lower()).strip("_"),
        entity_type=entry["supported_entity"],
        patterns=tuple(
            Pattern(pattern["name"], regex, float(pattern["score"]), needed(regex), regex.groupindex.get("value", 0))
            for pattern in entry["patterns"]
            for regex in [re.compile(pattern["regex"])]
        ),
        context=context,
        context_cues=cues_of(context),
        against=against,
        against_cues=cues_of(against),
        check=ALL_CHECKS[entry["checksum"]] if "checksum" in entry else None,
        normalise=NORMALISERS[entry.get("normalise", "plain")],
        trim=TRIMMERS[entry["trim"]] if "trim" in entry else None,
        countries=frozenset(str(country).lower() for country in entry.get("countries", ())),
        alone=float(entry["alone"]) if "alone" in entry else None,
        needs=needs,
        near=_near(entry) if "near" in entry else None,
        window=(int(before), int(after)),
        tests=frozenset(value for value in tests if not value.endswith("*")),
        test_prefixes=tuple(value[:-1] for value in tests if value.endswith("*")),
        facts=tuple(sorted((str(key), str(fact)) for key, fact in facts.items())) if isinstance(facts, dict) else (),
        read_facts=FACTS[facts] if isinstance(facts, str) else None,
        read_birth=BIRTHS[entry["birth"]] if "birth" in entry else None,
        surname=bool(entry.get("surname", False)),
    )


def _near(entry: Mapping[str, Any]) -> Near:
    back, ahead = entry.get("reach", (16, 16))
    return Near(ANCHORS[entry["near"]], int(entry.get("least", 0)), int(back), int(ahead))
