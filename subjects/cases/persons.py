"""Who asked in a request goes in; whether two requests are of one person, and how old somebody is, comes out."""

import json
from collections.abc import Mapping
from datetime import date

from detectors.checksums import compact
from detectors.dates import BirthDetector
from detectors.normalise import email
from detectors.types import Text
from subjects.finding.seeds import Seed, make_seed


def seed_said(said: Mapping[str, str]) -> Seed:
    """Who asks, as find() takes it, from the words of a case; of a purged case nobody."""
    return make_seed(**json.loads(said.get("who", "{}")))


def same_person(one: Seed, other: Seed) -> bool:
    """Whether an address, a number, or a name with a birth date or postal address is equal in both."""
    first, second = _telling(one), _telling(other)
    return not first.isdisjoint(second)


def _telling(seed: Seed) -> set[tuple[str, ...]]:
    names = {" ".join(name.casefold().split()) for name in (*seed.names, *seed.aliases)}
    return {
        *(("email", email(text)) for text in seed.emails),
        *(("phone", compact(text)[-10:]) for text in seed.phones),
        *((kind, compact(number)) for kind, number in seed.ids),
        *((name, compact(text)) for name in names for text in (*seed.births, *seed.addresses)),
    }


def age_on(seed: Seed, day: date) -> int | None:
    """How old the person was on a day; None where no date of birth is known."""
    for text in seed.births:
        [spans] = BirthDetector(day).detect([Text(text.strip(), "date of birth")])
        for span in spans:
            born = date.fromisoformat(str(span.value))
            return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return None
