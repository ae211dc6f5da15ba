"""The parts of an answer go in, the files of its folder come out: private, durable, each with its SHA-256 on a list."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from reports.parquet import PrivateFile
from reports.safe import cell


def put(path: Path, data: bytes) -> None:
    """Write a file that its owner alone can read."""
    with PrivateFile(path) as file:
        file.file.write(data)
        file.commit()


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table for a spreadsheet, UTF-8; no cell becomes a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([cell(name) for name in head])
    writer.writerows([[cell(value or "") for value in row] for row in rows])
    return file.getvalue().encode()


def write_manifest(folder: Path) -> str:
    """SHA-256 of each file, in manifest.csv; the digest of the manifest stands for all of them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    rows = [(hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(folder).as_posix()) for path in files]
    data = csv_bytes(("sha256", "file"), rows)
    put(folder / "manifest.csv", data)
    return hashlib.sha256(data).hexdigest()
