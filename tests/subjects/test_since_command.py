"""`scan --since` and `whosedata show --items` as they are typed."""

import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subjects.cli import whosedata

LONG_AGO = time.time() - 90_000


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(whosedata, list(map(str, words)))


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    place = tmp_path / "share"
    place.mkdir()
    for number in range(4):
        write(place / f"{number}.txt", f"Dear Ann, write to a{number}@mail.example.\n")
    return place


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (LONG_AGO, LONG_AGO))


def test_the_end_of_the_scan_says_what_changed(tmp_path: Path, share: Path) -> None:
    out = tmp_path / "report.parquet"
    assert call("scan", share, "--out", out, "--names", "off").exit_code == 0
    write(share / "1.txt", "Dear Bob, write to somebody.else@mail.example.\n")
    write(share / "5.txt", "Dear Bob, write to five@mail.example.\n")
    (share / "2.txt").unlink()
    result = call("scan", share, "--out", out, "--since", out, "--names", "off", "-v")
    assert result.exit_code == 0, result.output
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert "Items 4 met" in lines
    assert lines[lines.index("2 unchanged") :][:4] == ["2 unchanged", "1 changed", "1 new", "1 gone"]
    assert any(line.startswith("gone share/2.txt (it was there on ") for line in lines)
    shown = call("show", out, "--items", "--status", "gone")
    assert [line.split()[:2] for line in shown.output.splitlines()] == [["gone", "share/2.txt"]]
    found = call("find", out, "--email", "five@mail.example")
    assert (found.exit_code, "2.txt" in found.output, "5.txt" in found.output) == (0, False, True)


def test_other_settings_are_told(tmp_path: Path, share: Path) -> None:
    out = tmp_path / "report.parquet"
    call("scan", share, "--out", out, "--names", "off")
    result = call("scan", share, "--out", tmp_path / "new.xlsx", "--since", out, "--names", "off", "--min-score", "0.4")
    assert "4 read again all the same: other settings (min_score)" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--since", "missing.parquet"], "does not exist"),
        (["--since", "old.csv"], "only a report in .parquet form"),
        (["--since", "old.parquet", "--home", "other"], "another home"),
    ],
)
def test_what_cannot_be_gone_by_is_wrong_use(
    tmp_path: Path, share: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    call("scan", share, "--out", "old.parquet", "--names", "off")
    result = call("scan", share, "--out", "new.parquet", "--names", "off", *words)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())
    assert not Path("new.parquet.journal").exists()


def test_words_of_show_that_do_not_fit() -> None:
    assert call("show", "x.parquet", "--status", "gone").exit_code == 2
    assert call("show", "x.parquet", "--items", "--type", "PERSON").exit_code == 2
