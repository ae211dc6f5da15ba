"""The entries [[portable]] of whosedata.toml go in, which columns people provided themselves comes out, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from scanner.config import unknown
from scanner.plan import PlanError

INCLUDE, EXCLUDE = "include", "exclude"
BASES = ("consent", "contract")
# What was seen while the person used a service counts as provided; what staff wrote or a program worked out does not.
PROVIDERS = ("subject", "use")


@dataclass(frozen=True, slots=True)
class Portable:
    """An entry [[portable]] of whosedata.toml: which columns of which items (a pattern) the person provided."""

    item: str
    basis: str
    columns: tuple[str, ...] = ()
    provided_by: str = "subject"


def read_portable(configured: Mapping[str, Any]) -> tuple[Portable, ...]:
    """The entries [[portable]] of whosedata.toml.

    Raises:
        PlanError: one is not understood.
    """
    known = [field.name for field in fields(Portable)]
    made = []
    entries = configured.get("portable", ())
    if not isinstance(entries, list | tuple) or not all(isinstance(one, dict) for one in entries):
        raise PlanError('Write each as [[portable]] with item = "…" and basis = "…".')
    for entry in entries:
        if wrong := unknown("key {} in [[portable]]", entry, known):
            raise PlanError(wrong)
        columns = entry.get("columns", [])
        if not isinstance(columns, list) or not all(isinstance(one, str) for one in columns):
            raise PlanError('columns in [[portable]] must be a list of words, such as columns = ["Name", "E-mail"].')
        if not {"item", "basis"} <= set(entry):
            raise PlanError('[[portable]] needs item and basis, such as item = "members/*.csv" and basis = "contract".')
        one = Portable(**{**entry, "columns": tuple(entry.get("columns", ()))})
        require_choice(INCLUDE, one.basis, one.provided_by, f"[[portable]] {one.item}")
        made.append(one)
    return tuple(made)


def require_choice(decision: str, basis: str, provided_by: str, where: str) -> None:
    """Raises PlanError for what is no decision, or lets something go out without its basis and who provided it."""
    if decision not in (INCLUDE, EXCLUDE):
        said = f"“{decision}” is no decision" if decision else "nothing is decided"
        raise PlanError(f"{where}: {said}. Write {INCLUDE} or {EXCLUDE}.")
    if decision == INCLUDE and (basis not in BASES or provided_by not in PROVIDERS):
        raise PlanError(
            f"{where}: what goes out needs its basis ({' or '.join(BASES)}) and who provided it "
            f"({' or '.join(PROVIDERS)}; use: seen in their use of the service). Else exclude it: it is not portable."
        )
