"""Tables in, the parquet files of one report out, and back: written by rename, readable by their owner only."""

import os
import shlex
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reports.html import fragment
from reports.schema import SCHEMA_VERSION, arrow_schema, finding_columns, item_columns, key_columns

if TYPE_CHECKING:  # takes a third of a second to import, and most commands do without
    import pandas as pd

ROW_GROUP = 100_000
KEY_GROUP = 10_000  # a few keys are looked up among millions: a part that holds one is soon read


class ReportError(Exception):
    """A report cannot be read or written; the message says what to do."""


@dataclass(frozen=True, slots=True)
class ReportPaths:
    """The sibling files of one report. `keys` exists in parquet form only, `subjects` and `links` once it is linked."""

    findings: Path
    items: Path
    keys: Path
    subjects: Path
    links: Path

    @property
    def companions(self) -> tuple[Path, ...]:
        """What stands beside the findings."""
        return self.items, self.keys, self.subjects, self.links


def report_paths(out: Path) -> ReportPaths:
    """`report.parquet` -> report.parquet, report.items.parquet, report.keys.parquet; .csv and .jsonl likewise."""
    stem = out.name.removesuffix(out.suffix)
    return ReportPaths(
        out,
        out.with_name(f"{stem}.items{out.suffix}"),
        *(out.with_name(f"{stem}.{name}.parquet") for name in ("keys", "subjects", "links")),
    )


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The tables of one scan and what they were made with. Values are masked unless the scan said otherwise."""

    findings: pa.Table
    items: pa.Table
    keys: pa.Table
    metadata: dict[str, str]

    def to_arrow(self) -> pa.Table:
        """The findings."""
        return self.findings

    def to_pandas(self) -> "pd.DataFrame":
        """The findings as a data frame."""
        frame: pd.DataFrame = self.findings.to_pandas()
        return frame

    def __repr__(self) -> str:
        """How much it holds."""
        met = pc.sum(pc.not_equal(self.items["status"], "gone")).as_py() or 0
        return f"<Report: {self.findings.num_rows:,} findings in {met:,} items>"

    def _repr_html_(self) -> str:
        return fragment(self.findings, self.items)


def open_to_everybody(folder: Path) -> bool:
    """Whether everybody on this computer may put or change files in a folder; /tmp and its like protect theirs."""
    if os.name != "posix" or not folder.is_dir():
        return False
    mode = folder.stat().st_mode
    return bool(mode & stat.S_IWOTH and not mode & stat.S_ISVTX)


def require_own_folder(folder: Path) -> None:
    """Refuse a folder in which everybody on this computer may put or change files.

    Raises:
        ReportError: it is open to everybody.
    """
    if open_to_everybody(folder):
        raise ReportError(
            f"Everybody on this computer may change files in {folder}: somebody could read along or put another report "
            f"in place. Choose a folder of your own, or close this one: chmod o-w {shlex.quote(str(folder))}"
        )


def draft_path(path: Path) -> Path:
    """Where a file is written before it gets its name. Always the same place: the next try clears up after a crash."""
    return path.with_name(f".{path.name}.draft")


class PrivateFile:
    """A file that appears under its name only when complete, with mode 0600 whatever the umask says."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = draft_path(path)
        require_own_folder(path.parent)
        self._draft.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        self.file: IO[bytes] = os.fdopen(os.open(self._draft, flags, 0o600), "wb")

    def commit(self) -> None:
        """Make the content durable, then give it its name."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self._draft.replace(self._path)
        sync_folder(self._path.parent)

    def __enter__(self) -> "PrivateFile":
        """Write to `.file`, then commit(); a block that ends without it leaves nothing behind."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the draft if it was not committed."""
        if not self.file.closed:
            self.file.close()
        self._draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """A rename is durable once its folder is; Windows has no handle for that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class TableWriter:
    """Streams tables of one kind into a parquet file; use inside `with PrivateFile(...)` and commit that.

    `part`: so many rows can be read without the others; 0 = as many as are written at once.
    """

    def __init__(self, file: IO[bytes], schema: pa.Schema, part: int = 0) -> None:
        self._part = part
        self._schema = schema
        self._writer = pq.ParquetWriter(file, schema, compression="zstd", write_batch_size=ROW_GROUP)
        self._pending: list[pa.Table] = []
        self._rows = 0

    def write(self, table: pa.Table) -> None:
        """Columns are brought into the order and the types of the schema; further columns are dropped."""
        if table.num_rows:
            self._pending.append(table.select(self._schema.names).cast(_plain(self._schema)))
            self._rows += table.num_rows
        if self._rows >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._pending:
            whole = pa.concat_tables(self._pending).combine_chunks()
            self._writer.write_table(whole.cast(self._schema), row_group_size=self._part or ROW_GROUP)
        self._pending, self._rows = [], 0

    def close(self) -> None:
        """Write what is pending and the footer."""
        self._flush()
        self._writer.close()


def _plain(schema: pa.Schema) -> pa.Schema:
    kinds = [field.type.value_type if pa.types.is_dictionary(field.type) else field.type for field in schema]
    return pa.schema(list(zip(schema.names, kinds, strict=True)))


def report_schemas(metadata: dict[str, str]) -> dict[str, pa.Schema]:
    """Schemas of the three files, each carrying the scan's settings and run id."""
    kinds = {"findings": finding_columns(), "items": item_columns(), "keys": key_columns()}
    return {kind: arrow_schema(columns, metadata) for kind, columns in kinds.items()}


def open_report(path: Path) -> ReportPaths:
    """The files of a report, checked to belong together, none of them read.

    Raises:
        ReportError: not a report, a sibling is missing or of another run, or a newer schema.
    """
    if path.suffix != ".parquet":
        raise ReportError(
            f"{path} is not a .parquet report. The other forms are for people; scan with --out report.parquet."
        )
    paths = report_paths(path)
    runs = {_checked(file).get("run_id") for file in (paths.findings, paths.items, paths.keys)}
    if len(runs) != 1:
        raise ReportError(f"{path} and its sibling files come from different scans. Scan again to make them anew.")
    return paths


def read_report(path: Path) -> Report:
    """The report whose findings are in `path`, with its siblings; raises ReportError as open_report does."""
    paths = open_report(path)
    findings, items, keys = (pq.read_table(file) for file in (paths.findings, paths.items, paths.keys))
    return Report(findings, items, keys, _metadata(findings.schema))


def read_metadata(path: Path) -> dict[str, str]:
    """What one file says of its scan: run and key id, plan, when; raises ReportError as open_report does."""
    return _checked(path)


def iterate(path: Path, columns: list[str] | None = None) -> Iterator[pa.Table]:
    """One file of a report (all columns or these), piece by piece: ten million findings need little memory."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=ROW_GROUP, columns=columns):
            yield pa.Table.from_batches([batch])


def _checked(path: Path) -> dict[str, str]:
    """The metadata of one file of a report."""
    try:
        metadata = _metadata(pq.read_schema(path))
    except FileNotFoundError:
        raise ReportError(
            f"{path} does not exist. The files of a report stay together; scan again to make them."
        ) from None
    except (OSError, pa.ArrowInvalid) as error:
        raise ReportError(f"{path} cannot be read as a report ({type(error).__name__}).") from error
    schema_version = metadata.get("schema_version", "")
    if not schema_version.isdigit():
        raise ReportError(f"{path} is a parquet file, but not a report of whosedata.")
    if int(schema_version) > SCHEMA_VERSION:
        raise ReportError(f"{path} was written by a newer whosedata. Update this one to read it.")
    return metadata


def _metadata(schema: pa.Schema) -> dict[str, str]:
    raw = schema.metadata or {}
    return {key.decode(): value.decode() for key, value in raw.items() if key != b"pandas"}
