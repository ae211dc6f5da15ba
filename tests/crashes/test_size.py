"""However large a thing is, memory stays bounded; and a scan that is stopped inside goes on."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from million_files import measure

from reports.parquet import Report, read_report

MB = 1 << 20
MEMBERS = 300_000
MOST_MEMORY = 600  # MB of one process; a worker has some 300 before its first file
PROGRAM = r"""
import re, resource
from pathlib import Path
from subjects.cli import scan_command
try:
    scan_command()
finally:  # ru_maxrss of this process itself begins with what pytest had
    own = int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1])
    print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")


def start(place: Path, *more: str) -> "subprocess.Popen[str]":
    """The command over a folder `share`."""
    words = ["share", "--out", "r.parquet", "--home", "home", "--names", "off", "--no-progress", "-q", *more]
    command = [sys.executable, "-c", PROGRAM, *words]
    return subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, text=True, start_new_session=True)


def scanned(place: Path, kill_after: float = 0.0) -> tuple[int, Report]:
    """MB of the largest process, and the report; with a time, of a scan that was killed by then and went on."""
    if kill_after:
        torn = start(place)
        time.sleep(kill_after)
        if torn.poll() is None:
            os.killpg(torn.pid, signal.SIGKILL)
        torn.wait()
    whole = start(place)
    assert whole.stdout
    most = int(whole.stdout.read().split()[-1])
    assert whole.wait() in {0, 3}
    return most, read_report(place / "r.parquet")


def zip_of(path: Path, members: int) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(members):
            archive.writestr(f"{number:06}.txt", f"a{number}@mail.example" if number % 1000 == 0 else "")


def test_twenty_thousand_files_take_no_memory() -> None:
    items, _, _, most, before = measure(20_000)
    assert items == 20_000
    assert most - before < 30


@pytest.mark.slow
def test_a_million_files_in_ten_minutes_and_300_mb() -> None:
    items, clock, _, most, _ = measure(1_000_000)
    assert items == 1_000_000
    assert clock < 600
    assert most < 300


def test_a_zip_of_two_thousand_members_of_which_half_may_be_read(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "whosedata.toml").write_text("[limits]\nmax_members = 1000\n", encoding="utf-8")
    zip_of(tmp_path / "share" / "many.zip", 2000)
    whole = start(tmp_path, "--config", "whosedata.toml")
    assert whole.wait() == 3
    rows = {row["item"]: row for row in read_report(tmp_path / "r.parquet").items.to_pylist()}
    assert len(rows) == 1001
    assert (rows["many.zip"]["status"], rows["many.zip"]["reason"]) == ("partial", "limit")


@pytest.mark.slow
def test_a_zip_of_300_000_members(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    zip_of(tmp_path / "share" / "many.zip", MEMBERS)
    most, report = scanned(tmp_path, kill_after=30)
    rows = report.items.to_pylist()
    assert len(rows) == len({row["item"] for row in rows}) == 100_001
    [top] = [row for row in rows if not row["parent"]]
    assert (top["status"], top["reason"]) == ("partial", "limit")
    assert most < MOST_MEMORY


@pytest.mark.slow
def test_a_sparse_file_of_100_gb(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    with (tmp_path / "share" / "disk.img").open("wb") as file:
        file.truncate(100 << 30)
    most, report = scanned(tmp_path, kill_after=20)
    [row] = report.items.to_pylist()
    assert (row["size"], bool(row["status"] == "examined" or row["reason"])) == (100 << 30, True)
    assert most < MOST_MEMORY


@pytest.mark.slow
def test_one_line_of_2_gb(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    with (tmp_path / "share" / "line.txt").open("wb") as file:
        file.write(b"write to first@mail.example ")
        for _ in range(2048):
            file.write(b"lorem ipsum dolor sit amet wow! " * (MB // 32))
        file.write(b"and write to last@mail.example")
    most, report = scanned(tmp_path, kill_after=60)
    [row] = report.items.to_pylist()
    assert (row["status"], row["findings"]) == ("examined", 2)
    assert most < MOST_MEMORY
