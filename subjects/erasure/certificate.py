"""What became of each step and of what was kept go in, the page that proves an erasure comes out; no value is on it."""

from collections.abc import Sequence
from html import escape

from subjects.access.pages import page
from subjects.access.review import KEEPING
from subjects.erasure.apply import DONE, Result
from subjects.erasure.plan import ErasurePlan
from subjects.erasure.step import MANUAL

_DONE = {"delete": "deleted", "change": "taken out of the file"}
_BACKUPS = (
    "Backups are not changed by this. Keep them out of use until they are overwritten, and scan again after anything "
    "is restored: what was erased here is recognised."
)


def certificate(plan: ErasurePlan, results: Sequence[Result], left: int, today: str) -> str:
    """HTML. `left`: findings of the erased values that a scan of the changed files still gives."""
    rows = [_row(f"{one.step.root}/{one.step.path}", _said(one), one.before, one.after) for one in results]
    rows += [
        _row(f"{step.root}/{step.path}", f"to be done by hand: {step.why}", "", "")
        for step in plan.steps
        if step.action == MANUAL
    ]
    rows += [_row(one.item, f"kept: {KEEPING.get(one.code, one.code)} – {one.why}", "", "") for one in plan.kept]
    done = sum(one.state == DONE for one in results)
    head = "<tr><th>file</th><th>what happened</th><th>content before (keyed hash)</th><th>content after</th></tr>"
    return page(
        f"Record of erasure, case {plan.case_id}",
        f"<p>{escape(today)}. {done} files changed or deleted, {len(plan.kept)} kept, "
        f"{sum(step.action == MANUAL for step in plan.steps)} to be done by hand. "
        f"The changed files were scanned again: {left} findings of the erased values are left in them.</p>"
        f"<table>{head}{''.join(rows)}</table><p>{escape(_BACKUPS)}</p>",
    )


def _said(result: Result) -> str:
    return _DONE[result.step.action] if result.state == DONE else f"{result.state}: {result.why}"


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
