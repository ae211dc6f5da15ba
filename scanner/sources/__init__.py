"""The table of sources: scheme -> "module:opener"; an Item in, its open stream out."""

from contextlib import AbstractContextManager
from importlib import import_module
from typing import IO, Protocol, cast

from scanner.model import Item

# Scheme -> function that opens an item's address; a source is one file and one line here.
SOURCES: dict[str, str] = {"folder": "scanner.sources.folder:open_regular"}


class Opener(Protocol):
    """Opens the address of an item for reading; raises Skip with a reason when it cannot."""

    def __call__(self, address: bytes) -> AbstractContextManager[IO[bytes]]:
        """A context that closes the stream."""
        ...


def open_item(item: Item) -> AbstractContextManager[IO[bytes]]:
    """The bytes of an item, from whichever source met it."""
    module, _, attribute = SOURCES[item.source].partition(":")
    return cast("Opener", getattr(import_module(module), attribute))(item.address)
