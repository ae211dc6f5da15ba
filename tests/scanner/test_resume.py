"""kill -9 at any moment and start again: the report is that of a scan that nobody disturbed."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reports.parquet import open_report

QUICK, FULL = 8, 200  # kills
PROGRAM = """
import sys
from pathlib import Path
from scanner.plan import make_plan, make_roots
from scanner.run import Run, scan_to_files

if __name__ == "__main__":
    share, out, home = map(Path, sys.argv[1:])
    plan = make_plan(make_roots([share]), {}, names="off")
    scan_to_files(plan, Run(out, home, "processes", 2))
"""


def table(path: Path, *without: str) -> list[str]:
    rows = pq.read_table(path).to_pylist()
    return sorted(str({name: value for name, value in row.items() if name not in without}) for row in rows)


@pytest.fixture
def share(tmp_path: Path) -> Path:
    place = tmp_path / "share"
    place.mkdir()
    for number in range(200):
        lines = (
            f"{name},{name}{number}@mail.example,AB 12 34 {line % 100:02} C" for line, name in enumerate(["ann"] * 60)
        )
        (place / f"{number:03}.csv").write_text("name,email,nino\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return place


@pytest.mark.skipif(os.name != "posix", reason="kills whole process groups")
@pytest.mark.parametrize("wanted", [QUICK, pytest.param(FULL, marks=pytest.mark.slow)])
def test_kills_at_any_moment_change_nothing(tmp_path: Path, share: Path, wanted: int) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")

    def start(out: Path) -> "subprocess.Popen[bytes]":
        command = [sys.executable, str(program), str(share), str(out), str(tmp_path / "home")]
        return subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE)

    plain, torn = tmp_path / "plain.parquet", tmp_path / "torn.parquet"
    begun = time.monotonic()
    undisturbed = start(plain)
    assert undisturbed.wait() == 0, undisturbed.stderr and undisturbed.stderr.read()
    whole = time.monotonic() - begun
    chance = random.Random(20)
    kills = 0
    while kills < wanted:
        process = start(torn)
        try:
            process.wait(chance.uniform(0.02, whole))
            torn_done = process.returncode
            assert torn_done == 0
            for file in tmp_path.glob("torn*"):  # it was faster than the killer: begin anew
                file.unlink()
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
            if torn.exists() and not (tmp_path / "torn.parquet.journal").exists():
                open_report(torn)  # killed when all was done: then the report is whole
    assert start(torn).wait() == 0
    for kind, without in (("", ()), (".items", ("cpu_seconds",)), (".keys", ())):
        assert table(tmp_path / f"torn{kind}.parquet", *without) == table(tmp_path / f"plain{kind}.parquet", *without)
    assert not (tmp_path / "torn.parquet.journal").exists()
    assert not list(tmp_path.glob(".*draft"))
