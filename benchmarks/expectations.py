"""A list of what hostile files must end as (GOLD_expect.tsv) and the rows of a scan go in, what is not so comes out."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]
LIST = "GOLD_expect.tsv"

_NUMBER = re.compile(r"(\d+) e-mails?\b")
_RUN = re.compile(r"\w*?(\d+)\.\.\w*?(\d+)")  # staff0..staff799
_PHONE = re.compile(r"\bphone (\+?[\d ]{7,})")
_CARD = re.compile(r"\bcard (\d{13,19})")
_NAMES = re.compile(r"\bnames? ([^;]+)")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_REASONS = {"limit-hit": {"limit"}, "encrypted": {"encrypted"}, "error reported": set()}


@dataclass(frozen=True, slots=True)
class Expected:
    """One line of the list. `found` are texts that findings must hold; `least` = how many mail addresses there are."""

    file: str
    found: tuple[str, ...]
    least: int
    forbidden: str
    status: str
    password: str


def read_list(folder: Path) -> list[Expected]:
    """The lines of the list in this folder."""
    with (folder / LIST).open(encoding="utf-8", newline="") as file:
        return [_expected(line) for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _expected(line: dict[str, str]) -> Expected:
    text = line["expected_findings"] or ""
    forbidden = found[1].strip() if (found := re.search(r"must NOT contain (.+)", text)) else ""
    sure = [part for part in re.split(r"[;,](?![^(]*\))", text) if "optional" not in part]
    wanted = [match for part in sure for match in _ADDRESS.findall(part) if ".." not in match]
    joined = ";".join(sure)
    wanted += [match for pattern in (_PHONE, _CARD) for match in pattern.findall(joined)]
    for names in _NAMES.findall(";".join(re.split(r";", text))):
        wanted += [name.strip() for name in names.split(",")]
    least = max([int(number) for number in _NUMBER.findall(text)], default=0)
    if run := _RUN.search(text):
        least = int(run[2]) - int(run[1]) + 1
    status, password = line["expected_status"] or "", line["password"] or ""
    return Expected(line["file"], tuple(wanted), least, forbidden, status, password)


def judge(expected: Expected, items: Sequence[Row], findings: Sequence[Row], unlocked: bool) -> Iterator[str]:
    """What is wrong with how a file ended, in words. `items` and `findings` are those of the file and its members.

    `unlocked`: the scan knew the passwords.
    """
    if sum(row["parent"] is None for row in items) != 1:
        yield "not exactly one row"
        return
    [top] = [row for row in items if row["parent"] is None]
    reasons = {row["reason"] for row in items if row["reason"]}
    locked = bool(expected.password) and expected.status.startswith("encrypted") and not unlocked
    if locked:
        if "encrypted" not in reasons or findings:
            yield f"not told to be encrypted: {sorted(reasons)}, {len(findings)} findings"
        return
    if reasons & {"timed_out", "out_of_memory", "crashed", "poison", "failed", "detector_timeout"}:
        yield f"ended badly: {sorted(reasons)}"
    values = [str(row["value"]) for row in findings]
    together = " ".join(map(_plain, values))
    missing = [text for text in expected.found if _plain(text) not in together]
    if missing:
        yield f"not found: {', '.join(missing[:5])}"
    addresses = {str(row["value"]).casefold() for row in findings if row["entity_type"] == "EMAIL_ADDRESS"}
    if len(addresses) < expected.least:
        yield f"{len(addresses)} mail addresses, not {expected.least}"
    if expected.forbidden and any(expected.forbidden in value for value in values):
        yield f"holds {expected.forbidden}"
    if not unlocked and not _ended(expected.status, str(top["status"]), reasons):
        yield f"ended as {top['status']} {sorted(reasons)}, not as: {expected.status}"


def _plain(text: str) -> str:
    """Without blanks, hyphens and invisible characters, with which numbers are written in many ways."""
    return "".join(char for char in text.casefold() if char.isalnum() or char in "@._+")


def _ended(wanted: str, status: str, reasons: set[str]) -> bool:
    """Whether it ended in one of the ways that are named; what is read in part, with a reason, is read."""
    if "ok" in re.split(r"\W+", wanted) and status != "not_examined":
        return True
    return any(word in wanted and (reasons & known if known else reasons) for word, known in _REASONS.items())
