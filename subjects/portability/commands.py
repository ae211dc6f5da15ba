"""The command portability: a case and reports go in, a sheet to decide on or a finished export comes out."""

from collections.abc import Sequence
from pathlib import Path

import click

from scanner.home import default_home
from scanner.passwords import NO_PASSWORDS, read_passwords
from scanner.plan import PlanError
from subjects.access.commands import pack_passphrase, refuse, value_id
from subjects.access.controller import read_controller
from subjects.access.extracts import Block
from subjects.access.files import put
from subjects.access.pack import Place, Request, Searched, findings_of, read_blocks
from subjects.access.redaction import Own, words_of
from subjects.access.sealed import seal
from subjects.access.searching import asking, search, search_events
from subjects.cases.case import fold
from subjects.cases.clock import Right
from subjects.cases.commands import case_of, journal_of, today
from subjects.cases.events import Kind
from subjects.configuration import read_configured
from subjects.exits import INCOMPLETE, exits, say
from subjects.finding.seeds import Seed
from subjects.linking.link import require_home
from subjects.model import Relation, Tier
from subjects.options import CASE, HOME, PATH, REPORTS, ROOT
from subjects.portability.bundle import Source, make_bundle
from subjects.portability.columns import fields_of, read_choices, write_sheet
from subjects.portability.portable import INCLUDE, read_portable
from subjects.reopening import Access, moved_roots
from subjects.restriction.checking import warn_of_restriction

_EXAMPLES = """\b
Examples:
  whosedata portability 2026-0003 report.parquet --review sheet.csv
  whosedata portability 2026-0003 report.parquet --decisions sheet.csv --out export --zip export.zip
"""


@click.command("portability", epilog=_EXAMPLES)
@CASE
@REPORTS
@click.option("--review", type=PATH, metavar="FILE", help="Write the sheet to decide on (CSV): one line for each column.")  # fmt: skip  # noqa: E501
@click.option("--decisions", type=PATH, metavar="FILE", help="The sheet, with every line decided.")  # fmt: skip
@click.option("--out", type=PATH, metavar="DIR", help="Folder to make, with JSON, CSV and a schema.")  # fmt: skip
@click.option("--zip", "zipped", type=PATH, metavar="FILE", help="Encrypt it, too; asks for a passphrase, or takes WHOSEDATA_PACK_PASSPHRASE.")  # fmt: skip  # noqa: E501
@click.option("--not-a-person", "passed", multiple=True, metavar="VALUE_ID", help="You looked: this is nobody. As the check printed it.")  # fmt: skip  # noqa: E501
@ROOT
@click.option("--passwords", type=PATH, metavar="FILE", help="The password file of the scan.")
@click.option("--credentials", type=PATH, metavar="FILE", help="Credentials of the places.")
@click.option("--config", type=PATH, metavar="FILE", help="whosedata.toml with [controller] and [[portable]].")  # fmt: skip  # noqa: E501
@HOME
@exits
def portability_command(
    *, case_id: str, reports: tuple[Path, ...], review: Path | None, decisions: Path | None, out: Path | None,
    zipped: Path | None, passed: tuple[str, ...], roots: tuple[str, ...], passwords: Path | None,
    credentials: Path | None, config: Path | None, home: Path | None,
) -> None:  # fmt: skip
    """Give a person the data that they provided, for another organisation's programs (Article 20).

    Only what a person decided to be provided by them, under consent or a contract, goes out; and only their own rows.
    The folder is scanned again before it appears; if somebody else is found in it, it does not.
    """
    place = home or default_home()
    journal = journal_of(place)
    case = case_of(fold(journal.events()), case_id)
    keyring = require_home(list(reports), place)
    person = asking(case, Right.PORTABILITY, keyring)
    warn_of_restriction(place, keyring, person)
    access = Access(place, read_passwords(passwords) if passwords else NO_PASSWORDS, moved_roots(roots), credentials)
    searched = [search(report, person, access) for report in reports]
    own = _own(searched, person)
    lost: list[tuple[Place, str]] = []
    read = _read(searched, own, lost)
    found = fields_of(read.items(), own)
    configured = read_configured(config)
    if review and not decisions:
        if not found:
            raise PlanError("Nothing that is certainly theirs was found. Check the request before you say so.")
        put(review, b"\xef\xbb\xbf" + write_sheet(found, read_portable(configured)).encode())
        say([f"{len(found)} lines in {review}.", "Next       fill in decision, basis and provided_by, then: --decisions FILE --out DIR"])  # fmt: skip  # noqa: E501
        return
    if not decisions or not out:
        raise PlanError("Give --review FILE to make the sheet, or --decisions FILE and --out DIR to make the export.")
    choices, digest = read_choices(decisions, found)
    passphrase = pack_passphrase() if zipped else ""
    request = Request(
        case_id, person, case.dates.received, today(), read_controller(configured), place,
        {"config": config} if config else {}, frozenset(value_id(one) for one in passed),
    )  # fmt: skip
    made = make_bundle(request, Source(read, own), found, choices, out)
    if made.strangers:
        refuse(made.strangers, "export")
    if zipped:
        seal(out, zipped, passphrase)
    included = sum(one.decision == INCLUDE for one in choices.values())
    told = f"columns: {included} included, {len(choices) - included} left out"
    events = [*search_events(reports, searched, person)]
    events.append((Kind.DECIDED, {"decision": told, "why": f"sheet with SHA-256 {digest}"}))
    events.append((Kind.PACKED, {"rows": str(made.rows), "manifest": made.digest}))
    journal.add([(case_id, kind, today(), said) for kind, said in events])
    say([f"Export     {out}: {made.tables} tables, {made.rows} rows; {made.left} cells left empty: somebody else's"])
    say(f"Lost       {'/'.join(where)}: {why}" for where, why in lost)
    say([f"Next       read it, send it, then: whosedata case event {case_id} sent --say how=…"])
    if lost or any(one.answer.unread for one in searched):
        raise SystemExit(INCOMPLETE)


def _own(searched: Sequence[Searched], person: Seed) -> Own:
    """What is certainly theirs: what only may be somebody's is handed to nobody's programs."""
    sure = [hit.row for one in searched for hit in one.answer.hits if hit.tier is Tier.CERTAIN]
    names = words_of((*person.names, *person.aliases))
    return Own(frozenset(row["finding_id"] for row in sure), frozenset(row["value_id"] for row in sure), names)


def _read(searched: Sequence[Searched], own: Own, lost: list[tuple[Place, str]]) -> dict[Place, list[Block]]:
    """The tables in which they stand, and what they wrote; of equal copies the first, and no quotation."""
    read: dict[Place, list[Block]] = {}
    for one in searched:
        sure = [hit for hit in one.answer.hits if hit.tier is Tier.CERTAIN and not hit.duplicate_of]
        places = {
            (hit.row["root"], hit.row["item"])
            for hit in sure
            if "row=" in hit.row["location"] or hit.relation is Relation.AUTHORED
        }
        rows = findings_of(one.paths.findings, places)
        for place, blocks in read_blocks(one, rows, own, lost):
            read[place] = [block for block in blocks if not getattr(block, "quoted", False)]
    return read
