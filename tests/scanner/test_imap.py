"""Mailboxes on a real Dovecot: what is found is what the same messages give as files, and nothing becomes "seen"."""

import io
import random
import re
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner
from dovecot_server import PASSWORD, Dovecot
from ordinary import free_port

import scanner.scanning as running
from reports.ids import format_id
from reports.parquet import Report, read_report
from scanner import scan
from scanner.credentials import gather
from scanner.limits import Budget, Limits
from scanner.messages import Mark
from scanner.model import Child, Item, Lost, Reason, Skip, Tally
from scanner.plan import make_plan, make_roots
from scanner.sources import Live, Terms, open_item
from scanner.sources.imap import walk
from scanner.sources.imap_names import readable
from subjects.cli import scan_command, whosedata


def message(number: int, size: int = 0) -> bytes:
    """A mail with an attachment, about so large."""
    mail = EmailMessage()
    mail["From"] = f"Ann Lee <ann.lee{number}@mail.example>"
    mail["To"] = "bob@y.example"
    mail["Subject"] = f"Order {number}"
    mail["Date"] = "Mon, 1 Jan 2024 10:00:00 +0000"
    mail["Message-ID"] = f"<{number}@mail.example>"
    mail.set_content(f"Ring 01632 960{number:03} please.\n")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("list.csv", f"email\ncarol{number}@z.example\n")
        archive.writestr("noise.bin", b"\x00\xff\x00\x01" + random.Random(number).randbytes(size * 3 // 4))
    mail.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename="papers.zip")
    return mail.as_bytes()


FOLDERS = {"INBOX": [message(1), message(2, 1_200_000), message(3)], "Entwürfe/2024": [message(4)], "Leer": []}
_RAW = {"Entwürfe/2024": "Entw&APw-rfe/2024"}


def fill(dovecot: Dovecot, user: str, folders: dict[str, list[bytes]]) -> None:
    """Puts messages into the folders of a user, unread."""
    with dovecot.session(user) as session:
        for folder, mails in folders.items():
            raw = _RAW.get(folder, folder)
            session.create(raw)
            for mail in mails:
                assert session.append(raw, "", "", mail)[0] == "OK"


def flags(dovecot: Dovecot, user: str) -> list[object]:
    """What the server says of every folder: how many are recent and unseen, and the next UID."""
    with dovecot.session(user) as session:
        names = ("INBOX", "Entw&APw-rfe/2024", "Leer")
        return [session.status(name, "(MESSAGES RECENT UNSEEN UIDNEXT)")[1] for name in names]


@pytest.fixture(scope="module")
def mailbox(dovecot: Dovecot) -> str:
    """The address of a mailbox with FOLDERS."""
    fill(dovecot, "full", FOLDERS)
    return dovecot.url(user="full")


@pytest.fixture(autouse=True)
def _secrets(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOSEDATA_PASSWORD", PASSWORD)
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))


def found(report: Report) -> set[tuple[object, ...]]:
    """(last step of the item, location, type, value id) of every finding."""
    rows = report.to_arrow().to_pylist()
    return {(row["item"].rpartition("!/")[2], row["location"], row["entity_type"], row["value_id"]) for row in rows}


def test_a_mailbox_gives_what_its_messages_give_as_files(mailbox: str, dovecot: Dovecot, tmp_path: Path) -> None:
    files = tmp_path / "files"
    for folder, mails in FOLDERS.items():
        for number, mail in enumerate(mails, 1):
            (files / folder).mkdir(parents=True, exist_ok=True)
            (files / folder / f"{number}.eml").write_bytes(mail)
    before = flags(dovecot, "full")
    report = scan(mailbox, home=tmp_path / "home", names="off", executor="processes", jobs=2)
    assert flags(dovecot, "full") == before, "nothing was marked as seen, and what was new is new"
    expected = found(scan(files, home=tmp_path / "home", names="off"))
    assert {(item.rpartition("/")[2], *rest) for item, *rest in expected} == found(report)
    assert len(expected) > 12
    folders = {row["item"]: row for row in report.items.to_pylist() if not row["parent"]}
    assert {path: (row["status"], row["expected"], row["emitted"]) for path, row in folders.items()} == {
        "INBOX": ("examined", 3, 3), "Entwürfe/2024": ("examined", 1, 1), "Leer": ("examined", 0, 0),
    }  # fmt: skip
    members = {row["item"] for row in report.items.to_pylist() if row["parent"] == "INBOX"}
    assert members == {"INBOX!/1.eml", "INBOX!/2.eml", "INBOX!/3.eml"}
    assert folders["INBOX"]["size"] >= sum(map(len, FOLDERS["INBOX"]))


def test_one_folder_can_be_named_and_others_left_out(mailbox: str, tmp_path: Path) -> None:
    def met(address: str, **options: object) -> dict[str, str | None]:
        items = scan(address, home=tmp_path / "home", names="off", **options).items.to_pylist()
        return {row["item"]: row["reason"] for row in items if not row["parent"]}

    assert met(f"{mailbox}Entw%C3%BCrfe") == {"Entwürfe/2024": None}
    assert met(f"{mailbox}inbox") == {"INBOX": None}
    assert met(f"{mailbox}nothing") == {".": "changed"}
    assert met(mailbox, exclude=["INBOX", "Entw*"]) == {"INBOX": "excluded", "Entwürfe/2024": "excluded", "Leer": None}


def test_a_stopped_scan_goes_on_behind_its_last_message_whatever_came_meanwhile(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(dovecot, "busy", {"INBOX": [message(number) for number in range(10, 30)]})
    config, out = tmp_path / "whosedata.toml", tmp_path / "report.parquet"
    config.write_text("[limits]\nmark_seconds = 0\n")
    options = {"home": tmp_path / "home", "names": "off", "config": config}
    handle, marks = running._handle, []

    def stop(event: object, *rest: object) -> None:
        handle(event, *rest)
        if isinstance(getattr(event, "message", None), Mark):
            marks.append(event)
            if len(marks) == 8:
                raise KeyboardInterrupt

    monkeypatch.setattr(running, "_handle", stop)
    with pytest.raises(KeyboardInterrupt):
        scan(dovecot.url(user="busy"), out, **options)
    monkeypatch.setattr(running, "_handle", handle)
    fill(dovecot, "busy", {"INBOX": [message(30)]})
    before = len(dovecot.log.read_text())
    report = scan(dovecot.url(user="busy"), out, **options)
    undisturbed = scan(dovecot.url(user="busy"), home=tmp_path / "home", names="off")
    assert found(report) == found(undisturbed)
    counts = [(row["expected"], row["emitted"], row["status"]) for row in report.items.to_pylist() if not row["parent"]]
    assert counts == [(21, 21, "examined")]
    fetched = [int(count) for count in re.findall(r"body_count=(\d+)", dovecot.log.read_text()[before:])]
    counts = [count for count in fetched if count]
    assert counts[0] < 21 == counts[-1], "the first messages were not fetched again"


def listed(dovecot: Dovecot, user: str) -> tuple[dict[str, Item], Terms]:
    """Path -> item of a whole mailbox, and how to open them."""
    [root] = make_roots([dovecot.url(user=user)])
    terms = Terms(gather([root], None, {"WHOSEDATA_PASSWORD": PASSWORD}), Limits())
    return {met.path: met for met in walk(root, make_plan((root,), {}), terms) if isinstance(met, Item)}, terms


def test_a_connection_that_breaks_is_made_anew_and_no_message_is_lost(dovecot: Dovecot) -> None:
    mails = [message(number, 400_000) for number in range(40, 52)]
    fill(dovecot, "broken", {"INBOX": mails})
    items, terms = listed(dovecot, "broken")
    read = []
    with open_item(items["INBOX"], terms) as folder:
        assert isinstance(folder, Live)
        for part in folder.parts(Budget(Limits(), 0)):
            if isinstance(part, Child):
                read.append(part.open().read())
                folder._session._server.sock.close()  # type: ignore[attr-defined]
    assert [mail.replace(b"\r\n", b"\n") for mail in read] == mails


def test_a_server_that_is_gone_is_said_where_it_went(dovecot: Dovecot) -> None:
    fill(dovecot, "gone", {"INBOX": [message(number, 1_500_000) for number in range(60, 70)]})
    items, terms = listed(dovecot, "gone")
    parts, reasons = [], []
    with open_item(items["INBOX"], terms) as folder:
        assert isinstance(folder, Live)
        for part in folder.parts(Budget(Limits(), 0)):
            parts.append(part)
            if isinstance(part, Child):
                folder._session._address = f"imaps://gone@127.0.0.1:{free_port()}/"  # type: ignore[attr-defined]
                folder._session.close()  # type: ignore[attr-defined]
                with pytest.raises(Skip) as raised, part.open() as mail:
                    mail.read()
                reasons.append(raised.value.reason)
    assert reasons == [Reason.IO_ERROR] * 3
    assert parts[-2:] == [Lost("", Reason.IO_ERROR, "the connection broke at message 3 of 10"), Tally(10, 7)]


def test_a_folder_whose_numbers_are_new_is_not_taken_for_the_old_one(dovecot: Dovecot) -> None:
    fill(dovecot, "new", {"Old": [message(80)]})
    items, terms = listed(dovecot, "new")
    with dovecot.session("new") as session:
        session.delete("Old")
    time.sleep(1.1)  # its number is a time in seconds
    fill(dovecot, "new", {"Old": [message(81)]})
    with open_item(items["Old"], terms) as folder:
        assert isinstance(folder, Live)
        with pytest.raises(Skip) as raised:
            list(folder.parts(Budget(Limits(), 0)))
    assert raised.value.reason is Reason.CHANGED


def test_who_cannot_log_in_safely_is_told(
    dovecot: Dovecot, mailbox: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def row(address: str) -> tuple[str, str]:
        [item] = scan(address, home=tmp_path / "home", names="off").items.to_pylist()[:1]
        return item["reason"], item["detail"]

    plain = f"imap://full@127.0.0.1:{dovecot.port}/Leer"
    assert row(plain) == (None, None), "STARTTLS"
    assert row(f"imaps://full@127.0.0.1:{free_port()}/") == ("io_error", "the server cannot be reached")
    monkeypatch.setenv("WHOSEDATA_PASSWORD", "wrong")
    assert row(mailbox) == ("permission", "the server refuses the user or the password")
    monkeypatch.setenv("WHOSEDATA_PASSWORD", PASSWORD)
    monkeypatch.delenv("SSL_CERT_FILE")
    for address in (mailbox, plain):
        reason, detail = row(address)
        assert (reason, "certificate is not known" in detail) == ("permission", True)


def test_a_finding_is_opened_in_its_message(mailbox: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(scan_command, [mailbox, "--names", "off", "--jobs", "1", "--label", "mail"])
    assert result.exit_code == 3, result.output  # there is noise in the archives
    rows = read_report(tmp_path / "report.parquet").to_arrow().to_pylist()
    row = next(row for row in rows if row["item"] == "Entwürfe/2024!/1.eml" and row["entity_type"] == "PHONE_NUMBER")
    opened = CliRunner().invoke(whosedata, ["open", "report.parquet", format_id(row["finding_id"])])
    assert opened.exit_code == 0, opened.output
    assert "text     01632 960004" in opened.output


@pytest.mark.parametrize(
    ("raw", "name"),
    [("Entw&APw-rfe", "Entwürfe"), ("A&-B", "A&B"), ("&ZeVnLIqe-", "日本語"), ("&broken", "&broken"), ("&A-", "&A-")],
)
def test_names_of_folders_are_readable(raw: str, name: str) -> None:
    assert readable(raw) == name
