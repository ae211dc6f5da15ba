"""The home folder and the folder of the report in; out comes whether what is kept there is safe and has room."""

import os
import shlex
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from reports.parquet import open_to_everybody
from scanner.home import KEY_FILE, HomeError, existing_key
from scanner.limits import MB, Limits
from subjects.cases.commands import PASSPHRASE
from subjects.doctor.check import Check, State
from subjects.doctor.file_systems import network_kind

LITTLE = 1024 * MB
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MOST_NAMED = 3


def keeping_checks(home: Path, out: Path) -> Iterator[Check]:
    """The key, what else is in the home, where reports go, where members of archives are unpacked. Makes nothing."""
    yield _key(home)
    yield _private(home)
    yield _passphrase()
    yield _share("Home disk", home, "Keep it on a disk of this computer: --home FOLDER or WHOSEDATA_HOME.")
    yield _writable(out)
    yield _share("Report disk", out, "Write reports to a disk of this computer, and copy them when they are done.")
    yield room_check("Room for reports", out, LITTLE)
    yield room_check("Room to unpack", Path(tempfile.gettempdir()), Limits().max_extracted)


def _key(home: Path) -> Check:
    name = "Key"
    path = home / KEY_FILE
    try:
        key = existing_key(home)
    except HomeError as error:
        return Check(name, State.BROKEN, str(error))
    if key is None:
        return Check(name, State.GOOD, f"none in {home} yet: the first scan makes one. Back it up then")
    if os.name != "posix":
        return Check(name, State.UNKNOWN, f"{path} (id {key.key_id}); this system does not tell who else can read it")
    mode = path.stat().st_mode
    if mode & _OTHERS:
        says = f"others on this computer can read {path}: with it they can test guesses of names against your reports"
        remedy = f"chmod 600 {shlex.quote(str(path))}; if somebody may have read it, move the key away and scan anew"
        return Check(name, State.LIMITED, says, remedy)
    return Check(name, State.GOOD, f"{path} (id {key.key_id}), readable by you only. Back it up")


def _private(home: Path) -> Check:
    """Cases, decisions, quarantine: everything in a home is its owner's alone."""
    name = "Home is private"
    if os.name != "posix":
        return Check(name, State.UNKNOWN, "this system does not tell who else can read the home folder")
    try:
        if not home.is_dir():
            return Check(name, State.GOOD, f"{home} is made by the first scan")
        open_ones = [path for path in (home, *sorted(home.iterdir())) if path.lstat().st_mode & _OTHERS and not path.is_symlink()]  # fmt: skip  # noqa: E501
    except OSError as error:
        return Check(name, State.BROKEN, f"{home} cannot be read ({error.strerror})", "Choose another: --home FOLDER")
    inside = [path for path in open_ones if path != home]
    if open_ones and home in open_ones:
        shown = ", ".join(path.name for path in inside[:_MOST_NAMED])
        says = f"others on this computer can look into {home}" + (f", and read {shown}" if shown else "")
        return Check(name, State.LIMITED, says, f"chmod -R go-rwx {shlex.quote(str(home))}")
    return Check(name, State.GOOD, f"nobody else can look into {home}")


def _passphrase() -> Check:
    if os.environ.get(PASSPHRASE):
        return Check(
            "Requests", State.GOOD, f"{PASSPHRASE} is set: the words of new journals of requests are encrypted"
        )
    return Check("Requests", State.OPTIONAL, "the words of requests lie in the home folder as they are",
                 f"set {PASSPHRASE} before the first request, and they are encrypted")  # fmt: skip


def _share(name: str, folder: Path, advice: str) -> Check:
    kind = network_kind(folder)
    if kind is None:
        return Check(name, State.UNKNOWN, f"{folder}; this system does not tell whether it is on a network share")
    if kind:
        return Check(name, State.LIMITED, f"{folder} is on a network share ({kind}): locks and writes there are not "
                     "reliable, and others may read along", advice)  # fmt: skip
    return Check(name, State.GOOD, f"{folder}, on this computer")


def _writable(out: Path) -> Check:
    name = "Report folder"
    if not out.is_dir():
        return Check(name, State.BROKEN, f"{out} is no folder", "make it, or choose another: --out FOLDER")
    if not os.access(out, os.W_OK | os.X_OK):
        return Check(name, State.BROKEN, f"{out} cannot be written to", "choose another: --out FOLDER")
    if open_to_everybody(out):
        says = f"everybody on this computer can write to {out}, and exchange reports there: a scan refuses it"
        return Check(name, State.BROKEN, says, f"chmod o-w {shlex.quote(str(out))}")
    return Check(name, State.GOOD, f"reports can be written to {out}")


def room_check(name: str, folder: Path, least: int) -> Check:
    """Whether the disk of a folder, which need not exist yet, has `least` bytes free."""
    try:
        free = shutil.disk_usage(next(known for known in (folder, *folder.absolute().parents) if known.exists())).free
    except (OSError, StopIteration):
        return Check(name, State.UNKNOWN, f"the free space of {folder} cannot be told")
    says = f"{free / 1024 / MB:,.1f} GB free in {folder}"
    if free < least:
        return Check(name, State.LIMITED, f"{says}: a scan may stop when it is full, and goes on later",
                     f"make room: {least / 1024 / MB:,.0f} GB or more")  # fmt: skip
    return Check(name, State.GOOD, says)
