"""A step of a plan goes in, the new content of its file is written; the file itself is only read."""

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from scanner.model import Item
from scanner.reopen import Reading, passages
from subjects.erasure.actions import CannotErase, Cut, Cuts, load_action
from subjects.erasure.actions.residue import left_in
from subjects.erasure.actions.texts import MOST
from subjects.erasure.corrections import Correction, corrected
from subjects.erasure.step import Place, Step


def write_new(step: Step, target: IO[bytes], reading: Reading, correction: Correction | None = None) -> None:
    """Write to `target` (open for writing and reading) what the file holds without the cuts of the step.

    Raises:
        CannotErase: it cannot be done safely. SourceError: the file cannot be read as the scan read it.
    """
    cuts = _read_cuts(step, reading, correction)
    with Path(step.address).open("rb") as source:
        load_action(step.media_type)(source, target, cuts)
    alone = {cut.text for mine in (cuts.cuts, *(one for _, one in cuts.inside.values())) for cut in mine
             if cut.everywhere and cut.text not in (cut.new or "")}  # fmt: skip
    size = target.seek(0, os.SEEK_END)
    target.seek(0)
    if size <= MOST and left_in(target.read(), alone):
        raise CannotErase("the value also stands in a part of the file that whosedata cannot change")
    target.seek(0, os.SEEK_END)


def texts_at(step: Step, places: Sequence[Place], reading: Reading) -> dict[Place, str]:
    """What stands at each place (locator, location) of a file now; what is gone is left out."""
    status = Path(step.address).stat()
    item = Item(step.path, step.root, os.fsencode(step.address), status.st_size, status.st_mtime_ns)
    wanted: dict[str, list[str]] = defaultdict(list)
    for locator, location in places:
        wanted[locator].append(location)
    return {(locator, one.location): one.text for locator, one in passages(item, wanted, reading)}


def _read_cuts(step: Step, reading: Reading, correction: Correction | None) -> Cuts:
    found = texts_at(step, [(one.locator, one.location) for one in step.cuts], reading) if step.cuts else {}
    by_item: dict[str, list[Cut]] = defaultdict(list)
    for one in step.cuts:
        text = found.get((one.locator, one.location))
        if text is None:
            raise CannotErase("something that was found does not stand there any more")
        new = corrected(text, correction) if correction else None
        if correction and new is None:
            raise CannotErase("something else stands there than was found")
        by_item[one.locator].append(Cut(one.location, text, one.whole_row, new, one.everywhere))
    # Also what is only on the way to a member that changes or goes.
    inside = {item: (kind, by_item.get(item, ())) for item, kind in step.types if item != step.path}
    return Cuts(step.path, by_item.get(step.path, ()), frozenset(step.members), reading.key, inside)
