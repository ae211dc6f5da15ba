"""Statistical honesty end to end: what chance explains is no finding, per column and per file, and says so in words."""

import random
from pathlib import Path

import pytest
from stdnum import isbn, luhn
from stdnum.gb import nhs

from detectors.columns import detect_column
from detectors.loose import weigh_loose
from detectors.overlaps import resolve
from detectors.registry import load_detectors
from detectors.running import detect_all
from detectors.types import DetectorOptions, Span, Text
from reports.explain import explain
from reports.ids import format_id
from reports.parquet import Report
from scanner import scan

DETECTORS = load_detectors(DetectorOptions(names="off"))


def ten_digits(count: int, seed: int = 5) -> list[str]:
    rng = random.Random(seed)
    return [str(rng.randint(3_000_000_000, 4_999_999_999)) for _ in range(count)]


def nhs_numbers(count: int, seed: int = 5) -> list[str]:
    return [number for number in ten_digits(count * 20, seed) if nhs.is_valid(number)][:count]


def cards(count: int, seed: int = 5) -> list[str]:
    rng = random.Random(seed)
    bodies = (f"4{rng.randint(10**13, 10**14 - 1)}" for _ in range(count))
    return [body + luhn.calc_check_digit(body) for body in bodies]


def column(label: str, values: list[str]) -> list[Span]:
    looking = detect_column(DETECTORS, label, values)
    while True:
        try:
            next(looking)
        except StopIteration as done:
            return [span for spans in done.value[0] for span in spans]


def loose(*texts: str) -> list[Span]:
    """The spans of the texts of one file, handed over one after the other."""
    shares, spans = {}, []
    for text in texts:
        found, _ = detect_all(DETECTORS, [Text(text)])
        [weighed], shares = weigh_loose(DETECTORS, [Text(text)], found, shares)
        spans += resolve(weighed)
    return spans


def scanned(tmp_path: Path, name: str, text: str, **options: object) -> Report:
    (tmp_path / "in").mkdir(exist_ok=True)
    (tmp_path / "in" / name).write_text(text, encoding="utf-8")
    return scan(tmp_path / "in", home=tmp_path / "home", names="off", **options)  # type: ignore[arg-type]


def test_a_column_that_chance_explains_is_not_that_type_and_says_so() -> None:
    spans = [span for span in column("number", ten_digits(2000)) if span.entity_type == "UK_NHS"]
    assert len(spans) > 100
    assert all(span.score < 0.2 for span in spans)
    [reason] = {span.reason.rpartition("; ")[2] for span in spans}
    assert reason == f"{len(spans)} of 2,000 values of the column pass, chance lets 182: no more than chance"


def test_a_column_of_real_ones_is_raised() -> None:
    spans = [span for span in column("number", nhs_numbers(50)) if span.entity_type == "UK_NHS"]
    assert len(spans) == 50
    assert all(span.score > 0.6 for span in spans)


def isbns(count: int) -> list[str]:
    """English books: the check digit is that of an NHS number, the beginning is not."""
    rng = random.Random(5)
    numbers = (f"0{rng.randint(10**8, 10**9 - 1)}" for _ in range(count * 20))
    return [number for number in numbers if isbn.is_valid(number)][:count]


def test_a_list_of_books_is_no_list_of_patients() -> None:
    books = isbns(100)
    assert all(nhs.checksum(book) == 0 for book in books)
    for spans in (column("number", books), loose("\n".join(books))):
        assert [span for span in spans if span.entity_type == "UK_NHS" and span.score >= 0.5] == []


def test_the_label_is_believed_against_chance() -> None:
    spans = [span for span in column("NHS number", ten_digits(200)) if span.entity_type == "UK_NHS"]
    assert spans
    assert all(span.score > 0.8 for span in spans)


def test_a_log_that_chance_explains_holds_no_number_and_says_so(tmp_path: Path) -> None:
    numbers = ten_digits(500)
    text = "".join(f"worker {number % 7} done {value}\n" for number, value in enumerate(numbers))
    report = scanned(tmp_path, "app.log", text, min_score=0.0)
    rows = [row for row in report.findings.to_pylist() if row["entity_type"] == "UK_NHS"]
    assert len(rows) == sum(map(nhs.is_valid, numbers)) > 30
    assert all(row["score"] < 0.1 for row in rows)
    says = f"{len(rows)} of 500 numbers of this form in the text pass, chance lets 45: no more than chance"
    assert {row["reason"].rpartition("; ")[2] for row in rows} == {says}
    assert scanned(tmp_path, "app.log", text).findings.num_rows == 0


def test_a_list_of_real_ones_in_a_text_is_found(tmp_path: Path) -> None:
    report = scanned(tmp_path, "list.txt", "\n".join(nhs_numbers(30)))
    assert [row["entity_type"] for row in report.findings.to_pylist()] == ["UK_NHS"] * 30


def test_cards_among_many_loose_numbers_stand_by_their_word_only(tmp_path: Path) -> None:
    numbers = [f"4{digits}" for digits in (value + value[:5] for value in ten_digits(300))]
    [named, bare, *_] = cards(3)
    text = "\n".join([*numbers, f"Card: {named}", "", "", "x" * 200, bare, "and 4111111111111111"])
    rows = scanned(tmp_path, "app.log", text, values="clear").findings.to_pylist()
    assert {row["value"] for row in rows} == {named, "4111111111111111"}, "a word, or a published number, stands"


def test_few_numbers_say_nothing() -> None:
    [card] = cards(1)
    [span] = [span for span in loose(f"{card} and 4123412341234123") if span.entity_type == "CREDIT_CARD"]
    assert (span.score, span.evidence.column_total) == (0.5, 0)


def test_a_file_is_counted_over_its_parts() -> None:
    first, *others = cards(8)
    wrong = [number for number in (f"4{value}{value[:5]}" for value in ten_digits(20)) if not luhn.is_valid(number)]
    numbers = " ".join(wrong[:4])
    spans = loose(f"{first} {numbers}", *(f"{card} {numbers}" for card in others))
    totals = [span.evidence.column_total for span in spans if span.entity_type == "CREDIT_CARD"]
    assert totals == [5 * number for number in range(1, 9)]


def test_a_number_that_a_word_speaks_against_is_not_raised_by_its_like() -> None:
    spans = [
        span for span in loose("\n".join(f"order {card}" for card in cards(20))) if span.entity_type == "CREDIT_CARD"
    ]
    assert spans
    assert all(span.score < 0.5 for span in spans)


def test_labels_of_one_file_are_counted_apart() -> None:
    texts = [Text(card, "pan") for card in cards(10)] + [
        Text(f"4{value}{value[:5]}", "hash") for value in ten_digits(300)
    ]
    found, _ = detect_all(DETECTORS, texts)
    _, shares = weigh_loose(DETECTORS, texts, found, {})
    assert ("hash", "CREDIT_CARD") in shares
    assert ("pan", "CREDIT_CARD") not in shares, "its label announces it: nothing there is loose"


def test_a_stray_code_is_no_national_insurance_number() -> None:
    rng = random.Random(3)
    codes = ["".join(rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=8)) + "7" for _ in range(200)]
    stray = [span for span in column("column7", [*codes, "JG103759A"]) if span.entity_type == "UK_NINO"]
    assert [span.score < 0.5 for span in stray] == [True]
    assert "next to none of the codes" in stray[0].reason
    notes = [f"rang again on day {number}" for number in range(200)]
    assert [span.score >= 0.5 for span in column("notes", [*notes, "JG103759A"])] == [True], "among prose it stands"
    real = [f"{one}{other}103759A" for one in "ABCEGH" for other in "ABEHJ" if one + other not in {"BG", "GB", "EH"}][
        :24
    ]
    assert len([span for span in column("column7", real) if span.score >= 0.5]) == len(real) > 20


@pytest.mark.parametrize(("heading", "title"), [("number,n\n", "Column"), ("", "Text")])
def test_explain_prints_the_statistics(tmp_path: Path, heading: str, title: str) -> None:
    lines = [f"{number},x" if heading else number for number in nhs_numbers(30)]
    (tmp_path / "list").write_text(heading + "\n".join(lines), encoding="utf-8")
    out = tmp_path / "report.parquet"
    report = scan(tmp_path / "list", home=tmp_path / "home", names="off", out=out)
    first = report.findings.to_pylist()[0]
    [said] = [line for line in explain(out, format_id(first["finding_id"])) if line.strip().startswith(title)]
    assert "30 of its 30" in said
