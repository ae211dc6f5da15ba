"""Promise 9: what is said of decisions by machines stands in the answer, with the day on which it was checked."""

from pathlib import Path

import pytest
from answered import opened, packed, scanned

NOTE = {"note.txt": "Client: Peggy Tolliver, peggy@home.example, born 12/03/1952.\n"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            'automated_decisions = "none"\nautomated_decisions_checked = "1 November 2026"',
            ("no significant decision about you by automated means alone", "Articles 22A to 22D", "on 1 November 2026"),
        ),
        ('automated_decisions = "none"', ("Articles 22A to 22D", "was last checked: not determined")),
        ('automated_decisions = "A score decides on credit."', ("A score decides on credit.", "contest it", "22C")),
        ("", ("<h2>Decisions by machines</h2><p>not determined</p>",)),
    ],
)
def test_the_answer_says_whether_machines_decide(tmp_path: Path, said: str, words: tuple[str, ...]) -> None:
    folder = scanned(tmp_path, NOTE)
    config = folder / "whosedata.toml"
    config.write_text(f'[controller]\nname = "Wren Close Trust"\n{said}\n', encoding="utf-8")
    result, out = packed(folder, opened(folder, "access"), None, "--config", str(config))
    assert result.exit_code == 0, result.output
    letter = (out / "letter.html").read_text("utf-8")
    assert [one for one in words if one not in letter] == []
