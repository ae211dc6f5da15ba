"""Key rows come out once each and in one order, whether they fit into memory or not."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from scanner.rows import part_schema
from scanner.sorted_keys import SortedKeys


def _tables(seed: int, count: int, distinct: int) -> list[pa.Table]:
    """Parts with many repeats, among them the lowest and the highest key there can be."""
    chance = np.random.default_rng(seed)
    keys = np.concatenate([[-(2**63), 2**63 - 1, -1, 0], chance.integers(-(2**63), 2**63 - 1, distinct)])
    tables = []
    for _ in range(count):
        numbers = chance.integers(0, len(keys), 500)
        columns = {
            "key": keys[numbers],
            "kind": [("email", "surname")[number % 2] for number in numbers],
            "value_id": keys[numbers] // 7 * (numbers % 3 + 1) % 1000,
        }
        tables.append(pa.table(columns, schema=part_schema("keys")))
    return tables


@pytest.mark.parametrize(("rows_in_memory", "distinct"), [(100_000, 3000), (1_000, 3000), (1_000, 20)])
def test_each_row_once_in_the_order_of_the_report(tmp_path: Path, rows_in_memory: int, distinct: int) -> None:
    tables = _tables(rows_in_memory + distinct, 40, distinct)
    with SortedKeys(tmp_path, rows_in_memory) as keys:
        for table in tables:
            keys.add(table)
        got = [tuple(row.values()) for table in keys.sorted(without=set()) for row in table.to_pylist()]
    assert got == sorted({tuple(row.values()) for table in tables for row in table.to_pylist()})
    assert not list(tmp_path.iterdir())


def test_values_without_a_finding_go(tmp_path: Path) -> None:
    tables = _tables(1, 10, 500)
    gone = set(tables[0]["value_id"].to_pylist()[:50])
    with SortedKeys(tmp_path, 1_000) as keys:
        for table in tables:
            keys.add(table)
        got = {value for table in keys.sorted(without=gone) for value in table["value_id"].to_pylist()}
    assert got == {value for table in tables for value in table["value_id"].to_pylist()} - gone


def test_no_keys_at_all(tmp_path: Path) -> None:
    with SortedKeys(tmp_path) as keys:
        assert not list(keys.sorted(without=set()))
