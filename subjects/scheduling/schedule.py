"""What a person asks to be repeated, as a frozen value, and the words of the command that a timer runs."""

import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from scanner.plan import PlanError

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A monthly audit of `paths` with its history in `into`. `files` are pairs such as ("--config", Path)."""

    paths: tuple[str, ...]
    into: Path
    home: Path
    day: int  # of the month, 1 to 28: every month has it
    hour: int
    minute: int
    name: str
    files: tuple[tuple[str, Path], ...] = ()

    @property
    def unit(self) -> str:
        """How its timer is called."""
        return f"whosedata-{self.name}"


def make_schedule(
    paths: tuple[str, ...], into: Path, home: Path, *, day: int, at: str, name: str,
    files: tuple[tuple[str, Path | None], ...] = (),
) -> Schedule:  # fmt: skip
    """Check what was typed, and make every path one that holds from any folder.

    Raises:
        PlanError: a day that some months lack, no time, a place that is not there, or a history inside what is scanned.
    """
    if not 1 <= day <= 28:
        raise PlanError(f"--day {day}: give a day that every month has, 1 to 28.")
    time = _TIME.fullmatch(at)
    if time is None:
        raise PlanError(f"--at {at} is no time of the day. Write it like 02:30.")
    if not _NAME.fullmatch(name):
        raise PlanError(f"--name {name}: use letters, digits, - and _ only, at most 40.")
    places = tuple(_place(path) for path in paths)
    history = into.absolute()
    for place in places:
        if history == Path(place) or Path(place) in history.parents:
            raise PlanError(f"--into {into} lies inside {place}: the next audit would read its own reports. Choose a folder outside.")  # fmt: skip  # noqa: E501
    named = tuple((option, path.absolute()) for option, path in files if path)
    for option, path in named:
        if not path.is_file():
            raise PlanError(f"{option} {path}: there is no such file.")
    for text in (*places, str(history), str(home), *(str(path) for _, path in named)):
        if any(ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000 for letter in text):
            raise PlanError("A path with a line break or undecodable letters cannot stand in a timer. Rename it, or give a link to it.")  # fmt: skip  # noqa: E501
    return Schedule(places, history, home.absolute(), day, int(time[1]), int(time[2]), name, named)


def _place(path: str) -> str:
    if path == "-":
        raise PlanError("Standard input cannot be read again next month. Give a folder, a file or an address.")
    if _ADDRESS.match(path):
        return path
    if not Path(path).exists():
        raise PlanError(f"{path} does not exist.")
    return str(Path(path).absolute())


def command(schedule: Schedule) -> list[str]:
    """The words that the timer runs, each of them whole."""
    files = [word for option, path in schedule.files for word in (option, str(path))]
    return [*program(), "schedule", "--now", "--into", str(schedule.into), "--home", str(schedule.home), *files, "--", *schedule.paths]  # fmt: skip  # noqa: E501


def program() -> list[str]:
    """The installed command, by its whole path: a timer knows no PATH of ours."""
    beside = Path(sys.executable).with_name("whosedata.exe" if os.name == "nt" else "whosedata")
    if beside.is_file():
        return [str(beside)]
    found = shutil.which("whosedata")
    if found is None:
        raise PlanError("The command whosedata was not found. Install it (pip install .) before it is scheduled.")
    return [str(Path(found).absolute())]
