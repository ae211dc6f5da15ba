"""Promise 6: only what the person provided under consent or contract goes out, as files that a machine reads back."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subjects.cli import scan_command, whosedata

Run = Callable[..., Result]
MEMBERS = (
    "Name,E-mail,Mobile,Date of birth,Plan,Credit rating,Staff notes,Next of kin\n"
    "Peggy Tolliver,peggy@home.example,07700 900123,12/03/1952,=gold,B2,likes to talk,Ann Fox\n"
    "Ann Fox,ann@fox.example,07700 900555,07/07/1977,silver,A1,rude,Peggy Tolliver\n"
)
MAIL = (
    "From: Peggy Tolliver <peggy@home.example>\nTo: Office <office@wren.example>\nSubject: moving\n"
    "Date: Mon, 6 May 2024 10:00:00 +0100\nMessage-ID: <1@m.example>\n\nI move house in June, tell Ann Fox.\n"
)
GIVEN = ("Name", "E-mail", "Mobile", "Date of birth", "Plan")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portability")
    (folder / "share").mkdir()
    (folder / "share" / "members.csv").write_text(MEMBERS, encoding="utf-8")
    (folder / "share" / "moving.eml").write_text(MAIL, encoding="utf-8")
    words = [str(folder / "share"), "--out", str(folder / "r.parquet"), "--home", str(folder / "home"), "-q"]
    assert CliRunner().invoke(scan_command, words).exit_code == 0
    return folder


@pytest.fixture
def run(place: Path) -> Run:
    return lambda *words: CliRunner().invoke(whosedata, [*words, "--home", str(place / "home")])


@pytest.fixture
def case(run: Run) -> str:
    new = run("case", "new", "--right", "portability", "--name", "Peggy Tolliver", "--email", "peggy@home.example")
    number = new.output.split()[1].rstrip(",")
    run("case", "event", number, "identity-confirmed", "--say", "method=known")
    return number


def rows_of(sheet: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))))


def decided(sheet: Path, decide: Callable[[dict[str, str]], Mapping[str, str]]) -> Path:
    rows = [row | decide(row) for row in rows_of(sheet)]
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return sheet


def as_policy(row: dict[str, str]) -> Mapping[str, str]:
    if row["column"] in GIVEN or row["item"].endswith("moving.eml"):
        return {"decision": "include", "basis": "contract", "provided_by": "subject"}
    return {"decision": "exclude", "why": "written or worked out by staff"}


def test_only_what_was_provided_goes_out_and_reads_back(run: Run, place: Path, case: str, tmp_path: Path) -> None:
    sheet, out, report = tmp_path / "sheet.csv", tmp_path / "export", str(place / "r.parquet")
    assert run("portability", case, report, "--review", str(sheet)).exit_code == 0
    assert {row["column"] for row in rows_of(sheet)} >= {*GIVEN, "Credit rating", "Staff notes", "Next of kin"}
    assert {row["decision"] for row in rows_of(sheet)} == {""}, "nobody decides but a person"
    result = run("portability", case, report, "--decisions", str(decided(sheet, as_policy)), "--out", str(out))
    assert result.exit_code == 0, result.output
    data = json.loads((out / "data.json").read_text("utf-8"))
    table = next(one for one in data["tables"] if "e_mail" in one["rows"][0])
    assert table["rows"] == [
        {"name": "Peggy Tolliver", "e_mail": "peggy@home.example", "mobile": "+447700900123",
         "date_of_birth": "1952-03-12", "plan": "=gold"},
    ]  # fmt: skip
    everything = b"".join(file.read_bytes() for file in out.rglob("*") if file.is_file())
    assert [word for word in (b"Ann", b"fox.example", b"B2", b"likes to talk", b"900555") if word in everything] == []
    assert b"I move house in June" in everything
    left = (out / "left-out.csv").read_text("utf-8")
    assert "Credit rating,written or worked out by staff" in left
    # Back again: CSV, JSON and schema tell the same; no cell is a formula.
    [row] = csv.DictReader(io.StringIO((out / f"{table['name']}.csv").read_text("utf-8")))
    assert {key: value.lstrip("'") for key, value in row.items()} == table["rows"][0]
    assert row["plan"] == "'=gold"
    schema = json.loads((out / "schema.json").read_text("utf-8"))
    places = schema["properties"]["tables"]["prefixItems"]
    for one, rule in zip(data["tables"], places, strict=True):
        allowed = rule["properties"]["rows"]["items"]["properties"]
        assert all(set(row) <= set(allowed) for row in one["rows"])
        assert rule["properties"]["name"]["const"] == one["name"]
    assert "README.txt" in (out / "manifest.csv").read_text("utf-8")
    assert "data that you gave us" in (out / "README.txt").read_text("utf-8")
    told = json.loads(next(line for line in run("cases", "--format", "json").output.splitlines() if case in line))
    assert told["missing"] == ["sent"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"decision": ""}, "nothing is decided"),
        ({"decision": "include", "basis": "legitimate interests", "provided_by": "subject"}, "consent or contract"),
        ({"decision": "include", "basis": "contract", "provided_by": "staff"}, "not portable"),
        ({"decision": "exclude", "key": "0" * 12}, "of another search"),
    ],
)
def test_other_grounds_and_what_staff_wrote_are_not_portable(
    run: Run, place: Path, case: str, tmp_path: Path, change: dict[str, str], said: str
) -> None:
    sheet, report = tmp_path / "sheet.csv", str(place / "r.parquet")
    run("portability", case, report, "--review", str(sheet))
    path = decided(sheet, lambda row: as_policy(row) | (change if row["column"] == "Name" else {}))
    result = run("portability", case, report, "--decisions", str(path), "--out", str(tmp_path / "no"))
    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert not (tmp_path / "no").exists()


def test_whosedata_toml_may_say_who_provided_a_column(run: Run, place: Path, case: str, tmp_path: Path) -> None:
    config = tmp_path / "whosedata.toml"
    config.write_text('[[portable]]\nitem = "members.csv"\ncolumns = ["E-mail"]\nbasis = "consent"\n', "utf-8")
    sheet = tmp_path / "sheet.csv"
    result = run("portability", case, str(place / "r.parquet"), "--review", str(sheet), "--config", str(config))
    assert result.exit_code == 0, result.output
    told = {row["column"]: (row["decision"], row["basis"]) for row in rows_of(sheet) if row["item"].endswith(".csv")}
    assert told["E-mail"] == ("include", "consent")
    assert told["Name"] == ("exclude", "")
    config.write_text('[[portable]]\nitem = "members.csv"\nbasis = "because"\n', "utf-8")
    assert run("portability", case, str(place / "r.parquet"), "--review", str(sheet), "--config", str(config)).exit_code == 2  # fmt: skip  # noqa: E501


def test_a_case_for_another_right_is_refused(run: Run, place: Path, tmp_path: Path) -> None:
    new = run("case", "new", "--right", "access", "--name", "Peggy Tolliver", "--email", "peggy@home.example")
    case = new.output.split()[1].rstrip(",")
    result = run("portability", case, str(place / "r.parquet"), "--review", str(tmp_path / "s.csv"))
    assert (result.exit_code, "this command is for portability" in result.output) == (2, True)
