"""Outlook mailboxes: every item is given and counted, as another reader counts them; cut off or locked is said so."""

import io
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from detectors.registry import load_detectors
from scanner import scan
from scanner.formats.outlook import msg, pst
from scanner.home import load_key
from scanner.limits import Budget, Limits
from scanner.messages import Begun, Mark, Retry
from scanner.messages import Outcome as ItemOutcome
from scanner.model import Child, Item, Lost, Part, Reason, Segment, Skip, Tally
from scanner.parts import PartWriter, resume_from
from scanner.pipeline import DAMAGE, ItemScanner
from scanner.plan import make_plan, make_roots

SHARED = Path(__file__).parents[3] / "shared" / "data"
MAILBOXES = sorted([*SHARED.rglob("*.pst"), *SHARED.rglob("*.ost")]) if SHARED.exists() else []
MAILBOXES = [file for file in MAILBOXES if file.stat().st_size]
needs_files = pytest.mark.skipif(not MAILBOXES, reason="the collection of real files is not here")
needs_readpst = pytest.mark.skipif(shutil.which("readpst") is None, reason="readpst (pst-utils) is not installed")


def parts_of(data: bytes) -> list[Part]:
    return list(pst.extract(io.BytesIO(data), Budget(Limits(), len(data))))


@needs_files
@pytest.mark.parametrize("file", MAILBOXES, ids=lambda file: file.name)
def test_every_item_is_given(file: Path) -> None:
    found = parts_of(file.read_bytes())
    children = [part for part in found if isinstance(part, Child)]
    tally = found[-1]
    assert isinstance(tally, Tally)
    assert tally.expected == tally.emitted == len(children) > 0
    assert not [part for part in found if isinstance(part, Lost)]
    assert len({child.name for child in children}) == len(children)


@needs_files
@needs_readpst
@pytest.mark.parametrize("file", MAILBOXES, ids=lambda file: file.name)
def test_as_many_items_as_readpst_finds(file: Path, tmp_path: Path) -> None:
    """It counts what it wrote and what it skipped, in the folders that Outlook shows."""
    command = ["readpst", "-D", "-S", "-o", str(tmp_path), str(file)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    theirs = {
        name: int(done) + int(skipped)
        for name, done, skipped in re.findall(r'"(.*?)" - (\d+) items done, (\d+) items skipped', told)
    }
    ours: dict[str, int] = {}
    for part in parts_of(file.read_bytes()):
        if isinstance(part, Child) and part.name.startswith("Top of"):
            folder = part.name.split("/")[-2]
            ours[folder] = ours.get(folder, 0) + 1
    assert ours
    assert {name: theirs.get(name) for name in ours} == ours


@needs_files
def test_items_are_read_with_their_people_and_dates(tmp_path: Path) -> None:
    file = next(file for file in MAILBOXES if file.name == "testPST_variousBodyTypes.pst")
    report = scan(file, home=tmp_path / "home", names="off", values="clear")
    items = {row["item"]: row for row in report.items.to_pylist()}
    top = items[file.name]
    assert (top["status"], top["expected"], top["emitted"]) == ("examined", 4, 4)
    inner = [row for row in items.values() if row["parent"]]
    assert len(inner) == 4
    assert all(row["media_type"] == "application/vnd.ms-outlook" and row["content_date"] for row in inner)
    found = {(row["value"], row["role"]) for row in report.findings.to_pylist()}
    assert ("tallison@mitre.org", "from") in found
    threads = {row["thread"] for row in report.findings.to_pylist() if row["location"].startswith("header=")}
    assert len(threads) == 1  # one conversation
    assert any(row["quoted"] for row in report.findings.to_pylist())


@needs_files
@pytest.mark.parametrize("file", MAILBOXES, ids=lambda file: file.name)
def test_damaged_mailboxes_end_as_values(file: Path) -> None:
    data = file.read_bytes()
    chance = random.Random(11)
    for _ in range(60):
        mutant = bytearray(data)
        for _ in range(chance.choice((1, 4, 40))):
            at = chance.randrange(len(mutant))
            mutant[at : at + 4] = bytes(chance.randrange(256) for _ in range(4))
        cut = bytes(mutant[: chance.choice((len(mutant), chance.randrange(len(mutant))))])
        try:
            for part in pst.extract(io.BytesIO(cut), Budget(Limits(), len(cut))):
                if isinstance(part, Child):
                    with part.open() as stream:
                        copy = io.BytesIO(stream.read())
                    for inner in msg.extract(copy, Budget(Limits(), len(cut))):
                        assert not isinstance(inner, Segment) or inner.text.encode() is not None
        except (Skip, *DAMAGE):
            pass


@needs_files
def test_a_mailbox_without_its_end_is_damaged_and_a_locked_one_encrypted() -> None:
    data = MAILBOXES[0].read_bytes()
    for broken, reason in ((data[:5000], Reason.DAMAGED), (data[:513] + b"\x10" + data[514:], Reason.ENCRYPTED)):
        with pytest.raises(Skip) as raised:
            parts_of(broken)
        assert raised.value.reason is reason


@needs_files
@pytest.mark.parametrize("file", MAILBOXES, ids=lambda file: file.name)
def test_it_goes_on_behind_a_mark(file: Path, tmp_path: Path) -> None:
    plan = make_plan(make_roots([file]), {"limits": {"mark_seconds": 0}}, names="off")
    scanner = ItemScanner(plan, load_key(tmp_path / "home"), load_detectors(plan.detectors))
    stat = file.stat()
    item = Item(file.name, "r", str(file).encode(), stat.st_size, stat.st_mtime_ns)
    messages = list(scanner.scan(0, item))
    marks = [message for message in messages if isinstance(message, Mark)]
    assert len(marks) >= 3
    mark = marks[len(marks) // 2]
    at = messages.index(mark)
    writer = PartWriter(tmp_path, "s", 0)
    for message in messages[:at]:
        if isinstance(message, ItemOutcome):
            writer.outcome(0, message)
    writer.commit()
    rest = list(scanner.scan(0, item, Retry(resume=resume_from(tmp_path, "s", 1, "r", mark))))
    for kind in (Begun, ItemOutcome):
        told = [message.path for message in rest if isinstance(message, kind)]  # type: ignore[attr-defined]
        expected = [message.path for message in messages[at:] if isinstance(message, kind)]  # type: ignore[attr-defined]
        assert told == ([file.name, *expected] if kind is Begun else expected)
    assert rest[-1].emitted == messages[-1].emitted  # type: ignore[union-attr]
