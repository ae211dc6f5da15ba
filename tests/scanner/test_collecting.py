"""The garbage collector of a process that scans runs seldom, and afterwards as before."""

import gc

import pytest

from scanner.collecting import SELDOM, seldom_collected


def test_the_collector_is_as_before_also_after_an_error() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError):
        _failing()
    assert gc.get_threshold() == before


def _failing() -> None:
    with seldom_collected():
        assert gc.get_threshold()[0] == SELDOM
        _ = 1 // 0


def test_a_scan_that_is_given_up_leaves_it_as_before() -> None:
    before = gc.get_threshold()

    def messages():
        with seldom_collected():
            yield 1

    begun = messages()
    assert next(begun) == 1
    begun.close()
    assert gc.get_threshold() == before


def test_a_collector_that_is_off_or_runs_more_seldom_is_left_alone() -> None:
    before = gc.get_threshold()
    try:
        for own in (0, SELDOM * 2):
            gc.set_threshold(own, 10, 10)
            with seldom_collected():
                assert gc.get_threshold()[0] == own
    finally:
        gc.set_threshold(*before)
