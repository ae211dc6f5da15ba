"""What became of each step and of what was kept go in, the page that proves an erasure comes out; no value is on it."""

from collections.abc import Sequence
from html import escape

from reports.plural import plural
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
_OLD_BACKUPS = "Backups are not changed by this: they hold the old value. Set it right again after a restore."
_TELL = "Tell everybody to whom the data were given, unless that is impossible or disproportionate (Article 19)."


def certificate(plan: ErasurePlan, results: Sequence[Result], left: Sequence[str], today: str) -> str:
    """HTML. `left`: where a scan of the changed files still finds one of the erased values."""
    rows = [
        _row(f"{one.step.root}/{one.step.path}", _said(one, plan.correction is not None), one.before, one.after)
        for one in results
    ]
    rows += [
        _row(f"{step.root}/{step.path}", f"to be done by hand: {step.why}", "", "")
        for step in plan.steps
        if step.action == MANUAL
    ]
    rows += [_row(one.item, f"kept: {KEEPING.get(one.code, one.code)} – {one.why}", "", "") for one in plan.kept]
    done = sum(one.state == DONE for one in results)
    told = sorted({one for step in plan.steps for one in step.recipients})
    recipients = f"Mails in these files went to: {', '.join(told)}. " if told else ""
    what, values = ("rectification", "old") if plan.correction else ("erasure", "erased")
    proof = f" Known to be right by: {escape(plan.proof)}." if plan.proof else ""
    head = "<tr><th>file</th><th>what happened</th><th>content before (keyed hash)</th><th>content after</th></tr>"
    return page(
        f"Record of {what}, case {plan.case_id}",
        f"<p>{escape(today)}. {plural(done, 'file')} changed or deleted, {len(plan.kept)} kept, "
        f"{sum(step.action == MANUAL for step in plan.steps)} to be done by hand. "
        f"The changed files were scanned again: {_left(values, left)}.{proof}</p>"
        f"<p>{escape(recipients + _TELL)}</p>"
        f"<table>{head}{''.join(rows)}</table><p>{escape(_BACKUPS if not plan.correction else _OLD_BACKUPS)}</p>",
    )


def _left(values: str, left: Sequence[str]) -> str:
    if not left:
        return f"none of the {values} values is left in them"
    where = "; ".join(escape(one) for one in left)
    return f"{plural(len(left), 'finding')} of the {values} values left, as decided or as somebody else’s ({where})"


def _said(result: Result, corrected: bool) -> str:
    done = "set right in the file" if corrected else _DONE[result.step.action]
    return done if result.state == DONE else f"{result.state}: {result.why}"


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
