"""The harness of our own parsers runs and finds no surprise; without atheris it is skipped, and says so."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

HARNESS = Path(__file__).with_name("harness.py")
pytestmark = pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed: pip install atheris")


def fuzz(name: str, folder: Path, *words: str) -> None:
    found = folder / "corpus"
    found.mkdir()
    command = [sys.executable, str(HARNESS), name, *words, f"-artifact_prefix={folder}/", str(found)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=1200, check=False, cwd=folder, errors="replace"
    )
    surprises = [path.read_bytes() for path in folder.iterdir() if path.is_file()]
    assert done.returncode == 0, (surprises, done.stderr[-3000:], done.stdout[-2000:])
    assert list(found.iterdir()), "nothing new was reached: the parser is not instrumented"


@pytest.mark.parametrize("name", ["sql", "mail", "docx"])
def test_a_thousand_inputs(name: str, tmp_path: Path) -> None:
    fuzz(name, tmp_path, "-runs=1000", "-seed=1", "-verbosity=0")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sql", "mail", "mbox", "docx", "xlsx", "pptx", "odt", "rtf"])
def test_two_minutes_each(name: str, tmp_path: Path) -> None:
    fuzz(name, tmp_path, "-max_total_time=120", "-timeout=60", "-rss_limit_mb=4096")
