"""A folder goes in, and from then on this process can write, make and remove files nowhere else (Linux Landlock).

Plain system calls, whose numbers are the same on every processor: https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1
_WRITE_FILE = 1 << 1
_RIGHTS = (
    1 << 0  # execute
    | _WRITE_FILE
    | sum(1 << right for right in range(4, 13))  # remove folders and files, make any kind of them
)
# What later versions added: move between folders, truncate, devices.
_LATER = ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
_TRUNCATES = 3
_NETWORK, _TCP = 4, 0b11
_SCOPES, _SIGNALS_AND_SOCKETS = 6, 0b11
_NO_NEW_PRIVILEGES = 38
_PATH_ONLY = getattr(os, "O_PATH", 0)


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Which Landlock the kernel has; 0 for none, also where it is switched off."""
    try:
        return max(0, int(_libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)))
    except (OSError, AttributeError):
        return 0


def keeps_from_truncating() -> bool:
    """Before version 3 a file could still be emptied."""
    return version() >= _TRUNCATES


def restrict_writes(folder: Path, network: bool) -> None:
    """Let this thread and all that it starts write below `folder` alone; without `network`, connect to nothing by TCP.

    Reading stays free: parsers load their libraries late, and the share may lie anywhere.

    Raises:
        OSError: the kernel has no Landlock, or refuses.
    """
    known = version()
    rights = _RIGHTS | sum(right for since, right in _LATER if known >= since)
    ruleset = _Ruleset(
        rights,
        _TCP if known >= _NETWORK and not network else 0,
        _SIGNALS_AND_SOCKETS if known >= _SCOPES else 0,
    )
    # An older kernel takes a longer structure as long as what it does not know is 0.
    handle = _checked(_libc().syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.sizeof(ruleset), 0))
    try:
        _allow(handle, folder, rights & ~1)
        _allow(handle, Path(os.devnull), _WRITE_FILE)
        _checked(_libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        _checked(_libc().syscall(_RESTRICT_SELF, handle, 0))
    finally:
        os.close(handle)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    beneath = os.open(path, _PATH_ONLY | os.O_CLOEXEC)
    try:
        rule = _Beneath(rights, beneath)
        _checked(_libc().syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(beneath)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
