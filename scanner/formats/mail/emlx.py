"""A message as Apple Mail keeps it (EMLX) goes in; the mail comes out as it is, and what Apple Mail noted below it."""

import re
from collections.abc import Iterator
from typing import IO

from scanner.encoding import decode
from scanner.formats.mail import mail
from scanner.formats.mail.ranges import ByteRange, length_of
from scanner.limits import MB, Budget
from scanner.model import Location, Part, Reason, Segment, Skip

_LENGTH = re.compile(rb"\s{0,10}(\d{1,12})[ \t]*\r?\n")
_NOTED = re.compile(r"<key>([^<]{1,100})</key>\s*<string>([^<]*)</string>")
_LONGEST_NOTES = MB
# Ids, colours and states.
_WITHOUT_PERSONS = re.compile(r"(?:.*-)?(?:id|uid|color|conversation|flags)|remote-id|original-mailbox")


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """A line with the length of the message, the message, and a property list."""
    first = _LENGTH.match(stream.read(100))
    if first is None:
        raise Skip(Reason.DAMAGED, "the length of the message is missing")
    start, size = first.end(), length_of(stream)
    end = min(start + int(first[1]), size)
    extracted, kept = budget.extracted, budget.kept
    with budget.spooled(ByteRange(stream, start, end)) as message:  # type: ignore[arg-type]  # read() is all it asks for
        budget.extracted, budget.kept = extracted, kept  # it has not been unpacked
        yield from mail.extract(message, budget)
    stream.seek(end)
    for key, text in _NOTED.findall(decode(stream.read(_LONGEST_NOTES))):
        if text.strip() and not _WITHOUT_PERSONS.fullmatch(key.lower()):
            yield Segment(text, Location.of(part="notes", property=key), label=key)
