"""The tables that go out go in; what a person reads about them, and what a program checks them by, come out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from subjects.access.pack import Request
from subjects.cases.clock import written

if TYPE_CHECKING:
    from subjects.portability.bundle import Table

_TEXT = """\
Your data, in a form that a machine can read (UK GDPR Article 20)

{controller}
Our reference: {case}. You asked on {received}; this was made on {today}.

These are data that you gave us, or that came about while you used our services, and that we hold under your consent
or a contract with you. You may keep them, use them, and give them to another organisation.

  data.json      everything, for programs. Dates are written 2026-11-25, telephone numbers +441632960057.
  schema.json    says how data.json is built (JSON Schema, draft 2020-12).
{tables}
                 The same for a spreadsheet (UTF-8, commas). An apostrophe before =, + or - keeps a spreadsheet from
                 taking text for a formula; data.json has none.
  left-out.csv   what we hold beside that and is not included, and why.
  manifest.csv   the SHA-256 of each file, to tell whether all arrived as it was sent.

Not included are what we or others wrote about you, what was worked out from your data, what we hold on another ground,
and what tells of somebody else{empty}. For all that we hold about you, ask for access (Article 15).

If you are not content, please complain to us first: {complaints}. You may also go to the Information Commissioner
(ico.org.uk) or to a court.
"""


def readme(request: Request, tables: "Sequence[Table]", empty: int) -> str:
    """Plain English, no value of anybody in it."""
    listed = "\n".join(f"  {f'{one.name}.csv':<14} {len(one.rows)} rows, held under {one.basis}." for one in tables)
    return _TEXT.format(
        controller=f"{request.controller.name}, {request.controller.contact}", case=request.case_id,
        received=written(request.received), today=written(request.today), tables=listed,
        empty=f" ({empty} cells were left empty)" if empty else "", complaints=request.controller.complaints,
    )  # fmt: skip


def schema(tables: "Sequence[Table]") -> dict[str, Any]:
    """JSON Schema of data.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Data that a person provided (UK GDPR Article 20)",
        "type": "object",
        "required": ["case", "made", "tables"],
        "properties": {
            "case": {"type": "string"},
            "made": {"type": "string", "format": "date"},
            "tables": {
                "type": "array",
                "prefixItems": [_table(one) for one in tables],
                "items": False,
            },
        },
    }


def _table(one: "Table") -> dict[str, Any]:
    columns = {key: {"type": "string", "title": heading} for key, heading in one.columns}
    row = {"type": "object", "properties": columns, "additionalProperties": False}
    return {
        "type": "object",
        "required": ["name", "found_in", "basis", "rows"],
        "properties": {
            "name": {"const": one.name}, "found_in": {"type": "string"}, "basis": {"type": "string"},
            "rows": {"type": "array", "items": row},
        },
    }  # fmt: skip
