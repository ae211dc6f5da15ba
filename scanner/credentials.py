"""A credentials file and the environment go in, the secrets of each place come out: they go to who connects, only."""

import stat
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from scanner.addresses import base_of, is_address, scheme_of
from scanner.plan import PlanError, Root

Secrets: TypeAlias = Mapping[str, str]

KEYS = (
    "user", "password", "key_file", "passphrase", "known_hosts", "ca_file", "access_key", "secret_key",
    "session_token", "endpoint", "region", "account_name", "account_key", "sas_token", "connection_string",
)  # fmt: skip
MOST_BYTES = 1024 * 1024
# Where the password of a place stands in the environment, the first that is set.
_OF_ONE_KIND = {"postgresql": ("PGPASSWORD",), "mysql": ("MYSQL_PWD",), "mariadb": ("MYSQL_PWD",)}
_OTHER_PLACES = frozenset(("imap", "imaps", "sftp", "smb"))
# These find their own in the environment, by their own names (AWS_ACCESS_KEY_ID, AZURE_STORAGE_ACCOUNT_KEY …).
_OWN_WAYS = frozenset(("s3", "abfs", "abfss", "az"))


@dataclass(frozen=True, slots=True)
class Credentials:
    """Secrets by the address of a root, which are none of the Plan and never printed."""

    pairs: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = field(default=(), repr=False)

    def of(self, address: str) -> Secrets:
        """What is known for this root; empty when nothing is."""
        return dict(dict(self.pairs).get(address, ()))


NO_CREDENTIALS = Credentials()


def gather(roots: Sequence[Root], file: Path | None, environment: Mapping[str, str]) -> Credentials:
    """The secrets of all places that need any: those of the file first, then those of the environment.

    Raises:
        PlanError: the file cannot be read or understood.
    """
    table = _read(file) if file else {}
    pairs = []
    for root in roots:
        if is_address(root.path):
            found = dict(_longest(table, root.path))
            if "password" not in found and (password := _password(root.path, environment)):
                found["password"] = password
            pairs.append((root.path, tuple(sorted(found.items()))))
    return Credentials(tuple(pairs))


def _password(address: str, environment: Mapping[str, str]) -> str:
    scheme = scheme_of(address)
    if scheme in _OWN_WAYS:
        return ""
    if scheme in _OTHER_PLACES:
        return environment.get("WHOSEDATA_PASSWORD", "")
    names = ("WHOSEDATA_DB_PASSWORD", *_OF_ONE_KIND.get(base_of(scheme), ()))
    return next((environment[name] for name in names if environment.get(name)), "")


def _longest(table: Mapping[str, Secrets], address: str) -> Secrets:
    """The entry for the longest beginning of an address, cut where a step ends."""
    fitting = [
        start for start in table if address == start or address.startswith((f"{start.rstrip('/')}/", f"{start}?"))
    ]
    return table[max(fitting, key=len)] if fitting else {}


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
            raise PlanError(f"The credentials file {path} is no plain file of at most 1 MB.")
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise PlanError(f"The credentials file {path} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # No cause: it would quote what stands there.
        raise PlanError(
            f"The credentials file {path} is not valid TOML. Write for each place its address in quotes and brackets, "
            'then its secrets: ["postgresql://ann@host/crm"] and below it password = "…".'
        ) from None
    for start, values in table.items():
        if not isinstance(values, dict) or not is_address(start):
            raise PlanError(
                f'The credentials file {path}: write each place as ["sftp://ann@host"], and its keys below.'
            )
        if unknown := sorted(set(values) - set(KEYS)):
            raise PlanError(f"{path}: unknown key {unknown[0]}; known are: {', '.join(KEYS)}.")
        if not all(isinstance(value, str) for value in values.values()):
            raise PlanError(f"{path}: every value must stand in quotes.")
    return table
