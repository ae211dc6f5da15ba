"""An audit goes in, one list of work for each owner comes out, as a page to read and as a table to tick off."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from reports.audit.result import Audit, Task, Worklist
from reports.export import write_csv
from reports.page.british import counted, day, number
from reports.page.markup import Html, el, name, rows
from reports.page.owner import STEPS, task_cells
from reports.page.sheet import MARK, panel, sheet, write_page
from reports.parquet import PrivateFile

NOBODY = "nobody yet"
_COLUMNS = ["done", "urgency", "root", "place", "what", "step", "action", "checks", "people", "findings", "bytes"]
_MOST_LETTERS, _HEAD = 40, 1 << 12


def write_worklists(audit: Audit, folder: Path) -> list[Path]:
    """Write `worklist-OWNER.html` and `.csv` for each owner into `folder`, which is made; returns the files.

    Lists of an audit before that lie there are removed: an owner whose work is done has no list.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in filter(_ours, folder.glob("worklist-*")):
        old.unlink()
    written = []
    for work in audit.worklists:
        stem = f"worklist-{file_name(work.owner)}"
        page, table = folder / f"{stem}.html", folder / f"{stem}.csv"
        write_page(page, worklist_page(audit, work))
        with PrivateFile(table) as file:
            write_csv(_COLUMNS, _lines(work), file.file)
            file.commit()
        written += [page, table]
    return written


def _ours(path: Path) -> bool:
    """Whether a file is a list that was written here."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return MARK.encode() in head or head.decode("utf-8-sig", "replace").startswith(",".join(_COLUMNS))


def worklist_page(audit: Audit, work: Worklist) -> str:
    """A whole HTML page with what one owner has to do."""
    owner = work.owner or NOBODY
    further = f" {number(work.left_out)} more, less urgent, are in the audit's table." if work.left_out else ""
    body = el(
        "main",
        el("header", el("p", f"Worklist · audit of {day(audit.made_on)}", class_="eyebrow"),
           el("h1", name(owner)),
           el("p", f"{counted(len(work.tasks), 'place')} to look at, the most urgent first.{further}", class_="lead")),
        *(panel(title, _table(tasks, work.owner)) for title, tasks in _parts(work)),
    )  # fmt: skip
    return sheet(f"Worklist of {owner}", Html(body))


def _table(tasks: Iterable[Task], owner: str) -> Html:
    heads = ("Place", "What is there", "People", "Owner", "What to do")
    return rows((task_cells(task, owner) for task in tasks), heads, frozenset({2}))


def _parts(work: Worklist) -> Iterator[tuple[str, list[Task]]]:
    """All of it; what nobody answers for folder by folder, so that each can be handed to somebody."""
    if work.owner:
        yield "To do", list(work.tasks)
        return
    folders: dict[str, list[Task]] = {}
    for task in work.tasks:
        first, slash, _ = task.item.partition("!/")[0].partition("/")
        folders.setdefault(f"{task.root}/{first}" if slash else task.root, []).append(task)
    yield from folders.items()


def _lines(work: Worklist) -> Iterator[dict[str, object]]:
    for task in work.tasks:
        yield dict(zip(_COLUMNS, _cells(task), strict=True))


def _cells(task: Task) -> tuple[object, ...]:
    amount = task.amount
    checks = " ".join(task.checks)
    return (
        "", str(task.severity), task.root, task.item, task.what, STEPS[task.step], task.action, checks,
        amount.people, amount.findings, amount.size,
    )  # fmt: skip


def file_name(owner: str) -> str:
    """A name of a file that every system takes; a hash tells owners apart whose letters are the same in it."""
    if not owner:
        return "no-owner"
    plain = re.sub(r"[^a-z0-9]+", "-", owner.lower()).strip("-")[:_MOST_LETTERS]
    digest = hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain}-{digest}".lstrip("-")
