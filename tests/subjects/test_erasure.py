"""Erasure on real files: what goes is gone, what stays keeps every byte, a kill leaves before or after."""

import csv
import io
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanner.home import load_key
from scanner.reopen import Reading
from subjects.cli import scan_command, whosedata
from subjects.erasure.apply import apply
from subjects.erasure.plan import read_plan

NAME, EMAIL, PHONE, BORN = "Peggy Tolliver", "peggy@home.example", "07700 900123", "12/03/1952"
OTHER = "Ann Fox,07/07/1977,ann@fox.example,07700 900555,,"
TABLE = (
    "Name,Date of birth,E-mail,Mobile,Next of kin,Next of kin phone\r\n"
    f"{OTHER}\r\n"
    f'"{NAME}",{BORN},{EMAIL},{PHONE},"Ann ""A"" Fox",07700 900555\r\n'
    f"Bo Day,08/08/1988,bo@day.example,07700 900777,{NAME},{PHONE}\r\n"
    "Cy Hart,09/09/1999,cy@hart.example,07700 900888,,\r\n"
)
NOTE = f"Caf\u00e9 list\r\nClient: {NAME}, {EMAIL}, {PHONE}, born {BORN}.\r\nAnn Fox (ann@fox.example) called.\r\n"
SENT = (
    "From x Mon May  6 10:00:00 2024\nFrom: {0} <{1}>\nTo: Office <office@wren.example>\n"
    "Date: Mon, 6 May 2024 10:00:00 +0100\nSubject: hall\nMessage-ID: <{2}@m.example>\n\n"
    "Please ring me.\n>From here on\n{0}\n\n"
)


@pytest.fixture(scope="module")
def scanned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A share, a copy of it, and its report: one scan for all tests that need no other."""
    place = tmp_path_factory.mktemp("erasure")
    write(place / "share")
    shutil.copytree(place / "share", place / "before")
    scan(place)
    return place


@pytest.fixture
def place(scanned_once: Path) -> Path:
    """The same share as it was, and a home that knows its key alone."""
    shutil.rmtree(scanned_once / "share")
    shutil.copytree(scanned_once / "before", scanned_once / "share")
    for file in (scanned_once / "home").iterdir():
        if file.name == "quarantine":
            shutil.rmtree(file)
        elif file.suffix == ".sqlite":
            file.unlink()
    return scanned_once


def write(share: Path) -> None:
    share.mkdir()
    (share / "members.csv").write_bytes(TABLE.encode())
    (share / "note.txt").write_bytes(NOTE.encode("cp1252"))
    mails = [
        SENT.format("Ann Fox", "ann@fox.example", 1),
        SENT.format(NAME, EMAIL, 2),
        SENT.format("Bo Day", "bo@day.example", 3),
    ]
    (share / "mail.mbox").write_text("".join(mails), encoding="utf-8")
    (share / "one.eml").write_text(SENT.format(NAME, EMAIL, 4).partition("\n")[2], encoding="utf-8")
    with sqlite3.connect(share / "crm.db") as base:
        base.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT, born TEXT)")
        rows = [(1, "Ann Fox", "ann@fox.example", "07700 900555", "1977-07-07"), (2, NAME, EMAIL, PHONE, "1952-03-12")]
        base.executemany("INSERT INTO people VALUES (?,?,?,?,?)", rows)
    base.close()


def run(place: Path, *words: str) -> Result:
    return CliRunner().invoke(whosedata, [*words, "--home", str(place / "home")])


def scan(place: Path, out: str = "r") -> None:
    words = [
        str(place / "share"),
        "--out",
        str(place / f"{out}.parquet"),
        "--home",
        str(place / "home"),
        "-q",
        "--jobs",
        "1",
    ]
    result = CliRunner().invoke(scan_command, words)
    assert result.exit_code == 0, result.output


def planned(place: Path, decide: Callable[[dict[str, str]], dict[str, str]] | None = None, name: str = "r") -> Path:
    """Open the case, decide (what is certain or probable goes, the rest stays), make the plan."""
    if "no requests" in run(place, "cases").output.lower():
        new = ("--right", "erasure", "--name", NAME, "--email", EMAIL, "--phone", PHONE, "--received", "2026-01-05")
        assert run(place, "case", "new", *new).exit_code == 0
        run(place, "case", "event", "2026-0001", "identity-confirmed", "--say", "method=known")
    report, sheet = str(place / f"{name}.parquet"), place / "sheet.csv"
    assert run(place, "erase", "review", "2026-0001", report, "--out", str(sheet), "--accept-certain").exit_code == 0
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))))
    rows = [(decide or certain)(row) for row in rows]
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    made = run(
        place, "erase", "plan", "2026-0001", report, "--decisions", str(sheet), "--out", str(place / "plan.json")
    )
    assert made.exit_code == 0, made.output
    return place / "plan.json"


def certain(row: dict[str, str]) -> dict[str, str]:
    # The mail that the office received from her, and her notes: included though only probable.
    return {**row, "decision": "include" if row["tier"] in {"certain", "probable"} else "exclude"}


def applied(place: Path, plan: Path) -> Result:
    return run(place, "erase", "apply", str(plan), "--confirm", "--out", str(place / "record.html"))


def same(place: Path, name: str) -> bool:
    return (place / "share" / name).read_bytes() == (place / "before" / name).read_bytes()


def test_a_plan_changes_nothing_and_apply_wants_a_word(place: Path) -> None:
    plan = planned(place)
    result = run(place, "erase", "apply", str(plan))
    assert (result.exit_code, "add --confirm" in result.output) == (2, True)
    assert all(same(place, file.name) for file in (place / "before").iterdir())
    assert NAME not in plan.read_text(encoding="utf-8")


def test_what_goes_is_gone_and_the_rest_keeps_every_byte(place: Path) -> None:
    result = applied(place, planned(place))
    assert "0 findings of the erased values are left" in result.output, result.output
    share = place / "share"
    assert not (share / "one.eml").exists()
    for file in share.iterdir():
        data = file.read_bytes()
        for value in (EMAIL, PHONE):
            assert value.encode() not in data, file.name
            assert value.encode("utf-16-le") not in data, file.name
    lines, before = (share / "members.csv").read_bytes().split(b"\r\n"), TABLE.encode().split(b"\r\n")
    assert [lines[0], lines[1], lines[3]] == [before[0], before[1], before[4]]
    assert lines[2] == b"Bo Day,08/08/1988,bo@day.example,07700 900777,,"
    mails = [SENT.format("Ann Fox", "ann@fox.example", 1), SENT.format("Bo Day", "bo@day.example", 3)]
    assert (share / "mail.mbox").read_text(encoding="utf-8") == "".join(mails)
    note = (share / "note.txt").read_bytes()
    assert note.startswith("Caf\u00e9 list\r\nClient: [erased], [erased], [erased]".encode("cp1252"))
    assert note.endswith(b"Ann Fox (ann@fox.example) called.\r\n")
    with sqlite3.connect(share / "crm.db") as base:
        assert [row[0] for row in base.execute("SELECT name FROM people")] == ["Ann Fox"]
    base.close()
    assert not list(share.glob(".*whosedata*"))
    record = (place / "record.html").read_text(encoding="utf-8")
    assert "taken out of the file" in record
    assert "Peggy" not in record
    assert '"missing": ["recipients-told", "sent"]' in run(place, "cases", "--format", "json").output


def test_all_of_it_comes_back_until_it_is_forgotten(place: Path) -> None:
    plan = planned(place)
    applied(place, plan)
    sealed = list((place / "home" / "quarantine").rglob("*.sealed"))
    assert sealed
    assert all(EMAIL.encode() not in file.read_bytes() for file in sealed)
    assert run(place, "erase", "restore", str(plan)).exit_code == 0
    assert all(same(place, file.name) for file in (place / "before").iterdir())
    plan = planned(place)  # what came back has other places on the disk: the old plan would be refused
    applied(place, plan)
    (place / "share" / "members.csv").write_text("another\n", encoding="utf-8")
    result = run(place, "erase", "restore", str(plan))
    assert (result.exit_code, "changed after the erasure" in result.output) == (3, True)
    (place / "share" / "members.csv").rename(place / "moved away.csv")  # as the message advises
    assert run(place, "erase", "restore", str(plan)).exit_code == 0
    assert same(place, "members.csv")
    plan = planned(place)
    applied(place, plan)
    assert "copies taken away" in run(place, "erase", "forget", str(plan)).output
    assert not list((place / "home" / "quarantine").rglob("*.sealed"))


def test_what_comes_back_from_a_backup_is_recognised(place: Path) -> None:
    applied(place, planned(place))
    shutil.copy(place / "before" / "note.txt", place / "share" / "restored.txt")
    scan(place, "later")
    result = run(place, "erase", "check", str(place / "later.parquet"))
    assert result.exit_code == 1, result.output
    assert "restored.txt" in result.output
    assert "case 2026-0001" in result.output


@pytest.mark.parametrize("change", ["content", "inode", "link", "hard link", "gone"])
def test_a_file_that_is_not_the_one_of_the_plan_is_left_alone(place: Path, change: str) -> None:
    plan = planned(place)
    file = place / "share" / "members.csv"
    other = place / "share" / "other.bin"
    if change == "content":
        file.write_bytes(TABLE.encode() + b"Di Moss,,,,,\r\n")
    elif change == "inode":
        shutil.copy(file, other)
        os.replace(other, file)
    elif change == "link":
        file.rename(place / "elsewhere.csv")
        file.symlink_to(place / "elsewhere.csv")
    elif change == "hard link":
        os.link(file, other)
    else:
        file.unlink()
    content = file.read_bytes() if file.exists() else None
    result = applied(place, plan)
    assert result.exit_code == 3
    assert "refused" in next(line for line in result.output.splitlines() if "members.csv" in line)
    assert (file.read_bytes() if file.exists() else None) == content


def test_killed_at_any_operation_a_file_is_as_before_or_as_after(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan_file = planned(place)
    key = load_key(place / "home")
    plan = read_plan(plan_file, key)
    share = place / "share"
    applied(place, plan_file)
    after = {file.name: file.read_bytes() for file in share.iterdir()}
    run(place, "erase", "restore", str(plan_file))
    before = {file.name: file.read_bytes() for file in (place / "before").iterdir()}

    class KilledError(BaseException):
        pass

    calls = [0]
    real = {name: getattr(os, name) for name in ("fsync", "replace", "unlink", "open")}

    def counting(name: str, stop: int) -> Callable[..., object]:
        def call(*args: object, **more: object) -> object:
            calls[0] += 1
            if calls[0] == stop:
                raise KilledError
            return real[name](*args, **more)

        return call

    kills = 0
    for stop in range(1, 400):
        shutil.rmtree(place / "home" / "quarantine")
        for name, data in before.items():  # the same inodes as in the plan where they still exist
            if (share / name).read_bytes() != data if (share / name).exists() else True:
                (share / name).write_bytes(data)
        run(place, "erase", "plan", "2026-0001", str(place / "r.parquet"), "--decisions", str(place / "sheet.csv"),
            "--out", str(plan_file))  # fmt: skip
        plan = read_plan(plan_file, key)
        calls[0] = 0
        with monkeypatch.context() as patched:
            for name in real:
                patched.setattr(os, name, counting(name, stop))
            try:
                list(apply(plan, place / "home", Reading(key)))
                break
            except KilledError:
                kills += 1
        for name, data in before.items():
            now = (share / name).read_bytes() if (share / name).exists() else None
            assert now == data or now == after.get(name), (stop, name)
        list(apply(plan, place / "home", Reading(key)))
        assert {file.name: file.read_bytes() for file in share.iterdir() if file.name != "crm.db"} == {
            name: data for name, data in after.items() if name != "crm.db"
        }, stop
    assert kills > 20


def test_an_edited_plan_is_refused(place: Path) -> None:
    plan = planned(place)
    plan.write_text(plan.read_text(encoding="utf-8").replace("members.csv", "mail.mbox"), encoding="utf-8")
    result = applied(place, plan)
    assert (result.exit_code, "was edited" in result.output) == (2, True)
    assert all(same(place, file.name) for file in (place / "before").iterdir())


def test_a_hold_and_an_open_access_request_refuse(place: Path) -> None:
    plan = planned(place)
    run(place, "case", "event", "2026-0001", "held", "--say", "why=court")
    assert (applied(place, plan).exit_code, same(place, "members.csv")) == (2, True)


def test_what_is_kept_is_on_the_record_with_its_reason(place: Path) -> None:
    def keep(row: dict[str, str]) -> dict[str, str]:
        if "members.csv" in row["item"] and row["tier"] == "certain":
            return {**row, "decision": "exempt", "code": "k-law", "why": "Gift Aid, seven years"}
        return certain(row)

    applied(place, planned(place, keep))
    record = (place / "record.html").read_text(encoding="utf-8")
    assert "Article 17(3)(b)" in record
    assert "Gift Aid, seven years" in record
    assert PHONE.encode() in (place / "share" / "members.csv").read_bytes()


def test_what_whosedata_cannot_change_is_listed_for_a_person(place: Path) -> None:
    (place / "share" / "list.html").write_text(f"<p>{NAME}, {EMAIL}</p>", encoding="utf-8")
    scan(place, "page")
    result = applied(place, planned(place, name="page"))
    assert result.exit_code == 3
    assert EMAIL in (place / "share" / "list.html").read_text(encoding="utf-8")
    shown = run(place, "case", "show", "2026-0001").output
    assert "erase by hand: share/list.html" in shown
    assert "cannot be closed as answered" in run(place, "case", "close", "2026-0001", "--outcome", "responded").output


def test_where_only_values_go_the_row_stays(place: Path) -> None:
    def redact(row: dict[str, str]) -> dict[str, str]:
        table = "members.csv" in row["item"] and row["tier"] == "certain"
        return {**row, "decision": "redact" if table else "exclude"}

    applied(place, planned(place, redact))
    lines = (place / "share" / "members.csv").read_bytes().decode().split("\r\n")
    assert len(lines) == len(TABLE.split("\r\n"))
    assert (EMAIL in lines[2], PHONE in lines[2], "Ann" in lines[2]) == (False, False, True)
    assert same(place, "mail.mbox")
    assert same(place, "one.eml")
