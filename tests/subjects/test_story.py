"""The story of one request, as a person would type it: scan, request, pack, erasure, notices, proof."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from subjects.cli import whosedata

SCRIPT = Path(__file__).parents[2] / "sample_data" / "story.sh"
NAME = b"Margaret Tolliver"


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no sh")
def test_the_whole_story_plays(tmp_path: Path) -> None:
    place = tmp_path / "story"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    played = subprocess.run(
        ["sh", str(SCRIPT), str(place)], env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    assert played.returncode == 0, played.stdout[-3000:] + played.stderr
    assert "Gaps " not in played.stdout, "the letter lacks something that the example settles"
    assert "Left       share/clients/case notes M Tolliver.txt, line=9" in played.stdout
    # The pack: hers, nobody else's, and encrypted.
    pages = b"".join(file.read_bytes() for file in (place / "answer" / "items").iterdir())
    assert NAME in pages
    assert [name for name in (b"Fairweather", b"Raghunathan", b"O'Sullivan") if name in pages] == []
    assert (place / "answer.zip").stat().st_size > 1000
    # The erasure: out of the notes, the table and the database; kept where the law wants it, with its reason.
    assert NAME not in (place / "share" / "clients" / "case notes M Tolliver.txt").read_bytes()
    assert NAME not in (place / "share" / "clients" / "casework.db").read_bytes()
    assert NAME in (place / "share" / "donors" / "direct debits.csv").read_bytes()
    assert "case notes M Tolliver.txt, line=9" in (place / "certificate.html").read_text("utf-8")
    assert "Gift Aid and accounts" in (place / "certificate.html").read_text("utf-8")
    # The proof: whatever a new scan still gives where the plan changed something is less than before.
    where = [[row["item"] for row in pq.read_table(place / name, columns=["item"]).to_pylist()] for name in ("report.parquet", "after.parquet")]  # fmt: skip  # noqa: E501
    assert where[1].count("clients/casework.db") < where[0].count("clients/casework.db")
    # What is left to do stands in the case, which is not closed before.
    listed = CliRunner().invoke(whosedata, ["cases", "--all", "--format", "json", "--home", str(place / "home")])
    access, erasure = map(json.loads, listed.output.splitlines()[::-1])
    assert (access["outcome"], erasure["outcome"]) == ("responded", None)
    assert erasure["missing"] == ["recipients-told", "sent"]
    assert any("Quickpost Mailings" in what for what in erasure["to_do"])
