"""Recall as a hard floor, and files full of nobody's numbers in which nothing may be found."""

import re
import tomllib
from pathlib import Path

import pytest
from accuracy import quick_scores
from gold import Score
from traps import ROWS, make_traps

from scanner import scan

SHARED = Path(__file__).parents[3] / "shared" / "data"
FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf-8"))
SAMPLE, OFFICE = "sample_data", "invented British office, held back"
# A national id or a card of any country.
IDS = re.compile(r"[A-Z]{2}_(?!POSTCODE)\w+|CREDIT_CARD|CARD_SECURITY_CODE|IBAN_CODE")


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, Score]]:
    return dict(quick_scores(SHARED if SHARED.is_dir() else None))


def fallen(measured: dict[str, dict[str, Score]]) -> list[str]:
    """What lies below its floor."""
    return [
        f"{name}, {kind}: {measured[name][kind].recall or 0:.3f}, floor {floor}"
        for name, floors in FLOORS.items()
        if name in measured
        for kind, floor in floors.items()
        if (measured[name][kind].recall or 0) < floor
    ]


def test_recall_on_what_is_in_the_repository_does_not_fall(measured: dict[str, dict[str, Score]]) -> None:
    own = {name: measured[name] for name in list(measured)[:2]}
    assert list(own) == [SAMPLE, OFFICE]
    assert fallen(own) == []
    assert {kind: score.precision for kind, score in own[SAMPLE].items()} == dict.fromkeys(FLOORS[SAMPLE], 1.0)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled material is not here")
def test_recall_on_labelled_material_does_not_fall(measured: dict[str, dict[str, Score]]) -> None:
    assert fallen(measured) == []
    assert set(measured) == set(FLOORS), "a set without a floor: python benchmarks/accuracy.py --quick --floors ..."


def test_orders_stock_and_logs_hold_no_national_id_and_no_card(tmp_path: Path) -> None:
    make_traps(tmp_path / "traps")
    report = scan(tmp_path / "traps", home=tmp_path / "home", names="off", values="clear")
    assert sum(line.count("\n") for line in map(Path.read_text, (tmp_path / "traps").iterdir())) > 2.5 * ROWS
    found = [(row["item"], row["entity_type"], row["value"]) for row in report.findings.to_pylist()]
    assert [one for one in found if IDS.fullmatch(one[1])] == []
