"""`whosedata open`: what stands at a finding's place, wherever that is; and what it says when that has changed."""

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest
import pyzipper
from click.testing import CliRunner, Result
from reopened import not_given_back

from reports.ids import format_id
from reports.parquet import read_report
from scanner import scan
from scanner.passwords import read_passwords
from scanner.plan import Root
from scanner.reopen import SourceError, find_item
from subjects.cli import scan_command, whosedata

SAMPLE = Path(__file__).parents[2] / "sample_data" / "share"
LETTER = "Dear Ann,\nwrite to ann.lee@mail.example, not to the office.\n"
MAIL = "From: Ann Lee <ann.lee@mail.example>\nSubject: Hello\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n\n%s\n"
HOME = "home"


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / HOME))
    place = tmp_path / "share"
    place.mkdir()
    return place


def scanned(*words: str) -> str:
    """Scan, and give the id of the first finding of Ann's address."""
    result = CliRunner().invoke(scan_command, ["share", "--names", "off", "--jobs", "1", "-q", *words])
    assert result.exit_code in (0, 3), result.output
    rows = read_report(Path("report.parquet")).to_arrow().to_pylist()
    return next(format_id(row["finding_id"]) for row in rows if row["entity_type"] == "EMAIL_ADDRESS")


def opened(*words: str) -> Result:
    return CliRunner().invoke(whosedata, ["open", "report.parquet", *words])


def test_it_shows_the_text_with_what_stands_around_it(share: Path) -> None:
    (share / "a.txt").write_text(LETTER, encoding="utf-8")
    result = opened(scanned()[:6])
    assert result.exit_code == 0, result.output
    assert "text     ann.lee@mail.example\n" in result.stdout
    assert "share/a.txt  line=2;chars=9-29" in result.stdout
    assert "  | write to [ann.lee@mail.example], not to the office." in result.stdout


def test_of_a_table_it_shows_the_row(share: Path) -> None:
    (share / "a.csv").write_text("name,e-mail\nAnn Lee,ann.lee@mail.example\nBob Ray,bob@x.example\n", encoding="utf-8")
    lines = opened(scanned()).stdout.splitlines()
    assert "    name: Ann Lee" in lines
    assert "  > e-mail: ann.lee@mail.example" in lines


def test_members_of_members_with_and_without_names_are_found_again(share: Path) -> None:
    box = "".join(f"From x Mon Jan  1 10:00:00 2024\n{MAIL % number}\n" for number in range(3))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("same.txt", "bob@x.example")
        archive.writestr("box.mbox", box)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("same.txt", LETTER)
        archive.writestr("../o%dd\x1b[2J!.txt", LETTER)
        archive.writestr("letter.txt.gz", gzip.compress(LETTER.encode()))
    with zipfile.ZipFile(share / "outer.zip", "w") as archive:
        archive.writestr("in/inner.zip", inner.getvalue())
    report = scan(share, names="off", values="clear", home=HOME)
    items = set(report.to_arrow()["item"].to_pylist())
    assert len([item for item in items if ".mbox!/" in item]) == 3
    assert "outer.zip!/in/inner.zip!/same.txt~2" in items
    assert not not_given_back(share, report, Path(HOME))


def test_the_file_is_found_by_odd_names_copies_and_a_place_that_is_one_file(share: Path) -> None:
    odd = os.fsdecode(b"caf\xe9 100%! \xe2\x80\xae.txt")
    (share / odd).write_text(LETTER, encoding="utf-8")
    (share / "b").mkdir()
    (share / "b" / "copy.txt").write_text(LETTER, encoding="utf-8")
    report = scan(share, names="off", values="clear", home=HOME)
    assert report.to_arrow().num_rows == 2
    assert not not_given_back(share, report, Path(HOME))
    single = scan(share / odd, names="off", values="clear", home=HOME)
    [row] = single.to_arrow().to_pylist()
    assert find_item([Root(str(share / odd), "share")], "share", row["item"]).size == len(LETTER)


def test_every_finding_of_the_sample_share_is_given_back(tmp_path: Path) -> None:
    report = scan(SAMPLE, values="clear", home=tmp_path)
    assert report.to_arrow().num_rows > 500
    assert not not_given_back(SAMPLE, report, tmp_path)


def test_the_scan_s_password_file_opens_what_it_opened(share: Path) -> None:
    with pyzipper.AESZipFile(share / "a.zip", "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"open sesame")
        archive.writestr("a.txt", LETTER)
    Path("words").write_text("open sesame\n", encoding="utf-8")
    Path("words").chmod(0o600)
    report = scan(share, names="off", values="clear", home=HOME, passwords="words")
    assert report.to_arrow().num_rows == 1
    assert not not_given_back(share, report, Path(HOME), read_passwords(Path("words")))
    finding = scanned("--passwords", "words")
    assert opened(finding).exit_code == 4
    assert "ann.lee@mail.example" in opened(finding, "--passwords", "words").stdout


def test_a_place_that_moved_is_named(share: Path) -> None:
    (share / "a.txt").write_text(LETTER, encoding="utf-8")
    finding = scanned()
    share.rename("elsewhere")
    gone = opened(finding)
    assert gone.exit_code == 4
    assert "--root share=FOLDER" in gone.stderr
    assert "ann.lee@mail.example" in opened(finding, "--root", "share=elsewhere").stdout
    for words in ("elsewhere", "share=nowhere", "other=elsewhere"):
        assert opened(finding, "--root", words).exit_code == 2


def test_a_file_that_changed_is_not_shown(share: Path) -> None:
    (share / "a.txt").write_text(LETTER, encoding="utf-8")
    finding = scanned()
    (share / "a.txt").write_text(LETTER.replace("ann.lee", "bob.ray"), encoding="utf-8")
    result = opened(finding)
    assert result.exit_code == 4
    assert "has changed since the scan" in result.stderr
    assert "bob.ray" not in result.output


def test_another_home_and_standard_input_are_refused_in_words(share: Path, tmp_path: Path) -> None:
    (share / "a.txt").write_text(LETTER, encoding="utf-8")
    result = opened(scanned(), "--home", str(tmp_path / "other"))
    assert result.exit_code == 2
    assert "not made with the key" in result.stderr
    assert not (tmp_path / "other").exists()
    with pytest.raises(SourceError, match="came through a pipe"):
        find_item([Root("-", "crm")], "crm", "stdin")


def test_nothing_in_a_file_reaches_the_terminal_as_a_command(share: Path) -> None:
    (share / "a.txt").write_text("\x1b[2J \u202e ann.lee@mail.example \x9b31m\x07\n", encoding="utf-8")
    result = opened(scanned())
    assert result.exit_code == 0
    assert all(char.isprintable() or char == "\n" for char in result.stdout)
