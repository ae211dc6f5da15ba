"""A request as it came goes in, the events that open its cases come out: one case for each right, access first."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from scanner.plan import PlanError
from subjects.cases.case import Case
from subjects.cases.clock import Right
from subjects.cases.events import Kind
from subjects.cases.persons import same_person, seed_said
from subjects.finding.seeds import Seed

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
    return seed_said(case.said)


def _open_access(case: Case) -> bool:
    return case.is_open and case.right is Right.ACCESS


def said_of(**words: Any) -> dict[str, str]:
    """Only what was said."""
    return {name: str(value) for name, value in words.items() if value}
