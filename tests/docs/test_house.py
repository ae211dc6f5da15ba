"""The house rules that a reader feels: short files, short functions, names that say something, no private paths."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("scanner", "detectors", "reports", "subjects")
FOLDERS = (*ROOMS, "tests", "benchmarks", "sample_data", "supply")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
MAX_LINES, MAX_FUNCTION = 400, 60


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_screenful_of_purpose(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert len(source.splitlines()) <= MAX_LINES
    functions = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    # A command line has an option a line; they stand in decorators, which are not part of the function here.
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > MAX_FUNCTION]
    assert not long
    assert ast.get_docstring(tree) or not source.strip()
    assert not re.search(r"(^|_)(utils?|helpers?|common|misc|managers?)(_|$)", path.stem)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_speak_of_personal_data(room: str) -> None:
    for path in (ROOT / room).rglob("*.py"):
        assert not re.search(r"\bPII\b", path.read_text(encoding="utf-8")), path


def test_tests_are_no_packages() -> None:
    """An __init__.py under tests/ would shadow the real packages of the same names."""
    assert not list((ROOT / "tests").rglob("__init__.py"))
