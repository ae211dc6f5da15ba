"""Events of cases go in and are only added; they come out in their order, proved unchanged by a keyed chain.

Each line is bound to all before it by an HMAC under the home's key, and a head line says how many there are: an edit, a
line taken out and a cut at the end are all noticed by who has the key. With a passphrase the words are sealed
(AES-256-GCM, key by scrypt); without it they are as safe as the home folder. Purging takes the words of a case away and
leaves the line.
"""

import hmac
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from scanner.home import CASES_FILE, HomeError, Key
from scanner.private_base import make_private, private_base
from subjects.cases.events import Event, Kind

Said: TypeAlias = Mapping[str, str]
PURGED = {"purged": "yes"}
_ONE = "one INTEGER PRIMARY KEY CHECK (one = 1)"
_COLUMNS = """number INTEGER PRIMARY KEY, case_id TEXT NOT NULL, at TEXT NOT NULL, day TEXT NOT NULL,
    kind TEXT NOT NULL, words BLOB, digest BLOB NOT NULL, mac BLOB NOT NULL"""
_TABLES = (
    f"CREATE TABLE IF NOT EXISTS events ({_COLUMNS})",
    f"CREATE TABLE IF NOT EXISTS head ({_ONE}, count INTEGER NOT NULL, mac BLOB NOT NULL)",
    f"CREATE TABLE IF NOT EXISTS seal ({_ONE}, salt BLOB NOT NULL, proof BLOB NOT NULL)",
)
_START = bytes(32)
_NONCE = 12
# About a tenth of a second and 32 MB (RFC 7914): felt by who guesses, not by who knows.
_COST, _BLOCK, _LANES = 2**15, 8, 1


class TamperedError(HomeError):
    """The journal of cases is not what was written; the message says where."""


@dataclass(frozen=True, slots=True)
class CaseJournal:
    """The journal in one home. `passphrase` is "" where the words are not sealed."""

    home: Path
    key: Key = field(repr=False)
    passphrase: str = field(default="", repr=False)

    def events(self) -> list[Event]:
        """All events of all cases, the oldest first.

        Raises:
            TamperedError: a line was changed, taken out, or the end is missing.
            HomeError: the file cannot be read, or is sealed and the passphrase is missing or wrong.
        """
        if not (self.home / CASES_FILE).exists():
            return []
        with private_base(self.home / CASES_FILE, "cases") as base:
            return self._read(base)

    def add(self, events: Sequence[tuple[str, Kind, date, Said]]) -> list[Event]:
        """Add (case, kind, day it happened, words), all or none, durably; gives them back as they stand there.

        Raises:
            HomeError: as events() does.
        """
        make_private(self.home / CASES_FILE, "cases")
        with private_base(self.home / CASES_FILE, "cases") as base, _transaction(base):
            for table in _TABLES:
                base.execute(table)
            self._seal_new(base)
            self._read(base)
            return self._append(base, events)

    def is_open_to_read(self) -> bool:
        """Whether there are words in it that no passphrase seals."""
        if not (self.home / CASES_FILE).exists():
            return False
        with private_base(self.home / CASES_FILE, "cases") as base:
            return bool(self._read(base)) and self._sealer(base) is None

    def purge(self, case_id: str, day: date, kept: Said) -> int:
        """Take the words of all events of a case away, from the file, too; how many there were. The lines stay.

        `kept` are words that tell of nobody, such as which right it was.
        """
        with private_base(self.home / CASES_FILE, "cases") as base:
            base.execute("PRAGMA secure_delete=ON")
            with _transaction(base):
                self._read(base)
                gone = base.execute("UPDATE events SET words = NULL WHERE case_id = ?", (case_id,)).rowcount
                self._append(base, [(case_id, Kind.PURGED, day, kept)])
            base.execute("VACUUM")
        return gone

    def _append(self, base: Connection, events: Sequence[tuple[str, Kind, date, Said]]) -> list[Event]:
        count, mac = self._checked(base)
        sealer = self._sealer(base)
        added = []
        for number, (case_id, kind, day, said) in enumerate(events, start=count + 1):
            event = Event(number, case_id, datetime.now(UTC).isoformat(timespec="seconds"), day, kind, dict(said))
            words = json.dumps(dict(said), ensure_ascii=False, sort_keys=True).encode()
            digest = self._hmac("words", words)
            fields = (number, case_id, event.at, day.isoformat(), kind.value)
            mac = self._hmac("line", _joined(mac, *fields, digest))
            sealed = sealer.seal(number, words) if sealer else words
            base.execute("INSERT INTO events VALUES (?,?,?,?,?,?,?,?)", (*fields, sealed, digest, mac))
            added.append(event)
        count += len(added)
        base.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", (count, self._head(count, mac)))
        return added

    def _read(self, base: Connection) -> list[Event]:
        if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'head'").fetchone():
            return []
        self._checked(base)
        sealer = self._sealer(base)
        # Words may be missing only where a later line says that they were taken away.
        purged = dict(base.execute("SELECT case_id, max(number) FROM events WHERE kind = ? GROUP BY 1", (Kind.PURGED,)))
        found = []
        for number, case_id, at, day, kind, words, digest in base.execute(
            "SELECT number, case_id, at, day, kind, words, digest FROM events ORDER BY number"
        ):
            said = dict(PURGED)
            if words is not None:
                plain = sealer.open(number, words) if sealer else bytes(words)
                if not hmac.compare_digest(self._hmac("words", plain), digest):
                    raise TamperedError(_TAMPERED.format(number))
                said = json.loads(plain)
            elif number >= purged.get(case_id, 0):
                raise TamperedError(_TAMPERED.format(number))
            found.append(Event(number, case_id, at, date.fromisoformat(day), Kind(kind), said))
        return found

    def _checked(self, base: Connection) -> tuple[int, bytes]:
        """Follow the chain to its end: how many lines there are, and the last one's mac."""
        mac, count = _START, 0
        rows = base.execute("SELECT number, case_id, at, day, kind, digest, mac FROM events ORDER BY number")
        for count, (number, case_id, at, day, kind, digest, told) in enumerate(rows, start=1):
            mac = self._hmac("line", _joined(mac, number, case_id, at, day, kind, bytes(digest)))
            if number != count or not hmac.compare_digest(mac, told):
                raise TamperedError(_TAMPERED.format(count))
        head = base.execute("SELECT count, mac FROM head").fetchone()
        if head is None and count == 0:
            return 0, _START
        if head is None or head[0] != count or not hmac.compare_digest(self._head(count, mac), head[1]):
            raise TamperedError(_TAMPERED.format(f"{count}, where the end is missing,"))
        return count, mac

    def _head(self, count: int, mac: bytes) -> bytes:
        return self._hmac("head", _joined(mac, count))

    def _hmac(self, what: str, data: bytes) -> bytes:
        return hmac.digest(self.key.derive(f"cases {what}"), data, "sha256")

    def _seal_new(self, base: Connection) -> None:
        """A journal that is begun with a passphrase is sealed from its first line on."""
        if not self.passphrase or base.execute("SELECT 1 FROM events").fetchone():
            return
        salt = os.urandom(16)
        proof = _Sealer(self.passphrase, salt).seal(0, b"whosedata")
        base.execute("INSERT OR IGNORE INTO seal VALUES (1, ?, ?)", (salt, proof))

    def _sealer(self, base: Connection) -> "_Sealer | None":
        row = base.execute("SELECT salt, proof FROM seal").fetchone()
        if row is None:
            return None
        if not self.passphrase:
            raise HomeError("The cases in this home are locked. Give the passphrase in WHOSEDATA_PASSPHRASE.")
        sealer = _Sealer(self.passphrase, bytes(row[0]))
        sealer.open(0, bytes(row[1]))
        return sealer


_TAMPERED = (
    "The journal of cases was changed by something else than whosedata, at line {}. Nothing in it can be relied on "
    "from there on. Restore cases.sqlite from a backup, and find out who can write in the home folder."
)


class _Sealer:
    """Seals words under a passphrase; each bound to the number of its line."""

    def __init__(self, passphrase: str, salt: bytes) -> None:
        derive = Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_LANES)
        self._cipher = AESGCM(derive.derive(passphrase.encode()))

    def seal(self, number: int, words: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, words, str(number).encode())

    def open(self, number: int, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], str(number).encode())
        except InvalidTag as error:
            if number == 0:
                raise HomeError("This passphrase does not open the cases in this home.") from error
            raise TamperedError(_TAMPERED.format(number)) from error


def _joined(*fields: object) -> bytes:
    """Fields with their lengths, so that nothing can move from one into the next."""
    texts = [one if isinstance(one, bytes) else str(one).encode() for one in fields]
    return b"".join(len(text).to_bytes(4, "big") + text for text in texts)


@contextmanager
def _transaction(base: Connection) -> Iterator[None]:
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        base.execute("ROLLBACK")
        raise
    base.execute("COMMIT")
