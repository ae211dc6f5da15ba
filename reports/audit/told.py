"""An audit goes in, the lines of a terminal come out: plain English, the headline first, then what to do."""

from collections.abc import Iterator
from datetime import date

from reports.audit.result import Audit, Check, Severity, Trend, Unit
from reports.plural import plural
from reports.safe import printable

_MARKS = {Severity.HIGH: "!!", Severity.MEDIUM: "! ", Severity.LOW: ". ", Severity.CLEAR: "ok", Severity.UNKNOWN: "? "}
_UNITS = {Unit.ITEMS: ("item", ""), Unit.FINDINGS: ("finding", ""), Unit.PEOPLE: ("person", "people")}
_WIDE = 62


def uk(day: date) -> str:
    """26 November 2026."""
    return f"{day.day} {day:%B %Y}"


def told(audit: Audit) -> Iterator[str]:
    """The summary of an audit."""
    totals, coverage = audit.totals, audit.coverage
    people = f"{plural(totals.people, 'person', 'people')}, " if totals.people is not None else ""
    yield f"Audit of {uk(audit.made_on)}: {printable(audit.source.report)}, scanned on {uk(audit.source.scanned_on)}"
    yield (
        f"Held       {people}{plural(totals.items, 'item')} with personal data in {plural(totals.stores, 'store')}, "
        f"{plural(totals.findings, 'finding')}"
    )
    yield f"Read       {coverage.share:.0%} of {plural(coverage.met, 'item')}, {coverage.size_share:.0%} of their bytes"
    if totals.test_values:
        yield f"Left out   {plural(totals.test_values, 'published test value')}"
    yield "Checks     (!! act now  ! plan it  . small  ok nothing found  ? cannot be told)"
    for check in audit.checks:
        yield from _check(check)
    for heading, number in (("Do first", 0),):
        yield from (f"{heading if at == number else '':<11}{at + 1}. {action}" for at, action in enumerate(audit.top))
    yield from _requests(audit)
    if audit.ropa is not None:
        kinds = [gap.kind for gap in audit.ropa]
        yield (
            f"ropa.yaml  {plural(kinds.count('no_activity'), 'store')} without a row, "
            f"{plural(kinds.count('no_data'), 'row')} without data, "
            f"{plural(kinds.count('undeclared'), 'undeclared category', 'undeclared categories')}"
        )
        yield from (f"             {printable(gap.place)}: {gap.what}" for gap in audit.ropa)
    if audit.trend:
        yield from _trend(audit.trend)


def _check(check: Check) -> Iterator[str]:
    one, many = _UNITS[check.unit]
    number = plural(check.count, one, many) if check.count else "none"
    decide = f", {check.decide:,} to decide on" if check.decide and check.unit is Unit.ITEMS else ""
    people = ""
    if check.count and check.unit is not Unit.PEOPLE and check.amount.people:
        people = f", {plural(check.amount.people, 'person', 'people')}"
    yield f"  {_MARKS[check.severity]} {check.number:<4}{check.title:<42} {number}{people}{decide}"
    for place in check.worst[:1] if check.severity in {Severity.HIGH, Severity.MEDIUM} else ():
        yield f"            most: {_cut(f'{place.root}/{place.item}')} ({place.what})"
    yield from (f"            {sentence}" for sentence in check.unknown)


def _cut(path: str) -> str:
    shown = printable(path)
    return shown if len(shown) <= _WIDE else f"…{shown[-_WIDE:]}"


def _requests(audit: Audit) -> Iterator[str]:
    for at, request in enumerate(audit.requests.open):
        due = f"due {uk(request.due)}" if request.due else f"{request.phase}: no due date yet"
        late = "  OVERDUE" if request.overdue else ""
        yield f"{'Requests' if not at else '':<11}{request.case_id} {request.right}, {due}{late}"
    if audit.requests.on_time is not None:
        yield f"{'':<11}{audit.requests.on_time:.0%} of {audit.requests.closed:,} closed in the last year were on time"


def _trend(trend: Trend) -> Iterator[str]:
    yield f"Trend      since {uk(trend.before)}; read {trend.coverage_before:.0%} then, {trend.coverage_now:.0%} now"
    if not trend.comparable:
        yield "  Not comparable:"
        yield from (f"    {why}" for why in trend.why_not)
        return
    yield "        before    now    new  resolved  persisted  back  unseen"
    for one in trend.changes:
        if one.before or one.now:
            yield (
                f"  {one.number:<4}{one.before:>8,}{one.now:>7,}{one.new:>7,}{one.resolved:>10,}{one.persisted:>11,}"
                f"{one.reappeared:>6,}{one.unseen:>8,}"
            )
