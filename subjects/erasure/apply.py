"""A plan and a person's word go in, the files without the person come out; each is wholly as before or wholly as after.

For every file: check that it is the one of the plan, write the new content beside it, copy the old one into quarantine,
note the intent, check again, rename, note that it is done. Killed anywhere, the same command goes on.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reports.parquet import sync_folder
from scanner.home import Key
from scanner.model import Item
from scanner.private_base import make_private, private_base
from scanner.reopen import Reading, SourceError, passages
from subjects.erasure.actions import CannotErase, Cut, Cuts, load_action
from subjects.erasure.plan import CHANGE, DELETE, ErasurePlan, Step, digest_of
from subjects.erasure.quarantine import bring_back, drop, folder_of, keep

LEDGER = "ledger.sqlite"
DONE, REFUSED, BACK = "done", "refused", "brought back"
_INTENT = "intent"
_TABLE = "CREATE TABLE IF NOT EXISTS steps (number INTEGER PRIMARY KEY, state TEXT, before TEXT, after TEXT, why TEXT)"
GONE = "gone"  # the digest of a file that is not there


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one step: its digests before and after (keyed; "gone" = no file), and why it was refused."""

    number: int
    step: Step
    state: str
    before: str = ""
    after: str = ""
    why: str = ""


def apply(plan: ErasurePlan, home: Path, reading: Reading) -> Iterator[Result]:
    """Carry out all steps that are not by hand, one after the other; a step that is refused changes nothing.

    Raises:
        HomeError: the home cannot be written to.
    """
    with _ledger(home, plan.seal) as base:
        for number, step in enumerate(plan.steps):
            if step.action in {DELETE, CHANGE}:
                yield _carry_out(base, plan, number, home, reading)


def _carry_out(base: sqlite3.Connection, plan: ErasurePlan, number: int, home: Path, reading: Reading) -> Result:
    step = plan.steps[number]
    state, before, after, why = _noted(base, number)
    if state == DONE:
        return Result(number, step, DONE, before, after)
    now = _digest(step, reading.key)
    if state == _INTENT and now == after:  # killed between the change and its note
        return _note(base, Result(number, step, DONE, before, after))
    draft = Path(step.address).with_name(f".{Path(step.address).name}.whosedata-new")
    draft.unlink(missing_ok=True)
    try:
        _require_same(step, reading.key)
        after = GONE if step.action == DELETE else _written(step, draft, reading)
        keep(home, reading.key, plan.seal, number, Path(step.address))
        _note(base, Result(number, step, _INTENT, step.digest, after))
        _require_same(step, reading.key)
        if step.action == DELETE:
            Path(step.address).unlink()
        else:
            draft.replace(step.address)
        sync_folder(Path(step.address).parent)
    except (CannotErase, SourceError, OSError) as error:
        why = str(error) if not isinstance(error, OSError) else f"the system refused: {error.strerror}"
        return _note(base, Result(number, step, REFUSED, step.digest, "", why))
    finally:
        draft.unlink(missing_ok=True)
    return _note(base, Result(number, step, DONE, step.digest, after))


def restore(plan: ErasurePlan, home: Path, key: Key) -> Iterator[Result]:
    """Bring the files back as they were, byte by byte; one that was changed since is left as it is."""
    with _ledger(home, plan.seal) as base:
        for number, step in enumerate(plan.steps):
            state, before, after, _ = _noted(base, number)
            if state != DONE:
                continue
            if _digest(step, key) not in (after, GONE):  # where nothing is, nothing is overwritten
                yield Result(
                    number,
                    step,
                    REFUSED,
                    before,
                    after,
                    "the file was changed after the erasure: move it away, then restore again",
                )
                continue
            bring_back(home, key, plan.seal, number, Path(step.address))
            yield _note(base, Result(number, step, BACK, before, before))
            drop(home, plan.seal, number)


def results(plan: ErasurePlan, home: Path) -> list[Result]:
    """What is noted of each step so far."""
    if not (folder_of(home, plan.seal) / LEDGER).exists():
        return []
    with _ledger(home, plan.seal) as base:
        noted = [(number, step, *_noted(base, number)) for number, step in enumerate(plan.steps)]
    return [Result(*one) for one in noted if one[2]]


def _require_same(step: Step, key: Key) -> None:
    """The file is the one that the plan was made for: content, place on the disk, no link."""
    file = Path(step.address)
    if file.is_symlink() or not file.is_file():
        raise CannotErase("it is not there any more, or a link stands in its place")
    status = file.stat()
    if (status.st_dev, status.st_ino) != (step.device, step.inode):
        raise CannotErase("another file stands in its place")
    if status.st_nlink > 1:
        raise CannotErase("it has a second name by now (hard link)")
    if digest_of(file, key) != step.digest:
        raise CannotErase("its content has changed since the plan was made: scan again and make a new plan")


def _digest(step: Step, key: Key) -> str:
    file = Path(step.address)
    return digest_of(file, key) if file.is_file() and not file.is_symlink() else GONE


def _written(step: Step, draft: Path, reading: Reading) -> str:
    """Write the new content beside the file, with its permissions; gives its digest."""
    file = Path(step.address)
    cuts = Cuts(step.path, _read_cuts(step, reading), frozenset(step.members), reading.key)
    with file.open("rb") as source, draft.open("xb") as target:
        draft.chmod(0o600)
        load_action(step.media_type)(source, target, cuts)
        target.flush()
        os.fsync(target.fileno())
    draft.chmod(file.stat().st_mode & 0o7777)
    return digest_of(draft, reading.key)


def _read_cuts(step: Step, reading: Reading) -> Sequence[Cut]:
    """What stands at each location now."""
    if not step.cuts:
        return ()
    status = Path(step.address).stat()
    item = Item(step.path, step.root, os.fsencode(step.address), status.st_size, status.st_mtime_ns)
    found = {
        one.location: one.text for _, one in passages(item, {step.path: [where for where, _ in step.cuts]}, reading)
    }
    if any(where not in found for where, _ in step.cuts):
        raise CannotErase("something that was found does not stand there any more")
    return [Cut(where, found[where], whole) for where, whole in step.cuts]


@contextmanager
def _ledger(home: Path, seal: str) -> Iterator[sqlite3.Connection]:
    folder = folder_of(home, seal)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_private(folder / LEDGER, "erasures")
    with private_base(folder / LEDGER, "erasures") as base:
        base.execute(_TABLE)
        yield base


def _noted(base: sqlite3.Connection, number: int) -> tuple[str, str, str, str]:
    row = base.execute("SELECT state, before, after, why FROM steps WHERE number = ?", (number,)).fetchone()
    return row if row else ("", "", "", "")


def _note(base: sqlite3.Connection, result: Result) -> Result:
    row = (result.number, result.state, result.before, result.after, result.why)
    base.execute("INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?, ?)", row)
    return result
