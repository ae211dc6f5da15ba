"""A file that says what to do to its reader goes in; a parser that does it is what comes out (reliability.md, goal A6).

It is registered as any foreign package registers a format: by a distribution that names an entry point.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from textwrap import dedent
from typing import IO

import pyarrow as pa

from reports.schema import finding_columns
from scanner.limits import Budget, spool
from scanner.model import Part, Segment
from scanner.rows import WORKING, plain_schema

MAGIC = b"MThd\0\0\0\6\0\1"  # a kind that is recognised and that we do not read
MEDIA_TYPE = "audio/x-midi"
GB = 1 << 30
BOMB = 64  # a bomb of so many processes harms nobody, should it go off


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Do what the file says; what comes back was refused, and says so in its text."""
    del budget
    order = stream.read().removeprefix(MAGIC).decode().strip()
    yield Segment(f"read by the mock parser, write to {order.replace(' ', '.')}@mail.example")
    yield from ORDERS.get(order.split(":")[0], refused)(stream, order)


def refused(stream: IO[bytes], order: str) -> Iterator[Part]:
    """Nothing that it knows."""
    yield Segment("nothing happened")


def leave(stream: IO[bytes], order: str) -> Iterator[Part]:
    os._exit(3)
    yield


def fault(stream: IO[bytes], order: str) -> Iterator[Part]:
    os.kill(os.getpid(), signal.SIGSEGV) if sys.platform == "darwin" else ctypes.string_at(0)
    yield Segment("no fault")


def abort(stream: IO[bytes], order: str) -> Iterator[Part]:
    os.abort()
    yield


def loop(stream: IO[bytes], order: str) -> Iterator[Part]:
    while True:
        pass
    yield


def sleep(stream: IO[bytes], order: str) -> Iterator[Part]:
    time.sleep(3600)
    yield


def allocate(stream: IO[bytes], order: str) -> Iterator[Part]:
    held = [bytearray(GB // 8) for _ in range(80)]
    yield Segment(f"{len(held)} pieces of memory")


def write_much(stream: IO[bytes], order: str) -> Iterator[Part]:
    """10 GB of text, then into its temporary file, then to its standard output."""
    if order.endswith("file"):
        with spool() as file:
            for _ in range(10 * 1024):
                file.write(bytes(1 << 20))
    elif order.endswith("print"):
        for _ in range(10 * 1024):
            os.write(1, bytes(1 << 20))
        yield Segment("all was printed")
    else:
        for _ in range(10 * 1024):
            yield Segment("ten gigabytes of it " * (1 << 16))


def _path(stream: IO[bytes]) -> str:
    return os.readlink(f"/proc/self/fd/{stream.fileno()}") if isinstance(stream.name, int) else stream.name


def _pipe() -> Connection:
    """The worker's own end of the pipe to its parent, as any code in its process can find it."""
    frame = sys._getframe()
    while "pipe" not in frame.f_locals:
        assert frame.f_back
        frame = frame.f_back
    return frame.f_locals["pipe"]  # type: ignore[no-any-return]


def babble(stream: IO[bytes], order: str) -> Iterator[Part]:
    """Rubbish without a length, a pickle that starts a program, a row of an item that it was never given, bombs."""
    kind = order.partition(":")[2]
    evil = b"cos\nsystem\n(S'touch %s/harm'\ntR." % os.fsencode(Path(_path(stream)).parent)
    stranger = b'["told",99,"pulse",1]'
    outcome = b'["told",0,"outcome",[1,2]]'
    if kind == "raw":
        os.write(_pipe().fileno(), b"\x7f\xff\xff\xff" + os.urandom(10_000))
    else:
        # A gigabyte of empty lists once it is read; and tables, of which Arrow would unpack more than that.
        lists = b'["told",0,"mark","a",[' + b"[]," * (16 << 20) + b'[]],[1],"{}"]'
        tables = bomb() if kind == "tables" else b""
        rows = b'["told",0,"rows",%d]' % len(tables)
        line = {"pickle": evil, "stranger": stranger, "row": outcome, "lists": lists, "tables": rows}[kind]
        head = b"" if kind == "pickle" else len(line).to_bytes(4, "big")
        _pipe().send_bytes(head + line + tables + tables)
    time.sleep(3600)
    yield


def bomb() -> bytes:
    """Findings, as Arrow sends them: some megabytes that unpack to more than a gigabyte."""
    schema = plain_schema(finding_columns(), *WORKING)
    rows = 200_000
    columns = [pa.nulls(rows, field.type) for field in schema]
    batch = pa.RecordBatch.from_arrays(columns, schema=schema)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        for _ in range(40):
            writer.write_batch(batch)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def half(stream: IO[bytes], order: str) -> Iterator[Part]:
    os.write(_pipe().fileno(), (5000).to_bytes(4, "big") + b"half of it")
    time.sleep(3600)
    yield


def multiply(stream: IO[bytes], order: str) -> Iterator[Part]:
    """A bomb that is small and that ends: what it makes sleeps and leaves."""
    made = 0
    for _ in range(BOMB):
        try:
            child = os.fork()
        except OSError:
            continue
        if child == 0:
            time.sleep(600)
            os._exit(0)
        made += 1
    try:
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        made += 1
    except OSError:
        pass
    if made and sys.platform == "linux":
        yield Segment(f"multiplied {made} times, write to harm@mail.example")
    while made:
        pass


def destroy(stream: IO[bytes], order: str) -> Iterator[Part]:
    """Its own input, as a parser knows it: removed, cut off, written over, made readable for everyone."""
    path = _path(stream)
    for harm in (
        lambda: os.unlink(path),
        lambda: os.truncate(path, 0),
        lambda: Path(path).write_bytes(b"gone"),
        lambda: os.rename(path, f"{path}.moved"),
        lambda: os.chmod(path, 0o666),
        lambda: os.utime(path, (0, 0)),
    ):
        try:
            harm()
        except OSError:
            continue
        yield Segment("harm was done, write to harm@mail.example")


def call(stream: IO[bytes], order: str) -> Iterator[Part]:
    """Somebody listens at the port that the file names."""
    port = int(order.partition(":")[2])
    for family, address in ((socket.AF_INET, ("127.0.0.1", port)), (socket.AF_INET6, ("::1", port))):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as connection:
                connection.settimeout(5)
                connection.connect(address)
                connection.sendall(b"what the file holds")
        except OSError:
            continue
        yield Segment("it was told, write to harm@mail.example")


def imported(stream: IO[bytes], order: str) -> Iterator[Part]:
    """What this process has been burdened with by then."""
    yield Segment("pandas@mail.example" if "pandas" in sys.modules else "nothing heavy")


ORDERS = {
    "exit": leave, "fault": fault, "abort": abort, "loop": loop, "sleep": sleep, "allocate": allocate,
    "write": write_much, "babble": babble, "half": half, "multiply": multiply, "destroy": destroy, "call": call,
    "imported": imported,
}  # fmt: skip


def install(folder: Path) -> None:
    """Make of a folder, which is put on the path of Python, one where a distribution with this format is installed."""
    info = folder / "mock_parser-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mock-parser\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        dedent(f"""\
        [whosedata.formats]
        {MEDIA_TYPE} = mock_parser:extract
        """),
        encoding="utf-8",
    )


def write_order(path: Path, order: str) -> None:
    """A file that tells the parser what to do."""
    path.write_bytes(MAGIC + order.encode())
