"""A password file in, the passwords to try out, each with its line number: they go to readers, and nowhere else."""

import hmac
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from scanner.home import Key
from scanner.plan import PlanError

MOST_BYTES = 1024 * 1024
MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Passwords:
    """(line number from 1, password) pairs in the order of the file, which is none of the Plan and never printed."""

    pairs: tuple[tuple[int, str], ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.pairs)

    def fingerprint(self, key: Key) -> str:
        """Tells whether two scans tried the same passwords, to nobody but the holder of the key; "" without any."""
        if not self.pairs:
            return ""
        text = "\n".join(f"{line} {password}" for line, password in self.pairs)
        return hmac.digest(key.derive("passwords"), text.encode("utf-8", "surrogatepass"), "sha256").hex()


NO_PASSWORDS = Passwords()


def read_passwords(path: Path) -> Passwords:
    """One password a line, UTF-8, as it stands there, blanks included; empty lines count but are no passwords.

    Raises:
        PlanError: the file cannot be read, or it is no list of passwords.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
            raise PlanError(f"The password file {path} is no plain file of at most 1 MB.")
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise PlanError(f"The password file {path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        # No cause: the exception holds what it could not decode.
        at = error.object.count(b"\n", 0, error.start) + 1
        raise PlanError(f"Line {at} of the password file {path} is not UTF-8. Save it as UTF-8.") from None
    if len(lines) > MOST_LINES:
        raise PlanError(f"The password file {path} has more than {MOST_LINES:,} lines. Keep those that may fit.")
    found = ((number, line.removesuffix("\r")) for number, line in enumerate(lines, 1))
    return Passwords(tuple((number, password) for number, password in found if password.strip()))


def readable_by_others(path: Path) -> bool:
    """Whether everybody on this computer can read a file of secrets, where the system tells."""
    return os.name == "posix" and bool(path.stat().st_mode & stat.S_IROTH)
