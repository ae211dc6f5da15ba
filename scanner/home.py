"""The home folder of one organisation in, its secret key out; made on first use, readable by its owner only."""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from reports.parquet import ReportError, require_own_folder

KEY_FILE = "key"
VERDICTS_FILE = "verdicts.sqlite"
CASES_FILE = "cases.sqlite"
SUPPRESSED_FILE = "suppressed.sqlite"
RESTRICTED_FILE = "restricted.sqlite"
QUARANTINE_FOLDER = "quarantine"
TOMBSTONES_FILE = "tombstones.sqlite"
PEOPLE_FILE = "people.parquet"
DECISIONS_FILE = "people.sqlite"
INDEX_FOLDER = "indexes"
HISTORY_FOLDER = "history"
WORK_FOLDER = "work"  # of scans whose report is encrypted: beside the report nothing is ever clear
# Everything that we keep in a home: never part of what is scanned.
HOME_FILES = (
    KEY_FILE, VERDICTS_FILE, CASES_FILE, SUPPRESSED_FILE, RESTRICTED_FILE, PEOPLE_FILE, DECISIONS_FILE, INDEX_FOLDER,
    HISTORY_FOLDER, QUARANTINE_FOLDER, TOMBSTONES_FILE, WORK_FOLDER,
)  # fmt: skip
KEY_BYTES = 32


class HomeError(Exception):
    """The home folder cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """The secret of one organisation. `secret` is 32 bytes and never leaves the program; `key_id` may be shown."""

    secret: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """Short public name of the key: tells whether two reports were made with the same one."""
        return hmac.digest(self.secret, b"whosedata key id", "sha256")[:6].hex()

    def derive(self, domain: str) -> bytes:
        """An independent 32-byte key for one purpose, so that values of two kinds can never be compared."""
        return hmac.digest(self.secret, b"whosedata " + domain.encode(), "sha256")


def default_home() -> Path:
    """The user's configuration folder, or WHOSEDATA_HOME when that is set."""
    if chosen := os.environ.get("WHOSEDATA_HOME"):
        return Path(chosen)
    if os.name == "nt":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "whosedata"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "whosedata"


def load_key(home: Path) -> Key:
    """Read the key of this home, or make the home and a new key.

    Raises:
        HomeError: the folder cannot be made or read, or the key file is damaged.
    """
    path = home / KEY_FILE
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        require_own_folder(home)
        try:
            return _read(path)
        except FileNotFoundError:
            _require_new(home)
            return _create(path)
    except ReportError as error:
        raise HomeError(str(error)) from error
    except OSError as error:
        raise HomeError(
            f"The home folder {home} cannot be used ({error.strerror}). Choose another with --home FOLDER."
        ) from error


def existing_key(home: Path) -> Key | None:
    """The key of this home, None where it has none yet; nothing is made.

    Raises:
        HomeError: the key file cannot be read, or is damaged.
    """
    try:
        return _read(home / KEY_FILE)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HomeError(
            f"The key file {home / KEY_FILE} cannot be read ({error.strerror}). Choose another home with --home FOLDER."
        ) from error


def _read(path: Path) -> Key:
    text = path.read_bytes().strip()
    try:
        secret = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise HomeError(
            f"The key file {path} is damaged. Restore it from a backup; without it, earlier reports cannot be compared."
            " To start anew with a new key, choose another home: --home FOLDER."
        )
    return Key(secret)


def _require_new(home: Path) -> None:
    """A new key beside what an old one made would find nobody of those lists again, and say nothing of it."""
    kept = [name for name in HOME_FILES if name not in (KEY_FILE, WORK_FOLDER) and (home / name).exists()]
    if kept:
        raise HomeError(
            f"The key file {home / KEY_FILE} is gone, and {kept[0]} there was made with it. Restore it from a "
            "backup. To go on with another key, begin a home of its own: --home FOLDER."
        )


def _create(path: Path) -> Key:
    """Write a new key; whoever comes first wins, so that two scans that start together share one key."""
    secret = secrets.token_bytes(KEY_BYTES)
    draft = path.with_name(f".key-{os.getpid()}-{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret.hex().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return _read(path)
    except OSError:  # no hard links on this file system (FAT, some network shares)
        draft.replace(path)
        return Key(secret)
    finally:
        draft.unlink(missing_ok=True)
    return Key(secret)


def content_digest(key: Key) -> "hashlib.blake2b":
    """A keyed hash object for file content: equal content has equal digests, under this home's key only."""
    return hashlib.blake2b(key=key.derive("content"), digest_size=16)
