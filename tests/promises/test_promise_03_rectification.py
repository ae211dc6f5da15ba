"""Promise 3: a wrong value is set right in every written form and kind of file; the proof of the right one is kept."""

import shutil
from pathlib import Path

import docx
import openpyxl
import pytest
from erasable import EMAIL, NAME, PHONE, make_share
from erasing import apply_plan, open_case, rectify, run, scan_share

FORMS = (
    "07700 900123", "07700900123", "+44 7700 900123", "+447700900123", "0044 7700 900123", "+44 (0)7700 900123",
    "(07700) 900123", "07700-900123", "07700 900 123",
)  # fmt: skip
OLD_ADDRESS, NEW_ADDRESS = "12 Rose Lane, Leeds, LS1 4AP", "7 Elm Road, York, YO1 7HH"
LAYOUTS = ("12 Rose Lane, Leeds, LS1 4AP", "12 Rose Lane\nLeeds\nLS1 4AP", "12 ROSE LANE, LEEDS, LS1 4AP", "12 Rose Lane, Leeds LS1 4AP")  # fmt: skip  # noqa: E501
QUOTED = (
    "From: Ann Fox <ann@fox.example>\nTo: Bo <bo@partner.example>\nSubject: list\n"
    "Date: Mon, 6 May 2024 10:00:00 +0100\n"
    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    "Caf=C3=A9: Peggy Tolliver, peggy@home.example, phone 077=\n00 900123\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    make_share(tmp_path / "share")
    return tmp_path


def test_promise_3_an_old_phone_in_nine_forms_and_every_kind_of_file(place: Path) -> None:
    share = place / "share"
    for number, form in enumerate(FORMS):
        (share / f"form{number}.txt").write_text(f"{NAME}, {EMAIL}, phone {form}\n", encoding="utf-8")
    (share / "quoted.eml").write_text(QUOTED, encoding="utf-8")
    shutil.copytree(share, place / "before")
    case = open_case(place, "rectification")
    result = apply_plan(place, rectify(place, case, scan_share(place), PHONE, "07700 900456"), "rectify")
    assert (result.exit_code, "0 findings of the old values" in result.output) == (0, True), result.output
    for number, form in enumerate(FORMS):
        assert (share / f"form{number}.txt").read_text("utf-8").endswith(f"phone {form.replace('123', '456')}\n"), form
    assert "07700 900456" in (share / "list0.csv").read_bytes().decode()
    assert (share / "list0.csv").read_bytes() == (place / "before" / "list0.csv").read_bytes().replace(b"0123", b"0456")
    assert (share / "data0.json").read_bytes() == (place / "before" / "data0.json").read_bytes().replace(
        b"0123", b"0456"
    )
    assert openpyxl.load_workbook(share / "book0.xlsx").active["C3"].value == "07700 900456"
    assert docx.Document(str(share / "letter0.docx")).tables[0].rows[2].cells[2].text == "07700 900456"
    assert "07700 900456" in (share / "quoted.eml").read_text("utf-8").replace("=\n", "")
    later = run(place, "find", str(scan_share(place, "later")), "--phone", PHONE)
    assert "07700" not in later.output
    record = (place / "record.html").read_text("utf-8")
    assert "letter 7" in record
    assert "900123" not in record
    assert "•••@p•••.example" in record  # who got the old number by mail (Article 19)
    assert "letter 7" in run(place, "case", "show", case).output


def test_promise_3_an_old_address_in_four_layouts(place: Path) -> None:
    shutil.rmtree(place / "share")
    (place / "share").mkdir()
    for number, layout in enumerate(LAYOUTS):
        (place / "share" / f"a{number}.txt").write_text(f"{NAME}\n{EMAIL}\n\n{layout}\n", encoding="utf-8")
    case = open_case(place, "rectification")
    plan = rectify(place, case, scan_share(place), OLD_ADDRESS, NEW_ADDRESS)
    assert apply_plan(place, plan, "rectify").exit_code == 0
    made = [(place / "share" / f"a{number}.txt").read_text("utf-8").partition("\n\n")[2].strip() for number in range(4)]
    assert made == ["7 Elm Road, York, YO1 7HH", "7 Elm Road\nYork\nYO1 7HH", "7 ELM ROAD, YORK, YO1 7HH", "7 Elm Road, York YO1 7HH"]  # fmt: skip  # noqa: E501


def test_promise_3_a_name_in_its_forms_and_back_again(place: Path) -> None:
    shutil.copytree(place / "share", place / "before")
    case = open_case(place, "rectification")
    plan = rectify(place, case, scan_share(place), NAME, "Peggy Hart")
    assert apply_plan(place, plan, "rectify").exit_code == 0
    assert b"Peggy Hart,peggy@home.example" in (place / "share" / "list0.csv").read_bytes()
    assert run(place, "rectify", "restore", str(plan)).exit_code == 0
    for file in (place / "before").rglob("*"):
        if file.is_file():
            assert file.read_bytes() == (place / "share" / file.relative_to(place / "before")).read_bytes(), file
