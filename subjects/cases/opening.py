"""A request as it came goes in, the events that open its cases come out: one case for each right, access first."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from detectors.checksums import compact
from detectors.normalise import email
from scanner.plan import PlanError
from subjects.cases.case import Case
from subjects.cases.clock import Right
from subjects.cases.events import Kind
from subjects.finding.seeds import Seed, make_seed

# Asked for together ("send me my data, then delete it"), these wait until access is answered.
_AFTER_ACCESS = frozenset({Right.RECTIFICATION, Right.ERASURE})


def opening_events(
    cases: Mapping[str, Case], rights: Iterable[Right], person: Seed, received: date, said: Mapping[str, str]
) -> list[tuple[str, Kind, date, dict[str, str]]]:
    """What to add to the journal. An open access case of the same person is found by what is equal in both requests.

    Raises:
        PlanError: nobody is named.
    """
    if not (person.names or person.emails or person.phones or person.ids):
        raise PlanError(
            "Say who asks: --name, and what else the request says (--email, --phone, --address, --dob, --id)."
        )
    who = json.dumps({name: value for name, value in asdict(person).items() if value}, ensure_ascii=False, default=str)
    access = next(
        (one.case_id for one in cases.values() if _open_access(one) and same_person(person, seed_of(one))), ""
    )
    events = []
    number = 1 + max((int(case_id.partition("-")[2]) for case_id in cases), default=0)
    for right in sorted(set(rights), key=list(Right).index):
        case_id = f"{received.year}-{number:04}"
        words = {**said, "right": right.value, "who": who}
        if right is Right.ACCESS:
            access = case_id
        elif right in _AFTER_ACCESS and access:
            words["after"] = access
        events.append((case_id, Kind.OPENED, received, words))
        number += 1
    return events


def seed_of(case: Case) -> Seed:
    """Who asks, as find() takes it; of a purged case nobody."""
    return make_seed(**json.loads(case.said.get("who", "{}")))


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


def _open_access(case: Case) -> bool:
    return case.is_open and case.right is Right.ACCESS


def said_of(**words: Any) -> dict[str, str]:
    """Only what was said."""
    return {name: str(value) for name, value in words.items() if value}
