"""What a command raises goes in; one plain sentence on standard error and the exit code come out (design.md 4)."""

import errno
import io
import os
import shlex
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from reports.parquet import ReportError
from reports.safe import printable
from scanner.executors.crew import WorkerError
from scanner.home import HomeError
from scanner.journal import JournalError
from scanner.plan import PlanError
from scanner.reachable import LostPlaceError
from scanner.reopen import SourceError

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


def exits(command: Command) -> Command:
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
    if isinstance(error, (PlanError, HomeError, JournalError, ReportError, WorkerError, SourceError, LostPlaceError)):
        return FAILED if isinstance(error, (WorkerError, SourceError, LostPlaceError)) else USAGE, str(error)
    if isinstance(error, (KeyboardInterrupt, _Stop)):
        number = error.number if isinstance(error, _Stop) else signal.SIGINT
        return STOPPED + number, "Stopped. The same command goes on with what is not done yet."
    if _is_full(error):
        return (
            FAILED,
            "The disk is full. Nothing is lost: make room, and the same command goes on with what is not done.",
        )
    if isinstance(error, OSError):
        place = f": {error.filename}" if error.filename else ""
        return FAILED, f"The system refused: {error.strerror or type(error).__name__}{place}."
    if isinstance(error, sqlite3.Error):
        # To SQLite a full disk is a mere I/O error where it is not its own pages that find no room.
        hint = " The disk is full or failing: make room." if "disk I/O error" in str(error) else ""
        return FAILED, f"The journal beside the report cannot be used: {error}.{hint} Run again, or with --fresh."
    last = traceback.extract_tb(error.__traceback__)[-1]
    return FAILED, f"A defect of ours: {type(error).__name__} in {last.name}, line {last.lineno}. Please report it."


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"


def _print_no_more() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def shown(files: Iterable[Path]) -> str:
    """Files as a shell takes them, to be printed in a command to type next."""
    return printable(shlex.join(str(file) for file in files))


def say(lines: Iterable[str]) -> None:
    """Print what a scan has to tell; nobody need listen, the exit code says it too."""
    try:
        for line in lines:
            click.echo(line)
    except BrokenPipeError:
        _print_no_more()


def _leave(code: int, message: str) -> None:
    click.echo(f"whosedata: {printable(message)}", err=True)
    raise SystemExit(code)
