"""The command `report`: a report goes in, a page for people or a file for another program comes out."""

from collections.abc import Iterator
from pathlib import Path

import click

from detectors.entities import WORDS
from reports.earlier import is_report
from reports.export import WRITERS, export, write_json
from reports.page.scan_page import scan_page
from reports.page.sheet import may_write, write_page
from reports.parquet import PrivateFile, ReportError, ReportPaths, open_report, report_paths
from reports.safe import printable
from reports.sarif import write_sarif
from subjects.exits import exits

_MARK = b'"whosedata"'
_HEAD = 1 << 10
_EXAMPLES = """\b
Examples:
  whosedata report report.parquet --html scan.html
  whosedata report report.parquet --out findings.xlsx --out findings.sarif
"""


@click.command("report", epilog=_EXAMPLES)
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="A page to read and print.")
@click.option("--out", "outs", type=click.Path(path_type=Path), multiple=True, metavar="FILE", help="The name says the form: .csv, .xlsx, .json, .jsonl, .sarif or .html. May be repeated.")  # fmt: skip  # noqa: E501
@exits
def report_command(*, report: Path, page: Path | None, outs: tuple[Path, ...]) -> None:
    """Write a report as a page or in another form. Nothing is scanned again, and values stay masked.

    .csv, .xlsx and .jsonl come as two files, findings and items; no cell becomes a formula.
    """
    wanted = [*([page] if page else []), *outs]
    if not wanted:
        raise ReportError("Say what to write: --html scan.html, or --out with a name that ends in .csv, .xlsx, .json, .jsonl or .sarif.")  # fmt: skip  # noqa: E501
    paths = open_report(report)
    forms = [".html" if out is page else out.suffix.lower() for out in wanted]
    for out, form in zip(wanted, forms, strict=True):
        _may_write(out, form)
    for out, form in zip(wanted, forms, strict=True):
        for written in _write(paths, out, form):
            click.echo(printable(f"Written    {written}"))


def _may_write(out: Path, form: str) -> None:
    """Refuse before anything is written.

    Raises:
        ReportError: no form of ours, or a file that we did not write is in the way.
    """
    if form not in {".html", ".sarif", ".json", *WRITERS}:
        raise ReportError(f"{out}: the name must end in .html, .sarif, .json or one of {', '.join(WRITERS)}.")
    if form == ".html":
        may_write(out)
        return
    for path in (out, report_paths(out).items) if form in WRITERS else (out,):
        if path.is_dir():
            raise ReportError(f"{path} is a folder. Give the name of a file.")
        if path.is_file() and not (is_report(path) if form in WRITERS else _ours(path)):
            raise ReportError(f"{path} exists and was not written by whosedata. Choose another name.")


def _ours(path: Path) -> bool:
    """Whether a log or a JSON document was written here: it says so near its beginning."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return not head or _MARK in head


def _write(paths: ReportPaths, out: Path, form: str) -> Iterator[Path]:
    if form in WRITERS:
        pair = report_paths(out)
        export(paths.findings, paths.items, pair.findings, pair.items)
        yield from (pair.findings, pair.items)
        return
    if form == ".html":
        write_page(out, scan_page(paths, WORDS))
        yield out
        return
    with PrivateFile(out) as file:
        if form == ".sarif":
            write_sarif(paths, WORDS, file.file)
        else:
            write_json(paths.findings, paths.items, file.file)
        file.commit()
    yield out
