"""Files and the public keys of those who may read them go in, files encrypted with age come out; and back again."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

import pyrage

from reports.parquet import PrivateFile, ReportError

SUFFIX = ".age"
_MARK = b"age-encryption.org/"
_KEY_FILE = "Name the file of the secret key that whosedata new-identity, age-keygen or ssh-keygen made."
_HOW = "A public key begins with age1 or ssh-; whosedata new-identity FILE makes a pair."


def sealed_path(file: Path) -> Path:
    """`report.parquet` -> `report.parquet.age`."""
    return file.with_name(file.name + SUFFIX)


def read_recipients(keys: Iterable[str]) -> list["pyrage.x25519.Recipient | pyrage.ssh.Recipient"]:
    """Public keys as typed.

    Raises:
        ReportError: one of them is none.
    """
    found = []
    for key in keys:
        kind = pyrage.ssh.Recipient if key.startswith("ssh-") else pyrage.x25519.Recipient
        try:
            found.append(kind.from_str(key.strip()))
        except pyrage.RecipientError as error:
            secret = key.upper().startswith("AGE-SECRET-KEY")
            said = "a secret key, which stays with its owner" if secret else "no public key"
            raise ReportError(f"--encrypt-to was given {said}. {_HOW}") from error
    return found


def seal(files: Sequence[tuple[Path, Path]], keys: Sequence[str]) -> None:
    """Encrypt each first file into its second one; they appear together, when all are complete, the last one last."""
    recipients = read_recipients(keys)
    with ExitStack() as stack:
        drafts = [stack.enter_context(PrivateFile(target)) for _, target in files]
        for (source, _), draft in zip(files, drafts, strict=True):
            with source.open("rb") as clear:
                pyrage.encrypt_io(clear, draft.file, recipients)
        for draft in drafts:
            draft.commit()


def is_sealed(file: Path) -> bool:
    """Whether a file is one of age's."""
    with file.open("rb") as head:
        return head.read(len(_MARK)) == _MARK


def unseal(file: Path, target: Path, identity: Path) -> None:
    """Decrypt one file with the secret keys in another.

    Raises:
        ReportError: it is not encrypted, or for somebody else, or damaged; nothing is written then.
    """
    if not file.is_file() or not is_sealed(file):
        raise ReportError(f"{file} is not encrypted with age. Name a file of a report whose name ends in {SUFFIX}.")
    with PrivateFile(target) as draft, file.open("rb") as source:
        try:
            pyrage.decrypt_io(source, draft.file, read_identity(identity))
        except (pyrage.DecryptError, OSError) as error:
            if getattr(error, "errno", None):  # of the disk, not of the file
                raise
            raise ReportError(
                f"{file} cannot be decrypted with {identity}: it was encrypted for another key, or is damaged."
            ) from error
        draft.commit()


def read_identity(file: Path) -> list["pyrage.x25519.Identity | pyrage.ssh.Identity"]:
    """The secret keys in a file, as age-keygen, ssh-keygen and new_identity() write it.

    Raises:
        ReportError: it cannot be read, or holds none.
    """
    try:
        text = file.read_text("utf-8")
        lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        if text.startswith("-----BEGIN"):
            return [pyrage.ssh.Identity.from_buffer(text.encode())]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines]
    except OSError as error:
        raise ReportError(f"The key file {file} cannot be read ({error.strerror}). {_KEY_FILE}") from error
    except (pyrage.IdentityError, UnicodeDecodeError) as error:
        raise ReportError(f"{file} is no key file of age. {_KEY_FILE}") from error
    if not found:
        raise ReportError(f"{file} holds no secret key. {_KEY_FILE}")
    return found


def new_identity(file: Path) -> str:
    """Make a pair of keys: the secret one goes into a new file, the public one is given.

    Raises:
        ReportError: the file is there already.
    """
    if file.exists():
        raise ReportError(
            f"{file} exists. If a key is in it, nobody could read its reports any more: choose another name."
        )
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    with PrivateFile(file) as draft:
        draft.file.write(f"# public key: {public}\n{identity}\n".encode())
        draft.commit()
    return public
