"""No data becomes code: no way to it stands in our sources, and a share full of modules runs none of them."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.parquet import read_report

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("detectors", "reports", "scanner", "subjects")
# Calls that turn bytes or text into code or objects of any class, or hand a line to a shell.
FORBIDDEN = frozenset(
    (
        "eval", "exec", "compile", "execfile", "__import__", "pickle.load", "pickle.loads", "pickle.Unpickler",
        "cPickle.loads", "marshal.load", "marshal.loads", "shelve.open", "dill.load", "dill.loads", "joblib.load",
        "torch.load", "pandas.read_pickle", "pd.read_pickle", "os.system", "os.popen", "os.execvp", "os.execv",
        "os.startfile", "subprocess.getoutput", "subprocess.getstatusoutput", "yaml.load", "yaml.load_all",
        "yaml.unsafe_load", "yaml.full_load", "tarfile.open", "shutil.unpack_archive", "code.interact",
        "runpy.run_path", "ctypes.CDLL", "importlib.util.spec_from_file_location", "logging.config.listen",
    )
)  # fmt: skip
# Where one of them stands, and why that is fine.
FINE = {
    "scanner/formats/archives/libarchive.py: ctypes.CDLL",  # a library of the system, by the name of the system
}
ARGUMENTS = {"shell": True, "allow_pickle": True}
MODULES = (
    "sitecustomize", "usercustomize", "click", "pandas", "numpy", "json", "re", "multiprocessing", "pyarrow", "spacy",
    "scanner", "subjects", "detectors", "reports", "logging", "encodings", "conftest", "setup", "en_core_web_sm",
    "tesserocr", "yaml", "sqlite3", "email", "html", "antigravity",
)  # fmt: skip
LEAVE_A_MARK = "import os\nopen(os.path.join(os.environ['MARKS'], __name__), 'w').close()\n"


def suspicious(path: Path) -> Iterator[str]:
    """Calls in one source file by which data could become code."""
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    modules = {"pickle", "marshal", "shelve", "dill", "joblib", "runpy"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            own_process = called == "ctypes.CDLL" and ast.unparse(node.args[0]) == "None"
            if called in FORBIDDEN and not own_process:
                yield f"{name}: {called}"
            for word in node.keywords:
                if word.arg in ARGUMENTS and not (isinstance(word.value, ast.Constant) and word.value.value is False):
                    yield f"{name}: {called}({word.arg}=...)"
        if isinstance(node, ast.ImportFrom) and node.module in modules:
            yield f"{name}: from {node.module} import"


def test_no_source_of_ours_makes_code_of_data() -> None:
    found = [one for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) for one in suspicious(path)]
    assert set(found) <= FINE


def test_the_search_finds_such_calls(tmp_path: Path) -> None:
    source = tmp_path / "x.py"
    lines = ("pickle.loads(x)", "eval(y)", "run(a, shell=True)", "load(a, allow_pickle=b)", "from marshal import loads")
    source.write_text("\n".join([*lines, "load(a, allow_pickle=False)"]), encoding="utf-8")
    assert len(list(suspicious(source))) == 5


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """A share of modules, settings and models, each of which would leave a mark or change the scan."""
    folder = tmp_path / "share"
    folder.mkdir()
    for name in MODULES:
        (folder / f"{name}.py").write_text(LEAVE_A_MARK, encoding="utf-8")
    for name in ("spacy", "regex", "onnxruntime", "presidio_analyzer", "whosedata"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(LEAVE_A_MARK, encoding="utf-8")
    (folder / "evil.pth").write_text("import os; open(os.path.join(os.environ['MARKS'], 'pth'), 'w').close()\n")
    (folder / "whosedata.toml").write_text(
        '[scan]\nexclude = ["*"]\nvalues = "clear"\nnonsense = 1\n', encoding="utf-8"
    )
    (folder / "pyproject.toml").write_text('[tool.whosedata]\nexclude = ["*"]\n', encoding="utf-8")
    (folder / ".env").write_text(f"WHOSEDATA_HOME={tmp_path / 'theirs'}\n", encoding="utf-8")
    (folder / "pyvenv.cfg").write_text("home = .\n", encoding="utf-8")
    (folder / "letter.txt").write_text("Dear Mrs Margaret Tolliver, write to peggy@home.example\n", encoding="utf-8")
    (folder / "a b; touch owned.txt").write_text("ann@x.example\n", encoding="utf-8")
    (folder / "$(touch owned).txt").write_text("bob@x.example\n", encoding="utf-8")
    return folder


def test_a_share_as_the_current_folder_runs_nothing(share: Path, tmp_path: Path) -> None:
    marks, out = tmp_path / "marks", tmp_path / "out"
    marks.mkdir()
    out.mkdir(mode=0o700)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment = {**kept, "MARKS": str(marks), "WHOSEDATA_HOME": str(tmp_path / "home")}
    # The modules do leave marks where Python looks for them in the current folder.
    subprocess.run([sys.executable, "-c", "import click"], cwd=share, env=environment, check=True, timeout=60)
    assert [mark.name for mark in marks.iterdir()] == ["click"]
    (marks / "click").unlink()
    commands = Path(sys.executable).parent
    shutil.rmtree(share / "__pycache__")
    before = sorted(share.rglob("*"))
    report = str(out / "report.parquet")
    for words in (
        ("scan", ".", "--out", report, "--jobs", "2", "--label", "share"),
        ("whosedata", "show", report),
        ("whosedata", "people", report),
        ("whosedata", "audit", report, "--html", str(out / "audit.html")),
        ("whosedata", "scan", "letter.txt", "--out", str(out / "one.parquet"), "--names", "standard"),
        ("whosedata", "--help"),
    ):
        done = subprocess.run(
            [commands / words[0], *words[1:]], cwd=share, env=environment, capture_output=True, timeout=300, check=False
        )
        assert done.returncode in {0, 3}, (words, done.stderr)
    assert not list(marks.iterdir())
    assert sorted(share.rglob("*")) == before
    assert not (tmp_path / "theirs").exists()
    written = read_report(Path(report))
    rows = {row["item"]: row for row in written.items.to_pylist()}
    assert not [row for row in rows.values() if row["reason"] == "excluded"]
    assert {"whosedata.toml", "evil.pth", "sitecustomize.py", "spacy/__init__.py"} <= set(rows)
    assert set(written.findings["value"].to_pylist()) == {None}
