"""What a stranger may put into one file: names that repeat, text that is no text, sizes that no number holds."""

import errno
import io
import json
import os
import warnings
import zipfile
from pathlib import Path

import pytest

from scanner import pipeline, scan
from scanner.messages import Outcome
from scanner.model import Status
from scanner.rows import item_table

MAIL = "write to ann.lee@mail.example\n"


@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_a_member_that_is_called_like_a_repeat_has_its_own_row(tmp_path: Path, executor: str) -> None:
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name in ("a", "a", "a~2", "a"):
            archive.writestr(name, MAIL)
    report = scan(tmp_path / "a.zip", home=tmp_path / "home", names="off", executor=executor)
    paths = [row["item"] for row in report.items.to_pylist()]
    assert paths == ["a.zip!/a", "a.zip!/a~2", "a.zip!/a~2~2", "a.zip!/a~3", "a.zip"]
    assert len(set(report.findings["finding_id"].to_pylist())) == 4


class _Failing(io.BytesIO):
    def read(self, *_: int | None) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_failing_disk_is_no_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(MAIL, encoding="utf-8")
    monkeypatch.setattr(pipeline, "open_item", lambda *_: _Failing())
    [row] = scan(tmp_path / "a.txt", home=tmp_path / "home", names="off").items.to_pylist()
    assert (row["status"], row["reason"]) == ("not_examined", "io_error")


def test_half_a_character_costs_no_scan(tmp_path: Path) -> None:
    rows = [{"e\ud800mail": "ann.lee@mail.example", "x": "\udfff bob@mail.example"}]
    (tmp_path / "a.json").write_text(json.dumps(rows), encoding="ascii")
    report = scan(tmp_path / "a.json", home=tmp_path / "home", names="off", values="clear")
    assert sorted(report.findings["value"].to_pylist()) == ["ann.lee@mail.example", "bob@mail.example"]
    assert [row["status"] for row in report.items.to_pylist()] == ["examined"]


@pytest.mark.parametrize("size", [2**63, 2**64 - 1, -(2**70)])
def test_a_size_that_no_column_holds_is_left_out(size: int) -> None:
    outcome = Outcome("a.zip!/\ud800", "r", Status.EXAMINED, size=size, expected=size, detail="\udcff", modified=1e300)
    [row] = item_table([(0, outcome)]).to_pylist()
    assert (row["size"], row["expected"], row["modified"]) == (None, None, None)
