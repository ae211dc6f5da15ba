"""An audit goes in, its page comes out: one for the owner, one for the data protection officer, in a single file."""

from reports.audit.result import Audit
from reports.page.british import day, number
from reports.page.charts import patterns
from reports.page.markup import Html, el, name
from reports.page.officer import officer_page
from reports.page.owner import owner_page
from reports.page.sheet import sheet


def audit_page(audit: Audit) -> str:
    """A whole HTML file that loads nothing and runs nothing. Holds no value: paths, counts, dates and our sentences."""
    body = el("main", owner_page(audit), officer_page(audit), _foot(audit))
    return sheet(f"Personal data audit, {day(audit.made_on)}", Html(patterns() + body))


def _foot(audit: Audit) -> Html:
    tests = audit.totals.test_values
    left_out = f" {number(tests)} published test numbers are not counted." if tests else ""
    return el(
        "footer",
        el("p", "Made by whosedata ", audit.source.version, " from ", name(audit.source.report), ", run ",
           audit.source.run_id, f", scanned on {day(audit.source.scanned_on)}.{left_out}"),
        el("p", "No personal data is shown on this page. It is a tool for your decisions, not legal advice."),
    )  # fmt: skip
