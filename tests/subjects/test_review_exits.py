"""Exit codes tell the truth: also for a full disk, a defect, a reader that went away and a terminal of another kind."""

import io
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from reports import export
from reports.parquet import ReportError
from scanner import scan
from scanner.home import HomeError
from scanner.plan import PlanError, make_plan, make_roots
from scanner.run import Run, scan_to_files
from subjects import cli


@pytest.fixture
def share(empty_share: Path) -> Path:
    (empty_share / "a.txt").write_text("write to ann.lee@mail.example\n", encoding="utf-8")
    return empty_share


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (sqlite3.OperationalError("database or disk is full"), 4, "disk is full"),
        (sqlite3.OperationalError("disk I/O error"), 4, "disk is full or failing"),
        (ValueError("ann.lee@mail.example"), 4, "A defect of ours: ValueError"),
        (OSError(28, "No space left on device"), 4, "The disk is full. Nothing is lost"),
        (HomeError("no home"), 2, "no home"),
    ],
)
def test_no_error_looks_like_a_match(
    share: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, words: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "scan_to_files", fail)
    result = CliRunner().invoke(cli.scan_command, [str(share)])
    assert result.exit_code == code
    assert words in result.stderr
    assert "ann.lee" not in result.output


@pytest.mark.skipif(os.name != "posix", reason="closes a pipe as POSIX systems do")
@pytest.mark.parametrize("words", [["-v"], []])
def test_an_incomplete_scan_stays_so_when_nobody_reads(share: Path, words: list[str]) -> None:
    (share / "x.exe").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(64))
    program = "from subjects.cli import scan_command; scan_command()"
    command = [sys.executable, "-c", program, "share", "--names", "off", "--jobs", "1", "--out", "r.parquet", *words]
    reader, writer = os.pipe()
    os.close(reader)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        command, check=False, stdout=writer, stderr=subprocess.PIPE, env=environment, cwd=share.parent
    )
    os.close(writer)
    assert done.returncode == 3, done.stderr
    names = {path.name for path in share.parent.glob("r.*")}
    assert names == {"r.parquet", *(f"r.{name}.parquet" for name in ("items", "keys", "subjects", "links"))}


def test_a_terminal_of_another_alphabet(share: Path) -> None:
    scan(share, share.parent / "r.parquet", names="off")
    program = "from subjects.cli import whosedata; whosedata()"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program, "show", "r.parquet"]
    done = subprocess.run(command, check=False, capture_output=True, env=environment, cwd=share.parent)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"EMAIL_ADDRESS" in done.stdout


def test_standard_input_leaves_no_copy(share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    raw = io.TextIOWrapper(io.BytesIO(b"write to ann.lee@mail.example"))
    monkeypatch.setattr(sys, "stdin", raw)
    with pytest.raises(KeyboardInterrupt):
        scan_to_files(make_plan(make_roots(["-"]), {}, names="off"), Run(Path("r.parquet"), Path("home")), inspect=stop)
    left = [file for file in Path("r.parquet.journal").iterdir() if b"ann.lee" in file.read_bytes()]
    assert not left


def test_too_many_rows_for_excel_lose_nothing(share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_SHEET_ROWS", 1)
    plan = make_plan(make_roots([share]), {}, names="off")
    with pytest.raises(ReportError, match=r"whole report is in r\.xlsx\.journal.report\.parquet"):
        scan_to_files(plan, Run(Path("r.xlsx"), Path("home")))
    assert Path("r.xlsx.journal/report.parquet").exists()


@pytest.mark.parametrize(("out", "message"), [("folder.parquet", "is a folder"), ("r.csv", "From Python")])
def test_a_place_that_cannot_be_written_is_refused_at_once(share: Path, out: str, message: str) -> None:
    Path("folder.parquet").mkdir()
    with pytest.raises(PlanError, match=message):
        scan(share, out, names="off")
    assert not list(Path().glob("*.journal"))
