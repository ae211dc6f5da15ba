"""The tables of a report and of a home go in, the whole audit comes out: the one way in for programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from reports.audit.checks import Examined, Home, examine, postcode_keys
from reports.audit.copies import bands, items_per_person
from reports.audit.measuring import Measure, checks, worst_places
from reports.audit.panels import ages, coverage, stale, store_table, totals
from reports.audit.policy import DEFAULT, Policy
from reports.audit.reading import read_held
from reports.audit.result import Audit, Count, Requests, Reviewed, RopaGap, Source
from reports.audit.ropa import Activity, gaps
from reports.audit.tables import Held
from reports.audit.trend import Side, compare, traces
from reports.audit.worklists import top_actions, worklists
from reports.parquet import ReportPaths, iterate, read_metadata

UNREADABLE = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What an audit goes by beside the report: policy, record of processing, the home's tables, and which day it is.

    `activities` is None where no ropa.yaml was given.
    """

    today: date
    policy: Policy = DEFAULT
    activities: tuple[Activity, ...] | None = None
    home: Home = field(default_factory=Home)
    requests: Requests = field(default_factory=Requests)
    reviewed: tuple[Reviewed, ...] = ()
    exemptions: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Audited:
    """An audit, and what it was counted from (for the table of all flagged items)."""

    audit: Audit
    examined: Examined


def audit(report: ReportPaths, question: Question, previous: Sequence[ReportPaths] = ()) -> Audited:
    """Audit one report; `previous` are earlier reports of the same places, in any order.

    Raises:
        ReportError: a file is no report, or not whole.
    """
    keys = postcode_keys(_postcodes(report.keys))
    # One after the other, a few columns of each are kept: two of five million findings do not fit in a gigabyte.
    by_date = sorted(previous, key=lambda one: read_metadata(one.findings).get("finished_at", ""))
    earlier = [_examined_earlier(read_held(one), question, keys) for one in by_date]
    return _audited(read_held(report), question, earlier, keys, report.findings.name)


def _examined_earlier(held: Held, question: Question, keys: pa.Table) -> Side:
    """An earlier report is judged by its own day: what was late then, not what would be late now."""
    day = scanned_on(held)
    examined = examine(held, question.policy, day, question.activities or (), question.home, keys=keys)
    return Side(traces(examined), day, coverage(held), totals(examined, day), checks(examined))


def _audited(held: Held, question: Question, earlier: Sequence[Side], keys: pa.Table, name: str) -> Audited:
    examined = examine(held, question.policy, question.today, question.activities or (), question.home, keys=keys)
    answers = checks(examined)
    read, counted = coverage(held), totals(examined, question.today)
    trend = None
    if earlier:
        now = Side(traces(examined), question.today, read, counted, answers)
        trend = compare(earlier[-1], now, [one.traces for one in earlier[:-1]])
    per_person = items_per_person(held)
    found = Audit(
        made_on=question.today,
        source=_source(held, name),
        coverage=read,
        totals=counted,
        checks=answers,
        top=top_actions(answers),
        stale=stale(examined),
        stores=store_table(examined),
        ages=ages(examined, question.policy, question.today),
        worklists=worklists(examined, answers, question.home.kept),
        copies=bands(per_person) if held.linked else (),
        requests=question.requests,
        ropa=None if question.activities is None else _gaps(held, question, examined),
        trend=trend,
        reviewed=question.reviewed,
        exemptions=question.exemptions,
        unreadable=worst_places("A15", examined.flags["A15"], Measure(examined), UNREADABLE),
    )
    return Audited(found, examined)


def _gaps(held: Held, question: Question, examined: Examined) -> tuple[RopaGap, ...]:
    return tuple(gaps(held, question.activities or (), examined.row_of, question.policy.left))


def _postcodes(keys: Path) -> Iterable[pa.Table]:
    return iterate(keys) if keys.exists() else ()


def scanned_on(held: Held) -> date:
    """The day on which a report was finished."""
    return date.fromisoformat(held.metadata.get("finished_at", "1970-01-01")[:10])


def _source(held: Held, name: str) -> Source:
    return Source(
        report=name,
        run_id=held.metadata.get("run_id", ""),
        scanned_on=scanned_on(held),
        roots=held.items.roots.names,
        version=held.metadata.get("whosedata_version", ""),
    )
