"""A record of processing activities (ropa.yaml, UK GDPR Article 30) goes in, its rows and what they cover come out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from reports.audit.globs import covered
from reports.audit.policy import Period, PolicyError, Rule, Trigger, parse_period
from reports.audit.result import RopaGap
from reports.audit.tables import Held, Items
from reports.audit.words import CATEGORIES

_KEYS = frozenset({"path", "activity", "basis", "retention", "after", "owner", "recipients", "categories"})
_RECIPIENT = frozenset({"name", "country", "safeguard"})
_BASES = frozenset(
    {"consent", "contract", "legal obligation", "vital interests", "public task", "legitimate interests"}
)
# The EEA and what UK adequacy regulations name; the USA only through the UK-US data bridge (12 October 2023).
ADEQUATE = frozenset({
    "GB", "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU",
    "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO", "AD", "AR", "CA", "CH", "FO", "GG", "GI",
    "IL", "IM", "JE", "JP", "KR", "NZ", "UY",
})  # fmt: skip
_VOID = ("privacy shield", "safe harbor", "safe harbour")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is given data. `country` is of two letters; `safeguard` is what a transfer rests on, "" for nothing."""

    name: str
    country: str = "GB"
    safeguard: str = ""

    @property
    def unsafe(self) -> bool:
        """Whether it is a transfer that nothing valid stands under."""
        void = any(word in self.safeguard.casefold() for word in _VOID)
        return self.country not in ADEQUATE and (void or not self.safeguard.strip())


@dataclass(frozen=True, slots=True)
class Activity:
    """One row: what is done with the data below a path, and who answers for it. No categories: none are declared."""

    path: str
    activity: str = ""
    basis: str = ""
    owner: str = ""
    keep: Period | None = None
    after: Trigger = Trigger.RELATIONSHIP_END
    recipients: tuple[Recipient, ...] = ()
    categories: tuple[str, ...] = ()


def read_ropa(path: Path) -> tuple[Activity, ...]:
    """The rows of ropa.yaml.

    Raises:
        PolicyError: it cannot be read, or a row holds what is not known.
    """
    try:
        table = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no YAML in UTF-8"
        raise PolicyError(f"{path} cannot be read ({why})") from error
    rows = table.get("activities") if isinstance(table, dict) else None
    if not isinstance(rows, list):
        raise PolicyError(f"{path} needs a list called activities; `whosedata audit REPORT --draft-ropa` writes one")
    return tuple(_activity(row) for row in rows)


def _activity(row: object) -> Activity:
    if not isinstance(row, Mapping) or not row.get("path"):
        raise PolicyError("each activity of ropa.yaml needs a path, such as share/HR/**")
    if unknown := sorted(set(row) - _KEYS):
        raise PolicyError(f"unknown key {unknown[0]} in ropa.yaml; known are: {', '.join(sorted(_KEYS))}")
    categories = tuple(row.get("categories") or ())
    if strange := sorted(set(categories) - CATEGORIES.keys()):
        raise PolicyError(f"unknown category {strange[0]} in ropa.yaml; known are: {', '.join(CATEGORIES)}")
    basis = str(row.get("basis") or "")
    if basis and basis.casefold() not in _BASES:
        raise PolicyError(
            f"“{basis}” in ropa.yaml is no lawful basis of Article 6; known are: {', '.join(sorted(_BASES))}"
        )
    keep = row.get("retention")
    return Activity(
        path=str(row["path"]),
        activity=str(row.get("activity") or ""),
        basis=basis,
        owner=str(row.get("owner") or ""),
        keep=parse_period(keep) if keep else None,
        after=_trigger(row.get("after") or Trigger.RELATIONSHIP_END),
        recipients=tuple(_recipient(one) for one in row.get("recipients") or ()),
        categories=categories,
    )


def _trigger(text: object) -> Trigger:
    try:
        return Trigger(str(text))
    except ValueError:
        raise PolicyError(f"after: {text} in ropa.yaml is not known: use {', '.join(Trigger)}") from None


def _recipient(one: object) -> Recipient:
    if isinstance(one, str):
        return Recipient(one)
    if not isinstance(one, Mapping) or "name" not in one or set(one) - _RECIPIENT:
        raise PolicyError("a recipient of ropa.yaml is a name, or has name, country and safeguard")
    return Recipient(str(one["name"]), str(one.get("country") or "GB").upper(), str(one.get("safeguard") or ""))


def retention_rules(activities: tuple[Activity, ...]) -> tuple[Rule, ...]:
    """The rules that rows give for their paths."""
    return tuple(Rule(one.activity or one.path, one.keep, one.after, one.path) for one in activities if one.keep)


def assign(items: Items, activities: tuple[Activity, ...]) -> np.ndarray:
    """For each item the number of the first row that covers it, -1 where none does."""
    number = np.full(len(items), -1, np.int32)
    for at in range(len(activities) - 1, -1, -1):
        number[covered(items.paths, activities[at].path)] = at
    return number


def gaps(held: Held, activities: tuple[Activity, ...], row_of: np.ndarray, left: tuple[str, ...]) -> Iterator[RopaGap]:
    """Where the record and the report do not fit together, both ways."""
    items, findings = held.items, held.findings
    count = np.bincount(findings.item, minlength=len(items))
    stores = items.stores.names
    for store in range(len(stores)):
        number = int(count[(items.stores.codes == store) & (row_of < 0)].sum())
        if number:
            yield RopaGap("no_activity", stores[store], "personal data is held here, and no row covers it", number)
    of_row = row_of[findings.item]
    for at, row in enumerate(activities):
        mine = of_row == at
        number = int(mine.sum())
        if not number:
            yield RopaGap("no_data", row.path, "the row covers nothing that was found: is the path right?", 0)
            continue
        if not row.owner or row.owner in left:
            yield RopaGap("no_owner", row.path, "nobody is named who answers for it, or they have left", number)
        if not row.activity or not row.basis:
            yield RopaGap("no_purpose", row.path, "the activity or its lawful basis is not filled in", number)
        for code, category in enumerate(findings.category.names if row.categories else ()):
            undeclared = int((mine & (findings.category.codes == code)).sum())
            if undeclared and category not in row.categories:
                what = f"{CATEGORIES.get(category, category)} found, and not declared"
                yield RopaGap("undeclared", row.path, what, undeclared)


def draft(held: Held) -> str:
    """A first ropa.yaml: one row for each store that holds personal data, with what only people know left open."""
    items, findings = held.items, held.findings
    store_of = items.stores.codes[findings.item]
    rows: list[dict[str, Any]] = []
    for store, name in enumerate(items.stores.names):
        mine = store_of == store
        if not mine.any():
            continue
        codes = np.unique(findings.category.codes[mine])
        rows.append({
            "path": f"{name}/**" if "/" in name else f"{name}/*",
            "activity": "", "basis": "", "owner": "", "retention": "7 years", "recipients": [],
            "categories": sorted(findings.category.names[code] for code in codes if code >= 0),
        })  # fmt: skip
    rows.sort(key=lambda row: (not row["path"].endswith("/**"), row["path"]))
    head = (
        "# Record of processing activities (UK GDPR Article 30), drafted from a report. Fill in what is empty:\n"
        "# activity (why you hold it), basis (" + ", ".join(sorted(_BASES)) + "),\n"
        "# owner (who answers for it), recipients (name, country, safeguard). The first path that fits counts.\n"
    )
    return head + yaml.safe_dump({"activities": rows}, sort_keys=False, allow_unicode=True)
