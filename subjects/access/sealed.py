"""A pack and a passphrase go in, one encrypted ZIP comes out (AES-256 as WinZip has it, which common programs open)."""

from pathlib import Path

import pyzipper

from reports.parquet import PrivateFile
from scanner.plan import PlanError

SHORTEST = 12


def seal(folder: Path, out: Path, passphrase: str) -> None:
    """Write `out`; the names of files inside are not hidden by this format, and say nothing.

    Raises:
        PlanError: the passphrase is too short to protect anything.
    """
    if len(passphrase) < SHORTEST:
        raise PlanError(f"The passphrase is too short: take {SHORTEST} characters or more, such as four words.")
    with PrivateFile(out) as file:
        with pyzipper.AESZipFile(
            file.file, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
        ) as archive:
            archive.setpassword(passphrase.encode())
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder).as_posix())
        file.commit()
