"""A locked OpenDocument file goes in; passwords are tried, and a readable copy and the line that fitted come out."""

import base64
import binascii
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, TypeAlias

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from scanner.formats.office.ooxml import BROKEN, Handler, Package, local
from scanner.limits import MB, Budget
from scanner.model import Reason, Skip

_MOST_ROUNDS = 2_000_000
_MOST_MEMORY = 256 * 1024  # KB that one try may take
_MOST_MEMBERS = 1_000
_WHOLE = "encrypted-package"

Key: TypeAlias = Callable[[bytes], bytes]


@dataclass(slots=True)
class Member:
    """How one member is locked, as the manifest has it ([ODF 1.4] part 2, 4.8)."""

    size: int = 0
    settings: dict[str, str] = field(default_factory=dict)

    def named(self, key: str) -> str:
        """The end of the name of an algorithm, lower case: `...#aes256-cbc` or `Blowfish CFB`."""
        return self.settings.get(key, "").rpartition("#")[2].rpartition(":")[2].lower()

    def number(self, key: str, usual: int) -> int:
        """A whole number of its settings."""
        text = self.settings.get(key, "")
        return int(text) if text.isdecimal() and len(text) < 10 else usual

    def raw(self, key: str) -> bytes:
        """Bytes that are written in base64; raises ValueError."""
        return base64.b64decode(self.settings.get(key, ""), validate=False)


class Manifest(Handler):
    """Which members are locked, and how."""

    def __init__(self) -> None:
        super().__init__()
        self.locked: dict[str, Member] = {}
        self._path = ""
        self._size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        own = local(name)
        plain = {local(key): value for key, value in attributes.items()}
        if own == "file-entry":
            self._path = plain.get("full-path", "")
            size = plain.get("size", "")
            self._size = int(size) if size.isdecimal() and len(size) < 12 else 0
        elif own == "encryption-data":
            self.locked[self._path] = Member(self._size, plain)
        elif own in {"algorithm", "key-derivation", "start-key-generation"} and self._path in self.locked:
            self.locked[self._path].settings |= {f"{own} {key}": value for key, value in plain.items()}


def unlocked(package: Package, manifest: Manifest, budget: Budget) -> tuple[IO[bytes], int, list[str]]:
    """The document opened by one of the passwords, the line of that, and members that it does not open.

    Raises Skip(encrypted) when none fits.
    """
    locked = {name: how for name, how in manifest.locked.items() if name in package.names}
    probe = min(locked, key=lambda name: locked[name].size or MB, default="")
    if not probe or len(locked) > _MOST_MEMBERS:
        raise Skip(Reason.ENCRYPTED, "locked with a password in a way that is not known here")
    for line, password in budget.tries():
        if _opened(package, probe, locked[probe], password, budget) is None:
            continue
        budget.fits(line)
        members = {name: _opened(package, name, how, password, budget) for name, how in locked.items()}
        if (whole := members.get(_WHOLE)) is not None:
            return io.BytesIO(whole), line, []
        return _again(package, members), line, [name for name, data in members.items() if data is None]
    raise Skip(Reason.ENCRYPTED, budget.password_advice)


def _again(package: Package, members: dict[str, bytes | None]) -> IO[bytes]:
    """The package once more, without locks; the list of its members says nothing that is needed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in package.names:
            if name == "META-INF/manifest.xml":
                continue
            data = members[name] if name in members else b"".join(package.chunks(name))
            if data is not None:
                archive.writestr(zipfile.ZipInfo(name), data)
    out.seek(0)
    return out


def _opened(package: Package, name: str, how: Member, password: str, budget: Budget) -> bytes | None:
    """The content of one member, None when the password does not open it."""
    try:
        secret = b"".join(package.chunks(name))
        packed = _decrypted(secret, how, _key(how, password))
        if packed.startswith(b"PK\x03\x04"):
            budget.charge_bytes(len(packed))
            return packed  # a whole package, in which the members are packed already
        unpacker = zlib.decompressobj(-15)
        content = unpacker.decompress(packed, budget.limits.max_extracted)
        whole = packed[: len(packed) - len(unpacker.unused_data)]  # without what fills up the last block
        if not _fits(how, whole) and not _fits(how, packed):
            return None
    except (InvalidTag, UnsupportedAlgorithm, binascii.Error, *BROKEN):
        return None
    budget.charge_bytes(len(content))
    return content


def _fits(how: Member, packed: bytes) -> bool:
    """Whether the checksum of the beginning is right; programs differ in whether they count the filling."""
    told, kind = how.raw("checksum"), how.named("checksum-type")
    if not told or not kind.endswith("1k"):
        return True
    return hashlib.new("sha256" if "256" in kind else "sha1", packed[:1024], usedforsecurity=False).digest() == told


def _key(how: Member, password: str) -> bytes:
    start = how.settings.get("start-key-generation start-key-generation-name", "")
    kind = "sha256" if "256" in start else "sha1"
    first = hashlib.new(kind, password.encode("utf-8"), usedforsecurity=False).digest()
    salt = how.raw("key-derivation salt")
    size = min(how.number("key-derivation key-size", 16), 64)
    if "argon2id" in how.named("key-derivation key-derivation-name"):
        memory = how.number("key-derivation argon2-memory", 65536)
        rounds = how.number("key-derivation argon2-iterations", 3)
        if memory > _MOST_MEMORY or rounds > 20:
            raise Skip(Reason.ENCRYPTED, "locked with a password, and trying one would take too much")
        lanes = how.number("key-derivation argon2-lanes", 4)
        return Argon2id(salt=salt, length=size, iterations=rounds, lanes=lanes, memory_cost=memory).derive(first)
    rounds = how.number("key-derivation iteration-count", 1024)
    if rounds > _MOST_ROUNDS:
        raise Skip(Reason.ENCRYPTED, "locked with a password, and trying one would take minutes")
    return hashlib.pbkdf2_hmac("sha1", first, salt, rounds, size)


def _decrypted(secret: bytes, how: Member, key: bytes) -> bytes:
    """Still packed. Raises ValueError for an algorithm that is not known, and for a wrong key where that is told."""
    kind = how.named("algorithm algorithm-name")
    start = how.raw("algorithm initialisation-vector")
    if kind.endswith("gcm"):
        before = not start or secret.startswith(start)  # as XML Encryption has it: in front of what it belongs to
        return AESGCM(key).decrypt(secret[:12] if before else start, secret[12:] if before else secret, None)
    if kind.endswith("cbc"):
        reader = Cipher(AES(key), CBC(start)).decryptor()
    elif kind.startswith("blowfish"):
        reader = Cipher(Blowfish(key), CFB(start)).decryptor()
    else:
        raise ValueError(kind)
    return reader.update(secret) + reader.finalize()
