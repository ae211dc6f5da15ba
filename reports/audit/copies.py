"""Which values stand in which item goes in, items that hold nearly the same data and copies per person come out.

Near copies are told by what they hold, not by their bytes: a list that was saved as a workbook, or with three rows
more. Each item is stood for by its smallest value ids (keyed hashes, so the choice is as good as random); items that
share one of their first few are compared exactly.
"""

import numpy as np

from reports.audit.result import Count
from reports.audit.tables import Bools, Held, Ints

LEAST_VALUES = 5  # two files with one name and one address in common are no copies
ALIKE = 0.8  # of the values that either of two items holds, both do
_FIRST = 4
MOST_PAIRS = 300_000
_BANDS = ((1, 1, "1", "one place"), (2, 2, "2", "2 places"), (3, 5, "3-5", "3 to 5 places"),
          (6, 10, "6-10", "6 to 10 places"), (11, None, "11+", "more than 10 places"))  # fmt: skip


def near_copies(held: Held) -> tuple[Bools, bool]:
    """Items that hold nearly what an earlier item holds, and whether all that could be alike were compared.

    Copies with the same bytes are left out.
    """
    findings = held.findings
    counted = ~held.items.has_copy_of[findings.item]
    items, values = findings.item[counted], findings.value[counted]
    order = np.lexsort((values, items))
    items, values = items[order], values[order]
    fresh = np.ones(len(items), bool)
    fresh[1:] = (items[1:] != items[:-1]) | (values[1:] != values[:-1])
    items, values = items[fresh], values[fresh]
    found = np.zeros(len(held.items), bool)
    if not len(items):
        return found, True
    numbers, starts, sizes = np.unique(items, return_index=True, return_counts=True)
    pairs, whole = _candidates(values, starts, sizes)
    for one, other in pairs:
        first, second = (values[starts[at] : starts[at] + sizes[at]] for at in (one, other))
        common = len(np.intersect1d(first, second, assume_unique=True))
        if common >= ALIKE * (len(first) + len(second) - common):
            found[numbers[max(one, other)]] = True
    return found, whole


def _candidates(values: Ints, starts: Ints, sizes: Ints) -> tuple[list[tuple[int, int]], bool]:
    """Pairs of items (by place in `starts`) that share one of their smallest values and are of about one size."""
    enough = np.flatnonzero(sizes >= LEAST_VALUES)
    rank = np.arange(_FIRST)
    at = np.repeat(enough, _FIRST)
    value = values[(starts[enough][:, None] + rank).ravel()]
    order = np.lexsort((at, sizes[at], value))
    at, value = at[order], value[order]
    pairs: set[tuple[int, int]] = set()
    whole = True
    for step in (1, 2):
        same = np.flatnonzero(value[step:] == value[:-step])
        one, other = at[same], at[same + step]
        alike = np.minimum(sizes[one], sizes[other]) >= ALIKE * np.maximum(sizes[one], sizes[other])
        near = np.unique(np.stack([one[alike], other[alike]], axis=1), axis=0)
        whole &= len(near) <= MOST_PAIRS
        pairs.update((int(low), int(high)) for low, high in near[:MOST_PAIRS])
    return sorted(pairs), whole


def items_per_person(held: Held) -> Ints:
    """In how many items each person's data stands; quoted replies are not counted."""
    findings = held.findings
    counted = (findings.subject >= 0) & ~findings.quoted
    pairs = findings.subject[counted].astype(np.int64) * len(held.items) + findings.item[counted]
    return np.bincount(np.unique(pairs) // max(len(held.items), 1), minlength=len(held.subject_ids))


def bands(per_person: Ints) -> tuple[Count, ...]:
    """How many people's data stands in one place, in two, in more."""
    counts = (
        Count(name, words, int(((per_person >= low) & (per_person <= (high or per_person.max(initial=0)))).sum()))
        for low, high, name, words in _BANDS
    )
    return tuple(counts)
