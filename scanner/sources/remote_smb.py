"""An address of a Windows or Samba share goes in, its files come out as entries."""

import stat
from collections.abc import Iterator
from typing import IO, cast

import smbclient

from scanner.credentials import Secrets
from scanner.limits import MB, Limits
from scanner.sources.remote_system import Entry, System, login, nanoseconds


class SMB(System):
    """Not by fsspec: its listing asks for each file anew, and its open() would lock others out of it."""

    def __init__(self, address: str, secrets: Secrets, limits: Limits) -> None:
        self._host, port, user = login(address, secrets)
        self._port = port or 445
        self._wait = limits.answer_seconds
        smbclient.register_session(
            self._host, username=user, password=secrets.get("password"), port=self._port,
            connection_timeout=limits.connect_seconds,
        )  # fmt: skip

    def look(self, path: str) -> Entry:
        told = smbclient.stat(self._native(path), port=self._port)
        kind = "folder" if stat.S_ISDIR(told.st_mode) else "file"
        return Entry(path, kind, told.st_size, told.st_mtime_ns)

    def list(self, folder: str) -> Iterator[Entry]:
        for found in smbclient.scandir(self._native(folder), port=self._port):
            told = found.smb_info
            kind = "link" if found.is_symlink() else "folder" if found.is_dir() else "file"
            path = f"{folder.rstrip('/')}/{found.name}"
            yield Entry(path, kind, told.end_of_file, nanoseconds(told.last_write_time))

    def open(self, path: str) -> IO[bytes]:
        """Others may write, rename and delete it meanwhile, as if nobody read it."""
        file = smbclient.open_file(self._native(path), "rb", share_access="rwd", port=self._port, buffering=MB)
        return cast("IO[bytes]", file)

    def _native(self, path: str) -> str:
        return f"\\\\{self._host}" + path.replace("/", "\\")

    def forget(self) -> None:
        smbclient.reset_connection_cache(fail_on_error=False)
