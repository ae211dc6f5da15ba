"""Headers and bodies of a mail go in, Segments come out: participants, quotations and signatures are told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from scanner.formats.mail.mail_headers import ROLES, decode_words, holds_persons, participants, without_ids
from scanner.formats.mail.quoting import QUOTED, SIGNATURE, WRITTEN, Stretch, stretches
from scanner.formats.text.prose import Prose
from scanner.model import Location, Lost, Part, Reason, Segment

_MOST_STRETCHES = 10_000  # nobody answers so often within one mail; a segment for each would take minutes
_PGP = re.compile(r"-----BEGIN PGP MESSAGE-----.*?(?:-----END PGP MESSAGE-----|\Z)", re.DOTALL)
_WORDS = re.compile(r"\w+")
# What Word writes into the head of a page, and nobody sees.
_OFFICE = re.compile(r"\[if [^\]\n]{0,100}\]>|<!\[endif\]")
_OFFICE_HEAD = re.compile(r"^(?:ProgId|Generator|Originator): .*$|^cid:\S+$", re.MULTILINE)
_LONGEST_DATE = 200
_MOST_HEADERS = 1_000  # no program writes more: a segment for each would take minutes
_LAST_YEAR = 2200
_ANSWER = re.compile(
    r"\s*(?:re|aw|antw|antwort|sv|vs|fwd?|wg|tr|rif|rv|res|enc|odp|回复|答复|转发)(?:\[\d{1,3}\])?\s*[:：]\s*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Slot:
    """How often a header came, how many characters of it and how many persons in it were given out."""

    times: int = 0
    chars: int = 0
    persons: int = 0


class HeaderReader:
    """Segments of one header block; `base` is where it stands (nothing for the message's own)."""

    def __init__(self, base: Location, thread: str) -> None:
        self._base = base
        self._thread = thread
        self._slots: dict[str, _Slot] = {}
        self._count = 0
        self._crowd = Prose(base)

    def read(self, name: str, text: str, piece: int = 0) -> Iterator[Segment]:
        """One header, or, counted from 0, a piece of one that is longer than the cap. `text` is unfolded only."""
        if not holds_persons(name):
            return
        lower = name.lower()
        slot = self._slots.setdefault(lower, _Slot())
        if piece == 0:
            slot.times, slot.chars = slot.times + 1, 0
        number = f"[{slot.times}]" if slot.times > 1 else ""
        where = self._base.then(header=(name or "none") + number)
        role = ROLES.get(lower, "")
        for part in participants(text) if role else iter((decode_words(text),)):
            shown = without_ids(part) if lower == "received" else part
            slot.persons += bool(role)
            self._count += not role
            if self._count > _MOST_HEADERS and not role:
                yield from self._crowd.add(shown, where)
            elif shown.strip():
                record = f"{where.then(n=slot.persons)}" if role else ""
                yield Segment(shown, where, first_char=slot.chars, label=name, record=record, role=role,
                              thread=self._thread)  # fmt: skip
            slot.chars += len(part) + 2

    def rest(self) -> Iterator[Segment]:
        """Call at the end: headers beyond the first thousand are given together."""
        yield from self._crowd.rest()


class Alternatives:
    """What the alternatives of one message have said so far."""

    def __init__(self) -> None:
        self._alternative: str | None = None
        self._said: set[str] = set()

    def says_nothing_new(self, alternative: str | None, text: str) -> bool:
        """Whether another form of this alternative has said every word. Numbers must stand in the same order."""
        if alternative is None:
            return False
        if alternative != self._alternative:
            self._alternative, self._said = alternative, set()
        said, before = set(), ""
        for word in _WORDS.findall(_shown(text).casefold()):
            is_number = any(sign.isdigit() for sign in word)
            said.add(f"{before} {word}" if is_number and before else word)
            before = word if is_number else ""
        if self._said and said <= self._said:
            return True
        self._said |= said
        return False


def _shown(text: str) -> str:
    """A text without what is only for Word, for the comparison with what another form of it says."""
    out, at, hidden = [], 0, False
    for mark in _OFFICE.finditer(text):
        opens = mark[0].startswith("[")
        if opens and not hidden:
            out.append(text[at : mark.start()])
        elif not opens and hidden:
            at = mark.end()
        hidden = opens
    # One that is never closed hides nothing.
    return _OFFICE_HEAD.sub(" ", "".join((*out, text[at:])) if not hidden else text)


def unflowed(text: str, *, keep_space: bool) -> str:
    """Paragraphs that a program broke into lines (RFC 3676) in one line again; quotations keep their signs.

    Without `keep_space` (DelSp) a break may stand within a word, so that the blank before it goes, too.
    """
    paragraphs: list[list[str]] = []
    open_depth = -1  # of the paragraph whose last line ended with a blank
    for line in text.splitlines():
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body.removeprefix(" ")
        if depth == open_depth:
            paragraphs[-1][-1] = paragraphs[-1][-1] if keep_space else paragraphs[-1][-1][:-1]
            paragraphs[-1].append(body)
        else:
            paragraphs.append([f"{'>' * depth} {body}" if depth else body])
        open_depth = depth if body.endswith(" ") and body != "-- " else -1
    return "\n".join(map("".join, paragraphs))


def body_segments(text: str, where: Location, thread: str) -> Iterator[Part]:
    """A body as Segments: what was written, what is quoted, and the signature, a record of the sender."""
    if "-----BEGIN PGP MESSAGE-----" in text:
        yield Lost("", Reason.ENCRYPTED, "encrypted mail: needs the key of its recipient")
        text = _PGP.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    signatures = 0
    found = stretches(text)
    if len(found) > _MOST_STRETCHES:
        found = [Stretch(0, len(text), WRITTEN)]
    for stretch in found:
        record = role = ""
        if stretch.kind == SIGNATURE:
            signatures += 1
            record, role = str(where.then(signature=signatures)), "from"
        yield Segment(
            text[stretch.start : stretch.end], where, first_char=stretch.start, record=record, role=role,
            quoted=stretch.kind == QUOTED, thread=thread,
        )  # fmt: skip


def moment(text: str) -> float | None:
    """A Date header, or a Received header that ends with one, as seconds since 1970; None when it says none."""
    try:
        when = parsedate_to_datetime(text.rpartition(";")[2].strip()[:_LONGEST_DATE])
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return when.timestamp() if when.year < _LAST_YEAR else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def plain_subject(text: str) -> str:
    """A subject without its `Re:`, `AW:` and `Fwd:`, for mails that no id ties to their conversation."""
    text = text.strip()
    while answer := _ANSWER.match(text):
        text = text[answer.end() :]
    return " ".join(text.split()).casefold()
