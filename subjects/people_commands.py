"""The commands about people: link, people, find, merge, split, not-same."""

import csv
import io
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.parquet as pq

from reports.ids import format_id
from reports.parquet import PrivateFile, open_report
from reports.safe import printable
from scanner.home import default_home, load_key
from scanner.keys import Keyring
from scanner.passwords import NO_PASSWORDS, read_passwords
from scanner.plan import PlanError
from subjects.exits import INCOMPLETE, exits, say
from subjects.finding.answers import FORMS, as_row
from subjects.finding.contexts import with_context
from subjects.finding.find import find
from subjects.finding.find_subject import find_subject
from subjects.finding.seeds import make_seed, read_seed, seed_words
from subjects.linking.decide import merge, not_same, split
from subjects.linking.frequencies import load_frequencies
from subjects.linking.link import LinkCounts, link, linked_file, require_home
from subjects.linking.linking import link_records
from subjects.linking.plain_table import read_mapping, read_table
from subjects.options import HOME, PATH, REPORTS
from subjects.person_options import pair, person_options
from subjects.reopening import Access, moved_roots

_MOST_SHOWN = 1_000  # nobody reads more in a terminal; the other formats list everything
_WHY = click.option("--why", default="", metavar="TEXT", help="Your reason; do not repeat a name or number in it.")
_REPORT = click.argument("report", type=PATH)


_LINK_EXAMPLES = """\b
Examples:
  whosedata link report.parquet
  whosedata link report.parquet --review
  whosedata link --records members.csv --map given=first_name,surname=last_name,dob=dob
"""


@click.command("link", epilog=_LINK_EXAMPLES)
@click.argument("reports", nargs=-1, type=PATH, metavar="REPORT...")
@click.option("--out", type=PATH, metavar="FILE", help="Name of the files to write.  [default: that of the first report]")  # fmt: skip  # noqa: E501
@click.option("--records", type=PATH, metavar="CSV", help="Link the rows of a plain table instead.")
@click.option("--map", "mapping", default="", metavar="FIELD=COLUMN,...", help="Which columns hold what: given, surname, name, email, phone, dob, address, house, postcode, town, id.")  # fmt: skip  # noqa: E501
@click.option("--review", is_flag=True, help="List the pairs to look at: why, and what to type.")
@HOME
@exits
def link_command(
    *, reports: tuple[Path, ...], out: Path | None, records: Path | None, mapping: str, review: bool, home: Path | None
) -> None:
    """Tell the people of one or several reports apart, by keyed values alone.

    Writes report.subjects.parquet (one row per person) and report.links.parquet (which finding is whose, and why).
    With --records, prints the table again with a column `person`.
    """
    place = home or default_home()
    if records:
        _link_table(records, mapping, place)
    elif not reports:
        raise PlanError("Name at least one report, or a table with --records.")
    else:
        counts = link(reports, place, out)
        shown = printable(shlex.quote(str(out or reports[0])))
        if review:
            say(_review(counts, shown))
        more = [f"           whosedata link {shown} --review  # the pairs to look at"] if counts.doubts else []
        say([f"People     {counts.words}", f"Next       whosedata people {shown}", *([] if review else more)])


def _review(counts: LinkCounts, report: str) -> Iterator[str]:
    """Each pair that may be one person, what speaks for it and against it, and the command for either answer."""
    for one in counts.doubts:
        pair = f"{format_id(one.first)} {format_id(one.second)}"
        yield f"{pair}  {one.score:.2f}  {', '.join(one.agree)}; not joined: {one.reason}"
        yield f'  whosedata merge {report} {pair} --why "..."'
        yield f'  whosedata not-same {report} {pair} --why "..."'
    if not counts.doubts:
        yield "No two people here look like one."


def _link_table(file: Path, mapping: str, home: Path) -> None:
    keyring = Keyring(load_key(home))
    rows, records = read_table(file, read_mapping(mapping), keyring)
    linkage = link_records(records, load_frequencies(keyring))
    numbers = {person: number for number, person in enumerate(dict.fromkeys(linkage.person.tolist()), 1)}
    text = io.StringIO()
    writer = csv.DictWriter(text, ["person", *(rows[0] if rows else ())])
    writer.writeheader()
    writer.writerows(
        {"person": numbers[person], **row} for person, row in zip(linkage.person.tolist(), rows, strict=True)
    )
    sys.stdout.write(text.getvalue())
    click.echo(
        f"whosedata: {len(numbers):,} people in {len(rows):,} rows; {len(linkage.review):,} pairs to look at.", err=True
    )


@click.command("people", epilog="\b\nExample:\n  whosedata people report.parquet --limit 20\n")
@_REPORT
@click.option("--limit", type=int, default=0, metavar="N", help="At most so many.  [default: 0, all]")
@exits
def people_command(report: Path, limit: int) -> None:
    """List the people of a report, names masked, those with most findings first."""
    file = linked_file(report, open_report(report).subjects)
    rows = pq.read_table(file).sort_by([("findings", "descending")]).to_pylist()
    if not rows:
        click.echo(
            "whosedata: nobody is told apart in this report: no name stands beside an e-mail address, a telephone, a "
            "number, a date of birth or an address. Look at the findings: whosedata show "
            f"{printable(shlex.quote(str(report)))}",
            err=True,
        )
        return
    lines = ["subject           name        findings  items  kinds"]
    for row in rows[: limit or None]:
        kinds = ", ".join(row["categories"])
        lines.append(
            printable(
                f"{format_id(row['subject_id'])}  {row['name']:<10}  {row['findings']:>8,}  {row['items']:>5,}  {kinds}"
            )
        )
    say(lines)


_FIND_EXAMPLES = """\b
Examples:
  whosedata find report.parquet --name "Margaret Tolliver" --dob 14/02/1961
  whosedata find report.parquet --email m.tolliver@wren.example --format csv > hits.csv
  whosedata find report.parquet --phone 01632960057 --context
  whosedata find 2025.parquet 2026.parquet --seed request-17.yaml
"""


@click.command("find", epilog=_FIND_EXAMPLES)
@REPORTS
@person_options
@click.option("--accept", "accepted", multiple=True, metavar="FINDING_ID", help="This finding's value is theirs, too.")
@click.option("--from", "since", metavar="DATE", help="Only items dated on or after this day (undated ones stay).")
@click.option("--to", "until", metavar="DATE", help="Only items dated on or before this day (undated ones stay).")
@click.option("--subject", metavar="SUBJECT", help="A person that linking told apart, as `whosedata people` prints it.")
@click.option("--seed", type=PATH, metavar="FILE", help="All of this from a YAML file.")
@click.option("--format", "form", type=click.Choice([*FORMS, "parquet"]), default="table", show_default=True, help="How to print.")  # fmt: skip  # noqa: E501
@click.option("--out", type=PATH, metavar="FILE", help="File for --format parquet.")
@click.option("--context", is_flag=True, help="Open the files again and show, in clear, what stands around each finding.")  # fmt: skip  # noqa: E501
@click.option("--root", "moved", multiple=True, metavar="LABEL=PATH", help="With --context: where a scanned place is now.")  # fmt: skip  # noqa: E501
@click.option("--passwords", type=PATH, metavar="FILE", help="With --context: the password file of the scan.")  # fmt: skip  # noqa: E501
@click.option("--credentials", type=PATH, metavar="FILE", help="With --context: the credentials file of the scan.")  # fmt: skip  # noqa: E501
@HOME
@exits
def find_command(
    *, reports: tuple[Path, ...], subject: str | None, seed: Path | None, form: str, out: Path | None,
    home: Path | None, ids: tuple[str, ...], context: bool, moved: tuple[str, ...], passwords: Path | None,
    credentials: Path | None, **given: Any,
) -> None:  # fmt: skip
    """Find what belongs to one person: certain, probable, possible, or somebody else's after all.

    Values stay masked, but with --context. Exit code 3 when something was not examined: those items are listed, for
    they are part of the answer.
    """
    place = home or default_home()
    if sum((seed is not None, subject is not None, any(given.values()) or bool(ids))) > 1:
        raise PlanError("Give the person by options, by --subject or by --seed: one of the three.")
    person = read_seed(seed) if seed else make_seed(**given, ids=tuple(pair(text) for text in ids))
    if not (subject or seed_words(person)):
        raise PlanError(
            "Say whom to find: --name, --email, --phone, --address, --dob, --id, --subject, or --seed FILE."
        )
    if context and form not in {"table", "json"}:
        raise PlanError("--context works with --format table and json.")
    keyring = require_home(list(reports), place)
    if subject:
        answers = [find_subject(open_report(report), subject) for report in reports]
    else:
        most = _MOST_SHOWN if form == "table" and not context else None
        answers = [find(open_report(report), person, keyring, place, most=most) for report in reports]
    if context:
        known = read_passwords(passwords) if passwords else NO_PASSWORDS
        access = Access(place, known, moved_roots(moved), credentials)
        answers = [with_context(answer, report, access) for answer, report in zip(answers, reports, strict=True)]
    if form == "parquet":
        _write_parquet([as_row(hit) for answer in answers for hit in answer.hits], out)
    for answer in answers if form != "parquet" else ():
        say(FORMS[form](answer))
    unread = sum(len(answer.unread) for answer in answers)
    if unread and form != "table":
        click.echo(
            f"whosedata: {unread:,} items were not, or only partly, examined; --format table lists them.", err=True
        )
    if unread:
        raise SystemExit(INCOMPLETE)


def _write_parquet(rows: list[dict[str, Any]], out: Path | None) -> None:
    if out is None:
        raise PlanError("--format parquet needs --out FILE.")
    with PrivateFile(out) as file:
        pq.write_table(pa.Table.from_pylist(rows), file.file, compression="zstd")
        file.commit()


_MERGE = 'whosedata merge report.parquet 1f0c93aa 77b15e02 --why "married in 2021"'
_NOT_SAME = 'whosedata not-same report.parquet 1f0c93aa 77b15e02 --why "father and son"'
_SPLIT = 'whosedata split report.parquet 1f0c93aa 9d21aa10 --why "her sister"'
_ANY = {"ignore_unknown_options": True}  # ids may begin with a minus


@click.command("merge", context_settings=_ANY, epilog=f"\b\nExample:\n  {_MERGE}\n")
@_REPORT
@click.argument("pair", nargs=2, metavar="SUBJECT SUBJECT")
@_WHY
@HOME
@exits
def merge_command(report: Path, pair: tuple[str, str], why: str, home: Path | None) -> None:
    """Say that two subjects are one person."""
    say(merge(report, pair, why, home or default_home()))


@click.command("not-same", context_settings=_ANY, epilog=f"\b\nExample:\n  {_NOT_SAME}\n")
@_REPORT
@click.argument("pair", nargs=2, metavar="SUBJECT SUBJECT")
@_WHY
@HOME
@exits
def not_same_command(report: Path, pair: tuple[str, str], why: str, home: Path | None) -> None:
    """Say that two subjects are different people."""
    say(not_same(report, pair, why, home or default_home()))


@click.command("split", context_settings=_ANY, epilog=f"\b\nExample:\n  {_SPLIT}\n")
@_REPORT
@click.argument("subject", metavar="SUBJECT")
@click.argument("findings", nargs=-1, required=True, metavar="FINDING...")
@_WHY
@HOME
@exits
def split_command(report: Path, subject: str, findings: tuple[str, ...], why: str, home: Path | None) -> None:
    """Say that findings are not this subject's."""
    say(split(report, subject, findings, why, home or default_home()))
