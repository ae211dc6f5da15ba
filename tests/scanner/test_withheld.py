"""Whole scans: what is too sensitive for a report stands in none of its files; choices are somebody's."""

from pathlib import Path
from typing import Any

import pytest

from reports.export import WRITERS
from scanner import scan
from scanner.mask import WITHHELD
from scanner.rows import CATEGORIES

TEXT = "Amy Carter has been diagnosed with fibromyalgia. Her password: Qx7-bramble\nAmy Carter is a Quaker.\n"
TABLE = (
    "Name,E-mail,Religion,Disability,Opt in,Password\n"
    "Amy Carter,amy.carter@example.org,Quaker,fibromyalgia,yes,Qx7-bramble\n"
    "Owen Price,owen.price@example.org,,none,no,\n"
)
SECRETS = (b"fibromyalgia", b"Quaker", b"quaker", b"Qx7-bramble", b"bramble")


def share(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def rows(folder: Path, **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = scan(
        folder, home=folder.parent / "home", values="clear", **options
    ).findings.to_pylist()
    return found


def test_no_file_of_a_report_holds_them(tmp_path: Path) -> None:
    folder = share(tmp_path, a_txt=TEXT, b_csv=TABLE)
    report = scan(folder, home=tmp_path / "home", values="clear", out=tmp_path / "report.parquet")
    found = [row for row in report.findings.to_pylist() if row["entity_type"] in WITHHELD]
    assert {row["entity_type"] for row in found} == {"HEALTH", "RELIGION", "CREDENTIAL"}
    assert {row["item"] for row in found} == {"a.txt", "b.csv"}
    assert {(row["value"], row["preview"]) for row in found} == {(None, "•••")}
    assert all(row["location"] for row in found)
    files = [path for path in tmp_path.glob("report*") if path.is_file()]
    assert len(files) == 3
    told = (
        str(report.findings.to_pylist()).encode()
        + str(report.items.to_pylist()).encode()
        + b"".join(path.read_bytes() for path in files)
    )
    assert [secret for secret in SECRETS if secret in told] == []


def test_each_has_its_category() -> None:
    for kind in WITHHELD:
        assert CATEGORIES[kind] in {"special_category", "criminal", "credential", "financial"}


def test_a_table_is_told_by_its_labels(tmp_path: Path) -> None:
    found = rows(share(tmp_path, b_csv=TABLE))
    at = {(row["entity_type"], row["location"].partition(";chars")[0], row["record"]) for row in found}
    assert {("RELIGION", "row=2;col=3", "row=2"), ("HEALTH", "row=2;col=4", "row=2")} <= at
    assert {("PREFERENCE", f"row={row};col=5", f"row={row}") for row in (2, 3)} <= at
    assert not {one for one in at if one[0] in {"HEALTH", "RELIGION"} and one[2] == "row=3"}


def test_a_table_about_nobody_gives_nothing(tmp_path: Path) -> None:
    table = "Religion,Ethnicity,Opt in,Share\nQuaker,White British,yes,12%\nSikh,Black African,no,8%\n"
    assert rows(share(tmp_path, b_csv=table)) == []


def test_a_table_with_numbers_of_people_counts(tmp_path: Path) -> None:
    table = "client_id,religion\n17,Quaker\n18,Sikh\n"
    assert [row["entity_type"] for row in rows(share(tmp_path, b_csv=table))] == ["RELIGION", "RELIGION"]


def test_notes_in_a_cell_are_about_the_person_of_the_row(tmp_path: Path) -> None:
    table = (
        'Name,Notes\nAmy Carter,"off sick with depression since May"\nOwen Price,"likes the health and safety course"\n'
    )
    found = [row for row in rows(share(tmp_path, b_csv=table)) if row["category"] == "special_category"]
    assert {row["record"] for row in found} == {"row=2"}


def test_a_choice_in_a_form(tmp_path: Path) -> None:
    form = "Name: Amy Carter\nE-mail: amy.carter@example.org\nPreferred contact method: post\nMay we send news: yes\n"
    found = [row for row in rows(share(tmp_path, a_txt=form)) if row["entity_type"] == "PREFERENCE"]
    assert [row["value"] for row in found] == ["post"]


@pytest.mark.parametrize("wanted", ["HEALTH", "PREFERENCE"])
def test_only_these_are_reported_when_only_these_are_wanted(tmp_path: Path, wanted: str) -> None:
    found = rows(share(tmp_path, a_txt=TEXT, b_csv=TABLE), entities=(wanted,))
    assert {row["entity_type"] for row in found} == {wanted}


def test_a_mail_about_its_sender_and_its_subject(tmp_path: Path) -> None:
    mail = (
        "From: Amy Carter <amy.carter@example.org>\nTo: hr@wrenvalley.example\nSubject: today\n"
        "Message-ID: <1@example.org>\n\nI am off sick with a migraine.\n"
    )
    about = (
        "From: hr@wrenvalley.example\nTo: office@wrenvalley.example\nSubject: Amy Carter\n"
        "Message-ID: <2@example.org>\n\nShe has been diagnosed with epilepsy.\n"
    )
    found = rows(share(tmp_path, a_eml=mail, b_eml=about))
    assert {(row["item"], row["entity_type"]) for row in found if row["category"] == "special_category"} == {
        ("a.eml", "HEALTH"),
        ("b.eml", "HEALTH"),
    }


def test_a_policy_gives_nothing(tmp_path: Path) -> None:
    policy = (
        "Policy on special category data. Owner: Amy Carter.\n\nWe may process data on health, ethnic origin, religion,"
        " trade union membership, sex life, genetic data and biometric data. Criminal convictions are covered by the"
        " criminal record check policy. Amy Carter trains all staff in health and safety, and those with a disability"
        " get reasonable adjustments.\n"
    )
    mission = "Our mission: we help families with cancer, people in prison and Muslim women. Chair: Amy Carter\n"
    found = rows(share(tmp_path, a_txt=policy, b_txt=mission))
    assert {row["entity_type"] for row in found} == {"PERSON"}


def test_every_form_of_the_report_is_covered() -> None:
    assert set(WRITERS) >= {".csv", ".xlsx", ".jsonl"}
