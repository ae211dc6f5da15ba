"""Promise 17: what came through a contact form (name, e-mail, comments) is one record, however the form was kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from scanner import scan

NAME, EMAIL, PHONE = "Jane Ashdown", "jane.ashdown@example.org", "01632 960321"
COMMENTS = f"Please ring me on {PHONE}."
BODY = f"Name: {NAME}\nEmail: {EMAIL}\nComments:\n{COMMENTS}\n\n-- \nSent by the form of example.org\n"


def as_mail(body: str, kind: str = "text/plain") -> str:
    return (
        "From: Website <noreply@wrenvalley.example>\nTo: info@wrenvalley.example\nSubject: Contact form\n"
        f"Date: Mon, 3 Mar 2025 08:30:00 +0000\nMIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\n\n{body}"
    )


HTML = (
    f"<html><body><p><b>Name:</b> {NAME}</p><p><b>Email:</b> {EMAIL}</p>"
    f"<p><b>Comments:</b> {COMMENTS}</p></body></html>"
)
FORMS = {
    "form.eml": as_mail(BODY),
    "form in html.eml": as_mail(HTML, "text/html"),
    "form.txt": BODY,
    "form with gaps.txt": f"Contact form\n\nYour name:\n{NAME}\n\nYour e-mail:\n{EMAIL}\n\nYour message:\n{COMMENTS}\n",
    "form.json": json.dumps({"form": "contact", "name": NAME, "email": EMAIL, "comments": COMMENTS}),
    "forms.jsonl": "".join(
        json.dumps({"name": name, "email": email, "comments": text}) + "\n"
        for name, email, text in ((NAME, EMAIL, COMMENTS), ("Owen Price", "owen@example.org", "Thank you."))
    ),
    "form.html": HTML,
    "forms.csv": f'Name,Email,Comments\n{NAME},{EMAIL},"{COMMENTS}"\nOwen Price,owen@example.org,Thanks\n',
}


def findings(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = scan(folder, home=folder.parent / "home", values="clear").findings.to_pylist()
    return rows


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("forms") / "share"
    folder.mkdir()
    for name, text in FORMS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return findings(folder)


@pytest.mark.parametrize("item", list(FORMS))
def test_three_mentions_are_one_record(rows: list[dict[str, Any]], item: str) -> None:
    mentions = {row["value"]: row for row in rows if row["item"] == item and row["value"] in {NAME, EMAIL, PHONE}}
    assert set(mentions) == {NAME, EMAIL, PHONE}
    records = {row["record"] for row in mentions.values()}
    assert len(records) == 1
    assert records != {None}
    assert {row["role"] for row in mentions.values()} == {"self"}


def test_the_next_form_is_another_record(rows: list[dict[str, Any]]) -> None:
    for item in ("forms.jsonl", "forms.csv"):
        of = {row["value"]: row["record"] for row in rows if row["item"] == item}
        assert of[NAME] != of["Owen Price"]


def test_the_web_server_that_sent_a_form_is_not_its_person(rows: list[dict[str, Any]]) -> None:
    of = {row["value"]: row["record"] for row in rows if row["item"] == "form.eml"}
    assert of["noreply@wrenvalley.example"] != of[NAME]


def one_text(tmp_path: Path, text: str) -> dict[str, tuple[str | None, str | None]]:
    """Value -> (record, role) of the findings in a text file."""
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return {row["value"]: (row["record"], row["role"]) for row in findings(folder)}


def test_two_forms_in_one_file_are_two_records(tmp_path: Path) -> None:
    found = one_text(tmp_path, BODY.partition("--")[0] + "Name: Owen Price\nEmail: owen@example.org\nComments: none\n")
    assert found[NAME] == found[EMAIL]
    assert found["Owen Price"] == found["owen@example.org"]
    assert found[NAME][0] != found["Owen Price"][0]


def test_a_relation_has_a_slot_of_its_own(tmp_path: Path) -> None:
    found = one_text(
        tmp_path,
        f"Full name: {NAME}\nDate of birth: 01/02/1980\nEmail: {EMAIL}\n"
        f"Next of kin: Owen Price\nNext of kin mobile: {PHONE}\n",
    )
    assert found[NAME][0] == found[EMAIL][0] == found["01/02/1980"][0]
    assert found["Owen Price"] == found[PHONE]
    assert found["Owen Price"] == (f"{found[NAME][0]};next_of_kin", "next_of_kin")


def test_people_who_are_only_mentioned_are_not_the_person_of_the_form(tmp_path: Path) -> None:
    found = one_text(
        tmp_path, f"Name: {NAME}\nEmail: {EMAIL}\nComments: My neighbour Owen Price told me of you. {NAME}\n"
    )
    assert found[NAME][0] == found[EMAIL][0]
    assert found["Owen Price"][0] is None


def test_a_list_of_people_is_no_record(tmp_path: Path) -> None:
    found = one_text(tmp_path, f"Present: {NAME}, Owen Price\nChair: Mary Vale\nDate: 3 March 2025\n")
    assert {record for record, _ in found.values()} == {None}


def test_prose_is_no_form(tmp_path: Path) -> None:
    found = one_text(tmp_path, f"We met {NAME} on Monday.\nPlease note: her address is {EMAIL}.\nShe will write.\n")
    assert {record for record, _ in found.values()} == {None}
