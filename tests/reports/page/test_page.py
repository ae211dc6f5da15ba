"""What the page says of an audit: numbers, signs beside colours, and words where something is not known."""

from dataclasses import replace

from example_audit import example_audit
from selectolax.lexbor import LexborHTMLParser

from reports.audit.result import Ages, Audit, Requests, Severity, StoreTable, Worklist
from reports.page.audit_page import audit_page
from reports.page.worklists import worklist_page


def said(audit: Audit) -> str:
    body = LexborHTMLParser(audit_page(audit)).body
    assert body is not None
    return " ".join(body.text(separator=" ").split())


def test_the_headline_says_how_much_and_how_much_was_read():
    text = said(example_audit())
    for words in (
        "Personal data audit · 26 November 2026",
        "You hold personal data in 230 files and messages",
        "412 people, 12,345 details in 3 places, scanned on 25 November 2026.",
        "95% of what we met could be read; 50 items could not",
        "▲ Act now: 9 of 15 checks found something grave",
        "Delete 6 card numbers.",
    ):  # fmt: skip
        assert words in text


def test_requests_say_what_is_overdue_in_words():
    text = said(example_audit())
    assert "▲ overdue by 24 days" in text
    assert "◆ 6 days" in text
    assert "not running yet waiting" in text
    assert text.index("C-0002") < text.index("C-0001") < text.index("C-0003")  # the most urgent first


def test_every_check_stands_on_page_two_with_its_doubts():
    audit = example_audit()
    text = said(audit)
    for check in audit.checks:
        for words in (check.title, check.why, check.action, *check.unknown):
            assert words in text
    assert "Not known: 2 items have no date." in text
    assert "locked with a password 30" in text


def test_slopes_allow_for_coverage_and_say_whether_it_is_better():
    text = said(example_audit())
    assert "items past their period 10 3 ↓ better for 1,000 items read: 11.1 → 3.2" in text
    assert "stores with an owner 50% 67% ↑ better" in text


def test_audits_that_cannot_be_compared_show_no_number():
    audit = example_audit()
    assert audit.trend is not None
    text = said(replace(audit, trend=replace(audit.trend, comparable=False, why_not=("Other detectors.",))))
    assert "These two audits cannot be compared: Other detectors." in text
    assert "better" not in text
    assert "Changes since" not in text


def test_not_known_is_not_clear():
    audit = example_audit()
    checks = tuple(replace(check, count=0, severity=Severity.UNKNOWN, worst=()) for check in audit.checks)
    text = said(replace(audit, checks=checks))
    assert "could not be told" in text
    assert "checks are clear" not in text
    clear = tuple(replace(check, severity=Severity.CLEAR) for check in checks)
    assert "✓ All 15 checks are clear" in said(replace(audit, checks=clear))


def test_an_empty_share_gives_a_page():
    audit = example_audit()
    totals = replace(
        audit.totals, people=None, items=0, findings=0, stores=0, copies_per_person=None, median_age_years=None
    )
    text = said(
        replace(
            audit, totals=totals, stale=(), stores=StoreTable((), (), (), (), ()), ages=Ages((), 0, 7.0), worklists=(),
            trend=None, requests=Requests(), ropa=None, reviewed=(), exemptions=(), unreadable=(), copies=(), top=(),
        )
    )  # fmt: skip
    for words in (
        "not counted",
        "No personal data was found.",
        "Nothing to do.",
        "No request is open.",
        "No ropa.yaml",
    ):
        assert words in text


def test_do_this_week_takes_the_gravest_of_all_owners():
    audit = example_audit()
    [first, second] = audit.worklists
    low = replace(first.tasks[0], severity=Severity.LOW, item="low.txt")
    lists = (Worklist("Ann Example", (low,) * 9), replace(second, tasks=(replace(second.tasks[0], item="grave.txt"),)))
    text = said(replace(audit, worklists=lists))
    assert text.index("grave.txt") < text.index("low.txt")
    assert "5 more in the worklists" in text


def test_the_heat_table_shows_the_gravest_first_each_number_in_its_column():
    tree = LexborHTMLParser(audit_page(example_audit()))
    table = tree.css_first("table.heat")
    assert table is not None
    rows = [[cell.text() for cell in row.css("th, td")] for row in table.css("tr")]
    assert rows == [
        ["Place", "▲ special category data", "contact details"],
        ["share/HRowner: Ann Example", "▲ 25", "300"],
        ["share/Salesno owner", "–", "600"],
        ["HR/leavers 2015.xlsxno owner", "▲ 5", "–"],
    ]


def test_what_nobody_answers_for_is_listed_by_folder():
    audit = example_audit()
    task = audit.worklists[1].tasks[0]
    tasks = tuple(
        replace(task, item=item) for item in ("HR/a.csv", "Old/b.zip!/c/d.txt", "HR/e.csv", "top.zip!/x/y.txt")
    )
    tree = LexborHTMLParser(worklist_page(audit, Worklist("", tasks)))
    parts = {panel.css_first("h2").text(): len(panel.css("tbody tr")) for panel in tree.css("section")}
    assert parts == {"share/HR": 2, "share/Old": 1, "share": 1}
    owned = LexborHTMLParser(worklist_page(audit, Worklist("Ann Example", tasks)))
    assert [head.text() for head in owned.css("h2")] == ["To do"]
