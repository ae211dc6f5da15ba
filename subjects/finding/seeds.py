"""What is known of a person goes in (options or a YAML file), the match keys to look for come out, by kind."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from detectors.addresses import AddressDetector
from detectors.dates import BirthDetector
from detectors.normalise import email
from detectors.patterns import load as load_rules
from detectors.phones import PhoneDetector
from detectors.types import DetectorOptions, Text
from scanner.keys import Keyring
from scanner.plan import PlanError
from subjects.linking.person_records import NATIONAL

_TYPES = "Types that work are those of one person, such as UK_NINO, UK_NHS, UK_BANK_ACCOUNT or CREDIT_CARD."
_CANNOT_BE = "this cannot be such a number. Compare it with the request, digit by digit."
_EXAMPLES = {
    "--phone": "01632 960057 or +49 30 901820",
    "--address": "10 Wren Close, NN12 6RD",
    "--dob": "31/12/1980",
}
# Without a key the answer would be "nothing", and wrong.
_NO_KEY = {
    "ADDRESS": "--address: it needs its postcode, as in 10 Wren Close, NN12 6RD; without one nobody is found by it.",
    "PERSON": "--name: write at least a forename and a surname.",
}


@dataclass(frozen=True, slots=True)
class Seed:
    """One person as the request names them. `aliases` are other names (maiden, married, nickname).

    `ids` are (entity type, number). `since` and `until` bound the dates of items, both included. `accepted` are ids of
    findings whose values a person has accepted as this one's.
    """

    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    since: date | None = None
    until: date | None = None
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeedKeys:
    """Key -> the kinds it is looked for under. `national`: types of its numbers of which nobody has two."""

    kinds: Mapping[int, frozenset[str]]
    national: frozenset[str]
    has_birth: bool
    has_name: bool
    thin: bool  # a name and nothing else, or less


def read_seed(path: Path) -> Seed:
    """A seed file in YAML: the names of Seed's fields, each a list; `ids` as TYPE: number.

    Raises:
        PlanError: it cannot be read, or holds a field that is not known.
    """
    try:
        table = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no YAML in UTF-8"
        raise PlanError(f"The seed file {path} cannot be read ({why}).") from error
    known = {item.name for item in fields(Seed)}
    if not isinstance(table, dict) or not set(table) <= known:
        raise PlanError(f"{path}: write fields such as names, emails, phones. Known are: {', '.join(sorted(known))}.")
    return make_seed(**table)


def make_seed(**given: Any) -> Seed:
    """A seed from lists, texts and dates as they are typed.

    Raises:
        PlanError: a value is not what its field needs.
    """
    values: dict[str, Any] = {}
    for name, value in given.items():
        if value is None or value == ():
            continue
        if name in {"since", "until"}:
            values[name] = value if isinstance(value, date) else _day(str(value))
        elif name == "ids":
            pairs = value.items() if isinstance(value, dict) else value
            values[name] = tuple((str(kind).upper(), str(number)) for kind, number in pairs)
        else:
            values[name] = tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)
    return Seed(**values)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PlanError(f"“{text}” is not a date. Write it like 2026-11-25.") from None


def seed_keys(seed: Seed, keyring: Keyring) -> SeedKeys:
    """The keys of everything in a seed.

    Raises:
        PlanError: a telephone, address, date or number is not understood, or nobody can be found by it; the message
            says which.
    """
    kinds: dict[int, set[str]] = defaultdict(set)
    for entity_type, value in _values(seed):
        keys = keyring.match_keys(entity_type, value)
        if not keys:
            raise PlanError(
                _NO_KEY.get(entity_type, f"--id {entity_type}=...: nobody can be found by this type. {_TYPES}")
            )
        for key, kind in keys:
            kinds[key].add(kind)
        if entity_type == "PERSON":
            for part, half in zip(("given", "surname"), _halves(value), strict=True):
                for key, kind in keyring.match_keys("PERSON", half, part) if half else ():
                    kinds[key].add(kind)
    strong = bool(seed.emails or seed.phones or seed.addresses or seed.births or seed.ids or seed.accepted)
    return SeedKeys(
        {key: frozenset(names) for key, names in kinds.items()},
        frozenset(kind for kind, _ in seed.ids).intersection(NATIONAL),
        bool(seed.births), bool(seed.names or seed.aliases), not strong,
    )  # fmt: skip


def _halves(name: str) -> tuple[str, str]:
    words = name.split()
    return (" ".join(words[:-1]), words[-1]) if len(words) > 1 and "," not in name else ("", "")


def _values(seed: Seed) -> Iterator[tuple[str, str]]:
    for name in (*seed.names, *seed.aliases):
        yield "PERSON", name
    for address in seed.emails:
        if "@" not in address:
            raise PlanError(f"--email {address}: this is no e-mail address.")
        yield "EMAIL_ADDRESS", email(address)
    for number in seed.phones:
        yield "PHONE_NUMBER", _read(PhoneDetector(), "telephone", number, "--phone")
    for place in seed.addresses:
        yield "ADDRESS", _read(AddressDetector(), "address", place, "--address")
    for born in seed.births:
        yield "DATE_OF_BIRTH", _read(BirthDetector(date.today()), "date of birth", born, "--dob")
    for kind, number in seed.ids:
        yield kind, _number(kind, number)


def _read(detector: Any, label: str, text: str, option: str) -> str:
    """As the detectors normalise it; the whole text must be understood."""
    [spans] = detector.detect([Text(text.strip(), label)])
    for span in spans:
        if span.end - span.start >= len(text.strip()) - 1:
            return str(span.value)
    raise PlanError(f"{option} {text} is not understood. Write it in full, such as {_EXAMPLES[option]}.")


def _number(kind: str, text: str) -> str:
    if kind == "UK_BANK_ACCOUNT":
        return _account(text)
    [rules] = load_rules(DetectorOptions())
    [spans] = rules.detect([Text(text.strip(), kind.removeprefix("UK_").replace("_", " "))])
    for span in spans:
        if span.entity_type == kind:
            return span.value
    if kind in rules.entity_types:
        raise PlanError(f"--id {kind}={text}: {_CANNOT_BE}")
    # A site's own number, or one of another country: letters and digits are what its detector keeps.
    return re.sub(r"[\s-]", "", text).upper()


def _account(text: str) -> str:
    """As detectors/bank.py keeps it: sort code, space, account number; or the account number alone."""
    digits = re.sub(r"\D", "", text)
    if len(digits) not in (8, 14):
        raise PlanError(f"--id UK_BANK_ACCOUNT={text}: write sort code and account number, such as 08-99-99 66374958.")
    return f"{digits[:6]} {digits[6:]}" if len(digits) == 14 else digits


def seed_words(seed: Seed) -> Sequence[str]:
    """What was asked, in words and numbers of things; no value."""
    counted = (
        ("name", len(seed.names) + len(seed.aliases)),
        ("e-mail address", len(seed.emails)),
        ("telephone", len(seed.phones)),
        ("address", len(seed.addresses)),
        ("date of birth", len(seed.births)),
        ("number", len(seed.ids)),
        ("accepted value", len(seed.accepted)),
    )
    plural = {"address": "addresses", "date of birth": "dates of birth", "e-mail address": "e-mail addresses"}
    return [f"{count} {word if count == 1 else plural.get(word, word + 's')}" for word, count in counted if count]
