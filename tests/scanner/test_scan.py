"""Whole scans in one process: one row for each item, copies, members, limits, and what the report may not hold."""

import gzip
import io
import json
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from reports.parquet import Report
from scanner import scan
from scanner.home import HomeError
from scanner.locators import member_path
from scanner.model import Location
from scanner.plan import PlanError

LETTER = "Dear Ann, my e-mail is ann.lee@mail.example and my NI number is AB 12 34 56 C.\n"
Scan = Callable[..., Report]


@pytest.fixture
def run(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    home = tmp_path_factory.mktemp("home")

    def go(*paths: Path, **options: Any) -> Report:
        return scan(list(paths), home=home, **{"names": "off", **options})

    return go


def items(report: Report) -> dict[str, tuple[str, str | None]]:
    rows = report.items.to_pylist()
    found = {row["item"]: (row["status"], row["reason"]) for row in rows}
    assert len(found) == len(rows)
    return found


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def test_one_row_for_each_item_and_member(run: Scan, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LETTER, encoding="utf-8")
    (tmp_path / "empty").touch()
    (tmp_path / "broken.zip").write_bytes(zipped(x__txt=LETTER.encode())[:60])
    inner = zipped(letter__txt=LETTER.encode(), image__bin=b"\x7fELF\x02\x01\x01" + bytes(64))
    (tmp_path / "outer.zip").write_bytes(zipped(inner__zip=inner, other__txt=b"hello"))
    found = items(run(tmp_path))
    assert found["a.txt"] == found["empty"] == ("examined", None)
    assert found["outer.zip!/inner.zip!/letter.txt"] == ("examined", None)
    assert found["outer.zip!/inner.zip!/image.bin"] == ("not_examined", "unsupported")
    assert found["broken.zip"][1] == "damaged"
    assert {path for path in found if not path.startswith("broken")} == {
        "a.txt", "empty", "outer.zip", "outer.zip!/inner.zip", "outer.zip!/inner.zip!/letter.txt",
        "outer.zip!/inner.zip!/image.bin", "outer.zip!/other.txt",
    }  # fmt: skip


def test_findings_know_their_place(run: Scan, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,nino,next_of_kin_email\nAnn,AB123456C,bob@mail.example\n", encoding="utf-8")
    rows = {row["entity_type"]: row for row in run(tmp_path).findings.to_pylist()}
    assert rows["UK_NINO"]["location"] == "row=2;col=2;chars=0-9"
    assert (rows["UK_NINO"]["record"], rows["UK_NINO"]["role"]) == ("row=2", "self")
    assert (rows["EMAIL_ADDRESS"]["record"], rows["EMAIL_ADDRESS"]["role"]) == ("row=2;next_of_kin", "next_of_kin")
    assert rows["UK_NINO"]["evidence"]["label"] == "nino"
    for row in rows.values():
        assert str(Location.parse(row["location"])) == row["location"]


def test_copies_are_reported_at_every_path(run: Scan, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LETTER, encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.txt").write_text(LETTER, encoding="utf-8")
    (tmp_path / "c.zip").write_bytes(zipped(z__txt=LETTER.encode()))
    report = run(tmp_path)
    marks = {row["item"]: row["duplicate_of"] for row in report.items.to_pylist()}
    assert marks == {"a.txt": None, "b/a.txt": "a.txt", "c.zip": None, "c.zip!/z.txt": "a.txt"}
    findings = report.findings.to_pylist()
    assert len(findings) == 6
    assert len({row["finding_id"] for row in findings}) == 6
    assert len({row["value_id"] for row in findings}) == 2


def test_ids_are_stable_when_rows_are_inserted(run: Scan, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("nino\nAB123456C\nJG103759A\n", encoding="utf-8")
    before = set(run(file).findings["finding_id"].to_pylist())
    file.write_text("nino\nCE123456D\nAB123456C\nJG103759A\n", encoding="utf-8")
    after = set(run(file).findings["finding_id"].to_pylist())
    assert len(before) == 2
    assert before < after


def test_no_clear_value_and_no_readable_file_for_others(run: Scan, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "a.txt").write_text(LETTER * 3, encoding="utf-8")
    out = tmp_path / "out" / "report.parquet"
    out.parent.mkdir()
    run(share, out=out)
    files = sorted(out.parent.iterdir())
    assert [file.name for file in files] == ["report.items.parquet", "report.keys.parquet", "report.parquet"]
    for file in files:
        table = pq.read_table(file)
        text = str(table.to_pylist())
        assert "ann.lee" not in text
        assert "123456" not in text
        assert b"ann.lee" not in file.read_bytes()
        if os.name == "posix":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert pc.all(pc.is_null(pq.read_table(out)["value"])).as_py()


def test_clear_values_only_when_asked(run: Scan, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LETTER, encoding="utf-8")
    values = run(tmp_path, values="clear").findings["value"].to_pylist()
    assert sorted(values) == ["AB 12 34 56 C", "ann.lee@mail.example"]


def test_keys_are_sorted_and_meet_across_files(run: Scan, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("write to Ann.Lee@mail.example\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("email\nann.lee@MAIL.example\n", encoding="utf-8")
    report = run(tmp_path)
    keys = report.keys.to_pylist()
    assert [row["key"] for row in keys] == sorted(row["key"] for row in keys)
    assert len(set(report.findings["value_id"].to_pylist())) == 1
    assert [row["kind"] for row in keys].count("email") == 1


def test_another_home_gives_other_ids(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LETTER, encoding="utf-8")
    ids = [
        set(scan(tmp_path / "a.txt", home=tmp_path / name, names="off").findings["value_id"].to_pylist())
        for name in "xyx"
    ]
    assert ids[0] == ids[2]
    assert not ids[0] & ids[1]


def test_a_bomb_costs_its_own_row_only(run: Scan, tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(30 << 20), 9)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in (("1.txt", LETTER.encode()), ("bomb.gz", bomb), ("2.txt", LETTER.encode())):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    (tmp_path / "a.tar").write_bytes(out.getvalue())
    found = items(run(tmp_path))
    assert found["a.tar!/1.txt"] == found["a.tar!/2.txt"] == ("examined", None)
    assert "limit" in {reason for path, (_, reason) in found.items() if "bomb" in path}


def test_nesting_ends(run: Scan, tmp_path: Path) -> None:
    content = LETTER.encode()
    for _ in range(14):
        content = zipped(n__zip=content)
    (tmp_path / "deep.zip").write_bytes(content)
    found = items(run(tmp_path))
    assert ("not_examined", "limit") in found.values()
    assert len(found) == 12


def test_large_files_can_be_left_out(run: Scan, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LETTER, encoding="utf-8")
    assert items(run(tmp_path, max_file_size="10")) == {"a.txt": ("not_examined", "too_large")}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"min_score": 2}, "out of range"), ({"values": "x"}, "masked or clear"),
        ({"names": "x"}, "fast, standard, thorough or off"),
        ({"max_file_size": "12 parsecs"}, "not a size"), ({"entities": ("UK_NIN",)}, "unknown entity type"),
        ({"include": "x"}, "list of words"), ({"out": "x.doc"}, "suffix .parquet"),
        ({"out": "no/where.parquet"}, "does not exist"),
    ],
)  # fmt: skip
def test_wrong_use_says_what_to_do(run: Scan, tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises((PlanError, ValueError), match=message):
        run(tmp_path, **options)


def test_wrong_places(run: Scan, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="does not exist"):
        run(tmp_path / "nowhere")
    for name in ("x", "y"):
        (tmp_path / name / "share").mkdir(parents=True)
    with pytest.raises(PlanError, match="--label"):
        run(tmp_path / "x" / "share", tmp_path / "y" / "share")
    report = run(tmp_path / "x" / "share", tmp_path / "y" / "share", labels=("one", "two"))
    assert report.items.num_rows == 0
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "key").write_text("short", encoding="ascii")
    with pytest.raises(HomeError, match="damaged"):
        scan(tmp_path / "x", home=tmp_path / "home")


def test_entities_and_scores_filter(run: Scan, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LETTER, encoding="utf-8")
    report = run(tmp_path, entities=("UK_NINO",))
    assert report.findings["entity_type"].to_pylist() == ["UK_NINO"]
    assert run(tmp_path, min_score=1.0).findings.num_rows == 0


def test_the_report_is_what_pandas_and_duckdb_open(run: Scan, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is part of the dev extra")
    (tmp_path / "a.txt").write_text(LETTER, encoding="utf-8")
    out = tmp_path / "r.parquet"
    report = run(tmp_path / "a.txt", out=out)
    [(number,)] = duckdb.sql(f"select count(*) from '{out}' where entity_type = 'UK_NINO'").fetchall()
    assert number == 1
    assert len(report.to_pandas()) == report.to_arrow().num_rows == 2
    assert isinstance(report.to_arrow(), pa.Table)
    assert "UK_NINO" in report._repr_html_()
    assert member_path("a.zip", "b") == "a.zip!/b"


def test_a_very_long_cell_is_read_in_windows(run: Scan, tmp_path: Path) -> None:
    rows = [["a@mail.example"], ["word " * 40_000 + "b@mail.example, NI number AB123456C"]]
    (tmp_path / "a.json").write_text(json.dumps([{"notes": row[0]} for row in rows]), encoding="utf-8")
    found = {row["entity_type"]: row for row in run(tmp_path).findings.to_pylist()}
    assert found["UK_NINO"]["record"].endswith("row=2")
    assert "chars=200026-200035" in found["UK_NINO"]["location"]
