"""A folder in, out comes whether it lies on another computer, as far as the system tells."""

import ctypes
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

# Kinds of file systems whose files lie on another computer, as Linux and macOS name them.
NETWORK = frozenset({
    "9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.davfs2", "fuse.gcsfuse", "fuse.glusterfs",
    "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs3", "nfs4", "smb2",
    "smb3", "smbfs", "webdav",
})  # fmt: skip
_MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(r"\\([0-7]{3})")
_OF_MOUNT = re.compile(r"^.* on (?P<place>/.*) \((?P<kind>[\w.]+)[,)]", re.MULTILINE)
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW
_SECONDS = 5


def network_kind(folder: Path) -> str | None:
    """The kind of network share that a folder is on, "" when it is on none, None where the system does not tell.

    The folder need not exist: the nearest that does counts.
    """
    try:
        place = next(known for known in (folder, *folder.absolute().parents) if known.exists()).resolve()
        if sys.platform == "win32":
            return _of_windows(place)
        mounts = of_linux(_MOUNTS.read_text("utf-8", "surrogateescape")) if _MOUNTS.exists() else _of_mount_command()
    except (OSError, ValueError, StopIteration, subprocess.SubprocessError):
        return None
    kind = kind_at(str(place), mounts)
    return kind if kind is None or kind in NETWORK else ""


def kind_at(place: str, mounts: Iterable[tuple[str, str]]) -> str | None:
    """The kind of the mount (folder, kind) that holds a place; of two at one folder the later hides the earlier."""
    found: tuple[int, str] | None = None
    for at, kind in mounts:
        inside = place == at or place.startswith(at.rstrip("/") + "/")
        if inside and (found is None or len(at) >= found[0]):
            found = len(at), kind
    return found[1] if found else None


def of_linux(text: str) -> list[tuple[str, str]]:
    """The mounts of /proc/self/mountinfo (proc(5)): blanks in names are written as octal numbers."""
    mounts = []
    for line in text.splitlines():
        left, mark, right = line.partition(" - ")
        fields = left.split(" ")
        if mark and len(fields) > 4:
            mounts.append((_OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[4]), right.split(" ")[0]))
    return mounts


def of_bsd(text: str) -> list[tuple[str, str]]:
    """The mounts that /sbin/mount of macOS and the BSDs prints: `//ann@host/share on /Volumes/share (smbfs, nodev)`."""
    return [(match["place"], match["kind"]) for match in _OF_MOUNT.finditer(text)]


def _of_mount_command() -> list[tuple[str, str]]:
    done = subprocess.run(["/sbin/mount"], capture_output=True, timeout=_SECONDS, check=True)
    return of_bsd(done.stdout.decode("utf-8", "surrogateescape"))


def _of_windows(place: Path) -> str | None:
    if place.drive.startswith("\\\\"):
        return "smb"
    kernel = getattr(ctypes, "windll", None)
    if kernel is None:
        return None
    return "network drive" if kernel.kernel32.GetDriveTypeW(place.anchor) == _REMOTE_DRIVE else ""
