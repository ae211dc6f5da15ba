"""Answer packs for thirty planted people: their own data are in, nobody else's are, and what must be refused is."""

import csv
import io
import re
import zipfile
from base64 import b64decode
from dataclasses import dataclass
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from quopri import decodestring

import pytest
import pyzipper
import xlsxwriter
from click.testing import CliRunner, Result
from docx import Document

from subjects.access.extracts import Mark, RowBlock, TextBlock
from subjects.access.redaction import GONE, LONG, Own, redact, words_of
from subjects.cli import scan_command, whosedata

FORENAMES = (
    "Alison", "Bashir", "Carys", "Dawid", "Eleanor", "Farrah", "Gethin", "Harriet", "Idris", "Jocasta", "Keir", "Lowri",
    "Moira", "Nadia", "Oisin",
)  # fmt: skip
SURNAMES = ("Hartwell", "Okonjo", "Pemberley", "Quayle", "Szymanski", "Trevanion", "Vaswani")
PEOPLE = 30


@dataclass(frozen=True)
class Person:
    number: int
    name: str
    email: str
    mobile: str
    born: str
    address: str


def people() -> list[Person]:
    """Households of two under one surname and roof; 7 and 22 are namesakes (and so are 13 and 28)."""
    made = []
    for number in range(PEOPLE):
        home = number // 2
        forename = FORENAMES[number % 15]
        surname = SURNAMES[home % 7] if number not in {22, 28} else SURNAMES[((number - 15) // 2) % 7]
        made.append(
            Person(
                number, f"{forename} {surname}", f"{forename.lower()}{number}@home{number}.example",
                f"07700 900{100 + number}", f"{1 + number % 28:02}/{1 + number % 12:02}/{1950 + number}",
                f"{3 + home} Orchard Way, Wrenford, WR{10 + home} {1 + home % 9}AB",
            )
        )  # fmt: skip
    return made


EVERYBODY = people()


def write_share(share: Path) -> None:
    """Tables, letters, a mailbox with quoted replies, a Word file and a workbook with a hidden sheet."""
    share.mkdir()
    with (share / "members.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "Date of birth", "E-mail", "Mobile", "Address", "Next of kin", "Next of kin phone"])
        for one in EVERYBODY:
            kin = EVERYBODY[one.number ^ 1]
            writer.writerow([one.name, one.born, one.email, one.mobile, one.address, kin.name, kin.mobile])
    for one in EVERYBODY:
        other = EVERYBODY[(one.number + 5) % PEOPLE]
        text = (
            f"Client: {one.name}\nDate of birth: {one.born}\nE-mail: {one.email}\n\nRang {one.name} on {one.mobile}. "
            f"She met {other.name} ({other.email}, {other.mobile}) at the fair, who has moved house.\n"
        )
        (share / f"note{one.number:02}.txt").write_text(text, encoding="utf-8")
    with (share / "mail.mbox").open("w", encoding="utf-8") as file:
        for one in EVERYBODY:
            other = EVERYBODY[(one.number + 11) % PEOPLE]
            file.write(
                f"From x Mon May  6 10:00:00 2024\nFrom: {one.name} <{one.email}>\nTo: {other.name} <{other.email}>\n"
                f"Date: Mon, 6 May 2024 10:{one.number:02}:00 +0100\nSubject: the hall\n"
                f"Message-ID: <{one.number}@m.example>\n\n"
                f"Dear {other.name},\nplease ring me on {one.mobile}.\n{one.name}\n\n"
                f"On 3 May 2024, at 10:12, {other.name} <{other.email}> wrote:\n> my number is {other.mobile}\n\n"
            )
    # The same in base64 within a message, in quoted-printable, in UTF-16 and in a ZIP.
    for one in EVERYBODY[::3]:
        other = EVERYBODY[(one.number + 7) % PEOPLE]
        said = (
            f"Client: {one.name}\nE-mail: {one.email}\n\nRang {one.name} on {one.mobile}. "
            f"She met {other.name} ({other.email}, {other.mobile}) at the fair.\n"
        )
        for way in ("base64", "quoted-printable"):
            message = EmailMessage()
            message["From"], message["To"] = "Office <office@wren.example>", "Desk <desk@wren.example>"
            message.set_content(f"{said}\n", cte=way)
            (share / f"{way}{one.number:02}.eml").write_bytes(message.as_bytes())
        (share / f"wide{one.number:02}.txt").write_text(said, encoding="utf-16")
        with zipfile.ZipFile(share / f"packed{one.number:02}.zip", "w") as archive:
            archive.writestr("said.txt", said)
    document = Document()
    document.core_properties.author = EVERYBODY[3].name
    for one in EVERYBODY[:6]:
        document.add_paragraph(f"{one.name}, {one.email}, born on {one.born}, comes on Tuesdays.")
    document.save(str(share / "rota.docx"))
    book = xlsxwriter.Workbook(str(share / "gifts.xlsx"))
    shown, hidden = book.add_worksheet("Gifts"), book.add_worksheet("Old")
    hidden.hide()
    for sheet in (shown, hidden):
        sheet.write_row(0, 0, ["Donor", "E-mail", "Amount"])
        for row, one in enumerate(EVERYBODY, start=1):
            sheet.write_row(row, 0, [one.name, one.email, 10 + row])
    book.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("access")
    write_share(folder / "share")
    result = CliRunner().invoke(
        scan_command, [str(folder / "share"), "--out", str(folder / "r.parquet"), "--home", str(folder / "home"), "-q"]
    )
    assert result.exit_code == 0, result.output
    return folder


def run(place: Path, *words: str) -> Result:
    return CliRunner().invoke(whosedata, [*words, "--home", str(place / "home")])


def opened(place: Path, one: Person) -> str:
    new = run(place, "case", "new", "--right", "access", "--name", one.name, "--email", one.email, "--dob", one.born)
    case = new.output.split()[1].rstrip(",")
    run(place, "case", "event", case, "identity-confirmed", "--say", "method=known")
    return case


def decide(sheet: Path, certain: str = "", others: str = "exclude") -> Path:
    """A person who includes what is certain, and nothing else."""
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))))
    for row in rows:
        row["decision"] = (certain or row["decision"]) if row["tier"] == "certain" else others
    decided = sheet.with_name(f"decided-{sheet.name}")
    with decided.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return decided


def pack(place: Path, one: Person, name: str, *more: str) -> tuple[Result, Path]:
    case = opened(place, one)
    sheet, out = place / f"{name}.csv", place / name
    made = run(place, "access", case, str(place / "r.parquet"), "--review", str(sheet), "--accept-certain")
    assert made.exit_code == 0, made.output
    words = ("--decisions", str(decide(sheet)), "--out", str(out))
    result = run(place, "access", case, str(place / "r.parquet"), *words, *more)
    assert result.exit_code or f"then: whosedata case event {case} sent --say how=" in result.output
    return result, out


def unpacked_base64(data: bytes) -> list[bytes]:
    """What every run of letters that could be base64 decodes to."""
    runs = (run.rstrip(b"=") for run in re.findall(rb"[A-Za-z0-9+/]{16,}={0,2}", data))
    return [b64decode(run + b"=" * (-len(run) % 4)) for run in runs if len(run) % 4 != 1]


def everything(out: Path) -> str:
    """All bytes of a pack as text: raw, unpacked, and decoded in every way in which something could hide."""
    raw = [str(file.relative_to(out)).encode() for file in out.rglob("*")]
    for file in sorted(out.rglob("*")):
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                raw += [archive.read(name) for name in archive.namelist()] + [archive.comment]
        if file.is_file():
            raw.append(file.read_bytes())
    raw += [decodestring(data) for data in raw] + [data for each in raw for data in unpacked_base64(each)]
    wide = [data[start:] for data in raw for start in (0, 1)]
    texts = [data.decode("utf-8", "replace") for data in raw] + [data.decode("utf-16-le", "replace") for data in wide]
    return unescape("\n".join(texts))


@pytest.mark.parametrize("one", EVERYBODY, ids=lambda one: f"{one.number}")
def test_a_pack_holds_all_that_is_theirs_and_nobody_else(place: Path, one: Person) -> None:
    result, out = pack(place, one, f"pack{one.number}")
    assert result.exit_code == 0, result.output
    text = everything(out)
    for other in EVERYBODY:
        if other.number == one.number:
            continue
        canaries = [other.email, other.mobile, other.mobile.replace(" ", ""), other.born]
        canaries += [other.name] if other.name != one.name else []
        canaries += [other.address] if other.address != one.address else []
        assert [canary for canary in canaries if canary in text] == []
    # At least 99 in a hundred of the subject's own values, which of five is all.
    assert [value for value in (one.name, one.email, one.mobile, one.born, one.address) if value not in text] == []
    extracts = [file.read_text(encoding="utf-8") for file in (out / "items").iterdir()]
    assert sum(one.email in extract for extract in extracts) >= 4, "table, note, sent and received mail, workbook"
    assert (place / f"pack{one.number}.working.csv").exists()


def test_a_zip_opens_with_its_passphrase_only(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOSEDATA_PACK_PASSPHRASE", "correct horse battery")
    result, out = pack(place, EVERYBODY[0], "zipped", "--zip", str(place / "zipped.zip"))
    assert result.exit_code == 0, result.output
    with pyzipper.AESZipFile(place / "zipped.zip") as archive:
        with pytest.raises(RuntimeError):
            archive.read("index.html")
        archive.setpassword(b"correct horse battery")
        assert archive.read("index.html") == (out / "index.html").read_bytes()
    monkeypatch.setenv("WHOSEDATA_PACK_PASSPHRASE", "short")
    result, _ = pack(place, EVERYBODY[0], "zipped2", "--zip", str(place / "zipped2.zip"))
    assert (result.exit_code, "too short" in result.output) == (2, True)


def test_the_case_is_told_what_was_done(place: Path) -> None:
    one = EVERYBODY[2]
    result, _ = pack(place, one, "told")
    assert result.exit_code == 0
    cases = run(place, "cases", "--format", "json").output.splitlines()
    assert any('"missing": ["sent"]' in line for line in cases)


def test_a_stranger_in_the_pack_stops_it(place: Path) -> None:
    """A scan without names knows nobody to take out; the check of the pack looks for names whatever the scan did."""
    one, other = EVERYBODY[8], EVERYBODY[13]
    report = place / "nameless.parquet"
    words = [str(place / "share"), "--out", str(report), "--home", str(place / "home"), "--names", "off", "-q"]
    assert CliRunner().invoke(scan_command, words).exit_code == 0
    case, sheet, out = opened(place, one), place / "nameless.csv", place / "nameless"
    run(place, "access", case, str(report), "--review", str(sheet), "--accept-certain")
    result = run(place, "access", case, str(report), "--decisions", str(decide(sheet)), "--out", str(out))
    assert result.exit_code == 4
    assert "somebody else's" in result.output
    assert other.name not in result.output
    assert not out.exists()
    assert not list(place.glob(".nameless*"))
    assert any('"missing": ["searched", "decided", "packed", "sent"]' in line
               for line in run(place, "cases", "--format", "json").output.splitlines())  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("undecided", "nothing is decided"),
        ("wrong word", "is no decision"),
        ("no code", "needs its code"),
        ("no reason", "say in “why”"),
        ("another search", "of another search"),
        ("a line missing", "says nothing of"),
    ],
)
def test_a_sheet_must_be_decided_line_by_line(place: Path, edit: str, said: str) -> None:
    one = EVERYBODY[4]
    case = opened(place, one)
    sheet = place / f"sheet-{edit}.csv"
    run(place, "access", case, str(place / "r.parquet"), "--review", str(sheet), "--accept-certain")
    path = decide(sheet)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    changes = {
        "undecided": {"decision": ""}, "wrong word": {"decision": "yes"},
        "no code": {"decision": "exempt", "code": "X"},
        "no reason": {"decision": "exempt", "code": "E-LPP", "why": ""}, "another search": {"findings": "0" * 12},
    }  # fmt: skip
    rows[0] |= changes.get(edit, {})
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows[1:] if edit == "a line missing" else rows)
    result = run(
        place, "access", case, str(place / "r.parquet"), "--decisions", str(path), "--out", str(place / f"no-{edit}")
    )
    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert not (place / f"no-{edit}").exists()


def test_nobody_gets_a_pack_before_it_is_clear_who_asks(place: Path) -> None:
    new = run(place, "case", "new", "--right", "access", "--name", EVERYBODY[1].name, "--email", EVERYBODY[1].email)
    case = new.output.split()[1].rstrip(",")
    result = run(place, "access", case, str(place / "r.parquet"), "--review", str(place / "x.csv"))
    assert (result.exit_code, "not confirmed who asks" in result.output) == (2, True)


def test_a_name_alone_fits_too_many(place: Path) -> None:
    new = run(place, "case", "new", "--right", "access", "--name", EVERYBODY[7].name)
    case = new.output.split()[1].rstrip(",")
    run(place, "case", "event", case, "identity-confirmed", "--say", "method=known")
    result = run(place, "access", case, str(place / "r.parquet"), "--review", str(place / "x.csv"))
    assert (result.exit_code, "a name only" in result.output) == (2, True)


def finding(number: int, kind: str, role: str | None = None, **more: object) -> dict[str, object]:
    category = "special_category" if kind == "HEALTH" else "identity"
    return {
        "finding_id": number, "entity_type": kind, "category": category, "value_id": number, "preview": "••••1111",
        "facts": [], "role": role, **more,
    }  # fmt: skip


def marked(text: str, *found: tuple[str, dict[str, object]]) -> TextBlock:
    marks = tuple(Mark(text.index(words), text.index(words) + len(words), row) for words, row in found)
    return TextBlock("", "", text, marks)


PEGGY = Own(frozenset([1]), frozenset([1]), words_of(["Peggy Tolliver", "Margaret Tolliver"]))


def test_a_forename_alone_stays_unless_somebody_else_has_it() -> None:
    text = "Peggy Tolliver came. Peggy was ill. Ann Fox left."
    block = marked(
        text,
        ("Peggy Tolliver", finding(1, "PERSON")),
        ("Peggy was", finding(2, "PERSON")),
        ("Ann Fox", finding(3, "PERSON")),
    )
    block = TextBlock("", "", text, (block.marks[0], Mark(21, 26, finding(2, "PERSON")), block.marks[2]))
    [clean] = redact([block], PEGGY).blocks
    assert clean == TextBlock("", "", f"Peggy Tolliver came. Peggy was ill. {GONE} left.", ())
    both = text.replace("Ann Fox", "Peggy Fox")
    block = TextBlock("", "", both, (*block.marks[:2], Mark(36, 45, finding(3, "PERSON"))))
    [clean] = redact([block], PEGGY).blocks
    assert clean == TextBlock("", "", f"Peggy Tolliver came. {GONE} was ill. {GONE} left.", ())


def test_illness_stays_beside_the_subject_and_goes_beside_others() -> None:
    block = marked(
        "Peggy Tolliver has asthma. Ann Fox, far away from here, has diabetes.",
        ("Peggy Tolliver", finding(1, "PERSON")), ("asthma", finding(4, "HEALTH")),
        ("Ann Fox", finding(3, "PERSON")), ("diabetes", finding(5, "HEALTH")),
    )  # fmt: skip
    [clean] = redact([block], PEGGY).blocks
    assert clean == TextBlock("", "", f"Peggy Tolliver has asthma. {GONE}, far away from here, has {GONE}.", ())


def test_of_a_card_four_digits_stay_and_no_security_code() -> None:
    own = Own(frozenset([1, 2, 3]), frozenset([1, 2, 3]), PEGGY.words)
    block = marked(
        "Peggy Tolliver 4111111111111111 cvv 123", ("Peggy Tolliver", finding(1, "PERSON")),
        ("4111111111111111", finding(2, "CREDIT_CARD")), ("123", finding(3, "CARD_SECURITY_CODE")),
    )  # fmt: skip
    block = TextBlock("", "", block.text, (*block.marks[:2], Mark(36, 39, block.marks[2].finding)))
    [clean] = redact([block], own).blocks
    assert clean == TextBlock("", "", f"Peggy Tolliver ••••1111 cvv {GONE}", ())


def test_of_a_long_text_what_is_around_the_subject_stays() -> None:
    text = "a " * LONG + "Peggy Tolliver" + " b" * LONG + "Ann Fox"
    block = marked(text, ("Peggy Tolliver", finding(1, "PERSON")), ("Ann Fox", finding(3, "PERSON")))
    [clean] = redact([block], PEGGY).blocks
    assert isinstance(clean, TextBlock)
    assert len(clean.text) < 2_100
    assert "Peggy Tolliver" in clean.text


def test_in_the_row_of_somebody_else_only_the_subject_stays() -> None:
    cells = ((1, "name", "Ann Fox"), (2, "kin", "Peggy Tolliver"), (3, "notes", "drives a van"))
    marks = (Mark(0, 7, finding(3, "PERSON", "self"), 1), Mark(0, 14, finding(1, "PERSON", "next_of_kin"), 2))
    other = RowBlock("", 2, ((1, "name", "Bo Day"),), (Mark(0, 6, finding(8, "PERSON", "self"), 1),))
    clean = redact([RowBlock("", 1, cells, marks), other], PEGGY)
    assert clean.blocks == (RowBlock("", 1, ((1, "name", GONE), (2, "kin", "Peggy Tolliver"), (3, "notes", GONE)), ()),)
    assert (dict(clean.taken), clean.kept) == ({"PERSON": 1}, frozenset([1]))
