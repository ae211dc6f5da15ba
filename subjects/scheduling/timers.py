"""A schedule goes in, a systemd timer, a cron line or a Windows task comes out, and is installed when asked."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scanner.plan import PlanError
from subjects.scheduling.schedule import Schedule, command

_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Timer:
    """`shown`: lines for a person; `install` and `remove` say what was done; they raise PlanError."""

    shown: Callable[[Schedule], Iterator[str]]
    install: Callable[[Schedule], Iterator[str]]
    remove: Callable[[Schedule], Iterator[str]]


def usual() -> str:
    """The timer that this system has."""
    if os.name == "nt":
        return "windows"
    return "systemd" if shutil.which("systemctl") else "cron"


def _run(words: list[str], typed: str | None = None) -> subprocess.CompletedProcess[str]:
    # Words in a list, no shell: a name of a folder is never a command.
    return subprocess.run(  # noqa: S603
        words, input=typed, capture_output=True, text=True, timeout=_SECONDS, check=False, encoding="utf-8",
        errors="replace",
    )  # fmt: skip


def _tool(name: str, instead: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise PlanError(f"{name} was not found, so nothing was installed. {instead}")
    return found


# systemd, for the user: no root, and it catches up after a computer was off.


def units(schedule: Schedule) -> dict[str, str]:
    """File name -> content of the service and its timer."""
    words = " ".join(_unit_word(word) for word in command(schedule))
    moment = f"*-*-{schedule.day:02} {schedule.hour:02}:{schedule.minute:02}:00"
    service = (
        f"[Unit]\nDescription=Monthly audit of personal data ({schedule.name})\n\n"
        # 1 and 3 are answers (something matched, something could not be read), not failures.
        f"[Service]\nType=oneshot\nNice=10\nUMask=0077\nSuccessExitStatus=1 3\nExecStart={words}\n"
    )
    timer = (
        f"[Unit]\nDescription=Monthly audit of personal data ({schedule.name})\n\n"
        f"[Timer]\nOnCalendar={moment}\nPersistent=true\nRandomizedDelaySec=10min\n\n[Install]\nWantedBy=timers.target\n"
    )
    return {f"{schedule.unit}.service": service, f"{schedule.unit}.timer": timer}


def _unit_word(word: str) -> str:
    """One word of ExecStart: % names a specifier there, $ a variable (systemd.service(5))."""
    text = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{text}"'


def unit_folder() -> Path:
    """Where the units of a user stand."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def _systemd_shown(schedule: Schedule) -> Iterator[str]:
    for name, text in units(schedule).items():
        yield f"# {unit_folder() / name}"
        yield text
    yield f"# then: systemctl --user daemon-reload && systemctl --user enable --now {schedule.unit}.timer"


def _systemctl() -> str:
    instead = "Print the cron line with --with cron, or install with it."
    tool = _tool("systemctl", instead)
    if _run([tool, "--user", "show-environment"]).returncode:
        raise PlanError(f"systemd does not run for your user here, so nothing was installed. {instead}")
    return tool


def _systemd_install(schedule: Schedule) -> Iterator[str]:
    tool, folder = _systemctl(), unit_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in units(schedule).items():
        path = folder / name
        same = path.is_file() and path.read_text(encoding="utf-8") == text
        if not same:
            path.write_text(text, encoding="utf-8", newline="\n")
        yield f"{'Unchanged' if same else 'Written':<11}{path}"
    for words in (["daemon-reload"], ["enable", "--now", f"{schedule.unit}.timer"]):
        done = _run([tool, "--user", *words])
        if done.returncode:
            raise PlanError(f"systemctl --user {' '.join(words)} failed: {done.stderr.strip()}")
    yield f"Installed  {schedule.unit}.timer: it also runs while you are logged out after: loginctl enable-linger"


def _systemd_remove(schedule: Schedule) -> Iterator[str]:
    files = [unit_folder() / name for name in units(schedule)]
    if not any(path.is_file() for path in files):
        yield f"Nothing to remove: {schedule.unit}.timer is not installed."
        return
    tool = _systemctl()
    _run([tool, "--user", "disable", "--now", f"{schedule.unit}.timer"])
    for path in files:
        path.unlink(missing_ok=True)
    _run([tool, "--user", "daemon-reload"])
    yield f"Removed    {schedule.unit}.timer. The audits made so far stay in {schedule.into}"


# cron


def cron_line(schedule: Schedule) -> str:
    """One line of a crontab; a % would end the command there (crontab(5))."""
    words = shlex.join(command(schedule)).replace("%", "\\%")
    return f"{schedule.minute} {schedule.hour} {schedule.day} * * {words} # {schedule.unit}"


def _cron_shown(schedule: Schedule) -> Iterator[str]:
    yield cron_line(schedule)


def _crontab() -> tuple[str, list[str]]:
    """The program, and the lines that stand in the user's table now."""
    tool = _tool("crontab", "Install cron, or use --with systemd.")
    listed = _run([tool, "-l"])
    if listed.returncode and "no crontab" not in listed.stderr:
        raise PlanError(f"crontab -l failed, so nothing was changed: {listed.stderr.strip()}")
    return tool, listed.stdout.splitlines() if not listed.returncode else []


def _cron_write(tool: str, lines: list[str]) -> None:
    done = _run([tool, "-"], "".join(f"{line}\n" for line in lines))
    if done.returncode:
        raise PlanError(f"crontab refused the table, so nothing was changed: {done.stderr.strip()}")


def _cron_install(schedule: Schedule) -> Iterator[str]:
    tool, lines = _crontab()
    line = cron_line(schedule)
    if line in lines:
        yield f"Unchanged  the line of {schedule.unit} is in your crontab already"
        return
    _cron_write(tool, [*_others(lines, schedule), line])
    yield f"Installed  the line of {schedule.unit} in your crontab (crontab -l shows it)"


def _cron_remove(schedule: Schedule) -> Iterator[str]:
    tool, lines = _crontab()
    kept = _others(lines, schedule)
    if kept == lines:
        yield f"Nothing to remove: your crontab has no line of {schedule.unit}."
        return
    _cron_write(tool, kept)
    yield f"Removed    the line of {schedule.unit}. The audits made so far stay in {schedule.into}"


def _others(lines: list[str], schedule: Schedule) -> list[str]:
    return [line for line in lines if not line.endswith(f" # {schedule.unit}")]


# Windows


def task_script(schedule: Schedule) -> tuple[Path, str]:
    """The file that the task runs, and its text: what a task runs by itself may have 261 letters only."""
    words = " ".join(_batch_word(word) for word in command(schedule))
    return schedule.into / f"{schedule.unit}.cmd", f"@{words}\n"


def _batch_word(word: str) -> str:
    """One word in quotes. A % is doubled in a batch file; a \\ before the closing quote would take it away."""
    text = word.replace("%", "%%")
    return f'"{text}{chr(92) * (len(text) - len(text.rstrip(chr(92))))}"'


def task_words(schedule: Schedule) -> list[str]:
    """The command that makes the task; /F writes over one of the same name, so that it can be repeated."""
    script, _ = task_script(schedule)
    at = f"{schedule.hour:02}:{schedule.minute:02}"
    return ["schtasks", "/Create", "/F", "/TN", schedule.unit, "/SC", "MONTHLY", "/D", str(schedule.day), "/ST", at, "/TR", f'"{script}"']  # fmt: skip  # noqa: E501


def _windows_shown(schedule: Schedule) -> Iterator[str]:
    script, text = task_script(schedule)
    yield f"rem {script}"
    yield text
    yield f"rem then: {subprocess.list2cmdline(task_words(schedule))}"


def _windows_install(schedule: Schedule) -> Iterator[str]:
    tool = _tool("schtasks", "It is part of Windows.")
    script, text = task_script(schedule)
    # As the console reads it; a name that its alphabet lacks is refused here rather than next month.
    try:
        script.write_bytes(text.replace("\n", "\r\n").encode("oem" if os.name == "nt" else "utf-8"))
    except UnicodeEncodeError:
        raise PlanError("A path has letters that the console of this Windows cannot read. Choose another.") from None
    done = _run([tool, *task_words(schedule)[1:]])
    if done.returncode:
        raise PlanError(f"Windows refused the task: {done.stderr.strip()}")
    yield f"Installed  the task {schedule.unit}, which runs {script}"


def _windows_remove(schedule: Schedule) -> Iterator[str]:
    done = _run([_tool("schtasks", "It is part of Windows."), "/Delete", "/F", "/TN", schedule.unit])
    yield f"Nothing to remove: there is no task {schedule.unit}." if done.returncode else f"Removed    the task {schedule.unit}"  # fmt: skip  # noqa: E501


TIMERS = {
    "systemd": Timer(_systemd_shown, _systemd_install, _systemd_remove),
    "cron": Timer(_cron_shown, _cron_install, _cron_remove),
    "windows": Timer(_windows_shown, _windows_install, _windows_remove),
}
