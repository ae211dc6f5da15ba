"""What a report holds and a policy go in, what of each finding is past its period, undecided or within it comes out.

The end of a relationship is known from the organisation's own table of who left when, or from a rule that names it.
Where it is not, the last thing that happened stands in for it: that says "decide", never "delete" (a contract may run
on without a letter).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from reports.audit.globs import covered
from reports.audit.policy import CV_RULE, Period, Policy, Rule, Trigger
from reports.audit.tables import NO_DATE, Bools, Held, Ints

UNDATED, WITHIN, DECIDE, PAST = range(4)
STILL_RUNNING = date(9999, 12, 31)
_UNKNOWN = np.iinfo(np.int64).min  # NaT
_NEVER = np.datetime64(STILL_RUNNING, "D")


@dataclass(frozen=True, slots=True)
class Ends:
    """Who left when, by the organisation's own table: a value of theirs, and the day or STILL_RUNNING."""

    values: Ints
    days: np.ndarray

    @classmethod
    def none(cls) -> "Ends":
        """No table was given."""
        return cls(np.zeros(0, np.int64), np.zeros(0, "datetime64[D]"))

    def of(self, held: Held) -> np.ndarray:
        """The day for each finding, NaT where it is not known: of its person, else of its value; the last counts."""
        findings = held.findings
        days = np.full(len(findings), _UNKNOWN, np.int64)
        order = np.argsort(self.values, kind="stable")
        ordered = self.values[order]
        if len(ordered):
            at = np.minimum(np.searchsorted(ordered, findings.value), len(ordered) - 1)
            fits = ordered[at] == findings.value
            days[fits] = self.days[order[at[fits]]].astype(np.int64)
        last = np.full(len(held.subject_ids) + 1, _UNKNOWN, np.int64)  # the last is for nobody
        np.maximum.at(last, findings.subject, days)
        last[-1] = _UNKNOWN
        found: np.ndarray = np.maximum(days, last[findings.subject]).view("datetime64[D]")
        return found


@dataclass(frozen=True, slots=True)
class Retention:
    """For each finding the number of its rule and its state (UNDATED ... PAST); for each item the worst."""

    rules: tuple[Rule, ...]
    rule: Ints
    state: Ints
    item_state: Ints
    exempt: Bools  # items

    @property
    def cv(self) -> Bools:
        """Findings that fall under the rule of CVs."""
        found: Bools = np.array([rule.name == CV_RULE for rule in self.rules], bool)[self.rule]
        return found


def end_of(start: np.ndarray, keep: Period) -> np.ndarray:
    """The day on which a period is over: the same day of a later month, or the last one (29 to 28 February)."""
    months = start.astype("datetime64[M]")
    day = (start - months.astype("datetime64[D]")).astype("timedelta64[D]")
    later = months + np.timedelta64(keep.months, "M")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    end: np.ndarray = np.minimum(later.astype("datetime64[D]") + day, last) + np.timedelta64(keep.days, "D")
    return end


def tax_year_end(days: np.ndarray) -> np.ndarray:
    """The 5 April on or after each day: the end of its British tax year."""
    year = days.astype("datetime64[Y]")
    this = year.astype("datetime64[M]") + np.timedelta64(3, "M")
    end = this.astype("datetime64[D]") + np.timedelta64(4, "D")
    following = (this + np.timedelta64(12, "M")).astype("datetime64[D]") + np.timedelta64(4, "D")
    return np.where(days <= end, end, following)


def judge(held: Held, policy: Policy, today: date, ends: Ends) -> Retention:
    """The state of everything that is held, on a day."""
    items, findings = held.items, held.findings
    now = np.datetime64(today, "D")
    exempt = np.zeros(len(items), bool)
    for kept in policy.exempt:
        if kept.until > today:
            exempt |= covered(items.paths, kept.path)
    rule = _rules(held, policy)
    activity = _last_activity(held)
    known = ends.of(held)
    state = np.zeros(len(findings), np.int8)
    for number, one in enumerate(policy.rules):
        mine = np.flatnonzero(rule == number)
        if len(mine):
            state[mine] = _states(one, items.date[findings.item[mine]], activity[mine], known[mine], now)
    state[exempt[findings.item]] = WITHIN
    worst = np.zeros(len(items), np.int8)
    np.maximum.at(worst, findings.item, state)
    return Retention(policy.rules, rule, state, worst, exempt)


def _states(rule: Rule, dated: np.ndarray, activity: np.ndarray, ended: np.ndarray, now: np.datetime64) -> Ints:
    """The states of findings that one rule is for."""
    sure = np.ones(len(dated), bool)
    if rule.after is Trigger.DATE:
        start = dated
    elif rule.after is Trigger.TAX_YEAR_END:
        start = np.where(np.isnat(dated), NO_DATE, tax_year_end(dated))
    elif rule.ended is not None:
        start = np.full(len(dated), np.datetime64(rule.ended, "D"))
    else:
        sure = ~np.isnat(ended)
        start = np.where(sure, ended, activity)
    over = np.zeros(len(start), bool)
    told = ~np.isnat(start) & (start < _NEVER)
    over[told] = end_of(start[told], rule.keep) <= now
    return np.where(np.isnat(start), UNDATED, np.where(over, np.where(sure, PAST, DECIDE), WITHIN)).astype(np.int8)


def _rules(held: Held, policy: Policy) -> Ints:
    """The first rule that fits each finding."""
    items, findings = held.items, held.findings
    number = np.full(len(findings), len(policy.rules) - 1, np.int16)
    for at in range(len(policy.rules) - 1, -1, -1):
        rule = policy.rules[at]
        place = np.ones(len(items), bool)
        if rule.path:
            place &= covered(items.paths, rule.path)
        if rule.document_class:
            place &= items.document_class.is_in(rule.document_class)
        fits = place[findings.item]
        if rule.category:
            fits &= findings.category.is_in(rule.category)
        number[fits] = at
    return number


def _last_activity(held: Held) -> np.ndarray:
    """The last date of anything of the person of each finding; of nobody's findings the date of their item."""
    items, findings = held.items, held.findings
    dated = items.date[findings.item]
    known = (findings.subject >= 0) & ~np.isnat(dated)
    last = np.full(len(held.subject_ids) + 1, _UNKNOWN, np.int64)
    np.maximum.at(last, findings.subject[known], dated[known].astype(np.int64))
    last[-1] = _UNKNOWN
    theirs = last.view("datetime64[D]")[findings.subject]
    return np.where(np.isnat(theirs), dated, theirs)
