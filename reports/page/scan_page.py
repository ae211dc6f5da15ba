"""The files of one report go in, a page for people comes out: what was read, what was found, and where."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import islice

import pyarrow as pa

from reports.audit.result import Count, StoreTable
from reports.audit.words import CATEGORIES, GRAVE
from reports.page.british import counted, day, number, percent
from reports.page.charts import heat_table
from reports.page.markup import Child, Html, el, join, name, rows
from reports.page.sheet import figure, panel, sheet
from reports.parquet import ReportPaths, iterate, read_metadata
from reports.show_items import select_items
from reports.summary import GONE, HARMLESS, MEANING, Counts, count

_STORES, _UNREAD = 20, 40


def scan_page(paths: ReportPaths, words: Mapping[str, str]) -> str:
    """A whole HTML page; `words` are entity types in plain English. Only masked numbers and paths: no value."""
    counts = count(paths)
    metadata = read_metadata(paths.findings)
    when = _finished(metadata)
    store_table = stores(paths)
    body = el(
        "main",
        _headline(counts, when),
        _figures(counts, store_table),
        el(
            "div",
            panel("What was found", _types(counts, words), note=_remarks(counts)),
            panel("Where most of it is", _places(counts)),
            panel("Where it is", heat_table(store_table), wide=True) if store_table.stores else None,
            _unread(paths, counts),
            class_="grid",
        ),
        el(
            "footer",
            el("p", "Made by whosedata from ", name(paths.findings.name), f", run {metadata.get('run_id', '')}."),
            el("p", "No personal data is shown on this page. It is a tool for your decisions, not legal advice."),
        ),
    )
    return sheet(f"Personal data scan, {when}", body)


def _finished(metadata: Mapping[str, str]) -> str:
    try:
        return day(datetime.fromisoformat(metadata.get("finished_at", "")).date())
    except ValueError:
        return "date not known"


def _share_read(counts: Counts) -> tuple[int, int]:
    """Items read whole, and items that should have been read."""
    harmless = sum(value for (_, reason), value in counts.reasons.items() if reason in HARMLESS)
    met = sum(value for status, value in counts.statuses.items() if status != GONE)
    return counts.statuses.get("examined", 0), met - harmless


def _headline(counts: Counts, when: str) -> Html:
    read, met = _share_read(counts)
    left = met - read
    rest = f"{counted(left, 'item')} could not be read, or not wholly, and may hold more." if left else "All was read."
    found = counted(counts.findings, "detail") if counts.findings else "no details"
    return el(
        "header",
        el("p", f"Personal data scan · {when}", class_="eyebrow"),
        el("h1", f"{found} of people in {counted(met, 'item')}"),
        el("p", rest, class_="lead"),
    )


def _figures(counts: Counts, table: StoreTable) -> Html:
    read, met = _share_read(counts)
    share = read / met if met else 1.0
    return el(
        "dl",
        figure(number(counts.findings), "findings", "copies and quoted replies not counted"),
        figure(number(len(counts.types)), "kinds of data"),
        figure(number(len(table.stores) + table.other_stores), "places with personal data"),
        figure(percent(share), "read", f"{number(read)} of {counted(met, 'item')} whole"),
        class_="figures",
    )


def _remarks(counts: Counts) -> str:
    remarks = (
        (counts.tests, "of them published test values"), (counts.own, "of them the organisation's own"),
        (counts.copies, "more in copies and quoted replies"), (counts.left_out, "left out by verdicts"),
    )  # fmt: skip
    return "; ".join(f"{number(value)} {said}" for value, said in remarks if value)


def _types(counts: Counts, words: Mapping[str, str]) -> Html:
    if not counts.types:
        return el("p", "Nothing was found.")
    lines = ((words.get(kind, kind.lower().replace("_", " ")), number(value)) for kind, value in counts.types.items())
    return rows(lines, ("Kind", "Findings"), frozenset({1}))


def _places(counts: Counts) -> Html:
    if not counts.places:
        return el("p", "Nothing was found.")
    lines = ((name(place), number(value)) for place, value in counts.places.items())
    return rows(lines, ("File", "Findings"), frozenset({1}))


def _unread(paths: ReportPaths, counts: Counts) -> Html:
    title = "What could not be read"
    if counts.complete:
        return panel(title, el("p", "Everything that should be read was, wholly."), wide=True)
    reasons = (
        (MEANING.get(reason, reason), number(value)) for (_, reason), value in counts.reasons.items()
        if reason not in HARMLESS
    )  # fmt: skip
    items = (row for row in select_items(paths.items) if row["reason"] not in HARMLESS)
    lines = [_unread_cells(row) for row in islice(items, _UNREAD)]
    more = sum(value for (_, reason), value in counts.reasons.items() if reason not in HARMLESS) - len(lines)
    rest = el("p", f"and {number(more)} more: whosedata show REPORT --items", class_="note") if more > 0 else None
    reason_table = rows(reasons, ("Why", "Items"), frozenset({1}))
    return panel(title, join([reason_table, rows(lines, ("Item", "Why", "Read")), rest]), wide=True)


def _unread_cells(row: Mapping[str, str]) -> tuple[Child, ...]:
    how = "in part" if row["status"] == "partial" else "not"
    return name(f"{row['root']}/{row['item']}"), MEANING.get(row["reason"] or "", ""), how


def stores(paths: ReportPaths) -> StoreTable:
    """Findings by place (a root and its first folder) and category, copies and quoted replies included."""
    cells: Counter[tuple[str, str]] = Counter()
    for table in iterate(paths.findings, ["root", "item", "category"]):
        texts = pa.table({column: table[column].cast(pa.string()) for column in table.column_names})
        for row in texts.group_by(["root", "item", "category"]).aggregate([([], "count_all")]).to_pylist():
            top, slash, _ = row["item"].partition("!/")[0].partition("/")
            cells[f"{row['root']}/{top}" if slash else row["root"], row["category"] or "other"] += row["count_all"]
    by_store: Counter[str] = Counter()
    by_category: Counter[str] = Counter()
    for (store, category), value in cells.items():
        by_store[store] += value
        by_category[category] += value
    shown = [store for store, _ in by_store.most_common(_STORES)]
    kinds = sorted(by_category, key=lambda category: (category in GRAVE, -by_category[category]))
    return StoreTable(
        stores=tuple(shown),
        owners=(),
        categories=tuple(Count(kind, CATEGORIES.get(kind, kind), by_category[kind]) for kind in kinds),
        grave=tuple(kind in GRAVE for kind in kinds),
        cells=tuple(tuple(cells[store, kind] for kind in kinds) for store in shown),
        other_stores=len(by_store) - len(shown),
    )
