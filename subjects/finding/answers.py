"""The answer to "where is this person's data" goes in, lines of a table, JSON or CSV come out; values stay masked."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from reports.ids import format_id
from reports.plural import plural
from reports.safe import cell, printable
from scanner.places import Passage
from subjects.finding.find import Answer, Hit
from subjects.model import Tier
from subjects.reopening import around

FIELDS = (
    "finding_id", "root", "item", "location", "entity_type", "preview", "tier", "score", "reasons", "relation", "role",
    "other_people", "special_category", "quoted", "thread", "duplicate_of", "date",
)  # fmt: skip
_SAID = {
    Tier.CERTAIN: "Certainly this person's",
    Tier.PROBABLE: "Probably this person's: look at each",
    Tier.POSSIBLE: "Possibly this person's: look at each",
    Tier.EXCLUDED: "Looks alike, but is somebody else's by what stands beside it",
}


def as_row(hit: Hit) -> dict[str, Any]:
    """One hit with plain values, in the order of FIELDS."""
    row = hit.row
    return {
        "finding_id": format_id(row["finding_id"]), "root": row["root"], "item": row["item"],
        "location": row["location"], "entity_type": row["entity_type"], "preview": row["preview"],
        "tier": str(hit.tier), "score": round(hit.score, 3), "reasons": list(hit.reasons),
        "relation": str(hit.relation), "role": row["role"], "other_people": hit.others,
        "special_category": hit.special, "quoted": row["quoted"], "thread": row["thread"],
        "duplicate_of": hit.duplicate_of, "date": hit.date.isoformat() if hit.date else None,
        **({"context": _context(hit.context)} if hit.context else {}),
    }  # fmt: skip


def _context(context: Passage | str) -> dict[str, Any]:
    if isinstance(context, str):
        return {"error": context}
    cells = [{"column": number, "label": label, "value": value} for number, label, value in context.row]
    return {
        "text": context.text,
        "before": context.before,
        "after": context.after,
        "label": context.label,
        "row": cells,
    }


def as_json(answer: Answer) -> Iterator[str]:
    """One object per line."""
    for hit in answer.hits:
        yield printable(json.dumps(as_row(hit), ensure_ascii=False))


def as_csv(answer: Answer) -> Iterator[str]:
    """CSV with a heading, formula-safe."""
    yield _csv_line(FIELDS)
    for hit in answer.hits:
        row = {**as_row(hit), "reasons": "; ".join(hit.reasons)}
        yield _csv_line([cell(value) if isinstance(value := row[name], str) else value for name in FIELDS])


def _csv_line(values: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()


def as_table(answer: Answer) -> Iterator[str]:
    """Grouped by tier, then by item; each mail thread once; what was not examined at the end, for it is part of it."""
    for tier, hits in groupby(answer.hits, key=lambda hit: hit.tier):
        listed = list(hits)
        yield f"{_SAID[tier]}: {len(listed):,} findings"
        yield from _items(listed)
        yield ""
    if not answer.hits:
        yield "Nothing was found that ties to what was asked."
    if answer.thin and answer.fits > 1:
        yield (
            f"A name alone fits {answer.fits:,} different names here. "
            "Add a date of birth, an e-mail address or a telephone."
        )
    if answer.more:
        yield (
            f"Shown are the surest {len(answer.hits):,} of {len(answer.hits) + answer.more:,} findings. "
            "To list them all, add --format csv or --format json."
        )
    for one in answer.proposals:
        yield printable(
            f"Perhaps also theirs: {one.entity_type} {one.preview} (beside {plural(one.records, 'certain finding')}). "
            f"If it is, ask again with: --accept {format_id(one.finding_id)}"
        )
    if answer.left_out:
        yield f"Your own rules left out {answer.left_out:,} items; nothing was looked for there."
    if answer.unread:
        yield f"Not, or only partly, examined: {len(answer.unread):,} items. They are part of the answer:"
        for row in answer.unread:
            detail = f" ({row['detail']})" if row["detail"] else ""
            yield printable(f"  {row['reason']:<12} {row['root']}/{row['item']}{detail}")


def _items(hits: list[Hit]) -> Iterator[str]:
    threads: set[str] = set()
    again = 0
    for (root, item), group in groupby(hits, key=lambda hit: (hit.row["root"], hit.row["item"])):
        found = list(group)
        thread = found[0].row["thread"]
        if thread and thread in threads:
            again += 1
            continue
        if thread:
            threads.add(thread)
        remarks = [str(found[0].relation)]
        remarks += [f"{found[0].others:,} other people named beside"] if found[0].others else []
        remarks += ["special category"] if any(hit.special for hit in found) else []
        remarks += [f"copy of {found[0].duplicate_of}"] if found[0].duplicate_of else []
        yield printable(f"  {root}/{item}  [{'; '.join(remarks)}]")
        for _, together in groupby(found, key=_shown_with):
            yield from _hits(list(together))
    if again:
        yield f"  and {again:,} more messages of the same conversations"


def _shown_with(hit: Hit) -> object:
    """Hits of one row of a table are shown with that row once, the others each with their own text."""
    if isinstance(hit.context, str):
        return hit.context
    row = hit.row["location"].partition(";col=")[0]
    return (row, hit.context.row) if hit.context.row else hit.row["finding_id"]


def _hits(hits: list[Hit]) -> Iterator[str]:
    for hit in hits:
        row = hit.row
        told = f"{format_id(row['finding_id'])}  {row['entity_type']:<18} {row['preview']:<16} {row['location']}"
        yield printable(f"    {told}  {'; '.join(hit.reasons)}")
    context = hits[0].context
    if isinstance(context, Passage):
        yield from (f"      {line}" for line in around([hit.row["location"] for hit in hits], context))
    elif context:
        yield printable(f"      (cannot be shown: {context})")


FORMS: dict[str, Callable[[Answer], Iterator[str]]] = {"table": as_table, "json": as_json, "csv": as_csv}
