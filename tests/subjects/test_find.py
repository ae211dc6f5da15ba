"""One person found in a share: tiers, reasons, other people kept apart, and clear errors for the wrong home."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reports.parquet import open_report
from scanner.home import load_key
from scanner.keys import Keyring
from subjects.cli import scan_command, whosedata
from subjects.finding.answers import as_table
from subjects.finding.find import find
from subjects.finding.seeds import make_seed

STAFF = """name,date of birth,email,phone,next of kin name,next of kin phone
Margaret Tolliver,12/03/1952,peggy.tolliver@wren.example,01632 960057,Colin Tolliver,01632 960058
Colin Tolliver,05/06/1950,colin@wren.example,01632 960058,Margaret Tolliver,01632 960057
Zadie Quill,01/02/1980,zadie.quill@wren.example,01632 960001,Tom Reed,01632 960002
"""
LETTER = """Dear Mrs Tolliver,

Thank you for your gift. We have noted that peggy.tolliver@wren.example is your address.

Yours sincerely
Zadie Quill
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("find")
    share = folder / "share"
    share.mkdir()
    (share / "staff.csv").write_text(STAFF, encoding="utf-8")
    (share / "letter.txt").write_text(LETTER, encoding="utf-8")
    (share / "secret.pdf").write_bytes(b"%PDF-1.4\nbroken")
    words = [str(share), "--out", str(folder / "r.parquet"), "--home", str(folder / "home"), "--jobs", "1"]
    assert CliRunner().invoke(scan_command, [*words, "--no-progress"]).exit_code == 3
    return folder


def run(place: Path, *words: str, home: str = "home") -> Result:
    return CliRunner().invoke(whosedata, [*words, "--home", str(place / home)])


def hits(place: Path, *words: str) -> list[dict[str, object]]:
    answer = run(place, "find", str(place / "r.parquet"), *words, "--format", "json")
    assert answer.exit_code == 3, answer.output  # one item was not examined: it is part of the answer
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_a_mail_address_finds_the_row_and_the_letter_for_certain(place: Path) -> None:
    found = hits(place, "--name", "Peggy Tolliver", "--email", "peggy.tolliver@wren.example")
    certain = [hit for hit in found if hit["tier"] == "certain"]
    assert {hit["item"] for hit in certain} == {"staff.csv", "letter.txt"}
    rows = {str(hit["location"]).split(";")[0] for hit in certain if hit["item"] == "staff.csv"}
    assert rows == {"row=2"}
    assert "DATE_OF_BIRTH" in {hit["entity_type"] for hit in certain}
    assert all(hit["reasons"] for hit in found)


def test_next_of_kin_is_another_person(place: Path) -> None:
    found = hits(place, "--name", "Margaret Tolliver", "--dob", "12/03/1952")
    kin = [hit for hit in found if hit["role"] == "next_of_kin"]
    assert {str(hit["location"]).split(";")[0] for hit in kin} == {"row=3"}  # she stands there as Colin's next of kin
    assert not [hit for hit in kin if hit["tier"] == "certain"]
    columns = {
        str(hit["location"]).split(";")[1] for hit in found if hit["tier"] == "certain" and hit["item"] == "staff.csv"
    }
    assert columns == {"col=1", "col=2", "col=3", "col=4"}


def test_another_date_of_birth_excludes(place: Path) -> None:
    found = hits(place, "--name", "Margaret Tolliver", "--dob", "30/11/1991")
    row = [hit for hit in found if hit["item"] == "staff.csv" and str(hit["location"]).startswith("row=2;")]
    assert {hit["tier"] for hit in row} == {"excluded"}
    assert any("another date of birth" in str(hit["reasons"]) for hit in row)


def test_a_thin_seed_is_answered_as_such(place: Path) -> None:
    answer = run(place, "find", str(place / "r.parquet"), "--name", "C Tolliver")
    assert answer.exit_code == 3
    assert "secret.pdf" in answer.output
    assert "certain" not in answer.output.lower().split("possibly")[0]


def test_of_a_common_name_alone_the_surest_are_looked_up_and_the_rest_counted(place: Path) -> None:
    report, key = open_report(place / "r.parquet"), Keyring(load_key(place / "home"))
    seed = make_seed(names=("C Tolliver",))
    whole = find(report, seed, key, place / "home")
    first = find(report, seed, key, place / "home", most=2)
    assert len(whole.hits) > 2
    assert whole.more == 0
    assert [(hit.tier, hit.score) for hit in first.hits] == [(hit.tier, hit.score) for hit in whole.hits[:2]]
    assert first.more == len(whole.hits) - 2
    assert f"Shown are the surest 2 of {len(whole.hits)} findings" in "\n".join(as_table(first))
    told = make_seed(names=("Margaret Tolliver",), births=("12/03/1952",))
    assert find(report, told, key, place / "home", most=2).more == 0, "who is told apart is answered whole"


def test_what_a_certain_record_also_holds_is_proposed_and_can_be_accepted(place: Path) -> None:
    words = ("find", str(place / "r.parquet"), "--email", "zadie.quill@wren.example")
    line = next(line for line in run(place, *words).output.splitlines() if "--accept" in line)
    assert "PHONE_NUMBER" in line
    accepted = run(place, *words, "--accept", line.rsplit(" ", 1)[1])
    assert "same accepted value" in accepted.output or "same e-mail address" in accepted.output
    assert "--accept" not in accepted.output


def test_csv_holds_no_formula_and_no_value(place: Path) -> None:
    answer = run(place, "find", str(place / "r.parquet"), "--phone", "01632 960057", "--format", "csv")
    rows = list(csv.DictReader(answer.stdout.splitlines()))
    assert rows
    assert "960057" not in answer.stdout
    assert {row["tier"] for row in rows} <= {"certain", "probable", "possible", "excluded"}


def test_a_linked_person_is_found_by_id(place: Path) -> None:
    people = CliRunner().invoke(whosedata, ["people", str(place / "r.parquet")])
    ids = [line.split()[0] for line in people.output.splitlines()[1:]]
    assert len(ids) >= 3
    found = hits(place, "--subject", ids[0])
    assert {hit["tier"] for hit in found} <= {"certain", "probable", "possible"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say whom to find"),
        (("--email", "nobody"), "no e-mail address"),
        (("--phone", "12"), "not understood"),
        (("--id", "UK_NINO"), "TYPE=NUMBER"),
        (("--from", "yesterday", "--name", "A B"), "not a date"),
        (("--seed", "absent.yaml"), "cannot be read"),
    ],
)
def test_wrong_use_says_what_to_do(place: Path, words: tuple[str, ...], said: str) -> None:
    answer = run(place, "find", str(place / "r.parquet"), *words)
    assert answer.exit_code == 2
    assert said in answer.output


def test_the_wrong_home_is_an_error_and_no_empty_answer(place: Path) -> None:
    (place / "other").mkdir(exist_ok=True)
    (place / "other" / "key").write_text("0" * 64, encoding="ascii")
    (place / "other" / "key").chmod(0o600)
    answer = run(place, "find", str(place / "r.parquet"), "--name", "Margaret Tolliver", home="other")
    assert answer.exit_code == 2
    assert "was not made with the key" in answer.output


def test_decisions_part_and_join_people(place: Path) -> None:
    report = str(place / "r.parquet")
    people = CliRunner().invoke(whosedata, ["people", report])
    first, second = (line.split()[0] for line in people.output.splitlines()[1:3])
    assert run(place, "merge", report, first, second).exit_code == 2  # no reason given
    assert run(place, "merge", report, first, second, "--why", "one person, two names").exit_code == 0
    before = len(people.output.splitlines())
    assert run(place, "link", report).exit_code == 0
    after = CliRunner().invoke(whosedata, ["people", report]).output.splitlines()
    assert len(after) == before - 1
    assert run(place, "merge", report, first, first, "--why", "x").exit_code == 2


def test_ids_stay_when_a_row_is_added(place: Path, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    home = ["--home", str(tmp_path / "home"), "--no-progress", "--jobs", "1", "--names", "off"]
    ids = []
    for table in (STAFF, STAFF.replace("\nColin", "\nAda Moss,03/04/1971,ada.moss@wren.example,01632 960009,,\nColin")):
        (tmp_path / "share" / "staff.csv").write_text(table, encoding="utf-8")
        out = tmp_path / f"{len(ids)}.parquet"
        assert CliRunner().invoke(scan_command, [str(tmp_path / "share"), "--out", str(out), *home]).exit_code == 0
        lines = CliRunner().invoke(whosedata, ["people", str(out)]).output.splitlines()[1:]
        ids.append({line.split()[0] for line in lines})
    assert ids[0] < ids[1]


FAMILY = """name,date of birth,address
John Testwell,04/03/1950,"12 Sample Street, London SW1A 1AA"
John Testwell,,"12 Sample Street, London SW1A 1AA"
John Testwell,09/08/1980,"12 Sample Street, London SW1A 1AA"
Ben Testwell,04/03/1950,"9 Other Road, Leeds LS1 4AB"
"""


def test_father_son_and_twin_are_not_certain(tmp_path: Path) -> None:
    (tmp_path / "family.csv").write_text(FAMILY, encoding="utf-8")
    out, home = str(tmp_path / "f.parquet"), str(tmp_path / "home")
    assert CliRunner().invoke(scan_command, [str(tmp_path / "family.csv"), "--out", out, "--home", home]).exit_code == 0
    words = ["--name", "John Testwell", "--dob", "04/03/1950", "--address", "12 Sample Street, London SW1A 1AA"]
    answer = CliRunner().invoke(whosedata, ["find", out, "--home", home, *words, "--format", "json"])
    tiers: dict[str, set[str]] = {}
    for line in answer.stdout.splitlines():
        hit = json.loads(line)
        tiers.setdefault(hit["location"].split(";")[0], set()).add(hit["tier"])
    assert tiers == {"row=2": {"certain"}, "row=3": {"probable"}, "row=4": {"excluded"}, "row=5": {"possible"}}


def test_links_of_another_scan_are_refused(place: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(FAMILY, encoding="utf-8")
    out = tmp_path / "a.parquet"
    words = [str(tmp_path / "a.csv"), "--out", str(out), "--home", str(place / "home"), "--no-progress"]
    assert CliRunner().invoke(scan_command, words).exit_code == 0
    for name in ("subjects", "links"):
        (tmp_path / f"a.{name}.parquet").write_bytes((place / f"r.{name}.parquet").read_bytes())
    for command in (["people", str(out)], ["find", str(out), "--subject", "0123", "--home", str(place / "home")]):
        answer = CliRunner().invoke(whosedata, command)
        assert (answer.exit_code, "belongs to another scan" in answer.output) == (2, True)
