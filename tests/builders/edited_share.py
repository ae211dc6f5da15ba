"""A share whose files people edit, and what two reports of it have in common, for tests of scans that go by another."""

import io
import json
import os
import random
import time
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from reports.parquet import Report

LONG_AGO = time.time() - 90_000


def rows(report: Report) -> tuple[list[str], list[str], list[str]]:
    """The three tables, without what may differ between two runs and without what is gone."""
    items = report.items.filter(pc.not_equal(report.items["status"], "gone")).drop_columns(["cpu_seconds"])
    return tuple(sorted(map(str, table.to_pylist())) for table in (report.findings, items, report.keys))  # type: ignore[return-value]


def changes(report: Report) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(report.metadata["since"])
    return told


def gone(report: Report) -> set[str]:
    return {row["item"] for row in report.items.to_pylist() if row["status"] == "gone"}


def zipped(**members: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name.replace("__", "."), (2024, 5, 6, 10, 0, 0))
            archive.writestr(info, content)
    return out.getvalue()


class Share:
    """A folder whose files were last changed long before any scan, unless a test says otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def write(self, name: str, content: str | bytes, age: float = 0) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (LONG_AGO - age, LONG_AGO - age))

    def edit(self, chance: random.Random, names: list[str], contents: list[str | bytes]) -> None:
        """One of the things that people do to files."""
        name = chance.choice(names)
        there = [self.folder / one for one in names if (self.folder / one).exists()]
        done = chance.choice(["write", "write", "delete", "move", "copy", "touch", "backdate", "chmod"])
        if not there or done == "write":
            self.write(name, chance.choice(contents), chance.randrange(99))
            return
        file, target = chance.choice(there), self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        {
            "delete": file.unlink,
            "move": lambda: file.replace(target),
            "copy": lambda: self.write(name, file.read_bytes(), chance.randrange(99)),
            "touch": lambda: os.utime(file),
            "backdate": lambda: os.utime(file, (LONG_AGO, LONG_AGO - chance.randrange(3))),
            "chmod": lambda: file.chmod(chance.choice([0o600, 0o640, 0o644])),
        }[done]()

    def letter(self, number: int) -> str:
        return f"Dear Ann, write to a{number:04}@mail.example. NI number AB 12 34 {number % 100:02} C.\n"
