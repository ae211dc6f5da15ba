"""Worker processes: same rows as serial, and a file that crashes, hangs or eats memory costs one row."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from textwrap import dedent

import pytest

from reports.parquet import Report
from scanner import scan

RECOGNIZER = dedent(
    """
    import os, signal, sqlite3, time
    from presidio_analyzer import EntityRecognizer

    class Trap(EntityRecognizer):
        def __init__(self):
            super().__init__(supported_entities=["TRAP"])

        def load(self):
            pass

        def analyze(self, text, entities, nlp_artifacts=None):
            if "exit the process" in text:
                os._exit(7)
            if "abort the process" in text:
                os.abort()
            if "never come back" in text:
                while True:
                    pass
            if "fill a database" in text:
                base = sqlite3.connect("")
                base.execute("CREATE TABLE filled (value BLOB)")
                base.executemany("INSERT INTO filled VALUES (?)", [(os.urandom(1 << 16),) for _ in range(400)])
                base.close()
            if "eat all memory" in text:
                held = []
                while True:
                    held.append(bytearray(64 << 20))
            return []
    """
)


@pytest.fixture
def traps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A recogniser that crashes on certain words, importable by the workers."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "trap_recognizer.py").write_text(RECOGNIZER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.syspath_prepend(str(folder))
    config = tmp_path / "whosedata.toml"
    config.write_text(
        '[detectors]\npresidio = ["trap_recognizer:Trap"]\n[limits]\nstall_seconds = 3\nworker_memory = "500MB"\n',
        encoding="utf-8",
    )
    return str(config)


def rows(report: Report) -> tuple[list[str], list[str], list[str]]:
    """The three tables, without what may differ between two runs."""
    return tuple(
        sorted(
            map(str, table.drop_columns([name for name in ("cpu_seconds",) if name in table.column_names]).to_pylist())
        )
        for table in (report.findings, report.items, report.keys)
    )  # type: ignore[return-value]


# Those that contain what a file does to its reader.
containing = pytest.mark.parametrize("executor", ["processes", "dask"])
bounded = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")


def zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_every_executor_gives_what_serial_gives(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    for number in range(70):
        (share / f"{number}.txt").write_text(f"write to a{number}@mail.example, NI number AB 12 34 {number:02} C\n" * 5)
    (share / "copy.txt").write_bytes((share / "3.txt").read_bytes())
    (share / "a.zip").write_bytes(zipped({"x.csv": "email\nb@mail.example\n", "y.bin": "\x7fELF\x01\x02\x03"}))
    (share / "broken.zip").write_bytes(zipped({"x.csv": "email\nb@mail.example\n"})[:-30])
    reports = [
        scan(share, home=tmp_path / "home", names="off", executor=executor, jobs=jobs)
        for executor, jobs in (("serial", 1), ("processes", 1), ("processes", 3), ("dask", 2))
    ]
    assert reports[0].findings.num_rows > 600
    assert rows(reports[0]) == rows(reports[1]) == rows(reports[2]) == rows(reports[3])


@containing
@pytest.mark.skipif(os.name != "posix", reason="the traps are those of POSIX systems")
@pytest.mark.parametrize(
    ("words", "reasons"),
    [
        ("exit the process", {"poison"}),
        ("abort the process", {"poison"}),
        ("never come back", {"timed_out"}),
        pytest.param("eat all memory", {"failed", "out_of_memory"}, marks=bounded),
    ],
)
def test_one_bad_member_costs_one_row(tmp_path: Path, traps: str, words: str, reasons: set[str], executor: str) -> None:
    share = tmp_path / "share"
    share.mkdir()
    mail = "write to b@mail.example"
    (share / "a.zip").write_bytes(zipped({"1.txt": mail, "bad.txt": f"{mail} and {words}", "3.txt": f"{mail}."}))
    (share / "b.txt").write_text(mail + "!", encoding="utf-8")
    report = scan(share, home=tmp_path / "home", config=traps, names="off", executor=executor, jobs=2)
    found = {row["item"]: (row["status"], row["reason"]) for row in report.items.to_pylist()}
    assert report.items.num_rows == len(found) == 5
    assert {path for path, (status, _) in found.items() if status == "examined"} == {
        "a.zip", "a.zip!/1.txt", "a.zip!/3.txt", "b.txt",
    }  # fmt: skip
    assert found["a.zip!/bad.txt"][1] in reasons
    places = sorted(row["item"] for row in report.findings.to_pylist())
    assert [place for place in places if "bad" not in place] == ["a.zip!/1.txt", "a.zip!/3.txt", "b.txt"]


@containing
def test_what_a_worker_has_too_much_of_waits_in_its_own_folder(tmp_path: Path, traps: str, executor: str) -> None:
    # sqlite looks once where it may write, when it is imported: before a worker gives up all other folders.
    (tmp_path / "a.txt").write_text("write to b@mail.example and fill a database", encoding="utf-8")
    report = scan(tmp_path / "a.txt", home=tmp_path / "home", config=traps, names="off", executor=executor, jobs=1)
    assert [(row["status"], row["detail"]) for row in report.items.to_pylist()] == [("examined", None)]


@containing
@pytest.mark.skipif(os.name != "posix", reason="needs os.abort")
def test_several_bad_members_cost_a_row_each(tmp_path: Path, traps: str, executor: str) -> None:
    share = tmp_path / "share"
    share.mkdir()
    members = {f"{n}.txt": f"a{n}@mail.example" + (" abort the process" if n % 2 else "") for n in range(9)}
    (share / "a.zip").write_bytes(zipped(members))
    report = scan(share, home=tmp_path / "home", config=traps, names="off", executor=executor, jobs=1)
    found = {row["item"]: (row["status"], row["reason"]) for row in report.items.to_pylist()}
    assert len(found) == report.items.num_rows == 10
    assert found.pop("a.zip") == ("examined", None)
    for path, outcome in found.items():
        bad = int(path.removeprefix("a.zip!/").removesuffix(".txt")) % 2
        assert outcome == (("not_examined", "poison") if bad else ("examined", None))
    assert len({row["item"] for row in report.findings.to_pylist()} - {path for path, _ in found.items()}) == 0
    assert {"a.zip!/0.txt", "a.zip!/8.txt"} <= {row["item"] for row in report.findings.to_pylist()}


@containing
@pytest.mark.skipif(os.name != "posix", reason="needs os.abort")
def test_a_bad_file_of_its_own(tmp_path: Path, traps: str, executor: str) -> None:
    share = tmp_path / "share"
    share.mkdir()
    for name, words in (("1", "b@mail.example"), ("2", "abort the process"), ("3", "c@mail.example")):
        (share / f"{name}.txt").write_text(words, encoding="utf-8")
    report = scan(share, home=tmp_path / "home", config=traps, names="off", executor=executor, jobs=1)
    found = {row["item"]: (row["status"], row["reason"]) for row in report.items.to_pylist()}
    assert found == {"1.txt": ("examined", None), "2.txt": ("not_examined", "poison"), "3.txt": ("examined", None)}
    assert report.findings.num_rows == 2


@containing
@pytest.mark.skipif(os.name != "posix", reason="needs os.abort")
def test_the_worker_was_told_of_all_tiny_files_and_only_the_bad_ones_are_blamed(
    tmp_path: Path, traps: str, executor: str
) -> None:
    """Each is ended three times by a bad file, and told anew of those behind it; no other file is read as often."""
    share = tmp_path / "share"
    share.mkdir()
    bad = {"07.txt", "08.txt", "30.txt", "39.txt"}
    for name in (f"{number:02}.txt" for number in range(40)):
        words = " abort the process" if name in bad else ""
        (share / name).write_text(f"write to a{name[:2]}@mail.example{words}", encoding="utf-8")
    report = scan(share, home=tmp_path / "home", config=traps, names="off", executor=executor, jobs=1)
    found = {row["item"]: (row["status"], row["reason"]) for row in report.items.to_pylist()}
    assert len(found) == report.items.num_rows == 40
    assert {name for name, outcome in found.items() if outcome == ("not_examined", "poison")} == bad
    assert {outcome for name, outcome in found.items() if name not in bad} == {("examined", None)}
    assert sorted(report.findings["item"].to_pylist()) == sorted(set(found) - bad)


@containing
def test_a_share_cannot_smuggle_code_into_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executor: str
) -> None:
    """A file multiprocessing.py in the scanned folder was executed by spawned workers once (reliability.md)."""
    share = tmp_path / "share"
    share.mkdir()
    for name in ("multiprocessing.py", "pickle.py", "scanner.py", "detectors.py"):
        (share / name).write_text("import os; os._exit(9)", encoding="utf-8")
    monkeypatch.chdir(share)
    report = scan(share, home=tmp_path / "home", names="off", executor=executor, jobs=1)
    assert {row["status"] for row in report.items.to_pylist()} == {"examined"}


def test_workers_do_not_import_the_script_that_started_them(tmp_path: Path) -> None:
    """It would load all commands once more in every worker; and a script without a guard would start itself again."""
    (tmp_path / "note.txt").write_text("Write to jane@example.org.\n", encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(
        dedent(f"""
            from scanner import scan

            print("began")
            home = {str(tmp_path / "home")!r}
            report = scan({str(tmp_path / "note.txt")!r}, home=home, names="off", executor="processes")
            print(report.findings.num_rows)
        """),
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["began", "1"]


def test_a_worker_imports_nothing_heavy_that_it_may_not_need() -> None:
    code = (
        "import sys, scanner.executors.worker, scanner.formats.tables.tabular;"
        "from detectors.registry import load_detectors; from detectors.types import DetectorOptions;"
        "load_detectors(DetectorOptions());"
        "print([name for name in ('spacy', 'pandas', 'clevercsv', 'presidio_analyzer') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
