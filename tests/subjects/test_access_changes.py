"""A pack of what changed since the scan: a file, a row of a live table; and a conversation, each mail of it once."""

import sqlite3
from pathlib import Path

from answered import opened, packed, scanned
from click.testing import CliRunner

from subjects.cli import scan_command

NOTE = "Client: {0}, {1}, born {2}.\n"
PEGGY = ("Peggy Tolliver", "peggy@home.example", "12/03/1952")


def test_a_file_that_changed_since_the_scan_is_left_out_and_named(tmp_path: Path) -> None:
    folder = scanned(tmp_path, {"a.txt": NOTE.format(*PEGGY), "b.txt": "Again: " + NOTE.format(*PEGGY)})
    (folder / "share" / "b.txt").write_text("Again: " + NOTE.format("Annie Foxworth", *PEGGY[1:]), encoding="utf-8")
    result, out = packed(folder, opened(folder, "access"))
    assert (result.exit_code, "b.txt has changed" in result.output) == (3, True), result.output
    pages = [file.read_text("utf-8") for file in (out / "items").iterdir()]
    assert len(pages) == 1
    assert "Foxworth" not in pages[0]


def test_a_row_of_a_live_table_that_shows_another_mask_is_left_out(tmp_path: Path) -> None:
    base = tmp_path / "crm.db"
    with sqlite3.connect(base) as opening:
        opening.execute("CREATE TABLE client (id INTEGER PRIMARY KEY, name TEXT, email TEXT, born TEXT, note TEXT)")
        rows = [(*PEGGY, "first note"), (*PEGGY, "second note"), ("Bo Day", "bo@day.example", "08/08/1988", "")]
        opening.executemany("INSERT INTO client (name, email, born, note) VALUES (?,?,?,?)", rows)
    words = [f"sqlite:///{base}", "--label", "crm", "--out", str(tmp_path / "r.parquet")]
    scan = CliRunner().invoke(scan_command, [*words, "--home", str(tmp_path / "home"), "-q"])
    assert scan.exit_code == 0, scan.output
    with sqlite3.connect(base) as changing:  # the key of a row is given to somebody else
        changing.execute("UPDATE client SET name = 'Ann Fox', email = 'ann@fox.example', note = 'hers' WHERE id = 2")
    result, out = packed(tmp_path, opened(tmp_path, "access"))
    assert (result.exit_code, "do not stand there any more" in result.output) == (3, True), result.output
    [page] = [file.read_text("utf-8") for file in (out / "items").iterdir()]
    assert "first note" in page
    assert [words for words in ("Ann Fox", "hers", "ann@fox.example") if words in page] == []


def mail(number: int, sender: str, to: str, body: str, answers: int = 0) -> str:
    reply = f"In-Reply-To: <{answers}@m.example>\nReferences: <{answers}@m.example>\n" if answers else ""
    return (
        f"From x Mon May  6 10:00:00 2024\nFrom: {sender}\nTo: {to}\nSubject: the hall\n{reply}"
        f"Date: Mon, 6 May 2024 10:0{number}:00 +0100\nMessage-ID: <{number}@m.example>\n\n{body}\n\n"
    )


def test_each_mail_of_a_conversation_is_once_in_the_pack(tmp_path: Path) -> None:
    peggy, office = "Peggy Tolliver <peggy@home.example>", "Office <office@wren.example>"
    quote = "> The heating of the hall was off again.\n> Could somebody see to it?"
    box = (
        mail(1, peggy, office, "The heating of the hall was off again.\nCould somebody see to it?")
        + mail(2, office, peggy, f"It is mended.\n\nOn 6 May 2024, at 10:01, {peggy} wrote:\n{quote}", 1)
        + mail(3, peggy, office, "Thank you.\n\n> A line that stands in no other mail here.", 2)
    )
    folder = scanned(tmp_path, {"box.mbox": box})
    result, out = packed(folder, opened(folder, "access"), lambda row: {"decision": "include"})
    assert result.exit_code == 0, result.output
    pages = "".join(file.read_text("utf-8") for file in (out / "items").iterdir())
    assert pages.count("The heating of the hall was off again.") == 1
    assert "[quoted here: extract " in pages
    assert pages.count("A line that stands in no other mail here.") == 1, "what is nowhere else stays"


def test_the_letter_says_until_when_and_the_case_knows(tmp_path: Path) -> None:
    folder = scanned(tmp_path, {"a.txt": NOTE.format(*PEGGY)})
    result, out = packed(folder, opened(folder, "access"), None, "--expires", "14")
    assert result.exit_code == 0, result.output
    assert "Please save it by" in (out / "letter.html").read_text("utf-8")
