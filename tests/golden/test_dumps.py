"""Real dumps of MariaDB, PostgreSQL and sqlite3: what is found in the database is found in each, at its place."""

import csv
import shutil
import sqlite3
from collections import defaultdict
from pathlib import Path

import pytest

from scanner import scan

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "db" / "real_dumps"
FORMS = (
    "mysqldump.xml", "mysqldump_databases.sql.gz", "mysqldump_default.sql", "mysqldump_oneline_hexblob.sql",
    "pg_dump.tar", "pg_dump_colinserts_multi.sql", "pg_dump_copy.sql", "pg_dump_custom.dump", "pg_dump_inserts.sql",
    "sqlite_dump.sql",
)  # fmt: skip
DATABASE = "shop_dev.sqlite"
LABELS = {"EMAIL_ADDRESS": ("email", 0.99), "PHONE_NUMBER": ("phone", 0.97), "CREDIT_CARD": ("pan", 0.97)}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real dumps are not here")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[tuple[str, str]]]:
    """File -> (entity type, place of the cell) of all findings; a database of its own name is left out of the place."""
    folder = tmp_path_factory.mktemp("dumps")
    (folder / "share").mkdir()
    for name in (*FORMS, DATABASE):
        shutil.copy(FOLDER / name, folder / "share" / name)
    places: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in scan(folder / "share", home=folder / "home", jobs=2).to_arrow().to_pylist():
        place = row["location"].partition(";chars=")[0].replace("database=shop_dev;", "")
        places[row["item"].partition("!/")[0]].add((row["entity_type"], place))
    return places


def test_the_same_is_found_in_every_dump_of_one_database(found: dict[str, set[tuple[str, str]]]) -> None:
    assert len(found[DATABASE]) > 800
    for name in FORMS:
        assert found[DATABASE] - found[name] == set(), name
        assert len(found[name] - found[DATABASE]) <= 2, name  # in what is no row


def test_the_columns_of_people_are_found(found: dict[str, set[tuple[str, str]]]) -> None:
    columns = {
        (row["table"], row["column"]) for row in csv.DictReader((FOLDER / "GOLD_columns.tsv").open(), delimiter="\t")
    }
    with sqlite3.connect(f"file:{FOLDER / DATABASE}?mode=ro&immutable=1", uri=True) as base:
        for kind, (label, least) in LABELS.items():
            wanted = []
            for table in ("customers", "ord er"):
                if (table, label) in columns:
                    names = [row[1] for row in base.execute(f'PRAGMA table_info("{table}")')]
                    number = names.index(label) + 1 if label in names else 0
                    rows = base.execute(f'SELECT rowid FROM "{table}" WHERE "{label}" <> \'\'')
                    wanted += [(kind, f"table={table};row={row};col={number}") for (row,) in rows]
            assert wanted
            for name in (*FORMS, DATABASE):
                assert sum(place in found[name] for place in wanted) >= least * len(wanted), (name, kind)
