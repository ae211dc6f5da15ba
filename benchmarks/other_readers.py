"""The name of another library and a file go in, the text that it reads comes out: for benchmarks/extraction.py only.

Each reader is used as its documentation shows. Those that print or warn are silenced, none may reach the network.
"""

import email
import email.policy
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path


def python_docx(path: Path) -> str:
    """Paragraphs and tables of the body."""
    import docx  # noqa: PLC0415 - a benchmark must say which library is absent, and go on with the others

    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def docx2txt(path: Path) -> str:
    """Body, headers and footers."""
    import docx2txt as library  # noqa: PLC0415

    return str(library.process(str(path)))


def kreuzberg(path: Path) -> str:
    """Without recognition of pictures, which only a settings file can switch off, and without its cache."""
    import kreuzberg as library  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="extraction-") as folder:
        os.environ["HOME"] = os.environ["XDG_CACHE_HOME"] = folder
        settings = Path(folder) / "settings.json"
        settings.write_text(json.dumps({"disable_ocr": True, "use_cache": False}), encoding="utf-8")
        config = library.ExtractionConfig.from_file(str(settings))
        return str(library.extract_file_sync(str(path), config=config).content)


def openpyxl(path: Path) -> str:
    """All sheets."""
    import openpyxl as library  # noqa: PLC0415

    book = library.load_workbook(path, read_only=True, data_only=True)
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(value) for row in rows for value in row if value is not None)


def calamine(path: Path) -> str:
    """All sheets."""
    import python_calamine  # noqa: PLC0415

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    rows = (row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    return "\n".join(str(value) for row in rows for value in row if value != "")


def xlrd(path: Path) -> str:
    """All sheets."""
    import xlrd as library  # noqa: PLC0415

    book = library.open_workbook(str(path), logfile=io.StringIO())
    return "\n".join(
        str(value) for sheet in book.sheets() for row in sheet.get_rows() for value in [c.value for c in row]
    )


def python_pptx(path: Path) -> str:
    """Text frames, tables and notes of all slides."""
    import pptx  # noqa: PLC0415

    return "\n".join(_pptx_texts(pptx.Presentation(str(path)).slides))


def _pptx_texts(slides: Iterator[object]) -> Iterator[str]:
    for slide in slides:
        waiting = list(slide.shapes)  # type: ignore[attr-defined]
        while waiting:
            shape = waiting.pop(0)
            waiting += list(getattr(shape, "shapes", ()))
            if shape.has_text_frame:
                yield shape.text_frame.text
            if getattr(shape, "has_table", False):
                yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if slide.has_notes_slide:  # type: ignore[attr-defined]
            yield slide.notes_slide.notes_text_frame.text  # type: ignore[attr-defined]


def odfpy(path: Path) -> str:
    """Every paragraph and heading."""
    from odf import teletype, text  # noqa: PLC0415
    from odf.opendocument import load  # noqa: PLC0415

    document = load(str(path))
    nodes = [*document.getElementsByType(text.P), *document.getElementsByType(text.H)]
    return "\n".join(teletype.extractText(node) for node in nodes)


def pdftotext(path: Path) -> str:
    """Poppler's command."""
    return _command("pdftotext", "-q", str(path), "-")


def pypdf(path: Path) -> str:
    """All pages."""
    import pypdf as library  # noqa: PLC0415

    return "\n".join(page.extract_text() for page in library.PdfReader(path).pages)


def beautiful_soup(path: Path) -> str:
    """The text of a page without its style sheets and scripts."""
    import bs4  # noqa: PLC0415

    page = bs4.BeautifulSoup(path.read_bytes(), "html.parser")
    for node in page(["style", "script"]):
        node.decompose()
    return page.get_text("\n")


def lxml_html(path: Path) -> str:
    """The text of a page without its style sheets and scripts."""
    import lxml.html  # noqa: PLC0415

    page = lxml.html.fromstring(path.read_bytes())
    for node in list(page.iter("style", "script")):
        node.drop_tree()
    return "\n".join(page.itertext())


def striprtf(path: Path) -> str:
    """The text of an RTF file."""
    from striprtf.striprtf import rtf_to_text  # noqa: PLC0415

    return str(rtf_to_text(path.read_text(encoding="latin-1"), errors="ignore"))


def extract_msg(path: Path) -> str:
    """Subject, people and body."""
    import extract_msg as library  # noqa: PLC0415

    message = library.Message(str(path))
    return "\n".join(
        str(part) for part in (message.subject, message.sender, message.to, message.cc, message.body) if part
    )


def stdlib_email(path: Path) -> str:
    """Subject, people and text parts."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    texts = [str(message[name]) for name in ("Subject", "From", "To", "Cc") if message[name]]
    bodies = (part for part in message.walk() if part.get_content_maintype() == "text")
    texts += [_untagged(body.get_content()) for body in bodies]
    return "\n".join(texts)


def mail_parser(path: Path) -> str:
    """Subject, people and text parts."""
    import mailparser  # noqa: PLC0415

    mail = mailparser.parse_from_bytes(path.read_bytes())
    people = [" ".join(pair) for field in (mail.from_, mail.to, mail.cc) for pair in field]
    return "\n".join([mail.subject, *people, *mail.text_plain, *map(_untagged, mail.text_html)])


def antiword(path: Path) -> str:
    """The command of the same name."""
    return _command("antiword", "-m", "UTF-8.txt", str(path))


def catdoc(path: Path) -> str:
    """The command of the same name."""
    return _command("catdoc", "-d", "utf-8", str(path))


def catppt(path: Path) -> str:
    """The command of the same name."""
    return _command("catppt", "-d", "utf-8", str(path))


def _command(*words: str) -> str:
    found = subprocess.run(words, capture_output=True, check=True, timeout=60)
    return found.stdout.decode("utf-8", "replace")


def _untagged(page: str) -> str:
    return re.sub(r"<[^>]*>", "\n", re.sub(r"(?is)<(style|script)\b.*?</\1>", "", page))


READERS: dict[str, dict[str, Callable[[Path], str]]] = {
    "docx": {"python-docx": python_docx, "docx2txt": docx2txt, "kreuzberg": kreuzberg},
    "xlsx": {"openpyxl": openpyxl, "calamine": calamine},
    "pptx": {"python-pptx": python_pptx, "kreuzberg": kreuzberg},
    "odt": {"odfpy": odfpy, "kreuzberg": kreuzberg},
    "ods": {"odfpy": odfpy, "calamine": calamine},
    "pdf": {"pdftotext": pdftotext, "pypdf": pypdf},
    "html": {"bs4": beautiful_soup, "lxml": lxml_html},
    "rtf": {"striprtf": striprtf, "kreuzberg": kreuzberg},
    "msg": {"extract-msg": extract_msg, "kreuzberg": kreuzberg},
    "eml": {"email": stdlib_email, "mail-parser": mail_parser},
    "doc": {"antiword": antiword, "catdoc": catdoc, "kreuzberg": kreuzberg},
    "ppt": {"catppt": catppt, "kreuzberg": kreuzberg},
    "xls": {"xlrd": xlrd, "calamine": calamine},
    "xlsb": {"calamine": calamine, "kreuzberg": kreuzberg},
}
_MODULES = {
    "python-docx": "docx", "docx2txt": "docx2txt", "kreuzberg": "kreuzberg", "openpyxl": "openpyxl",
    "calamine": "python_calamine",
    "python-pptx": "pptx", "odfpy": "odf", "pypdf": "pypdf", "bs4": "bs4", "lxml": "lxml",
    "striprtf": "striprtf", "extract-msg": "extract_msg", "mail-parser": "mailparser", "xlrd": "xlrd", "email": "email",
}  # fmt: skip


def absent(name: str) -> bool:
    """Whether a reader is not installed: a package, or a command of the system."""
    module = _MODULES.get(name)
    return find_spec(module) is None if module else shutil.which(name) is None
