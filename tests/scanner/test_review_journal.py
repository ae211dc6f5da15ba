"""Journals that are damaged, half deleted, in use or of another plan; files that change while they are scanned."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.parquet import read_report
from scanner import merge, scan
from scanner.journal import Journal, JournalError
from scanner.model import Item
from scanner.plan import make_plan, make_roots
from scanner.run import Run, scan_to_files
from scanner.scanning import Nobody


@pytest.fixture
def share(tmp_path: Path) -> Path:
    place = tmp_path / "share"
    place.mkdir()
    for number in range(5):
        (place / f"{number}.txt").write_text(f"write to a{number}@mail.example\n", encoding="utf-8")
    return place


def interrupted(share: Path, out: Path, home: Path, **options: object) -> None:
    """A scan that ends when all parts are written, and leaves its journal."""

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    plan = make_plan(make_roots([share]), {}, **{"names": "off", **options})
    with pytest.raises(KeyboardInterrupt):
        scan_to_files(plan, Run(out, home), inspect=stop)


def _lose_parts(folder: Path) -> None:
    for part in folder.glob("*.findings.arrow"):
        part.unlink()


def _garble(folder: Path) -> None:
    (folder / "journal.sqlite").write_bytes(b"no database at all " * 200)


def _garble_later_pages(folder: Path) -> None:
    file = folder / "journal.sqlite"
    raw = file.read_bytes()
    file.write_bytes(raw[:4096] + b"\xff" * (len(raw) - 4096))


def _empty(folder: Path) -> None:
    (folder / "journal.sqlite").write_bytes(b"")


@pytest.mark.parametrize("harm", [_lose_parts, _garble, _garble_later_pages, _empty])
def test_a_harmed_journal_costs_time_only(tmp_path: Path, share: Path, harm: Callable[[Path], None]) -> None:
    out = tmp_path / "r.parquet"
    interrupted(share, out, tmp_path / "home")
    harm(tmp_path / "r.parquet.journal")
    report = scan(share, out, home=tmp_path / "home", names="off")
    assert (report.items.num_rows, report.findings.num_rows) == (5, 5)
    assert not (tmp_path / "r.parquet.journal").exists()


def test_killed_while_the_journal_is_deleted(tmp_path: Path, share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "r.parquet"
    with monkeypatch.context() as patch:
        patch.setattr("scanner.journal.shutil.rmtree", lambda folder, **_: _lose_parts(folder))
        scan(share, out, home=tmp_path / "home", names="off")
    assert (tmp_path / "r.parquet.journal").exists()
    assert scan(share, out, home=tmp_path / "home", names="off").findings.num_rows == 5


def test_parts_of_another_plan_are_not_taken(tmp_path: Path, share: Path) -> None:
    out = tmp_path / "r.parquet"
    interrupted(share, out, tmp_path / "home", values="clear")
    values = scan(share, out, home=tmp_path / "home", names="off").findings["value"].to_pylist()
    assert values == [None] * 5


def test_one_of_two_scans_that_start_together_does_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "r.journal"
    first = Journal(folder, "plan", fresh=False)
    first.finish_batch("a", 1)
    for fingerprint, fresh in (("plan", False), ("other", False), ("plan", True)):
        with pytest.raises(JournalError, match="Another scan"):
            Journal(folder, fingerprint, fresh)
    assert first.done() == {"a": 1}
    first.close()
    second = Journal(folder, "plan", fresh=False)
    assert second.done() == {"a": 1}
    second.delete()


class _Meddler:
    """Changes a file while another one is scanned."""

    def __init__(self, meddle: Callable[[], object]) -> None:
        self._meddle: Callable[[], object] | None = meddle

    def walked(self, items: int, size: int) -> None:
        """The walk is over."""

    def finished(self, items: int, size: int) -> None:
        """One item is done: now."""
        if self._meddle:
            self._meddle()
            self._meddle = None


def test_a_copy_is_not_given_what_came_into_its_original_later(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    for name, text in (("a", "hello"), ("b", "old@mail.example"), ("c", "old@mail.example"), ("d", "on@mail.example")):
        (share / f"{name}.txt").write_text(text, encoding="utf-8")
    (share / "e.txt").write_text("on@mail.example", encoding="utf-8")

    def meddle() -> None:
        (share / "b.txt").write_text("new@mail.example", encoding="utf-8")
        os.utime(share / "b.txt", (1, 1))
        (share / "d.txt").unlink()

    plan = make_plan(make_roots([share]), {}, names="off", values="clear")
    paths = scan_to_files(plan, Run(tmp_path / "r.parquet", tmp_path / "home"), _Meddler(meddle))
    report = read_report(paths.findings)
    found = {row["item"]: row["value"] for row in report.findings.to_pylist()}
    assert found == {"b.txt": "new@mail.example", "c.txt": "old@mail.example", "e.txt": "on@mail.example"}
    assert {row["item"]: row["reason"] for row in report.items.to_pylist() if row["reason"]} == {"d.txt": "changed"}


def test_many_copies_take_linear_time(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", "plan", fresh=False)
    journal.record_walk(Item(f"{n}", "r", b"", size=n // 2 + 1) for n in range(20_000))
    journal.mark_copies([(n, n - 1) for n in range(1, 20_000, 2)])
    begun = time.process_time()
    assert sum(1 for _ in journal.same_size()) == 10_000
    assert sum(len(journal.copies_of(number)) for number in journal.with_copies()) == 10_000
    assert time.process_time() - begun < 3
    journal.delete()


def test_a_file_that_is_added_between_two_tries_takes_no_copy_its_rows(tmp_path: Path) -> None:
    share, out = tmp_path / "share", tmp_path / "r.parquet"
    share.mkdir()
    for name in ("m1", "m2", "m3"):
        (share / f"{name}.txt").write_text(f"write to {name}@mail.example " + "x" * (3 << 20), encoding="utf-8")
    (share / "z.txt").write_bytes((share / "m2.txt").read_bytes())
    interrupted(share, out, tmp_path / "home", values="clear")
    (share / "a.txt").write_text("hello", encoding="utf-8")  # every number of the walk moves by one
    report = scan(share, out, home=tmp_path / "home", names="off", values="clear")
    assert sorted(report.items["item"].to_pylist()) == ["a.txt", "m1.txt", "m2.txt", "m3.txt", "z.txt"]
    assert ("z.txt", "m2@mail.example") in {(row["item"], row["value"]) for row in report.findings.to_pylist()}


def test_copies_made_few_at_a_time_have_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share = tmp_path / "share"
    for number in range(6):
        (share / str(number)).mkdir(parents=True)
        for name in ("a.txt", "b.txt"):
            text = f"Ann, 020 7946 0958, write to {name[0]}@mail.example or x@mail.example\n" * 3
            (share / str(number) / name).write_text(text, encoding="utf-8")
    whole = scan(share, home=tmp_path / "home", names="off")
    monkeypatch.setattr(merge, "_TOGETHER", 4)
    few = scan(share, home=tmp_path / "home", names="off")
    timeless = [report.items.drop_columns(["cpu_seconds"]).to_pylist() for report in (whole, few)]
    assert (whole.findings.to_pylist(), timeless[0]) == (few.findings.to_pylist(), timeless[1])
    assert sum(row["duplicate_of"] is not None for row in timeless[0]) == 10
    assert len(set(whole.findings["finding_id"].to_pylist())) == whole.findings.num_rows >= 12 * 9


def test_a_file_that_is_empty_when_it_is_opened_was_not_examined(tmp_path: Path) -> None:
    """Whoever saves a file empties it first: that nothing was found in it then says nothing of what it holds."""
    share = tmp_path / "share"
    share.mkdir()
    for name in ("being saved.txt", "whole.txt"):
        (share / name).write_text(f"write to {name[0]}@mail.example", encoding="utf-8")
    (share / "empty.txt").touch()

    class Saving(Nobody):
        def walked(self, items: int, size: int) -> None:
            super().walked(items, size)
            os.truncate(share / "being saved.txt", 0)

    plan = make_plan(make_roots([share]), {}, names="off")
    paths = scan_to_files(plan, Run(tmp_path / "r.parquet", tmp_path / "home"), Saving())
    items = {row["item"]: (row["status"], row["reason"]) for row in read_report(paths.findings).items.to_pylist()}
    assert items["being saved.txt"] == ("not_examined", "changed")
    assert {items["whole.txt"], items["empty.txt"]} == {("examined", None)}
