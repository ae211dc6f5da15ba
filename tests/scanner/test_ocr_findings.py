"""A scanned page through a whole scan: findings say where in the picture, how surely it was read, and stay the same."""

import io
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from reports.explain import explain
from reports.ids import format_id
from scanner import scan
from scanner.formats import formats, load_format
from scanner.limits import Budget, Limits
from scanner.model import Location, Piece, Segment
from scanner.plan import PlanError
from scanner.segment import confidence

needs_ocr = pytest.mark.skipif(find_spec("tesserocr") is None, reason="tesserocr is not installed: nothing is read")
LETTER = ("Dear Mr Fenwick,", "please write to bo.ray@wren-close.example", "or call 07700 900123.")
BADGE = ("Helen Marchbank", "helen@wren-close.example")


def page(lines: tuple[str, ...]) -> Image.Image:
    image = Image.new("L", (1000, 90 + 60 * len(lines)), 255)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((40, 40 + number * 60), line, font=ImageFont.load_default(34), fill=0)
    return image


def read(*pages: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    found = {}
    for lines in pages:
        out = io.BytesIO()
        page(lines).save(out, "PNG")
        parts = load_format(formats()["image/png"])(io.BytesIO(out.getvalue()), Budget(Limits(), 1))
        found[lines] = next(part.text for part in parts if isinstance(part, Segment))
    return found


@needs_ocr
def test_what_was_read_before_changes_nothing() -> None:
    assert read(LETTER, BADGE, LETTER) == read(BADGE, LETTER)


@needs_ocr
def test_one_process_or_many(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    for number in range(3):
        page((LETTER, BADGE)[number % 2]).save(share / f"{number}.png")
    page(LETTER).save(share / "scan.pdf")
    home = tmp_path / "home"
    alone = scan(share, home=home, out=tmp_path / "alone.parquet")
    many = scan(share, home=home, executor="processes", jobs=2)
    columns = ["item", "location", "entity_type", "value_id", "score"]

    def rows(report: object) -> list[dict[str, object]]:
        table = report.findings.select([*columns, "facts"])  # type: ignore[attr-defined]
        return sorted(table.to_pylist(), key=lambda row: tuple(str(row[name]) for name in columns))

    assert rows(alone) == rows(many)
    (mail,) = [row for row in rows(alone) if row["item"] == "0.png" and row["entity_type"] == "EMAIL_ADDRESS"]
    steps = dict(Location.parse(str(mail["location"])).steps)
    assert (steps["line"], steps["word"], steps["chars"]) == ("2", "4", "0-25")
    left, top, right, bottom = map(int, steps["box"].split(","))
    assert 0 < left < right < 1000
    assert 95 < top < bottom < 150
    facts = dict(mail["facts"])  # type: ignore[call-overload]
    assert 50 < int(facts["ocr"]) <= 100
    first = alone.findings.to_pylist()[0]
    told = "\n".join(explain(tmp_path / "alone.parquet", format_id(first["finding_id"])))
    assert "percent sure" in told


def test_off_and_a_wrong_word(tmp_path: Path) -> None:
    page(BADGE).save(tmp_path / "badge.png")
    report = scan(tmp_path / "badge.png", home=tmp_path / "home", ocr="off", names="off")
    (row,) = report.items.to_pylist()
    assert (row["status"], row["reason"]) == ("not_examined", "needs_ocr")
    assert report.findings.num_rows == 0
    with pytest.raises(PlanError, match="--ocr maybe is not known"):
        scan(tmp_path / "badge.png", home=tmp_path / "home", ocr="maybe")


def test_a_value_is_as_sure_as_its_least_sure_word() -> None:
    pieces = (Piece(0, Location(), 90), Piece(4, Location(), 70), Piece(10, Location()), Piece(20, Location(), 80))
    segment = Segment("x" * 30, pieces=pieces)
    assert [confidence(segment, *span) for span in ((0, 3), (1, 6), (5, 25), (11, 15), (0, 4))] == [
        90,
        70,
        70,
        None,
        90,
    ]
