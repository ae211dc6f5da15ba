"""Nothing goes in, one invented audit with every part filled comes out, for tests of pages and exports."""

from datetime import date

from reports.audit.result import (
    AgeBar,
    Ages,
    Amount,
    Audit,
    Change,
    Check,
    Count,
    Coverage,
    Place,
    Request,
    Requests,
    Reviewed,
    RopaGap,
    Severity,
    Slope,
    Source,
    Stale,
    Step,
    StoreTable,
    Task,
    Totals,
    Trend,
    Worklist,
)
from reports.audit.titles import QUESTIONS

MADE_ON = date(2026, 11, 26)


def example_audit(item: str = "HR/leavers 2015.xlsx", owner: str = "Ann Example") -> Audit:
    """An audit in which every check found something at `item`, which may be a hostile name, of `owner`."""
    amount = Amount(items=3, findings=120, people=40, size=250_000, oldest=date(2015, 4, 1))
    place = Place("share", item, "special category data of 12 people", amount, owner, Step.DECIDE)
    checks = tuple(
        Check(
            question.number, question.title, question.why, question.severity, question.unit, 7, amount, 2, (place,),
            question.action, ("2 items have no date.",) if question.number == "A1" else (),
        )
        for question in QUESTIONS
    )  # fmt: skip
    task = Task("share", item, "kept too long: 40 people", ("A1", "A4"), amount, Severity.HIGH, Step.DELETE, "Delete.")
    return Audit(
        made_on=MADE_ON,
        source=Source("report.parquet", "example", date(2026, 11, 25), ("share",), "0.1.0"),
        coverage=Coverage(
            1000, 950, 20, 30, 4, 0.95, 0.9,
            (Count("encrypted", "locked with a password", 30), Count("limit", "stopped at a limit", 20)),
        ),
        totals=Totals(412, 230, 12_345, 3, 5_000_000, 2, 2.4, 6, 17, 9, 4.5),
        checks=checks,
        top=("Delete 3 files past their period in HR.", "Delete 6 card numbers.", "Name an owner for share/Old."),
        stale=(
            Stale("contact", "contact details", "7 years after the end of the relationship", 3, 40, 150, 2),
            Stale("financial", "bank and payment details", "7 years after the end of the relationship", 1, 10, 30, 0),
        ),
        stores=StoreTable(
            ("share/HR", "share/Sales", item), (owner, "", ""),
            (Count("contact", "contact details", 900), Count("special_category", "special category data", 30)),
            (False, True), ((300, 25), (600, 0), (0, 5)), 2,
        ),
        ages=Ages((AgeBar(0, 1, 120, 0), AgeBar(1, 7, 80, 4), AgeBar(7, None, 28, 28)), 2, 7.0),
        worklists=(Worklist(owner, (task,), 4), Worklist("", (task,))),
        copies=(Count("1", "1 copy", 300), Count("2", "2 copies", 100), Count("3-5", "3 to 5 copies", 12)),
        requests=Requests(
            (
                Request("C-0001", "access", date(2026, 11, 2), date(2026, 12, 2), "running", False, 6, ("answer",)),
                Request("C-0002", "erasure", date(2026, 10, 1), date(2026, 11, 2), "running", True, -24, ()),
                Request("C-0003", "access", date(2026, 11, 20), None, "waiting", False, None, ()),
            ),
            4, 0.75,
        ),
        ropa=(
            RopaGap("no_activity", "share/Old", "no row covers this folder", 44),
            RopaGap("no_data", "share/Till/**", "nothing found", 0),
        ),
        trend=Trend(
            date(2026, 10, 26), MADE_ON, True, (), 0.9, 0.95,
            tuple(Change(one.number, one.title, 10, 7, 2, 4, 4, 1, 2) for one in QUESTIONS),
            (
                Slope("stale", "items past their period", 10, 3, (11.1, 3.2), "down"),
                Slope("owned", "stores with an owner", 0.5, 0.67, None, "up"),
            ),
        ),
        reviewed=(Reviewed("UK_NINO", 19, 1),),
        exemptions=(Count("E-LPP", "legal professional privilege", 2),),
        unreadable=(place,),
    )  # fmt: skip
