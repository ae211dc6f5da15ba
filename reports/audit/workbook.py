"""An audit goes in, a workbook comes out: a sheet for checks, worklists, rules, places, changes and requests each."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import IO

import xlsxwriter

from reports.audit.result import Audit, Check
from reports.export import EXCEL_MARK, WORKBOOK_OPTIONS
from reports.safe import cell

Row = Iterable[object]
_WIDE, _NARROW, _LONGEST = 48, 14, 32_767
_WORDY = frozenset({"title", "what", "action", "why", "place", "rule", "kind of data", "not known", "store"})


def write_workbook(audit: Audit, file: IO[bytes]) -> None:
    """Every text stays text: no cell becomes a formula or a link. Holds no value: paths, counts, dates, sentences."""
    with xlsxwriter.Workbook(file, {**WORKBOOK_OPTIONS, "default_date_format": "d mmm yyyy"}) as book:
        book.set_properties({"comments": EXCEL_MARK})
        bold = book.add_format({"bold": True})
        for title, heads, rows in _sheets(audit):
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for column, head in enumerate(heads):
                sheet.set_column(column, column, _WIDE if head in _WORDY else _NARROW)
            sheet.write_row(0, 0, heads, bold)
            last = 0
            for last, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(last, column, cell(value)[:_LONGEST])
                    elif value is not None:
                        sheet.write(last, column, value)
            sheet.autofilter(0, 0, last, len(heads) - 1)


def _sheets(audit: Audit) -> Iterator[tuple[str, tuple[str, ...], Iterable[Row]]]:
    yield "Audit", ("what", "number"), _headline(audit)
    yield (
        "Checks",
        ("check", "title", "urgency", "count", "of", "items", "findings", "people", "bytes", "oldest", "to decide",
         "action", "not known", "why"),
        map(_check, audit.checks),
    )  # fmt: skip
    yield (
        "Worklists",
        ("owner", "urgency", "root", "place", "what", "people", "checks", "step", "action"),
        _tasks(audit),
    )
    yield (
        "Rules", ("kind of data", "rule", "past", "to decide", "in time", "no date"),
        ((one.words, one.rule, one.past, one.decide, one.within, one.undated) for one in audit.stale),
    )  # fmt: skip
    stores = audit.stores
    places = zip(stores.stores, stores.owners, stores.cells, strict=True)
    yield (
        "Places", ("store", "owner", *(category.words for category in stores.categories)),
        ((store, owner, *row) for store, owner, row in places),
    )  # fmt: skip
    if audit.trend and audit.trend.comparable:
        heads = ("check", "title", "before", "resolved", "not looked at now", "persisted", "back again", "new", "now")
        yield "Changes", heads, (
            (one.number, one.title, one.before, one.resolved, one.unseen, one.persisted, one.reappeared, one.new,
             one.now)
            for one in audit.trend.changes
        )  # fmt: skip
    yield "Requests", ("request", "right", "received", "due", "phase", "overdue", "to do"), (
        (one.case_id, one.right, one.received, one.due, one.phase, "yes" if one.overdue else "no", "; ".join(one.to_do))
        for one in audit.requests.open
    )  # fmt: skip
    yield "Not read", ("why", "items"), ((one.words, one.number) for one in audit.coverage.reasons)
    if audit.ropa is not None:
        yield "Record gaps", ("gap", "place", "what", "findings"), (
            (one.kind, one.place, one.what, one.findings) for one in audit.ropa
        )  # fmt: skip


def _headline(audit: Audit) -> Iterator[tuple[str, str | float | date | None]]:
    totals, coverage = audit.totals, audit.coverage
    yield "day of the audit", audit.made_on
    yield "day of the scan", audit.source.scanned_on
    yield "people told apart", totals.people
    yield "items with personal data", totals.items
    yield "findings", totals.findings
    yield "places", totals.stores
    yield "places with an owner", totals.stores_with_owner
    yield "items met", coverage.met
    yield "items read whole", coverage.examined
    yield "items read in part", coverage.partial
    yield "items not read", coverage.not_examined
    yield from ((f"do now: {action}", None) for action in audit.top)


def _check(check: Check) -> tuple[object, ...]:
    amount = check.amount
    return (
        check.number, check.title, str(check.severity), check.count, str(check.unit), amount.items, amount.findings,
        amount.people, amount.size, amount.oldest, check.decide, check.action, " ".join(check.unknown), check.why,
    )  # fmt: skip


def _tasks(audit: Audit) -> Iterator[tuple[object, ...]]:
    for owner, task in chain.from_iterable(((work.owner, task) for task in work.tasks) for work in audit.worklists):
        checks, people = " ".join(task.checks), task.amount.people
        yield owner, str(task.severity), task.root, task.item, task.what, people, checks, str(task.step), task.action
