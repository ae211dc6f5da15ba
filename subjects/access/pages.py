"""Blocks of an item go in, a page that needs nothing from anywhere comes out: for reading, printing and keeping."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from subjects.access.extracts import Block, RowBlock, TextBlock

# No script, no picture, no request: the page of a stranger's mail must not be able to call home.
_WIDE = 6  # columns; wider tables are printed as pairs
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
table { border-collapse: collapse; margin: 1rem 0; width: 100% }
th, td { border: 1px solid #bbb; padding: .3rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
caption { text-align: left; font-weight: 600 }
p { white-space: pre-wrap; overflow-wrap: anywhere }
dt { font-weight: 600 }
.quoted { border-left: 3px solid #bbb; padding-left: .8rem; color: #555 }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } .quoted { color: #bbb } }
@media print { body { max-width: none; margin: 0 } }
""".strip()


def page(title: str, body: str) -> str:
    """A whole HTML page; `body` is HTML, `title` is text."""
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><main><h1>{escape(title)}</h1>\n{body}</main></body></html>\n"
    )


def item_page(title: str, facts: Sequence[tuple[str, str]], blocks: Sequence[Block]) -> str:
    """One extract: where it is from, then its text and rows in their order."""
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    return page(title, f"<dl>{listed}</dl>\n" + "\n".join(_blocks(blocks)))


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for place, group in groupby(blocks, key=lambda block: block.table if isinstance(block, RowBlock) else None):
        if place is None:
            yield from (_text(block) for block in group if isinstance(block, TextBlock))
        else:
            yield _table(place, [block for block in group if isinstance(block, RowBlock)])


def _text(block: TextBlock) -> str:
    kind = ' class="quoted"' if block.quoted else ""
    label = f"<strong>{escape(block.label)}</strong> " if block.label else ""
    return f"<p{kind}>{label}{escape(block.text.strip())}</p>"


def _table(place: str, rows: Sequence[RowBlock]) -> str:
    """Rows under one heading; a table with many columns reads better as pairs."""
    labels = {number: label or f"column {number}" for row in rows for number, label, _ in row.cells}
    numbers = sorted(labels)
    caption = f"<caption>{escape(place)}</caption>" if place else ""
    if len(numbers) > _WIDE:
        return "".join(
            f"<table><caption>{escape(f'{place}, row {row.row}'.strip(', '))}</caption>"
            + "".join(_pair(labels[number], value) for number, _, value in row.cells)
            + "</table>"
            for row in rows
        )
    head = "".join(f"<th>{escape(labels[number])}</th>" for number in numbers)
    body = ""
    for row in rows:
        values = {number: value for number, _, value in row.cells}
        cells = "".join(f"<td>{escape(values.get(number, ''))}</td>" for number in numbers)
        body += f"<tr><td>{row.row}</td>{cells}</tr>"
    return f"<table>{caption}<tr><th>row</th>{head}</tr>{body}</table>"


def _pair(name: str, value: str) -> str:
    return f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
