"""What the checks flagged goes in, one list of things to do for each owner comes out, and the most urgent three."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from reports.audit.checks import Examined
from reports.audit.measuring import Measure, kinds_of, rows_of, step_of
from reports.audit.result import Check, Severity, Step, Task, Worklist
from reports.plural import plural

SHOWN = 200  # of one owner; all are in the table that --out writes
# What is done first where an item is in several checks: what must go need not be moved.
_FIRST = ("A8", "A14", "A11", "A7", "A1", "A10", "A5", "A4", "A6", "A3", "A9", "A13", "A12", "A15")
_ACTIONS = {
    "A1": "Delete what is past its period",
    "A3": "Delete this copy, if it is one",
    "A4": "Let only those read it who need it, and write down the condition of Article 9",
    "A5": "Keep the result of the check only, and delete the rest",
    "A6": "Check that the data of children is needed, and who agreed",
    "A7": "Delete the CV, unless an interview is still to come",
    "A8": "Delete or mask the card data in it",
    "A9": "Move it to its proper folder, or delete it",
    "A10": "Delete the list, or encrypt it and name an owner",
    "A11": "Change the passwords in it, and take them out",
    "A12": "Find out which details are right, and correct the others",
    "A13": "Write down the safeguard of the transfer, or stop it",
    "A14": "Erase again what was erased, and find out what brought it back",
    "A15": "Look at it by hand, or make it readable and scan again",
}
_DECIDE = "Find out whether the relationship has ended, and decide; write down why"
_WEIGHT = {Severity.HIGH: 16, Severity.MEDIUM: 4, Severity.LOW: 1}
# Nobody has to act on each item of these: they are dealt with by folder, or for a person.
_BY_FOLDER = frozenset({"A2"})


def worklists(
    examined: Examined, answers: Sequence[Check], kept: Mapping[str, str] = MappingProxyType({})
) -> tuple[Worklist, ...]:
    """One list for each owner, those without an owner last. What is `kept` is never to be deleted now."""
    held = examined.held
    numbers = [one.number for one in answers if one.number not in _BY_FOLDER and examined.flags[one.number].items.any()]
    weight = np.zeros(len(held.items), np.int32)
    severity = {one.number: one.severity for one in answers}
    for number in numbers:
        weight += examined.flags[number].items * _WEIGHT.get(severity[number], 0)
    flagged = np.flatnonzero(weight)
    owners = np.array(examined.owners)[examined.row_of[flagged]] if len(flagged) else np.zeros(0, str)
    lists = []
    for owner in sorted(set(owners.tolist()), key=lambda name: (not name, name)):
        mine = flagged[owners == owner]
        order = mine[np.lexsort((mine, -weight[mine]))]
        tasks = _tasks(examined, order[:SHOWN], numbers, severity, kept)
        lists.append(Worklist(str(owner), tasks, max(0, len(order) - SHOWN)))
    return tuple(lists)


def _tasks(
    examined: Examined, items: np.ndarray, numbers: Sequence[str], severity: dict[str, Severity],
    kept: Mapping[str, str],
) -> tuple[Task, ...]:  # fmt: skip
    held, measure = examined.held, Measure(examined)
    rows: dict[int, list[np.ndarray]] = defaultdict(list)
    for number in numbers:
        for item, some in rows_of(held.findings.item, examined.flags[number].findings, np.sort(items)).items():
            rows[item].append(some)
    tasks = []
    for item in map(int, items):
        mine = [number for number in numbers if examined.flags[number].items[item]]
        involved = np.unique(np.concatenate(rows[item])) if rows[item] else np.zeros(0, np.int64)
        first = next(number for number in _FIRST if number in mine)
        step = step_of(examined.flags[first], item)
        action = (_DECIDE if first == "A1" and step is Step.DECIDE else _ACTIONS[first]) + "."
        root, path = held.items.path(item)
        if why := kept.get(f"{root}/{path}"):
            step, action = Step.DECIDE, why
        what = kinds_of(involved, examined) if len(involved) else _unread(examined, item)
        grave = max((severity[number] for number in mine), key=lambda one: _WEIGHT.get(one, 0))
        tasks.append(Task(root, path, what, tuple(mine), measure.at(item, involved), grave, step, action))
    return tuple(tasks)


def _unread(examined: Examined, item: int) -> str:
    reason = examined.held.items.reason.of(item)
    return f"could not be read: {reason.replace('_', ' ')}" if reason else "personal data"


_ORDER = ("A8", "A14", "A11", "A1", "A7", "A5", "A4", "A6", "A10", "A9", "A3", "A2", "A13", "A15", "A12")
# For each check: what to do with how many of what (one, many), and where.
_TOP = {
    "A1": ("Go through {} kept for longer than your rules allow{}: delete, or decide and write down why.", "item", ""),
    "A2": ("Name an owner and a purpose for {} with personal data{}.", "item", ""),
    "A3": ("Delete {} of what is held elsewhere, too{}.", "copy", "copies"),
    "A4": ("Close off {} of health, religion and other special categories{}.", "mention", ""),
    "A5": ("Check why you hold {} of criminal offences{}; keep the result of a check only.", "mention", ""),
    "A6": ("Check whether you need {} about children{}, and that a parent agreed.", "detail", ""),
    "A7": ("Delete {} past the period of consideration{}.", "CV", ""),
    "A8": (
        "Delete or mask {}{}. Security codes and tracks must go today.",
        "card number or code",
        "card numbers or codes",
    ),
    "A9": ("Move or delete {} in mailboxes, downloads, bins or open folders{}.", "item", ""),
    "A10": ("Delete {} exported and left lying{}.", "list", ""),
    "A11": ("Change {} beside personal data{}, and take them out of there.", "password or key", "passwords or keys"),
    "A12": ("Correct the details of {} of whom two versions are held{}.", "person", "people"),
    "A13": ("Write down the safeguard for {} that go abroad{}.", "detail", ""),
    "A14": ("Erase {} again that had been erased or suppressed{}; find out what brought them back.", "detail", ""),
    "A15": ("Have {} looked at that could not be read{}: nobody knows what is in them.", "item", ""),
}


def top_actions(answers: Sequence[Check], most: int = 3) -> tuple[str, ...]:
    """At most three sentences, the most urgent first: by severity, then by what the law is strictest on."""
    found = [one for one in answers if one.count and one.severity in _WEIGHT]
    found.sort(key=lambda one: (-_WEIGHT[one.severity], _ORDER.index(one.number)))
    return tuple(_sentence(one) for one in found[:most])


def _sentence(check: Check) -> str:
    text, one, many = _TOP[check.number]
    places = {
        f"{place.root}/{place.item.partition('/')[0]}" if "/" in place.item else place.root for place in check.worst
    }
    where = f" in {places.pop()}" if len(places) == 1 and check.amount.items <= len(check.worst) else ""
    return text.format(plural(check.count, one, many), where)
