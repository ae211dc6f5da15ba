"""How often a value stood in an item: the same answers, however little of it is kept in memory."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from scanner.repeats import Repeats

IDS = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)


@given(st.lists(IDS, max_size=40), st.integers(1, 6), st.dictionaries(IDS, st.integers(1, 5), max_size=8))
def test_counts_are_those_of_a_counter(values: list[int], in_memory: int, earlier: dict[int, int]) -> None:
    expected, repeats = Counter(earlier), Repeats(earlier.items(), in_memory)
    for value in values:
        assert repeats.count(value) == expected[value]
        expected[value] += 1
