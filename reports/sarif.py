"""The files of a report go in, one SARIF 2.1.0 log comes out, for tools that collect findings; values stay masked."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import IO, Any
from urllib.parse import quote

from reports.ids import format_id
from reports.parquet import ReportPaths, iterate, read_metadata
from reports.summary import HARMLESS, MEANING

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_GRAVE = frozenset({"special_category", "criminal", "credential"})
_UNSURE = 0.6
_LINE = re.compile(r"(?:^|;)line=([1-9][0-9]{0,8})(?:;chars=([0-9]{1,8})-([0-9]{1,8})$|;|$)")
_COLUMNS = [
    "finding_id", "root", "item", "location", "entity_type", "category", "score", "reason", "preview", "is_test",
    "media_type",
]  # fmt: skip
_ITEM_COLUMNS = ["root", "item", "status", "reason"]


def write_sarif(paths: ReportPaths, words: Mapping[str, str], file: IO[bytes]) -> None:
    """Stream the log: a rule for each entity type (`words` are its plain English), a result for each finding.

    What was not, or only partly, examined is a notification of the run: never silence.
    """
    types = sorted({kind for table in iterate(paths.findings, ["entity_type"]) for kind in _distinct(table)})
    driver = {
        "name": "whosedata",
        "version": version("whosedata"),
        "rules": [{"id": kind, "shortDescription": {"text": words.get(kind, kind)}} for kind in types],
    }
    numbers = {kind: place for place, kind in enumerate(types)}
    run_id = read_metadata(paths.findings).get("run_id", "")
    _write(file, f'{{"$schema":{_json(SCHEMA)},"version":"2.1.0","runs":[{{"tool":{_json({"driver": driver})},')
    _write(file, f'"automationDetails":{{"id":{_json(f"whosedata/{run_id}")}}},"columnKind":"unicodeCodePoints",')
    _write(file, '"results":[')
    _write_all(file, _results(paths, numbers))
    _write(file, '],"invocations":[{"toolExecutionNotifications":[')
    complete = _write_all(file, _notifications(paths)) == 0
    _write(file, f'],"executionSuccessful":{_json(complete)}}}]}}]}}\n')


def _results(paths: ReportPaths, numbers: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for table in iterate(paths.findings, _COLUMNS):
        for row in table.to_pylist():
            kind, found = row["entity_type"], format_id(row["finding_id"])
            said = f"{kind} {row['preview'] or ''} at {row['location'] or 'the item'}: {row['reason'] or ''}"
            score = round(row["score"] or 0, 3)
            yield {
                "ruleId": kind,
                "ruleIndex": numbers[kind],
                "level": _level(row),
                "message": {"text": said},
                "locations": [_where(row)],
                "partialFingerprints": {"whosedataFindingId/v1": found},
                "properties": {"score": score, "category": row["category"], "isTest": row["is_test"]},
            }


def _level(row: Mapping[str, Any]) -> str:
    if row["is_test"] or (row["score"] or 0) < _UNSURE:
        return "note"
    return "error" if row["category"] in _GRAVE else "warning"


def _where(row: Mapping[str, Any]) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(row["root"], row["item"])}}
    line = _LINE.search(row.get("location") or "")
    if line and str(row["media_type"]).startswith("text/"):
        physical["region"] = {"startLine": int(line[1])}
        if line[2]:  # of the line, from 0; SARIF counts from 1, and its end is the column behind the last
            physical["region"] |= {"startColumn": int(line[2]) + 1, "endColumn": int(line[3]) + 1}
    where: dict[str, Any] = {"physicalLocation": physical}
    if row.get("location"):
        where["logicalLocations"] = [{"fullyQualifiedName": row["location"]}]
    return where


def _notifications(paths: ReportPaths) -> Iterator[dict[str, Any]]:
    for table in iterate(paths.items, _ITEM_COLUMNS):
        for row in table.to_pylist():
            if row["status"] in {"partial", "not_examined"} and row["reason"] not in HARMLESS:
                how = "read in part" if row["status"] == "partial" else "not read"
                reason = row["reason"] or "unknown"
                yield {
                    "level": "warning",
                    "message": {"text": f"{how}: {MEANING.get(reason, reason)}"},
                    "descriptor": {"id": reason},
                    "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(row["root"], row["item"])}}}],
                }  # fmt: skip


def uri(root: str, item: str) -> str:
    """A relative address that decodes to root and item; a first part with a colon would be taken for a scheme."""
    return quote(f"{root}/{item}" if item else root, safe="/!~", errors="surrogatepass")


def _distinct(table: Any) -> list[str]:
    return [str(kind) for kind in table["entity_type"].unique().to_pylist() if kind]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _write(file: IO[bytes], text: str) -> None:
    file.write(text.encode("ascii"))


def _write_all(file: IO[bytes], objects: Iterator[dict[str, Any]]) -> int:
    """One object a line, commas between; returns how many."""
    written = 0
    for written, one in enumerate(objects, start=1):
        _write(file, ("\n" if written == 1 else ",\n") + _json(one))
    return written
