"""Promise 13: telephones in all forms, an address as one finding, and the organisation's own switchboard set apart."""

from pathlib import Path
from typing import Any

import pytest

from reports.parquet import Report
from scanner import scan

# One telephone as people write it. The last three stand under a heading: a spreadsheet took the zero away.
FORMS = (
    "01908 880 677", "(01908) 880677", "+44 1908 880677", "+44 (0)1908 880 677", "0044 1908 880677",
    "00 44 (0) 1908 880677", "01908 880677 ext 12", "01908-880-677", "01908.880.677", "01908\u00a0880677",
    "+441908880677", "tel:+44-1908-880677",
)  # fmt: skip
OTHER_FORMS = ("016977 2345", "0800 1111", "020 7946 0958", "07700 900123", "+353 1 234 5678", "0345 222 9999")
UNDER_HEADING = ("1908 880677", "441908880677", "01908880677")
NOT_PHONES = ("1712345678", "12.123456", "20-00-00", "12345678", "943 476 5870")
# The address of an office, and the parts of it as tables have them.
ADDRESS = ("10 Wren Close", "Towcester", "Northampton", "NN12 6RD")


def scanned(tmp_path: Path, files: dict[str, str], toml: str = "") -> Report:
    (tmp_path / "share").mkdir()
    for name, text in files.items():
        (tmp_path / "share" / name).write_text(text, encoding="utf-8")
    config = tmp_path / "whosedata.toml"
    config.write_text(toml, encoding="utf-8")
    return scan(tmp_path / "share", home=tmp_path / "home", values="clear", names="off", config=config)


def of(report: Report, kind: str) -> list[dict[str, Any]]:
    return [{**row, "facts": dict(row["facts"])} for row in report.findings.to_pylist() if row["entity_type"] == kind]


def test_every_form_of_one_telephone_is_the_same_value(tmp_path: Path) -> None:
    letter = "".join(f"Please ring {form}, thank you.\n\n" for form in FORMS)
    table = "name,phone\n" + "".join(f"x,{form}\n" for form in UNDER_HEADING)
    made = of(scanned(tmp_path, {"letter.txt": letter, "list.csv": table}), "PHONE_NUMBER")
    assert len(made) == len(FORMS) + len(UNDER_HEADING)
    assert len({row["value_id"] for row in made}) == 1


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_other_kinds_of_numbers(tmp_path: Path, form: str) -> None:
    [row] = of(scanned(tmp_path, {"note.txt": f"Her number is {form} in the evening."}), "PHONE_NUMBER")
    assert row["is_test"] == (form in {"020 7946 0958", "07700 900123"})


@pytest.mark.parametrize("text", NOT_PHONES)
def test_what_is_no_telephone(tmp_path: Path, text: str) -> None:
    assert of(scanned(tmp_path, {"note.txt": f"The value {text} was set.\n"}), "PHONE_NUMBER") == []


LAYOUTS = {
    "line.txt": f"Send it to {', '.join(ADDRESS)} by Friday.",
    "lines.txt": "Dear all,\n\n" + "\n".join(ADDRESS) + "\n\nYours",
    "small.txt": "10 wren close, towcester, northampton nn126rd",
    "form.txt": "Address line 1: 10 Wren Close\nTown: Towcester\nCounty: Northampton\nPostcode: NN12 6RD\n",
    "cell.csv": f'name,address\nx,"{", ".join(ADDRESS)}"\n',
    "cells.csv": f"name,address 1,town,county,postcode\nx,{','.join(ADDRESS)}\n",
    "house.csv": "no,house no,street,town,county,post code\n1,10,Wren Close,Towcester,Northampton,NN126RD\n",
}


def test_an_address_is_one_finding_with_its_postcode_in_every_layout(tmp_path: Path) -> None:
    report = scanned(tmp_path, LAYOUTS)
    for kind in ("ADDRESS", "UK_POSTCODE"):
        found = of(report, kind)
        assert sorted(row["item"].rpartition("/")[2] for row in found) == sorted(LAYOUTS)
        assert len({row["value_id"] for row in found}) == 1


EMAILS = (
    "jane.doe@wren.example", "O'Brien@x.co.uk", "jane@example.local", "a@b.internal", "jane (at) wren.example",
    "anna@b\u00fccher.example",
)  # fmt: skip


def test_mail_addresses_of_all_kinds_and_what_is_none(tmp_path: Path) -> None:
    none = "git@host.example logo@2x.png @media jane@localhost\nMessage-ID: <20240101.abc@mail.host>\n"
    report = scanned(tmp_path, {"a.txt": "\n".join(EMAILS) + "\n\n" + none})
    assert [row["value"] for row in of(report, "EMAIL_ADDRESS")] == list(EMAILS)


OWN = f"""
[own]
domains = ["wrenclose.example"]
phones = ["01908 880677"]
addresses = ["{ADDRESS[0]}, {ADDRESS[3]}"]
"""


def test_the_organisations_own_are_set_apart_and_no_others(tmp_path: Path) -> None:
    text = (
        f"Ring us: +44 (0)1908 880 677 or write to office@wrenclose.example, {', '.join(ADDRESS)}.\n\n"
        "Ring her: 01908 880678. She lives at 12 Wren Close, Towcester, NN12 6RD, and writes as ann@home.example.\n"
    )
    report = scanned(tmp_path, {"letter.txt": text}, OWN)
    for kind in ("PHONE_NUMBER", "EMAIL_ADDRESS", "ADDRESS"):
        assert [row["facts"].get("own") for row in of(report, kind)] == ["yes", None], kind
