"""A number of records goes in, a synthetic report of invented people comes out, as a scan would have written it.

Two and a half records a person; five findings a record; a third of the records share a household's telephone and
address. Names are drawn from the shipped list by their frequency. Keys are real, made by the home's key.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.parquet import KEY_GROUP, PrivateFile, TableWriter, report_paths
from reports.schema import arrow_schema, finding_columns, item_columns, key_columns
from scanner.home import load_key
from scanner.keys import KINDS, Keyring
from subjects.linking.frequencies import NAMES_FILE
from subjects.linking.frequencies import __file__ as _frequencies

RUN = {
    "run_id": "people-scale", "key_id": "", "basis_program": "synthetic", "basis_settings": "synthetic",
    "finished_at": "2026-11-26T00:00:00+00:00",
}  # fmt: skip
RECORDS_PER_PERSON, ROWS_PER_ITEM, CHUNK = 2.5, 50, 100_000
TYPES = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "DATE_OF_BIRTH", "ADDRESS")


@dataclass(frozen=True, slots=True)
class People:
    """For each person the number of their value of each type; values are made once. `names` are in clear."""

    values: dict[str, list[str]]
    of: dict[str, np.ndarray]


def invent(count: int, rng: random.Random) -> People:
    """People with names by frequency; each third lives with the person before, and shares telephone and house."""
    given, surnames = _names("forename"), _names("surname")
    drawn = {
        part: rng.choices([name for name, _ in names], [share for _, share in names], k=count)
        for part, names in (("given", given), ("surname", surnames))
    }
    names = [f"{one.title()} {other.title()}" for one, other in zip(*drawn.values(), strict=True)]
    values = {
        "PERSON": names,
        "EMAIL_ADDRESS": [
            f"{name.lower().replace(' ', '.').replace(chr(39), '')}{number % 1000}@mail{number % 97}.example"
            for number, name in enumerate(names)
        ],
        "PHONE_NUMBER": [f"+447700{number % 1_000_000:06d}{number // 1_000_000 or ''}" for number in range(count)],
        "DATE_OF_BIRTH": [
            f"{rng.randint(1930, 2007)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}" for _ in range(count)
        ],
        "ADDRESS": [
            f"{rng.randint(1, 200)} High Street, Town, "
            f"{rng.choice('ABCEGL')}{rng.choice('ABDELR')}{number % 90 + 1} {number // 90 % 9}"
            f"{chr(65 + number // 810 % 26)}{chr(65 + number // 21060 % 26)}"
            for number in range(count)
        ],
    }
    own = np.arange(count)
    household = own - (own % 3 == 1)
    distinct, of = {}, {}
    for kind in TYPES:
        texts, index = np.unique(np.array(values[kind]), return_inverse=True)
        distinct[kind] = texts.tolist()
        of[kind] = index[household if kind in {"PHONE_NUMBER", "ADDRESS"} else own]
    return People(distinct, of)


def _names(kind: str) -> list[tuple[str, float]]:
    lines = Path(_frequencies).with_name(NAMES_FILE).read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(name, float(share)) for of, name, share in rows if of == kind]


def write_report(out: Path, home: Path, records: int, seed: int = 1) -> None:
    """Write a report of so many records (five times as many findings) whose people are invented."""
    rng, key = random.Random(seed), load_key(home)
    keyring = Keyring(key)
    people = invent(int(records / RECORDS_PER_PERSON), rng)
    metadata = {**RUN, "run_id": f"people-scale-{records}-{seed}", "key_id": key.key_id}
    ids = {
        kind: np.array([keyring.value_id(kind, text) for text in texts], np.int64)
        for kind, texts in people.values.items()
    }
    paths = report_paths(out)
    _write(paths.keys, key_columns(), metadata, _keys(keyring, people, ids))
    _write(paths.items, item_columns(), metadata, _items(records))
    _write(paths.findings, finding_columns(), metadata, _findings(people, ids, records, np.random.default_rng(seed)))
    out.with_suffix(".seeds.json").write_text(json.dumps(_seeds(people)), encoding="utf-8")


def _seeds(people: People) -> dict[str, dict[str, str]]:
    """How the first invented person is asked for, and a name that thousands have."""
    own = {kind: people.values[kind][people.of[kind][0]] for kind in TYPES}
    name, born, mail, place = (own[kind] for kind in ("PERSON", "DATE_OF_BIRTH", "EMAIL_ADDRESS", "ADDRESS"))
    commonest = people.values["PERSON"][int(np.bincount(people.of["PERSON"]).argmax())]
    return {
        "by e-mail": {"emails": mail},
        "by name and birth date": {"names": name, "births": born},
        "by everything": {"names": name, "births": born, "emails": mail, "addresses": place},
        "by the commonest name alone": {"names": commonest},
    }


def _write(
    path: Path, columns: Sequence[tuple[str, pa.DataType, str]], metadata: dict[str, str], tables: Iterator[pa.Table]
) -> None:
    schema = arrow_schema(tuple(columns), metadata)
    with PrivateFile(path) as file:
        writer = TableWriter(file.file, schema, KEY_GROUP if path.name.endswith(".keys.parquet") else 0)
        for table in tables:
            writer.write(_with_nulls(table, schema))
        writer.close()
        file.commit()


def _with_nulls(table: pa.Table, schema: pa.Schema) -> pa.Table:
    plain = {
        field.name: field.type.value_type if pa.types.is_dictionary(field.type) else field.type for field in schema
    }
    columns = {name: table[name] if name in table.column_names else pa.nulls(len(table), plain[name]) for name in plain}
    return pa.table(columns)


def _keys(keyring: Keyring, people: People, ids: dict[str, np.ndarray]) -> Iterator[pa.Table]:
    made = [columns for entity_type in TYPES for columns in _keyed(keyring, entity_type, people, ids)]
    key, kind, value = (np.concatenate([columns[:, at] for columns in made]) for at in range(3))
    del made
    order = np.argsort(key, kind="stable")
    for start in range(0, len(order), CHUNK):
        at = order[start : start + CHUNK]
        yield pa.table({"key": key[at], "kind": pa.array(KINDS).take(pa.array(kind[at])), "value_id": value[at]})


def _keyed(keyring: Keyring, entity_type: str, people: People, ids: dict[str, np.ndarray]) -> Iterator[np.ndarray]:
    """(key, number of its kind, value id) rows of all values of one type."""
    texts, values = people.values[entity_type], ids[entity_type].tolist()
    for start in range(0, len(texts), CHUNK // 10):
        pairs = zip(texts[start : start + CHUNK // 10], values[start : start + CHUNK // 10], strict=True)
        yield np.array(
            [
                (key, KINDS.index(kind), value)
                for text, value in pairs
                for key, kind in keyring.match_keys(entity_type, text)
            ],
            np.int64,
        )


def _items(records: int) -> Iterator[pa.Table]:
    count = -(-records // ROWS_PER_ITEM)
    for start in range(0, count, CHUNK):
        numbers = pa.array(np.arange(start, min(count, start + CHUNK)))
        size = len(numbers)
        status = pa.array(np.where(np.arange(size) % 5000 == 4999, "not_examined", "examined"))
        yield pa.table({
            "item": _path(numbers), "root": _all("share", size), "size": pa.array(np.full(size, 5000)),
            "status": status, "reason": pc.if_else(pc.equal(status, "examined"), None, "damaged"),
            "modified": pa.array(np.full(size, 1_700_000_000_000_000), pa.timestamp("us", tz="UTC")),
        })  # fmt: skip


def _path(numbers: pa.Array) -> pa.Array:
    folder = pc.divide(numbers, 1000).cast(pa.string())
    return pc.binary_join_element_wise("department ", folder, "/list ", numbers.cast(pa.string()), ".csv", "")


def _all(word: str, size: int) -> pa.Array:
    return pa.array([word]).take(pa.array(np.zeros(size, np.int64)))


def _findings(people: People, ids: dict[str, np.ndarray], records: int, rng: np.random.Generator) -> Iterator[pa.Table]:
    count = len(people.of["PERSON"])
    for start in range(0, records, CHUNK):
        numbers = np.arange(start, min(records, start + CHUNK))
        person = rng.integers(0, count, len(numbers))
        size = len(numbers) * len(TYPES)
        record = np.repeat(numbers, len(TYPES))
        column = np.tile(np.arange(len(TYPES)), len(numbers))
        value = np.stack([ids[kind][people.of[kind][person]] for kind in TYPES], axis=1).ravel()
        row = pc.binary_join_element_wise("row=", pa.array(record % ROWS_PER_ITEM + 2).cast(pa.string()), "")
        col = pa.array(column + 1).cast(pa.string())
        yield pa.table({
            "finding_id": rng.integers(-(2**63), 2**63 - 1, size), "item": _path(pa.array(record // ROWS_PER_ITEM)),
            "root": _all("share", size), "location": pc.binary_join_element_wise(row, ";col=", col, ";chars=0-12", ""),
            "record": row, "role": _all("self", size), "entity_type": pa.array(TYPES).take(pa.array(column)),
            "category": pa.array(["identity", "contact", "contact", "identity", "contact"]).take(pa.array(column)),
            "value_id": value, "score": pa.array(np.full(size, 0.9), pa.float32()),
            "is_test": pa.array(np.zeros(size, bool)), "quoted": pa.array(np.zeros(size, bool)),
            "media_type": _all("text/csv", size), "detector": _all("synthetic", size),
            "reason": _all("column of names", size),
            "facts": pa.array([[]], pa.map_(pa.string(), pa.string())).take(pa.array(np.zeros(size, np.int64))),
            "preview": pa.array(["A. B.", "a•••@m•••", "••••57", "••••-••-••", "•• •••• ••••"]).take(pa.array(column)),
        })  # fmt: skip


if __name__ == "__main__":
    write_report(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
