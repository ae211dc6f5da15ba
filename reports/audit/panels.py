"""What a report holds and what the checks found go in, the panels of the page come out: headline, tables, histogram."""

from datetime import date

import numpy as np

from reports.audit.checks import Examined
from reports.audit.copies import items_per_person
from reports.audit.policy import Policy
from reports.audit.result import AgeBar, Ages, Count, Coverage, Stale, StoreTable, Totals
from reports.audit.retention import DECIDE, PAST, UNDATED, WITHIN
from reports.audit.tables import CHILD, TRUNCATED, Held
from reports.audit.words import CARD, CARD_WORDS, CATEGORIES, GRAVE
from reports.audit.words import CHILD as CHILDREN
from reports.summary import MEANING

SHOWN_STORES = 12
_DAYS = 365.2425
_BARS = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (7, 10), (10, 15), (15, None))


def coverage(held: Held) -> Coverage:
    """How much of what was met could be read."""
    items = held.items
    read, partial = items.status.is_in("examined"), items.status.is_in("partial")
    left_out = items.harmless & ~read
    counted = ~left_out
    unread = counted & ~read & ~partial
    number = int(counted.sum())
    size = int(items.size[counted].sum())
    codes = items.reason.codes[counted & ~read]
    counts = np.bincount(codes[codes >= 0], minlength=len(items.reason.names))
    reasons = sorted(zip(items.reason.names, counts.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
    return Coverage(
        met=number,
        examined=int((counted & read).sum()),
        partial=int((counted & partial).sum()),
        not_examined=int(unread.sum()),
        left_out=int(left_out.sum()),
        share=int((counted & read).sum()) / number if number else 1.0,
        size_share=int(items.size[counted & read].sum()) / size if size else 1.0,
        reasons=tuple(Count(name, MEANING.get(name, name), count) for name, count in reasons if count),
    )


def totals(examined: Examined, today: date) -> Totals:
    """The numbers of the headline."""
    held, findings, items = examined.held, examined.held.findings, examined.held.items
    holds = held.flagged(np.ones(len(findings), bool))
    stores = np.unique(items.stores.codes[holds])
    owned = np.array([bool(name) for name in examined.owners])[examined.row_of]
    lacking = np.unique(items.stores.codes[holds & ~owned])
    dates = items.date[holds]
    ages = (np.datetime64(today, "D") - dates[~np.isnat(dates)]).astype(np.int64) / _DAYS
    per_person = items_per_person(held) if held.linked else np.zeros(0, np.int64)
    clear = findings.kind.is_in("CREDIT_CARD") & ((findings.facts & TRUNCATED) == 0)
    return Totals(
        people=int((per_person > 0).sum()) if held.linked else None,
        items=int(holds.sum()),
        findings=len(findings),
        stores=len(stores),
        size=int(items.size[holds].sum()),
        stores_with_owner=len(stores) - len(lacking),
        copies_per_person=float(per_person[per_person > 0].mean()) if (per_person > 0).any() else None,
        clear_cards=int(clear.sum()),
        special_items=int(held.flagged(findings.category.is_in("special_category")).sum()),
        test_values=findings.tests,
        median_age_years=float(np.median(ages)) if len(ages) else None,
    )


def stale(examined: Examined) -> tuple[Stale, ...]:
    """Each category against its rule, in items; an item counts as what is worst in it. The most late first."""
    held, retention = examined.held, examined.retention
    rows = []
    for code, category in enumerate(held.findings.category.names):
        mine = held.findings.category.codes == code
        if not mine.any():
            continue
        state = np.full(len(held.items), -1, np.int8)
        np.maximum.at(state, held.findings.item[mine], retention.state[mine])
        rule = retention.rules[int(np.bincount(retention.rule[mine]).argmax())]
        numbers = [int((state == one).sum()) for one in (PAST, DECIDE, WITHIN, UNDATED)]
        rows.append(Stale(category, CATEGORIES.get(category, category.replace("_", " ")), str(rule), *numbers))
    return tuple(sorted(rows, key=lambda row: (-row.past, -row.decide, row.category)))


def store_table(examined: Examined) -> StoreTable:
    """Stores down, categories across; children and payment cards have columns of their own beside their category."""
    held, findings = examined.held, examined.held.findings
    stores = held.items.stores
    store_of = stores.codes[findings.item]
    masks = [(name, CATEGORIES.get(name, name), findings.category.codes == code)
             for code, name in enumerate(findings.category.names)]  # fmt: skip
    masks.append((CARD, CARD_WORDS, findings.kind.is_in("CREDIT_CARD", "CARD_SECURITY_CODE", "CARD_TRACK")))
    masks.append((CHILDREN, CATEGORIES[CHILDREN], (findings.facts & CHILD) > 0))
    columns = [
        (Count(name, words, int(mask.sum())), np.bincount(store_of[mask], minlength=len(stores.names)))
        for name, words, mask in masks
        if mask.any()
    ]
    columns.sort(key=lambda column: (column[0].name in GRAVE, -column[0].number))
    whole = np.bincount(store_of, minlength=len(stores.names))
    order = [int(at) for at in np.argsort(-whole, kind="stable") if whole[at]]
    shown = order[:SHOWN_STORES]
    return StoreTable(
        stores=tuple(stores.names[at] for at in shown),
        owners=tuple(_owner(examined, at) for at in shown),
        categories=tuple(count for count, _ in columns),
        grave=tuple(count.name in GRAVE for count, _ in columns),
        cells=tuple(tuple(int(cells[at]) for _, cells in columns) for at in shown),
        other_stores=len(order) - len(shown),
    )


def _owner(examined: Examined, store: int) -> str:
    """The owner of all of a store, "" where part of it has none or another."""
    rows = np.unique(examined.row_of[examined.held.items.stores.codes == store])
    names = {examined.owners[int(row)] for row in rows}
    return names.pop() if len(names) == 1 else ""


def ages(examined: Examined, policy: Policy, today: date) -> Ages:
    """How old what is held is, and how much of each year is past its period. Dates in the future count as new."""
    held = examined.held
    holds = held.flagged(np.ones(len(held.findings), bool))
    days = (np.datetime64(today, "D") - held.items.date).astype("timedelta64[D]")
    dated = holds & ~np.isnat(held.items.date)
    years = np.where(dated, np.maximum(days.astype(np.int64), 0) / _DAYS, -1.0)
    late = examined.retention.item_state == PAST
    bars = []
    for low, high in _BARS:
        inside = (years >= low) & (years < high if high else True)
        bars.append(AgeBar(low, high, int(inside.sum()), int((inside & late).sum())))
    return Ages(tuple(bars), int((holds & ~dated).sum()), policy.rules[-1].keep.years)
