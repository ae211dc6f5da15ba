"""A scanned folder and its report (values in clear) go in, the findings that re-opening does not give back come out."""

from collections import defaultdict
from pathlib import Path

from reports.parquet import Report
from scanner.home import load_key
from scanner.passwords import NO_PASSWORDS, Passwords
from scanner.plan import Root
from scanner.reopen import Reading, find_item, passages


def not_given_back(share: Path, report: Report, home: Path, passwords: Passwords = NO_PASSWORDS) -> list[str]:
    """One line for each finding whose place gives no, or another, text."""
    rows: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in report.to_arrow().to_pylist():
        rows[row["item"].partition("!/")[0]].append(row)
    reading = Reading(load_key(home), passwords=passwords)
    wrong = []
    for path, found in rows.items():
        wanted: dict[str, list[str]] = defaultdict(list)
        for row in found:
            wanted[str(row["item"])].append(str(row["location"]))
        item = find_item([Root(str(share), "share")], "share", path)
        given = {(locator, passage.location): passage for locator, passage in passages(item, wanted, reading)}
        for row in found:
            passage = given.get((row["item"], row["location"]))
            text = passage.text if passage else None
            if passage and (numbers := dict(row["facts"] or ()).get("columns")):  # type: ignore[call-overload]
                # The value of several cells is written in one way, with or without what stands between its parts.
                text = passage.cells([int(number) for number in numbers.split("+")])
                if set(_letters(text)) <= set(_letters(str(row["value"]))):
                    continue
            withheld = row["value"] is None and text  # special categories are never written down
            if text != row["value"] and not withheld:
                wrong.append(f"{row['item']} {row['location']}: {row['value']!r}, not {text!r}")
    return wrong


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
