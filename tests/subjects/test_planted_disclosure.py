"""Twins, namesakes, marriages, shared mailboxes, joint accounts: no certain answer holds somebody else's row."""

import csv
import zlib
from collections import defaultdict
from pathlib import Path

import pytest
from planted_people import planted

from reports.parquet import open_report
from scanner.home import load_key
from scanner.keys import Keyring
from scanner.run import scan
from subjects.finding.find import find
from subjects.finding.seeds import Seed, make_seed
from subjects.model import Tier

Row = dict[str, str]
COLUMNS = {"Forename": "given", "Surname": "surname", "Date of birth": "dob", "E-mail": "email", "Telephone": "phone"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Row]]:
    """The planted table in a CSV (line n + 2 is row n of the list), and its report."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "share").mkdir()
    rows = planted(seed=11, families=20)
    with (folder / "share" / "people.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, "Address", "Sort code", "Account number"])
        for row in rows:
            address = f"{row['house']} Orchard Way, {row['postcode']}" if row["postcode"] else ""
            writer.writerow([*(row[name] for name in COLUMNS.values()), address, *joint_account(row)])
    scan(folder / "share", out=folder / "r.parquet", home=folder / "home")
    return folder, rows


def joint_account(row: Row) -> tuple[str, str]:
    """Everybody at one address draws on one account: the number of a household says nothing about who somebody is."""
    if not row["house"]:
        return "", ""
    return "20-45-53", str(zlib.crc32(f"{row['house']} {row['postcode']}".encode()) % 90_000_000 + 10_000_000)


def asked(rows: list[Row]) -> Seed:
    """What a person would write of themselves: their own name, birth date and mail, not what others share with them."""
    full = max(rows, key=lambda row: (bool(row["dob"]) + bool(row["email"]), bool(row["house"])))
    address = f"{full['house']} Orchard Way, {full['postcode']}" if full["postcode"] else None
    given = {"names": f"{full['given']} {full['surname']}", "births": full["dob"], "emails": full["email"]}
    sort_code, account = joint_account(full)
    ids = (("UK_BANK_ACCOUNT", f"{sort_code} {account}"),) if account else ()
    given_words = {name: (text,) for name, text in given.items() if text}
    return make_seed(**given_words, addresses=(address,) if address else (), ids=ids)


def test_no_certain_hit_is_somebody_elses(place: tuple[Path, list[Row]]) -> None:
    folder, rows = place
    keyring = Keyring(load_key(folder / "home"))
    mine: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        mine[row["person"]].append(row)
    disclosed, own, found = [], 0, 0
    for person, those in mine.items():
        seed = asked(those)
        if not (seed.births or seed.emails):
            continue  # a name alone is answered as such
        answer = find(open_report(folder / "r.parquet"), seed, keyring, folder / "home")
        lines = {
            int(hit.row["location"].split(";")[0].removeprefix("row="))
            for hit in answer.hits
            if hit.tier is Tier.CERTAIN
        }
        disclosed += [(person, rows[line - 2]["person"]) for line in lines if rows[line - 2]["person"] != person]
        own += len(those)
        found += sum(rows[line - 2]["person"] == person for line in lines)
    assert disclosed == []
    assert found > 0.5 * own
