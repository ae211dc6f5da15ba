"""An Office file locked with a password goes in; passwords are tried, and what the one that fits opens comes out."""

import io
import re
from collections.abc import Iterator
from typing import IO

import msoffcrypto
from msoffcrypto.exceptions import InvalidKeyError

from scanner.formats import formats, load_format
from scanner.limits import Budget
from scanner.model import About, Part, Reason, Skip
from scanner.sniff import media_type

TYPE = "application/x-ole-encrypted"
# Office itself locks with these when only changes are forbidden: everybody may read such a file.
_NO_SECRETS = ("VelvetSweatshop", "/01Hannes Ruescher/01")
# Rounds of hashing that a new file asks for at each try: Office writes 100,000 (a tenth of a second).
_MOST_ROUNDS = 2_000_000
_ROUNDS = re.compile(rb'spinCount="(\d{1,10})"')


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Open a locked DOCX, XLSX or PPTX and read it as what it is; raises Skip(encrypted) when no password fits."""
    plain, line = unlocked(stream, budget)
    if line is not None:
        yield About(password_line=line)
    kind = media_type(plain.read(64 * 1024), "", plain)
    plain.seek(0)
    row = formats().get(kind)
    if row is None or kind == TYPE:
        raise Skip(Reason.UNSUPPORTED, f"opened with its password, but it is {kind}")
    yield from load_format(row)(plain, budget)


def unlocked(stream: IO[bytes], budget: Budget) -> tuple[IO[bytes], int | None]:
    """A readable copy of a locked Office file, old or new, and the line of the password that fitted (None: no secret).

    Raises Skip(encrypted) when none fits or when this way of locking is not known.
    """
    stream.seek(0)
    data = stream.read()
    if any(int(found[1]) > _MOST_ROUNDS for found in _ROUNDS.finditer(data)):
        raise Skip(Reason.ENCRYPTED, "locked with a password, and trying one would take minutes")
    for password in _NO_SECRETS:
        if (plain := _opened(data, password)) is not None:
            return _charged(plain, budget), None
    for line, password in budget.tries():
        if (plain := _opened(data, password)) is not None:
            budget.fits(line)
            return _charged(plain, budget), line
    raise Skip(Reason.ENCRYPTED, budget.password_advice)


def _charged(plain: io.BytesIO, budget: Budget) -> io.BytesIO:
    budget.charge_bytes(plain.seek(0, io.SEEK_END))
    plain.seek(0)
    return plain


def _opened(data: bytes, password: str) -> io.BytesIO | None:
    """The file opened with this password, None if it is the wrong one."""
    out = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))  # keeps and closes what it is given
        if file.format == "ooxml":
            file.load_key(password=password, verify_password=True)
        else:
            file.load_key(password=password)
        file.decrypt(out)
    except InvalidKeyError:
        return None
    except MemoryError:
        raise
    except Exception as error:  # damaged headers make it raise anything
        raise Skip(Reason.ENCRYPTED, f"locked in a way that is not known here ({type(error).__name__})") from error
    return out
