"""The command letter: a case and a kind of letter go in, the letter as HTML and DOCX comes out, and an open step."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from scanner.home import default_home
from scanner.plan import PlanError
from subjects.access.controller import Recipient, read_controller, read_recipients
from subjects.access.files import put
from subjects.access.letter import as_docx, as_html
from subjects.cases.case import Case, fold
from subjects.cases.commands import case_of, journal_of, today
from subjects.cases.events import Kind
from subjects.cases.journal import CaseJournal
from subjects.configuration import read_configured
from subjects.exits import exits, say
from subjects.letters.texts import Letter, Occasion, Told, letter_of, notice
from subjects.options import CASE, HOME, PATH

_NEXT = {
    Letter.ACKNOWLEDGEMENT: "acknowledged",
    Letter.IDENTITY: "identity-asked",
    Letter.QUESTION: "question-asked --say why=…",
    Letter.EXTENSION: "extended --say why=…",
    Letter.REFUSAL: "sent --say how=…",
    Letter.LIFTING: "note --say note=…",
}
_EVENT = "whosedata case event"
_EXAMPLES = """\b
Examples:
  whosedata letter 2026-0001 refusal --why "We hold nothing of you beside this letter." --out letters
  whosedata letter 2026-0002 notices --config whosedata.toml --out letters
"""


@click.command("letter", epilog=_EXAMPLES)
@CASE
@click.argument("kind", type=click.Choice([one.value for one in Letter]), metavar="KIND")
@click.option("--why", default="", metavar="TEXT", help="The reason or question, as it stands in the letter.")
@click.option("--recipient", "named", multiple=True, metavar="NAME", help="With notices: somebody beside [[recipients]] who has the data. May be repeated.")  # fmt: skip  # noqa: E501
@click.option("--out", type=PATH, required=True, metavar="DIR", help="Folder to write into.")
@click.option("--config", type=PATH, metavar="FILE", help="whosedata.toml with [controller] and [[recipients]].")  # fmt: skip  # noqa: E501
@HOME
@exits
def letter_command(
    *, case_id: str, kind: str, why: str, named: tuple[str, ...], out: Path, config: Path | None, home: Path | None
) -> None:
    """Write a letter of a request, as HTML and DOCX, to be read and sent by a person.

    Kinds: acknowledgement, identity (ask for proof), question, extension, refusal, lifting (a restriction ends), and
    notices: one to each recipient of data that were corrected, erased or restricted (Article 19). Each recipient is an
    open step of the case until it was told, or telling it is impossible or disproportionate.
    """
    journal = journal_of(home or default_home())
    case = case_of(fold(journal.events()), case_id)
    configured = read_configured(config)
    occasion = Occasion(case, read_controller(configured), today(), why)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    if kind != Letter.NOTICES:
        written = _write(out / f"{case_id}-{kind}", letter_of(Letter(kind), occasion))
        say(
            [f"Letter     {written}", f"Next       send it, then: whosedata case event {case_id} {_NEXT[Letter(kind)]}"]
        )
        return
    say(_notices(journal, occasion, [*read_recipients(configured), *map(Recipient, named)], out))


def _notices(journal: CaseJournal, occasion: Occasion, known: Sequence[Recipient], out: Path) -> Iterator[str]:
    case = occasion.case
    already = {event.said.get("who") for event in case.events if event.kind is Kind.RECIPIENT}
    new = [one for one in dict.fromkeys(known) if one.name not in already]
    for one in (*known, Recipient("")):  # what cannot be written is told before anything is noted
        notice(occasion, one)
    journal.add([(case.case_id, Kind.RECIPIENT, today(), {"who": one.name}) for one in new])
    case = _again(journal, case)
    if not case.recipients:
        raise PlanError(
            f"{case.case_id}: nobody is left to be told. If nobody received these data: whosedata case event "
            f"{case.case_id} recipients-told --say who=nobody"
        )
    by_name = {one.name: one for one in known}
    for number, who in case.recipients:
        stem = re.sub(r"\W+", "-", who.casefold()).strip("-")[:40] or "recipient"
        told = notice(occasion, by_name.get(who, Recipient(who)))
        yield f"Letter     {_write(out / f'{case.case_id}-notice-{number}-{stem}', told)}"
    yield f"Next       send each, then: {_EVENT} {case.case_id} recipient-told --say recipient=N --say how=…"
    yield f"           or, with its reason: {_EVENT} {case.case_id} recipient-not-told --say recipient=N --say why=…"
    yield from (f"           {number} {who}" for number, who in case.recipients)


def _again(journal: CaseJournal, case: Case) -> Case:
    return fold(journal.events())[case.case_id]


def _write(path: Path, told: Told) -> Path:
    put(path.with_name(f"{path.name}.html"), as_html(told, "Letter").encode())
    put(path.with_name(f"{path.name}.docx"), as_docx(told))
    return path.with_name(f"{path.name}.docx")
