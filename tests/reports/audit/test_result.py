"""The frozen values of an audit fit together."""

import pickle

import pytest
from example_audit import example_audit


def test_the_example_answers_all_fifteen_questions_in_order_and_survives_a_pickle():
    audit = example_audit()
    assert [check.number for check in audit.checks] == [f"A{number}" for number in range(1, 16)]
    assert pickle.loads(pickle.dumps(audit)) == audit


def test_a_check_is_found_by_its_number():
    assert example_audit().check("A8").title == "Payment card data"
    with pytest.raises(KeyError):
        example_audit().check("A16")


def test_a_change_adds_up_on_both_sides():
    for change in example_audit().trend.changes:
        assert change.before == change.resolved + change.persisted + change.unseen
        assert change.now == change.new + change.persisted + change.reappeared
