"""People whose data are restricted go in, as keyed hashes with a ground and a day of review; the markers come out.

A restriction is temporary (Article 18): each has a day on which somebody must look at it again, and whoever asked for
it is told before it is lifted (Article 18(3)).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from scanner.home import RESTRICTED_FILE
from scanner.keys import Keyring
from scanner.plan import PlanError
from scanner.private_base import make_private, private_base
from subjects.finding.seeds import Seed, SeedKeys, seed_keys
from subjects.finding.tiers import UNIQUE
from subjects.suppression import Entry

WHAT = "restricted people"
_MARKERS = """number INTEGER PRIMARY KEY AUTOINCREMENT, since TEXT NOT NULL, ground TEXT NOT NULL, review TEXT NOT NULL,
    case_id TEXT NOT NULL, why TEXT NOT NULL, has_birth INTEGER NOT NULL, has_name INTEGER NOT NULL,
    nationals TEXT NOT NULL, told TEXT NOT NULL DEFAULT '', lifted TEXT NOT NULL DEFAULT ''"""
_TABLES = (
    f"CREATE TABLE IF NOT EXISTS markers ({_MARKERS})",
    "CREATE TABLE IF NOT EXISTS keys (number INTEGER NOT NULL, key INTEGER NOT NULL, kind TEXT NOT NULL)",
)


class Ground(StrEnum):
    """Article 18(1)(a) to (d)."""

    ACCURACY = "accuracy"
    UNLAWFUL = "unlawful"
    CLAIMS = "claims"
    OBJECTION = "objection"


GROUNDS: Mapping[Ground, str] = {
    Ground.ACCURACY: "whether the data are right is being checked (Article 18(1)(a))",
    Ground.UNLAWFUL: "the person wants them kept, not erased, though they should not have been used (Article 18(1)(b))",
    Ground.CLAIMS: "the person needs them for legal claims (Article 18(1)(c))",
    Ground.OBJECTION: "the person objected, and whose grounds weigh more is being decided (Article 18(1)(d))",
}


@dataclass(frozen=True, slots=True)
class Marker:
    """One person whose data are restricted. `told` and `lifted` are None while it holds."""

    number: int
    since: date
    ground: Ground
    review: date
    case_id: str
    why: str
    told: date | None
    lifted: date | None
    keys: SeedKeys

    @property
    def holds(self) -> bool:
        """Whether the data may be stored only."""
        return self.lifted is None

    def words(self) -> str:
        """One line on it, in which nobody is named."""
        return f"restriction {self.number}, since {self.since}, review {self.review}: {GROUNDS[self.ground]}"


def restrict(
    home: Path, keyring: Keyring, person: Seed, *, ground: Ground, since: date, review: date, why: str = "",
    case_id: str = "",
) -> int:  # fmt: skip
    """Restrict the data of a person from this day on; gives the number of the marker.

    Raises:
        PlanError: a name alone is known, which may fit several people; or the review is not after the beginning.
        HomeError: the home cannot be written to.
    """
    keys = seed_keys(person, keyring)
    if keys.thin:
        raise PlanError("A name alone may fit several people. Give an address, a date of birth or a number, too.")
    if review <= since:
        raise PlanError(f"--review {review} is not after {since}: a restriction is looked at again, later.")
    make_private(home / RESTRICTED_FILE, WHAT)
    with private_base(home / RESTRICTED_FILE, WHAT) as base, base:
        base.execute("BEGIN IMMEDIATE")
        for table in _TABLES:
            base.execute(table)
        words = (
            since.isoformat(), ground.value, review.isoformat(), case_id, why, keys.has_birth, keys.has_name,
            " ".join(sorted(keys.national)),
        )  # fmt: skip
        names = "since, ground, review, case_id, why, has_birth, has_name, nationals"
        added = base.execute(f"INSERT INTO markers ({names}) VALUES (?,?,?,?,?,?,?,?)", words)  # noqa: S608 - our names
        number = int(added.lastrowid or 0)
        rows = [(number, key, kind) for key, kinds in keys.kinds.items() for kind in sorted(kinds)]
        base.executemany("INSERT INTO keys VALUES (?,?,?)", rows)
    return number


def markers(home: Path) -> list[Marker]:
    """All of them, lifted ones included.

    Raises:
        HomeError: there are some and they cannot be read.
    """
    if not (home / RESTRICTED_FILE).exists():
        return []
    with private_base(home / RESTRICTED_FILE, WHAT) as base:
        if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'keys'").fetchone():
            return []
        keys: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for number, key, kind in base.execute("SELECT number, key, kind FROM keys"):
            keys[number][key].add(kind)
        columns = "number, since, ground, review, case_id, why, has_birth, has_name, nationals, told, lifted"
        rows = base.execute(f"SELECT {columns} FROM markers ORDER BY number").fetchall()  # noqa: S608 - our names
    return [
        Marker(
            number, date.fromisoformat(since), Ground(ground), date.fromisoformat(review), case_id, why, _day(told),
            _day(lifted),
            SeedKeys({key: frozenset(kinds) for key, kinds in keys[number].items()}, frozenset(nationals.split()),
                     bool(has_birth), bool(has_name), thin=False),
        )
        for number, since, ground, review, case_id, why, has_birth, has_name, nationals, told, lifted in rows
    ]  # fmt: skip


def holding(home: Path) -> list[Marker]:
    """Those that hold."""
    return [one for one in markers(home) if one.holds]


def lift(home: Path, number: int, told: date, day: date) -> Marker:
    """End a restriction of which the person was told before; the marker stays, and says so.

    Raises:
        PlanError: there is no such marker that holds.
    """
    found = next((one for one in holding(home) if one.number == number), None)
    if found is None:
        raise PlanError(f"There is no restriction {number} that holds. `whosedata restrict list` shows them.")
    with private_base(home / RESTRICTED_FILE, WHAT) as base:
        said = (told.isoformat(), day.isoformat(), number)
        base.execute("UPDATE markers SET told = ?, lifted = ? WHERE number = ?", said)
    return found


def put_off(home: Path, number: int, review: date) -> None:
    """Somebody looked at it, and it goes on until another day of review; raises PlanError as lift() does."""
    if not any(one.number == number for one in holding(home)):
        raise PlanError(f"There is no restriction {number} that holds. `whosedata restrict list` shows them.")
    with private_base(home / RESTRICTED_FILE, WHAT) as base:
        base.execute("UPDATE markers SET review = ? WHERE number = ?", (review.isoformat(), number))


def of_person(found: Iterable[Marker], keys: SeedKeys) -> list[Marker]:
    """The markers of the person who has these keys: an address or number of their own, or a name and what it needs."""
    return [one for one in found if _same(one.keys, keys)]


def _same(one: SeedKeys, other: SeedKeys) -> bool:
    shared = {kind for key, kinds in one.kinds.items() for kind in kinds & other.kinds.get(key, frozenset())}
    return bool(shared & UNIQUE.keys()) or ("name_full" in shared and bool(shared & {"birth_date", "house_postcode"}))


def as_entries(found: Iterable[Marker]) -> list[Entry]:
    """As a list of people is checked for those who want no mailings: restricted data are used for none either."""
    made = []
    for one in found:
        by_kind: dict[str, set[int]] = defaultdict(set)
        for key, kinds in one.keys.kinds.items():
            for kind in kinds:
                by_kind[kind].add(key)
        keys = {kind: frozenset(some) for kind, some in by_kind.items()}
        made.append(Entry(one.number, one.since, one.case_id, one.why, "", keys))
    return made


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
