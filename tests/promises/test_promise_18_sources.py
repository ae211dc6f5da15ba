"""Promise 18: data that came from a partner say so in the answer (Article 15(1)(g)), without naming a person there."""

from pathlib import Path

from answered import opened, packed, scanned

FILES = {
    "referral.eml": (
        "From: Ann Fox <ann.fox@partner.example>\nTo: Office <office@wren.example>\nSubject: referral\n"
        "Date: Mon, 6 May 2024 10:00:00 +0100\nMessage-ID: <1@m.example>\n\n"
        "Client: Peggy Tolliver, peggy@home.example, born 12/03/1952, would like a visit.\n"
    ),
    "private.eml": (
        "From: Bo Day <bo.day1988@gmail.com>\nTo: Office <office@wren.example>\nSubject: hall\n"
        "Date: Tue, 7 May 2024 10:00:00 +0100\nMessage-ID: <2@m.example>\n\n"
        "Peggy Tolliver (peggy@home.example, born 12/03/1952) lent me the key.\n"
    ),
    "own.eml": (
        "From: Peggy Tolliver <peggy@home.example>\nTo: Office <office@wren.example>\nSubject: hall\n"
        "Date: Wed, 8 May 2024 10:00:00 +0100\nMessage-ID: <3@m.example>\n\nI was born on 12/03/1952.\n"
    ),
}


def test_what_a_partner_sent_says_where_it_came_from(tmp_path: Path) -> None:
    folder = scanned(tmp_path, FILES)
    include = {"decision": "include"}
    result, out = packed(folder, opened(folder, "access"), lambda row: include if row["tier"] == "certain" else {"decision": "exclude"})  # fmt: skip  # noqa: E501
    assert result.exit_code == 0, result.output
    pages = [file.read_text("utf-8") for file in (out / "items").iterdir()]
    [referral] = [text for text in pages if "would like a visit" in text]
    assert "<dt>Came from</dt><dd>partner.example</dd>" in referral
    others = [text for text in pages if "would like a visit" not in text]
    assert len(others) == 2
    assert [text for text in others if "Came from" in text] == [], "her own mail, and a private person's"
    assert "partner.example" in (out / "index.html").read_text("utf-8")
    assert not any(name in text for text in pages for name in ("Ann", "ann.fox", "Bo Day", "bo.day"))
