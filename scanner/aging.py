"""An earlier report and two days in, the files out in which somebody has had a birthday that changes what is reported.

A finding says whether somebody is a child, and an age band. The report holds no date of birth, but its keyed match
keys of dates can be told by whoever has the key.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from detectors.ages import age_facts, years
from reports.parquet import ReportPaths, iterate
from scanner.home import Key
from scanner.keys import Keyring

_FIRST = date(1880, 1, 1)
_WHY = "somebody in it may have come of another age"


def aged(paths: ReportPaths, key: Key, before: str, now: str) -> Iterator[tuple[str, str, str]]:
    """(root, path, why) of items with an age that may be another one now."""
    then, today = date.fromisoformat(before), date.fromisoformat(now)
    same = _unchanged_births(paths, key, then, today)
    columns = ["root", "item", "entity_type", "value_id", "facts"]
    for whole in iterate(paths.findings):
        table = whole.select(columns)
        bands = pc.map_lookup(table["facts"].combine_chunks(), "age_band", "first")
        # An age in years stands in the text: it stays what it is.
        dated = pc.and_(pc.is_valid(bands), pc.not_equal(table["entity_type"].cast(pa.string()), "AGE"))
        changed = table.filter(pc.and_(dated, pc.invert(pc.is_in(table["value_id"], value_set=same))))
        places = zip(changed["root"].to_pylist(), changed["item"].to_pylist(), strict=True)
        yield from ((root, path, _WHY) for root, path in dict.fromkeys(places))


def _unchanged_births(paths: ReportPaths, key: Key, then: date, today: date) -> pa.Array:
    """Ids of the values that are a date of birth with the same facts on both days."""
    keyring = Keyring(key)
    days = (_FIRST + timedelta(number) for number in range((then - _FIRST).days + 1))
    same = [day for day in days if age_facts(years(day, then)) == age_facts(years(day, today))]
    keys = pa.array([keyring.number("birth_date", day.isoformat()) for day in same], pa.int64())
    found = [
        table.filter(
            pc.and_(pc.equal(table["kind"].cast(pa.string()), "birth_date"), pc.is_in(table["key"], value_set=keys))
        )["value_id"]
        for table in iterate(paths.keys)
    ]
    return pa.chunked_array([chunk for column in found for chunk in column.chunks], pa.int64()).combine_chunks()
