"""What a worker may tell comes through its pipe unchanged; whatever else comes is noticed."""

import os
import random
import struct
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from mock_parser import bomb

from detectors.types import Evidence, Span
from reports.schema import key_columns
from scanner.executors.tables import put, take
from scanner.executors.wire import LONGEST_LINE, Answer, GarbledError, Ready, pack, unpack
from scanner.executors.worker import PULSE_SECONDS, Telling
from scanner.messages import Begun, Mark, Message, Outcome, Pulse, Rows, Surveyed
from scanner.model import Reason, Status
from scanner.rows import FindingRows, plain_schema
from scanner.slices import Survey

KB = 1024
# In a process of its own: the tests before this one may have had far more.
MEASURED = r"""
import re, sys
from pathlib import Path
from scanner.executors.wire import GarbledError, unpack

def most():
    return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1])

raw = Path(sys.argv[1]).read_bytes()
before = most()
try:
    unpack(raw)
except GarbledError:
    print(most() - before)
"""
OUTCOME = Outcome(
    "a.zip!/b \\ud800.txt", "root", Status.PARTIAL, Reason.LIMIT, "too much", size=10, modified=1.5, content_date=-3.0,
    expected=None, emitted=4, losses=((Reason.LIMIT, "too much"), (Reason.DAMAGED, "é")), read_something=True,
)  # fmt: skip


def rows(findings: int = 0) -> Rows:
    """So many findings, with and without what a finding may lack, cut out of a longer table."""
    found = FindingRows(top=3)
    for number in range(findings + 2):
        odd = bool(number % 2)
        evidence = Evidence(pattern="é" * number, column_valid=number)
        span = Span("PERSON", 0, 4, 0.5, "names", "a name", f"Ann {number}", evidence, (("sex", "f"),) * (number % 3))
        found.add(
            span, finding_id=number, item="a.txt", root="r", media_type="text/plain", location="line=1",
            record=None if odd else "row 1", role="self" if odd else None, value_id=-number, quoted=odd, thread=None,
            language="en", preview="A••", value=f"Ann {number}", nth=number,
        )  # fmt: skip
    keys = plain_schema(key_columns())
    whole, _ = found.take()
    return Rows(
        whole.slice(1, findings),
        pa.table([pa.array([1, 2]), pa.array(["phone", "name"]), pa.array([3, 4])], schema=keys),
    )


ANSWERS: list[Answer] = [
    "it cannot work", Ready(7, "full"), (3, None), (3, Begun("a")), (3, Pulse(9)), (3, OUTCOME), (3, rows()),
    (3, rows(9)),
    (3, Mark("a", (1, "x"), (2, 3), "{}")), (3, Surveyed(Survey(((1,), ("b", 2)), "text/csv", "cv", (5, 6)))),
]  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_it_comes_out_as_it_went_in(answer: Answer) -> None:
    assert unpack(pack(answer)) == answer


def test_a_lone_surrogate_costs_its_own_character_only() -> None:
    assert unpack(pack((1, Begun("a\ud800b")))) == (1, Begun("a?b"))


@pytest.mark.parametrize(
    "line",
    [
        b"[]", b"{}", b"7", b'["told"]', b'["told","x","end"]', b'["told",true,"end"]', b'["told",1,"nothing"]',
        b'["told",1,"begun",7]', b'["told",1,"begun","\\ud800"]', b'["told",1,"pulse",1e3]', b'["ready","7",""]',
        b'["told",1,"pulse",99999999999999999999]', b'["told",1,"mark","a",[[]],[1],"{}"]', b"\xff\xfe", b"[" * 100_000,
        b'["told",1,"surveyed","[]"]', b'["told",1,"rows",0]', b'["told",1,"rows",-5]', b'["told",1,"outcome",[1,2]]',
    ],
)  # fmt: skip
def test_nonsense_is_noticed(line: bytes) -> None:
    with pytest.raises(GarbledError):
        unpack(len(line).to_bytes(4, "big") + line)


@pytest.mark.parametrize(
    "change", [{"findings": "7"}, {"size": 2**70}, {"modified": 1e300}, {"path": 5}, {"losses": ((1, 2),)}]
)
def test_no_outcome_has_such_a_field(change: dict[str, object]) -> None:
    with pytest.raises(GarbledError):
        unpack(pack((1, replace(OUTCOME, **change))))  # type: ignore[arg-type]


def bombs() -> dict[str, bytes]:
    """Each of the length that its message may have, and of many times that once it is read."""
    line = b'["told",1,"mark","a",[' + b"[]," * (LONGEST_LINE // 3) + b'[]],[1],"{}"]'
    stream = bomb()
    rows = b'["told",1,"rows",%d]' % len(stream)
    return {
        "lists": len(line).to_bytes(4, "big") + line,
        "a table that Arrow unpacks": len(rows).to_bytes(4, "big") + rows + stream + stream,
    }


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.parametrize("name", list(bombs()))
def test_a_bomb_takes_no_memory(name: str, tmp_path: Path) -> None:
    (tmp_path / "message").write_bytes(bombs()[name])
    command = [sys.executable, "-c", MEASURED, tmp_path / "message"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert int(told.stdout) < 64 * KB


def layouts() -> dict[str, tuple[list[int], list[int]]]:
    """Of a table of keys: what no table has."""
    (lengths, sizes), _ = put(rows().keys)
    return {
        "more rows than bytes": ([10**15, *lengths[1:]], sizes),
        "fewer than none": ([-1, *lengths[1:]], sizes),
        "columns of other lengths": ([1, *lengths[1:]], sizes),
        "a column too many": ([*lengths, 0], [*sizes, -1, -1]),
        "a column too few": (lengths[:-1], sizes[:-2]),
        "bytes that did not come": (lengths, [*sizes[:-1], 10**12]),
        "bytes of no size": (lengths, [*sizes[:-1], -9]),
        "no bytes at all": (lengths, [-1] * len(sizes)),
        "nothing": ([], []),
    }


@pytest.mark.parametrize("name", list(layouts()))
def test_a_table_that_is_not_what_came(name: str) -> None:
    _, raw = put(rows().keys)
    with pytest.raises((ValueError, IndexError, StopIteration)):
        take(layouts()[name], memoryview(raw), plain_schema(key_columns()))


class _Pipe:
    """What is written into it, in pieces as they were written."""

    def __init__(self) -> None:
        self._out, self._into = os.pipe()

    def fileno(self) -> int:
        return self._into

    def written(self) -> list[Answer]:
        """All of it since the last look."""
        os.set_blocking(self._out, False)
        try:
            raw = os.read(self._out, 1 << 20)
        except BlockingIOError:
            return []
        answers = []
        while raw:
            (size,) = struct.unpack_from("!i", raw)
            answers.append(unpack(raw[4 : 4 + size]))
            raw = raw[4 + size :]
        return answers


@pytest.mark.skipif(os.name == "nt", reason="its pipes keep messages apart")
def test_nothing_is_kept_back_while_a_file_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.executors.worker.MOST_WAITING", 16 * KB)
    pipe = _Pipe()
    telling = Telling(pipe)  # type: ignore[arg-type]
    told: list[tuple[tuple[int, Message | None], list[Answer]]] = [
        ((1, Begun("a")), [(1, Begun("a"))]),
        ((1, Pulse(5)), []),  # something else has just said that there is progress
        ((1, rows(1)), []),
        ((1, OUTCOME), []),
        ((1, None), []),
        ((2, Begun("b")), [(1, rows(1)), (1, OUTCOME), (1, None), (2, Begun("b"))]),
        ((2, OUTCOME), []),
        ((2, Begun("b!/c")), [(2, OUTCOME), (2, Begun("b!/c"))]),
        ((2, Mark("b", (1,), (2,), "{}")), [(2, Mark("b", (1,), (2,), "{}"))]),
    ]
    for answer, expected in told:
        telling.tell(answer)
        assert pipe.written() == expected, answer
    time.sleep(PULSE_SECONDS)
    telling.tell((2, Pulse(7)))
    assert pipe.written() == [(2, Pulse(7))]
    assert len(pack((2, rows(60)))) > 16 * KB
    telling.tell((2, rows(60)))
    assert pipe.written() == [(2, rows(60))]  # too many to be kept
    telling.tell((2, None))
    telling.send()
    assert pipe.written() == [(2, None)]


def test_tables_of_other_columns_are_noticed() -> None:
    with pytest.raises(GarbledError):
        unpack(pack((1, Rows(rows().keys, rows().keys))))


def test_five_thousand_damaged_messages_raise_nothing_else() -> None:
    chance = random.Random(9)
    for _ in range(5000):
        raw = bytearray(pack(chance.choice(ANSWERS)))
        for _ in range(chance.randint(1, 4)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        try:
            unpack(bytes(raw[: chance.randint(0, len(raw))] if chance.random() < 0.2 else raw))
        except GarbledError:
            continue
