"""Workers that are killed from outside or die too late, more workers than work, and equal content in two roots."""

import os
import sys
import threading
import time
import zipfile
from multiprocessing.process import BaseProcess
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any, cast

import pytest

from reports.parquet import ReportPaths
from reports.summary import Counts, count
from scanner import scan
from scanner.batches import Batch
from scanner.executors import BatchDone, Entered, Job
from scanner.executors.attempts import MAX_STRIKES, Attempt, verdict
from scanner.executors.crew import Crew, _Desk
from scanner.executors.processes import ProcessHand, run
from scanner.home import load_key
from scanner.messages import Begun, Mark, Outcome
from scanner.model import Item, Reason, Status
from scanner.plan import make_plan, make_roots
from scanner.run import Run, scan_to_files

KILLER = dedent(
    """
    import os, signal
    from presidio_analyzer import EntityRecognizer

    class Killer(EntityRecognizer):
        def __init__(self):
            super().__init__(supported_entities=["TRAP"])

        def load(self):
            pass

        def analyze(self, text, entities, nlp_artifacts=None):
            if "kill the process" in text:
                os.kill(os.getpid(), signal.SIGKILL)
            return []
    """
)


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX systems do")
def test_a_member_that_the_system_kills_costs_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "killer_recognizer.py").write_text(KILLER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(modules))
    monkeypatch.syspath_prepend(str(modules))
    config = tmp_path / "whosedata.toml"
    config.write_text('[detectors]\npresidio = ["killer_recognizer:Killer"]\n', encoding="utf-8")
    mail = "write to b@mail.example"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, text in (("1", mail), ("2", "kill the process"), ("3", mail)):
            archive.writestr(f"{name}.txt", text)
    report = scan(tmp_path / "a.zip", home=tmp_path / "home", names="off", config=config, executor="processes")
    found = {row["item"].partition("!/")[2]: row["reason"] for row in report.items.to_pylist()}
    assert found == {"1.txt": None, "2.txt": "out_of_memory", "3.txt": None, "": None}
    assert report.items.num_rows == 4
    assert report.findings.num_rows == 2


def test_a_worker_that_dies_after_its_last_word_adds_no_row() -> None:
    item = Item("a", "r", b"")
    dead = cast("Any", SimpleNamespace(bury=lambda: None, is_lost=False, exit_code=1))
    crew = Crew(cast("Any", None), iter(()))
    desk = _Desk(dead, True, Batch("s", ((0, item),)), 0, Attempt(0, item, finished={"a"}))
    crew._desks.append(desk)
    assert list(crew._bury(desk, None)) == [BatchDone("s")]


def test_a_worker_has_its_next_batch_before_the_last_one_is_made_durable() -> None:
    sent: list[int] = []
    batches = [Batch(str(number), ((number, Item(str(number), "r", b"")),)) for number in range(3)]
    hand = cast(
        "Any", SimpleNamespace(send=lambda orders: sent.extend(top for top, *_ in orders), dismiss=lambda: None)
    )
    crew = Crew(cast("Any", None), iter(batches))
    crew._desks.append(desk := _Desk(hand, ready=True))
    assert list(crew._next_item(desk)) == []
    seen = []
    for number in range(3):
        hand.receive = lambda top=number: [(top, None)]
        seen += [(event, list(sent)) for event in crew._receive(desk)]
    assert seen == [(BatchDone("0"), [0, 1]), (BatchDone("1"), [0, 1, 2]), (BatchDone("2"), [0, 1, 2])]
    assert not crew._desks


def test_workers_that_are_started_from_several_threads_leave_the_process_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    safe: list[str | None] = []

    def start(self: BaseProcess) -> None:
        del self
        time.sleep(0.01)
        safe.append(os.environ.get("PYTHONSAFEPATH"))

    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.setattr(BaseProcess, "start", start)
    job = Job(make_plan(make_roots([tmp_path]), {}, names="off"), load_key(tmp_path / "home"), 8)
    script = sys.modules["__main__"]
    threads = [threading.Thread(target=ProcessHand, args=(job, os.getpid())) for _ in range(8)]
    for number, thread in enumerate(threads):
        thread.start()
        time.sleep(0.003 * (number % 3))
    for thread in threads:
        thread.join()
    assert safe == ["1"] * 8
    assert ("PYTHONSAFEPATH" in os.environ, sys.modules["__main__"] is script) == (False, True)


def test_a_mark_told_again_clears_nothing_that_was_learnt_behind_it() -> None:
    attempt = Attempt(0, Item("a.mbox", "r", b""))
    mark, member = Mark("a.mbox", (("at", 5),), (0, 0, 0), ""), "a.mbox!/9"
    assert attempt.note(mark) is mark
    attempt.note(Outcome("a.mbox!/1", "r", Status.EXAMINED))
    for _ in range(MAX_STRIKES):
        assert attempt.note(Mark("a.mbox", (("at", 5),), (0, 0, 0), "")) is None
        attempt.note(Begun(member))
        assert verdict(attempt, None, 1) is None
    assert attempt.retry().finished == {"a.mbox!/1"}
    assert dict(attempt.retry().fatal) == {member: Reason.POISON}
    assert attempt.note(Mark("a.mbox", (("at", 6),), (0, 0, 0), ""))
    assert (attempt.retry().finished, attempt.retry().fatal) == (frozenset(), ())


def test_no_more_workers_than_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    plain = BaseProcess.start

    def start(self: BaseProcess) -> None:
        started.append(self)
        plain(self)

    monkeypatch.setattr(BaseProcess, "start", start)
    job = Job(make_plan(make_roots([tmp_path]), {}, names="off"), load_key(tmp_path / "home"), 8)
    assert all(isinstance(event, Entered) for event in run(job, []))
    assert len(started) == 1


def test_equal_paths_in_two_roots_are_two_places(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        with zipfile.ZipFile(tmp_path / name / "c.zip", "w") as archive:
            archive.writestr("z.txt", "write to b@mail.example")
            archive.writestr(f"{name}.txt", name)
    seen: list[Counts] = []

    def inspect(paths: ReportPaths) -> None:
        seen.append(count(paths))

    plan = make_plan(make_roots([tmp_path / "x", tmp_path / "y"]), {}, names="off")
    scan_to_files(plan, Run(tmp_path / "r.parquet", tmp_path / "home"), inspect=inspect)
    assert (seen[0].types, seen[0].copies) == ({"EMAIL_ADDRESS": 1}, 1)
