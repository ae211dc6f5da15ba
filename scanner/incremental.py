"""A scan that goes by an earlier report: what the walk found goes in, rows that need not be made again come out."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol

import pyarrow as pa

from scanner.basis import Basis
from scanner.carried import Carried
from scanner.earlier_items import EarlierItems
from scanner.home import Key
from scanner.journal import Journal
from scanner.keys import Keyring
from scanner.plan import Plan
from scanner.since import Changes, Earlier, carry, compare, gone


class Incremental(AbstractContextManager["Incremental"], Protocol):
    """Use inside `with`, in this order: compare() after the walk, carry() when copies are known, the rest to merge."""

    @property
    def carries(self) -> bool:
        """Whether some rows are carried over."""
        ...

    def compare(self) -> None:
        """Tell in the journal which content is known."""
        ...

    def carry(self) -> tuple[int, int]:
        """Take what need not be scanned out of the journal's items; (items, bytes), copies included."""
        ...

    def tables(self, kind: str) -> Iterator[pa.Table]:
        """Rows that are carried over: items, findings, and last the keys of these."""
        ...

    def seen(self, items: pa.Table) -> None:
        """Rows of items of the new report: what is not among them is gone."""
        ...

    def gone(self) -> Iterator[pa.Table]:
        """Rows of items that are not there any more, when all others have been seen."""
        ...

    def metadata(self) -> dict[str, str]:
        """What changed, for the new report."""
        ...


class FromScratch(Incremental):
    """There is no earlier report: everything is scanned."""

    carries = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing was written."""

    def compare(self) -> None:
        """Nothing is known."""

    def carry(self) -> tuple[int, int]:
        """Nothing is."""
        return 0, 0

    def tables(self, kind: str) -> Iterator[pa.Table]:
        """None."""
        del kind
        return iter(())

    def seen(self, items: pa.Table) -> None:
        """Nothing can be gone."""

    def gone(self) -> Iterator[pa.Table]:
        """Nothing is."""
        return iter(())

    def metadata(self) -> dict[str, str]:
        """Nothing changed."""
        return {}


class Since(Incremental):
    """Goes by an earlier report; its changes and rows are kept in files of the journal's folder."""

    def __init__(self, earlier: Earlier, journal: Journal, plan: Plan, key: Key, basis: Basis) -> None:
        self._earlier = earlier
        self._journal = journal
        self._plan = plan
        self._key = key
        self._basis = basis
        self._items = EarlierItems(journal.folder)
        self._changes: Changes
        self._carried: Carried
        self._has_members = self._carries = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was written for it."""
        self._items.__exit__(kind, error, trace)

    def compare(self) -> None:
        """Tell in the journal which content is known."""
        self._changes = compare(
            self._earlier, self._items, self._journal, plan=self._plan, key=self._key, basis=self._basis
        )

    def carry(self) -> tuple[int, int]:
        """Take what need not be scanned out of the journal's items; (items, bytes), copies included."""
        carry(self._items, self._journal, self._changes)
        self._has_members = self._items.watch_members(self._earlier.paths.items)
        self._carried = Carried(self._earlier, self._items, self._journal, Keyring(self._key))
        items, size = self._journal.carried_totals()
        self._carries = items > 0
        return items, size

    @property
    def carries(self) -> bool:
        """Whether some rows are carried over."""
        return self._carries

    def tables(self, kind: str) -> Iterator[pa.Table]:
        """Rows that are carried over: items, findings, and last the keys of these."""
        return self._carried.tables(kind)

    def seen(self, items: pa.Table) -> None:
        """Rows of items of the new report: what is not among them is gone."""
        if self._has_members:
            self._items.seen(items)

    def gone(self) -> Iterator[pa.Table]:
        """Rows of items that are not there any more, when all others have been seen."""
        return self._carried.gone(gone(self._items, self._plan))

    def metadata(self) -> dict[str, str]:
        """What changed, for the new report."""
        return {"since": self._changes.printed()}
