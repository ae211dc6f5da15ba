"""Rights of the administrator go, but for that to read everyone's files, which a scan that runs as root is for."""

import ctypes
import os
from contextlib import suppress

_VERSION = 0x20080522
_READ_ALL = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: writing is for Landlock to refuse


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Set(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def drop_privileges() -> None:
    """Keep of the capabilities of this thread what reading needs; an ordinary user has none to drop (Linux)."""
    if not hasattr(os, "geteuid") or os.uname().sysname != "Linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, held = _Header(_VERSION, 0), (_Set * 2)()
    with suppress(AttributeError):  # a libc without these calls
        if libc.capget(ctypes.byref(header), held) == 0:
            kept = held[0].permitted & _READ_ALL
            libc.capset(ctypes.byref(header), (_Set * 2)(_Set(kept, kept, 0), _Set(0, 0, 0)))
