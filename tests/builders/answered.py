"""A small share and decisions on its sheet in, the pack that answers an access request out."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from subjects.cli import scan_command, whosedata

PEGGY = ("--name", "Peggy Tolliver", "--email", "peggy@home.example", "--dob", "12/03/1952")
Row = dict[str, str]


def scanned(folder: Path, files: Mapping[str, str], *more: str) -> Path:
    """The folder with share/, home/ and r.parquet in it."""
    for name, text in files.items():
        path = folder / "share" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    words = [str(folder / "share"), "--out", str(folder / "r.parquet"), "--home", str(folder / "home"), "-q", *more]
    result = CliRunner().invoke(scan_command, words)
    assert result.exit_code == 0, result.output
    return folder


def run(folder: Path, *words: str) -> Result:
    """A command in the home of the folder."""
    return CliRunner().invoke(whosedata, [*words, "--home", str(folder / "home")])


def opened(folder: Path, right: str, *more: str) -> str:
    """A new case of Peggy's, who is known."""
    case = run(folder, "case", "new", "--right", right, *PEGGY, *more).output.split()[1].rstrip(",")
    run(folder, "case", "event", case, "identity-confirmed", "--say", "method=known")
    return case


def edited(sheet: Path, decide: Callable[[Row], Mapping[str, str]]) -> Path:
    """The sheet with what a person decides of each line."""
    rows = [row | dict(decide(row)) for row in csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig")))]
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return sheet


def packed(
    folder: Path, case: str, decide: Callable[[Row], Mapping[str, str]] | None = None, *more: str
) -> tuple[Result, Path]:
    """What `access` said, and where the pack is (or is not)."""
    sheet, out, report = folder / f"sheet-{case}.csv", folder / f"pack-{case}", str(folder / "r.parquet")
    made = run(folder, "access", case, report, "--review", str(sheet))
    assert made.exit_code == 0, made.output
    edited(sheet, decide or (lambda row: {"decision": row["proposal"]}))
    return run(folder, "access", case, report, "--decisions", str(sheet), "--out", str(out), *more), out
