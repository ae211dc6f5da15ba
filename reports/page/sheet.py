"""A title and the body of a page go in, a whole document comes out that may load and run nothing."""

import base64
import hashlib
from importlib.resources import files
from pathlib import Path

from reports.page.markup import Html, el
from reports.parquet import PrivateFile, ReportError

MARK = '<meta name="generator" content="whosedata">'
_HEAD = 1 << 12


def sheet(title: str, body: Html) -> str:
    """The document. Its policy allows this one style sheet by its hash, and nothing else: no script, no request."""
    style = files("reports.page").joinpath("page.css").read_text(encoding="utf-8").replace("\r", "")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        f"{MARK}{el('title', title)}<style>{style}</style>"
    )
    return f'<!doctype html>\n<html lang="en-GB"><head>{head}</head>\n<body>{body}</body></html>\n'


def may_write(path: Path) -> None:
    """Refuse to write over what is no page of ours.

    Raises:
        ReportError: it is a folder, or a file that somebody else wrote.
    """
    if path.is_dir():
        raise ReportError(f"{path} is a folder. Give the name of a file.")
    if path.is_file() and path.stat().st_size:
        with path.open("rb") as file:
            if MARK.encode() not in file.read(_HEAD):
                raise ReportError(f"{path} exists and is no page of whosedata. Choose another name.")


def write_page(path: Path, page: str) -> None:
    """Write a page that appears when complete, readable by its owner only; raises ReportError as may_write() does."""
    may_write(path)
    with PrivateFile(path) as file:
        file.file.write(page.encode("utf-8"))
        file.commit()


def panel(title: str, *children: Html | str | None, wide: bool = False, note: str = "") -> Html:
    """A part of a page under its heading."""
    kind = "panel wide" if wide else "panel"
    return el(
        "section",
        el("h2", title, class_="path"),
        el("p", note, class_="note") if note else None,
        *children,
        class_=kind,
    )


def figure(value: str, words: str, remark: str = "") -> Html:
    """One number of a headline."""
    return el(
        "div", el("dt", words), el("dd", el("strong", value), el("small", remark) if remark else None), class_="figure"
    )
