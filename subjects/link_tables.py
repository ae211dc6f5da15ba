"""What linking decided goes in, the tables of links and of subjects come out: who, how sure, why, how much of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from reports.parquet import ReportPaths
from subjects.attaching import Attached
from subjects.keysets import Bools, Ints
from subjects.linking import Linkage
from subjects.model import Tier
from subjects.person_records import Records
from subjects.relations import relation_of

_ALONE = "what this record says of itself"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A link run: records, who they are of, which of them are told apart (`known`), mentions attached, subject ids."""

    records: Records
    linkage: Linkage
    known: Bools
    attached: Sequence[Attached]
    ids: Mapping[int, int]


def link_table(outcome: Outcome) -> pa.Table:
    """One row per finding that is somebody's."""
    records = outcome.records
    person, tier, score, reason = _verdicts(outcome)
    subject = np.array([outcome.ids.get(number, 0) for number in person.tolist()], np.int64)
    rows = np.flatnonzero(person[records.finding_record] >= 0)
    of = records.finding_record[rows]
    relations = [str(relation_of(role)) for role in (*records.role, None)]
    return pa.table(
        {
            "finding_id": records.finding_id[rows],
            "record": of,
            "subject_id": subject[of],
            "tier": pa.array(tier[of].tolist(), pa.string()),
            "score": score[of].astype(np.float32),
            "relation": pa.array([relations[code] for code in records.role_code[of].tolist()], pa.string()),
            "reasons": pa.array(reason[of].tolist(), pa.string()),
        }
    )


def _verdicts(outcome: Outcome) -> tuple[Ints, NDArray[np.object_], NDArray[np.float64], NDArray[np.object_]]:
    """For each record its person (-1: nobody's), tier, score and reason."""
    records, linkage = outcome.records, outcome.linkage
    person = np.where(outcome.known, linkage.person, -1)
    tier = np.full(records.count, str(Tier.CERTAIN), dtype=object)
    tier[records.near] = str(Tier.PROBABLE)
    score = np.where(records.near, 0.9, 1.0)
    reason = np.full(records.count, _ALONE, dtype=object)
    for record, edge in linkage.tie.items():
        if edge >= 0:
            score[record] = min(score[record], linkage.probability(edge))
            reason[record] = "; ".join(linkage.reasons[edge])
        else:
            reason[record] = "somebody decided so"
    for one in outcome.attached:
        person[one.record], tier[one.record] = one.person, str(one.tier)
        score[one.record] = 0.85 if one.tier is Tier.PROBABLE else 0.4
        reason[one.record] = "; ".join(one.reasons)
    return person, tier, score, reason


def subject_table(paths: Sequence[ReportPaths], links: pa.Table, outcome: Outcome) -> pa.Table:
    """One row per person: counts, categories, dates and the fullest masked name."""
    columns = ["finding_id", "item", "root", "entity_type", "category", "preview"]
    findings = pa.concat_tables([_plain(pq.read_table(one.findings, columns=columns)) for one in paths])
    items = pa.concat_tables(
        [_plain(pq.read_table(one.items, columns=["item", "root", "content_date", "modified"])) for one in paths]
    )
    dated = items.append_column("date", pc.coalesce(items["content_date"], items["modified"])).select(
        ["item", "root", "date"]
    )
    dated = dated.group_by(["item", "root"]).aggregate([("date", "max")])
    joined = (
        links.select(["finding_id", "record", "subject_id"]).join(findings, "finding_id").join(dated, ["item", "root"])
    )
    place = pc.binary_join_element_wise(joined["root"], joined["item"], "/")
    joined = joined.append_column("place", place)
    grouped = joined.group_by("subject_id").aggregate(
        [
            *((name, "count_distinct") for name in ("record", "finding_id", "place")),
            ("category", "distinct"), ("date_max", "min"), ("date_max", "max"),
        ]
    )  # fmt: skip
    names = _names(joined)
    review: dict[int, int] = {}
    for one in outcome.linkage.review:
        for record in (one.left, one.right):
            subject = outcome.ids.get(int(outcome.linkage.person[record]), 0)
            review[subject] = review.get(subject, 0) + 1
    subject_list = grouped["subject_id"].to_pylist()
    return pa.table(
        {
            "subject_id": grouped["subject_id"],
            "name": pa.array([names.get(subject, "") for subject in subject_list], pa.string()),
            "records": grouped["record_count_distinct"],
            "findings": grouped["finding_id_count_distinct"],
            "items": grouped["place_count_distinct"],
            "categories": pa.array(
                [sorted(filter(None, kinds)) for kinds in grouped["category_distinct"].to_pylist()],
                pa.list_(pa.string()),
            ),
            "first": grouped["date_max_min"],
            "last": grouped["date_max_max"],
            "review": pa.array([review.get(subject, 0) for subject in subject_list], pa.int64()),
        }
    )


def _names(joined: pa.Table) -> dict[int, str]:
    """The masked name with most initials, the commonest first."""
    people = joined.filter(pc.equal(joined["entity_type"], "PERSON"))
    counted = people.group_by(["subject_id", "preview"]).aggregate([([], "count_all")])
    best: dict[int, tuple[int, int, str]] = {}
    for subject, preview, count in zip(
        *(counted[name].to_pylist() for name in ("subject_id", "preview", "count_all")), strict=True
    ):
        rank = (min(len((preview or "").split()), 2), count, preview or "")
        best[subject] = max(best.get(subject, (0, 0, "")), rank)
    return {subject: name for subject, (_, _, name) in best.items()}


def _plain(table: pa.Table) -> pa.Table:
    fields = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields)).replace_schema_metadata(None)
