"""The commands `scan` and `whosedata`: words typed by a person go in, a report, a table and an exit code come out."""

import io
import os
import shlex
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import click

from detectors.entities import WORDS
from detectors.registry import load_detectors
from detectors.types import DetectorOptions
from reports.explain import explain
from reports.gate import Gate, matches, parse_gate
from reports.parquet import ReportError, ReportPaths, iterate, open_report
from reports.safe import printable
from reports.show import FORMS, select
from reports.summary import Counts, count, summary
from scanner.executors.processes import WorkerError
from scanner.formats import formats, load_format
from scanner.home import HomeError, default_home
from scanner.journal import JournalError
from scanner.plan import PlanError, make_detectors, make_plan, make_roots, read_config
from scanner.progress import Bar
from scanner.run import Run, scan_to_files
from scanner.verdicts import ACCEPTED, NOT_PERSONAL, TEST_DATA
from subjects.verdict import give, listed, take_back

COMPLETE, MATCHED, USAGE, INCOMPLETE, FAILED = 0, 1, 2, 3, 4
STOPPED = 128  # plus the number of the signal, as shells count

Command = TypeVar("Command", bound=Callable[..., None])


AGAIN_SECONDS = 5.0


class _Stop(BaseException):
    """SIGINT, SIGTERM or SIGHUP came."""

    def __init__(self, number: int) -> None:
        self.number = number


@contextmanager
def _stoppable() -> Iterator[None]:
    """Make the signals that end a program raise, so that workers are ended and drafts removed.

    An exception that comes while a library calls back or an object is destroyed is swallowed there: where the system
    has timers, it is raised again until it gets through.
    """
    asked: list[int] = []

    def stop(number: int, _: object) -> None:
        asked.append(number)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
        raise _Stop(asked[0])

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGALRM") if hasattr(signal, name)]
    before = {getattr(signal, name): signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def _exits(command: Command) -> Command:
    """Turn what a command raises into one sentence on standard error and the exit code of design.md section 4."""

    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a terminal of another alphabet must not end the command
                stream.reconfigure(errors="backslashreplace")
        try:
            with _stoppable():
                command(*args, **options)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            # The reader of our output is gone (`| head`): not an error.
            _print_no_more()
            raise SystemExit(COMPLETE) from None
        except (Exception, KeyboardInterrupt, _Stop) as error:  # noqa: BLE001 - exit code 1 would mean a match
            _leave(*_verdict(error))

    return wrapped  # type: ignore[return-value]  # wraps() keeps the signature, which its type does not say


def _verdict(error: BaseException) -> tuple[int, str]:
    """Exit code and sentence for what ended a command. Of a defect only the place: its text may hold content."""
    if isinstance(error, (PlanError, HomeError, JournalError, ReportError)):
        return USAGE, str(error)
    if isinstance(error, WorkerError):
        return FAILED, str(error)
    if isinstance(error, (KeyboardInterrupt, _Stop)):
        number = error.number if isinstance(error, _Stop) else signal.SIGINT
        return STOPPED + number, "Stopped. The same command goes on with what is not done yet."
    if isinstance(error, OSError):
        place = f": {error.filename}" if error.filename else ""
        return FAILED, f"The system refused: {error.strerror or type(error).__name__}{place}."
    if isinstance(error, sqlite3.Error):
        return FAILED, f"The journal beside the report cannot be used: {error}. Run again, or with --fresh."
    last = traceback.extract_tb(error.__traceback__)[-1]
    return FAILED, f"A defect of ours: {type(error).__name__} in {last.name}, line {last.lineno}. Please report it."


def _print_no_more() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(lines: Iterable[str]) -> None:
    """Print what a scan has to tell; nobody need listen, the exit code says it too."""
    try:
        for line in lines:
            click.echo(line)
    except BrokenPipeError:
        _print_no_more()


def _leave(code: int, message: str) -> None:
    click.echo(f"whosedata: {printable(message)}", err=True)
    raise SystemExit(code)


EXAMPLES = """\b
Examples:
  scan ./share --out report.parquet
  scan ./share ./mail.mbox --exclude '*.iso' --jobs 4 --out audit.xlsx
  pg_dump crm | scan - --label crm --out crm.parquet
"""


@click.command("scan", epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--out", default="report.parquet", show_default=True, metavar="FILE", help="Report to write: .parquet, .csv, .xlsx or .jsonl.")  # fmt: skip  # noqa: E501
@click.option("--jobs", type=int, metavar="N", help="Worker processes.  [default: one for each processor]")
@click.option(
    "--include", multiple=True, metavar="GLOB", help="Only files that match (gitignore syntax). May be repeated."
)
@click.option(
    "--exclude", multiple=True, metavar="GLOB", help="Leave these out (gitignore syntax), as .scanignore files do."
)
@click.option("--max-file-size", metavar="SIZE", help="Leave out files larger than this, such as 250MB.")
@click.option(
    "--entities", multiple=True, metavar="TYPE,...", help="Look only for these types (scan --detectors lists them)."
)
@click.option("--countries", multiple=True, metavar="CODE,...", help="Numbers of which countries, such as gb,de,us; eu for all of the EU.  [default: gb]")  # fmt: skip  # noqa: E501
@click.option(
    "--min-score", type=float, metavar="SCORE", help="Leave out findings less sure than this, 0 to 1.  [default: 0.5]"
)
@click.option("--names", type=click.Choice(["standard", "off"]), help="Look for names of people; off is faster.  [default: standard]")  # fmt: skip  # noqa: E501
@click.option(
    "--values", type=click.Choice(["masked", "clear"]), help="Store values masked or in clear.  [default: masked]"
)
@click.option("--home", type=click.Path(path_type=Path), metavar="DIR", help="Folder with this organisation's key.")
@click.option(
    "--label", "labels", multiple=True, metavar="NAME", help="Name of a place in the report, once for each PATH."
)
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Settings in TOML (whosedata.toml).")
@click.option("--fail-on", multiple=True, metavar="TYPE[:SCORE]", help="Exit with 1 when such a finding is made.")
@click.option("--fresh", is_flag=True, help="Start anew instead of going on with an interrupted scan.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Also list every item that was not, or only partly, examined.")
@click.option("--no-progress", is_flag=True, help="No progress bar.")
@click.option("--formats", "list_formats", is_flag=True, help="List the kinds of files that can be read, and stop.")
@click.option("--detectors", "list_detectors", is_flag=True, help="List what can be found, and stop.")
@click.version_option(package_name="whosedata", prog_name="whosedata")
@_exits
def scan_command(
    *,
    paths: tuple[str, ...],
    out: str,
    jobs: int | None,
    home: Path | None,
    labels: tuple[str, ...],
    config: Path | None,
    fail_on: tuple[str, ...],
    fresh: bool,
    quiet: bool,
    verbose: bool,
    no_progress: bool,
    list_formats: bool,
    list_detectors: bool,
    **settings: Any,
) -> None:
    """Find personal data in folders and files, and write a report.

    PATH is a folder or a file, or - for standard input. Nothing that is scanned is changed. Values are masked in the
    report. Exit codes: 0 complete, 1 --fail-on matched, 2 wrong use, 3 something was not examined
    (wins over 1), 4 failed.
    """
    options = {name: value for name, value in settings.items() if value not in (None, ())}
    configured = read_config(config) if config else {}
    if list_formats or list_detectors:
        listed = _detectors(make_detectors(configured, **options)) if list_detectors else ()
        click.echo("\n".join([*(_formats() if list_formats else ()), *listed]))
        return
    if "entities" in options:
        options["entities"] = tuple(word.strip().upper() for words in options["entities"] for word in words.split(",") if word.strip())  # fmt: skip  # noqa: E501
    plan = make_plan(make_roots(paths, labels), configured, **options)
    gates = _gates(fail_on, plan.detectors)
    if jobs is not None and jobs < 1:
        raise PlanError(f"--jobs {jobs} is too few: at least one worker process is needed.")
    run = Run(Path(out), home or default_home(), "processes", jobs or os.cpu_count() or 1, fresh)
    bar = Bar(shown=not (quiet or no_progress), told=not quiet)
    seen: list[tuple[Counts, dict[Gate, int]]] = []

    def inspect(parquet: ReportPaths) -> None:
        seen.append((count(parquet), matches(parquet.findings, gates)))
        bar.close()
        if verbose:
            _say(_not_examined(parquet))

    try:
        written = scan_to_files(plan, run, bar, inspect)
    finally:
        bar.close()
    [(counts, matched)] = seen
    if not quiet:
        _say(summary(counts, written.findings, _next_step(written.findings, counts, verbose)))
    if plan.values == "clear":
        click.echo(
            f"whosedata: {written.findings} holds personal data in clear. Keep it where only you can read it.", err=True
        )
    for gate, number in matched.items():
        click.echo(f"whosedata: --fail-on {gate} matched {number:,} findings.", err=True)
    raise SystemExit(INCOMPLETE if not counts.complete else MATCHED if matched else COMPLETE)


def _gates(typed: Sequence[str], options: DetectorOptions) -> list[Gate]:
    if not typed:
        return []
    try:
        gates = [parse_gate(text) for text in typed]
        known = {kind for detector in load_detectors(options) for kind in detector.entity_types}
    except (ValueError, OSError, ImportError) as error:
        raise PlanError(str(error)) from error
    for gate in gates:
        if gate.entity_type not in known:
            raise PlanError(
                f"--fail-on {gate}: this scan looks for no {gate.entity_type}. It knows: {', '.join(sorted(known))}."
            )
    return gates


def _next_step(report: Path, counts: Counts, verbose: bool) -> str:
    shown = printable(shlex.quote(str(report)))
    if not counts.findings and not counts.complete:
        return "the list above says what was not examined" if verbose else "-v lists what was not examined"
    if not counts.findings:
        return "nothing to do"
    return f"whosedata show {shown} --limit 20" if report.suffix == ".parquet" else f"open {shown}"


def _not_examined(paths: ReportPaths) -> Iterator[str]:
    for table in iterate(paths.items):
        for row in table.select(["root", "item", "status", "reason", "detail"]).to_pylist():
            if row["reason"]:
                detail = f" ({row['detail']})" if row["detail"] else ""
                yield printable(f"{row['status']}  {row['reason']}  {row['root']}/{row['item']}{detail}")


def _formats() -> Iterator[str]:
    for row in sorted(formats().values(), key=lambda known: known.what):
        try:
            load_format(row)
            remark = ""
        except ImportError:
            remark = f"  (not installed: pip install 'whosedata[{row.extra}]')" if row.extra else "  (not installed)"
        yield f"{row.what:<42} {row.media_type}{remark}"


def _detectors(options: DetectorOptions) -> Iterator[str]:
    try:
        loaded = load_detectors(replace(options, entities=()))
    except (ValueError, OSError, ImportError) as error:
        raise PlanError(str(error)) from error
    for detector in loaded:
        yield from (f"{kind:<26} {WORDS.get(kind, detector.name)}" for kind in detector.entity_types)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="whosedata", prog_name="whosedata")
def whosedata() -> None:
    """Find personal data, tell whose it is, and act on it.

    \b
    Example:
      whosedata scan ./share --out report.parquet
      whosedata show report.parquet --type UK_NINO
    """


whosedata.add_command(scan_command)

_SHOW_EXAMPLES = """\b
Examples:
  whosedata show report.parquet --type UK_NINO --type UK_NHS
  whosedata show report.parquet --item 'hr/*' --format csv > hr.csv
"""


@whosedata.command("show", epilog=_SHOW_EXAMPLES)
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only this entity type. May be repeated.")
@click.option(
    "--item", default="", metavar="PATH", help="Only this file, folder or archive; * and ? match any characters."
)
@click.option("--limit", type=int, default=0, metavar="N", help="At most so many findings.  [default: 0, all]")
@click.option(
    "--format", "form", type=click.Choice(list(FORMS)), default="table", show_default=True, help="How to print."
)
@_exits
def show_command(report: Path, types: tuple[str, ...], item: str, limit: int, form: str) -> None:
    """Print the findings of a report, values masked."""
    if limit < 0:
        raise PlanError(f"--limit {limit}: give a number of findings, or 0 for all.")
    findings = open_report(report).findings
    rows = select(findings, tuple(kind.upper() for kind in types), item, limit)
    first = next(rows, None)
    if first is None:
        click.echo("whosedata: no finding matches.", err=True)
        return
    for line in FORMS[form](chain([first], rows)):
        click.echo(line)


@whosedata.command(
    "explain",
    context_settings={"ignore_unknown_options": True},
    epilog="\b\nExample:\n  whosedata explain report.parquet 1f0c93aa52b7d608\n",
)
@click.argument("report", type=click.Path(path_type=Path))
@click.argument("finding_id")
@_exits
def explain_command(report: Path, finding_id: str) -> None:
    """Say why a finding was made. The first letters of its id are enough."""
    for line in explain(open_report(report).findings, finding_id):
        click.echo(line)


_VERDICT_EXAMPLES = """\b
Examples:
  whosedata verdict report.parquet 1f0c93aa 77b1 --not-personal --why "an order number"
  whosedata verdict --list
  whosedata verdict --undo 1f0c93aa
"""


@whosedata.command("verdict", context_settings={"ignore_unknown_options": True}, epilog=_VERDICT_EXAMPLES)
@click.argument("report", type=click.Path(path_type=Path), required=False)
@click.argument("finding_ids", nargs=-1)
@click.option("--not-personal", "verdict", flag_value=NOT_PERSONAL, help="It is no personal data: leave it out.")
@click.option("--test-data", "verdict", flag_value=TEST_DATA, help="It was made up for a test: leave it out.")
@click.option("--accepted", "verdict", flag_value=ACCEPTED, help="It is right, and known: go on reporting it.")
@click.option("--why", default="", metavar="TEXT", help="Your reason, kept as you type it: do not repeat the value.")
@click.option("--list", "show_list", is_flag=True, help="Print the verdicts that hold, and stop.")
@click.option("--undo", metavar="FINDING_ID", help="Take the verdict on a finding back, and stop.")
@click.option("--home", type=click.Path(path_type=Path), metavar="DIR", help="Folder with this organisation's key.")
@_exits
def verdict_command(
    *, report: Path | None, finding_ids: tuple[str, ...], verdict: str | None, why: str, show_list: bool,
    undo: str | None, home: Path | None,
) -> None:  # fmt: skip
    """Say what a finding is, so that later scans with the same home know it.

    The first letters of an id are enough. A verdict is for one finding at one path; each copy of a file has its own.
    """
    place = home or default_home()
    if undo or show_list:
        _say(take_back(undo, place) if undo else listed(place))
    elif report is None or verdict is None:
        raise PlanError("Give a report, ids of its findings, and one of --not-personal, --test-data and --accepted.")
    else:
        _say(give(report, finding_ids, verdict, why, place))
