"""A person's word on people goes in (merge, split, not the same), decisions in the home come out, and lines on them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from reports.lookup import look_up
from reports.parquet import open_report
from reports.safe import printable
from scanner.plan import PlanError
from scanner.verdicts import now
from subjects.linking.decisions import NOT_SAME, SAME, Decision, add_decisions
from subjects.linking.link import links_of, require_home

_AGAIN = "It counts from the next scan or `whosedata link` on."


def merge(report: Path, pair: tuple[str, str], why: str, home: Path) -> Iterator[str]:
    """Two subjects are one person.

    Raises:
        PlanError, ReportError, HomeError: nothing was stored.
    """
    yield from _decide(report, pair, SAME, why, home)


def not_same(report: Path, pair: tuple[str, str], why: str, home: Path) -> Iterator[str]:
    """Two subjects are different people, whatever looks alike."""
    yield from _decide(report, pair, NOT_SAME, why, home)


def split(report: Path, subject: str, findings: Sequence[str], why: str, home: Path) -> Iterator[str]:
    """These findings are not this subject's."""
    _require_why(why)
    require_home([report], home)
    own = _findings_of(report, subject)
    rows = look_up(open_report(report).findings, findings)
    apart = {row["finding_id"] for row in rows}
    records = {record for finding, record in own if finding in apart}
    rest = {record: finding for finding, record in own if record not in records}
    if not rest:
        raise PlanError("These findings are all that the subject has: there is nothing to split.")
    date = now()
    add_decisions(home, (Decision(one, other, NOT_SAME, date, why) for one in apart for other in rest.values()))
    yield f"{len(apart)} findings are split from {len(rest)} other records. {_AGAIN}"


def _decide(report: Path, pair: tuple[str, str], decision: str, why: str, home: Path) -> Iterator[str]:
    _require_why(why)
    require_home([report], home)
    one, other = (_findings_of(report, typed) for typed in pair)
    if {record for _, record in one} & {record for _, record in other}:
        raise PlanError("These two are one subject already.")
    date = now()
    # "Not the same" must hold however each of the two is put together next time: it is said of all their records.
    left = {record: finding for finding, record in one} if decision == NOT_SAME else {0: one[0][0]}
    right = {record: finding for finding, record in other} if decision == NOT_SAME else {0: other[0][0]}
    add_decisions(home, (Decision(a, b, decision, date, why) for a in left.values() for b in right.values()))
    words = "are one person" if decision == SAME else "are two people"
    yield printable(f"{pair[0]} and {pair[1]} {words}. {_AGAIN}")


def _require_why(why: str) -> None:
    if not why.strip():
        raise PlanError("Say why, for whoever reads this later: --why TEXT. Do not repeat a name or number in it.")


def _findings_of(report: Path, typed: str) -> list[tuple[int, int]]:
    """(finding, record) of the subject whose id begins with what was typed, certain ones first."""
    mine = links_of(report, typed)
    rows = zip(*(mine[name].to_pylist() for name in ("tier", "finding_id", "record")), strict=True)
    # "certain" comes before "possible" and "probable": those others are only guesses at the same person.
    return [(finding, record) for _, finding, record in sorted(rows)]
