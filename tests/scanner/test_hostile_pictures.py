"""Damaged pictures and PDFs, and one that ends pdfium's process, through real worker processes: each has its row."""

import io
import random
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from reports.parquet import Report
from scanner import scan

needs_ocr = pytest.mark.skipif(find_spec("tesserocr") is None, reason="tesserocr is not installed: nothing is read")
KINDS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "PDF")
TYPED = {"damaged", "limit", "encrypted", "unsupported", "poison", "out_of_memory", "timed_out", "needs_ocr"}


def drawn(kind: str) -> bytes:
    image = Image.new("RGB", (260, 60), "white")
    ImageDraw.Draw(image).text((8, 8), "to bo.ray@x.example", font=ImageFont.load_default(20), fill="black")
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def mutant(whole: bytes, chance: random.Random) -> bytes:
    data = bytearray(whole)
    for _ in range(chance.choice((0, 1, 3, 12, 60))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data[: chance.choice((len(data), len(data), chance.randrange(8, len(data))))])


def scanned(folder: Path, tmp_path: Path) -> Report:
    config = {"names": "off", "executor": "processes", "jobs": 2}
    return scan(folder, home=tmp_path / "home", **config)  # type: ignore[arg-type]


def rows(report: Report) -> dict[str, tuple[str, str]]:
    return {row["item"]: (row["status"], row["reason"] or "") for row in report.items.to_pylist()}


@needs_ocr
def test_two_hundred_damaged_files_have_a_typed_outcome_each(tmp_path: Path) -> None:
    chance = random.Random(20)
    share = tmp_path / "share"
    share.mkdir()
    whole = {kind: drawn(kind) for kind in KINDS}
    for number in range(200):
        kind = KINDS[number % len(KINDS)]
        with zipfile.ZipFile(share / f"{number % 5}.zip", "a") as archive:
            archive.writestr(f"{number}.{kind.lower()}", mutant(whole[kind], chance))
    report = scanned(share, tmp_path)
    found = rows(report)
    assert len(found) == 205
    reasons = {reason for _, reason in found.values()}
    assert reasons - {""} <= TYPED
    assert "damaged" in reasons
    assert sum(status == "examined" for status, _ in found.values()) > 40
    assert any(row["entity_type"] == "EMAIL_ADDRESS" for row in report.findings.to_pylist())


def bomb(*objects: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>"
    whole = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, *objects)
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(whole, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), more, content)


def test_a_form_that_draws_itself_costs_its_row_only(tmp_path: Path) -> None:
    inside = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
    loop = bomb(stream(b"/X Do /X Do"), stream(b"/X Do /X Do", inside))
    share = tmp_path / "share"
    share.mkdir()
    (share / "beside.txt").write_text("Dear Ann, ann@x.example", encoding="utf-8")
    with zipfile.ZipFile(share / "all.zip", "w") as archive:
        archive.writestr("loop.pdf", loop)
        archive.writestr("behind.txt", "Dear Bob, bob@x.example")
    config = tmp_path / "whosedata.toml"
    config.write_text('[limits]\nworker_memory = "600MB"\nstall_seconds = 20\n', encoding="utf-8")
    report = scan(share, home=tmp_path / "home", names="off", executor="processes", jobs=1, config=str(config))
    found = rows(report)
    status, reason = found.pop("all.zip!/loop.pdf")
    assert (status, reason in {"poison", "out_of_memory", "timed_out"}) == ("not_examined", True)
    assert found == {
        "all.zip": ("examined", ""),
        "all.zip!/behind.txt": ("examined", ""),
        "beside.txt": ("examined", ""),
    }
    assert report.findings.num_rows == 2


@needs_ocr
def test_a_picture_of_specks_does_not_hold_its_reader(tmp_path: Path) -> None:
    """Tens of thousands of dots make tesseract look for lines for minutes, whatever time it is given."""
    chance = np.random.default_rng(1)
    dots = np.kron(chance.integers(0, 12, (850, 850)) == 0, np.ones((4, 4), dtype=bool))
    share = tmp_path / "share"
    share.mkdir()
    Image.fromarray(np.where(dots, 0, 255).astype(np.uint8)).save(share / "dots.png")
    config = tmp_path / "whosedata.toml"
    config.write_text("[limits]\nstall_seconds = 15\n", encoding="utf-8")
    report = scan(share, home=tmp_path / "home", names="off", executor="processes", jobs=1, config=str(config))
    assert rows(report) == {"dots.png": ("examined", "")}
