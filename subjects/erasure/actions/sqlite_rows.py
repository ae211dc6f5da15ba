"""A SQLite database goes in, the same without some rows and values comes out, and nothing of them in free pages."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import IO

from scanner.model import Location
from subjects.erasure.actions import CannotErase, Cut, Cuts


def rewrite(source: IO[bytes], target: IO[bytes], cuts: Cuts) -> None:
    """Delete rows and empty values by row id; raises CannotErase when the database's own rules forbid it."""
    with tempfile.TemporaryDirectory(prefix="whosedata-") as folder:
        copy = Path(folder) / "copy.sqlite"
        with copy.open("wb") as file:
            shutil.copyfileobj(source, file)
        try:
            with closing(sqlite3.connect(copy, isolation_level=None)) as base:
                base.execute("PRAGMA secure_delete=ON")
                base.execute("PRAGMA foreign_keys=ON")
                base.execute("BEGIN")
                for cut in cuts.cuts:
                    _erase(base, cut)
                base.execute("COMMIT")
                base.execute("VACUUM")  # what was deleted before us stands in free pages, too
        except sqlite3.Error as error:
            raise CannotErase(f"the database does not let it go ({type(error).__name__})") from error
        with copy.open("rb") as changed:
            shutil.copyfileobj(changed, target)


def _erase(base: sqlite3.Connection, cut: Cut) -> None:
    steps = dict(Location.parse(cut.location).steps)
    table, row, column = steps.get("table", ""), steps.get("row", ""), steps.get("col", "")
    if not (table and row.lstrip("-").isdigit() and column.isdigit()):
        raise CannotErase("it is not told by table, row and column where the data stand")
    name = _quoted(table)
    columns = [str(one[1]) for one in base.execute(f"PRAGMA main.table_xinfo({name})")]
    if not 0 < int(column) <= len(columns):
        raise CannotErase("a column is not there any more")
    field = _quoted(columns[int(column) - 1])
    found = base.execute(f"SELECT {field} FROM main.{name} WHERE rowid = ?", (int(row),)).fetchone()  # noqa: S608 - quoted
    if found is None:
        return  # the row is gone with an earlier cut
    if cut.text not in str(found[0]):
        raise CannotErase("something else stands there than was found")
    if cut.whole_row:
        base.execute(f"DELETE FROM main.{name} WHERE rowid = ?", (int(row),))  # noqa: S608 - quoted
    else:
        new = None if cut.new is None else _replaced(found[0], cut)
        base.execute(f"UPDATE main.{name} SET {field} = ? WHERE rowid = ?", (new, int(row)))  # noqa: S608 - quoted


def _replaced(value: object, cut: Cut) -> object:
    """The value of a cell with the new words in it, a number where it was one."""
    text, new = str(value), cut.new or ""
    first = dict(Location.parse(cut.location).steps).get("chars", "").partition("-")[0]
    at = int(first) if first.isdigit() else text.find(cut.text)
    if text[at : at + len(cut.text)] != cut.text:
        raise CannotErase("something else stands there than was found")
    changed = text[:at] + new + text[at + len(cut.text) :]
    return int(changed) if isinstance(value, int) and changed.isdigit() else changed


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
