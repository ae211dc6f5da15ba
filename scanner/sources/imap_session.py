"""The address of a mail server goes in, a session comes out that looks at folders and never changes a flag."""

import imaplib
import io
import re
import ssl
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import unquote

from scanner.addresses import scheme_of, split_address
from scanner.credentials import Secrets
from scanner.limits import MB, Limits
from scanner.model import Reason, Skip
from scanner.sources.imap_names import Folder, folders_of, quoted
from scanner.sources.remote_errors import told

T = TypeVar("T")

_LISTED = 2_000  # messages of which one answer tells the sizes
_PIECE = MB  # of a message that does not come at once
_PORT, _TLS_PORT = 143, 993
_LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))
_BROKEN = (imaplib.IMAP4.abort, OSError, EOFError)
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_REFUSED = "the server refuses the user or the password"


class Session:
    """One connection, made when it is needed and made anew once when it breaks. `folder` is opened by EXAMINE."""

    def __init__(self, address: str, secrets: Secrets, limits: Limits, folder: str = "", validity: int = 0) -> None:
        self._address = address
        self._secrets = secrets
        self._limits = limits
        self._folder = folder
        self._validity = validity
        self._server: imaplib.IMAP4 | None = None

    def close(self) -> None:
        """Hang up."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                server.shutdown()

    def folders(self) -> list[Folder]:
        """All folders that the user may see, by their names."""
        answer = self._ask(lambda server: server.list())
        return sorted(folders_of(answer), key=lambda folder: folder.steps)

    def validity_of(self, folder: str) -> int:
        """The number under which the UIDs of a folder hold (RFC 3501, 2.3.1.1); raises Skip when there is none."""
        answer = self._ask(lambda server: server.status(quoted(folder), "(UIDVALIDITY)"))
        found = re.search(rb"UIDVALIDITY (\d+)", _joined(answer))
        return int(found[1]) if found else 0

    def messages(self) -> tuple["array[int]", "array[int]", "array[int]"]:
        """UIDs in their order, sizes in bytes and times of arrival: a few bytes of memory for each message."""
        uids, sizes, times = array("Q"), array("Q"), array("q")
        count = self._ask(lambda server: server.select(quoted(self._folder), readonly=True))
        total = int(count[0] or 0) if isinstance(count[0], bytes) else 0
        for start in range(1, total + 1, _LISTED):
            span = f"{start}:{min(start + _LISTED - 1, total)}"
            for line in self._ask(lambda server, span=span: server.fetch(span, "(UID RFC822.SIZE INTERNALDATE)")):  # type: ignore[misc]
                told_line = line if isinstance(line, bytes) else b""
                uid, size = _UID.search(told_line), _SIZE.search(told_line)
                if uid:
                    arrived = imaplib.Internaldate2tuple(told_line)
                    uids.append(int(uid[1]))
                    sizes.append(int(size[1]) if size else 0)
                    times.append(int(time.mktime(arrived)) if arrived else 0)
        return uids, sizes, times

    def bodies(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """(UID, message) of small messages, in one answer; those that are gone are left out."""
        wanted = ",".join(map(str, uids))
        yield from _bodies(self._ask(lambda server: server.uid("FETCH", wanted, "(UID BODY.PEEK[])")))

    def piece(self, uid: int, start: int) -> bytes:
        """The next piece of a message, b"" behind its end."""
        part = f"(UID BODY.PEEK[]<{start}.{_PIECE}>)"
        return next((body for _, body in _bodies(self._ask(lambda server: server.uid("FETCH", str(uid), part)))), b"")

    def _ask(self, question: Callable[[imaplib.IMAP4], tuple[str, list[Any]]]) -> list[Any]:
        for again in (True, False):
            try:
                kind, answer = question(self._connected())
            except _BROKEN as error:
                self.close()
                if not again:
                    broke = (Reason.IO_ERROR, "the connection to the server broke")
                    raise Skip(*(broke if isinstance(error, imaplib.IMAP4.abort) else told(error))) from None
            except imaplib.IMAP4.error:
                raise Skip(Reason.IO_ERROR, "the server does not understand what it was asked") from None
            else:
                if kind != "OK":
                    raise Skip(Reason.PERMISSION, "the server does not open it for this user")
                return answer
        raise AssertionError("the loop returns or raises")

    def _connected(self) -> imaplib.IMAP4:
        if self._server is None:
            self._server = _logged_in(self._address, self._secrets, self._limits)
            if self._folder:
                # EXAMINE: nothing becomes "seen", and what is new stays new.
                if self._server.select(quoted(self._folder), readonly=True)[0] != "OK":
                    raise Skip(Reason.PERMISSION, "the server does not open this folder for this user")
                told_validity = self._server.response("UIDVALIDITY")[1]
                if self._validity and _joined(told_validity) != str(self._validity).encode():
                    raise Skip(Reason.CHANGED, "the server has numbered its messages anew; scan it again")
        return self._server


def _logged_in(address: str, secrets: Secrets, limits: Limits) -> imaplib.IMAP4:
    """A session with TLS, its certificate verified; without it only on this computer."""
    parts = split_address(address)
    host, port = parts.hostname or "", parts.port
    trusted = ssl.create_default_context(cafile=secrets.get("ca_file"))
    if scheme_of(address) == "imaps":
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            host, port or _TLS_PORT, ssl_context=trusted, timeout=limits.connect_seconds
        )
    else:
        server = imaplib.IMAP4(host, port or _PORT, timeout=limits.connect_seconds)
        if "STARTTLS" in server.capabilities:
            server.starttls(trusted)
        elif host not in _LOCAL:
            server.shutdown()
            raise Skip(Reason.PERMISSION, "the server offers no encryption, so the password was not sent")
    server.sock.settimeout(limits.answer_seconds)
    try:
        server.login(secrets.get("user") or unquote(parts.username or ""), secrets.get("password", ""))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        server.shutdown()
        raise Skip(Reason.PERMISSION, _REFUSED) from None
    return server


def _bodies(answer: Sequence[object]) -> Iterator[tuple[int, bytes]]:
    """(UID, body) pairs of an answer; the UID may stand before or behind its body."""
    for index, part in enumerate(answer):
        if isinstance(part, tuple):
            behind = answer[index + 1] if index + 1 < len(answer) else b""
            found = _UID.search(part[0]) or (_UID.search(behind) if isinstance(behind, bytes) else None)
            if found:
                yield int(found[1]), part[1]


def _joined(answer: Sequence[object]) -> bytes:
    return b" ".join(part for part in answer if isinstance(part, bytes))


class Pieces(io.RawIOBase):
    """A large message as a stream: no more than one piece of it is in memory."""

    def __init__(self, session: Session, uid: int, fail: Callable[[], None]) -> None:
        super().__init__()
        self._fail = fail
        self._session = session
        self._uid = uid
        self._at = 0
        self._piece = b""
        self._ended = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a part of the buffer; raises Skip when the server does not give it."""
        if not self._piece and not self._ended:
            try:
                self._piece = self._session.piece(self._uid, self._at)
            except Skip:
                self._fail()
                raise
            self._at += len(self._piece)
            self._ended = len(self._piece) < _PIECE
        data, self._piece = self._piece[: len(buffer)], self._piece[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)
