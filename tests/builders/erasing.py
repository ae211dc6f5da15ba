"""The commands of an erasure or rectification, from the request to the plan, as somebody at a desk would give them."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result
from erasable import EMAIL, NAME, PHONE

from subjects.cli import scan_command, whosedata

Row = dict[str, str]


def run(place: Path, *words: str) -> Result:
    """One command of whosedata in the home of this place."""
    return CliRunner().invoke(whosedata, [*words, "--home", str(place / "home")])


def scan_share(place: Path, out: str = "r") -> Path:
    """Scan `share`; the report."""
    report = place / f"{out}.parquet"
    words = [str(place / "share"), "--out", str(report), "--home", str(place / "home"), "-q", "--jobs", "1"]
    result = CliRunner().invoke(scan_command, words)
    assert result.exit_code in {0, 3}, result.output
    return report


def open_case(place: Path, right: str = "erasure") -> str:
    """A request whose sender is known; its number."""
    words = ("--right", right, "--name", NAME, "--email", EMAIL, "--phone", PHONE, "--received", "2026-01-05")
    made = run(place, "case", "new", *words)
    assert made.exit_code == 0, made.output
    number = made.output.partition("case event ")[2].split()[0]
    run(place, "case", "event", number, "identity-confirmed", "--say", "method=known")
    return number


def hers(row: Row) -> Row:
    """All that was found goes (nobody else in the share has the name); of mails that are another's only the values."""
    decision = "exclude" if row["tier"] == "excluded" else "include"
    if decision == "include" and "one" in row["item"]:
        decision = "redact"
    return {**row, "decision": decision}


def decide(place: Path, case: str, report: Path, how: Callable[[Row], Row] = hers, group: str = "erase") -> Path:
    """Have the sheet written, fill it in; the sheet."""
    sheet = place / "sheet.csv"
    made = run(place, group, "review", case, str(report), "--out", str(sheet))
    assert made.exit_code == 0, made.output
    rows = [how(row) for row in csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig")))]
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return sheet


def rectify(place: Path, case: str, report: Path, old: str, new: str, how: Callable[[Row], Row] = hers) -> Path:
    """Decide and plan a rectification; the plan."""
    sheet, plan = decide(place, case, report, how, "rectify"), place / "plan.json"
    words = ("--old", old, "--new", new, "--proof", "letter 7", "--decisions", str(sheet), "--out", str(plan))
    made = run(place, "rectify", "plan", case, str(report), *words)
    assert (made.exit_code, " 0 by hand" in made.output) == (0, True), made.output
    return plan


def make_plan_file(place: Path, case: str, report: Path, how: Callable[[Row], Row] = hers) -> tuple[Path, str]:
    """Decide and plan; the plan, and what the command said."""
    sheet, plan = decide(place, case, report, how), place / "plan.json"
    words = ("--decisions", str(sheet), "--out", str(plan))
    made = run(place, "erase", "plan", case, str(report), *words)
    assert made.exit_code == 0, made.output
    return plan, made.output


def apply_plan(place: Path, plan: Path, group: str = "erase") -> Result:
    """Carry a plan out."""
    return run(place, group, "apply", str(plan), "--confirm", "--out", str(place / "record.html"))
