"""Tables of a report go in, a piece of HTML for a notebook comes out; values stay masked."""

from html import escape

import pyarrow as pa
import pyarrow.compute as pc

from reports.safe import printable

SHOWN = 20
_COLUMNS = ("entity_type", "preview", "score", "item", "location", "reason")


def fragment(findings: pa.Table, items: pa.Table) -> str:
    """How much was examined and found, and the first findings. Clear values are never shown."""
    statuses = _counts(items, "status")
    met = items.num_rows - dict(statuses).get("gone", 0)
    types = _counts(findings, "entity_type")
    examined = ", ".join(f"{number:,} {status.replace('_', ' ')}" for status, number in statuses)
    rows = findings.slice(0, SHOWN).select(_COLUMNS).to_pylist()
    body = "".join(f"<tr>{''.join(f'<td>{_text(row[name])}</td>' for name in _COLUMNS)}</tr>" for row in rows)
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in _COLUMNS)
    kinds = "".join(f"<li>{escape(kind)}: {number:,}</li>" for kind, number in types)
    more = f"<p>and {findings.num_rows - SHOWN:,} more</p>" if findings.num_rows > SHOWN else ""
    return (
        f"<div><p><b>{findings.num_rows:,} findings</b> in {met:,} items ({escape(examined)})</p>"
        f"<ul>{kinds}</ul><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}</div>"
    )


def _counts(table: pa.Table, column: str) -> list[tuple[str, int]]:
    counted = pc.value_counts(table[column].combine_chunks()).to_pylist() if table.num_rows else []
    return sorted(((str(row["values"]), row["counts"]) for row in counted), key=lambda pair: (-pair[1], pair[0]))


def _text(value: object) -> str:
    return escape(f"{value:.2f}" if isinstance(value, float) else printable(str(value or "")))
