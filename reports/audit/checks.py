"""What a report holds, a policy and the tables of a home go in; for each check A1 to A15 what it is about comes out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.audit.copies import near_copies
from reports.audit.policy import Policy
from reports.audit.result import Step
from reports.audit.retention import DECIDE, PAST, UNDATED, Ends, Retention, bare_cvs, judge
from reports.audit.ropa import ADEQUATE, Activity, assign
from reports.audit.tables import CHILD, TRUNCATED, Bools, Held, Ints
from reports.audit.wrong_places import wrong_places
from reports.plural import plural

LISTS = (
    "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.ms-excel",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12", "application/vnd.oasis.opendocument.spreadsheet",
    "application/sql", "application/x-postgresql-dump", "application/x-postgresql-tar", "application/x-mysqldump-xml",
    "application/vnd.sqlite3", "application/vnd.apache.parquet", "application/vnd.apache.arrow.file",
    "application/avro", "application/json", "application/x-ndjson", "application/xml",
)  # fmt: skip
_CARDS, _NEVER_STORED = "CREDIT_CARD", ("CARD_SECURITY_CODE", "CARD_TRACK")
_ONE_EACH = ("DATE_OF_BIRTH", "UK_NINO", "UK_NHS")  # a person has one
_ABOUT_PEOPLE = ("identity", "contact")
_UNREAD = ("partial", "not_examined")


@dataclass(frozen=True, slots=True)
class Home:
    """The further tables of a home, empty where it has none.

    erased: value ids and the day (as datetime64[D]) on which each was erased. suppressed: likewise, of contact details
    of people who want no mailings. kept: paths root/item that nobody may delete now, and why, in a sentence.
    """

    erased: tuple[Ints, np.ndarray] = field(
        default_factory=lambda: (np.zeros(0, np.int64), np.zeros(0, "datetime64[D]"))
    )
    suppressed: tuple[Ints, np.ndarray] = field(
        default_factory=lambda: (np.zeros(0, np.int64), np.zeros(0, "datetime64[D]"))
    )
    ends: Ends = field(default_factory=Ends.none)
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flagged:
    """What one check is about: booleans over findings and over items, people by number, and those to decide on.

    `decide` are items. `step` is what to do there; `unknown` sentences about what could not be told.
    """

    findings: Bools
    items: Bools
    decide: Bools
    step: Step
    people: Ints | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """All that the checks found out, for whoever counts it."""

    held: Held
    retention: Retention
    row_of: Ints  # for each item the row of ropa.yaml, -1 for none
    owners: tuple[str, ...]  # for each row of ropa.yaml, and "" at the end, for none
    places: dict[str, Bools]
    flags: dict[str, Flagged]

    def owner(self, item: int) -> str:
        """Who answers for an item, "" where nobody is named."""
        return self.owners[int(self.row_of[item])]


def examine(
    held: Held, policy: Policy, today: date, activities: tuple[Activity, ...] = (), home: Home | None = None,
    *, keys: pa.Table | None = None,
) -> Examined:  # fmt: skip
    """Ask all fifteen questions. `keys`: those of kind postcode of the report's match keys, to compare addresses."""
    home = home or Home()
    retention = judge(held, policy, today, home.ends)
    row_of = assign(held.items, activities)
    owners = tuple("" if one.owner in policy.left else one.owner for one in activities)
    places = wrong_places(held)
    flags = {
        "A1": _stale(held, retention),
        "A2": _unowned(held, activities, row_of, (*owners, "")),
        "A3": _copies(held),
        "A4": _of_findings(held, held.findings.category.is_in("special_category"), Step.PROTECT),
        "A5": _of_findings(held, held.findings.category.is_in("criminal"), Step.DECIDE),
        "A6": _of_findings(held, (held.findings.facts & CHILD) > 0, Step.DECIDE),
        "A7": _cvs(held, retention, today),
        "A8": _cards(held),
        "A9": _of_items(held, _any(places.values(), len(held.items)), Step.MOVE),
        "A10": _exports(held, policy, today, np.array([bool(name) for name in (*owners, "")])[row_of]),
        "A11": _secrets(held),
        "A12": _conflicts(held, keys),
        "A13": _transfers(held, activities, row_of),
        "A14": _back(held, home),
        "A15": _unread(held),
    }
    return Examined(held, retention, row_of, (*owners, ""), places, flags)


def _any(parts: Iterable[Bools], size: int) -> Bools:
    found = np.zeros(size, bool)
    for part in parts:
        found |= part
    return found


def _of_findings(held: Held, findings: Bools, step: Step, unknown: tuple[str, ...] = ()) -> Flagged:
    nothing = np.zeros(len(held.items), bool)
    return Flagged(findings, held.flagged(findings), nothing, step, unknown=unknown)


def _of_items(held: Held, items: Bools, step: Step, unknown: tuple[str, ...] = ()) -> Flagged:
    return Flagged(items[held.findings.item], items, np.zeros(len(items), bool), step, unknown=unknown)


def _stale(held: Held, retention: Retention) -> Flagged:
    """A CV is a question of its own (A7); what has no date is no answer either way."""
    state, other = retention.state, ~retention.cv
    findings = (state >= DECIDE) & other
    past, items = held.flagged((state == PAST) & other), held.flagged(findings)
    undated = int(held.flagged((state == UNDATED) & other).sum())
    unknown = []
    if decide := int((items & ~past).sum()):
        unknown.append(
            f"Of {plural(decide, 'item')} the end of the relationship is not known: the last activity of the person "
            "stands in for it. A table of who left when ([retention] relationships) settles that."
        )
    if undated:
        unknown.append(f"{plural(undated, 'item')} {'has' if undated == 1 else 'have'} no date at all.")
    return Flagged(findings, items, items & ~past, Step.DELETE, unknown=tuple(unknown))


def _unowned(held: Held, activities: tuple[Activity, ...], row_of: Ints, owners: tuple[str, ...]) -> Flagged:
    purposes = np.array([bool(one.activity and one.basis) for one in activities] + [False])
    owned = np.array([bool(name) for name in owners])
    holds = held.flagged(np.ones(len(held.findings), bool))
    told = () if activities else ("No record of processing was given (--ropa): every folder counts as without owner.",)
    return _of_items(held, holds & ~(purposes & owned)[row_of], Step.ASSIGN, told)


def _copies(held: Held) -> Flagged:
    holds = held.flagged(np.ones(len(held.findings), bool))
    near, whole = near_copies(held)
    told = () if whole else ("So many items are alike that not all of them were compared.",)
    return _of_items(held, holds & (held.items.has_copy_of | near), Step.DELETE, told)


def _cvs(held: Held, retention: Retention, today: date) -> Flagged:
    """By what the rule says of what was found in them; a CV in which nothing was found is one by its form."""
    state, cvs = retention.state, retention.cv
    late = held.flagged(cvs & (state == PAST)) | bare_cvs(held, retention, today)
    undated = int(held.flagged(cvs & (state == UNDATED)).sum())
    told = [f"{plural(undated, 'CV has', 'CVs have')} no date."] if undated else []
    if by_file := int((late & ~held.items.by_content).sum()):
        told.append(f"{plural(by_file, 'CV is', 'CVs are')} dated by the file only: a copied file can look younger.")
    return Flagged(cvs & (state == PAST), late, np.zeros(len(late), bool), Step.DELETE, unknown=tuple(told))


def _cards(held: Held) -> Flagged:
    """Clear numbers, security codes and tracks; a number cut down to its last digits may be kept."""
    findings = held.findings
    clear = findings.kind.is_in(_CARDS) & ((findings.facts & TRUNCATED) == 0)
    return _of_findings(held, clear | findings.kind.is_in(*_NEVER_STORED), Step.DELETE)


def _exports(held: Held, policy: Policy, today: date, owned: Bools) -> Flagged:
    items, findings = held.items, held.findings
    people = _people_per_item(held)
    old = items.date <= np.datetime64(today, "D") - np.timedelta64(policy.export_days, "D")
    lists = items.media_type.is_in(*LISTS) & (people > policy.export_people) & ~owned
    undated = int((lists & np.isnat(items.date)).sum())
    told = [f"{plural(undated, 'list has', 'lists have')} no date."] if undated else []
    if not held.linked and len(findings):
        told.append("People are counted by name: the report is not linked (whosedata link).")
    return _of_items(held, lists & old, Step.DELETE, tuple(told))


def _people_per_item(held: Held) -> Ints:
    """Distinct people of each item; where nobody was told apart, or a name fits several, distinct names."""
    findings = held.findings
    names = findings.kind.is_in("PERSON")
    by_name = _distinct(findings.item[names], findings.value[names], len(held.items))
    known = findings.subject >= 0
    return np.maximum(by_name, _distinct(findings.item[known], findings.subject[known], len(held.items)))


def _distinct(groups: Ints, values: Ints, size: int) -> Ints:
    """How many distinct values each group has."""
    order = np.lexsort((values, groups))
    groups, values = groups[order], values[order]
    fresh = np.ones(len(groups), bool)
    fresh[1:] = (groups[1:] != groups[:-1]) | (values[1:] != values[:-1])
    return np.bincount(groups[fresh], minlength=size)


def _secrets(held: Held) -> Flagged:
    secrets = held.findings.category.is_in("credential")
    beside = held.flagged(held.findings.category.is_in(*_ABOUT_PEOPLE))[held.findings.item]
    alone = int((secrets & ~beside).sum())
    told = (f"{plural(alone, 'more secret stands', 'more secrets stand')} in files that name nobody.",) if alone else ()
    return _of_findings(held, secrets & beside, Step.PROTECT, told)


def _conflicts(held: Held, keys: pa.Table | None) -> Flagged:
    """People of whom two values are held where a person has one, and those with addresses of two postcodes."""
    findings = held.findings
    known = (findings.subject >= 0) & findings.role.is_in("self")
    clash = np.zeros(len(held.subject_ids), bool)
    involved = np.zeros(len(findings), bool)
    rows = [(np.flatnonzero(known & findings.kind.is_in(kind)), findings.value) for kind in _ONE_EACH]
    if keys is not None:
        of_address = known & findings.kind.is_in("ADDRESS", "UK_POSTCODE")
        postcode, has = _keyed(findings.value[of_address], keys)
        values = np.zeros(len(findings), np.int64)
        values[of_address] = postcode
        at = np.flatnonzero(of_address)
        rows.append((at[has], values))
    # Each choice by itself: "yes" to post and "no" to e-mail is no conflict.
    rows.extend(
        (np.flatnonzero((findings.subject >= 0) & (findings.label.codes == label)), findings.value)
        for label in range(len(findings.label.names))
    )
    for at, values in rows:
        several = _distinct(findings.subject[at], values[at], len(held.subject_ids)) > 1
        clash |= several
        involved[at[several[findings.subject[at]]]] = True
    told = () if held.linked else ("The report is not linked, so no two details are known to be one person's.",)
    items = held.flagged(involved)
    return Flagged(involved, items, items, Step.CORRECT, np.flatnonzero(clash), told)


def _keyed(values: Ints, keys: pa.Table) -> tuple[Ints, Bools]:
    """The key of each value, and whether it has one."""
    owners, codes = np.asarray(keys["value_id"]), np.asarray(keys["key"])
    order = np.argsort(owners, kind="stable")
    owners, codes = owners[order], codes[order]
    at = np.minimum(np.searchsorted(owners, values), max(len(owners) - 1, 0))
    has = owners[at] == values if len(owners) else np.zeros(len(values), bool)
    return (codes[at] if len(owners) else np.zeros(len(values), np.int64)), has


def _transfers(held: Held, activities: tuple[Activity, ...], row_of: Ints) -> Flagged:
    """Mail to addresses in countries without an adequacy regulation, and folders whose recipients lack a safeguard."""
    findings = held.findings
    abroad = tuple(code for code in findings.country.names if code not in ADEQUATE)
    sent = (
        findings.kind.is_in("EMAIL_ADDRESS") & findings.role.is_in("to", "cc", "bcc") & findings.country.is_in(*abroad)
    )
    unsafe = np.array([any(one.unsafe for one in row.recipients) for row in activities] + [False])
    told = ["Where a mailbox at .com, .org or .net is kept is not told by its address."]
    if not activities:
        told.append("Without ropa.yaml no recipients are known.")
    return _of_findings(held, sent | unsafe[row_of][findings.item], Step.DECIDE, tuple(told))


def _back(held: Held, home: Home) -> Flagged:
    """Values that were erased before this scan; contact details of suppressed people in what is younger than that."""
    scanned = np.datetime64(held.metadata.get("finished_at", "9999-12-31")[:10], "D")
    values, days = home.erased
    erased = np.isin(held.findings.value, values[days <= scanned])
    values, days = home.suppressed
    order = np.argsort(values, kind="stable")
    values, days = values[order], days[order]
    back = np.zeros(len(held.findings), bool)
    if len(values):
        at = np.minimum(np.searchsorted(values, held.findings.value), len(values) - 1)
        since = np.where(values[at] == held.findings.value, days[at], np.datetime64("NaT", "D"))
        back = held.items.date[held.findings.item] > since
    return _of_findings(held, erased | back, Step.DELETE)


def _unread(held: Held) -> Flagged:
    unread = held.items.status.is_in(*_UNREAD) & ~held.items.harmless
    return _of_items(held, unread, Step.READ)


def postcode_keys(tables: Iterable[pa.Table]) -> pa.Table:
    """Of match keys those of postcodes: pieces of a report's keys go in."""
    parts: dict[str, list[Ints]] = {"key": [], "value_id": []}
    for table in tables:
        rows = table.filter(pc.equal(table["kind"], "postcode"))
        for name, columns in parts.items():
            columns.append(np.asarray(rows[name]))
    return pa.table({name: np.concatenate([np.zeros(0, np.int64), *columns]) for name, columns in parts.items()})
