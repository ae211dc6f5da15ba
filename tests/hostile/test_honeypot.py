"""What a scan and the commands behind it write with default settings holds no value: neither in clear nor in code."""

import io
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import honeypot
import pyarrow as pa
import pytest
from traces import traces, unpacked

from reports.parquet import PrivateFile, ReportError
from scanner import scan
from scanner.home import HomeError, load_key

BUILDERS = Path(honeypot.__file__).parent
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
FORMS = ("html", "csv", "xlsx", "jsonl", "json", "sarif")
AFTER = (
    ("show", "report.parquet"),
    ("show", "report.parquet", "--items"),
    ("people", "report.parquet"),
    ("link", "report.parquet", "--review"),
    ("report", "report.parquet", *(word for form in FORMS for word in ("--out", f"form.{form}"))),
    ("audit", "report.parquet", "--html", "audit.html"),
)
# A scan in one process whose every log line, of every library, goes into a file.
LOUD = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, filename="debug.log")
from subjects.cli import scan_command
scan_command(sys.argv[1:])
"""


class Place:
    """A folder to work in: the share, what is written, the home, and where temporary files go."""

    def __init__(self, folder: Path, kinds: int) -> None:
        self.share, self.out, self.home, self.temporary = (folder / name for name in ("share", "out", "home", "tmp"))
        self.values = honeypot.make_share(self.share, kinds)
        for made in (self.out, self.temporary):
            made.mkdir(mode=0o700)
        self.written = (self.out, self.home, self.temporary)

    def environment(self) -> dict[str, str]:
        own = {"TMPDIR": str(self.temporary), "WHOSEDATA_HOME": str(self.home), "PYTHONPATH": str(BUILDERS)}
        return {**os.environ, **own}

    def run(self, *words: str, name: str, mask: int = 0) -> int:
        """Run a command in the folder of what is written; its streams are kept there, too."""
        command = [sys.executable, "-c", f"import os, sys; os.umask({mask}); {words[0]}", *words[1:]]
        done = subprocess.run(
            command, capture_output=True, env=self.environment(), cwd=self.out, timeout=500, check=False
        )
        for stream, told in (("stdout", done.stdout), ("stderr", done.stderr)):
            (self.out / f"{name}.{stream}").write_bytes(told)
            (self.out / f"{name}.{stream}").chmod(0o600)
        return done.returncode

    def whosedata(self, *words: str, name: str) -> int:
        return self.run("from subjects.cli import whosedata; whosedata(sys.argv[1:])", *words, name=name)

    def scan(self, *words: str, name: str = "scan") -> int:
        return self.run(
            "from subjects.cli import scan_command; __name__ == '__main__' and scan_command(sys.argv[1:])",
            str(self.share), "--out", "report.parquet", "-v", *words, name=name,
        )  # fmt: skip


def loose(folders: Sequence[Path]) -> list[str]:
    """Files and folders that somebody else may read."""
    paths = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    return [str(path) for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]


def whole_round(place: Place) -> None:
    """Scan in worker processes, with the log of everything on, and look at the report in every way."""
    assert place.scan("--engine", "serial" if sys.platform == "win32" else "processes") == 0
    for number, words in enumerate(AFTER):
        assert place.whosedata(*words, name=f"command{number}") in {0, 3}, words
    assert len(list(place.out.glob("form*"))) > len(FORMS)


def test_nothing_that_is_written_holds_a_value(tmp_path: Path) -> None:
    place = Place(tmp_path, 9)
    whole_round(place)
    assert not traces(place.written, place.values)
    assert not list(place.temporary.iterdir())
    if os.name == "posix":
        assert not loose((place.out, place.home))


@pytest.mark.slow
def test_nothing_of_thirty_kinds_of_files_is_written_down(tmp_path: Path) -> None:
    place = Place(tmp_path, len(honeypot.KINDS))
    assert len(honeypot.KINDS) >= 30
    assert len(set(place.values)) >= 500
    whole_round(place)
    assert not traces(place.written, place.values)
    assert not list(place.temporary.iterdir())
    if os.name == "posix":
        assert not loose((place.out, place.home))


def log_everything(tmp_path: Path, kinds: int) -> None:
    place = Place(tmp_path, kinds)
    assert place.run(f"exec({LOUD!r})", str(place.share), "--engine", "serial", "--out", "r.parquet", name="loud") == 0
    assert (place.out / "debug.log").exists()
    assert not traces(place.written, place.values)


def test_no_log_holds_a_value(tmp_path: Path) -> None:
    log_everything(tmp_path, 4)


@pytest.mark.slow
def test_no_log_of_thirty_kinds_holds_a_value(tmp_path: Path) -> None:
    log_everything(tmp_path, len(honeypot.KINDS))


def test_an_error_that_quotes_what_was_read_goes_nowhere(tmp_path: Path) -> None:
    place = Place(tmp_path, 4)
    config = tmp_path / "whosedata.toml"
    config.write_text('[detectors]\npresidio = ["raising_detector:Raising"]\n', encoding="utf-8")
    assert place.scan("--config", str(config), "--engine", "serial") == 3
    assert "ValueError" in (place.out / "scan.stdout").read_text(encoding="utf-8")
    assert not traces(place.written, place.values)


@posix
@pytest.mark.slow
def test_a_scan_that_was_killed_left_no_value(tmp_path: Path) -> None:
    place = Place(tmp_path, len(honeypot.KINDS))
    for wait in (0.2, 1.0, 3.0, 5.0, 8.0):
        program = (
            "import sys; from subjects.cli import scan_command; __name__ == '__main__' and scan_command(sys.argv[1:])"
        )
        running = subprocess.Popen(
            [sys.executable, "-c", program, str(place.share), "--out", "report.parquet", "--fresh", "-q"],
            env=place.environment(), cwd=place.out, start_new_session=True,
        )  # fmt: skip
        time.sleep(wait)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        assert not traces((place.out, place.home), place.values)
    assert list(place.out.iterdir())


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    place = Place(tmp_path, 2)
    scan(place.share, out=place.out / "report.parquet", home=place.home, values="clear", names="off")
    found = traces(place.written, place.values)
    for value in (honeypot.person(0)["E-mail"], honeypot.person(1)["IBAN"], honeypot.person(1)["Mobile"]):
        assert any(value in one for one in found), value


def test_the_search_finds_what_is_in_a_part_of_a_scan_that_was_cut_off() -> None:
    table = pa.table({"value": ["nothing", "ann.lee@mail.example"]})
    out = io.BytesIO()
    with pa.ipc.new_file(out, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table)
        cut = out.getvalue()
    for data in (out.getvalue(), cut):
        assert any(b"ann.lee@mail.example" in found for _, found in unpacked("part", data))
    assert list(unpacked("part", cut[:9]))


@posix
def test_a_folder_that_everybody_may_write_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    with pytest.raises(ReportError, match="chmod o-w"):
        scan(tmp_path / "share", out=open_to_all / "report.parquet", home=tmp_path / "home")
    with pytest.raises(ReportError, match="Everybody on this computer"), PrivateFile(open_to_all / "page.html"):
        pass
    with pytest.raises(HomeError, match="Everybody on this computer"):
        load_key(open_to_all)
    assert not list(open_to_all.iterdir())
    open_to_all.chmod(0o1777)  # like /tmp: what is put there nobody else can take away
    scan(tmp_path / "share", out=open_to_all / "report.parquet", home=tmp_path / "home")


def test_another_key_gives_a_report_that_cannot_be_linked_to_the_old_one(tmp_path: Path) -> None:
    share = tmp_path / "share"
    honeypot.make_share(share, 4)
    old, new = (scan(share, home=tmp_path / name, names="off") for name in ("old", "new"))
    assert old.findings.num_rows == new.findings.num_rows > 20
    for table in ("findings", "items", "keys"):
        for column in {"finding_id", "value_id", "key", "content_hash"} & set(getattr(old, table).column_names):
            both = [set(getattr(report, table)[column].to_pylist()) - {None} for report in (old, new)]
            assert both[0]
            assert not both[0] & both[1], (table, column)
    assert old.metadata["key_id"] != new.metadata["key_id"]
    # The old report is of no use to who has the new key only.
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o700)
    scan(share, home=tmp_path / "old", names="off", out=kept / "report.parquet")
    with pytest.raises(HomeError, match="key of another home"):
        scan(share, home=tmp_path / "new", names="off", since=kept / "report.parquet", out=kept / "later.parquet")
