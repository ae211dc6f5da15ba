"""An address of an SSH server goes in, its files come out as entries; a server whose key is not known gets nothing."""

import stat
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, cast

from paramiko import RejectPolicy, SFTPAttributes, SFTPClient, SSHClient

from scanner.credentials import Secrets
from scanner.limits import Limits
from scanner.sources.ownership import readable_by
from scanner.sources.remote_system import Entry, System, login, nanoseconds

_REQUESTS = 64  # under way at a time


@lru_cache(maxsize=8)
def _connected(
    host: str, port: int, user: str | None, secrets: tuple[tuple[str, str], ...], limits: Limits
) -> SFTPClient:
    """One connection for each process and place."""
    known = dict(secrets)
    client = SSHClient()
    client.load_system_host_keys(known.get("known_hosts"))
    client.set_missing_host_key_policy(RejectPolicy())
    wait = limits.connect_seconds
    client.connect(
        host, port, user, known.get("password"), key_filename=known.get("key_file"), passphrase=known.get("passphrase"),
        timeout=wait, banner_timeout=wait, auth_timeout=wait,
    )  # fmt: skip
    files = client.open_sftp()
    if (channel := files.get_channel()) is not None:
        channel.settimeout(limits.answer_seconds)
    return files


class SFTP(System):
    """A server takes files from its root; without a path in the address it begins where it lets the user in."""

    def __init__(self, address: str, secrets: Secrets, limits: Limits) -> None:
        host, port, user = login(address, secrets)
        self._files = _connected(host, port or 22, user, tuple(sorted(secrets.items())), limits)

    def look(self, path: str) -> Entry:
        return self._entry(path, self._files.stat(path))

    def list(self, folder: str) -> Iterator[Entry]:
        for told in self._files.listdir_iter(folder):
            yield self._entry(f"{folder.rstrip('/')}/{told.filename}", told)

    @staticmethod
    def _entry(path: str, told: SFTPAttributes) -> Entry:
        mode = told.st_mode or 0
        kinds = {stat.S_IFDIR: "folder", stat.S_IFREG: "file", stat.S_IFLNK: "link", 0: "file"}
        kind = kinds.get(stat.S_IFMT(mode), "special")
        owner = "" if told.st_uid is None else str(told.st_uid)
        return Entry(
            path, kind, told.st_size or 0, nanoseconds(told.st_mtime), owner, readable_by(mode) if mode else ""
        )

    def open(self, path: str) -> IO[bytes]:
        file = self._files.open(path, "rb")
        file.prefetch(max_concurrent_requests=_REQUESTS)
        return cast("IO[bytes]", file)

    def forget(self) -> None:
        self._files.close()
        _connected.cache_clear()
