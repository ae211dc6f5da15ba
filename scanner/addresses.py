"""An address as a person types it (postgresql://ann@host/crm) goes in, word whether it may be used comes out.

Everybody on a computer can read the words of a running command, and the shell keeps them: a password in an address is
refused. So no root, locator, journal or report can hold one.
"""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_BEGINNING = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_SECRET = re.compile(r"pass(?!file)|pwd|secret|token|credential|account_?key|^key$|^sig$", re.IGNORECASE)
# These would let an address do more than say where to read.
_FORBIDDEN = frozenset(("init_command", "local_infile", "options", "read_default_file", "service"))
_FILE_BASES = frozenset(("sqlite",))
# Without a name of a server, bucket or container these lead nowhere; a database may have one by default.
_HOSTED = frozenset(("s3", "sftp", "smb", "abfs", "abfss", "az", "imap", "imaps"))
_BUCKET = re.compile(r"[A-Za-z0-9._-]{1,255}", re.ASCII)  # as wide as the library that asks for it takes them


class AddressError(ValueError):
    """The address cannot be used; the message says what to do, and repeats no password."""


def is_address(path: str) -> bool:
    """Whether this is the address of a database, mailbox or store, and no folder or file of this computer."""
    return _BEGINNING.match(path) is not None


def scheme_of(address: str) -> str:
    """What stands before ://, in small letters: `postgresql`, `mssql+pyodbc`, `imaps`; "" for a path."""
    found = _BEGINNING.match(address)
    return found[1].lower() if found else ""


def split_address(address: str) -> SplitResult:
    """The parts of an address; raises AddressError when there are none."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        # No cause: the exception repeats the address, and there may be a password in it.
        raise AddressError(f"An address that begins with {scheme_of(address)}:// cannot be understood.") from None
    return parts


def checked(address: str) -> str:
    """The address as it may be stored: without a password, a file of a database by its whole path.

    Raises:
        AddressError: there is a password in it, no server, or a setting that could do more than read.
    """
    parts = split_address(address)
    user, sign, host = parts.netloc.rpartition("@")
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    if (sign and ":" in user) or any(map(_SECRET.search, names)):
        raise AddressError(
            f"The address {parts.scheme}://…{host} holds a password. Everybody on this computer can read it there, "
            "and the shell keeps it: change it. Then put it into a file for --credentials, or into the environment "
            "(WHOSEDATA_DB_PASSWORD, PGPASSWORD or MYSQL_PWD for a database, WHOSEDATA_PASSWORD for the rest), "
            "and leave it out here."
        )
    if "@" in parts.path and (parts.scheme.startswith("imap") or not sign):
        raise AddressError(
            f"An address that begins with {parts.scheme}:// has an @ behind a /. If it stands in a password, leave the "
            "password out; otherwise write it as %40."
        )
    if base_of(parts.scheme) in _HOSTED and not host:
        raise AddressError(
            f"The address {parts.scheme}://{parts.path} names no server or bucket. Write it right behind ://, such as "
            f"{parts.scheme}://NAME/folder."
        )
    _require_possible(parts)
    if wrong := _FORBIDDEN.intersection(names):
        raise AddressError(f"{parts.scheme}://…{host}: leave out {min(wrong)}, which is not needed for reading.")
    if base_of(parts.scheme) in _FILE_BASES:
        return f"{parts.scheme}:///{Path(parts.path.removeprefix('/')).absolute().as_posix()}"
    return address


def _require_possible(parts: SplitResult) -> None:
    """Raises AddressError for a name that no server need be asked for: a bucket's, or none of a file."""
    base, bucket = base_of(parts.scheme), parts.netloc.partition("@")[0]
    if base == "s3" and not _BUCKET.fullmatch(bucket):
        raise AddressError(
            f"“{bucket}” in an address that begins with s3:// cannot be the name of a bucket: it may hold letters, "
            "digits, dots, hyphens and underscores only. Write the bucket's name right behind s3://, then the folder, "
            "such as s3://my-bucket/folder."
        )
    if base in _FILE_BASES and (parts.netloc or not parts.path.removeprefix("/")):
        raise AddressError(
            f"The address {parts.scheme}://{parts.netloc} names no file. Write its path behind three slashes, such as "
            f"{parts.scheme}:///crm.sqlite for a file in this folder or {parts.scheme}:////srv/crm.sqlite."
        )


def base_of(scheme: str) -> str:
    """`postgresql` of `postgresql+psycopg`."""
    return scheme.partition("+")[0]


def label_for(address: str) -> str:
    """What a report calls such a place: the last step of its path, else its bucket or host; never a user."""
    parts = split_address(address)
    name = PurePosixPath(unquote(parts.path)).name
    host = parts.netloc.rpartition("@")[2].rpartition(":")[0] or parts.netloc.rpartition("@")[2]
    if base_of(parts.scheme).startswith("abfs"):
        host = parts.netloc.partition("@")[0]
    if parts.scheme.startswith("imap"):
        return host or parts.scheme
    return name or host or parts.scheme
