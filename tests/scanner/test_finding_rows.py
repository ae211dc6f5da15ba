"""Findings that share a reason are stored as those that do not."""

from dataclasses import replace

import pyarrow as pa

from detectors.types import Evidence, Span
from scanner.rows import FEW, FindingRows

SHARED = Evidence(pattern="shared", column_valid=3, column_total=4)


def test_shared_evidence_and_facts_stand_in_the_row_of_each_finding() -> None:
    facts = (("country", "GB"), ("type", "mobile"))
    evidence = [SHARED, Evidence(context="own"), SHARED, replace(SHARED), SHARED]
    rows = FindingRows(0)
    for number, one in enumerate(evidence):
        span = Span("PHONE_NUMBER", 0, 5, 0.5, "phones", "why", str(number), one, facts if number % 2 else ())
        rows.add(
            span, finding_id=number, item="a", root="r", media_type="text/csv", location=f"row={number}", record=None,
            role=None, value_id=number, quoted=False, thread=None, language="en", preview="", value=None, nth=0,
        )  # fmt: skip
    table, _ = rows.take()
    found = table.select(["evidence", "facts"]).to_pylist()
    assert [row["evidence"]["pattern"] for row in found] == [one.pattern for one in evidence]
    assert [row["evidence"]["context"] for row in found] == [one.context for one in evidence]
    assert [row["evidence"]["column_valid"] for row in found] == [one.column_valid for one in evidence]
    assert [len(row["facts"]) for row in found] == [0, 2, 0, 2, 0]
    assert rows.take()[0].num_rows == 0


def test_many_findings_are_stored_as_few_are() -> None:
    """Few are converted row by row, many column by column; what no column holds is made storable on both ways."""
    names = ["Ann", "half of a \ud83d", "Bob"] * FEW
    few, many, rows = [], FindingRows(7), FindingRows(7)
    for number, name in enumerate(names):
        evidence = Evidence(pattern=name, column_valid=number)
        span = Span(
            "PERSON", 0, 5, 0.25 * (number % 3), "names", "why", name, evidence, (("sex", name),) * (number % 2)
        )
        for target in (rows, many):
            target.add(
                span, finding_id=-number, item=name, root="r", media_type="text/csv", location=f"row={number}",
                record=None, role=None, value_id=2**62, quoted=bool(number % 2), thread=None, language="en",
                preview="", value=None, nth=number,
            )  # fmt: skip
        if number % 7 == 0:
            few.append(rows.take()[0])
    few.append(rows.take()[0])
    table = many.take()[0]
    assert len(names) > FEW
    assert pa.concat_tables(few).to_pylist() == table.to_pylist()
    assert {len(one) for one in few} != {1}
