"""Stopped by a signal, robbed of its workers, or over a share that changes, a scan ends well, and goes on well."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reports.parquet import read_report
from scanner.home import content_digest, load_key

SECONDS = 5.0
FILES = 150
FINDINGS = ("", ".items", ".keys")

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="signals, and the list of processes, of Linux")


def content(number: int, version: int = 0, lines: int = 70) -> bytes:
    """A file that says which it is."""
    rows = "".join(f"ann{number},v{version}.{number}.{line}@mail.example\n" for line in range(lines))
    return f"name,email\n{rows}".encode()


def make_share(share: Path, files: int = FILES) -> None:
    share.mkdir()
    for number in range(files):
        (share / f"{number:03}.csv").write_bytes(content(number))


def start(place: Path, out: str, *more: str) -> "subprocess.Popen[str]":
    """The command with two workers."""
    program = "from subjects.cli import scan_command; scan_command()"
    words = [str(place / "share"), "--out", str(place / out), "--home", str(place / "home"), "--names", "off"]
    command = [sys.executable, "-c", program, *words, "--jobs", "2", "--no-progress", "-q", *more]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)


def rows(report: Path) -> list[list[str]]:
    """The three tables, without what may differ between two runs."""
    return [
        sorted(
            str(sorted((name, str(value)) for name, value in row.items() if name != "cpu_seconds"))
            for row in pq.read_table(report.with_name(f"{report.stem}{kind}.parquet")).to_pylist()
        )
        for kind in FINDINGS
    ]


def workers(parent: int) -> list[int]:
    """Worker processes of a scan."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(fields[1]) == parent and b"spawn_main" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


def at_work(parent: int) -> list[int]:
    """Those that have begun with a file: a scan whose workers are killed while they start, three in a row, stops."""
    found = []
    for process in workers(parent):
        with suppress(OSError):
            limits = Path(f"/proc/{process}/limits").read_text("ascii")
            if not re.search(r"^Max cpu time +unlimited", limits, re.MULTILINE):  # it is bounded before each file
                found.append(process)
    return found


def until_parts(place: Path, out: str, least: int, scan: "subprocess.Popen[str]") -> bool:
    """Wait until so many batches are done; whether the scan still runs."""
    while scan.poll() is None:
        if len(list((place / f"{out}.journal").glob("*.0.findings.arrow"))) >= least:
            return True
        time.sleep(0.01)
    return False


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A share, and the report of a scan that nobody disturbed."""
    made = tmp_path_factory.mktemp("stops")
    make_share(made / "share")
    whole = start(made, "plain.parquet")
    assert whole.wait() == 0, whole.stderr and whole.stderr.read()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.parametrize(("name", "whom"), [("SIGTERM", "itself"), ("SIGINT", "group")])
def test_a_signal_ends_it_in_five_seconds_and_it_goes_on(place: Path, name: str, whom: str) -> None:
    number = getattr(signal, name)
    scan = start(place, "stopped.parquet")
    assert until_parts(place, "stopped.parquet", 1, scan)
    hands = workers(scan.pid)
    assert hands
    begun = time.monotonic()
    os.killpg(scan.pid, number) if whom == "group" else scan.send_signal(number)
    code = scan.wait()
    assert time.monotonic() - begun < SECONDS
    assert (code, "goes on" in (scan.stderr.read() if scan.stderr else "")) == (128 + number, True)
    assert not any(Path(f"/proc/{hand}").exists() for hand in hands)
    assert not (place / "stopped.parquet").exists()
    again = start(place, "stopped.parquet")
    assert again.wait() == 0
    assert rows(place / "stopped.parquet") == rows(place / "plain.parquet")
    for file in place.glob("stopped*"):
        file.unlink()


def test_a_share_that_goes_away_under_its_readers(place: Path) -> None:
    """It is not there any more, as one that was disconnected: no row says of any file that it is gone."""
    scan = start(place, "lost.parquet")
    assert until_parts(place, "lost.parquet", 1, scan)
    (place / "share").rename(place / "away")
    try:
        code = scan.wait()
    finally:
        (place / "away").rename(place / "share")
    assert (code, "the disk or share is gone" in (scan.stderr.read() if scan.stderr else "")) == (4, True)
    assert not (place / "lost.parquet").exists()
    again = start(place, "lost.parquet")
    assert again.wait() == 0
    assert rows(place / "lost.parquet") == rows(place / "plain.parquet")


def rob(place: Path, kills: int, seed: int) -> None:
    """Kill so many workers at random moments, over as many scans as that takes; nothing is lost or blamed for it."""
    chance = random.Random(seed)
    killed = 0
    while killed < kills:
        scan = start(place, "robbed.parquet", "--fresh")
        last = time.monotonic()
        while scan.poll() is None:
            # Not so often that three of them meet one file: then it is believed to be its doing.
            if killed < kills and time.monotonic() - last > 1.5 and (hands := at_work(scan.pid)):
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(hands), signal.SIGKILL)
                    killed += 1
                last = time.monotonic() + chance.uniform(0, 0.5)
            time.sleep(chance.uniform(0.01, 0.1))
        assert scan.returncode == 0, scan.stderr and scan.stderr.read()
        assert rows(place / "robbed.parquet") == rows(place / "plain.parquet")


def test_workers_that_somebody_kills(place: Path) -> None:
    rob(place, 2, 1)


@pytest.mark.slow
def test_a_hundred_workers_that_somebody_kills(place: Path) -> None:
    rob(place, 100, 2)


def change(share: Path, stop: threading.Event, changes: int, seen: dict[str, set[bytes]]) -> None:
    """Cut off, grow, rewrite, exchange, rename and lock files; what stands for a moment is noted before."""
    chance = random.Random(7)
    for number in range(1, changes + 1):
        if stop.is_set():
            return
        file = chance.choice(sorted(share.iterdir()))
        of = int(file.stem)
        kind = chance.choice(("cut", "grow", "rewrite", "exchange", "rename", "lock"))
        data = content(of, number, chance.randint(1, 300))
        with suppress(OSError):
            if kind == "cut":
                data = file.read_bytes()[: chance.randint(0, 2000)]
            elif kind == "grow":
                data = file.read_bytes() + content(of, number, 50)
            if kind == "exchange":
                seen[file.name].add(data)
                other = share.parent / f"other{number}"
                other.write_bytes(data)
                other.replace(file)
            elif kind == "rename":
                file.rename(file.with_name(f"{file.stem}.away"))
                file.with_name(f"{file.stem}.away").rename(file)
            elif kind == "lock":
                file.chmod(chance.choice((0o000, 0o600)))
            else:
                seen[file.name].add(data)
                file.write_bytes(data)
        time.sleep(chance.uniform(0, 0.01))


def changing(tmp_path: Path, changes: int) -> None:
    """Each row either tells the hash of bytes that the file once had, or that it changed."""
    share = tmp_path / "share"
    make_share(share, 60)
    seen = {file.name: {file.read_bytes()} for file in share.iterdir()}
    stop = threading.Event()
    worker = threading.Thread(target=change, args=(share, stop, changes, seen))
    scans = 0
    worker.start()
    while worker.is_alive() or not scans:
        scan = start(tmp_path, "r.parquet", "--fresh")
        code = scan.wait()
        assert code in {0, 3}, scan.stderr and scan.stderr.read()
        scans += 1
        report = read_report(tmp_path / "r.parquet")
        key = load_key(tmp_path / "home")
        items = report.items.to_pylist()
        assert len({item["item"] for item in items}) == len(items) >= 60
        for item in items:
            known = set()
            for data in seen[f"{Path(item['item']).stem}.csv"]:  # one that is being renamed has another name
                digest = content_digest(key)
                digest.update(data)
                known.add(digest.hexdigest())
            if item["status"] == "examined":
                assert item["content_hash"] in known, item
            else:
                assert item["reason"] in {"changed", "permission", "damaged", "io_error"}, item
        found = {row["item"] for row in report.findings.to_pylist()}
        assert found <= {item["item"] for item in items}
    stop.set()
    worker.join()


def test_files_that_change_under_the_scan(tmp_path: Path) -> None:
    changing(tmp_path, 200)


@pytest.mark.slow
def test_two_thousand_changes_under_the_scan(tmp_path: Path) -> None:
    changing(tmp_path, 2000)
