"""`whosedata find --context`: the text around each hit, from the files as they are now, or why it cannot be shown."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subjects.cli import scan_command, whosedata

ADDRESS = "ann.lee@mail.example"
LETTER = f"Dear Ann,\nplease write to {ADDRESS}, not to the office.\n"


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    place = tmp_path / "share"
    place.mkdir()
    (place / "a.txt").write_text(LETTER, encoding="utf-8")
    (place / "b.csv").write_text(f"name,e-mail\nAnn Lee,{ADDRESS}\nBob Ray,bob@x.example\n", encoding="utf-8")
    with zipfile.ZipFile(place / "c.zip", "w") as archive:
        archive.writestr("one.txt", f"first: {ADDRESS} was here")
        archive.writestr("two.txt", f"second: {ADDRESS} was here")
    result = CliRunner().invoke(scan_command, ["share", "--names", "off", "--jobs", "1", "-q"])
    assert result.exit_code == 0, result.output
    return place


def find(*words: str) -> Result:
    return CliRunner().invoke(whosedata, ["find", "report.parquet", "--email", ADDRESS, *words])


def contexts(*words: str) -> dict[str, dict[str, object]]:
    answer = find("--context", "--format", "json", *words)
    assert answer.exit_code == 0, answer.output
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    return {row["item"]: row["context"] for row in rows if row["entity_type"] == "EMAIL_ADDRESS"}


def test_without_context_no_value_is_shown(share: Path) -> None:
    assert ADDRESS not in find().output
    assert "context" not in find("--format", "json").output


def test_text_rows_and_members_are_shown(share: Path) -> None:
    shown = find("--context")
    assert shown.exit_code == 0
    assert f"      | please write to [{ADDRESS}], not to the office." in shown.stdout
    assert f"> e-mail: {ADDRESS}" in shown.stdout
    assert "bob@x.example" not in shown.stdout
    found = contexts()
    assert found["c.zip!/two.txt"]["before"] == "second: "
    assert {"column": 1, "label": "name", "value": "Ann Lee"} in found["b.csv"]["row"]  # type: ignore[operator]


def test_what_cannot_be_opened_again_is_said_for_each_item(share: Path) -> None:
    (share / "a.txt").unlink()
    (share / "b.csv").write_text("name,e-mail\nAnn Lee,somebody.else@mail.example\n", encoding="utf-8")
    with zipfile.ZipFile(share / "c.zip", "w") as archive:
        archive.writestr("one.txt", f"first: {ADDRESS} was here")
        archive.writestr("two.txt", "somebody.else@mail.example has come instead")
    found = contexts()
    assert "is not there any more" in str(found["a.txt"]["error"])
    assert "has changed since the scan" in str(found["b.csv"]["error"])
    assert found["c.zip!/one.txt"]["text"] == ADDRESS
    assert "has changed since the scan" in str(found["c.zip!/two.txt"]["error"])
    shown = find("--context")
    assert shown.stdout.count("(cannot be shown: ") == 3
    assert "somebody.else" not in shown.output


def test_a_broken_file_does_not_end_the_answer(share: Path) -> None:
    (share / "c.zip").write_bytes(b"%PDF-1.4\nbroken")
    found = contexts()
    assert "c.zip" in str(found["c.zip!/one.txt"]["error"])
    assert found["a.txt"]["text"] == ADDRESS


def test_a_place_that_moved_is_named(share: Path) -> None:
    share.rename("elsewhere")
    assert "--root share=FOLDER" in str(contexts()["a.txt"]["error"])
    assert contexts("--root", "share=elsewhere")["a.txt"]["text"] == ADDRESS
    assert find("--context", "--root", "other=elsewhere").exit_code == 2


def test_context_is_for_reading_only(share: Path) -> None:
    assert find("--context", "--format", "csv").exit_code == 2
