"""An audit goes in, page one comes out: what the owner of a business must know and do, in plain words."""

from itertools import chain

from reports.audit.result import Audit, Request, Requests, Severity, Step, Task, Totals, Trend
from reports.page.british import counted, day, number, percent, short_day, size, years
from reports.page.charts import age_histogram, heat_table, slope_chart, stale_bars
from reports.page.markup import Child, Html, el, join, name, rows
from reports.page.sheet import figure, panel

THIS_WEEK = 5
GRAVITY = {one: place for place, one in enumerate(Severity)}
STEPS = {
    Step.DELETE: "Delete", Step.DECIDE: "Decide", Step.MOVE: "Move", Step.PROTECT: "Protect",
    Step.CORRECT: "Correct", Step.ASSIGN: "Name an owner", Step.READ: "Make readable",
}  # fmt: skip
MARKS = {
    Severity.HIGH: "▲ Act now", Severity.MEDIUM: "◆ Soon", Severity.LOW: "● When you can",
    Severity.CLEAR: "✓ Nothing found", Severity.UNKNOWN: "? Could not be told",
}  # fmt: skip

_MOSTLY_NEW = "More than half of it is less than a year old."


def owner_page(audit: Audit) -> Html:
    """Headline, three actions, charts, what to do this week, and requests."""
    return join(
        [
            _headline(audit),
            _figures(audit),
            el("ol", *(el("li", action) for action in audit.top), class_="actions") if audit.top else None,
            el("div", *_panels(audit), class_="grid"),
        ]
    )


def _headline(audit: Audit) -> Html:
    totals, coverage = audit.totals, audit.coverage
    who = f"{counted(totals.people, 'person', 'people')}, " if totals.people is not None else ""
    unread = coverage.partial + coverage.not_examined
    read = f"{percent(coverage.share)} of what we met could be read"
    rest = f"; {counted(unread, 'item', 'items')} could not, or not wholly, and may hold more" if unread else ""
    return el(
        "header",
        el("p", f"Personal data audit · {day(audit.made_on)}", class_="eyebrow"),
        el("h1", f"You hold personal data in {counted(totals.items, 'file or message', 'files and messages')}"),
        el("p", f"{who}{counted(totals.findings, 'detail', 'details')} in {counted(totals.stores, 'place')}, "
           f"scanned on {day(audit.source.scanned_on)}. {read}{rest}.", class_="lead"),
        _verdict(audit),
    )  # fmt: skip


def _verdict(audit: Audit) -> Html:
    """The traffic light, with a sign and words."""
    found = [check.severity for check in audit.checks if check.count and check.severity is not Severity.CLEAR]
    grave, soon = found.count(Severity.HIGH), found.count(Severity.MEDIUM)
    of = f"of {counted(len(audit.checks), 'check')}"
    if grave:
        return el("p", f"▲ Act now: {grave} {of} found something grave", class_="verdict high")
    if soon:
        return el("p", f"◆ Act soon: {soon} {of} found something to put right", class_="verdict medium")
    if found or any(check.severity is Severity.UNKNOWN for check in audit.checks):
        return el("p", "● No urgent work; see page two for what is small or could not be told", class_="verdict low")
    return el("p", f"✓ All {len(audit.checks)} checks are clear", class_="verdict low")


def _figures(audit: Audit) -> Html:
    totals, coverage = audit.totals, audit.coverage
    return el(
        "dl",
        figure(_people(totals), "people told apart", _copies(totals)),
        figure(number(totals.items), "items with personal data", size(totals.size)),
        figure(number(totals.stores), "places", f"{number(totals.stores_with_owner)} with an owner"),
        figure(percent(coverage.share), "read", f"{number(coverage.examined)} of {number(coverage.met)} items whole"),
        class_="figures",
    )


def _people(totals: Totals) -> str:
    return "not counted" if totals.people is None else number(totals.people)


def _copies(totals: Totals) -> str:
    return "" if totals.copies_per_person is None else f"in {totals.copies_per_person:.1f} items each, on average"


def _panels(audit: Audit) -> list[Html]:
    age = audit.totals.median_age_years
    median = "" if age is None else f"Half of it is older than {years(age)}." if age >= 1 else _MOSTLY_NEW
    stale = stale_bars(audit.stale) if audit.stale else el("p", "No item has a retention rule.")
    ages = age_histogram(audit.ages) if audit.ages.bars else el("p", "No item has a date.")
    stores = heat_table(audit.stores) if audit.stores.stores else el("p", "No personal data was found.")
    return [
        panel("Kept against your rules", stale, note="Items by kind of data. An item counts for each kind it holds."),
        panel("How old it is", ages, note=median),
        panel("Where it is", stores, wide=True),
        *([_trend(audit.trend)] if audit.trend else ()),
        _this_week(audit),
        _requests(audit.requests),
    ]


def _trend(trend: Trend) -> Html:
    title = f"Since the audit of {day(trend.before)}"
    if not trend.comparable:
        why = join(el("li", reason) for reason in trend.why_not)
        return panel(title, el("p", "These two audits cannot be compared:"), el("ul", why), wide=True)
    read = f"{percent(trend.coverage_before)} could be read then, {percent(trend.coverage_now)} now"
    note = f"Left: {short_day(trend.before)}; right: {short_day(trend.now)}. {read}; slopes allow for that."
    return panel(title, slope_chart(trend.slopes), note=note, wide=True)


def _this_week(audit: Audit) -> Html:
    pairs = chain.from_iterable(((work.owner, task) for task in work.tasks) for work in audit.worklists)
    tasks = sorted(
        pairs, key=lambda pair: (GRAVITY[pair[1].severity], -(pair[1].amount.people or 0), -pair[1].amount.findings)
    )
    if not tasks:
        return panel("Do this week", el("p", "Nothing to do."), wide=True)
    lines = (task_cells(task, owner) for owner, task in tasks[:THIS_WEEK])
    further = len(tasks) - THIS_WEEK + sum(work.left_out for work in audit.worklists)
    note = (
        f"The most urgent first; {number(further)} more in the worklists." if further > 0 else "The most urgent first."
    )
    table = rows(lines, ("Place", "What is there", "People", "Owner", "What to do"), frozenset({2}))
    return panel("Do this week", table, note=note, wide=True)


def task_cells(task: Task, owner: str) -> tuple[Child, ...]:
    """One line of a list of work."""
    return (
        name(f"{task.root}/{task.item}"),
        task.what,
        "–" if task.amount.people is None else number(task.amount.people),
        name(owner) if owner else el("span", "nobody yet", class_="medium"),
        join([el("span", MARKS[task.severity], class_=f"tag {task.severity}"), f" {_action(task)}"]),
    )


def _action(task: Task) -> str:
    """What to do as a sentence; the name of the step where there is none."""
    return f"{task.action.rstrip('. ') or STEPS[task.step]}."


def _requests(requests: Requests) -> Html:
    closed = counted(requests.closed, "request was closed", "requests were closed")
    share = "" if requests.on_time is None else f", {percent(requests.on_time)} of them in time"
    note = f"In the last year {closed}{share}."
    if not requests.open:
        return panel("Requests from people", el("p", "No request is open."), note=note, wide=True)
    lines = (
        (
            name(one.case_id), one.right, short_day(one.received),
            short_day(one.due) if one.due else "not running yet", _left(one), "; ".join(one.to_do) or "–",
        )
        for one in sorted(requests.open, key=lambda one: (one.due is None, one.due or one.received))
    )  # fmt: skip
    heads = ("Request", "Right", "Received", "Due", "Time left", "To do")
    return panel("Requests from people", rows(lines, heads), note=note, wide=True)


def _left(one: Request) -> Html:
    if one.overdue:
        late = f" by {counted(-one.days_left, 'day')}" if one.days_left else ""
        return el("strong", f"▲ overdue{late}", class_="high")
    if one.due is None or one.days_left is None:
        return el("span", one.phase, class_="unknown")
    words = counted(one.days_left, "day") + (f" ({one.phase})" if one.phase != "running" else "")
    return el("strong", f"◆ {words}", class_="medium") if one.days_left <= 7 else el("span", words)
