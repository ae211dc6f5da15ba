"""A mailbox (mbox) goes in, the same without some messages comes out; the others keep every byte, From lines too."""

import io
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
from subjects.erasure.actions.message import rewrite as rewrite_message
from subjects.erasure.actions.occurrences import Occurrences, Readable, spliced

_BLOCK = 1 << 20


def rewrite(source: IO[bytes], target: IO[bytes], cuts: Cuts) -> None:
    """Leave out the members; raises CannotErase for anything within a message that stays."""
    if cuts.cuts:
        raise CannotErase("it stands between the messages of the mailbox")
    size = source.seek(0, 2)
    source.seek(0)
    marks: list[tuple[int, str]] = []
    wanted = {*cuts.members, *cuts.inside}
    budget = Budget(Limits(), size)
    with closing(MemberNames()) as names:
        for part in extract(source, budget):
            if isinstance(part, Child) and part.place is None:
                raise CannotErase("its first message has lost its From line")
            if isinstance(part, Child) and part.place is not None:
                with part.open() as opened, budget.spooled(opened) as message:
                    path = f"{cuts.path}{MEMBER}{names.step(content_name(message, cuts.key))}"
                marks.append((int(part.place[0]), path))
    if wanted - {path for _, path in marks}:
        raise CannotErase("a message is not there any more, or it is in an attachment of one")
    ends = [mark for mark, _ in marks[1:]] + [size]
    shutil.copyfileobj(ByteRange(source, 0, marks[0][0]), target, _BLOCK)
    for (mark, path), end in zip(marks, ends, strict=True):
        if path in cuts.inside and path not in cuts.members:
            target.write(_changed(ByteRange(source, mark, end).read(), cuts.within(path)))
        elif path not in cuts.members:
            shutil.copyfileobj(ByteRange(source, mark, end), target, _BLOCK)


def _changed(data: bytes, cuts: Cuts) -> bytes:
    """One message with its From line, in which the sender's address stands, too."""
    line, sep, message = data.partition(b"\n")
    if b"\ncontent-length:" in message[:_BLOCK].lower():
        raise CannotErase("the mailbox notes the length of each message")
    seen = Occurrences((), cuts.cuts)
    text = line.decode("latin-1")
    spans = [(at, at + 1) for at in range(len(text))]
    line = spliced(text, seen.edits(Readable(text, spans), lambda words: words)).encode("latin-1")
    changed = io.BytesIO()
    rewrite_message(io.BytesIO(message), changed, cuts)
    return line + sep + changed.getvalue()
