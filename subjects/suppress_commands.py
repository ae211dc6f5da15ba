"""The commands about people who want no direct marketing: suppress add, check, list, lift."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from detectors.labels import expected_types
from reports.parquet import PrivateFile
from reports.safe import printable
from scanner.home import default_home, load_key
from scanner.keys import Keyring
from scanner.plan import PlanError
from subjects.cases.case import fold
from subjects.cases.commands import case_of, day_of, journal_of, today
from subjects.cases.events import Kind
from subjects.cases.opening import seed_of
from subjects.exits import MATCHED, exits, say
from subjects.finding.seeds import make_seed
from subjects.linking.plain_table import read_mapping, read_table
from subjects.options import HOME, PATH
from subjects.person_options import pair, person_options
from subjects.restriction.markers import as_entries, holding
from subjects.suppression import lift, matches, suppress, suppressed

# Which field of a list a heading announces.
_FIELDS = {"EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "ADDRESS": "address", "PERSON": "name"}


@click.group("suppress")
def suppress_group() -> None:
    """Keep the list of people who want no direct marketing, as keyed hashes, and check mailing lists against it.

    \b
    Example:
      whosedata suppress add --email peggy@home.example --why "rang on Monday"
      whosedata suppress check mailing.csv --out to-send.csv
    """


@suppress_group.command("add")
@click.option("--case", "case_id", default="", metavar="CASE", help="The person of a request, which is told so.")
@person_options
@click.option("--since", metavar="DATE", help="The day of the objection.  [default: today]")
@click.option("--why", default="", metavar="TEXT", help="Your note; do not repeat a name or number in it.")
@HOME
@exits
def add_command(
    *, case_id: str, since: str | None, why: str, home: Path | None, ids: tuple[str, ...], **given: Any
) -> None:
    """Put a person on the list, from the same day on. Nothing else about them is changed."""
    place = home or default_home()
    day = day_of(since)
    journal = journal_of(place)
    if case_id:
        person = seed_of(case_of(fold(journal.events()), case_id))
    else:
        person = make_seed(**given, ids=tuple(pair(text) for text in ids))
    number = suppress(place, Keyring(load_key(place)), person, day, why=why, case_id=case_id)
    if case_id:
        journal.add([(case_id, Kind.MARKED, today(), {"what": f"suppression list, entry {number}, since {day}"})])
    say([f"Entry      {number}, since {day}", "Next       whosedata suppress check FILE.csv, before every mailing"])


@suppress_group.command("check")
@click.argument("file", type=PATH, metavar="FILE.csv")
@click.option("--map", "mapping", default="", metavar="FIELD=COLUMN,...", help="Which columns hold what: email, phone, name, given, surname, address, house, postcode.  [default: by the headings]")  # fmt: skip  # noqa: E501
@click.option("--out", type=PATH, metavar="FILE", help="Write the list without these people.")
@HOME
@exits
def check_command(*, file: Path, mapping: str, out: Path | None, home: Path | None) -> None:
    """Look in a mailing list for people who are suppressed, or restricted. Exit code 1 when there are any.

    \b
    Example:
      whosedata suppress check mailing.csv --out to-send.csv
    """
    place = home or default_home()
    keyring = Keyring(load_key(place))
    rows, records = read_table(file, read_mapping(mapping) if mapping else _guessed(file, keyring), keyring)
    entries = suppressed(place)
    since = {entry.number: entry.since for entry in entries}
    found = list(matches(entries, records))
    say(f"row {one.row:>6}  entry {one.number:>4}, since {since[one.number]}  {one.how}" for one in found)
    say([f"{len(found):,} of {len(rows):,} rows are suppressed."])
    held = list(matches(as_entries(holding(place)), records))
    say(f"row {one.row:>6}  restriction {one.number:>4}: may only be stored  {one.how}" for one in held)
    if held:
        say([f"{len(held):,} rows may only be stored."])
    if out:
        gone = {one.row for one in (*found, *held)}
        kept = [row for number, row in enumerate(rows, start=2) if number not in gone]
        _write(out, kept, list(rows[0]) if rows else [])
    if found or held:
        raise SystemExit(MATCHED)


@suppress_group.command("list")
@HOME
@exits
def list_command(*, home: Path | None) -> None:
    """List the entries: since when, from which request, whether lifted. Nobody's name is kept.

    \b
    Example:
      whosedata suppress list
    """
    entries = suppressed(home or default_home())
    say([] if entries else ["Nobody is on the list."])
    for one in entries:
        state = f"lifted {one.lifted}" if one.lifted else "holds"
        say([printable(f"{one.number:>5}  since {one.since}  {state:<18} {one.case_id:<10} {one.why}")])


@suppress_group.command("lift")
@click.argument("number", type=int, metavar="ENTRY")
@HOME
@exits
def lift_command(*, number: int, home: Path | None) -> None:
    """Take a person off the list who asked for mailings again; the entry stays and says so.

    \b
    Example:
      whosedata suppress lift 12
    """
    lift(home or default_home(), number, today())
    say([f"Entry {number} is lifted."])


def _guessed(file: Path, keyring: Keyring) -> Mapping[str, str]:
    """The first column for each field, told by its heading."""
    rows, _ = read_table(file, {}, keyring)
    found: dict[str, str] = {}
    for heading in rows[0] if rows else ():
        for kind in sorted(expected_types(heading) & _FIELDS.keys()):
            found.setdefault(_FIELDS[kind], heading)
    if rows and not found.keys() & {"email", "phone", "address"}:
        raise PlanError(
            f"{file}: no heading says which column holds e-mail, telephone or address. Use --map email=COLUMN."
        )
    return found


def _write(out: Path, rows: Sequence[Mapping[str, str]], heading: Sequence[str]) -> None:
    """Every cell as it was: this list goes into a mailing program, not into a spreadsheet."""
    text = io.StringIO()
    writer = csv.DictWriter(text, heading, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    with PrivateFile(out) as file:
        file.file.write(text.getvalue().encode())
        file.commit()
