"""A file that is about to be erased goes in, an encrypted copy in the home comes out, and back again.

After forget() nothing of it is left: the erasure is final.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from reports.parquet import PrivateFile
from scanner.home import QUARANTINE_FOLDER, HomeError, Key

_BLOCK = 1 << 20
_BACKUP = "Take the file from a backup of your own."


def folder_of(home: Path, seal: str) -> Path:
    """Where the copies of one plan lie."""
    return home / QUARANTINE_FOLDER / seal[:32]


def keep(home: Path, key: Key, seal: str, number: int, file: Path) -> None:
    """Encrypt a copy of the file (AES-256-GCM, block by block, each bound to its place), durably."""
    folder = folder_of(home, seal)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = file.stat()
    cipher = AESGCM(key.derive(f"quarantine {seal} {number}"))
    with file.open("rb") as source, PrivateFile(folder / f"{number}.sealed") as target:
        blocks = iter(lambda: source.read(_BLOCK), b"")
        for place, block in enumerate(blocks):
            nonce = os.urandom(12)
            sealed = cipher.encrypt(nonce, block, str(place).encode())
            target.file.write(len(sealed).to_bytes(4, "big") + nonce + sealed)
        target.commit()
    facts = {"mode": status.st_mode & 0o7777, "modified_ns": status.st_mtime_ns, "size": status.st_size}
    with PrivateFile(folder / f"{number}.json") as target:
        target.file.write(json.dumps(facts).encode())
        target.commit()


def bring_back(home: Path, key: Key, seal: str, number: int, file: Path) -> None:
    """Write the copy to `file` as it was: bytes, permissions and time of change.

    Raises:
        HomeError: there is no copy any more, or it is not what was put there.
    """
    folder = folder_of(home, seal)
    cipher = AESGCM(key.derive(f"quarantine {seal} {number}"))
    draft = file.with_name(f".{file.name}.whosedata-back")
    try:
        facts = json.loads((folder / f"{number}.json").read_text("ascii"))
        with (folder / f"{number}.sealed").open("rb") as source, draft.open("xb") as target:
            for place, (nonce, sealed) in enumerate(_blocks(source)):
                target.write(cipher.decrypt(nonce, sealed, str(place).encode()))
            target.flush()
            os.fsync(target.fileno())
            if target.tell() != facts["size"]:
                raise HomeError(f"The copy of {file} in quarantine is cut off. {_BACKUP}")
        draft.chmod(facts["mode"])
        os.utime(draft, ns=(facts["modified_ns"], facts["modified_ns"]))
        draft.replace(file)
    except FileNotFoundError as error:
        raise HomeError(f"There is no copy of {file} in quarantine any more. {_BACKUP}") from error
    except InvalidTag as error:
        raise HomeError(f"The copy of {file} in quarantine was changed. {_BACKUP}") from error
    finally:
        draft.unlink(missing_ok=True)


def forget(home: Path, seal: str) -> int:
    """Take the copies of one plan away for good; how many there were. What is noted of the steps stays."""
    copies = list(folder_of(home, seal).glob("*.sealed"))
    for copy in copies:
        drop(home, seal, int(copy.stem))
    return len(copies)


def drop(home: Path, seal: str, number: int) -> None:
    """Take one copy away."""
    for suffix in ("sealed", "json"):
        (folder_of(home, seal) / f"{number}.{suffix}").unlink(missing_ok=True)


def _blocks(source: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    while length := source.read(4):
        yield source.read(12), source.read(int.from_bytes(length, "big"))
