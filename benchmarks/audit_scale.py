"""A number of findings goes in; how long an audit of so large a report takes, and its memory, comes out.

The report is big_report's, of invented people, with links by their e-mail addresses; it is written once and used again.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from big_report import TYPES, write_report

from reports.parquet import PrivateFile, TableWriter, iterate, report_paths
from reports.schema import arrow_schema, link_columns

MAIL = TYPES.index("EMAIL_ADDRESS")
# In a process of its own, so that the memory is the audit's alone.
_MEASURED = """
import json, sys, time
from datetime import date
from pathlib import Path
from reports.audit.audit import Question, audit
from reports.parquet import open_report
began = time.perf_counter()
previous = [open_report(Path(name)) for name in sys.argv[2:]]
found = audit(open_report(Path(sys.argv[1])), Question(date(2032, 1, 1)), previous).audit
# Not ru_maxrss: a process inherits that of the one that started it, here of the writer of the report.
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({
    "seconds": round(time.perf_counter() - began, 1),
    "peak_mb": peak // 1024,
    "findings": found.totals.findings, "items": found.totals.items, "people": found.totals.people,
    "counts": {check.number: check.count for check in found.checks},
    "comparable": found.trend.comparable if found.trend else None,
}))
"""


def add_links(report: Path) -> None:
    """Each record's person is its e-mail address: five findings a record, in the order of TYPES."""
    schema = arrow_schema(link_columns(), {"run_id": "audit-scale"})
    with PrivateFile(report_paths(report).links) as file:
        writer = TableWriter(file.file, schema)
        for table in _links(report):
            writer.write(table)
        writer.close()
        file.commit()


def _links(report: Path) -> Iterator[pa.Table]:
    for table in iterate(report, ["finding_id", "value_id"]):
        values = np.asarray(table["value_id"])
        size = len(values)
        subject = np.repeat(values[MAIL :: len(TYPES)], len(TYPES))
        words = pa.array(np.zeros(size, np.int64))
        yield pa.table({
            "finding_id": table["finding_id"], "record": np.arange(size) // len(TYPES), "subject_id": subject,
            "tier": pa.array(["certain"]).take(words), "score": pa.array(np.ones(size), pa.float32()),
            "relation": pa.array(["about"]).take(words), "reasons": pa.array(["made so"]).take(words),
        })  # fmt: skip


def main() -> None:
    """Make a report of so many findings, audit it alone and beside itself, print what that took."""
    findings = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="audit-scale-"))
    report = folder / f"report-{findings}.parquet"
    if not report.exists():
        write_report(report, folder / "home", findings // len(TYPES))
        add_links(report)
    for name, words in (("audit", []), ("audit with an earlier report", [str(report)])):
        done = subprocess.run(
            [sys.executable, "-c", _MEASURED, str(report), *words], check=True, capture_output=True, text=True
        )
        print(f"{name}: {json.dumps(json.loads(done.stdout))}")


if __name__ == "__main__":
    main()
