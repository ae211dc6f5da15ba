"""Two people in one sentence, one of whose names is missed: what is beside the other is not surely theirs."""

import json
from pathlib import Path

from click.testing import CliRunner

from subjects.cli import scan_command, whosedata

TEXT = "Qzx Vbn, qzx@first.example, 07700 900124, comes with Bashir Hartwell, bashir@second.example, 07700 900101.\n"


def test_an_address_beside_another_is_to_be_looked_at(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "a.txt").write_text(TEXT, encoding="utf-8")
    report, home = str(tmp_path / "r.parquet"), str(tmp_path / "home")
    words = [str(tmp_path / "share"), "--out", report, "--home", home, "-q"]
    assert CliRunner().invoke(scan_command, words).exit_code == 0
    asked = ("--name", "Bashir Hartwell", "--email", "bashir@second.example", "--phone", "07700 900101")
    found = CliRunner().invoke(whosedata, ["find", report, *asked, "--home", home, "--format", "json"])
    tiers = {(row["entity_type"], row["location"]): row["tier"] for row in map(json.loads, found.stdout.splitlines())}
    at = {kind: TEXT.index(value) for kind, value in (("his", "bashir@"), ("other", "qzx@"), ("phone", "07700 900124"))}
    told = {
        name: [tier for (_, where), tier in tiers.items() if f"chars={start}-" in where] for name, start in at.items()
    }
    assert told["his"] == ["certain"]
    assert "certain" not in told["other"] + told["phone"]
