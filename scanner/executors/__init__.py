"""The table of executors: name -> "module:run"; ways to run a job over batches, each giving the same messages."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import TypeAlias, cast

from scanner.batches import Batch
from scanner.credentials import NO_CREDENTIALS, Credentials
from scanner.home import Key
from scanner.messages import Message
from scanner.passwords import NO_PASSWORDS, Passwords
from scanner.plan import Plan, PlanError

EXECUTORS: dict[str, str] = {
    "serial": "scanner.executors.serial:run",
    "processes": "scanner.executors.processes:run",
    "dask": "scanner.executors.dask:run",
    "dask+tls": "scanner.executors.dask:run",
}


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs before its first item. The key and all secrets travel here, never in an item."""

    plan: Plan
    key: Key
    workers: int = 1
    passwords: Passwords = field(default=NO_PASSWORDS, repr=False)
    credentials: Credentials = field(default=NO_CREDENTIALS, repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """A message about item number `top` of the batch with this signature."""

    signature: str
    top: int
    message: Message


@dataclass(frozen=True, slots=True)
class BatchDone:
    """All items of a batch have their outcome."""

    signature: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A worker is ready, and could give up this much of what a parser might do harm with (scanner/sandbox)."""

    sandbox: str


Event: TypeAlias = Told | BatchDone | Entered
Execute: TypeAlias = Callable[[Job, Iterable[Batch]], Iterator[Event]]


def load_executor(name: str) -> Execute:
    """Import an executor by its name in the table, which the address of a cluster may follow: `dask://host:8786`.

    Raises:
        PlanError: there is none of this name, it takes no address, or the extra that it needs is not installed.
    """
    scheme, sign, host = name.partition("://")
    if scheme not in EXECUTORS or (sign and not (host and scheme.startswith("dask"))) or (not sign and "+" in scheme):
        raise PlanError(f"--engine {name} is not known: use processes, serial, dask or dask://SCHEDULER:8786.")
    module, _, attribute = EXECUTORS[scheme].partition(":")
    try:
        execute = cast("Callable[..., Iterator[Event]]", getattr(import_module(module), attribute))
    except ModuleNotFoundError as error:
        raise PlanError(f"--engine {name} needs more than is installed: pip install 'whosedata[cluster]'") from error
    return partial(execute, address=name) if sign else execute
