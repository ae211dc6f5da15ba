"""An address of S3, or of what speaks its language, goes in, its objects come out as entries."""

from collections.abc import Iterator, Mapping
from typing import IO, Any, cast

import s3fs

from scanner.credentials import Secrets
from scanner.limits import Limits
from scanner.sources.remote_system import BLOCK, Entry, System, nanoseconds

# What a store keeps where it cannot be read at once.
_FROZEN = frozenset(("GLACIER", "DEEP_ARCHIVE"))


class S3(System):
    whole = True

    def __init__(self, _address: str, secrets: Secrets, limits: Limits) -> None:
        client = {"endpoint_url": secrets.get("endpoint"), "region_name": secrets.get("region")}
        self._files: Any = s3fs.S3FileSystem(
            key=secrets.get("access_key"), secret=secrets.get("secret_key"), token=secrets.get("session_token"),
            client_kwargs={name: value for name, value in client.items() if value}, use_listings_cache=False,
            config_kwargs={"connect_timeout": limits.connect_seconds, "read_timeout": limits.answer_seconds,
                           "retries": {"max_attempts": 3}},
            default_block_size=BLOCK, default_fill_cache=False, default_cache_type="readahead",
        )  # fmt: skip

    def look(self, path: str) -> Entry:
        told = self._files.info(path)
        return self._entry(path, told) if told["type"] == "file" else Entry(path, "folder")

    def list(self, folder: str) -> Iterator[Entry]:
        """A thousand at a time, however many there are in a bucket."""
        bucket, _, prefix = folder.partition("/")
        more: dict[str, str] = {}
        while True:
            page = self._files.call_s3(
                "list_objects_v2", Bucket=bucket, Prefix=f"{prefix}/" if prefix else "", MaxKeys=1000, **more
            )
            for told in page.get("Contents", ()):
                if not told["Key"].endswith("/"):  # the sign of an empty folder
                    yield self._entry(f"{bucket}/{told['Key']}", told)
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    @staticmethod
    def _entry(path: str, told: Mapping[str, Any]) -> Entry:
        kind = "frozen" if told.get("StorageClass") in _FROZEN else "file"
        return Entry(path, kind, int(told.get("Size", told.get("size", 0))), nanoseconds(told.get("LastModified")))

    def open(self, path: str) -> IO[bytes]:
        return cast("IO[bytes]", self._files.open(path, "rb"))

    def forget(self) -> None:
        """Its library connects anew by itself."""
