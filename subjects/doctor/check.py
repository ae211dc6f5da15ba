"""What was looked at goes in, each with a state, words and what to do; lines, rows and an exit code come out."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from reports.safe import printable
from subjects.exits import COMPLETE, FAILED, INCOMPLETE


class State(StrEnum):
    """How it stands. `optional`: not installed, and nobody needs it who does not ask for it."""

    GOOD = "good"
    OPTIONAL = "optional"
    UNKNOWN = "not known"  # this system does not tell
    LIMITED = "limited"  # scans run, but something is not read, or not safe
    BROKEN = "broken"  # scans cannot run, or must not be trusted


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `says` is what is so, `do` what to do about it ("" = nothing); never a secret."""

    name: str
    state: State
    says: str
    do: str = ""


def exit_code(checks: Sequence[Check]) -> int:
    """0 when all is good but for optional parts, 3 when something is limited, 4 when something is broken."""
    states = {check.state for check in checks}
    return FAILED if State.BROKEN in states else INCOMPLETE if State.LIMITED in states else COMPLETE


def as_lines(checks: Sequence[Check]) -> Iterator[str]:
    """The checks for a terminal, in their order, then one sentence for all."""
    width = max((len(check.name) for check in checks), default=0)
    for check in checks:
        yield printable(f"{check.name:<{width}}  {check.state.value:<9}  {check.says}")
        if check.do:
            yield printable(f"{'':<{width}}  {'to do:':>9}  {check.do}")
    yield _verdict(checks)


def as_rows(checks: Sequence[Check]) -> list[dict[str, str]]:
    """The checks for machines: name, state, says, do."""
    return [{**asdict(check), "state": check.state.value} for check in checks]


def _verdict(checks: Sequence[Check]) -> str:
    broken, limited = (sum(check.state is state for check in checks) for state in (State.BROKEN, State.LIMITED))
    if broken:
        return f"{broken} broken, {limited} limited: put right what is broken before you trust a scan."
    if limited:
        return f"{limited} limited: scans run, with the limits named above."
    return "This installation can do all that it is made for; optional parts are listed with what they would add."
