"""Plays the person with the sheet of a review open: `decide.py SHEET ['PATTERN=DECISION CODE WHY'…]`.

Lines whose item matches a pattern get its decision; all others that are open get what the sheet proposes.
"""

import csv
import io
import sys
from fnmatch import fnmatchcase
from pathlib import Path


def decide(sheet: Path, rules: list[str]) -> None:
    """Fill in the column “decision” of every line."""
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))))
    for row in rows:
        row["decision"] = row["decision"] or row["proposal"]
        for rule in rules:
            pattern, _, words = rule.partition("=")
            if fnmatchcase(row["item"], pattern):
                row["decision"], row["code"], row["why"] = words.split(" ", 2)
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    decide(Path(sys.argv[1]), sys.argv[2:])
