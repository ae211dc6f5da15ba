"""An address of Azure's blob store goes in, its blobs come out as entries."""

from collections.abc import Iterator, Mapping
from typing import IO, Any, cast

import adlfs

from scanner.addresses import split_address
from scanner.credentials import Secrets
from scanner.limits import Limits
from scanner.sources.remote_system import BLOCK, Entry, System, nanoseconds


class Azure(System):
    def __init__(self, address: str, secrets: Secrets, limits: Limits) -> None:
        host = split_address(address).netloc.rpartition("@")
        named = host[2].partition(".")[0] if host[1] else None
        known = {name: secrets.get(name) for name in ("account_key", "sas_token", "connection_string")}
        account = secrets.get("account_name") or named
        self._files: Any = adlfs.AzureBlobFileSystem(
            account_name=account, use_listings_cache=False, connection_timeout=int(limits.connect_seconds),
            read_timeout=int(limits.answer_seconds), **{name: value for name, value in known.items() if value},
        )  # fmt: skip

    def look(self, path: str) -> Entry:
        return self._entry(self._files.info(path, refresh=True))

    def list(self, folder: str) -> Iterator[Entry]:
        yield from (
            entry for told in self._files.ls(folder, detail=True) if (entry := self._entry(told)).path != folder
        )

    @staticmethod
    def _entry(told: Mapping[str, Any]) -> Entry:
        kind = "folder" if told["type"] == "directory" else "file"
        return Entry(told["name"].rstrip("/"), kind, int(told.get("size") or 0), nanoseconds(told.get("last_modified")))

    def open(self, path: str) -> IO[bytes]:
        return cast("IO[bytes]", self._files.open(path, "rb", block_size=BLOCK, cache_type="readahead"))

    def forget(self) -> None:
        """Its library connects anew by itself."""
