"""A report for the owner of a key: nothing beside it is ever clear, nobody else reads it, and it opens as it was."""

import math
import os
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import honeypot
import pyrage
import pytest
from click.testing import CliRunner, Result

from reports.parquet import read_report
from reports.sealing import seal
from subjects.cli import whosedata

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir(mode=0o700)
    honeypot.make_share(tmp_path / "share", 4)
    return lambda *words: CliRunner().invoke(whosedata, list(words))


def scanned(run: Run, key: str, out: str = "out/report.parquet") -> Result:
    return run("scan", "share", "--engine", "serial", "--names", "off", "--out", out, "--encrypt-to", key)


def made(run: Run, name: str) -> str:
    result = run("new-identity", name)
    assert result.exit_code == 0, result.output
    return next(line.split()[-1] for line in result.output.splitlines() if line.startswith("Public key"))


def entropy(data: bytes) -> float:
    """Bits of a byte."""
    counts = Counter(data)
    return -sum(count / len(data) * math.log2(count / len(data)) for count in counts.values())


def test_it_is_encrypted_from_its_first_byte_and_opens_as_it_was(run: Run, tmp_path: Path) -> None:
    key = made(run, "reports.key")
    result = scanned(run, key)
    assert result.exit_code == 0, result.output
    assert "whosedata decrypt out/report.parquet.age" in result.output
    assert "told apart" in result.output
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    kinds = ("", ".items", ".keys", ".links", ".subjects")
    assert names == sorted(f"report{kind}.parquet.age" for kind in kinds)
    for path in (tmp_path / "out").iterdir():
        body = path.read_bytes()
        assert body.startswith(b"age-encryption.org/v1\n")
        assert b"PAR1" not in body
        assert b"share" not in body
        assert len(body) < 4096 or entropy(body[300:]) > 7.9
        assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list((tmp_path / "home" / "work").iterdir())
    assert run("decrypt", "out/report.parquet.age", "--identity", "reports.key", "--out", "clear").exit_code == 0
    assert run("scan", "share", "--engine", "serial", "--names", "off", "--out", "plain.parquet").exit_code == 0
    opened, plain = (read_report(tmp_path / name) for name in ("clear/report.parquet", "plain.parquet"))
    assert opened.findings.equals(plain.findings)
    assert opened.keys.equals(plain.keys)
    assert run("people", "clear/report.parquet").exit_code == 0
    assert os.name != "posix" or stat.S_IMODE((tmp_path / "clear").stat().st_mode) == 0o700


def test_nobody_else_reads_it(run: Run, tmp_path: Path) -> None:
    key = made(run, "reports.key")
    made(run, "other.key")
    scanned(run, key)
    assert os.name != "posix" or stat.S_IMODE((tmp_path / "other.key").stat().st_mode) == 0o600
    refused = run("decrypt", "out/report.parquet.age", "--identity", "other.key", "--out", "clear")
    assert (refused.exit_code, "for another key" in refused.output) == (2, True)
    assert not list((tmp_path / "clear").iterdir())
    body = bytearray((tmp_path / "out" / "report.parquet.age").read_bytes())
    body[-20] ^= 1
    (tmp_path / "out" / "report.parquet.age").write_bytes(body)
    assert run("decrypt", "out/report.parquet.age", "--identity", "reports.key", "--out", "clear").exit_code == 2
    assert not (tmp_path / "clear" / "report.parquet").exists()


def test_forms_for_people_are_encrypted_too(run: Run, tmp_path: Path) -> None:
    scanned(run, made(run, "reports.key"), "out/list.csv")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["list.csv.age", "list.items.csv.age"]
    secret = pyrage.x25519.Identity.from_str((tmp_path / "reports.key").read_text().splitlines()[1])
    text = pyrage.decrypt((tmp_path / "out" / "list.csv.age").read_bytes(), [secret])
    assert text.startswith(b"\xef\xbb\xbfentity_type,")
    assert not list((tmp_path / "home" / "work").iterdir())


def test_what_is_there_is_left_alone_but_for_a_scan_that_was_stopped(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = made(run, "reports.key")
    scanned(run, key)
    before = (tmp_path / "out" / "report.parquet.age").read_bytes()
    refused = scanned(run, key)
    assert (refused.exit_code, "is left alone" in refused.output) == (2, True)
    assert (tmp_path / "out" / "report.parquet.age").read_bytes() == before

    def stopped(files: list[tuple[Path, Path]], keys: list[str]) -> None:
        seal(files[:2], keys)
        raise KeyboardInterrupt

    monkeypatch.setattr("scanner.run.seal", stopped)
    scanned(run, key, "out/two.parquet")
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    assert len(list((tmp_path / "out").glob("two*"))) == 2
    assert scanned(run, key, "out/two.parquet").exit_code == 0
    assert len(list((tmp_path / "out").glob("two*.age"))) == 5
    assert not list((tmp_path / "home" / "work").iterdir())


@pytest.mark.parametrize("key", ["", "age1nonsense", "ssh-rsa nonsense", "AGE-SECRET-KEY-1NONSENSE"])
def test_a_wrong_key_is_said_before_anything_is_read(key: str, run: Run, tmp_path: Path) -> None:
    refused = scanned(run, key)
    assert refused.exit_code == 2
    assert "--encrypt-to" in refused.output
    assert not list((tmp_path / "out").iterdir())


def test_a_key_is_never_written_over(run: Run, tmp_path: Path) -> None:
    made(run, "reports.key")
    before = (tmp_path / "reports.key").read_bytes()
    assert run("new-identity", "reports.key").exit_code == 2
    assert (tmp_path / "reports.key").read_bytes() == before
