"""Timers of a schedule: what is printed is what the system takes, and installing twice is installing once."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subjects.cli import whosedata
from subjects.scheduling.schedule import Schedule, command, make_schedule
from subjects.scheduling.timers import cron_line, task_script, task_words, units

ODD = 'a share\'s 100% $HOME "x" \\n # ; rm'
posix = pytest.mark.skipif(os.name != "posix", reason="Windows takes no such name, and has no cron")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of nobody: what is installed goes there."""
    (tmp_path / "share").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    return tmp_path


def schedule_of(place: Path, share: str = "share", **changes) -> Schedule:
    (place / share).mkdir(exist_ok=True)
    settings = {"day": 5, "at": "03:07", "name": "audit"} | changes
    return make_schedule((str(place / share),), place / "audits", place / "home", **settings)


def run(place: Path, *words: str) -> Result:
    typed = ["schedule", str(place / "share"), "--into", str(place / "audits"), *words]
    return CliRunner().invoke(whosedata, typed, prog_name="whosedata")


def stand_in(place: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    """A program of the system that keeps what it is told below `place`."""
    programs = place / "bin"
    programs.mkdir(exist_ok=True)
    (programs / name).write_text(f"#!/bin/sh\n{script}\n")
    (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")


@posix
def test_systemd_takes_the_units_whatever_the_folder_is_called(place: Path):
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("needs systemd-analyze")
    made = units(schedule_of(place, ODD))
    for name, text in made.items():
        (place / name).write_text(text)
    checked = subprocess.run(
        [verify, "verify", "--user", str(place / "whosedata-audit.timer")], capture_output=True, text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(place)}, check=False,
    )  # fmt: skip
    if "Failed to initialize manager" in checked.stderr:
        pytest.skip("systemd-analyze cannot verify here")
    assert (checked.returncode, checked.stderr) == (0, "")


@posix
def test_the_words_of_the_unit_are_the_words_of_the_command(place: Path):
    schedule = schedule_of(place, ODD)
    service = units(schedule)["whosedata-audit.service"]
    [line] = [line for line in service.splitlines() if line.startswith("ExecStart=")]
    assert "%" not in line.replace("%%", "")  # a single one names a specifier, a single $ a variable
    assert "$" not in line.replace("$$", "")
    read_back = shlex.split(line.removeprefix("ExecStart=").replace("%%", "%").replace("$$", "$"), comments=False)
    assert read_back == command(schedule)
    assert "OnCalendar=*-*-05 03:07:00" in units(schedule)["whosedata-audit.timer"]


@posix
def test_a_shell_reads_the_words_of_the_command_from_the_cron_line(place: Path):
    schedule = schedule_of(place, ODD)
    line = cron_line(schedule)
    assert line.startswith("7 3 5 * * ")
    assert "%" not in line.replace("\\%", "")  # cron ends the command at a bare one
    typed = line.split(" ", 5)[5].replace("\\%", "%")
    first, *others = command(schedule)
    printed = subprocess.run(
        ["/bin/sh", "-c", typed.replace(first, "printf '%s\\0'", 1)], check=True, capture_output=True, text=True
    )
    assert printed.stdout.split("\0")[:-1] == others


def test_a_windows_task_is_made_monthly_and_can_be_made_again(place: Path):
    words = task_words(schedule_of(place))
    assert words[:3] == ["schtasks", "/Create", "/F"]
    assert words[words.index("/SC") + 1 : words.index("/SC") + 6] == ["MONTHLY", "/D", "5", "/ST", "03:07"]
    assert len(words[-1]) < 261  # what schtasks takes
    script, text = task_script(schedule_of(place, "a share of 100%"))
    assert words[-1] == f'"{script}"'
    assert text.startswith('@"')
    assert f'"{place / "a share of 100%%"}"' in text


def test_without_a_flag_nothing_is_installed(place: Path):
    result = run(place, "--with", "systemd")
    assert result.exit_code == 0
    assert "[Timer]" in result.stdout
    assert "nothing was installed" in result.stderr
    assert sorted(path.name for path in place.iterdir()) == ["share"]


@posix
def test_systemd_is_installed_once_however_often(place: Path, monkeypatch: pytest.MonkeyPatch):
    stand_in(place, monkeypatch, "systemctl", f'echo "$@" >> {place}/asked')
    assert "Written" in run(place, "--install", "--with", "systemd").stdout
    folder = place / ".config/systemd/user"
    before = {path.name: (path.read_text(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    assert set(before) == {"whosedata-audit.service", "whosedata-audit.timer"}
    again = run(place, "--install", "--with", "systemd")
    assert again.exit_code == 0
    assert again.stdout.count("Unchanged") == 2
    assert {path.name: (path.read_text(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before
    assert "--user enable --now whosedata-audit.timer" in (place / "asked").read_text()
    assert "Removed" in run(place, "--remove", "--with", "systemd").stdout
    assert not list(folder.iterdir())
    assert "Nothing to remove" in run(place, "--remove", "--with", "systemd").stdout


@posix
def test_cron_keeps_the_other_lines(place: Path, monkeypatch: pytest.MonkeyPatch):
    table = place / "table"
    table.write_text("# mine\n1 1 * * * true\n")
    stand_in(place, monkeypatch, "crontab", f'[ "$1" = -l ] && exec cat {table}; cat > {table}')
    assert "Installed" in run(place, "--install", "--with", "cron").stdout
    assert "Unchanged" in run(place, "--install", "--with", "cron").stdout
    assert "Installed" in run(place, "--install", "--with", "cron", "--day", "9").stdout
    lines = table.read_text().splitlines()
    assert lines[:2] == ["# mine", "1 1 * * * true"]
    assert [line.split(" ")[2] for line in lines[2:]] == ["9"]
    run(place, "--install", "--with", "cron", "--name", "other")
    assert "Removed" in run(place, "--remove", "--with", "cron").stdout
    assert [line.rpartition("# ")[2] for line in table.read_text().splitlines()] == [
        "mine",
        "1 1 * * * true",
        "whosedata-other",
    ]


@posix
def test_a_table_that_cannot_be_read_is_not_written(place: Path, monkeypatch: pytest.MonkeyPatch):
    stand_in(
        place, monkeypatch, "crontab", f'[ "$1" = -l ] && {{ echo "not allowed" >&2; exit 1; }}; cat > {place}/table'
    )
    result = run(place, "--install", "--with", "cron")
    assert result.exit_code == 2
    assert "not allowed" in result.stderr
    assert not (place / "table").exists()


@posix
@pytest.mark.parametrize(("timer", "program"), [("cron", "crontab"), ("systemd", "systemctl"), ("windows", "schtasks")])
def test_where_the_system_has_no_such_timer_it_says_so(
    place: Path, monkeypatch: pytest.MonkeyPatch, timer: str, program: str
):
    (place / "empty").mkdir()
    monkeypatch.setenv("PATH", str(place / "empty"))
    result = run(place, "--install", "--with", timer)
    assert result.exit_code == 2
    assert f"{program} was not found, so nothing was installed." in result.stderr
    assert not (place / ".config").exists()


@posix
def test_where_systemd_does_not_run_it_says_what_to_do(place: Path, monkeypatch: pytest.MonkeyPatch):
    stand_in(place, monkeypatch, "systemctl", "exit 1")
    result = run(place, "--install", "--with", "systemd")
    assert result.exit_code == 2
    assert "--with cron" in result.stderr
    assert not (place / ".config").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--day", "29"), "every month has"),
        (("--at", "25:00"), "Write it like 02:30"),
        (("--name", "a b"), "letters, digits"),
        (("--config", "missing.toml"), "no such file"),
    ],
)
def test_what_cannot_be_done_every_month_is_refused(place: Path, words: tuple[str, ...], said: str):
    result = run(place, *words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_the_history_is_never_inside_what_is_scanned(place: Path):
    result = CliRunner().invoke(
        whosedata, ["schedule", str(place / "share"), "--into", str(place / "share" / "audits")]
    )
    assert result.exit_code == 2
    assert "Choose a folder outside" in result.stderr
