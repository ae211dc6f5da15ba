"""Azurite, Microsoft's own stand-in for its store of blobs, started as an ordinary user."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ordinary import free_port, listens, program, running, server_folder

# Published by Microsoft: every Azurite has this account.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@dataclass(frozen=True, slots=True)
class Azurite:
    """Where it listens, and the log of what it was asked."""

    port: int
    log: Path

    @property
    def connection_string(self) -> str:
        """How a client finds it and logs in."""
        return (
            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
            f"BlobEndpoint=http://127.0.0.1:{self.port}/{ACCOUNT};"
        )


@contextmanager
def azurite_server() -> Iterator[Azurite]:
    """Starts one without any container; skips where it is not installed. Gone when the block ends."""
    server = program("azurite-blob")
    with server_folder() as folder:
        port, log = free_port(), folder / "log"
        command = [server, "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", folder / "data",
                   "--skipApiVersionCheck", "--disableTelemetry"]  # fmt: skip
        with running(command, lambda: listens(port), log):
            yield Azurite(port, log)
