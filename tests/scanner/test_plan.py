"""Options, configuration files, sizes, budgets and columns: what is refused, and what wins over what."""

from pathlib import Path

import pytest

from detectors.columns import ColumnProfile, detect_column
from detectors.context import find_context
from detectors.labels import announced
from detectors.running import Failure, detect_all
from detectors.scoring import weigh
from detectors.shares import Share
from detectors.types import DetectorTimeout, Span, Text
from scanner.batches import make_batches
from scanner.config import read_config
from scanner.limits import MB, Budget, Limits
from scanner.model import Item, Location, Skip
from scanner.plan import PlanError, make_plan, make_roots, parse_size


@pytest.mark.parametrize(("typed", "size"), [("12", 12), ("1KB", 1024), ("2.5 mb", 2621440), ("1g", 1 << 30)])
def test_sizes(typed: str, size: int) -> None:
    assert parse_size(typed) == size


@pytest.mark.parametrize("typed", ["1e999", "-5MB", "", "MB", "1 PB", "x", "-"])
def test_wrong_sizes(typed: str) -> None:
    with pytest.raises(PlanError, match="not a size"):
        parse_size(typed)


def test_an_option_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_text('[scan]\nmin_score = 0.7\nnames = "off"\n[limits]\nmax_depth = 3\nmax_extracted = "1MB"\n')
    plan = make_plan(make_roots([tmp_path]), read_config(file), min_score=0.2, names=None)
    assert (plan.min_score, plan.detectors.names, plan.limits.max_depth, plan.limits.max_extracted) == (
        0.2,
        "off",
        3,
        MB,
    )
    assert plan.printed() == make_plan(make_roots([tmp_path]), read_config(file), min_score=0.2).printed()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[x]\n", "unknown section"), ("[scan]\nx=1\n", "unknown key"), ("[scan", "not valid TOML"),
        ("[limits]\nmax_depth=-1", "negative"), ("[limits]\nitem_seconds=inf", "item_seconds must be a number"),
        ("[limits]\nmax_depth='ten'", "max_depth: “ten” is not a size"),
        ("[limits]\nmax_depth=nan", "max_depth must be"),
        ("scan=3", r"scan is a section: write \[scan\]"), ("[[scan]]\nocr='off'", "scan is a section"),
        ("[scan]\nmin_score='high'", "min_score must be a number from 0 to 1"),
        ("[detectors]\nsettings=3", r"written as \[detectors.settings"),
    ],
)  # fmt: skip
def test_wrong_files(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "w.toml"
    file.write_text(text)
    with pytest.raises(PlanError, match=message):
        make_plan(make_roots([tmp_path]), read_config(file))


def test_a_budget_ends() -> None:
    budget = Budget(Limits(max_extracted=50 * MB, max_members=2), packed_size=MB)
    budget.charge_bytes(49 * MB)
    with pytest.raises(Skip, match="50 MB"):
        budget.charge_bytes(2 * MB)
    small = Budget(Limits(), packed_size=100)
    with pytest.raises(Skip, match="200 times"):
        small.charge_bytes(11 * MB)
    small.refund(0)
    small.charge_bytes(9 * MB)
    budget.charge_member()
    budget.charge_member()
    with pytest.raises(Skip, match="members"):
        budget.charge_member()


def test_a_file_more_leaves_later_batches_as_they_were() -> None:
    items = [Item(f"{number:04}.txt", "r", b"x", 10) for number in range(500)]
    before = {batch.signature for batch in make_batches(enumerate(items))}
    after = {batch.signature for batch in make_batches(enumerate([Item("0000a.txt", "r", b"x", 10), *items]))}
    assert len(before) > 5
    assert len(before & after) >= len(before) - 2


def test_a_batch_holds_more_tiny_files_than_others() -> None:
    """To commit a batch costs the same for each: of tiny files 128 at most, of others 32, or 2 MB."""
    most = {
        size: max(
            len(batch.items) for batch in make_batches((n, Item(f"{n}.txt", "r", b"x", size)) for n in range(9_000))
        )
        for size in (100, 10_000, MB)
    }
    assert most == {100: 128, 10_000: 32, MB: 2}


@pytest.mark.parametrize(
    "location", [Location(), Location.of(sheet="A;b=%", row=3), Location.of(header="x\ny").then(chars="0-3")]
)
def test_locations_come_back(location: Location) -> None:
    assert Location.parse(str(location)) == location


@pytest.mark.parametrize(
    ("share", "verdict"),
    [
        (Share(9, 100, 1 / 11), -1), (Share(100, 100, 1 / 11), 1), (Share(4, 4, 1 / 11), 1), (Share(1, 1, 1 / 11), 0),
        (Share(3, 20, 1 / 11), -1), (Share(12, 20, 1 / 11), 1), (Share(0, 0, 1 / 11), 0),
    ],
)  # fmt: skip
def test_verdicts_on_columns(share: Share, verdict: int) -> None:
    assert share.verdict == verdict


class Failing:
    """Finds every text, but gives up on some words."""

    name = "failing"
    entity_types = ("X",)

    def detect(self, texts: list[Text]) -> object:
        for text in texts:
            if "slow" in text.text:
                raise DetectorTimeout
            if "bad" in text.text:
                raise RuntimeError(text.text)
            yield [Span("X", 0, 1, 0.9, "failing", "r", "v")]


def column(label: str, values: list[str]) -> tuple[list[list[Span]], ColumnProfile, list[Failure]]:
    """What detect_column returns."""
    looking = detect_column([Failing()], label, values)  # type: ignore[list-item]
    while True:
        try:
            next(looking)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]


def test_a_failing_detector_costs_its_own_text() -> None:
    texts = [Text(word) for word in ("a", "bad", "b", "slow", "c")]
    found, failures = detect_all([Failing(), Failing()], texts)  # type: ignore[list-item]
    assert [len(spans) for spans in found] == [2, 0, 2, 0, 2]
    assert {(failure.error, failure.timed_out) for failure in failures} == {
        ("RuntimeError", False),
        ("DetectorTimeout", True),
    }
    cells, _, lost = column("label", ["a", "", "bad", "a"])
    assert ([len(spans) for spans in cells], len(lost)) == ([1, 0, 0, 1], 1)


def test_context_is_near_and_in_the_same_block() -> None:
    text = "NHS number: x\n\nPhone y"
    assert find_context(text, 12, 13, ("nhs", "nhs number")) == "nhs number"
    assert find_context(text, 21, 22, ("nhs", "nhs number")) == ""
    assert find_context("the nhsx 1", 9, 10, ("nhs",)) == ""
    assert find_context("1 visa", 0, 1, ("visa",)) == "visa"


def test_evidence_counts_both_ways() -> None:
    bare, _ = weigh("UK_NHS", 0.4, Text("1"), 0, 1)
    near, _ = weigh("UK_NHS", 0.4, Text("nhs 1"), 4, 5, words=("nhs",))
    label, evidence = weigh("UK_NHS", 0.4, Text("1", "nhs_number"), 0, 1)
    against, why = weigh("UK_NHS", 0.4, Text("1", "order_id"), 0, 1)
    assert against < bare < near < 1
    assert bare < label < 1
    assert (evidence.label, why.label) == ("nhs_number", "not: order_id")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("card number 1", "card number"), ("order 1 paid by card", "not: order"), ("1 (order, by card)", "card"),
        ("card payment for order 1", "not: order"), ("paid by card, order number: 1", "not: order"),
        ("order no 12 was sent to us and paid by card 1", "card"), ("order 1", "not: order"), ("1", ""),
    ],
)  # fmt: skip
def test_words_count_for_and_against_by_their_distance(text: str, said: str) -> None:
    at = text.index("1") if "12" not in text else text.rindex("1")
    score, evidence = weigh(
        "CREDIT_CARD", 0.5, Text(text), at, at + 1, words=("card", "card number"), against=("order",)
    )
    assert evidence.context == said
    assert (score > 0.5, score < 0.5) == (bool(said) and "not: " not in said, "not: " in said)


@pytest.mark.parametrize(
    ("label", "expected", "excluded"),
    [
        ("dateOfBirth", "DATE_OF_BIRTH", "UK_NHS"), ("NHS No.", "UK_NHS", "PHONE_NUMBER"), ("order_id", "", "UK_NHS"),
        ("company name", "", "PERSON"), ("Contact e-mail", "EMAIL_ADDRESS", "PERSON"),
        ("e-mail address", "EMAIL_ADDRESS", "PERSON"), ("DoB", "DATE_OF_BIRTH", ""), ("PCode", "UK_POSTCODE", ""),
    ],
)  # fmt: skip
def test_labels(label: str, expected: str, excluded: str) -> None:
    said = announced(label)
    assert said.expected == (frozenset({expected}) if expected else frozenset())
    assert not excluded or excluded in said.excluded


def test_a_column_of_chance_says_so_in_words() -> None:
    share = Share(179, 2000, 1 / 11)
    assert share.words == "179 of 2,000 values of the column pass, chance lets 182: no more than chance"
    assert Share(20, 20, 1 / 11).words == "20 of 20 values of the column pass, chance lets 2"
