"""A report that is about to be replaced goes in, its copy in the home's history comes out, from which a scan can go on.

It is there before the first row of the new one is written: a scan that is killed while it puts the new files in place
must still find the old ones.
"""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

from reports.parquet import ReportError, ReportPaths, open_report, read_metadata, report_paths
from scanner.home import HISTORY_FOLDER, HomeError

_NAME = "report.parquet"


def keep(report: Path, home: Path, going_on: bool) -> ReportPaths:
    """The copy of this report in the history. `going_on`: an interrupted scan is, which may have replaced it already.

    Raises:
        ReportError: it is no report, or not whole. HomeError: the history cannot be written.
    """
    metadata = read_metadata(report)
    if going_on and (told := metadata.get("since")):
        before = json.loads(told)
        if replaced := _kept(_folder(home, before["finished_at"], before["run_id"])):
            return replaced
    folder = _folder(home, metadata.get("finished_at", ""), metadata.get("run_id", ""))
    if kept := _kept(folder):
        return kept
    source, target = open_report(report), report_paths(folder / _NAME)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("items", "keys", "subjects", "links", "findings"):
            _copy(getattr(source, name), getattr(target, name))
    except OSError as error:
        raise HomeError(
            f"The old report cannot be kept in {folder} ({error.strerror}). Make room there, or give the new report "
            "another name with --out."
        ) from error
    return target


def _folder(home: Path, finished_at: str, run_id: str) -> Path:
    return home / HISTORY_FOLDER / f"{finished_at.partition('T')[0]}-{run_id[:12]}"


def _kept(folder: Path) -> ReportPaths | None:
    """The findings are copied last: when they are there, all is."""
    with suppress(ReportError):
        return open_report(folder / _NAME)
    return None


def _copy(source: Path, target: Path) -> None:
    if not source.exists():
        return
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)  # the old file lives on under this name when another takes its place
    except OSError:  # another disk, or a file system without links
        draft = target.with_name(f".{target.name}.draft")
        shutil.copyfile(source, draft)
        draft.chmod(0o600)
        draft.replace(target)
