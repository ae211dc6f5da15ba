"""What a worker may tell comes through its pipe unchanged; whatever else comes is noticed."""

import random
from dataclasses import replace

import pyarrow as pa
import pytest

from reports.schema import finding_columns, key_columns
from scanner.executors.wire import Answer, GarbledError, Ready, pack, unpack
from scanner.messages import Begun, Mark, Outcome, Pulse, Rows, Surveyed
from scanner.model import Reason, Status
from scanner.rows import WORKING, plain_schema
from scanner.slices import Survey

OUTCOME = Outcome(
    "a.zip!/b \\ud800.txt", "root", Status.PARTIAL, Reason.LIMIT, "too much", size=10, modified=1.5, content_date=-3.0,
    expected=None, emitted=4, losses=((Reason.LIMIT, "too much"), (Reason.DAMAGED, "é")), read_something=True,
)  # fmt: skip


def rows() -> Rows:
    findings = plain_schema(finding_columns(), *WORKING).empty_table()
    keys = plain_schema(key_columns())
    return Rows(findings, pa.table([pa.array([1, 2]), pa.array(["phone", "name"]), pa.array([3, 4])], schema=keys))


ANSWERS: list[Answer] = [
    "it cannot work", Ready(7, "full"), (3, None), (3, Begun("a")), (3, Pulse(9)), (3, OUTCOME), (3, rows()),
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
