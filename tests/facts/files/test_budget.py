"""A budget of all sources together is spent by each of them."""

from __future__ import annotations

import pytest

from pytest_icp.facts.files.budget import Budget, Meter, OverBudgetError


def test_what_a_source_spends_is_taken_from_all() -> None:
    whole = Meter(Budget(elements=10))
    for _ in range(2):
        one = Meter(Budget(elements=6), within=whole)
        one.spend("elements", 6)
        one.close()
    with pytest.raises(OverBudgetError):
        whole.check()


def test_a_source_alone_spends_its_own() -> None:
    alone = Meter(Budget(elements=10))
    alone.spend("elements", 10)
    alone.close()
    alone.check()
