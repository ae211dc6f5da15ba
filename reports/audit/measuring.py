"""What the checks flagged goes in, the fifteen answers with their amounts and worst places come out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from reports.audit.checks import Examined, Flagged
from reports.audit.result import Amount, Check, Place, Severity, Step, Unit
from reports.audit.tables import Bools, Ints
from reports.audit.titles import QUESTIONS, Question
from reports.audit.words import CATEGORIES
from reports.plural import plural

WORST = 5
# Of these, one is as grave as many; the others are less grave while there are few.
_FEW = 5


@dataclass(frozen=True, slots=True)
class Measure:
    """Counts what some items and findings are."""

    examined: Examined

    def amount(self, items: Bools, findings: Bools) -> Amount:
        """Items, findings, people, bytes and the oldest date."""
        held = self.examined.held
        dates = held.items.date[items]
        dates = dates[~np.isnat(dates)]
        return Amount(
            items=int(items.sum()),
            findings=int(findings.sum()),
            people=_people(held.findings.subject[findings]) if held.linked else None,
            size=int(held.items.size[items].sum()),
            oldest=dates.min().astype(date) if len(dates) else None,
        )

    def at(self, item: int, rows: Ints) -> Amount:
        """The same for one item and findings of it, given by row."""
        held = self.examined.held
        dated = held.items.date[item]
        return Amount(
            items=1,
            findings=len(rows),
            people=_people(held.findings.subject[rows]) if held.linked else None,
            size=int(held.items.size[item]),
            oldest=None if np.isnat(dated) else dated.astype(date),
        )


def _people(subjects: Ints) -> int:
    return int(np.count_nonzero(np.bincount(subjects[subjects >= 0])))


def checks(examined: Examined) -> tuple[Check, ...]:
    """The answers, A1 to A15."""
    measure = Measure(examined)
    return tuple(_check(question, examined.flags[question.number], measure) for question in QUESTIONS)


def _check(question: Question, flagged: Flagged, measure: Measure) -> Check:
    amount = measure.amount(flagged.items, flagged.findings)
    people = len(flagged.people) if flagged.people is not None else 0
    count = {Unit.ITEMS: amount.items, Unit.FINDINGS: amount.findings, Unit.PEOPLE: people}[question.unit]
    return Check(
        number=question.number,
        title=question.title,
        why=question.why,
        severity=_severity(question, flagged, count, measure),
        unit=question.unit,
        count=count,
        amount=amount,
        decide=int(flagged.decide.sum()),
        worst=worst_places(question.number, flagged, measure),
        action=question.action,
        unknown=flagged.unknown,
    )


def _severity(question: Question, flagged: Flagged, count: int, measure: Measure) -> Severity:
    if not count:
        unlinked = question.unit is Unit.PEOPLE and not measure.examined.held.linked
        return Severity.UNKNOWN if unlinked else Severity.CLEAR
    if question.severity is Severity.HIGH and flagged.decide.sum() == count:
        return Severity.MEDIUM  # nothing of it is known to be late
    return Severity.LOW if question.severity is Severity.MEDIUM and count <= _FEW else question.severity


def worst_places(number: str, flagged: Flagged, measure: Measure, most: int = WORST) -> tuple[Place, ...]:
    """The items with the most findings of this check; those without any (unread ones) by their size."""
    held = measure.examined.held
    items = np.flatnonzero(flagged.items)
    count = np.bincount(held.findings.item[flagged.findings], minlength=len(held.items))[items]
    chosen = items[np.lexsort((items, -held.items.size[items], -count))[:most]]
    rows = rows_of(held.findings.item, flagged.findings, chosen)
    return tuple(
        Place(
            *held.items.path(item),
            what=describe(number, int(item), rows[int(item)], measure.examined),
            amount=measure.at(int(item), rows[int(item)]),
            owner=measure.examined.owner(int(item)),
            step=step_of(flagged, int(item)),
        )
        for item in chosen
    )


def rows_of(item: Ints, wanted: Bools, chosen: Ints) -> dict[int, Ints]:
    """The wanted findings of each chosen item, by row; one pass for all of them."""
    marked = np.zeros(int(item.max(initial=-1)) + 2, bool)
    marked[chosen[chosen < len(marked)]] = True
    rows = np.flatnonzero(wanted & marked[item]) if len(item) else np.zeros(0, np.int64)
    order = rows[np.argsort(item[rows], kind="stable")]
    ends = np.searchsorted(item[order], chosen, side="right")
    begins = np.searchsorted(item[order], chosen, side="left")
    return {int(one): order[begin:end] for one, begin, end in zip(chosen, begins, ends, strict=True)}


def step_of(flagged: Flagged, item: int) -> Step:
    """What is to be done with an item of a check: nothing is deleted whose end is not known."""
    return Step.DECIDE if flagged.decide[item] and flagged.step is Step.DELETE else flagged.step


def describe(number: str, item: int, rows: Ints, examined: Examined) -> str:
    """What an item holds that this check is about, in a few words that never quote a value."""
    said = _DESCRIBE.get(number)
    return said(item, rows, examined) if said else kinds_of(rows, examined)


def kinds_of(rows: Ints, examined: Examined) -> str:
    """The categories of some findings, the most first."""
    held = examined.held
    codes = held.findings.category.codes[rows]
    counts = np.bincount(codes[codes >= 0], minlength=1)
    names = [held.findings.category.names[code] for code in np.argsort(-counts, kind="stable") if counts[code]]
    words = ", ".join(CATEGORIES.get(name, name.replace("_", " ")) for name in names[:3])
    return f"{words}: {plural(len(rows), 'finding')}" if words else "personal data"


def _late(_: int, rows: Ints, examined: Examined) -> str:
    rule = examined.retention.rules[int(np.bincount(examined.retention.rule[rows]).argmax())] if len(rows) else None
    return f"{kinds_of(rows, examined)}; keep: {rule}"


def _copy(item: int, rows: Ints, examined: Examined) -> str:
    same = examined.held.items.has_copy_of[item]
    return ("the same file as another: " if same else "nearly what another holds: ") + kinds_of(rows, examined)


def _place(item: int, rows: Ints, examined: Examined) -> str:
    where = next((name for name, items in examined.places.items() if items[item]), "")
    return f"{where}: {kinds_of(rows, examined)}"


def _reason(item: int, _: Ints, examined: Examined) -> str:
    items = examined.held.items
    state = "not read" if items.status.of(item) == "not_examined" else "read in part"
    return f"{state}: {items.reason.of(item).replace('_', ' ') or 'no reason given'}"


_DESCRIBE: dict[str, Callable[[int, Ints, Examined], str]] = {
    "A1": _late, "A3": _copy, "A7": _late, "A9": _place, "A15": _reason,
}  # fmt: skip
