"""Promise 19: recipients are named in the answer (Article 15(1)(c)) and told what happens to them (Article 19)."""

from pathlib import Path

from answered import opened, packed, run, scanned

CONFIG = """
[controller]
name = "Wren Close Trust"

[[recipients]]
name = "Quickpost Mailings"
contact = "data@quickpost.example"
what = "name and address, for letters"

[own]
domains = ["wren.example"]
"""
FILES = {
    "labels.eml": (
        "From: Office <office@wren.example>\nTo: Ann Fox <ann.fox@printer.example>\n"
        "Cc: Bo Day <bo.day@wren.example>, Cy Hart <cy.hart@gmail.com>\nSubject: labels\n"
        "Date: Mon, 6 May 2024 10:00:00 +0100\nMessage-ID: <1@m.example>\n\n"
        "Please print: Peggy Tolliver, peggy@home.example, born 12/03/1952.\n"
    ),
}


def test_the_answer_names_who_received_data_and_each_is_told(tmp_path: Path) -> None:
    config = tmp_path / "whosedata.toml"
    config.write_text(CONFIG, encoding="utf-8")
    folder = scanned(tmp_path, FILES, "--config", str(config))
    access = opened(folder, "access")
    result, out = packed(folder, access, None, "--config", str(config))
    assert result.exit_code == 0, result.output
    letter = (out / "letter.html").read_text("utf-8")
    assert "Quickpost Mailings: name and address, for letters" in letter
    assert "messages about you went to addresses at printer.example." in letter
    assert "gmail.com" not in letter, "a private mailbox is no organisation"
    assert "Ann" not in letter
    erasure = opened(folder, "erasure")
    run(folder, "case", "close", access, "--outcome", "withdrawn")
    run(folder, "case", "event", erasure, "erased", "--say", "what=1 file")
    words = ("--config", str(config), "--recipient", "printer.example", "--out", str(tmp_path / "letters"))
    assert run(folder, "letter", erasure, "notices", *words).exit_code == 0
    names = sorted(path.name for path in (tmp_path / "letters").glob("*.docx"))
    assert [name.split("-", 4)[4] for name in names] == ["quickpost-mailings.docx", "printer-example.docx"]
    shown = run(folder, "case", "show", erasure).output
    assert [name for name in ("Quickpost Mailings", "printer.example") if f"recipient           {name}" not in shown] == []  # fmt: skip  # noqa: E501
