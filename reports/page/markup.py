"""Names and texts that may be hostile go in, HTML with nothing but our own elements comes out."""

from collections.abc import Iterable
from html import escape

from reports.safe import printable

_VOID = frozenset({"br", "hr", "meta", "wbr", "rect", "line", "circle", "path", "col"})


class Html(str):
    """Text that is HTML already: made by el() and join() only, so that all other text is escaped."""

    __slots__ = ()


Child = Html | str | None


def el(name: str, *children: Child, **attributes: str | int | float | None) -> Html:
    """One element. Text is escaped, controls are shown as their code; attributes that are None are left out.

    A name ends in `_` where Python knows the word (`class_`), and other `_` become `-`.
    """
    listed = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(printable(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID and not children:
        return Html(f"<{name}{listed}/>")
    return Html(f"<{name}{listed}>{join(children)}</{name}>")


def join(children: Iterable[Child], between: str = "") -> Html:
    """Elements and texts one after the other; `between` is text."""
    return Html(escape(between).join(text(child) for child in children if child is not None))


def text(child: Html | str) -> Html:
    """HTML as it is, any other text escaped."""
    return child if isinstance(child, Html) else Html(escape(printable(child)))


def name(path: str) -> Html:
    """A path or a name from outside: it breaks anywhere, and turns no direction of what stands beside it."""
    return el("bdi", path, class_="path")


def rows(lines: Iterable[tuple[Child, ...]], heads: tuple[str, ...], numbers: frozenset[int] = frozenset()) -> Html:
    """A table that becomes a list of cards on a narrow screen; `numbers` are the columns that are set to the right."""
    kind = [("number" if at in numbers else None) for at in range(len(heads))]
    columns = list(zip(heads, kind, strict=True))
    body = [
        el("tr", *(el("td", el("div", cell), class_=how, data_label=title)
                   for cell, (title, how) in zip(line, columns, strict=True)))
        for line in lines
    ]  # fmt: skip
    return _table("cards", body, [el("th", title, scope="col", class_=how) for title, how in columns])


def wide_rows(lines: Iterable[tuple[Child, ...]], heads: tuple[str, ...], label: str) -> Html:
    """A table of numbers that can be pushed sideways on a narrow screen; the first column heads its row."""
    drawn = _table("numbers", [
        el("tr", el("th", line[0], scope="row"), *(el("td", cell, class_="number") for cell in line[1:]))
        for line in lines
    ], [el("th", title, scope="col", class_="number" if at else None) for at, title in enumerate(heads)])  # fmt: skip
    return scrolling(drawn, label)


def scrolling(wide: Html, label: str) -> Html:
    """Something wide that scrolls by itself, also by keyboard, and never makes the page wider than the screen."""
    return el("div", wide, class_="scroll", role="region", aria_label=label, tabindex=0)


def _table(kind: str, body: list[Html], head: list[Html]) -> Html:
    return el("table", el("thead", el("tr", *head)), el("tbody", *body), class_=kind)
