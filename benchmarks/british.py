"""A seed goes in, an invented British office with its gold list comes out, and how much of it the program finds.

    python benchmarks/british.py [--seed 7] [--held] [--show TYPE]

Letters, forms, notes, mails, tables, logs and order exports, as `british_texts.toml` lays them out. `--held` uses the
layouts that nobody tuned for. `--show` prints what was missed or found in excess of one type.
"""

import argparse
import csv
import io
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from british_values import DECOYS, LAYOUTS, Values

from scanner import scan

KINDS = {
    "nino": "UK_NINO", "nhs": "UK_NHS", "utr": "UK_UTR", "card": "CREDIT_CARD", "sort": "UK_SORT_CODE",
    "account": "UK_BANK_ACCOUNT", "iban": "IBAN_CODE", "phone": "PHONE_NUMBER", "email": "EMAIL_ADDRESS",
    "postcode": "UK_POSTCODE", "address": "ADDRESS", "lines": "ADDRESS", "birth": "DATE_OF_BIRTH",
    "licence": "UK_DRIVING_LICENCE",
}  # fmt: skip
GOALS = {
    "EMAIL_ADDRESS": (0.99, 0.99), "PHONE_NUMBER": (0.97, 0.97), "CREDIT_CARD": (0.99, 0.98), "IBAN_CODE": (0.99, 0.98),
    "UK_NINO": (0.97, 0.97), "UK_NHS": (0.97, 0.97), "UK_UTR": (0.97, 0.97), "UK_BANK_ACCOUNT": (0.97, 0.97),
    "UK_POSTCODE": (0.98, 0.97), "ADDRESS": (0.90, 0.90), "DATE_OF_BIRTH": (0.95, 0.95),
    "UK_DRIVING_LICENCE": (0.97, 0.97),
}  # fmt: skip
NATIONAL = ("UK_NINO", "UK_NHS", "UK_UTR", "UK_DRIVING_LICENCE", "UK_PASSPORT", "CREDIT_CARD", "UK_BANK_ACCOUNT")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Planted:
    """One value of the gold list, as it is written."""

    item: str
    kind: str
    written: str


@dataclass(slots=True)
class Office:
    """Files and what stands in them. `rows` counts the rows of files that hold nobody's number."""

    files: dict[str, str] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    rows: int = 0


def filled(values: Values, template: str, item: str, office: Office) -> str:
    """The template with a value for each placeholder; what is personal goes into the gold list."""

    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name in DECOYS:
            return DECOYS[name](values)
        written = str(getattr(values, {"sort": "sort_code"}.get(name, name))())
        if name in KINDS:
            office.planted.append(Planted(item, KINDS[name], written))
            if KINDS[name] == "ADDRESS" and (code := re.search(r"[A-Z]{1,2}[0-9]{1,2} ?[0-9][A-Z]{2}\Z", written)):
                office.planted.append(Planted(item, "UK_POSTCODE", code.group()))
        return written

    return PLACEHOLDER.sub(put, template)


def make_office(seed: int, held: bool, copies: int) -> Office:
    """All layouts, `copies` times each."""
    values, office = Values(seed), Office()
    for number, template in enumerate(LAYOUTS["held_texts" if held else "texts"]):
        for copy in range(copies):
            name = f"texts/{number:02}-{copy:02}.txt"
            office.files[name] = filled(values, template, name, office)
    for number, table in enumerate(LAYOUTS["held_tables" if held else "tables"]):
        name = f"tables/{number:02}.csv"
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(list(table))
        for _ in range(200):
            writer.writerow([filled(values, cell, name, office) for cell in table.values()])
        office.files[name] = out.getvalue()
    for number, template in enumerate(LAYOUTS["logs"]):
        lines = [filled(values, template, "", Office()) for _ in range(2_000)]
        office.files[f"logs/{number:02}.{'csv' if ',' in template and '{' in template.split(',')[0] else 'log'}"] = (
            "\n".join(lines)
        )
        office.rows += len(lines)
    return office


def plain(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[^0-9a-z@]", "", text.casefold())


def same(kind: str, one: str, other: str) -> bool:
    """Whether two ways of writing are the same finding. Addresses may differ by a fifth at their ends."""
    one, other = plain(one), plain(other)
    if kind == "PHONE_NUMBER":
        one, other = one.partition("ext")[0], other.partition("ext")[0]
    if kind == "UK_NINO":
        return one[:8] == other[:8]
    if kind == "UK_BANK_ACCOUNT":
        return one in other or other in one
    if kind == "ADDRESS":
        return one == other or (
            min(len(one), len(other)) >= 0.8 * max(len(one), len(other)) and (one in other or other in one)
        )
    return one == other


def measure(office: Office) -> Iterator[tuple[str, int, int, int, list[str]]]:
    """(type, planted, found of them, found in excess, what went wrong) of each type."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in office.files.items():
            path = Path(folder) / "office" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        report = scan(Path(folder) / "office", home=Path(folder) / "home", values="clear", names="off")
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in report.findings.select(["item", "entity_type", "value"]).to_pylist():
        found[row["item"].removeprefix("office/"), row["entity_type"]].append(row["value"])
    wanted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in office.planted:
        wanted[one.item, one.kind].append(one.written)
    for kind in sorted({kind for _, kind in (*wanted, *found)}):
        hits = total = excess = 0
        wrong: list[str] = []
        for item in sorted({item for item, of in (*wanted, *found) if of == kind}):
            rest = list(found[item, kind])
            # A sort code beside its account is a part of the pair.
            partner = found[item, "UK_BANK_ACCOUNT"] if kind == "UK_SORT_CODE" else []
            for written in wanted[item, kind]:
                total += 1
                match = next((one for one in rest if same(kind, one, written)), None)
                if match is not None:
                    rest.remove(match)
                    hits += 1
                elif any(plain(written) in plain(one) for one in partner):
                    hits += 1
                else:
                    wrong.append(f"missed  {item}: {written!r}")
            if kind == "UK_BANK_ACCOUNT":
                rest = [one for one in rest if not any(plain(one) in plain(iban) for iban in wanted[item, "IBAN_CODE"])]
            excess += len(rest)
            wrong += [f"excess  {item}: {one!r}" for one in rest]
        yield kind, total, hits, excess, wrong


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--copies", type=int, default=30)
    parser.add_argument("--show", default="")
    chosen = parser.parse_args()
    office = make_office(chosen.seed, chosen.held, chosen.copies)
    which = "held-back" if chosen.held else "known"
    print(f"{which} layouts, seed {chosen.seed}, {office.rows:,} rows that hold nobody's number")
    print("| entity type | planted | recall | precision | goal |\n|---|---|---|---|---|")
    national = 0
    for kind, total, hits, excess, wrong in measure(office):
        recall = f"{hits / total:.3f}" if total else "–"
        precision = f"{hits / (hits + excess):.3f}" if hits + excess else "–"
        goal = "{} / {}".format(*GOALS[kind]) if kind in GOALS else ""
        print(f"| {kind} | {total} | {recall} | {precision} | {goal} |")
        if kind in NATIONAL:
            national += sum(" logs/" in line for line in wrong)
        if chosen.show in {kind, "all"}:
            print("\n".join(wrong[:60]))
    print(f"false national ids, accounts and cards in logs and order tables: {national}")


if __name__ == "__main__":
    main()
