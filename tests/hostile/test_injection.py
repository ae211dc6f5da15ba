"""Names and values that try to become a formula, a script, an escape code or a statement stay text in every output."""

import csv
import io
import json
import os
import re
import sqlite3
import zipfile
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from email.header import Header
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hostile_names import HOSTILE
from payloads import ALL, ESCAPES, FORMULAS, SQL_NAMES
from selectolax.lexbor import LexborHTMLParser

from scanner import scan
from subjects.cli import whosedata

WHO = ("--name", "Peggy Tolliver", "--email", "peggy@home.example")
FORMS = ("html", "csv", "xlsx", "jsonl", "json", "sarif")
_LIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_FORMULA = re.compile(r"^\s*[=+\-@\u2212\uff0b\uff0d\uff1d\uff20\t\r]")
_NUMBER = re.compile(r"[+-]?[\d.,:% -]+|\+?[\d ()-]+|-")
CONFIG = """
[controller]
name = "{0}"
contact = "10 Wren Close, NN12 6RD"
purposes = "{0}"
retention = "{0}"
transfers = "none"
automated_decisions = "none"
automated_decisions_checked = "1 September 2026"

[[recipients]]
name = "{0}"
contact = "{0}"
what = "{0}"
"""


def file_name(payload: str, number: int) -> str:
    """The payload as a name that a disk takes; what it begins with stays in front."""
    return payload.replace("/", "\u2215").replace("\x00", "\u2400")[:60] + f" {number}.txt"


def plant(share: Path, payloads: Sequence[str]) -> None:
    """A share with the payloads as names of files, in cells, headings, sheets, headers of mails, and names in prose."""
    share.mkdir()
    for number, payload in enumerate(payloads):
        if os.name == "posix":
            (share / file_name(payload, number)).write_text(
                f"{payload}\nName: Peggy Tolliver, peggy@home.example\n", encoding="utf-8"
            )
    with (share / "cells.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["Name", "E-mail", "Remarks"], *(["Peggy Tolliver", "peggy@home.example", text] for text in payloads)]
        )
    with (share / "headings.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*payloads[:40], "E-mail"], ["1"] * len(payloads[:40]) + ["peggy@home.example"]])
    mails = (
        f"From x Mon Jan  1 10:00:00 2024\nFrom: {coded(text)} <peggy@home.example>\nSubject: {coded(text)}\n"
        f"Message-ID: <{n}@x>\n\n{text}\n\n"
        for n, text in enumerate(payloads)
    )
    (share / "box.mbox").write_text("".join(mails), encoding="utf-8")
    (share / "keys.json").write_text(
        json.dumps([{text: "peggy@home.example", "name": f"Peggy {text}"} for text in payloads]), encoding="utf-8"
    )
    with zipfile.ZipFile(share / "members.zip", "w") as archive:
        for number, text in enumerate(payloads):
            archive.writestr(f"{text}{number}.txt".replace("\x00", "0"), "peggy@home.example")


def coded(text: str) -> str:
    return Header(text, "utf-8").encode(linesep="\n ")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WHOSEDATA_PACK_PASSPHRASE", "four words of test")
    monkeypatch.chdir(tmp_path)

    def invoke(*words: str, codes: Container[int] = (0, 3)) -> Result:
        result = CliRunner().invoke(whosedata, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code in codes, (words, result.output)
        assert not _LIVE.search(result.output), (words, _LIVE.search(result.output))
        return result

    return invoke


def everything(run: Callable[..., Result], tmp_path: Path, payloads: Sequence[str]) -> None:
    """Every command that writes something of a report or a case."""
    plant(tmp_path / "share", payloads)
    text = next(one for one in payloads if one.isprintable() and '"' not in one and "\\" not in one)
    (tmp_path / "whosedata.toml").write_text(CONFIG.format(text), encoding="utf-8")
    run("scan", "share", "--out", "r.parquet", "--engine", "serial", "--values", "clear", "-v")
    for form in ("table", "csv", "json"):
        run("show", "r.parquet", "--format", form)
    run("show", "r.parquet", "--items")
    first = run("show", "r.parquet", "--limit", "1", "--format", "json").output
    run("explain", "r.parquet", json.loads(first)["finding_id"])
    run("people", "r.parquet")
    run("link", "r.parquet", "--review")
    run("find", "r.parquet", *WHO, "--context")
    run("report", "r.parquet", *(word for form in FORMS for word in ("--out", f"form.{form}")))
    run("audit", "r.parquet", "--html", "audit.html", "--worklists", "lists")
    run("case", "new", "--right", "access", "--right", "erasure", *WHO, "--channel", text)
    hostile = payloads[:5]
    for name in hostile:
        run("case", "new", "--right", "access", "--name", name, "--email", "peggy@home.example")
    run("cases", "--all")
    run("cases", "--all", "--format", "csv")
    run("case", "event", "2026-0001", "identity-confirmed", "--say", f"method={payloads[0]}")
    run("letter", "2026-0001", "acknowledgement", "--out", "letters", "--config", "whosedata.toml")
    run("letter", "2026-0003", "question", "--why", payloads[-1], "--out", "letters", "--config", "whosedata.toml")
    # Recipients are told of what was marked; the name of one comes from outside.
    run("case", "new", "--right", "rectification", "--name", "Cy Hart", "--email", "cy@hart.example")
    last = f"2026-{3 + len(hostile):04}"
    run("case", "event", last, "identity-confirmed", "--say", "method=known")
    run("case", "event", last, "changed", "--say", f"what={payloads[0]}")
    run(
        "letter",
        last,
        "notices",
        "--recipient",
        payloads[0],
        "--why",
        text,
        "--out",
        "letters",
        "--config",
        "whosedata.toml",
    )
    run("access", "2026-0001", "r.parquet", "--review", "sheet.csv", "--accept-certain")
    decided(tmp_path / "sheet.csv")
    answer = (
        "access",
        "2026-0001",
        "r.parquet",
        "--decisions",
        "sheet.csv",
        "--out",
        "answer",
        "--config",
        "whosedata.toml",
    )
    refused = run(*answer, codes={0, 3, 4})
    nobody = re.findall("^[0-9a-f]{16}(?= )", refused.output, re.MULTILINE)  # what looks like somebody else
    if refused.exit_code == 4:
        run(*answer, *(word for one in nobody for word in ("--not-a-person", one)))


def decided(sheet: Path) -> None:
    """Decide what is not certain, as a person would."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["decision"] = row["decision"] or "include"
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def live(folder: Path) -> Iterator[str]:
    """What in the files that were written a program would obey."""
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        yield from (f"{path.relative_to(folder)}: {what}" for what in _live(path.suffix, path.read_bytes()))


def _live(suffix: str, data: bytes) -> Iterable[str]:
    if suffix == ".csv":
        return _live_cells(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    if suffix == ".xlsx":
        return _live_workbook(data)
    if suffix == ".docx":
        return _live_letter(data)
    if suffix == ".html":
        return _live_page(data.decode())
    if suffix in {".json", ".sarif", ".jsonl"}:
        for line in data.decode().splitlines() if suffix == ".jsonl" else [data.decode()]:
            json.loads(line)
        return [repr(found) for found in re.findall("[\x00-\x09\x0b-\x1f\x7f]", data.decode())]
    return []


def _live_cells(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        yield from (
            cell for cell in row if (_FORMULA.match(cell) and not _NUMBER.fullmatch(cell)) or _LIVE.search(cell)
        )


def _live_workbook(data: bytes) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            yield from (str(cell.value) for cell in row if cell.data_type == "f" or cell.hyperlink)


def _live_letter(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8", "replace")
            if name.endswith(".xml"):
                yield from re.findall(r"<w:(?:instrText|fldSimple|object|hyperlink|altChunk)\b", text)
            if 'TargetMode="External"' in text:
                yield f"{name} leads outside"


def _live_page(page: str) -> Iterator[str]:
    tree = LexborHTMLParser(page)
    assert tree.root is not None
    for node in tree.root.traverse():
        if node.tag in {"script", "iframe", "object", "embed", "base", "form", "img", "link", "foreignobject"}:
            yield f"<{node.tag}>"
        for name, value in node.attributes.items():
            if name.startswith("on") or name in {"srcdoc", "background", "formaction"}:
                yield f"{node.tag} {name}"
            if name in {"href", "src", "xlink:href"} and not re.match(r"#|[\w%.~-]+(?:/|$)", value or ""):
                yield f"{node.tag} {name}={value}"
            if name == "http-equiv" and (value or "").lower() != "content-security-policy":
                yield f"{node.tag} {name}={value}"
    if "owned" in (tree.css_first("title").text() if tree.css_first("title") else ""):
        yield "title"


WRITTEN = (
    "form.html",
    "form.csv",
    "form.items.csv",
    "form.xlsx",
    "form.json",
    "form.jsonl",
    "form.sarif",
    "audit.html",
    "sheet.csv",
    "lists",
    "letters",
    "answer",
)


def test_there_are_enough_of_them() -> None:
    assert len(set(FORMULAS)) >= 200
    assert len(set(HOSTILE)) >= 150
    assert len(set(ESCAPES)) >= 100
    assert len(set(SQL_NAMES)) >= 100


@pytest.mark.parametrize("kind", ["some", pytest.param("all", marks=pytest.mark.slow)])
def test_nothing_lives_in_any_output(kind: str, run: Callable[..., Result], tmp_path: Path) -> None:
    payloads = ALL if kind == "all" else ALL[::23]
    everything(run, tmp_path, payloads)
    for name in WRITTEN:
        assert (tmp_path / name).exists(), name
    (tmp_path / "share").rename(tmp_path.parent / f"{tmp_path.name}-share")  # it is theirs, not ours
    assert not list(live(tmp_path))


def test_the_search_finds_what_lives(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,=1+1\n", encoding="utf-8")
    (tmp_path / "b.html").write_text("<p onclick=x>a</p><script>1</script>", encoding="utf-8")
    (tmp_path / "c.json").write_text('"\x7f"', encoding="utf-8")
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.save(tmp_path / "d.xlsx")
    assert {one.split(":")[0] for one in live(tmp_path)} == {"a.csv", "b.html", "c.json", "d.xlsx"}


def database(path: Path) -> None:
    """Tables and columns whose names are statements, beside one that they would destroy."""
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE people (mail TEXT)")
    base.execute("INSERT INTO people VALUES ('peggy@home.example')")
    for number, name in enumerate(SQL_NAMES):
        quoted = '"' + name.replace('"', '""').replace("\x00", "0") + f'{number}"'
        base.execute(f"CREATE TABLE {quoted} ({quoted} TEXT)")
        base.execute(f"INSERT INTO {quoted} VALUES ('ann{number}@x.example')")
    base.commit()
    base.close()


def test_names_of_tables_are_never_statements(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    database(share / "a.db")
    before = (share / "a.db").read_bytes()
    report = scan(share, home=tmp_path / "home", values="clear", names="off")
    assert (share / "a.db").read_bytes() == before
    assert [path.name for path in share.iterdir()] == ["a.db"]
    assert {row["status"] for row in report.items.to_pylist()} == {"examined"}
    found = {row["value"] for row in report.findings.to_pylist()}
    assert found >= {"peggy@home.example", *(f"ann{number}@x.example" for number in range(len(SQL_NAMES)))}
