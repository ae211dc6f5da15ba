"""The command access: a case and reports go in, a sheet to decide on or a finished pack comes out."""

import os
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import click

from reports.ids import id_range
from reports.plural import plural
from reports.safe import printable
from scanner.home import default_home
from scanner.passwords import NO_PASSWORDS, read_passwords
from scanner.plan import PlanError
from subjects.access.check import Stranger
from subjects.access.controller import read_controller, read_recipients, undetermined
from subjects.access.pack import Packed, Request, make_pack
from subjects.access.review import Decided, Line, counted, lines_of, read_sheet
from subjects.access.sealed import seal
from subjects.access.searching import asking, search, search_events, write_review
from subjects.cases.case import fold
from subjects.cases.clock import Right
from subjects.cases.commands import case_of, journal_of, today
from subjects.cases.events import Kind
from subjects.configuration import read_configured
from subjects.exits import FAILED, INCOMPLETE, exits, say, shown
from subjects.linking.link import require_home
from subjects.options import CASE, HOME, PATH, REPORTS, ROOT
from subjects.reopening import Access, moved_roots
from subjects.restriction.checking import warn_of_restriction

PACK_PASSPHRASE = "WHOSEDATA_PACK_PASSPHRASE"  # noqa: S105 - the name of a variable
_EXAMPLES = """\b
Examples:
  whosedata access 2026-0001 report.parquet --review sheet.csv --accept-certain
  whosedata access 2026-0001 report.parquet --decisions sheet.csv --out answer --zip answer.zip
"""


@click.command("access", epilog=_EXAMPLES)
@CASE
@REPORTS
@click.option("--review", type=PATH, metavar="FILE", help="Write the sheet to decide on (CSV).")
@click.option("--accept-certain", is_flag=True, help="Fill in the proposals for all that is certain.")
@click.option("--decisions", type=PATH, metavar="FILE", help="The sheet, with every line decided.")
@click.option("--out", type=PATH, metavar="DIR", help="Folder to make, with the letter and the extracts.")  # fmt: skip
@click.option("--zip", "zipped", type=PATH, metavar="FILE", help=f"Encrypt it, too; asks for a passphrase, or takes {PACK_PASSPHRASE}.")  # fmt: skip  # noqa: E501
@click.option("--expires", type=click.IntRange(1, 365), default=30, metavar="DAYS", show_default=True, help="How long the person may fetch it; then delete your copy.")  # fmt: skip  # noqa: E501
@click.option("--not-a-person", "passed", multiple=True, metavar="VALUE_ID", help="You looked: this is nobody. As the check printed it.")  # fmt: skip  # noqa: E501
@ROOT
@click.option("--passwords", type=PATH, metavar="FILE", help="The password file of the scan.")
@click.option("--credentials", type=PATH, metavar="FILE", help="Credentials of the places.")
@click.option("--config", type=PATH, metavar="FILE", help="whosedata.toml with [controller] and [own].")  # fmt: skip
@HOME
@exits
def access_command(
    *, case_id: str, reports: tuple[Path, ...], review: Path | None, accept_certain: bool, decisions: Path | None,
    out: Path | None, zipped: Path | None, expires: int, passed: tuple[str, ...], roots: tuple[str, ...],
    passwords: Path | None, credentials: Path | None, config: Path | None, home: Path | None,
) -> None:  # fmt: skip
    """Answer a request to see one's data: first a sheet to decide on, then the pack.

    Everybody else is taken out of the extracts. The pack is scanned again before it appears; if somebody else is found
    in it, it does not.
    """
    place = home or default_home()
    journal = journal_of(place)
    case = case_of(fold(journal.events()), case_id)
    keyring = require_home(list(reports), place)
    person = asking(case, Right.ACCESS, keyring)
    warn_of_restriction(place, keyring, person)
    access = Access(place, read_passwords(passwords) if passwords else NO_PASSWORDS, moved_roots(roots), credentials)
    searched = [search(report, person, access) for report in reports]
    lines = lines_of(hit for found in searched for hit in found.answer.hits)
    if review and not decisions:
        then = f"whosedata access {case_id} {shown(reports)} --decisions {shown([review])} --out DIR"
        write_review(review, lines, accept_certain, then)
        return
    if not decisions or not out:
        raise PlanError("Give --review FILE to make the sheet, or --decisions FILE and --out DIR to make the pack.")
    decided = read_sheet(decisions, lines)
    passphrase = pack_passphrase() if zipped else ""
    configured = read_configured(config)
    last = today() + timedelta(days=expires)
    request = Request(
        case_id, person, case.dates.received, today(), read_controller(configured), place,
        {"config": config} if config else {}, frozenset(value_id(one) for one in passed),
        last, read_recipients(configured),
    )  # fmt: skip
    packed = make_pack(request, searched, lines, decided, out)
    if packed.strangers:
        refuse(packed.strangers, "pack")
    if zipped:
        seal(out, zipped, passphrase)
    events = [*search_events(reports, searched, person), *_done(lines, decided, packed, last)]
    journal.add([(case_id, kind, today(), said) for kind, said in events])
    gaps = undetermined(request.controller, bool(request.recipients))
    _tell(case_id, packed, out, zipped, gaps, unread=sum(len(found.answer.unread) for found in searched))


def pack_passphrase() -> str:
    """Of the environment or asked for: never on the command line, where others on this computer can see it."""
    return os.environ.get(PACK_PASSPHRASE) or str(
        click.prompt("Passphrase for the ZIP", hide_input=True, confirmation_prompt=True)
    )


def value_id(typed: str) -> int:
    """A value id as the check of a pack prints it; raises PlanError for anything else."""
    bounds = id_range(typed)
    if bounds is None or bounds[0] != bounds[1]:
        raise PlanError(f"--not-a-person {printable(typed)}: type all 16 letters, as the check printed them.")
    return bounds[0] - 2**64 if bounds[0] >= 2**63 else bounds[0]


def refuse(found: Sequence[Stranger], what: str) -> None:
    """Say who else is in a `what` that was not made, values masked, and end."""
    say(
        f"{one.value_id & (2**64 - 1):016x}  {one.entity_type:<16} {one.preview:<16} {one.file}  {one.location}"
        for one in found
    )
    click.echo(
        f"whosedata: The {what} was not made: {len(found)} values in it are somebody else's, or look so. "
        "Decide “redact” or “exclude” for these items, or say --not-a-person ID for what is nobody.", err=True,
    )  # fmt: skip
    raise SystemExit(FAILED)


def _done(
    lines: Sequence[Line], decided: Decided, packed: Packed, expires: date
) -> Iterator[tuple[Kind, dict[str, str]]]:
    """For the journal: how it was done, never what was found."""
    counts = ", ".join(f"{name} {number}" for name, number in counted(decided, lines) if number)
    yield Kind.DECIDED, {"decision": counts, "why": f"sheet with SHA-256 {decided.digest}"}
    taken = str(packed.redactions.total())
    said = {"extracts": str(packed.items), "taken out": taken, "expires": expires.isoformat()}
    yield Kind.PACKED, {**said, "manifest": packed.digest}


def _tell(case_id: str, packed: Packed, out: Path, zipped: Path | None, gaps: Sequence[str], *, unread: int) -> None:
    items, taken = plural(packed.items, "extract"), plural(packed.redactions.total(), "mention")
    lines = [f"Pack       {out}: {items}, {taken} of others taken out"]
    if zipped:
        lines.append(f"ZIP        {zipped}; tell the passphrase another way")
    lines.append(f"Keep       {out}.working.csv: which extract is of which file. Do not send it.")
    lines += [f"Lost       {printable('/'.join(place))}: {printable(why)}" for place, why in packed.lost]
    if gaps:
        lines.append(f"Gaps       the letter says “not determined” of: {', '.join(gaps)}")
        lines.append("           Write them under [controller] in whosedata.toml, and make it again with --config.")
    lines.append(f"Next       read it, send it, then: whosedata case event {case_id} sent --say how=…")
    say(lines)
    if unread or packed.lost:
        raise SystemExit(INCOMPLETE)
