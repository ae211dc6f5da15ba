"""The command `scan`: words typed by a person go in, a report, a table and an exit code come out."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from detectors.entities import WORDS
from detectors.registry import load_detectors
from detectors.types import DetectorOptions
from reports.gate import Gate, matches, parse_gate
from reports.parquet import ReportPaths
from reports.safe import printable
from reports.sealing import SUFFIX
from reports.show_items import as_table as items_table
from reports.show_items import select_items
from reports.summary import Counts, count, summary
from reports.without_pandas import keep_pandas_out
from scanner.formats import formats, load_format
from scanner.home import default_home
from scanner.passwords import readable_by_others
from scanner.plan import Plan, PlanError, make_detectors, make_plan, make_roots
from scanner.progress import Bar
from scanner.run import Run, scan_to_files, with_secrets
from subjects.commands import whosedata
from subjects.configuration import read_configured
from subjects.exits import COMPLETE, INCOMPLETE, MATCHED, exits, say, shown
from subjects.linking.link import link
from subjects.options import HOME, PATH
from subjects.restriction.checking import warn_of_report

__all__ = ["scan_command", "whosedata"]  # both commands of the installation, for who calls them from Python

LISTED = ("not_examined", "partial", "gone")  # by --verbose
EXAMPLES = """\b
Examples:
  scan ./share --out report.parquet
  scan ./share ./mail.mbox --exclude '*.iso' --jobs 4 --out audit.xlsx
  scan ./share --since report.parquet --out report.parquet
  pg_dump crm | scan - --label crm --out crm.parquet
"""


@click.command("scan", epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--out", default="report.parquet", show_default=True, metavar="FILE", help="Report to write: .parquet, .csv, .xlsx or .jsonl.")  # fmt: skip  # noqa: E501
@click.option("--jobs", type=int, metavar="N", help="Worker processes.  [default: one for each processor]")
@click.option("--engine", default="processes", metavar="NAME", help="Where they run: processes, serial, or dask://SCHEDULER:8786 (many computers).  [default: processes]")  # fmt: skip  # noqa: E501
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
@click.option(
    "--names", type=click.Choice(["fast", "standard", "thorough", "off"]), metavar="MODE",
    help="Names of people: fast (a small model reads alone), standard (asks a second one where it is unsure), thorough (two larger models read all: pip install 'whosedata[names]') or off.  [default: standard]",  # noqa: E501
)  # fmt: skip
@click.option("--ocr", type=click.Choice(["auto", "off", "all"]), help="Read pictures: auto also reads scanned pages, all also pictures on pages with text.  [default: auto]")  # fmt: skip  # noqa: E501
@click.option(
    "--values", type=click.Choice(["masked", "clear"]), help="Store values masked or in clear.  [default: masked]"
)
@click.option("--passwords", type=PATH, metavar="FILE", help="Passwords to try on what is encrypted, one a line.")  # fmt: skip  # noqa: E501
@click.option("--credentials", type=PATH, metavar="FILE", help="How to log in at addresses (TOML); passwords may also stand in the environment.")  # fmt: skip  # noqa: E501
@click.option("--tables", multiple=True, metavar="GLOB", help="Of databases only tables that match, such as customer* or crm.*. May be repeated.")  # fmt: skip  # noqa: E501
@click.option("--sample", type=int, metavar="N", help="Of each table of a database only the first N rows.")
@HOME
@click.option(
    "--label", "labels", multiple=True, metavar="NAME", help="Name of a place in the report, once for each PATH."
)
@click.option("--config", type=PATH, metavar="FILE", help="Settings in TOML (whosedata.toml).")
@click.option("--since", type=PATH, metavar="FILE", help="Read only what changed since this report.")
@click.option("--encrypt-to", multiple=True, metavar="KEY", help="Encrypt the report for the owner of this public key (age). May be repeated.")  # fmt: skip  # noqa: E501
@click.option("--fail-on", multiple=True, metavar="TYPE[:SCORE]", help="Exit with 1 when such a finding is made.")
@click.option("--fresh", is_flag=True, help="Start anew instead of going on with an interrupted scan.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Also list every item that was not, or only partly, examined, or is gone."
)
@click.option("--no-progress", is_flag=True, help="No progress bar.")
@click.option("--formats", "list_formats", is_flag=True, help="List the kinds of files that can be read, and stop.")
@click.option("--detectors", "list_detectors", is_flag=True, help="List what can be found, and stop.")
@click.version_option(package_name="whosedata", prog_name="whosedata")
@exits
def scan_command(
    *,
    paths: tuple[str, ...],
    out: str,
    jobs: int | None,
    engine: str,
    home: Path | None,
    passwords: Path | None,
    credentials: Path | None,
    since: Path | None,
    labels: tuple[str, ...],
    config: Path | None,
    encrypt_to: tuple[str, ...],
    fail_on: tuple[str, ...],
    fresh: bool,
    quiet: bool,
    verbose: bool,
    no_progress: bool,
    list_formats: bool,
    list_detectors: bool,
    **settings: Any,
) -> None:
    """Find personal data in folders, files, databases, mailboxes and stores, and write a report.

    PATH is a folder or a file, - for standard input, or an address, such as postgresql://ann@host/crm. Nothing that is
    scanned is changed. Values are masked in the report. Exit codes: 0 complete, 1 --fail-on matched, 2 wrong use,
    3 something was not examined (wins over 1), 4 failed.
    """
    options = _options(settings)
    configured = read_configured(config)
    if list_formats or list_detectors:
        listed = _detectors(make_detectors(configured, **options)) if list_detectors else ()
        click.echo("\n".join([*(_formats() if list_formats else ()), *listed]))
        return
    plan = make_plan(make_roots(paths, labels), configured, **options)
    gates = _gates(fail_on, plan.detectors)
    place = home or default_home()
    run = Run(Path(out), place, engine, _workers(jobs), fresh, since=since, encrypt_to=encrypt_to)
    bar = Bar(shown=not (quiet or no_progress), told=not quiet)
    seen: list[tuple[Counts, dict[Gate, int], str]] = []

    def inspect(parquet: ReportPaths) -> None:
        # What will be encrypted is linked while it can still be read.
        people = _linked(parquet, run) if encrypt_to else ""
        seen.append((count(parquet), matches(parquet.findings, gates), people))
        bar.close()
        if verbose:
            say(items_table(select_items(parquet.items, LISTED)))

    try:
        written = scan_to_files(plan, _with_secrets(run, plan, configured, passwords, credentials), bar, inspect)
    finally:
        bar.close()
    [(counts, matched, people)] = seen
    people = people or _linked(written, run)
    if not quiet:
        say(summary(counts, written.findings, _next_steps(written.findings, counts, verbose), people))
    _warn(written.findings, plan.values == "clear", matched)
    raise SystemExit(INCOMPLETE if not counts.complete else MATCHED if matched else COMPLETE)


def _options(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Those that were typed; types of data may share a word, with commas between."""
    options = {name: value for name, value in settings.items() if value not in (None, ())}
    if "entities" in options:
        words = (word.strip().upper() for words in options["entities"] for word in words.split(","))
        options["entities"] = tuple(filter(None, words))
    return options


def _workers(jobs: int | None) -> int:
    if jobs is not None and jobs < 1:
        raise PlanError(f"--jobs {jobs} is too few: at least one worker process is needed.")
    return jobs or os.cpu_count() or 1


def _linked(written: ReportPaths, run: Run) -> str:
    """Tell the people of a fresh report apart; forms for people (.csv, .xlsx) hold no keys to link by."""
    if {written.findings.suffix, run.out.suffix} != {".parquet"}:
        return ""
    people = link([written.findings], run.home).words
    warn_of_report(written, run.home)
    return people


def _warn(report: Path, clear: bool, matched: Mapping[Gate, int]) -> None:
    if clear:
        click.echo(f"whosedata: {report} holds personal data in clear. Keep it where only you can read it.", err=True)
    for gate, number in matched.items():
        click.echo(f"whosedata: --fail-on {gate} matched {number:,} findings.", err=True)


def _with_secrets(
    run: Run, plan: Plan, configured: Mapping[str, Any], passwords: Path | None, credentials: Path | None
) -> Run:
    run = with_secrets(run, plan, configured, passwords, credentials)
    for file in filter(readable_by_others, run.secret_files):
        name = printable(str(file))
        click.echo(f"whosedata: others on this computer can read {name}. Let only yourself read it: chmod 600.", err=True)  # fmt: skip  # noqa: E501
    return run


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


def _next_steps(report: Path, counts: Counts, verbose: bool) -> list[str]:
    typed = shown([report])
    steps = []
    if report.suffix == SUFFIX:
        steps.append(f"whosedata decrypt {typed} --identity YOUR-SECRET-KEY --out FOLDER")
    elif counts.findings:
        steps.append(f"whosedata show {typed} --limit 20" if report.suffix == ".parquet" else f"open {typed}")
    if not counts.complete and not verbose and report.suffix != SUFFIX:
        listing = f"whosedata show {typed} --items" if report.suffix == ".parquet" else "-v"
        steps.append(f"{listing}  # what was not examined, and why")
    elif not counts.complete and verbose:
        steps.append("the list above says what was not examined, and why")
    return steps or ["nothing to do"]


def _formats() -> Iterator[str]:
    for row in sorted(formats().values(), key=lambda known: known.what):
        try:
            load_format(row)
            remark = ""
        except ImportError as error:
            remark = f"  (not installed: {row.missing(error.name)})"
        yield f"{row.what:<42} {row.media_type}{remark}"


def _detectors(options: DetectorOptions) -> Iterator[str]:
    try:
        loaded = load_detectors(replace(options, entities=()))
    except (ValueError, OSError, ImportError) as error:
        raise PlanError(str(error)) from error
    for detector in loaded:
        yield from (f"{kind:<26} {WORDS.get(kind, detector.name)}" for kind in detector.entity_types)


def main() -> None:
    """Be the program `scan`: this process does nothing else."""
    keep_pandas_out()
    scan_command()
