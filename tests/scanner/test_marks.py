"""Marks within a big mailbox: killed anywhere inside, the scan goes on behind the last mark, to the same report."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import pyarrow.parquet as pq
import pytest

from detectors.registry import load_detectors
from scanner import scan
from scanner.home import load_key
from scanner.item_progress import Progress
from scanner.journal import Journal
from scanner.member_names import MemberNames
from scanner.messages import Begun, Mark, Outcome, Retry, Rows
from scanner.model import Item, Reason
from scanner.parts import KINDS, PartWriter, part_path, resume_from
from scanner.pipeline import ItemScanner
from scanner.plan import make_plan, make_roots
from scanner.run import Run, scan_to_files

KILLS = 3
PROGRAM = """
import sys
from pathlib import Path
from scanner.plan import make_plan, make_roots
from scanner.run import Run, scan_to_files

if __name__ == "__main__":
    share, out, home, executor = sys.argv[1:]
    plan = make_plan(make_roots([share]), {"limits": {"mark_seconds": 0.05}}, names="off")
    scan_to_files(plan, Run(Path(out), Path(home), executor, 2))
"""


def mailbox(messages: int, special: dict[int, str] | None = None) -> bytes:
    """Mails of which every third is the same, byte by byte, and some come from an address that no header repeats."""
    out = []
    for number in range(messages):
        who = "same" if number % 3 == 0 else f"p{number}"
        said = (special or {}).get(number, "")
        out.append(
            f"From gate{number % 7}@relay.example Mon May  6 10:00:00 2024\nFrom: {who}@x.example\nTo: b@x.example\n"
            f"Subject: note\n\nNew address: {who}@home.example {said}\n\n"
        )
    return "".join(out).encode()


def table(path: Path) -> list[str]:
    rows = pq.read_table(path).to_pylist()
    return sorted(str({name: value for name, value in row.items() if name != "cpu_seconds"}) for row in rows)


def scanner_of(path: Path, home: Path) -> tuple[ItemScanner, Item]:
    plan = make_plan(make_roots([path]), {"limits": {"mark_seconds": 0}}, names="off")
    stat = path.stat()
    item = Item(path.name, "r", os.fsencode(path), stat.st_size, stat.st_mtime_ns)
    return ItemScanner(plan, load_key(home), load_detectors(plan.detectors)), item


def test_behind_a_mark_everything_follows_and_nothing_is_read_again(tmp_path: Path) -> None:
    box = tmp_path / "a.mbox"
    box.write_bytes(mailbox(30))
    scanner, item = scanner_of(box, tmp_path / "home")
    messages = list(scanner.scan(0, item))
    marks = [message for message in messages if isinstance(message, Mark)]
    assert len(marks) >= 25
    assert all(one.place[0] < other.place[0] for one, other in pairwise(marks))
    whole = [message for message in messages if isinstance(message, (Rows, Outcome))]
    for mark in (marks[0], marks[7], marks[-1]):
        before, at = PartWriter(tmp_path, "s", 0), messages.index(mark)
        for message in messages[:at]:
            if isinstance(message, Outcome):
                before.outcome(0, message)
            elif isinstance(message, Rows):
                before.rows(0, message)
        before.commit()
        resume = resume_from(tmp_path, "s", 1, "r", mark)
        rest = list(scanner.scan(0, item, Retry(resume=resume)))
        kept = [message for message in messages[at + 1 :] if isinstance(message, (Rows, Outcome))]
        begun = [message.path for message in rest if isinstance(message, Begun)]
        assert len(begun) - 1 == sum(isinstance(message, Outcome) for message in kept) - 1
        told = [message for message in rest if isinstance(message, (Rows, Outcome))]
        assert [_comparable(message) for message in told] == [_comparable(message) for message in kept]
        assert _keys(messages[:at]) | _keys(rest) == _keys(messages)
    assert len(whole) > 31


def _comparable(message: Rows | Outcome) -> object:
    if isinstance(message, Outcome):
        return replace(message, cpu_seconds=0.0)
    return message.findings.to_pylist()


def _keys(messages: Sequence[object]) -> set[str]:
    """They are told once for each value, and again by whoever did not tell them."""
    return {str(row) for message in messages if isinstance(message, Rows) for row in message.keys.to_pylist()}


@pytest.mark.skipif(os.name != "posix", reason="kills whole process groups")
@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_kills_inside_one_mailbox_change_nothing(tmp_path: Path, executor: str) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "a.txt").write_text("write to before@x.example")
    (share / "b.mbox").write_bytes(mailbox(1500))
    (share / "b2.mbox").write_bytes(mailbox(1500))
    (share / "c.txt").write_text("write to behind@x.example")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")

    def start(out: Path) -> "subprocess.Popen[bytes]":
        command = [sys.executable, str(program), str(share), str(out), str(tmp_path / "home"), executor]
        return subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE)

    plain, torn = tmp_path / "plain.parquet", tmp_path / "torn.parquet"
    undisturbed = start(plain)
    assert undisturbed.wait() == 0, undisturbed.stderr and undisturbed.stderr.read()
    chance = random.Random(4)
    for _ in range(KILLS):
        before = _parts(tmp_path)
        process = start(torn)
        while process.poll() is None and _parts(tmp_path) < before + 2:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.1))
        assert process.poll() is None, "it was faster than the killer: make the mailboxes larger"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert start(torn).wait() == 0
    for kind in ("", ".items", ".keys"):
        assert table(tmp_path / f"torn{kind}.parquet") == table(tmp_path / f"plain{kind}.parquet")


def _parts(folder: Path) -> int:
    return len(list(folder.glob("torn.parquet.journal/*.items.arrow")))


def test_marks_whose_parts_are_gone_cost_time_only(tmp_path: Path) -> None:
    share, home = tmp_path / "share", tmp_path / "home"
    share.mkdir()
    (share / "b.mbox").write_bytes(mailbox(40))
    plan = make_plan(make_roots([share]), {"limits": {"mark_seconds": 0}}, names="off")
    plain = scan_to_files(plan, Run(tmp_path / "plain.parquet", home))
    for gone in (0, 3, None):
        out = tmp_path / f"torn{gone}.parquet"
        _stopped_inside(plan, out, home)
        folder = tmp_path / f"{out.name}.journal"
        parts = sorted(folder.glob("*.items.arrow"))
        assert len(parts) > 5
        signature = parts[0].name.partition(".")[0]
        if gone is not None:
            for kind in KINDS:
                part_path(folder, signature, gone, kind).unlink()
        paths = scan_to_files(plan, Run(out, home))
        for one, other in zip(
            (paths.findings, paths.items, paths.keys), (plain.findings, plain.items, plain.keys), strict=True
        ):
            assert table(one) == table(other)


def _stopped_inside(plan: object, out: Path, home: Path) -> None:
    """Stop a scan from within when it has set some marks, as a person does with Ctrl-C."""
    set_mark, count = Journal.mark, 0

    def mark(self: Journal, *given: object) -> None:
        nonlocal count
        set_mark(self, *given)  # type: ignore[arg-type]
        count += 1
        if count == 12:
            raise KeyboardInterrupt

    Journal.mark = mark  # type: ignore[assignment, method-assign]
    try:
        with pytest.raises(KeyboardInterrupt):
            scan_to_files(plan, Run(out, home))  # type: ignore[arg-type]
    finally:
        Journal.mark = set_mark  # type: ignore[method-assign]


TRAP = dedent(
    """
    import os
    from presidio_analyzer import EntityRecognizer

    class Trap(EntityRecognizer):
        def __init__(self):
            super().__init__(supported_entities=["TRAP"])

        def load(self):
            pass

        def analyze(self, text, entities, nlp_artifacts=None):
            if "exit the process" in text:
                os._exit(7)
            return []
    """
)


def test_a_mail_that_ends_its_worker_behind_a_mark_costs_one_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "mark_trap.py").write_text(TRAP, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(modules))
    monkeypatch.syspath_prepend(str(modules))
    config = tmp_path / "whosedata.toml"
    config.write_text('[detectors]\npresidio = ["mark_trap:Trap"]\n[limits]\nmark_seconds = 0\n', encoding="utf-8")
    box = tmp_path / "a.mbox"
    box.write_bytes(mailbox(30, {10: "exit the process", 20: "exit the process"}))
    report = scan(box, home=tmp_path / "home", names="off", config=config, executor="processes")
    reasons = [row["reason"] for row in report.items.to_pylist() if row["reason"]]
    assert reasons == [Reason.POISON, Reason.POISON]
    harmless = scan(box, home=tmp_path / "home", names="off")
    assert sorted(report.items["item"].to_pylist()) == sorted(harmless.items["item"].to_pylist())
    guilty = {row["item"] for row in report.items.to_pylist() if row["reason"]}
    expected = sorted(row["finding_id"] for row in harmless.findings.to_pylist() if row["item"] not in guilty)
    assert sorted(report.findings["finding_id"].to_pylist()) == expected


def test_names_are_the_same_when_they_are_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    given = ["a", "b", "a", "a~2", "a", "a~2", "b~2", "b", "a", "%", "a"] * 3
    names = MemberNames()
    steps = [names.step(name) for name in given]
    assert len(set(steps)) == len(steps)
    assert steps[:3] == ["a", "b", "a~2"]
    for cut in range(len(given)):
        again = MemberNames(steps[:cut])
        assert [again.step(name) for name in given[cut:]] == steps[cut:]
    monkeypatch.setattr("scanner.member_names._IN_MEMORY", 3)
    small = MemberNames()
    assert [small.step(name) for name in given] == steps
    small.close()


def test_progress_can_be_set_down_and_taken_up() -> None:
    progress = Progress(
        "p", size=3, content_date=1.5, losses=[(Reason.LIMIT, "x")], findings=2, cpu_start=time.process_time()
    )
    again = Progress.parse(progress.printed())
    assert again.losses == [(Reason.LIMIT, "x")]
    assert replace(again.outcome("r"), cpu_seconds=0.0) == replace(progress.outcome("r"), cpu_seconds=0.0)
