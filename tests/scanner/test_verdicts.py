"""Verdicts and what is the organisation's own: what later scans leave out, what they keep, and what they say of it."""

import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from reports.parquet import Report, report_paths
from reports.summary import count, summary
from scanner import scan
from scanner.config import read_config
from scanner.home import HomeError
from scanner.own import Own, make_own
from scanner.plan import PlanError, make_plan, make_roots
from scanner.run import Run, scan_to_files
from scanner.verdicts import (
    ACCEPTED,
    NOT_PERSONAL,
    TEST_DATA,
    UNDONE,
    VERDICTS_FILE,
    Verdict,
    add_verdicts,
    left_out_ids,
    load_verdicts,
)

LETTER = "Dear Ann, my e-mail is ann.lee@mail.example and my NI number is AB 12 34 56 C.\n"


@pytest.fixture
def share(tmp_path: Path) -> Path:
    place = tmp_path / "share"
    (place / "b").mkdir(parents=True)
    for name in ("a.txt", "b/a.txt"):
        (place / name).write_text(LETTER, encoding="utf-8")
    (place / "n.csv").write_text("nino\nAB123456C\nJG103759A\nAB123456C\n", encoding="utf-8")
    return place


def go(share: Path, **options: Any) -> Report:
    return scan(share, home=share.parent / "home", **{"names": "off", **options})


def decide(share: Path, verdict: str, *ids: int) -> None:
    add_verdicts(share.parent / "home", [Verdict(key, "UK_NINO", verdict, "2026-01-01", "why") for key in ids])


def place_of(report: Report) -> dict[int, tuple[str, str, str]]:
    columns = ("finding_id", "item", "entity_type", "location")
    return {row["finding_id"]: tuple(row[name] for name in columns[1:]) for row in report.findings.to_pylist()}


def id_at(report: Report, item: str, location: str = "") -> int:
    [found] = [
        key
        for key, (path, kind, where) in place_of(report).items()
        if (path, kind) == (item, "UK_NINO") and where.startswith(location)
    ]
    return found


@pytest.mark.parametrize(("verdict", "left"), [(NOT_PERSONAL, 1), (TEST_DATA, 1), (ACCEPTED, 0), (UNDONE, 0)])
def test_what_a_verdict_does(share: Path, verdict: str, left: int) -> None:
    before = go(share)
    decide(share, verdict, id_at(before, "n.csv", "row=2"))
    after = go(share)
    assert before.findings.num_rows - after.findings.num_rows == left
    assert after.metadata["left_out"] == str(left)


def test_ids_of_the_others_stay_and_rows_may_be_inserted(share: Path) -> None:
    before = place_of(report := go(share))
    gone = id_at(report, "n.csv", "row=2")  # the first of two equal values: the second stays the second
    decide(share, NOT_PERSONAL, gone)
    assert set(place_of(go(share))) == set(before) - {gone}
    (share / "n.csv").write_text("nino\nCE123456D\nAB123456C\nJG103759A\nAB123456C\n", encoding="utf-8")
    after = set(place_of(go(share)))
    assert gone not in after
    assert set(before) - {gone} < after


@pytest.mark.parametrize(("judged", "other"), [("a.txt", "b/a.txt"), ("b/a.txt", "a.txt")])
def test_each_copy_has_its_own(share: Path, judged: str, other: str) -> None:
    decide(share, NOT_PERSONAL, id_at(go(share), judged))
    report = go(share)
    found = {(item, kind) for item, kind, _ in place_of(report).values()}
    assert (other, "UK_NINO") in found
    assert (judged, "UK_NINO") not in found
    items = {row["item"]: (row["findings"], row["detail"], row["duplicate_of"]) for row in report.items.to_pylist()}
    assert items[judged][:2] == (1, "1 left out by your verdicts")
    assert items[other][:2] == (2, None)
    assert items["b/a.txt"][2] == "a.txt"


def test_match_keys_of_what_nobody_has_go(share: Path) -> None:
    before = go(share)
    for row in ("row=2", "row=3"):  # the second value stands nowhere else, the first also in the letters
        decide(share, NOT_PERSONAL, id_at(before, "n.csv", row))
    after = go(share)
    assert before.keys.num_rows - after.keys.num_rows == 1
    assert set(after.keys["value_id"].to_pylist()) == set(after.findings["value_id"].to_pylist())


def test_processes_give_what_serial_gives(share: Path) -> None:
    before = go(share)
    decide(share, TEST_DATA, id_at(before, "b/a.txt"), id_at(before, "n.csv", "row=4"))
    reports = [go(share, executor=name, jobs=2) for name in ("serial", "processes")]
    for table in ("findings", "keys"):
        first, other = (sorted(map(str, getattr(report, table).to_pylist())) for report in reports)
        assert first == other
    assert {report.metadata["left_out"] for report in reports} == {"2"}


def test_an_interrupted_scan_goes_on_under_other_verdicts(share: Path) -> None:
    unwanted = id_at(go(share), "n.csv", "row=2")
    run = Run(share.parent / "r.parquet", share.parent / "home")
    plan = make_plan(make_roots([share]), {}, names="off")

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan_to_files(plan, run, inspect=stop)
    decide(share, NOT_PERSONAL, unwanted)
    scan_to_files(plan, run)
    table = pq.read_table(run.out)
    assert sorted(table["finding_id"].to_pylist()) == sorted(place_of(go(share)))
    assert unwanted not in table["finding_id"].to_pylist()


def test_the_end_table_counts_what_was_left_out_and_what_is_own(share: Path) -> None:
    decide(share, NOT_PERSONAL, *(id_at(go(share), path) for path in ("a.txt", "b/a.txt")))
    out = share.parent / "r.parquet"
    config = share.parent / "w.toml"
    config.write_text('[own]\ndomains = ["mail.example"]\n', encoding="utf-8")
    go(share, out=out, config=config)
    text = "\n".join(summary(count(report_paths(out)), out, ["next"]))
    assert "2  left out by your verdicts" in text
    assert "1  of them the organisation's own" in text  # that in the copy is not counted
    assert b"mail.example" not in out.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX systems")
def test_the_file_is_private_whatever_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        add_verdicts(tmp_path, [Verdict(-1, "X", ACCEPTED, "d", "w")])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / VERDICTS_FILE).stat().st_mode) == 0o600


def test_lines_are_added_never_changed(tmp_path: Path) -> None:
    for verdict in (NOT_PERSONAL, ACCEPTED, UNDONE, TEST_DATA):
        add_verdicts(tmp_path, [Verdict(7, "X", verdict, verdict, "")])
        last = {} if verdict == UNDONE else {7: verdict}
        assert {key: one.verdict for key, one in load_verdicts(tmp_path).items()} == last
    base = sqlite3.connect(tmp_path / VERDICTS_FILE)
    assert [row for (row,) in base.execute("SELECT verdict FROM verdicts")] == [
        NOT_PERSONAL,
        ACCEPTED,
        UNDONE,
        TEST_DATA,
    ]
    base.close()
    assert left_out_ids(tmp_path) == {7}


def test_all_or_none(tmp_path: Path) -> None:
    good, bad = Verdict(1, "X", ACCEPTED, "d", ""), Verdict(2, "X", ACCEPTED, "d", None)  # type: ignore[arg-type]
    with pytest.raises(HomeError):
        add_verdicts(tmp_path, [good, bad])
    assert load_verdicts(tmp_path) == {}


def test_a_damaged_file_stops_the_scan(share: Path) -> None:
    go(share)
    (share.parent / "home" / VERDICTS_FILE).write_bytes(b"no database at all" * 99)
    with pytest.raises(HomeError, match="backup"):
        go(share)


OWN = {
    "domains": ("@WrenClose.example",), "phones": ("01908 880677",), "names": ("Wren Close  Trust",),
    "addresses": ("10 Wren Close, NN12 6RD",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "own"),
    [
        ("EMAIL_ADDRESS", "info@wrenclose.example", True), ("EMAIL_ADDRESS", "x@mail.wrenclose.example", True),
        ("EMAIL_ADDRESS", "x@notwrenclose.example", False), ("EMAIL_ADDRESS", "wrenclose.example@x.example", False),
        ("PHONE_NUMBER", "+441908880677", True), ("PHONE_NUMBER", "+441908880678", False),
        ("PERSON", "wren close trust", True), ("PERSON", "wren close", False),
        ("ADDRESS", "10 WREN CLOSE NN12 6RD", True), ("ADDRESS", "10 WREN CLOSE TOWCESTER NN12 6RD", True),
        ("ADDRESS", "WREN HOUSE 10 WREN CLOSE NN12 6RD", True), ("ADDRESS", "110 WREN CLOSE NN12 6RD", False),
        ("ADDRESS", "FLAT 3 10 WREN CLOSE NN12 6RD", False), ("ADDRESS", "10 WREN CLOSE NN12 6RE", False),
        ("ADDRESS", "10 WREN CLOSE", False), ("UK_POSTCODE", "NN12 6RD", False),
    ],
)  # fmt: skip
def test_what_is_own(kind: str, value: str, own: bool) -> None:
    assert make_own(OWN).holds(kind, value) is own
    assert not Own().holds(kind, value)


@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_findings_say_that_they_are_own(tmp_path: Path, executor: str) -> None:
    config, file = tmp_path / "w.toml", tmp_path / "a.txt"
    lines = (f"{key} = [{', '.join(map(repr, values))}]" for key, values in OWN.items())
    config.write_text("\n".join(("[own]", *lines)), encoding="utf-8")
    file.write_text("Call (01908) 880677 or 01908 880699.\n10 Wren Close, Towcester NN12 6RD\n\nPostcode: NN12 6RD\n")
    report = scan(file, home=tmp_path / "home", names="off", config=config, executor=executor)
    found = [(row["entity_type"], dict(row["facts"]).get("own")) for row in report.findings.to_pylist()]
    assert sorted(found, key=str) == sorted(
        [
            ("PHONE_NUMBER", "yes"), ("PHONE_NUMBER", None), ("ADDRESS", "yes"), ("UK_POSTCODE", "yes"),
            ("UK_POSTCODE", None),
        ],
        key=str,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('phones = ["hello"]', "hello"), ('phones = "01908 880677"', "list of words"), ('domains = ["x"]', "not a dom"),
        ('addresses = ["Wren"]', "not understood"), ('emails = ["a@b.example"]', "unknown key emails"),
    ],
)  # fmt: skip
def test_wrong_lists(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "w.toml"
    file.write_text(f"[own]\n{line}\n", encoding="utf-8")
    with pytest.raises(PlanError, match=message):
        make_plan(make_roots([tmp_path]), read_config(file))
