"""What cannot be done safely is never attempted: each kind with the reason that a person is told."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from erasable import EMAIL, NAME, about, document, letter, mail, workbook

from scanner.home import load_key
from subjects.erasure.actions import CannotErase, Cut, Cuts, load_action
from subjects.erasure.actions.residue import left_in

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROW = tuple(Cut(f"sheet=Sheet;row=3;col={col};chars=0-{len(text)}", text, True, everywhere=col == 2)
            for col, text in ((1, NAME), (2, EMAIL)))  # fmt: skip
ADDRESS = (Cut("part=1;chars=0-1", EMAIL, everywhere=True),)


def done(kind: str, data: bytes, cuts: tuple[Cut, ...], home: Path, **more: object) -> bytes:
    target = io.BytesIO()
    load_action(kind)(io.BytesIO(data), target, Cuts("f", cuts, frozenset(), load_key(home), **more))  # type: ignore[arg-type]
    return target.getvalue()


def with_part(data: bytes, name: str, content: bytes = b"<x/>") -> bytes:
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as package:
        package.writestr(name, content)
    return file.getvalue()


def with_formula(text: str) -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(workbook()))
    made.active["H1"] = text
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def namesake() -> bytes:
    made = docx.Document()
    made.add_paragraph(f"{NAME} of Leeds, {EMAIL}")
    made.add_paragraph(f"{NAME} of York")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def signed() -> bytes:
    head, _, body = mail().partition("\n\n")
    kind = 'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b'
    return f"{head}\nMIME-Version: 1.0\n{kind}\n\n--b\n\n{EMAIL}\n{body}\n--b\n\nsig\n--b--\n".encode()


CASES: dict[str, tuple[Callable[[], bytes], str, tuple[Cut, ...], str]] = {
    "macros": (lambda: with_part(letter(), "word/vbaProject.bin"), WORD, ADDRESS, "macros"),
    "signature": (lambda: with_part(letter(), "_xmlsignatures/sig1.xml"), WORD, ADDRESS, "signed"),
    "namesake": (namesake, WORD, (Cut("part=document;para=1;chars=0-14", NAME),), "on which nothing was decided"),
    "sum": (lambda: with_formula("=COUNTA(A2:A9)"), EXCEL, ROW, "formula"),
    "column": (lambda: with_formula("=COUNTA(B:B)"), EXCEL, ROW, "formula"),
    "named sheet": (lambda: with_formula("='Sheet'!$A$3"), EXCEL, ROW, "formula"),
    "unsure": (lambda: with_formula('=INDIRECT("A"&1)'), EXCEL, ROW, "formula"),
    "pivot": (lambda: with_part(workbook(), "xl/pivotCache/pivotCacheRecords1.xml"), EXCEL, ROW, "pivot"),
    "gap": (lambda: b"MZ stub" + letter(), WORD, ADDRESS, "does not name"),
    "broken": (lambda: letter()[:-9], WORD, ADDRESS, "do not fit together"),
    "json": (lambda: document().encode()[:-5], "application/json", ADDRESS, "not valid JSON"),
    "signed mail": (signed, "message/rfc822", ADDRESS, "signed"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_left_alone_with_the_reason(name: str, tmp_path: Path) -> None:
    make, kind, cuts, reason = CASES[name]
    with pytest.raises(CannotErase, match=reason):
        done(kind, make(), cuts, tmp_path)


def test_a_formula_on_other_rows_is_no_hindrance(tmp_path: Path) -> None:
    made = done(EXCEL, with_formula("=COUNTA(A1:A2)"), ROW, tmp_path)
    assert openpyxl.load_workbook(io.BytesIO(made)).active["A3"].value is None


def test_an_attachment_and_an_encrypted_member_are_left_alone(tmp_path: Path) -> None:
    with pytest.raises(CannotErase, match="attachment"):
        done("message/rfc822", about().encode(), (), tmp_path, inside={"f!/a.csv": ("text/csv", ADDRESS)})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("a.txt", EMAIL)
    data = bytearray(file.getvalue())
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(CannotErase, match="encrypted"):
        done("application/zip", bytes(data), (), tmp_path, inside={"f!/a.txt": ("text/plain", ADDRESS)})


def test_a_part_that_cannot_be_unpacked_is_not_taken_for_clean() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.txt", f"write to {EMAIL}, " * 100)
    assert left_in(file.getvalue(), {EMAIL})
    data = bytearray(file.getvalue())
    data[40:60] = b"\xff" * 20
    with pytest.raises(CannotErase, match="cannot be unpacked"):
        left_in(bytes(data), {EMAIL})
