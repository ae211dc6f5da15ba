"""Linking whole reports: a big one comes in several parts, each with words numbered in its own way."""

import shlex
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from reports import parquet
from reports.parquet import PrivateFile, TableWriter, report_paths
from scanner.home import INDEX_FOLDER
from subjects.cli import scan_command, whosedata
from subjects.linking.link import link

SHARE = Path(__file__).parents[2] / "sample_data" / "share"


def write_in_parts(path: Path, rows: int) -> None:
    table = pq.read_table(path)
    with PrivateFile(path) as file:
        writer = TableWriter(file.file, table.schema)
        for start in range(0, len(table), rows):
            writer.write(table.slice(start, rows))
        writer.close()
        file.commit()


def test_a_report_in_many_parts_is_linked_as_one_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, home = tmp_path / "r.parquet", tmp_path / "home"
    result = CliRunner().invoke(scan_command, [str(SHARE), "--out", str(out), "--home", str(home), "-q", "--jobs", "1"])
    assert result.exit_code == 0, result.output
    whole = link([out], home)
    links = pq.read_table(report_paths(out).links).to_pylist()
    monkeypatch.setattr(parquet, "ROW_GROUP", 25)
    paths = report_paths(out)
    for path in (paths.findings, paths.items, paths.keys):
        write_in_parts(path, 25)
    assert link([out], home) == whole
    assert pq.read_table(paths.links).to_pylist() == links
    assert whole.people > 40


@pytest.mark.parametrize("size", [25, 24, 23, 11, 7, 3, 1])
def test_a_report_in_many_parts_answers_as_one_in_one(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, home = tmp_path / "r.parquet", tmp_path / "home"
    CliRunner().invoke(scan_command, [str(SHARE), "--out", str(out), "--home", str(home), "-q", "--jobs", "1"])

    def answers() -> list[str]:
        words = (["--name", "Margaret Tolliver", "--dob", "12/03/1952"], ["--name", "M Tolliver"])
        found = [
            CliRunner().invoke(whosedata, ["find", str(out), "--home", str(home), *one, "--format", "json"])
            for one in words
        ]
        return [line for one in found for line in one.stdout.splitlines()]

    whole = answers()
    assert len(whole) > 20
    monkeypatch.setattr(parquet, "ROW_GROUP", size)
    paths = report_paths(out)
    for path in (paths.findings, paths.items, paths.keys):
        write_in_parts(path, size)
    shutil.rmtree(home / INDEX_FOLDER)
    assert answers() == whole


def test_pairs_to_look_at_come_with_the_command_to_type(tmp_path: Path) -> None:
    rows = ["Colin Quill,02/01/1950,", "Colin Quill,09/07/1980,", "Colin Quill,,"]
    lines = [f'{row}"5 Mill Lane, Towcester, NN12 6RD"' for row in rows]
    (tmp_path / "a.csv").write_text("\n".join(["name,date of birth,address", *lines]), encoding="utf-8")
    out, home = str(tmp_path / "r.parquet"), ["--home", str(tmp_path / "home")]
    CliRunner().invoke(scan_command, [str(tmp_path / "a.csv"), "--out", out, *home, "-q"])
    shown = CliRunner().invoke(whosedata, ["link", out, "--review", *home]).stdout
    assert "not joined: fits two different people" in shown
    assert f"; {shown.count('; not joined: ')} pairs to look at" in shown
    command = next(line for line in shown.splitlines() if line.startswith("  whosedata merge")).replace("...", "his")
    people = len(CliRunner().invoke(whosedata, ["people", out]).stdout.splitlines())
    assert CliRunner().invoke(whosedata, [*shlex.split(command)[1:], *home]).exit_code == 0
    assert CliRunner().invoke(whosedata, ["link", out, *home]).exit_code == 0
    assert len(CliRunner().invoke(whosedata, ["people", out]).stdout.splitlines()) == people - 1
