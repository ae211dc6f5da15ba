"""What linking decided goes in, the tables of links and of subjects come out: who, how sure, why, how much of whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.parquet import ReportPaths, iterate
from subjects.finding.items import dates_of
from subjects.finding.relations import relation_of
from subjects.linking.attaching import Attached
from subjects.linking.columns import coded
from subjects.linking.comparing import Floats
from subjects.linking.edges import reasons_of
from subjects.linking.grouping import DECIDED
from subjects.linking.keysets import Bools, Ints, distinct_pairs
from subjects.linking.linking import Linkage
from subjects.linking.person_records import Records
from subjects.model import Tier

_ALONE, _DECIDED = "what this record says of itself", "somebody decided so"
_TIERS = tuple(map(str, Tier))
_PIECE = 500_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """A link run: records, who they are of, mentions attached; `people` (sorted numbers of records) have these `ids`.

    `known` are the records that are told apart by themselves.
    """

    records: Records
    linkage: Linkage
    known: Bools
    attached: Sequence[Attached]
    people: Ints
    ids: Ints


@dataclass(frozen=True, slots=True)
class Verdicts:
    """For each record: place of its person in `people` (-1: nobody's), tier, score and reason as numbers of words."""

    person: Ints
    tier: Ints
    score: Floats
    reason: Ints
    reasons: list[str]


def verdicts(outcome: Outcome) -> Verdicts:
    """What linking says of each record."""
    records, linkage = outcome.records, outcome.linkage
    person = np.where(outcome.known, np.searchsorted(outcome.people, linkage.person), -1)
    tier = np.where(records.near, _TIERS.index(Tier.PROBABLE), _TIERS.index(Tier.CERTAIN))
    score = np.where(records.near, 0.9, 1.0)
    reasons = [_ALONE, _DECIDED]
    reason = np.where(linkage.tie == DECIDED, 1, 0)
    tied = np.flatnonzero(linkage.tie >= 0)
    score[tied] = np.minimum(score[tied], linkage.probability(linkage.tie[tied]))
    bits, index = np.unique(linkage.edges.levels[linkage.tie[tied]], return_inverse=True)
    reason[tied] = len(reasons) + index
    reasons += ["; ".join(reasons_of(one)) for one in bits.tolist()]
    for one in outcome.attached:
        person[one.records] = np.searchsorted(outcome.people, one.people)
        tier[one.records], score[one.records] = _TIERS.index(one.tier), one.score
        reason[one.records] = len(reasons)
        reasons.append(one.reason)
    return Verdicts(person, tier, score, reason, reasons)


def link_tables(outcome: Outcome, said: Verdicts) -> Iterator[pa.Table]:
    """One row per finding that is somebody's, piece by piece."""
    records = outcome.records
    relations = [str(relation_of(role)) for role in (*records.role, None)]
    for start in range(0, len(records.finding_id), _PIECE):
        of = records.finding_record[start : start + _PIECE]
        rows = np.flatnonzero(said.person[of] >= 0)
        of = of[rows]
        yield pa.table(
            {
                "finding_id": records.finding_id[start + rows],
                "record": of,
                "subject_id": outcome.ids[said.person[of]],
                "tier": _words(_TIERS, said.tier[of]),
                "score": said.score[of].astype(np.float32),
                "relation": _words(relations, records.role_code[of]),
                "reasons": _words(said.reasons, said.reason[of]),
            }
        )


def _words(words: Sequence[str], codes: Ints) -> pa.Array:
    """Words by number; -1 is the last."""
    return pa.array(words, pa.string()).take(pa.array(np.where(codes < 0, len(words) - 1, codes)))


def subject_table(paths: Sequence[ReportPaths], outcome: Outcome, said: Verdicts) -> pa.Table:
    """One row per person: counts, categories, dates and the fullest masked name."""
    records, count = outcome.records, len(outcome.people)
    person = said.person[records.finding_record]
    mine = np.flatnonzero(person >= 0)
    row_person, row_place = distinct_pairs(person[mine], records.place[records.finding_record[mine]].astype(np.int64))
    own_record = said.person[said.person >= 0]
    names, kinds = _words_of(paths, person, count)
    dates = dates_of([one.items for one in paths], records.places)
    first, last = np.full(count, np.iinfo(np.int64).max), np.full(count, np.iinfo(np.int64).min)
    dated = dates[row_place] > np.iinfo(np.int64).min
    np.minimum.at(first, row_person[dated], dates[row_place[dated]])
    np.maximum.at(last, row_person[dated], dates[row_place[dated]])
    undated = last == np.iinfo(np.int64).min
    moment = pa.timestamp("us", tz="UTC")
    return pa.table(
        {
            "subject_id": outcome.ids,
            "name": pa.array(names, pa.string()),
            "records": np.bincount(own_record, minlength=count),
            "findings": np.bincount(person[mine], minlength=count),
            "items": np.bincount(row_person, minlength=count),
            "categories": pa.array(kinds, pa.list_(pa.string())),
            "first": pa.array(first, moment, mask=undated),
            "last": pa.array(last, moment, mask=undated),
            "review": _reviews(outcome, count),
        }
    )


def _reviews(outcome: Outcome, count: int) -> Ints:
    """For each person how many pairs that they are in somebody should look at."""
    ends = [record for one in outcome.linkage.review for record in (one.left, one.right)]
    people = outcome.linkage.person[np.array(ends, np.int64)]
    place = np.minimum(np.searchsorted(outcome.people, people), max(count - 1, 0))
    found = place[outcome.people[place] == people] if count else place
    return np.bincount(found, minlength=count)


def _words_of(paths: Sequence[ReportPaths], person: Ints, count: int) -> tuple[list[str], list[list[str]]]:
    """For each person the masked name with most initials, the commonest first; and the categories of their findings."""
    previews: dict[str, int] = {}
    categories: dict[str, int] = {}
    named: list[Ints] = []
    kept: list[Ints] = []
    start = 0
    for one in paths:
        for table in iterate(one.findings, ["entity_type", "category", "preview"]):
            mine = person[start : start + len(table)]
            start += len(table)
            is_name = pc.equal(table["entity_type"].cast(pa.string()), "PERSON").to_numpy(zero_copy_only=False)
            for column, numbers, found, rows in (
                ("preview", previews, named, (mine >= 0) & is_name), ("category", categories, kept, mine >= 0)
            ):  # fmt: skip
                words, code = coded(table[column])
                known = np.array([numbers.setdefault(word, len(numbers)) for word in words] or [0], np.int64)
                held = rows & (code >= 0)
                found.append(np.stack([mine[held], known[code[held]]]))
    kinds: list[list[str]] = [[] for _ in range(count)]
    listed = list(categories)
    for subject, kind in zip(*(one.tolist() for one in distinct_pairs(*_whole(kept))), strict=True):
        kinds[subject].append(listed[kind])
    person_of, name = _whole(named)
    return _best_names(person_of, name, list(previews), count), [sorted(filter(None, found)) for found in kinds]


def _whole(parts: list[Ints]) -> Ints:
    return np.concatenate(parts, axis=1) if parts else np.zeros((2, 0), np.int64)


def _best_names(person: Ints, name: Ints, words: list[str], count: int) -> list[str]:
    """Two initials before one, then the commonest, then the last in the alphabet."""
    order = np.lexsort((name, person))
    person, name = person[order], name[order]
    new = np.flatnonzero(np.r_[True, (person[1:] != person[:-1]) | (name[1:] != name[:-1])]) if len(name) else name
    times = np.diff(np.r_[new, len(name)])
    person, name = person[new], name[new]
    length = np.array([min(len(word.split()), 2) for word in words] or [0], np.int64)
    rank = np.argsort(np.argsort(np.array(words or [""], dtype=object)))
    best = np.lexsort((rank[name], times, length[name], person))
    found = [""] * count
    for subject, word in zip(person[best].tolist(), name[best].tolist(), strict=True):
        found[subject] = words[word]  # the last of each person stays
    return found
