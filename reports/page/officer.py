"""An audit goes in, page two comes out: each check with its rule and its doubts, for the data protection officer."""

from reports.audit.result import Amount, Audit, Change, Check, Count, Place, Trend
from reports.page.british import counted, number, percent, short_day, size
from reports.page.markup import Html, el, join, name, rows, wide_rows
from reports.page.owner import MARKS, STEPS
from reports.page.sheet import panel

_GAPS = {
    "no_activity": "Data, but no row", "no_data": "A row, but no data", "undeclared": "Kind of data not declared",
    "no_owner": "No owner",
}  # fmt: skip
_GAPS_SHOWN = 20


def officer_page(audit: Audit) -> Html:
    """All checks, coverage, the record of processing, copies, and how sure the detectors are."""
    panels = [_coverage(audit), _copies(audit.copies), _ropa(audit), _exemptions(audit), _reviewed(audit)]
    if audit.trend:
        panels.insert(0, _changes(audit.trend))
    return el(
        "section",
        el("header", el("p", "For the data protection officer", class_="eyebrow"),
           el("h1", "Every check, with its rule and its doubts")),
        el("div", *(_check(check) for check in audit.checks), class_="checks"),
        el("div", *filter(None, panels), class_="grid below"),
        class_="second",
    )  # fmt: skip


def _check(check: Check) -> Html:
    tag = el("span", MARKS[check.severity], class_=f"tag {check.severity}")
    decide = f" · {number(check.decide)} to be decided first" if check.decide else ""
    return el(
        "article",
        el("h2", el("span", check.number, class_="id"), el("span", check.title),
           el("span", _count(check), class_="count")),
        el("p", tag, el("small", f" {_amount(check.amount)}{decide}") if check.count else None),
        el("p", check.why, class_="why"),
        el("p", el("strong", "Next: "), check.action) if check.count else None,
        *(el("p", el("strong", "Not known: "), doubt, class_="unsure") for doubt in check.unknown),
        el("ul", *(el("li", _place(place)) for place in check.worst)) if check.worst else None,
        class_="check",
    )  # fmt: skip


def _count(check: Check) -> str:
    one = {"findings": "finding", "items": "item", "people": "person"}[check.unit]
    return counted(check.count, one, str(check.unit))


def _amount(amount: Amount) -> str:
    people = "" if amount.people is None else counted(amount.people, "person", "people")
    oldest = f"oldest {short_day(amount.oldest)}" if amount.oldest else ""
    listed = (counted(amount.items, "item"), counted(amount.findings, "finding"), people, size(amount.size), oldest)
    return ", ".join(filter(None, listed))


def _place(place: Place) -> Html:
    owner = join([", owner ", name(place.owner)]) if place.owner else ", no owner"
    return join([name(f"{place.root}/{place.item}"), f": {place.what} ({STEPS[place.step].lower()}", owner, ")"])


def _coverage(audit: Audit) -> Html:
    cover = audit.coverage
    told = (
        f"{counted(cover.met, 'item')} met: {number(cover.examined)} read whole, {number(cover.partial)} in part, "
        f"{number(cover.not_examined)} not ({percent(cover.share)} of items, {percent(cover.size_share)} of bytes). "
        f"{counted(cover.left_out, 'item was', 'items were')} left out by your own rules or hold no content."
    )
    reasons = rows(((one.words, number(one.number)) for one in cover.reasons), ("Why not", "Items"), frozenset({1}))
    lines = (
        (name(f"{place.root}/{place.item}"), place.what, size(place.amount.size))
        for place in audit.unreadable
    )  # fmt: skip
    largest = rows(lines, ("Largest that could not be read", "Why", "Size"), frozenset({2}))
    return panel("What could not be read", el("p", told), reasons if cover.reasons else None,
                 largest if audit.unreadable else None, wide=True)  # fmt: skip


def _copies(copies: tuple[Count, ...]) -> Html | None:
    """How many people are held how often."""
    if not copies:
        return None
    table = rows(
        ((one.words, number(one.number)) for one in copies), ("Copies of a person's data", "People"), frozenset({1})
    )
    return panel("Copies per person", table)


def _ropa(audit: Audit) -> Html:
    title = "Record of processing (Article 30)"
    if audit.ropa is None:
        return panel(title, el("p", "No ropa.yaml was given: whosedata audit REPORT --draft-ropa writes a first one."))
    if not audit.ropa:
        return panel(title, el("p", "The record and the report fit together."))
    lines = (
        (_GAPS.get(gap.kind, gap.kind), name(gap.place), gap.what, number(gap.findings))
        for gap in audit.ropa[:_GAPS_SHOWN]
    )
    more = len(audit.ropa) - _GAPS_SHOWN
    return panel(title, rows(lines, ("Gap", "Place", "What", "Findings"), frozenset({3})),
                 el("p", f"and {number(more)} more", class_="note") if more > 0 else None, wide=True)  # fmt: skip


def _exemptions(audit: Audit) -> Html | None:
    if not audit.exemptions:
        return None
    lines = ((one.name, one.words, number(one.number)) for one in audit.exemptions)
    return panel("Exemptions used", rows(lines, ("Code", "Ground", "Times"), frozenset({2})))


def _reviewed(audit: Audit) -> Html:
    title = "How often the detectors were right"
    if not audit.reviewed:
        return panel(title, el("p", "Nobody has given a verdict yet (whosedata verdict): precision is not known."))
    lines = (
        (one.entity_type, number(one.right), number(one.wrong), percent(one.right / max(one.right + one.wrong, 1)))
        for one in audit.reviewed
    )
    return panel(title, rows(lines, ("Type", "Right", "Wrong", "Precision"), frozenset({1, 2, 3})))


def _changes(trend: Trend) -> Html | None:
    """Each check in two audits, as far as they can be compared."""
    if not trend.comparable or not trend.changes:
        return None
    heads = ("Check", "Before", "Resolved", "Not looked at now", "Persisted", "Back again", "New", "Now")
    title = f"Changes since {short_day(trend.before)}"
    return panel(title, wide_rows(map(_change, trend.changes), heads, title), wide=True)


def _change(one: Change) -> tuple[str, ...]:
    counts = (one.before, one.resolved, one.unseen, one.persisted, one.reappeared, one.new, one.now)
    return (f"{one.number} {one.title}", *(number(count) for count in counts))
