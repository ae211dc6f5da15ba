"""Killed at any operation a file is as before or as after; changed in any way since the plan it is left alone."""

import json
import os
import shutil
import sqlite3
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from erasable import EMAIL, KINDS, NAME, PHONE, make_share
from erasing import apply_plan, make_plan_file, open_case, run, scan_share

from scanner.home import HomeError, load_key
from scanner.plan import PlanError
from scanner.reopen import Reading
from subjects.erasure.apply import DONE, REFUSED, apply, restore, results
from subjects.erasure.plan import ErasurePlan, read_plan
from subjects.erasure.step import Step, stand_of

# Calls that write, or that make something of what was written.
OPERATIONS = frozenset({
    "write", "writelines", "fsync", "replace", "rename", "unlink", "remove", "chmod", "utime", "mkdir", "execute",
    "flush", "commit", "close", "truncate",
})  # fmt: skip
# Their methods of the same names write nothing.
VALUES = (str, bytes, list, dict, set, zipfile.ZipExtFile, type(zlib.decompressobj()))
FULL = 20  # files of each kind


class Planned:
    """A share, its plan, and the way back to the moment at which the plan was made."""

    def __init__(self, place: Path, each: int) -> None:
        make_share(place / "share", each)
        shutil.copytree(place / "share", place / "before", copy_function=shutil.copy2)
        self.place = place
        self.plan_file, said = make_plan_file(place, open_case(place), scan_share(place))
        assert " 0 by hand" in said, said
        self.key = load_key(place / "home")
        self.plan = read_plan(self.plan_file, self.key)

    def fresh(self, steps: tuple[Step, ...], seal: str) -> ErasurePlan:
        """A plan of these steps whose files are all as before; its own quarantine and ledger."""
        for step in steps:
            file, before = Path(step.address), self.before(step)
            for old in file.parent.glob(f".{file.name}.*"):
                old.unlink()
            shutil.rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink(missing_ok=True)
            shutil.copy2(before, file)
        ready = tuple(replace(step, stand=stand_of(Path(step.address))) for step in steps)
        return replace(self.plan, steps=ready, seal=f"{seal:0<64}")

    def before(self, step: Step) -> Path:
        return self.place / "before" / step.path

    def carry_out(self, plan: ErasurePlan) -> list[Any]:
        return list(apply(plan, self.place / "home", Reading(self.key)))


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    return Planned(tmp_path_factory.mktemp("killed"), 1)


def content(step: Step) -> bytes | None:
    file = Path(step.address)
    return file.read_bytes() if file.exists() else None


def writes(event: str, arg: Any) -> bool:
    """Whether this call of a profiled program is one of the operations."""
    return event == "c_call" and arg.__name__ in OPERATIONS and not isinstance(arg.__self__, VALUES)


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Do the work in a process of its own that ends, as by kill -9, before its n-th operation; whether it did."""
    child = os.fork()
    if child == 0:
        count = 0

        def watch(_frame: Any, event: str, arg: Any) -> None:
            nonlocal count
            if writes(event, arg):
                count += 1
                if count == number:
                    os._exit(9)

        sys.setprofile(watch)
        try:
            work()
        except BaseException:  # noqa: BLE001 - the process must end here, whatever happens
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, 9}, "the work failed by itself"
    return code == 9


def sites_of(planned: Planned, step: Step) -> list[str]:
    """Where in the code each operation of one erasure is called, in turn."""
    sites: list[str] = []

    def watch(frame: Any, event: str, arg: Any) -> None:
        if writes(event, arg):
            sites.append(f"{arg.__name__} {frame.f_code.co_filename}:{frame.f_lineno}")

    plan = planned.fresh((step,), os.urandom(8).hex())
    sys.setprofile(watch)
    try:
        planned.carry_out(plan)
    finally:
        sys.setprofile(None)
    return sites


def kill_everywhere(planned: Planned, step: Step, known: set[str] | None = None) -> int:
    """How many kills one file was put through; each left it before or after, and the next run ended the work."""
    [done] = planned.carry_out(plan := planned.fresh((step,), f"{os.urandom(4).hex()}"))
    assert done.state == DONE, done.why
    before, after = planned.before(step).read_bytes(), content(plan.steps[0])
    assert before != after
    kills = 0
    for number, site in enumerate(sites_of(planned, step), start=1):
        # The quick version kills once at every place in the code, of the exchange itself for every kind of file.
        if known is not None and site in known and "erasure/apply.py" not in site:
            continue
        if known is not None:
            known.add(site)
        plan = planned.fresh((step,), os.urandom(8).hex())
        killed_at(number, lambda plan=plan: planned.carry_out(plan))
        now = content(step)
        assert now in (before, after) or is_after(step, now, before), (step.path, site)
        [again] = planned.carry_out(plan)
        assert (again.state, is_after(step, content(step), before) or content(step) == after) == (DONE, True), site
        [back] = restore(plan, planned.place / "home", planned.key)
        assert (back.state, content(step)) == ("brought back", before), site
        kills += 1
    return kills


def is_after(step: Step, now: bytes | None, before: bytes) -> bool:
    """A database that was made anew has other bytes each time; the rows tell."""
    if not step.media_type.endswith("sqlite3") or now is None or now == before:
        return False
    with sqlite3.connect(step.address) as base:
        rows = base.execute("SELECT name FROM people").fetchall()
    base.close()
    return rows == [("Ann Fox",)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_kill_leaves_before_or_after(planned: Planned) -> None:
    known: set[str] = set()
    kills = [kill_everywhere(planned, step, known) for step in planned.plan.steps]
    assert len(kills) == 11
    assert sum(kills) > 60


@pytest.fixture(scope="module")
def planned_in_full(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    full = Planned(tmp_path_factory.mktemp("killed_in_full"), FULL)
    assert len(full.plan.steps) == (len(KINDS) + 1) * FULL
    return full


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("kind", [*KINDS, "crm{}.db"])
def test_a_kill_at_every_operation_of_twenty_files_of_each_kind(
    planned_in_full: Planned, kind: str, record_property: Callable[[str, object], None]
) -> None:
    names = {kind.format(number) for number in range(FULL)}
    steps = [step for step in planned_in_full.plan.steps if step.path in names]
    assert len(steps) == FULL
    kills = [kill_everywhere(planned_in_full, step) for step in steps]
    record_property("kills", sum(kills))
    assert min(kills) > 10


def rewritten(file: Path, change: Callable[[bytes], bytes]) -> None:
    """Other content in the same file, with the old time."""
    status = file.stat()
    file.write_bytes(change(file.read_bytes()))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def exchanged(file: Path) -> None:
    copy = file.with_name("copy.of")
    shutil.copy2(file, copy)
    copy.replace(file)


def linked(file: Path) -> None:
    file.rename(file.with_name(f"real.{file.name}"))
    file.symlink_to(f"real.{file.name}")


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def shifted(file: Path, by: int) -> None:
    status = file.stat()
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + by))


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a byte more": (lambda file: rewritten(file, lambda data: data + b"\n"), "content has changed"),
    "a byte less": (lambda file: rewritten(file, lambda data: data[:-1]), "content has changed"),
    "one byte other": (
        lambda file: rewritten(file, lambda data: bytes([data[0] ^ 1]) + data[1:]),
        "content has changed",
    ),
    "emptied": (lambda file: rewritten(file, lambda _: b""), "content has changed"),
    "another inode": (exchanged, "another file stands"),
    "a symbolic link": (linked, "link stands"),
    "a hard link": (lambda file: os.link(file, file.with_name(f"second.{file.name}")), "second name"),
    "for its owner alone": (lambda file: file.chmod(0o600), "permissions have changed"),
    "read-only": (lambda file: file.chmod(0o444), "permissions have changed"),
    "to be run": (lambda file: file.chmod(0o755), "permissions have changed"),
    "saved again": (lambda file: shifted(file, 1), "saved it since"),
    "older": (lambda file: shifted(file, -(10**9)), "saved it since"),
    "gone": (lambda file: file.unlink(), "not there any more"),
    "a folder": (folder, "not there any more"),
    "a pipe": (pipe, "not there any more"),
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX files")
@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_changed_in_any_way_is_refused_with_the_reason(planned: Planned, name: str) -> None:
    """15 changes of 11 files each: 165."""
    plan = planned.fresh(planned.plan.steps, name.replace(" ", ""))
    change, reason = CHANGES[name]
    for step in plan.steps:
        change(Path(step.address))
    files = [Path(step.address) for step in plan.steps]
    stands = [(os.lstat(file), file.read_bytes()) if file.is_file() else None for file in files]
    done = planned.carry_out(plan)
    assert [one.state for one in done] == [REFUSED] * 11
    assert all(reason in one.why for one in done), {one.why for one in done}
    for file, stand in zip(files, stands, strict=True):
        if stand:
            now = os.lstat(file)
            assert (now.st_ino, now.st_mode, now.st_mtime_ns) == (
                stand[0].st_ino,
                stand[0].st_mode,
                stand[0].st_mtime_ns,
            )
            assert file.read_bytes() == stand[1]
    for left in (planned.place / "share").rglob("*"):
        if left.name.startswith(("real.", "second.")):
            left.unlink()


def test_a_folder_on_the_way_that_became_a_link_is_refused(planned: Planned) -> None:
    plan = planned.fresh(tuple(step for step in planned.plan.steps if "Maildir" in step.path), "way")
    cur = Path(plan.steps[0].address).parent
    cur.rename(cur.with_name("moved"))
    cur.symlink_to("moved")
    [done] = planned.carry_out(plan)
    cur.unlink()
    cur.with_name("moved").rename(cur)
    assert (done.state, "folder on the way" in done.why) == (REFUSED, True)


def leaves(table: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(table, dict | list):
        for key, inner in table.items() if isinstance(table, dict) else enumerate(table):
            yield from leaves(inner, (*way, key))
    else:
        yield way


def test_any_edit_of_the_plan_is_noticed(planned: Planned, tmp_path: Path) -> None:
    text = planned.plan_file.read_text("utf-8")
    table, edited = json.loads(text), tmp_path / "plan.json"
    ways = list(leaves(table))
    assert len(ways) > 200
    for way in ways:
        changed = json.loads(text)
        inner = changed
        for key in way[:-1]:
            inner = inner[key]
        old = inner[way[-1]]
        inner[way[-1]] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}x"
        edited.write_text(json.dumps(changed, indent=1, ensure_ascii=False), encoding="utf-8")
        with pytest.raises(PlanError):
            read_plan(edited, planned.key)
    for other in (text + " ", text.replace('"steps"', '"more": 1,\n "steps"', 1), text.replace("\n", "", 1)):
        edited.write_text(other, encoding="utf-8")
        with pytest.raises(PlanError):
            read_plan(edited, planned.key)


def test_any_edit_of_the_ledger_is_noticed(planned: Planned) -> None:
    plan = planned.fresh(planned.plan.steps[:2], "ledger")
    planned.carry_out(plan)
    file = planned.place / "home" / "quarantine" / plan.seal[:32] / "ledger.sqlite"
    good = file.read_bytes()
    for column in ("state", "before", "after", "why", "seal", "number"):
        with sqlite3.connect(file) as base:
            change = "number = number + 1 WHERE number = 1" if column == "number" else f"{column} = {column} || 'x'"
            base.execute(f"UPDATE steps SET {change}")
        base.close()
        if column == "number":
            three = replace(plan, steps=(*plan.steps, plan.steps[0]))
            with pytest.raises(HomeError):
                results(three, planned.place / "home", planned.key)
        else:
            with pytest.raises(HomeError):
                results(plan, planned.place / "home", planned.key)
        file.write_bytes(good)
    assert len(results(plan, planned.place / "home", planned.key)) == 2


@pytest.mark.parametrize("hold", ["held", "access", "closed", "other right"])
def test_a_hold_refuses_every_file(tmp_path: Path, hold: str) -> None:
    make_share(tmp_path / "share")
    shutil.copytree(tmp_path / "share", tmp_path / "before")
    case = open_case(tmp_path)
    plan, _ = make_plan_file(tmp_path, case, scan_share(tmp_path))
    if hold == "held":
        run(tmp_path, "case", "event", case, "held", "--say", "why=court")
    elif hold == "closed":
        run(tmp_path, "case", "close", case, "--outcome", "withdrawn", "--why", "by telephone")
    elif hold == "access":
        _access_first(tmp_path)
        return
    group = "rectify" if hold == "other right" else "erase"
    assert apply_plan(tmp_path, plan, group).exit_code in {2, 4}
    for file in (tmp_path / "before").rglob("*"):
        if file.is_file():
            assert file.read_bytes() == (tmp_path / "share" / file.relative_to(tmp_path / "before")).read_bytes()


def _access_first(place: Path) -> None:
    """An access request of the same person, made together with an erasure, is open: the erasure must wait."""
    words = ("--right", "access", "--right", "erasure", "--name", NAME, "--email", EMAIL, "--phone", PHONE)
    run(place, "case", "new", *words, "--received", "2026-01-05")
    listed = [json.loads(line) for line in run(place, "cases", "--format", "json").output.splitlines()]
    second = max(one["case"] for one in listed if one["right"] == "erasure")
    run(place, "case", "event", second, "identity-confirmed", "--say", "method=known")
    other, _ = make_plan_file(place, second, place / "r.parquet")
    result = apply_plan(place, other)
    assert (result.exit_code, "section 173" in result.output) == (2, True), result.output
    assert (place / "share" / "list0.csv").read_bytes() == (place / "before" / "list0.csv").read_bytes()
