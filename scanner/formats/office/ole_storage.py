"""An OLE file that is no known kind of document goes in; what is packed in it, its texts and its macros come out."""

import io
from collections.abc import Iterator
from functools import partial
from typing import IO

from scanner.formats.office.ole import Box, native, opened
from scanner.formats.office.vba import modules
from scanner.limits import Budget
from scanner.model import Child, Lost, Part, Reason

_PACKED = frozenset(("package", "contents", "embeddedodf", "\x01ole10native"))
# Settings, looks, caches and links that belong to a program, not to a person.
_SETTINGS = ("\x01", "\x02", "\x03", "\x05", "_vba_project", "dir", "project", "__srp_", "equation native")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Give each packed file and each unknown stream as a member, and the macros as text: part=MODULE."""
    with opened(stream, budget, "OLE") as box:
        yield from box.properties()
        yield from macros(box)
        top = {path[0].lower() for path in box.paths}
        if top & _PACKED:
            yield from _packed(box)
        storages = dict.fromkeys(path[0] for path in box.paths if len(path) > 1)
        for name in storages:
            if name.lower() not in {"vba", "_vba_project_cur", "macros"}:
                yield from box.embedded(name)
        for path in box.paths:
            if len(path) == 1 and path[0].lower() not in _PACKED and not path[0].lower().startswith(_SETTINGS):
                yield from _stream(box, path[0])
        if not box.paths:
            yield Lost("", Reason.DAMAGED, "nothing could be found in this OLE file")
        yield from box.losses()


def _packed(box: Box) -> Iterator[Part]:
    yield from native(box.read("\x01Ole10Native"), "object") if box.has("\x01Ole10Native") else ()
    for own in ("Package", "CONTENTS", "EmbeddedOdf"):
        if data := box.read(own):
            yield Child(own, partial(io.BytesIO, data), len(data))


def _stream(box: Box, name: str) -> Iterator[Part]:
    data = box.read(name)
    box.budget.charge_member()
    if data.strip(b"\0"):
        yield Child(name, partial(io.BytesIO, data), len(data))


def macros(box: Box) -> Iterator[Part]:
    """The source text of the macros in any storage of the file: names and addresses stand in them, too."""
    for path in box.paths:
        if len(path) > 1 and path[-2].lower() == "vba" and not path[-1].lower().startswith(_SETTINGS):
            yield from modules(path[-1], box.read(*path), box.budget)
