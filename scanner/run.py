"""A plan in, a report out: walk, find copies, scan in batches, merge; after a stop it goes on where it was."""

import hashlib
import json
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reports.earlier import is_report
from reports.export import export
from reports.parquet import Report, ReportError, ReportPaths, draft_path, read_report, report_paths, require_own_folder
from reports.schema import SCHEMA_VERSION
from reports.sealing import read_recipients, seal, sealed_path
from scanner.addresses import is_address
from scanner.basis import basis_of, rule_files
from scanner.config import read_config
from scanner.copies import find_changed, find_copies
from scanner.credentials import NO_CREDENTIALS, Credentials, gather
from scanner.executors import Job, load_executor
from scanner.history import keep
from scanner.home import HOME_FILES, WORK_FOLDER, Key, default_home, load_key
from scanner.incremental import FromScratch, Since
from scanner.journal import FILE as JOURNAL_FILE
from scanner.journal import Journal
from scanner.keys import Keyring
from scanner.merge import merge
from scanner.model import Item, Met
from scanner.own import Own
from scanner.passwords import NO_PASSWORDS, Passwords, read_passwords
from scanner.plan import Plan, PlanError, make_plan, make_roots
from scanner.reachable import Folders
from scanner.sandbox import joined
from scanner.scanning import Nobody, Observer, scan_batches
from scanner.since import Earlier, open_earlier, require_home
from scanner.sources import Terms, load_place, require_place, source_of
from scanner.sources.folder import real_path, walk
from scanner.verdicts import left_out_ids

SUFFIXES = (".parquet", ".csv", ".xlsx", ".jsonl")
STDIN_NAME = "stdin"
_SEALING = "sealing"  # a mark in the work folder


@dataclass(frozen=True, slots=True)
class Run:
    """How a plan is carried out; but for the secrets, which no plan may show, nothing here changes the rows.

    `executor` is a name of the table of executors, `secret_files` are those that were read.
    """

    out: Path
    home: Path
    executor: str = "serial"
    jobs: int = 1
    fresh: bool = False
    passwords: Passwords = field(default=NO_PASSWORDS, repr=False)
    credentials: Credentials = field(default=NO_CREDENTIALS, repr=False)
    secret_files: tuple[Path, ...] = ()
    since: Path | None = None  # an earlier report: what has not changed is not read again
    encrypt_to: tuple[str, ...] = ()  # public keys of age; the report is written for their owners only


def scan(
    paths: str | Path | Sequence[str | Path],
    out: str | Path | None = None,
    *,
    labels: Sequence[str] = (),
    home: str | Path | None = None,
    config: str | Path | None = None,
    executor: str = "serial",
    jobs: int = 1,
    fresh: bool = False,
    passwords: str | Path | None = None,
    credentials: str | Path | None = None,
    since: str | Path | None = None,
    **options: Any,
) -> Report:
    """Scan folders and files as the command does, and give the report.

    `options` are those of the command: include, exclude, entities, min_score, values, names, max_file_size, countries,
    ocr, tables, sample. `passwords` is a file with one password a line, to be tried on what is encrypted, `credentials`
    one that tells how to log in where a path is an address, such as "postgresql://ann@host/crm". `since` is an earlier
    report of the same home: what has not changed is not read again; it may be `out` itself.
    Without `out` nothing is left on disk. The default executor works in this process; "processes" contains files (and
    regexes of [[identifiers]]) that crash or hang.

    Raises:
        PlanError: an option cannot be used, or a path does not exist.
        HomeError: the home folder cannot be used.
        LostPlaceError: a folder is gone, with the disk or share that it lies on; with `out`, the same call goes on.
    """
    given = [paths] if isinstance(paths, (str, Path)) else list(paths)
    configured = read_config(Path(config)) if config else {}
    plan = make_plan(make_roots(given, labels), configured, **options)
    run = Run(Path(out or ""), Path(home) if home else default_home(), executor, jobs, fresh)
    run = replace(run, since=Path(since) if since else None)
    run = with_secrets(run, plan, configured, passwords, credentials)
    if out is not None:
        if Path(out).suffix != ".parquet":
            raise PlanError("From Python, give `out` the suffix .parquet; report.to_pandas() writes other forms.")
        return read_report(scan_to_files(plan, run).findings)
    with tempfile.TemporaryDirectory(prefix="whosedata-") as place:
        run = replace(run, out=Path(place) / "report.parquet", fresh=True)
        return read_report(scan_to_files(plan, run).findings)


def with_secrets(
    run: Run, plan: Plan, configured: Mapping[str, Any], passwords: str | Path | None, credentials: str | Path | None
) -> Run:
    """The run with what is in the files that are given, or else in those that whosedata.toml names, and environment.

    Raises:
        PlanError: a file cannot be used, or nothing here can read one of the places.
    """
    for root in plan.roots:
        source_of(root.path)
    for_files = _secret_file("passwords", passwords, configured)
    for_places = _secret_file("credentials", credentials, configured)
    return replace(
        run,
        passwords=read_passwords(for_files) if for_files else NO_PASSWORDS,
        credentials=gather(plan.roots, for_places, os.environ),
        secret_files=tuple(filter(None, (for_files, for_places))),
    )


def _secret_file(name: str, given: str | Path | None, configured: Mapping[str, Any]) -> Path | None:
    file = given or configured.get("scan", {}).get(name)
    return Path(file) if file else None


def scan_to_files(
    plan: Plan, run: Run, observer: Observer | None = None, inspect: Callable[[ReportPaths], None] | None = None
) -> ReportPaths:
    """Carry out a plan and write its report; interrupted (exception, signal, power), the next call goes on.

    `inspect` is shown the parquet files before they are gone, where `out` is of another form.

    Raises:
        PlanError, HomeError, JournalError, ReportError: nothing was scanned; the message says what to do.
        LostPlaceError: a folder that is scanned is gone; the next call goes on.
    """
    watcher = observer or Nobody()
    read_recipients(run.encrypt_to)
    key = load_key(run.home)
    paths = _free_paths(run)
    execute = load_executor(run.executor)
    leave_out = left_out_ids(run.home)
    folder = _work_folder(run)
    earlier = _earlier(run, folder, key)
    basis = basis_of(plan, key, run.passwords)
    from_stdin = any(root.path == "-" for root in plan.roots)
    fingerprint = f"{plan.printed()} {key.key_id} {_versions()} {rule_files(plan)} {run.passwords.fingerprint(key)}"
    journal = Journal(folder, fingerprint, run.fresh or from_stdin)
    with ExitStack() as stack:
        stack.enter_context(closing(journal))
        stack.enter_context(_wiped(folder / STDIN_NAME))
        since = stack.enter_context(Since(earlier, journal, plan, key, basis) if earlier else FromScratch())
        terms = Terms(run.credentials, plan.limits, plan.sample)
        folders = Folders(plan.roots, partial(require_place, terms))
        journal.record_walk(_walk(plan, folder, _own_files(run, paths, folder), run.credentials))
        watcher.walked(*journal.totals())
        since.compare()
        journal.mark_copies(list(find_copies(journal, key, folders)))
        watcher.finished(*since.carry())
        job = Job(plan, key, run.jobs, run.passwords, run.credentials)
        scan_batches(journal, job, execute, watcher, folders)
        if changed := list(find_changed(journal, folders)):
            journal.part_copies(changed)
            scan_batches(journal, job, execute, Nobody(), folders)
        metadata = {**_metadata(plan, key), **basis.metadata(), **since.metadata(), **_told_by(journal)}
        keyring, size = Keyring(key), plan.limits.slice_size
        clear = report_paths(folder / run.out.name) if run.encrypt_to else paths
        inner = clear if run.out.suffix == ".parquet" else report_paths(folder / "report.parquet")
        merge(journal, keyring, inner, metadata, leave_out=leave_out, since=since, slice_size=size)
        if inner is not clear:
            try:
                export(inner.findings, inner.items, clear.findings, clear.items)
            except ReportError as error:
                raise ReportError(f"{error} Nothing is lost: the whole report is in {inner.findings}") from error
        if inspect:
            inspect(inner)
        if run.encrypt_to:
            _seal(clear, paths, folder, run.encrypt_to)
        journal.delete()
    return paths


def _work_folder(run: Run) -> Path:
    """Where a scan keeps what it has done: beside the report, or in the home when nothing beside it may be clear."""
    if not run.encrypt_to:
        return run.out.with_name(f"{run.out.name}.journal")
    work = run.home / WORK_FOLDER
    work.mkdir(mode=0o700, exist_ok=True)
    return work / hashlib.blake2b(os.fsencode(run.out.absolute()), digest_size=8).hexdigest()


def _seal(clear: ReportPaths, sealed: ReportPaths, folder: Path, keys: Sequence[str]) -> None:
    """Encrypt all files that the report has, the findings last."""
    (folder / _SEALING).touch(mode=0o600)
    names = ("items", "keys", "subjects", "links", "findings")
    pairs = [(getattr(clear, name), getattr(sealed, name)) for name in names]
    seal([(source, target) for source, target in pairs if source.exists()], keys)


def _free_paths(run: Run) -> ReportPaths:
    """Where the report will be written; refuses what is no place for it, or holds something else."""
    if run.out.suffix not in SUFFIXES:
        raise PlanError(f"--out {run.out}: the name must end in one of {', '.join(SUFFIXES)}.")
    if not run.out.parent.is_dir():
        raise PlanError(f"The folder {run.out.parent} does not exist. Make it first, or choose another --out.")
    require_own_folder(run.out.parent)
    if run.out.is_dir():
        raise PlanError(f"--out {run.out} is a folder. Choose another name.")
    paths = report_paths(run.out)
    if run.encrypt_to:
        paths = ReportPaths(*map(sealed_path, _files(paths)))
        if not (_work_folder(run) / _SEALING).exists():  # else a scan was stopped while it put them there
            taken = next((path for path in _files(paths) if path.exists()), None)
            if taken:
                raise PlanError(
                    f"{taken} exists, and nobody can see in it whether it is a report: it is left alone. Choose "
                    "another --out, or delete it."
                )
        return paths
    for path in _files(paths):
        if path.is_file() and not is_report(path):
            raise PlanError(f"{path} exists and is no report of whosedata: it is left alone. Choose another --out.")
    return paths


def _earlier(run: Run, folder: Path, key: Key) -> Earlier | None:
    """The report to go by; one that will be replaced is first kept in the home's history."""
    if run.since is None:
        return None
    if run.since.suffix != ".parquet":
        raise PlanError(
            f"--since {run.since}: only a report in .parquet form can be gone by. The others are for people."
        )
    paths = report_paths(run.since)
    try:
        if real_path(run.since) != real_path(run.out):
            return open_earlier(paths, run.since, key)
        require_home(run.since, paths.findings, key)
        return open_earlier(keep(run.since, run.home, (folder / JOURNAL_FILE).exists()), run.since, key)
    except ReportError as error:
        raise ReportError(
            f"--since cannot be used. {error} Name the report of an earlier scan of this place, or leave --since out: "
            "then everything is read."
        ) from error


def _files(paths: ReportPaths) -> tuple[Path, ...]:
    """Every file that a scan and the linking behind it write."""
    return paths.findings, *paths.companions


def _own_files(run: Run, paths: ReportPaths, folder: Path) -> frozenset[str]:
    """What this scan writes, and its home's files: not part of what is scanned, even when they lie inside."""
    files = _files(paths)
    since = _files(report_paths(run.since)) if run.since else ()
    own = (*(run.home / name for name in HOME_FILES), *since, *run.secret_files)
    return frozenset(map(real_path, (*files, *map(draft_path, files), folder, *own)))


def _walk(plan: Plan, folder: Path, own_files: frozenset[str], credentials: Credentials) -> Iterator[Item | Met]:
    for root in plan.roots:
        if root.path == "-":
            file = folder / STDIN_NAME
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
                shutil.copyfileobj(sys.stdin.buffer, target)
            yield Item(STDIN_NAME, root.label, os.fsencode(file.absolute()), file.stat().st_size)
        elif is_address(root.path):
            terms = Terms(credentials, plan.limits, plan.sample)
            yield from load_place(source_of(root.path).name).walk(root, plan, terms)
        else:
            yield from walk(root, plan, own_files)


def _versions() -> str:
    return f"whosedata {version('whosedata')} schema {SCHEMA_VERSION}"


@contextmanager
def _wiped(file: Path) -> Iterator[None]:
    """The copy of standard input is clear text that no later scan can use: it goes, however the scan ends."""
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _told_by(journal: Journal) -> dict[str, str]:
    """When the scan was begun, and what kept in the workers that read for it."""
    return {"begun_at": journal.begun(), "sandbox": joined(journal.sandboxes()) or "nothing had to be read"}


def _metadata(plan: Plan, key: Key) -> dict[str, str]:
    return {
        "run_id": uuid.uuid4().hex,
        "key_id": key.key_id,
        "whosedata_version": version("whosedata"),
        # Of what is the organisation's own only how much there is: a sole trader's telephone number is personal data.
        "plan": replace(plan, own=Own()).printed(),
        "own": str(len(plan.own)),
        # Where the places are, for whoever opens the report in another folder.
        "places": json.dumps([[root.label, root.place] for root in plan.roots]),
        "finished_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }
