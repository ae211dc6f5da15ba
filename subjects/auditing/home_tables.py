"""A home and a report go in, the further tables of an audit come out: requests, erased and suppressed values, verdicts.

Nothing of it is in clear: values are keyed ids, and of a request stand only its number, its right and its dates.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.audit.checks import Home
from reports.audit.result import Request, Requests, Reviewed
from reports.audit.retention import Ends
from reports.parquet import ReportPaths, iterate
from scanner.keys import Keyring
from scanner.locators import MEMBER
from scanner.verdicts import ACCEPTED, load_verdicts
from subjects.cases.case import Case
from subjects.cases.clock import Right
from subjects.cases.events import Kind
from subjects.cases.opening import seed_of
from subjects.erasure.tombstones import buried
from subjects.finding.find import Hit, find_by
from subjects.finding.seeds import seed_keys
from subjects.model import Tier
from subjects.restriction.checking import restricted_hits
from subjects.restriction.markers import holding
from subjects.suppression import suppressed

Dated = Mapping[int, date]
_YEAR = timedelta(days=365)
# By one of these alone a mailing reaches the person (subjects.suppression).
_REACHES = ("email", "email_alias", "phone")
_THEIRS = frozenset({Tier.CERTAIN, Tier.PROBABLE})


RESTRICTED = "It may only be stored (Article 18): do not change or delete it before the restriction is lifted."
HELD = "Do not change or delete it before request {} is answered: that may be an offence (DPA 2018 section 173)."


def home_of(place: Path, report: ReportPaths, ends: Ends, cases: Iterable[Case], keyring: Keyring) -> Home:
    """What a home says of the values of a report; raises HomeError where a list cannot be read."""
    erased = {value: date.fromisoformat(since[:10]) for value, (since, _) in buried(place).items()}
    keys: dict[int, date] = {}
    for entry in suppressed(place):
        for kind in _REACHES if not entry.lifted else ():
            for key in entry.keys.get(kind, ()):
                keys[key] = max(entry.since, keys.get(key, entry.since))
    return Home(
        erased=dated(erased), suppressed=dated(values_of(report.keys, keys)), ends=ends,
        kept=kept_items(place, report, cases, keyring),
    )  # fmt: skip


def kept_items(place: Path, report: ReportPaths, cases: Iterable[Case], keyring: Keyring) -> dict[str, str]:
    """Items, and the files around them, of people who asked for access, are on hold or restricted: why they stay."""
    kept: dict[str, str] = {}
    for case in cases:
        held = case.is_open and (case.held or case.right is Right.ACCESS)
        keys = seed_keys(seed_of(case), keyring) if held else None
        if keys and keys.kinds:
            hits = (hit for hit in find_by(report, keys, place).hits if hit.tier in _THEIRS)
            kept.update(_places(hits, HELD.format(case.case_id)))
    if markers := holding(place):
        kept.update(_places((hit for _, hit in restricted_hits(report, markers, place)), RESTRICTED))
    return kept


def _places(hits: Iterable[Hit], why: str) -> Iterator[tuple[str, str]]:
    for hit in hits:
        name = f"{hit.row['root']}/{hit.row['item']}"
        yield from ((name, why), (name.partition(MEMBER)[0], why))


def dated(days: Dated) -> tuple[np.ndarray, np.ndarray]:
    """Numbers and their days, as arrays."""
    return np.array(list(days), np.int64), np.array(list(days.values()), "datetime64[D]")


def values_of(keys: Path, wanted: Dated) -> dict[int, date]:
    """The values of a report that have one of these match keys, with its day; of several days the last."""
    found: dict[int, date] = {}
    numbers = pa.array(sorted(wanted), pa.int64())
    for table in iterate(keys, ["key", "value_id"]) if wanted else ():
        rows = table.filter(pc.is_in(table["key"], value_set=numbers))
        for key, value in zip(rows["key"].to_pylist(), rows["value_id"].to_pylist(), strict=True):
            found[value] = max(wanted[key], found.get(value, wanted[key]))
    return found


def requests_of(cases: Iterable[Case], today: date) -> Requests:
    """The requests that are open, the next due first, and how many of last year's were answered in time."""
    open_ones, closed, in_time = [], 0, 0
    for case in cases:
        if case.is_open:
            open_ones.append(_request(case, today))
            continue
        ended = max((event.day for event in case.events if event.kind is Kind.CLOSED), default=None)
        due = case.deadline(ended).due if ended else None
        if ended and due and today - ended <= _YEAR:
            closed, in_time = closed + 1, in_time + (ended <= due)
    open_ones.sort(key=lambda one: (one.due is None, one.due or date.max, one.case_id))
    return Requests(tuple(open_ones), closed, in_time / closed if closed else None)


def _request(case: Case, today: date) -> Request:
    clock = case.deadline(today)
    return Request(
        case_id=case.case_id,
        right=str(case.right),
        received=case.dates.received,
        due=clock.due,
        phase=str(clock.phase),
        overdue=bool(clock.due and clock.due < today),
        days_left=(clock.due - today).days if clock.due else None,
        to_do=tuple(what for _, what in case.open_todos),
    )


def reviewed_of(place: Path) -> tuple[Reviewed, ...]:
    """How often people agreed with each kind of finding."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for verdict in load_verdicts(place).values():
        (right if verdict.verdict == ACCEPTED else wrong)[verdict.entity_type] += 1
    return tuple(Reviewed(kind, right[kind], wrong[kind]) for kind in sorted({*right, *wrong}))
