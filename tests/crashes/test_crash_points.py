"""Killed or refused at any call that writes or reads, a scan goes on: its report is that of one that nobody disturbed.

A small shim that is compiled here and preloaded counts the calls of one process below one folder, and ends or fails it
at the n-th: so the writes of SQLite and Arrow count as ours do. One warm process is forked for every try.
"""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BUILDERS = Path(__file__).parents[1] / "builders"
WRITES, READS, KILL, SHORT = 1, 2, -1, -2
NO_FAULT = [0, 0, 0, 0]
QUICK = 6  # calls of each kind in a quick run
EVERY = int(os.environ.get("WHOSEDATA_EVERY", "1"))  # a night may take every third call only
REFUSALS = ("ENOSPC", "EIO", "ESTALE", "EACCES")
PASSING = ("EIO", "ESTALE", "ETIMEDOUT")
CONNECTED = "that the drive or share is connected"
# What a row may say of a file that could not be read.
TOLD = {"io_error", "permission", "changed", "special", "damaged"}

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="preloads a library as Linux does"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler"),
]
Trial = tuple[list[tuple[int, str, int]], list[str] | None]


class Driver:
    """The warm process, what an undisturbed run gives, and how many calls there are in one."""

    def __init__(self, pipe: "subprocess.Popen[str]") -> None:
        self._pipe = pipe
        self.tries = 0
        [(code, said, _)], rows = self.trial([NO_FAULT])
        assert (code, rows is not None) == (0, True), said
        self.rows: list[str] = rows or []
        self.writes = self.trial([[WRITES, 0, 0, 0]])[0][0][2]
        self.reads = self.trial([[READS, 0, 0, 0]])[0][0][2]

    def trial(self, faults: list[list[int]]) -> Trial:
        """Runs with these faults one after the other."""
        assert self._pipe.stdin
        assert self._pipe.stdout
        self._pipe.stdin.write(json.dumps(faults) + "\n")
        self._pipe.stdin.flush()
        runs, rows = json.loads(self._pipe.stdout.readline())
        self.tries += 1
        return runs, rows


def make_share(share: Path) -> None:
    """A few files of several kinds, two of them alike."""
    (share / "sub").mkdir(parents=True)
    for number in range(5):
        text = f"write to ann{number}@mail.example, NI number AB 12 34 0{number} C\n" * 40
        (share / f"{number}.txt").write_text(text, encoding="utf-8")
    (share / "copy.txt").write_bytes((share / "1.txt").read_bytes())
    (share / "sub" / "a.csv").write_text("name,email\nann,ann@mail.example\nbob,bob@mail.example\n", encoding="utf-8")
    with zipfile.ZipFile(share / "z.zip", "w") as archive:
        archive.writestr("a.txt", "write to x@mail.example")
        archive.writestr("b.txt", "write to y@mail.example")


@contextmanager
def driver_of(place: Path, program: str) -> Iterator[Driver]:
    shim = place / "faults.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-w", "-o", shim, BUILDERS / "faults.c", "-ldl"], check=True)
    make_share(place / "share")
    command = [sys.executable, str(BUILDERS / "fault_driver.py"), str(place / "share"), str(place), program]
    environment = {**os.environ, "LD_PRELOAD": str(shim)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as pipe:
        try:
            yield Driver(pipe)
        finally:
            pipe.kill()


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    with driver_of(tmp_path_factory.mktemp("faults"), "scan") as made:
        yield made


def all_of(total: int) -> list[int]:
    """All calls from 1 to the last, or every so many of them."""
    return sorted({1, total, *range(1, total + 1, EVERY)})


def some(total: int, wanted: int, seed: int) -> list[int]:
    """So many calls, with the first and the last."""
    return sorted({1, total, *random.Random(seed).sample(range(1, total + 1), wanted - 2)})


def kill_at(driver: Driver, numbers: list[int]) -> None:
    """A kill at each of these calls, and a second one while the scan goes on."""
    chance = random.Random(5)
    for number in numbers:
        again = [WRITES, chance.randint(1, driver.writes), KILL, 0]
        for faults in ([[WRITES, number, KILL, 0]], [[WRITES, number, KILL, 0], again]):
            runs, rows = driver.trial([*faults, NO_FAULT])
            assert runs[0][0] == -9, (number, runs)
            assert (runs[-1][0], rows == driver.rows) == (0, True), (number, faults, runs)


def refuse_at(driver: Driver, name: str, numbers: list[int]) -> None:
    """The system refuses a call that writes: a sentence and a scan that goes on, or no harm at all."""
    for number in numbers:
        fault = [WRITES, number, getattr(errno, name), int(name == "ENOSPC")]
        runs, rows = driver.trial([fault, NO_FAULT])
        code, said, _ = runs[0]
        assert code in {0, 2, 4}, (name, number, runs)
        assert code == 0 or (said.startswith("whosedata: ") and "defect" not in said), (name, number, said)
        assert (runs[-1][0], rows == driver.rows) == (0, True), (name, number, runs)
        if code == 4 and name == "ENOSPC":
            assert "The disk is full" in said, (number, said)


def items_of(rows: list[str]) -> dict[str, str]:
    """Name of each item -> its row."""
    items = [dict(eval(row.removeprefix("items "))) for row in rows if row.startswith("items ")]  # our own repr
    assert len({item["item"] for item in items}) == len(items)
    return {item["item"]: item["status"] + " " + item["reason"] for item in items}


def misread_at(driver: Driver, name: str, numbers: list[int]) -> None:
    """The share refuses a call once: it is asked again where that may help, else a row says so; all else is as ever."""
    whole = items_of(driver.rows)
    for number in numbers:
        runs, rows = driver.trial([[READS, number, SHORT if name == "short" else getattr(errno, name), 0]])
        code, said, _ = runs[0]
        if code == 2:  # the place itself was not there when the scan began
            assert (rows, CONNECTED in said) == (None, True), (name, number, said)
            continue
        assert rows is not None, (name, number, runs)
        if name == "short" or name in PASSING:
            assert (code, rows == driver.rows) == (0, True), (name, number, runs)
            continue
        found = items_of(rows)
        unread = {item for item, told in found.items() if told != whole.get(item)}
        assert {found[item].split()[1] for item in unread} <= TOLD, (name, number, found)
        # Of a folder that cannot be listed the row of the folder stands for what is in it.
        folders = tuple("" if item == "." else f"{item}/" for item in unread if item not in whole)
        members = tuple(f"{item}!/" for item in unread)
        assert all(item in found or item.startswith(folders + members) for item in whole), (name, number, found)
        assert (code, bool(unread)) in {(3, True), (0, False)}, (name, number, runs, unread)


def lose_at(driver: Driver, numbers: list[int]) -> None:
    """From this call on the share refuses all: one sentence and no report; when it is back, the scan goes on."""
    for number in numbers:
        runs, rows = driver.trial([[READS, number, errno.EIO, 1], NO_FAULT])
        code, said, _ = runs[0]
        gone = (code == 4 and "cannot be read any more" in said) or (code == 2 and CONNECTED in said)
        assert gone or (code, number > driver.reads - 4) == (0, True), (number, runs)  # nothing was left to be read
        assert (runs[-1][0], rows == driver.rows) == (0, True), (number, runs)


def test_a_kill_at_some_calls(driver: Driver) -> None:
    assert driver.writes > 60
    kill_at(driver, some(driver.writes, QUICK, 1))


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_at_some_calls(driver: Driver, name: str) -> None:
    refuse_at(driver, name, some(driver.writes, QUICK, 2))


@pytest.mark.parametrize("name", [*PASSING, "EACCES", "short"])
def test_a_share_that_fails_at_some_calls(driver: Driver, name: str) -> None:
    assert driver.reads > 60
    misread_at(driver, name, some(driver.reads, QUICK, 3))


def test_a_share_that_goes_away_at_some_calls(driver: Driver) -> None:
    lose_at(driver, some(driver.reads, QUICK, 4))


@pytest.mark.slow
def test_a_kill_at_every_call(driver: Driver) -> None:
    kill_at(driver, all_of(driver.writes))


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_at_every_call(driver: Driver, name: str) -> None:
    refuse_at(driver, name, all_of(driver.writes))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PASSING, "EACCES", "short"])
def test_a_share_that_fails_at_every_call(driver: Driver, name: str) -> None:
    misread_at(driver, name, all_of(driver.reads))


@pytest.mark.slow
def test_a_share_that_goes_away_at_every_call(driver: Driver) -> None:
    lose_at(driver, all_of(driver.reads))


def test_a_naive_writer_fails_the_same(tmp_path: Path) -> None:
    """Proof that all this can fail: rows appended and a list of what is done lose rows and write some twice."""
    with driver_of(tmp_path, "naive") as naive:
        wrong: list[Any] = []
        for number in range(1, naive.writes + 1):
            _, rows = naive.trial([[WRITES, number, KILL, 0], NO_FAULT])
            if rows != naive.rows:
                wrong.append(number)
        assert wrong
        with pytest.raises(AssertionError):
            kill_at(naive, list(range(1, naive.writes + 1)))
