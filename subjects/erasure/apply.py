"""A plan and a person's word go in, the files without the person come out; each is wholly as before or wholly as after.

For every file: check that it is the one of the plan, write the new content beside it, copy the old one into quarantine,
note the intent, check again, rename, note that it is done. Killed anywhere, the same command goes on.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reports.parquet import sync_folder
from scanner.home import Key
from scanner.reopen import Reading, SourceError
from subjects.erasure.actions import CannotErase
from subjects.erasure.corrections import Correction
from subjects.erasure.ledger import NAME, Ledger, Note, opened
from subjects.erasure.plan import ErasurePlan, digest_of
from subjects.erasure.quarantine import bring_back, drop, folder_of, keep
from subjects.erasure.rewriting import write_new
from subjects.erasure.step import CHANGE, DELETE, Step, stand_of, unsafe

DONE, REFUSED, BACK = "done", "refused", "brought back"
_INTENT = "intent"
_ANEW = "scan again and make a new plan"
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
    with opened(home, plan.seal, reading.key) as ledger:
        for number, step in enumerate(plan.steps):
            if step.action in {DELETE, CHANGE}:
                yield _carry_out(ledger, plan, number, home, reading)


def _carry_out(ledger: Ledger, plan: ErasurePlan, number: int, home: Path, reading: Reading) -> Result:
    step = plan.steps[number]
    noted = ledger.noted(number)
    before, after = noted.before, noted.after
    if noted.state == DONE:
        return Result(number, step, DONE, before, after)
    now = _digest(step, reading.key)
    if noted.state == _INTENT and now == after:  # killed between the change and its note
        return _note(ledger, Result(number, step, DONE, before, after))
    draft = Path(step.address).with_name(f".{Path(step.address).name}.whosedata-new")
    draft.unlink(missing_ok=True)
    after = ""
    try:
        _require_same(step, reading.key)
        after = GONE if step.action == DELETE else _written(step, draft, reading, plan.correction)
        keep(home, reading.key, plan.seal, number, Path(step.address))
        _note(ledger, Result(number, step, _INTENT, step.digest, after))
        _require_same(step, reading.key)
        if step.action == DELETE:
            Path(step.address).unlink()
        else:
            draft.replace(step.address)
        sync_folder(Path(step.address).parent)
    except (CannotErase, SourceError, OSError) as error:
        if after and _digest(step, reading.key) == after:  # it was changed, only the folder could not be synced
            return _note(ledger, Result(number, step, DONE, step.digest, after))
        why = str(error) if not isinstance(error, OSError) else f"the system refused: {error.strerror}"
        return _note(ledger, Result(number, step, REFUSED, step.digest, "", why))
    finally:
        draft.unlink(missing_ok=True)
    return _note(ledger, Result(number, step, DONE, step.digest, after))


def restore(plan: ErasurePlan, home: Path, key: Key) -> Iterator[Result]:
    """Bring the files back as they were, byte by byte; one that was changed since is left as it is."""
    with opened(home, plan.seal, key) as ledger:
        for number, step in enumerate(plan.steps):
            noted = ledger.noted(number)
            before, after = noted.before, noted.after
            if noted.state != DONE:
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
            yield _note(ledger, Result(number, step, BACK, before, before))
            drop(home, plan.seal, number)


def results(plan: ErasurePlan, home: Path, key: Key) -> list[Result]:
    """What is noted of each step so far."""
    if not (folder_of(home, plan.seal) / NAME).exists():
        return []
    with opened(home, plan.seal, key) as ledger:
        noted = [(number, step, ledger.noted(number)) for number, step in enumerate(plan.steps)]
    return [Result(number, step, one.state, one.before, one.after, one.why) for number, step, one in noted if one.state]


def _require_same(step: Step, key: Key) -> None:
    """The file is the one that the plan was made for: content, place on the disk, owner, permissions, no link."""
    file, was = Path(step.address), step.stand
    if file.is_symlink() or not file.is_file():
        raise CannotErase("it is not there any more, or a link stands in its place")
    now = stand_of(file)
    if (now.device, now.inode) != (was.device, was.inode):
        raise CannotErase("another file stands in its place")
    if now.links > 1:
        raise CannotErase("it has a second name by now (hard link)")
    if now.size != was.size or digest_of(file, key) != step.digest:
        raise CannotErase(f"its content has changed since the plan was made: {_ANEW}")
    if (now.mode, now.owner, now.group) != (was.mode, was.owner, was.group):
        raise CannotErase(f"its owner or its permissions have changed since the plan was made: {_ANEW}")
    if now.modified != was.modified:
        raise CannotErase(f"somebody saved it since the plan was made: {_ANEW}")
    if why := unsafe(file):
        raise CannotErase(why)


def _digest(step: Step, key: Key) -> str:
    file = Path(step.address)
    return digest_of(file, key) if file.is_file() and not file.is_symlink() else GONE


def _written(step: Step, draft: Path, reading: Reading, correction: Correction | None) -> str:
    """Write the new content beside the file, with its permissions and owner; gives its digest."""
    with draft.open("x+b") as target:
        draft.chmod(0o600)
        write_new(step, target, reading, correction)
        target.flush()
        os.fsync(target.fileno())
    was = step.stand
    if (draft.stat().st_uid, draft.stat().st_gid) != (was.owner, was.group):
        os.chown(draft, was.owner, was.group)
    draft.chmod(was.mode & 0o7777)
    return digest_of(draft, reading.key)


def _note(ledger: Ledger, result: Result) -> Result:
    ledger.note(result.number, Note(result.state, result.before, result.after, result.why))
    return result
