"""A parser that does its worst is contained, whatever it does: one row with a reason, and nothing else is harmed."""

import os
import resource
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mock_parser import install, write_order

from reports.parquet import Report
from scanner import scan
from scanner.sandbox import FULL, sandbox_state

sandboxed = pytest.mark.skipif(sandbox_state() != FULL, reason=f"this system's sandbox is {sandbox_state()}")
MB = 1 << 20
LIMITS = """
[limits]
stall_seconds = 2
worker_memory = "1GB"
max_extracted = "64MB"
max_spooled = "64MB"
"""
# What a file tells its parser to do: what its row must say.
ORDERS: dict[str, tuple[str, str | None]] = {
    "exit": ("not_examined", "poison"),
    "fault": ("not_examined", "poison"),
    "abort": ("not_examined", "poison"),
    "loop": ("not_examined", "timed_out"),
    "sleep": ("not_examined", "timed_out"),
    "allocate": ("partial", "out_of_memory"),
    "write:text": ("partial", "limit"),
    "write:file": ("partial", "limit"),
    "write:print": ("examined", None),
    "babble:raw": ("not_examined", "poison"),
    "babble:pickle": ("not_examined", "poison"),
    "babble:stranger": ("not_examined", "poison"),
    "babble:row": ("not_examined", "poison"),
    "babble:lists": ("not_examined", "poison"),
    "babble:tables": ("not_examined", "poison"),
    "half": ("not_examined", "timed_out"),
    "multiply": ("examined", None),
    "destroy": ("examined", None),
    "call": ("examined", None),
    "imported": ("examined", None),
}
# These two end otherwise where the system has no sandbox: the bomb is ended with its group, the rest does its harm.
NEEDS_SANDBOX = {"multiply", "destroy", "call"}


def peak_memory() -> int:
    """MB of this process, at its most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Contained:
    """One scan of a share with a file for each order, and honest files between them."""

    def __init__(self, place: Path, port: socket.socket) -> None:
        self.share = place / "share"
        self.share.mkdir()
        for number, order in enumerate(ORDERS):
            told = f"call:{port.getsockname()[1]}" if order == "call" else order
            write_order(self.share / f"{number:02} {order.replace(':', ' ')}.mid", told)
            (self.share / f"{number:02} honest.txt").write_text(
                f"write to ann{number}@mail.example\n", encoding="utf-8"
            )
        config = place / "whosedata.toml"
        config.write_text(LIMITS, encoding="utf-8")
        self.peak = peak_memory()
        self.before = self.stands()
        self.temporary = place / "temporary"
        self.temporary.mkdir()
        self.report: Report = scan(
            self.share, home=place / "home", names="off", values="clear", config=config, executor="processes", jobs=2
        )
        self.rows = {row["item"]: row for row in self.report.items.to_pylist()}

    def stands(self) -> dict[str, tuple[bytes, int, int, int]]:
        """All that a parser might have changed."""
        return {
            path.name: (path.read_bytes(), (told := path.stat()).st_mode, told.st_mtime_ns, told.st_ino)
            for path in self.share.iterdir()
        }


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


@pytest.fixture(scope="module")
def contained(tmp_path_factory: pytest.TempPathFactory, listener: socket.socket) -> Iterator[Contained]:
    place = tmp_path_factory.mktemp("contained")
    install(place / "modules")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(place / "modules"))  # workers are given the path of this process
        patch.setenv("TMPDIR", str(place))
        patch.setattr("tempfile.tempdir", None)
        yield Contained(place, listener)


@pytest.mark.skipif(os.name != "posix", reason="it does what POSIX systems let one do")
@pytest.mark.parametrize("order", ORDERS)
def test_one_row_with_its_reason(contained: Contained, order: str) -> None:
    if order in NEEDS_SANDBOX and sandbox_state() != FULL:
        pytest.skip(f"this system's sandbox is {sandbox_state()}")
    if order == "allocate" and sys.platform != "linux":
        pytest.skip("only Linux bounds the memory of a process")
    [row] = [row for name, row in contained.rows.items() if name[3:-4] == order.replace(":", " ")]
    assert (row["status"], row["reason"]) == ORDERS[order]
    assert row["media_type"] == ("audio/x-midi" if row["reason"] not in {"poison", "timed_out"} else None)


@pytest.mark.skipif(os.name != "posix", reason="it does what POSIX systems let one do")
def test_the_honest_files_between_them_are_read(contained: Contained) -> None:
    assert contained.report.items.num_rows == 2 * len(ORDERS)
    honest = {name for name in contained.rows if "honest" in name}
    assert len(honest) == len(ORDERS)
    assert {contained.rows[name]["status"] for name in honest} == {"examined"}
    found = [row["value"] for row in contained.report.findings.to_pylist() if "honest" in row["item"]]
    assert sorted(found) == sorted(f"ann{number}@mail.example" for number in range(len(ORDERS)))


def test_a_worker_that_has_made_rows_imported_no_pandas(contained: Contained) -> None:
    """Arrow does for its first array: a third of a second, and fifty megabytes for each worker."""
    assert "pandas@mail.example" not in {row["value"] for row in contained.report.findings.to_pylist()}


@sandboxed
def test_nothing_was_harmed_told_or_left(contained: Contained, listener: socket.socket) -> None:
    assert contained.stands() == contained.before
    with pytest.raises(TimeoutError):
        listener.accept()
    assert "harm@mail.example" not in {row["value"] for row in contained.report.findings.to_pylist()}
    assert contained.report.metadata["sandbox"] == "full"
    left = [path.name for path in contained.share.parent.iterdir()]
    assert sorted(left) == ["home", "modules", "share", "temporary", "whosedata.toml"]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs the list of processes")
def test_no_process_is_left(contained: Contained) -> None:
    here = str(contained.share.parent)
    left: list[bytes] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            ours = int(process.name) != os.getpid() and here in (process / "environ").read_text("utf-8", "replace")
            if ours and b"resource_tracker" not in (command := (process / "cmdline").read_bytes()):
                left.append(command)
        except OSError:
            continue
    assert left == []


@pytest.mark.skipif(sys.platform != "linux", reason="counts kilobytes as Linux does")
def test_the_calling_process_stays_small(contained: Contained) -> None:
    """What tests before it have needed is no fault of this scan."""
    assert contained.rows
    assert peak_memory() < max(600, contained.peak + 200)
