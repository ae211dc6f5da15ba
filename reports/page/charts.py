"""Parts of an audit's result go in, charts drawn by the page itself come out: bars, a histogram, slopes, a heat table.

Every number stands in text beside its mark, and kinds differ by pattern as well as by colour.
"""

import math

from reports.audit.result import Ages, Slope, Stale, StoreTable
from reports.page.british import counted, number, percent, years
from reports.page.markup import Html, el, join, name, scrolling

_KINDS = (
    ("past", "past its period"), ("hatch", "to be decided"), ("within", "still in time"), ("undated", "no date"),
)  # fmt: skip
_HEIGHT, _FLOOR, _CEILING = 150, 128, 26  # of the histogram, in pixels from its top
_SHADES = 5
_SHARES = frozenset({"owned", "read"})  # slopes that are shares of a whole


def patterns() -> Html:
    """What the other charts fill with; once a page."""
    hatch = el(
        "pattern", el("rect", width=6, height=6, class_="hatch-paper"),
        el("line", x1=0, y1=0, x2=0, y2=6, class_="hatch-ink"),
        id="hatch", width=6, height=6, patternUnits="userSpaceOnUse", patternTransform="rotate(45)",
    )  # fmt: skip
    dots = el(
        "pattern", el("rect", width=5, height=5, class_="dot-paper"),
        el("circle", cx=2.5, cy=2.5, r=1, class_="dot-ink"),
        id="dots", width=5, height=5, patternUnits="userSpaceOnUse",
    )  # fmt: skip
    return el("svg", el("defs", hatch, dots), width=0, height=0, aria_hidden="true", class_="patterns")


def stale_bars(stale: tuple[Stale, ...]) -> Html:
    """One bar a category, as long as it has items beside the largest: past its period, to decide, in time, no date."""
    most = max((_sum(one) for one in stale), default=0) or 1
    rules = {one.rule for one in stale}
    lines = []
    for one in sorted(stale, key=lambda line: (-line.past, -line.decide, line.words)):
        start, parts = 0.0, []
        for value, (kind, _) in zip((one.past, one.decide, one.within, one.undated), _KINDS, strict=True):
            width = 100 * value / most
            if value:
                parts.append(
                    el("rect", x=f"{start:.2f}%", y=0, width=f"{max(width, 0.6):.2f}%", height="100%", class_=kind)
                )
            start += width
        said = f"{number(one.past)} past, {number(one.decide)} to decide"
        further = f"{number(one.within)} in time" + (f", {number(one.undated)} without a date" if one.undated else "")
        lines.append(el(
            "li", el("div", el("span", one.words), el("strong", said), class_="row"),
            el("svg", *parts, height=13, aria_hidden="true"),
            el("small", f"{further}." if len(rules) == 1 else f"{further}. Rule: {one.rule}."),
        ))  # fmt: skip
    keys = join(el("li", el("svg", el("rect", width="100%", height="100%", class_=kind), aria_hidden="true"), words)
                for kind, words in _KINDS)  # fmt: skip
    rule = el("p", f"Rule for all of it: {rules.pop()}.", class_="note") if len(rules) == 1 else None
    return join([rule, el("ul", *lines, class_="bars"), el("ul", keys, class_="legend")])


def _sum(one: Stale) -> int:
    return one.past + one.decide + one.within + one.undated


def age_histogram(ages: Ages) -> Html:
    """Items by the age of their content, what is past its rule in another pattern, and the line of the longest rule."""
    most = max((bar.items for bar in ages.bars), default=0) or 1
    wide = 100 / max(len(ages.bars), 1)
    marks: list[Html] = []
    for place, bar in enumerate(ages.bars):
        left, middle = place * wide + wide * 0.12, place * wide + wide / 2
        full = (_FLOOR - _CEILING) * bar.items / most
        past = (_FLOOR - _CEILING) * bar.past / most
        span = f"{bar.from_years}+" if bar.to_years is None else f"{bar.from_years}–{bar.to_years}"
        for height, bottom, kind in ((past, _FLOOR, "past"), (full - past, _FLOOR - past, "within")):
            if height > 0:
                marks.append(el("rect", x=f"{left:.2f}%", y=f"{bottom - height:.1f}", width=f"{wide * 0.76:.2f}%",
                                height=f"{height:.1f}", class_=kind))  # fmt: skip
        marks.append(
            el("text", number(bar.items), x=f"{middle:.2f}%", y=f"{_FLOOR - full - 5:.1f}", text_anchor="middle")
        )
        marks.append(el("text", span, x=f"{middle:.2f}%", y=_FLOOR + 16, text_anchor="middle", class_="soft"))
    line = _line_at(ages) * wide
    side, shift = ("end", -6) if line > 50 else ("start", 6)
    marks += [
        el("line", x1=0, x2="100%", y1=_FLOOR, y2=_FLOOR, class_="baseline"),
        el("line", x1=f"{line:.2f}%", x2=f"{line:.2f}%", y1=0, y2=_FLOOR, class_="limit"),
        el("text", f"{years(ages.line_years)}: longest rule", x=f"{line:.2f}%", y=10, dx=shift, text_anchor=side),
    ]
    chart = el("svg", *marks, height=_HEIGHT, role="img", aria_label=_ages_in_words(ages), class_="histogram")
    older = sum(bar.past for bar in ages.bars)
    words = f"Age in years, number of items. Dark: past its rule ({number(older)}); light: not past it."
    if ages.undated:
        words += f" {counted(ages.undated, 'item has', 'items have')} no date."
    return join([chart, el("p", words, class_="note")])


def _line_at(ages: Ages) -> float:
    """Where the line stands, in bars from the left."""
    for place, bar in enumerate(ages.bars):
        if bar.to_years is None:
            return place + (0.0 if ages.line_years <= bar.from_years else 0.5)
        if ages.line_years < bar.to_years:
            return place + (ages.line_years - bar.from_years) / (bar.to_years - bar.from_years)
    return float(len(ages.bars))


def _ages_in_words(ages: Ages) -> str:
    spans = (
        f"{bar.from_years} years and more: {bar.items}" if bar.to_years is None
        else f"{bar.from_years} to {bar.to_years} years: {bar.items}"
        for bar in ages.bars
    )  # fmt: skip
    return f"Items by age. {'; '.join(spans)}. The longest rule is {years(ages.line_years)}."


def slope_chart(slopes: tuple[Slope, ...]) -> Html:
    """One small slope a number: the audit before on the left, this one on the right."""
    return el("ul", *(el("li", *_slope(one)) for one in slopes), class_="slopes")


def _slope(one: Slope) -> tuple[Html, ...]:
    before, now = one.per_1000 or (one.before, one.now)
    top = max(before, now) or 1
    start, end = (5 + 26 * (1 - value / top) for value in (before, now))
    same = math.isclose(before, now)
    good = (now < before) == (one.better == "down")
    kind = "unknown" if same else "low" if good else "high"
    word = "no change" if same else f"{'↓' if now < before else '↑'} {'better' if good else 'worse'}"
    drawing = el(
        "svg",
        el("line", x1="3%", y1=f"{start:.1f}", x2="97%", y2=f"{end:.1f}", class_="slope"),
        el("circle", cx="3%", cy=f"{start:.1f}", r=4, class_="slope-end"),
        el("circle", cx="97%", cy=f"{end:.1f}", r=4, class_="slope-end"),
        aria_hidden="true", class_=kind,
    )  # fmt: skip
    rated = f"for 1,000 items read: {number(round(before, 1))} → {number(round(now, 1))}" if one.per_1000 else ""
    return (
        el("div", one.words), drawing,
        el("div", el("span", _value(one, one.before)), el("span", _value(one, one.now)), class_="ends"),
        el("small", el("span", word, class_=f"tag {kind}"), el("span", f" {rated}", class_="rate")),
    )  # fmt: skip


def _value(one: Slope, value: float) -> str:
    return percent(value) if one.name in _SHARES else number(round(value, 1))


def heat_table(table: StoreTable) -> Html:
    """Stores down, categories across, the grave ones first: the more findings, the darker; grave ones have a sign."""
    columns = sorted(range(len(table.categories)), key=lambda column: not table.grave[column])
    heads = [el("th", "Place", scope="col"), *(_heat_head(table, column) for column in columns)]
    most = max((cell for row in table.cells for cell in row), default=0) or 1
    owners: tuple[str | None, ...] = table.owners or (None,) * len(table.stores)  # a scan by itself knows none
    lines = []
    for store, owner, row in zip(table.stores, owners, table.cells, strict=True):
        cells = [_heat(row[column], most, table.grave[column]) for column in columns]
        remark = el("small", "owner: ", name(owner)) if owner else el("small", "no owner", class_="medium")
        where = [name(store)] if owner is None else [name(store), el("br"), remark]
        lines.append(el("tr", el("th", *where, scope="row"), *cells))
    drawn = el("table", el("thead", el("tr", *heads)), el("tbody", *lines), class_="heat")
    further = counted(table.other_stores, "further place holds", "further places hold")
    more = f" {further} less." if table.other_stores else ""
    note = el("p", f"Number of findings; the darker, the more. ▲ needs special care.{more}", class_="note")
    return join([scrolling(drawn, "Places and kinds of data"), note])


def _heat_head(table: StoreTable, column: int) -> Html:
    words, grave = table.categories[column].words, table.grave[column]
    return el("th", f"▲ {words}" if grave else words, scope="col", class_="grave" if grave else None)


def _heat(value: int, most: int, grave: bool) -> Html:
    if not value:
        return el("td", "–", class_="h0")
    shade = 1 + round((_SHADES - 1) * math.log1p(value) / math.log1p(most))
    return el("td", f"▲ {value:,}" if grave else f"{value:,}", class_=f"{'b' if grave else 't'}{shade}")
