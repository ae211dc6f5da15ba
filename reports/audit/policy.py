"""The sections [retention] and [audit] of whosedata.toml go in, one checked, frozen Policy comes out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

RETENTION_KEYS = ("keep", "cv", "relationships", "rules", "exempt")
AUDIT_KEYS = ("export_people", "export_days", "left")
_PERIOD = re.compile(r"\s*([0-9]{1,3})\s*(day|month|year)s?\s*", re.ASCII | re.IGNORECASE)
_RULE_KEYS = frozenset({"name", "path", "class", "category", "after", "keep", "ended"})
_EXEMPT_KEYS = frozenset({"path", "until", "why"})


class PolicyError(ValueError):
    """A setting of an audit cannot be used; the message says what to write instead."""


class Trigger(StrEnum):
    """What starts a period. `date`: that of the content; `tax_year_end`: the 5 April on or after it."""

    RELATIONSHIP_END = "relationship_end"
    DATE = "date"
    TAX_YEAR_END = "tax_year_end"


_AFTER = {
    Trigger.RELATIONSHIP_END: "after the end of the relationship",
    Trigger.DATE: "after the date of the document",
    Trigger.TAX_YEAR_END: "after the end of the tax year",
}


@dataclass(frozen=True, slots=True)
class Period:
    """How long: calendar months, and days."""

    months: int = 0
    days: int = 0

    @property
    def years(self) -> float:
        """About so many years."""
        return self.months / 12 + self.days / 365.25

    def __str__(self) -> str:
        """As it is typed: 7 years, 6 months, 30 days."""
        number, unit = (self.days, "day") if self.days else (self.months, "month")
        if not self.days and self.months % 12 == 0:
            number, unit = self.months // 12, "year"
        return f"{number} {unit}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Rule:
    """For how long what fits is kept. Empty fields fit everything; `ended`: the day a former client's folder ended."""

    name: str
    keep: Period
    after: Trigger = Trigger.RELATIONSHIP_END
    path: str = ""
    document_class: str = ""
    category: str = ""
    ended: date | None = None

    def __str__(self) -> str:
        """As the page says it."""
        return f"{self.keep} {_AFTER[self.after]}"


@dataclass(frozen=True, slots=True)
class Exempt:
    """A path that is kept until a day whatever its rule says, such as the CV of somebody who is to be interviewed."""

    path: str
    until: date
    why: str


CV_RULE = "applications"


@dataclass(frozen=True, slots=True)
class Policy:
    """What an audit goes by. Of `rules` the first that fits counts; the last fits everything.

    `relationships` names a table of who left when, beside the configuration file; the command reads it.
    """

    rules: tuple[Rule, ...]
    exempt: tuple[Exempt, ...] = ()
    relationships: str = ""
    export_people: int = 50
    export_days: int = 30
    left: tuple[str, ...] = ()


def british(keep: Period, cv: Period) -> tuple[Rule, ...]:
    """Defaults that small offices in the UK use; each can be overruled by a rule of the same scope in front of it.

    Pay: the Working Time and minimum wage rules ask for six years. Convictions: the DBS code of practice lets a
    certificate be kept for six months. Identity documents: two years after employment (right to work checks).
    """
    return (
        Rule(CV_RULE, cv, Trigger.DATE, document_class="cv"),
        Rule("pay", Period(72), Trigger.TAX_YEAR_END, document_class="payslip"),
        Rule("accounts", Period(84), Trigger.DATE, document_class="invoice"),
        Rule("accounts", Period(84), Trigger.DATE, document_class="statement"),
        Rule("copies of identity documents", Period(24), document_class="id_scan"),
        Rule("criminal records", Period(6), Trigger.DATE, category="criminal"),
        Rule("everything else", keep),
    )


DEFAULT = Policy(british(Period(84), Period(6)))


def parse_period(text: object) -> Period:
    """`7 years`, `6 months`, `30 days`; raises PolicyError on anything else."""
    found = _PERIOD.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise PolicyError(f"“{text}” is not a period. Write it like 7 years, 6 months or 30 days")
    number, unit = int(found[1]), found[2].casefold()
    return Period(days=number) if unit == "day" else Period(months=number * (12 if unit == "year" else 1))


def make_policy(config: Mapping[str, Any], extra: tuple[Rule, ...] = ()) -> Policy:
    """The policy of a configuration; `extra` are rules from ropa.yaml, which stand behind those of the file itself.

    Raises:
        PolicyError: a value of the wrong type, or a key that is not known.
    """
    retention, audit = config.get("retention", {}), config.get("audit", {})
    _known("[retention]", retention, frozenset(RETENTION_KEYS))
    _known("[audit]", audit, frozenset(AUDIT_KEYS))
    keep, cv = (parse_period(retention.get(name, usual)) for name, usual in (("keep", "7 years"), ("cv", "6 months")))
    rules = tuple(_rule(row) for row in _rows("rules", retention.get("rules", [])))
    return Policy(
        rules=(*rules, *extra, *british(keep, cv)),
        exempt=tuple(_exempt(row) for row in _rows("exempt", retention.get("exempt", []))),
        relationships=str(retention.get("relationships", "")),
        export_people=_number("export_people", audit.get("export_people", DEFAULT.export_people)),
        export_days=_number("export_days", audit.get("export_days", DEFAULT.export_days)),
        left=tuple(str(name) for name in _rows("left", audit.get("left", []))),
    )


def _rows(name: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise PolicyError(f"{name} must be a list")
    return value


def _known(where: str, table: object, known: frozenset[str]) -> None:
    if not isinstance(table, Mapping):
        raise PolicyError(f"{where} must be a table")
    if unknown := sorted(set(table) - known):
        raise PolicyError(f"unknown key {unknown[0]} in {where}; known are: {', '.join(sorted(known))}")


def _number(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise PolicyError(f"[audit] {name} must be a whole number that is not negative")
    return value


def _day(name: str, value: object) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise PolicyError(f"{name} = {value} is not a date. Write it like 2026-11-22") from None


def _rule(row: object) -> Rule:
    _known("[[retention.rules]]", row, _RULE_KEYS)
    assert isinstance(row, Mapping)  # noqa: S101 - _known() says so
    if "keep" not in row:
        raise PolicyError('a rule of [[retention.rules]] needs keep, such as keep = "7 years"')
    if not {"path", "class", "category"} & row.keys():
        raise PolicyError("a rule of [[retention.rules]] needs path, class or category: what it is for")
    try:
        after = Trigger(row.get("after", Trigger.RELATIONSHIP_END))
    except ValueError:
        raise PolicyError(f"after = {row['after']} is not known: use {', '.join(Trigger)}") from None
    place = {name: str(row.get(name, "")) for name in ("path", "class", "category")}
    return Rule(
        name=str(row.get("name") or " ".join(filter(None, place.values()))),
        keep=parse_period(row["keep"]),
        after=after,
        path=place["path"],
        document_class=place["class"],
        category=place["category"],
        ended=_day("ended", row["ended"]) if "ended" in row else None,
    )


def _exempt(row: object) -> Exempt:
    _known("[[retention.exempt]]", row, _EXEMPT_KEYS)
    assert isinstance(row, Mapping)  # noqa: S101 - _known() says so
    if _EXEMPT_KEYS - row.keys():
        raise PolicyError("each of [[retention.exempt]] needs path, until and why")
    return Exempt(str(row["path"]), _day("until", row["until"]), str(row["why"]))
