"""A case and reports go in, who asks, what is known of them and a sheet to decide on come out, for every right."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

from reports.parquet import PrivateFile, open_report, read_metadata
from reports.plural import plural
from scanner.keys import Keyring
from scanner.plan import PlanError
from subjects.access.pack import Searched
from subjects.access.review import Line, write_sheet
from subjects.cases.case import Case
from subjects.cases.clock import Right
from subjects.cases.events import Kind
from subjects.cases.opening import seed_of
from subjects.exits import say
from subjects.finding.find import find
from subjects.finding.seeds import Seed, seed_keys
from subjects.linking.link import require_home
from subjects.reopening import Access, sources_of


def asking(case: Case, right: Right, keyring: Keyring) -> Seed:
    """Who asks for this right.

    Raises:
        PlanError: the case is for another right, is closed, it is not clear who asks, or many people fit.
    """
    if case.right is not right:
        raise PlanError(f"{case.case_id} is a request for {case.right}; this command is for {right}.")
    if not case.is_open:
        raise PlanError(f"{case.case_id} is closed.")
    if Kind.IDENTITY_CONFIRMED in case.missing:
        raise PlanError(
            f"{case.case_id}: it is not confirmed who asks. First: whosedata case event {case.case_id} "
            "identity-confirmed --say method=…"
        )
    person = seed_of(case)
    if seed_keys(person, keyring).thin:
        raise PlanError(
            f"{case.case_id} knows a name only, which may fit several people: a wrong one could be meant. Ask "
            "for an address, a date of birth or a number, and open the case anew with it."
        )
    return person


def search(report: Path, person: Seed, access: Access) -> Searched:
    """What one report knows of a person, and how its sources are read again; raises as open_report and find do."""
    paths = open_report(report)
    metadata = read_metadata(paths.findings)
    answer = find(paths, person, require_home([report], access.home), access.home)
    return Searched(paths, answer, *sources_of(report, metadata, access))


def search_events(
    reports: Sequence[Path], searched: Sequence[Searched], person: Seed
) -> Iterator[tuple[Kind, dict[str, str]]]:
    """For the journal: which scans of which places, by which words, what was not examined and why; no value."""
    words = [field.name for field in fields(person) if getattr(person, field.name)]
    for report, found in zip(reports, searched, strict=True):
        metadata = read_metadata(report)
        places = ", ".join(sorted({root.label for root in found.roots}))
        tiers = Counter(hit.tier.value for hit in found.answer.hits)
        yield Kind.SEARCHED, {
            "place": places, "scan": metadata.get("run_id", ""), "by": f"whosedata {version('whosedata')}",
            "words": ", ".join(words), "found": ", ".join(f"{tier} {number}" for tier, number in sorted(tiers.items())),
        }  # fmt: skip
        reasons = Counter(row["reason"] or row["status"] for row in found.answer.unread)
        if found.answer.left_out:
            reasons["left out by a rule"] = found.answer.left_out
        if reasons:
            why = ", ".join(f"{reason} {number}" for reason, number in sorted(reasons.items()))
            yield Kind.NOT_SEARCHED, {"place": f"{reasons.total()} items in {places}", "why": why}


def write_review(path: Path, lines: Sequence[Line], accept_certain: bool, then: str) -> None:
    """Write the sheet, tell how many lines are to decide and what `then` to type; raises PlanError when it is empty."""
    if not lines:
        raise PlanError(
            "Nothing was found of this person. Check the request, and what was not examined, before you say so."
        )
    with PrivateFile(path) as file:
        file.file.write(b"\xef\xbb\xbf" + write_sheet(lines, accept_certain).encode())
        file.commit()
    todo = sum(not (accept_certain and line.sure) for line in lines)
    say(
        [
            f"{plural(len(lines), 'line')} in {path}, {todo:,} to decide.",
            "Next       fill in the column “decision”, then:",
            f"           {then}",
        ]
    )
