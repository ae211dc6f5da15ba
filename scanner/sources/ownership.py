"""What the system knows of a file goes in, its owner and who can read it come out, in words."""

import ctypes
import os
import stat
from functools import lru_cache

try:
    import pwd
except ImportError:  # Windows
    pwd = None  # type: ignore[assignment]

OWNER, GROUP, EVERYONE = "owner", "group", "everyone"
_FILE_OBJECT, _OWNER_INFORMATION = 1, 1


def readable_by(mode: int) -> str:
    """Who may read a file with these permissions, as far as they go: its owner, its group, everyone.

    The folders above it may keep them out.
    """
    if mode & stat.S_IROTH:
        return EVERYONE
    return GROUP if mode & stat.S_IRGRP else OWNER


def owner_of(status: os.stat_result, path: str) -> str:
    """Name of the owner, or their number where nobody knows the name; on Windows their security identifier."""
    return _windows_owner(path) if os.name == "nt" else _name(status.st_uid)


@lru_cache(maxsize=1024)
def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except (KeyError, AttributeError, OverflowError):
        return str(number)


def _windows_owner(path: str) -> str:
    """The identifier of the owner, such as S-1-5-32-544; "" when the system does not tell it."""
    loader = getattr(ctypes, "windll", None)
    if loader is None:
        return ""
    owner, descriptor, text = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_wchar_p()
    code = loader.advapi32.GetNamedSecurityInfoW(
        ctypes.c_wchar_p(path), _FILE_OBJECT, _OWNER_INFORMATION, ctypes.byref(owner), None, None, None,
        ctypes.byref(descriptor),
    )  # fmt: skip
    if code:
        return ""
    try:
        if not loader.advapi32.ConvertSidToStringSidW(owner, ctypes.byref(text)):
            return ""
        name = text.value or ""
        loader.kernel32.LocalFree(text)
        return name
    finally:
        loader.kernel32.LocalFree(descriptor)
