"""Promise 21: children are told by birth date, age, pupil number, school year and words; so are their contracts."""

from pathlib import Path
from typing import Any

import pytest

from scanner import scan


def findings(tmp_path: Path, files: dict[str, str], today: str = "2026-11-25") -> list[dict[str, Any]]:
    folder = tmp_path / "share"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    config = tmp_path / "whosedata.toml"
    config.write_text(f'[detectors]\nsettings = {{ today = "{today}" }}\n', encoding="utf-8")
    report = scan(folder, home=tmp_path / "home", values="clear", config=config)
    return [{**row, "facts": dict(row["facts"])} for row in report.findings.to_pylist()]


def facts_of(rows: list[dict[str, Any]], kind: str) -> list[dict[str, str]]:
    return [row["facts"] for row in rows if row["entity_type"] == kind]


@pytest.mark.parametrize(
    ("born", "today", "child", "band"),
    [
        ("25/11/2008", "2026-11-24", True, "13-17"),  # the day before the 18th birthday
        ("25/11/2008", "2026-11-25", False, "18-24"),  # the 18th birthday
        ("25/11/2008", "2026-11-26", False, "18-24"),
        # Somebody born on 29 February comes of age on 1 March of a year without that day.
        ("29/02/2008", "2026-02-28", True, "13-17"),
        ("29/02/2008", "2026-03-01", False, "18-24"),
        ("29/02/2008", "2024-02-29", True, "13-17"),
        ("25/11/2013", "2026-11-24", True, "0-12"),  # 13 is the age of consent online in the UK
        ("25/11/2013", "2026-11-25", True, "13-17"),
        ("25/11/2026", "2026-11-25", True, "0-12"),
    ],
)
def test_birthdays(tmp_path: Path, born: str, today: str, child: bool, band: str) -> None:
    for text in (f"Date of birth: {born}\n", f"Name,DOB\nAmy Carter,{born}\n"):
        place = tmp_path / str(len(text))
        place.mkdir()
        [facts] = facts_of(findings(place, {"a.csv": text}, today), "DATE_OF_BIRTH")
        assert (facts.get("child") == "yes", facts["age_band"]) == (child, band)


def test_ages(tmp_path: Path) -> None:
    rows = findings(tmp_path, {"a.txt": "Her son is aged 17, her daughter is 18 years old.\n"})
    assert [(row["value"], row["facts"].get("child")) for row in rows if row["entity_type"] == "AGE"] == [
        ("17", "yes"),
        ("18", None),
    ]


def test_pupil_numbers(tmp_path: Path) -> None:
    [facts] = facts_of(findings(tmp_path, {"a.txt": "UPN B801200005001\n"}), "UK_UPN")
    assert facts["child"] == "yes"


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("Amy Carter is a pupil in Year 4.", "0-12"),
        ("Our school: Year 11 pupil Amy Carter was late.", "13-17"),
        ("She attends the nursery class at St Mary's primary school.", "0-12"),
        ("Name,Year group\nAmy Carter,Year 4\nJo Marsh,9B\n", "0-12"),
    ],
)
def test_school_years(tmp_path: Path, text: str, band: str) -> None:
    facts, *_ = facts_of(findings(tmp_path, {"a.csv": text}), "AGE")
    assert facts["child"] == "yes"
    assert facts["age_band"] == band


@pytest.mark.parametrize(
    "text",
    [
        "In Year 4 of the plan the budget falls.",
        "The warranty ends after year 3.",
        "Year 2 revenue was higher than in year 1.",
        "She is in year 2 of her degree at university.",
        "Car,Year\nAB51 ABC,4\n",
        "The reception is on the ground floor.",
    ],
)
def test_years_of_something_else(tmp_path: Path, text: str) -> None:
    assert facts_of(findings(tmp_path, {"a.csv": text}), "AGE") == []


@pytest.mark.parametrize(
    ("text", "child"),
    [
        ("I am the parent or guardian of Amy Carter and agree.", "Amy Carter"),
        ("Signed by the parent/guardian of Amy Carter", "Amy Carter"),
        ("Child's name: Amy Carter\nSigned: Mary Carter\n", "Amy Carter"),
        ("Name of child: Amy Carter\n", "Amy Carter"),
        ("Child name,Parent name\nAmy Carter,Mary Carter\n", "Amy Carter"),
    ],
)
def test_names_of_children(tmp_path: Path, text: str, child: str) -> None:
    rows = findings(tmp_path, {"a.csv" if "," in text else "a.txt": text})
    assert {row["value"] for row in rows if row["facts"].get("child")} == {child}


CONTRACT = (
    "MEMBERSHIP AGREEMENT\n\nThe member agrees to a minimum term of 12 months and a monthly payment of £25.\n"
    "Member: Amy Carter\nDate of birth: {born}\nSigned by: Amy Carter\n"
)


def listed(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(row["item"], row["value"]) for row in rows if row["facts"].get("contract") == "yes"}


def test_a_contract_with_somebody_under_18_is_listed(tmp_path: Path) -> None:
    rows = findings(
        tmp_path,
        {
            "young.txt": CONTRACT.format(born="26/11/2008"),
            "grown.txt": CONTRACT.format(born="25/11/2008"),
            "letter.txt": "Amy Carter, date of birth 26/11/2008, won the race.\n",
            "members.csv": "Name,DOB,Membership type\nAmy Carter,26/11/2008,Gold\nMary Carter,01/02/1980,Gold\n",
            "class.csv": "Name,DOB,House\nAmy Carter,26/11/2008,Red\n",
        },
    )
    assert listed(rows) == {("young.txt", "26/11/2008"), ("members.csv", "26/11/2008")}
