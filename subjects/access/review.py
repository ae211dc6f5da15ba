"""Hits go in, a sheet for a person to decide on comes out; the sheet with decisions goes in, what to include comes out.

One line for each item and tier: what is certain may be accepted at once, everything else is decided line by line. No
line holds a clear value.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reports.ids import format_id
from reports.safe import cell
from scanner.plan import PlanError
from subjects.finding.find import Hit
from subjects.model import Relation, Tier

FIELDS = (
    "decision", "code", "why", "signed_by", "proposal", "tier", "relation", "item", "date", "what", "reasons",
    "other_people", "special_category", "copy_of", "findings",
)  # fmt: skip


class Decision(StrEnum):
    """`redact`: the item goes out for another line's sake, without these values. `exempt` needs a code."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    REDACT = "redact"
    EXEMPT = "exempt"


# Grounds on which data need not be erased: Article 17(3), and why no ground of 17(1) holds.
KEEPING: Mapping[str, str] = {
    "K-EXPRESSION": "freedom of expression and information (Article 17(3)(a))",
    "K-LAW": "a legal duty, such as accounts and tax, or a public task (Article 17(3)(b))",
    "K-HEALTH": "public health (Article 17(3)(c))",
    "K-ARCHIVE": "archives, research, statistics (Article 17(3)(d))",
    "K-CLAIMS": "legal claims (Article 17(3)(e))",
    "K-CONTRACT": "still needed for a contract (Article 17(1)(a) does not hold)",
    "K-INTEREST": "overriding legitimate interests (Article 17(1)(c) does not hold)",
    "K-NEEDED": "still needed for the purpose (Article 17(1)(a) does not hold)",
}
# Grounds on which personal data need not be given (DPA 2018 Schedules 2 to 4; UK GDPR Article 12(5)).
EXEMPTIONS: Mapping[str, str] = {
    "E-CRIME": "crime and taxation, where giving it would prejudice them (Schedule 2 paragraphs 2 and 3)",
    "E-LEGAL": "required by law, or for legal proceedings (Schedule 2 paragraph 5)",
    "E-REG": "functions that protect the public, audit, regulators (Schedule 2 paragraphs 7 to 11)",
    "E-JUD": "parliament, courts, honours (Schedule 2 paragraphs 13 to 15)",
    "E-3P": "rights of others (Schedule 2 paragraphs 16 and 17)",
    "E-LPP": "legal professional privilege (Schedule 2 paragraph 19)",
    "E-SELF": "self-incrimination (Schedule 2 paragraph 20)",
    "E-CORP": "corporate finance (Schedule 2 paragraph 21)",
    "E-MGT": "management forecasting or planning (Schedule 2 paragraph 22)",
    "E-NEG": "negotiations with the person who asks (Schedule 2 paragraph 23)",
    "E-REF": "confidential references (Schedule 2 paragraph 24)",
    "E-EXAM": "examination scripts and marks (Schedule 2 paragraph 25)",
    "E-JOURN": "journalism, academia, art, literature (Schedule 2 paragraph 26)",
    "E-RES": "research, statistics, archives (Schedule 2 paragraphs 27 and 28)",
    "E-HEALTH": "health, social work, education, child abuse data (Schedule 3)",
    "E-ENACT": "adoption, special needs and other enactments (Schedule 4)",
    "E-MUE": "manifestly unfounded or excessive (Article 12(5))",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Hits of one item that are equally sure and concern the person in the same way."""

    key: str
    hits: tuple[Hit, ...]

    @property
    def proposal(self) -> Decision:
        """What a careful person would start from (ICO: a bare name in a list of recipients is not about him)."""
        first = self.hits[0]
        if first.tier is Tier.EXCLUDED or first.relation in {Relation.RECIPIENT_ONLY, Relation.INCIDENTAL}:
            return Decision.EXCLUDE
        return Decision.INCLUDE

    @property
    def sure(self) -> bool:
        """Whether it may be accepted without looking at it."""
        return self.hits[0].tier is Tier.CERTAIN


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided of each line, by its key. `digest` is the SHA-256 of the sheet."""

    decisions: Mapping[str, tuple[Decision, str, str]]
    digest: str


def lines_of(hits: Iterable[Hit]) -> list[Line]:
    """The lines of the sheet, in the order of the hits: the surest first."""
    groups: dict[tuple[str, ...], list[Hit]] = {}
    for hit in hits:
        groups.setdefault((hit.row["root"], hit.row["item"], hit.tier, hit.relation), []).append(hit)
    # A key by what the line is made of: a sheet that was made for another report or search does not fit.
    return [Line(_key(mine), tuple(mine)) for mine in groups.values()]


def _key(hits: Sequence[Hit]) -> str:
    ids = ",".join(sorted(format_id(hit.row["finding_id"]) for hit in hits))
    return hashlib.sha256(ids.encode()).hexdigest()[:12]


def write_sheet(lines: Iterable[Line], accept_sure: bool) -> str:
    """CSV with a heading, for a spreadsheet; `accept_sure` fills in the proposal where the line is certain."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for line in lines:
        first = line.hits[0]
        what = dict.fromkeys(f"{hit.row['entity_type']} {hit.row['preview']}" for hit in line.hits)
        decision = line.proposal.value if accept_sure and line.sure else ""
        row = (
            decision, "", "accepted with all that is certain" if decision else "", "",
            line.proposal.value,
            first.tier.value, first.relation.value, f"{first.row['root']}/{first.row['item']}",
            first.date.isoformat() if first.date else "", "; ".join(list(what)[:12]), "; ".join(first.reasons),
            str(first.others), "yes" if any(hit.special for hit in line.hits) else "", first.duplicate_of or "",
            line.key,
        )  # fmt: skip
        writer.writerow([cell(text) for text in row])
    return file.getvalue()


def read_sheet(path: Path, lines: Sequence[Line], codes: Mapping[str, str] = EXEMPTIONS) -> Decided:
    """The decisions of a sheet, checked against the lines that the search gives now; `codes` are grounds to exempt.

    Raises:
        PlanError: it cannot be read, is of another search, leaves something undecided, or a decision lacks its reason.
    """
    try:
        data = path.read_bytes()
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PlanError(f"The sheet {path} cannot be read: save it as CSV in UTF-8.") from error
    if not rows or not {"decision", "findings"} <= set(rows[0]):
        raise PlanError(f"{path} has no columns “decision” and “findings”: it is not a sheet made by --review.")
    known = {line.key for line in lines}
    decisions = {}
    for number, row in enumerate(rows, start=2):
        if (row["findings"] or "").strip() not in known:
            raise PlanError(f"{path}, line {number}, is of another search. Make the sheet anew with --review.")
        decisions[row["findings"].strip()] = _decision(row, f"{path}, line {number}", codes)
    missing = [line for line in lines if line.key not in decisions]
    if missing:
        raise PlanError(f"{path} says nothing of {len(missing)} lines that were found. Make it anew with --review.")
    return Decided(decisions, hashlib.sha256(data).hexdigest())


def _decision(row: Mapping[str, str | None], where: str, codes: Mapping[str, str]) -> tuple[Decision, str, str]:
    typed = (row["decision"] or "").strip().lower()
    code, why = (row.get("code") or "").strip().upper(), (row.get("why") or "").strip()
    try:
        decision = Decision(typed)
    except ValueError:
        said = f"“{typed}” is no decision" if typed else "nothing is decided"
        raise PlanError(f"{where}: {said}. Write one of: {', '.join(one.value for one in Decision)}.") from None
    if decision is Decision.EXEMPT and code not in codes:
        raise PlanError(f"{where}: an exemption needs its code. Known are: {', '.join(codes)}.")
    if decision is Decision.EXEMPT and not why:
        raise PlanError(f"{where}: say in “why” what stands against it. Somebody must be able to check it.")
    # An exemption is proposed until somebody answers for it by name; what need not be erased is told by its code alone.
    signed = (row.get("signed_by") or "").strip()
    if decision is Decision.EXEMPT and codes is EXEMPTIONS and not signed:
        raise PlanError(f"{where}: who decided that? Write the name in “signed_by”; without one nothing is held back.")
    return decision, code, f"{why} (signed: {signed})" if signed else why


def counted(decided: Decided, lines: Iterable[Line]) -> Iterator[tuple[str, int]]:
    """How many findings of each tier there were, and how many lines got each decision: for the record of the search."""
    tiers = [hit.tier.value for line in lines for hit in line.hits]
    made = [decision.value for decision, _, _ in decided.decisions.values()]
    yield from ((tier.value, tiers.count(tier.value)) for tier in Tier)
    yield from ((one.value, made.count(one.value)) for one in Decision)
