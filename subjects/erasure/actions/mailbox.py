"""A mailbox (mbox) goes in, the same without some messages comes out; the others keep every byte, From lines too."""

import shutil
from contextlib import closing
from typing import IO

from scanner.formats.mail.mbox import extract
from scanner.formats.mail.ranges import ByteRange
from scanner.limits import Budget, Limits
from scanner.locators import MEMBER
from scanner.member_names import MemberNames
from scanner.model import Child
from scanner.reading import content_name
from subjects.erasure.actions import CannotErase, Cuts

_BLOCK = 1 << 20


def rewrite(source: IO[bytes], target: IO[bytes], cuts: Cuts) -> None:
    """Leave out the members; raises CannotErase for anything within a message that stays."""
    if cuts.cuts:
        raise CannotErase("single places within a message cannot be changed: decide on the message as a whole")
    size = source.seek(0, 2)
    source.seek(0)
    marks: list[tuple[int, bool]] = []
    gone: set[str] = set()
    budget = Budget(Limits(), size)
    with closing(MemberNames()) as names:
        for part in extract(source, budget):
            if isinstance(part, Child) and part.place is None:
                raise CannotErase("its first message has lost its From line")
            if isinstance(part, Child) and part.place is not None:
                with part.open() as opened, budget.spooled(opened) as message:
                    path = f"{cuts.path}{MEMBER}{names.step(content_name(message, cuts.key))}"
                marks.append((part.place[0], path in cuts.members))
                gone.update({path} & cuts.members)
    if gone != cuts.members:
        raise CannotErase("a message is not there any more")
    ends = [mark for mark, _ in marks[1:]] + [size]
    for start, end in [(0, marks[0][0])] + [
        (mark, end) for (mark, goes), end in zip(marks, ends, strict=True) if not goes
    ]:
        shutil.copyfileobj(ByteRange(source, start, end), target, _BLOCK)
