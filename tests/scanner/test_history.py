"""A report that the next scan goes by and replaces is kept in the home, at whatever moment the scan is stopped."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edited_share import Share, gone, rows

from reports.parquet import Report, read_report
from scanner import scan


@pytest.fixture
def share(tmp_path: Path) -> Share:
    return Share(tmp_path / "share")


@pytest.fixture
def run(tmp_path: Path, share: Share) -> Callable[..., Report]:
    def go(**options: Any) -> Report:
        return scan(share.folder, **{"home": tmp_path / "home", "names": "off", **options})

    return go


def test_the_same_name_and_the_history(tmp_path: Path, share: Share, run: Callable[..., Report]) -> None:
    out, home = tmp_path / "report.parquet", tmp_path / "home"
    share.write("1.txt", share.letter(1))
    first = run(out=out)
    share.write("2.txt", share.letter(2))
    second = run(out=out, since=out)
    [kept] = (home / "history").iterdir()
    assert read_report(kept / "report.parquet").metadata == first.metadata
    assert read_report(out).metadata == second.metadata
    assert second.metadata["run_id"] != first.metadata["run_id"]
    if os.name == "posix":
        assert all(file.stat().st_mode & 0o077 == 0 for file in [kept, *kept.iterdir()])


@pytest.mark.parametrize("stop_at", ["items", "keys", "findings", "delete"])
def test_stopped_while_the_old_report_is_replaced(
    tmp_path: Path, share: Share, run: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, stop_at: str
) -> None:
    out = tmp_path / "report.parquet"
    for number in range(5):
        share.write(f"{number}.txt", share.letter(number))
    run(out=out)
    (share.folder / "0.txt").unlink()
    share.write("1.txt", share.letter(9) + "more")
    plain = Path.replace

    def stopping(self: Path, target: Path) -> Path:
        done = plain(self, target)
        name = {"items": "report.items.parquet", "keys": "report.keys.parquet", "findings": "report.parquet"}.get(
            stop_at
        )
        if target == tmp_path / (name or ""):
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopping)
        if stop_at == "delete":
            patch.setattr("scanner.journal.Journal.delete", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(out=out, since=out)
    report = run(out=out, since=out)
    assert gone(report) == {"0.txt"}
    assert rows(report) == rows(run())
