"""A big file in slices: the same rows as in one go, by any number of workers, after a kill, and in spite of poison."""

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import pytest

from reports.parquet import Report, read_report
from scanner.formats import formats, load_format, load_resume
from scanner.limits import Budget, Limits
from scanner.model import Child, Cut, Part
from scanner.plan import make_plan, make_roots
from scanner.run import Run, scan_to_files
from scanner.scanning import Nobody
from scanner.slices import find_cuts

STREETS = ("High Street", "Station Road", "Mill Lane")


PAD = "-" * 60 + " " + "=" * 60  # bytes that cost a detector little


def table(rows: int) -> bytes:
    """Quoted line breaks, repeated and distinct values, ragged rows, some broken quotes, a column of ten digits."""
    draw = random.Random(5)
    out = io.StringIO()
    out.write("id,first_name,surname,email,phone,notes,code,created,pad\n")
    for number in range(rows):
        notes = f'"said ""call {number % 7}"",\nrang pat{number % 50}@widgets.example\r\nfrom {draw.choice(STREETS)}"'
        if number % 1999 == 77:
            notes = f'"left open {number % 5}" here'
        mail = f"a{number if number % 9 == 0 else number % 300}@shop.example"
        cells = [number, "Anna", f"Smith{number % 40}", mail, f"020 7946 0{number % 1000:03d}", notes]
        cells += [draw.randrange(10**9, 10**10) if number % 20 == 0 else 7, "2024-01-01", PAD * 5]
        out.write(",".join(map(str, cells)) + (",more than is due\n" if number % 1000 == 3 else "\n"))
    return out.getvalue().encode("cp1252")


def lines(count: int) -> bytes:
    """Nested records, lists, and a line that is broken now and then."""
    made = []
    for number in range(count):
        record = {
            "name": f"Anna Smith{number % 50}",
            "mail": {"home": f"a{number % 400}@shop.example", "work": "office@shop.example"},
            "tags": ["one", f"two{number % 3}"][: 1 + number % 2],
            "orders": [{"sku": f"s{n}", "to": f"b{number % 20}.{n}@widgets.example", "x": "y", "z": 1} for n in (1, 2)],
            "pad": PAD * 7,
        }
        if number % 900 == 5:
            record[f"late{number // 900}"] = "020 7946 0123"
        text = json.dumps(record)
        made.append(text[:-1] if number % 1001 == 8 else text)
    return "\n".join(made).encode()


def log(count: int) -> bytes:
    """Lines of different lengths, of which some are no UTF-8, and numbers that may be accidents."""
    draw = random.Random(6)
    made = []
    for number in range(count):
        words = (
            f"caf\u00e9 pat{number % 90}@widgets.example {draw.randrange(10**9, 10**10)} 020 7946 0{number % 999:03d}"
        )
        made.append(f"{number} {words} {PAD * draw.randrange(1, 40)}")
    data = "\n".join(made).encode()
    middle = len(data) // 2
    return data[:middle] + "\ncaf\u00e9 ol\u00e9, jos\u00e9@widgets.example\n".encode("latin-1") + data[middle:]


def mailbox(count: int) -> bytes:
    """Mails, some of which come again, with sentences that begin with From, and senders that no header repeats."""
    out = io.BytesIO()
    for number in range(count):
        same = number if number % 3 else 0
        out.write(b"From box%d@shop.example Mon Jan  1 10:00:00 2024\n" % (number % 20))
        out.write(b"From: a%d@shop.example\nTo: pat@widgets.example\nSubject: order %d\n" % (same % 99, same))
        out.write(b"Date: Mon, 1 Jan 2024 10:00:00 +0000\n\nDear Pat,\n\nFrom now on call 020 7946 0%03d.\n" % same)
        out.write(PAD.encode() * 150 + b"\n\n")
    return out.getvalue()


SAMPLES = {
    "people.csv": ("text/csv", lambda: table(5_000)),
    "people.jsonl": ("application/x-ndjson", lambda: lines(3_300)),
    "server.log": ("text/plain", lambda: log(1_500)),
    "all.mbox": ("application/mbox", lambda: mailbox(200)),
    "wide.csv": ("text/csv", lambda: table(3_000).decode("cp1252").encode("utf-16")),
}
SIZE = 1_400_000  # bytes of a slice here
BIG = {"limits": {"slice_size": 0}}
SLICED = {"limits": {"slice_size": SIZE}}


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    for name, (_, make) in SAMPLES.items():
        (folder / name).write_bytes(make())
    (folder / "copy of people.csv").write_bytes((folder / "people.csv").read_bytes())
    return folder


def tables(report: Report) -> list[list[str]]:
    """The three tables, without what may differ between two runs."""
    return [
        sorted(map(str, table.drop_columns([n for n in ("cpu_seconds",) if n in table.column_names]).to_pylist()))
        for table in (report.findings, report.items, report.keys)
    ]


def run(share: Path, out: Path, config: dict[str, object], executor: str = "serial", jobs: int = 1) -> Report:
    plan = make_plan(make_roots([share]), config, names="off")
    paths = scan_to_files(plan, Run(out, out.parent / "home", executor, jobs, fresh=True))
    return read_report(paths.findings)


@pytest.fixture(scope="module")
def whole(share: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[list[str]]]:
    """The report of the share read in one go, and the folder with the home that all others use."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, tables(run(share, folder / "report.parquet", BIG))


def parts(name: str, data: bytes) -> Iterator[Part]:
    return load_format(formats()[SAMPLES[name][0]])(io.BytesIO(data), Budget(Limits(), len(data)))


def told(found: Iterator[Part]) -> list[object]:
    """What can be compared: of a member its bytes."""
    return [part.open().read() if isinstance(part, Child) else part for part in found]


@pytest.mark.parametrize("name", SAMPLES)
def test_behind_every_cut_comes_what_comes_in_one_go(name: str) -> None:
    media_type, make = SAMPLES[name]
    data = make()
    begin = load_resume(formats()[media_type])
    places = [(at, part) for at, part in enumerate(parts(name, data)) if isinstance(part, Cut)]
    assert places
    assert all(one.at < other.at for (_, one), (_, other) in pairwise(places))
    everything = told(parts(name, data))
    for at, cut in places:
        place = tuple(json.loads(json.dumps(cut.place)))  # as a journal keeps it
        assert told(begin(io.BytesIO(data), Budget(Limits(), len(data)), place)) == everything[at + 1 :]


def test_slices_depend_on_the_file_alone() -> None:
    data = SAMPLES["people.csv"][1]()
    cuts = list(find_cuts(parts("people.csv", data), SIZE))
    assert cuts == list(find_cuts(parts("people.csv", data), SIZE))
    assert 2 <= len(cuts) < len([part for part in parts("people.csv", data) if isinstance(part, Cut)])


@pytest.mark.parametrize(("executor", "jobs"), [("serial", 1), ("processes", 1), ("processes", 2), ("processes", 3)])
def test_sliced_and_whole_give_equal_tables(
    share: Path, whole: tuple[Path, list[list[str]]], executor: str, jobs: int
) -> None:
    folder, expected = whole
    assert any("duplicate_of': 'people.csv'" in row or "duplicate_of': 'copy" in row for row in expected[1])
    assert any("!/" in row and "~2'" in row for row in expected[1])
    assert len(expected[0]) > 10_000
    mine = tables(run(share, folder / f"{executor}{jobs}.parquet", SLICED, executor, jobs))
    assert [sorted(set(own) ^ set(other))[:2] for own, other in zip(mine, expected, strict=True)] == [[], [], []]
    assert mine == expected


TRAP = dedent(
    """
    import os
    from presidio_analyzer import EntityRecognizer

    class Trap(EntityRecognizer):
        def __init__(self):
            super().__init__(supported_entities=["TRAP"])

        def load(self):
            pass

        def analyze(self, text, entities, nlp_artifacts=None):
            if "poisonous" in text:
                os._exit(7)
            return []
    """
)


def test_a_poison_row_costs_its_slice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules, place = tmp_path / "modules", tmp_path / "share"
    modules.mkdir()
    place.mkdir()
    (modules / "slice_trap.py").write_text(TRAP, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(modules))
    monkeypatch.syspath_prepend(str(modules))
    rows = [f"{number},a{number % 20}@shop.example,{PAD}" for number in range(25_000)]
    rows[12_000] = f"12000,poisonous,{PAD}"
    (place / "people.csv").write_text("id,email,pad\n" + "\n".join(rows), encoding="utf-8")
    config = {"limits": {"slice_size": SIZE // 2}, "detectors": {"presidio": ["slice_trap:Trap"]}}
    report = run(place, tmp_path / "report.parquet", config, "processes", 2)
    (item,) = report.items.to_pylist()
    assert (item["status"], item["reason"]) == ("partial", "poison")
    found = [int(row["location"].split(";")[0].removeprefix("row=")) for row in report.findings.to_pylist()]
    assert item["findings"] == len(found)
    assert 10_000 < len(found) < 25_000
    assert {2, 25_001} <= set(found)
    assert 12_002 not in found
    assert len(set(report.findings["finding_id"].to_pylist())) == len(found)


def test_a_file_that_changes_between_its_slices_says_so(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    file = tmp_path / "share" / "people.csv"
    file.write_bytes(table(5_000))
    plan = make_plan(make_roots([tmp_path / "share"]), SLICED, names="off")

    times: list[int] = []

    class Toucher(Nobody):
        def finished(self, items: int, size: int) -> None:
            times.append(len(times) + 1)
            os.utime(file, ns=(times[-1], times[-1]))

    paths = scan_to_files(plan, Run(tmp_path / "report.parquet", tmp_path / "home"), Toucher())
    (item,) = read_report(paths.findings).items.to_pylist()
    assert (item["status"], item["reason"]) == ("partial", "changed")


@pytest.mark.skipif(os.name != "posix", reason="kills whole process groups")
@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_killed_between_slices_it_goes_on_to_the_same_report(tmp_path: Path, executor: str) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "people.csv").write_bytes(table(5_000))
    expected = tables(run(tmp_path / "share", tmp_path / "whole.parquet", BIG))
    out = tmp_path / "report.parquet"
    config = tmp_path / "whosedata.toml"
    config.write_text(f"[limits]\nslice_size = {SIZE}\n", encoding="utf-8")
    command = [str(Path(sys.executable).parent / "scan"), str(tmp_path / "share"), "--out", str(out), "--engine"]
    command += [executor, "--jobs", "2", "--names", "off", "--home", str(tmp_path / "home"), "--config", str(config)]
    stopped = 0
    for _ in range(20):
        process = subprocess.Popen([*command, "--quiet"], start_new_session=True, stderr=subprocess.DEVNULL)
        before = _parts_of(out)
        while process.poll() is None and _parts_of(out) <= before:
            time.sleep(0.01)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            stopped += 1
        process.wait()
        if out.exists():
            break
    assert stopped >= 2
    assert tables(read_report(out)) == expected


def _parts_of(out: Path) -> int:
    return len(list(out.with_name(f"{out.name}.journal").glob("*.findings.arrow")))
