"""Promise 16: what a mail holds is found wherever it stands, each in its own place; a quotation counts once."""

import mailbox
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from reports.parquet import Report, report_paths
from reports.summary import count
from scanner import scan
from scanner.formats import formats

SHARED = Path(__file__).parents[3] / "shared" / "data" / "mailbox"
PST = "application/vnd.ms-outlook-pst"

HEADER, BODY, SIGNATURE = "ada.bell@example.org", "01632 960411", "01632 960412"
ATTACHED, NESTED, DEEP, QUOTED = "01632 960413", "01632 960414", "01632 960415", "owen.price@example.org"


def message() -> EmailMessage:
    """A mail with a signature, a quoted reply, an attachment, and a mail attached that has an attachment."""
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = "Mary Vale <mary.vale@example.org>", HEADER, "the list"
    inner.set_content(f"My number is {NESTED}.\n")
    inner.add_attachment(f"Name,Phone\nKit Lane,{DEEP}\n".encode(), maintype="text", subtype="csv", filename="list.csv")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Ada Bell <{HEADER}>", "info@wrenvalley.example", "RE: visit"
    mail["Date"], mail["Message-ID"] = "Wed, 12 Mar 2025 09:14:00 +0000", "<1@example.org>"
    mail.set_content(
        f"Dear all,\n\nplease ring me on {BODY} about the visit.\n\n-- \nAda Bell\nWren Valley\nT {SIGNATURE}\n\n"
        f"On 11 March 2025 Owen Price <{QUOTED}> wrote:\n> Could somebody ring Ada on {BODY}?\n> Owen\n"
    )
    mail.add_attachment(f"Call {ATTACHED}.\n", filename="note.txt")
    mail.add_attachment(inner)
    return mail


def as_mbox(path: Path) -> None:
    box = mailbox.mbox(path)
    box.add(mailbox.mboxMessage(message()))
    box.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("mail") / "share"
    folder.mkdir()
    (folder / "one.eml").write_bytes(message().as_bytes())
    as_mbox(folder / "box.mbox")
    return scan(folder, home=folder.parent / "home", values="clear")


def rows_of(report: Report, top: str) -> list[dict[str, Any]]:
    return [row for row in report.findings.to_pylist() if row["item"].split("!/")[0] == top]


def at(report: Report, top: str, value: str) -> dict[str, Any]:
    """The one finding of a value that is not quoted."""
    [row] = [row for row in rows_of(report, top) if row["value"] == value and not row["quoted"] and row["role"] != "to"]
    return row


@pytest.mark.parametrize("top", ["one.eml", "box.mbox"])
def test_header_body_signature_and_attachments(report: Report, top: str) -> None:
    header, body, signature = (at(report, top, value) for value in (HEADER, BODY, SIGNATURE))
    attached, nested, deep = (at(report, top, value) for value in (ATTACHED, NESTED, DEEP))
    mail = body["item"]
    assert header["item"] == signature["item"] == mail
    assert header["location"].startswith("header=From;")
    assert header["role"] == "from"
    assert body["location"].startswith("part=1")
    assert body["record"] is None
    assert "signature=1" in signature["record"]
    assert signature["role"] == "from"
    assert attached["item"] == f"{mail}!/note.txt"
    assert nested["item"].startswith(f"{mail}!/")
    assert deep["item"] == f"{nested['item']}!/list.csv"
    assert deep["location"].startswith("row=2;col=2")


@pytest.mark.parametrize("top", ["one.eml", "box.mbox"])
def test_places_are_told_once_each(report: Report, top: str) -> None:
    rows = rows_of(report, top)
    assert len({(row["item"], row["location"], row["entity_type"]) for row in rows}) == len(rows)
    assert len({row["finding_id"] for row in rows}) == len(rows)


@pytest.mark.parametrize("top", ["one.eml", "box.mbox"])
def test_a_quoted_reply_is_marked(report: Report, top: str) -> None:
    same = [row for row in rows_of(report, top) if row["value"] == BODY]
    assert sorted(row["quoted"] for row in same) == [False, True]
    assert len({row["value_id"] for row in same}) == 1
    assert {row["quoted"] for row in rows_of(report, top) if row["value"] == QUOTED} == {True}
    assert len({row["thread"] for row in same}) == 1


def test_a_quoted_reply_is_counted_once(tmp_path: Path) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "one.eml").write_bytes(message().as_bytes())
    report = scan(folder, home=tmp_path / "home", values="clear", out=tmp_path / "report.parquet")
    numbers = [row for row in report.findings.to_pylist() if row["entity_type"] == "PHONE_NUMBER"]
    written = {BODY, SIGNATURE, ATTACHED, NESTED, DEEP}
    assert {row["value"] for row in numbers} == written
    assert len(numbers) == len(written) + 1, "the quotation has a row of its own: an erasure needs it"
    assert count(report_paths(tmp_path / "report.parquet")).types["PHONE_NUMBER"] == len(written)


@pytest.mark.skipif(PST not in formats(), reason="Outlook's PST files are not read in this version")
def test_outlook_files_are_read_the_same_way(tmp_path: Path) -> None:
    files = sorted(SHARED.rglob("*.pst")) if SHARED.exists() else []
    if not files:
        pytest.skip("../shared holds no PST file")
    pytest.importorskip("pypff", reason="reading PST needs libpff")
    report = scan(files[0], home=tmp_path / "home", values="clear")
    found = [row for row in report.findings.to_pylist() if row["entity_type"] == "EMAIL_ADDRESS"]
    assert any("!/" in row["item"] and row["location"].startswith("header=") for row in found)
