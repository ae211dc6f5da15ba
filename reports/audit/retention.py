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
from reports.audit.tables import CHUNK, NO_DATE, Bools, Held, Ints

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

    def of_values(self, values: Ints) -> Ints:
        """The day for each value as a number, _UNKNOWN where it is not known."""
        days = np.full(len(values), _UNKNOWN, np.int64)
        order = np.argsort(self.values, kind="stable")
        ordered = self.values[order]
        if len(ordered):
            at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
            fits = ordered[at] == values
            days[fits] = self.days[order[at[fits]]].astype(np.int64)
        return days


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
    state = np.zeros(len(findings), np.int8)
    last = _last_days(held, ends)
    for start in range(0, len(findings), CHUNK):
        part = slice(start, start + CHUNK)
        dated, activity, ended = _days(held, ends, last, part)
        for number, one in enumerate(policy.rules):
            mine = np.flatnonzero(rule[part] == number)
            if len(mine):
                state[start + mine] = _states(one, dated[mine], activity[mine], ended[mine], now)
    state[exempt[findings.item]] = WITHIN
    worst = np.zeros(len(items), np.int8)
    np.maximum.at(worst, findings.item, state)
    return Retention(policy.rules, rule, state, worst, exempt)


def _last_days(held: Held, ends: Ends) -> tuple[Ints, Ints]:
    """For each person, and at the end for nobody, the last date of anything of theirs and the end that is known."""
    findings = held.findings
    activity, ended = (np.full(len(held.subject_ids) + 1, _UNKNOWN, np.int64) for _ in range(2))
    for start in range(0, len(findings), CHUNK):
        part = slice(start, start + CHUNK)
        whose = findings.subject[part]
        np.maximum.at(activity, whose, held.items.date[findings.item[part]].astype(np.int64))
        np.maximum.at(ended, whose, ends.of_values(findings.value[part]))
    activity[-1] = ended[-1] = _UNKNOWN
    return activity, ended


def _days(held: Held, ends: Ends, last: tuple[Ints, Ints], part: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of some findings: the date of the item, the last activity of the person, and the end of the relationship.

    A finding that is nobody's goes by its own item and its own value.
    """
    findings = held.findings
    whose = findings.subject[part]
    dated = held.items.date[findings.item[part]]
    activity = np.maximum(dated.astype(np.int64), last[0][whose])
    ended = np.maximum(ends.of_values(findings.value[part]), last[1][whose])
    return dated, activity.view("datetime64[D]"), ended.view("datetime64[D]")


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


def bare_cvs(held: Held, retention: Retention, today: date) -> Bools:
    """CVs in which no finding was made, and that are past the period of CVs."""
    rule = next(one for one in retention.rules if one.name == CV_RULE)
    items = held.items
    bare = items.document_class.is_in("cv") & ~held.flagged(np.ones(len(held.findings), bool)) & ~retention.exempt
    bare &= ~np.isnat(items.date)
    late = np.zeros(len(items), bool)
    late[bare] = end_of(items.date[bare], rule.keep) <= np.datetime64(today, "D")
    return late
