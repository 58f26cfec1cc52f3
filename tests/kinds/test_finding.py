from __future__ import annotations

from itertools import permutations

import pytest

from pytest_icp.kinds.finding import Verdict, worst
from pytest_icp.kinds.standing import standing_name

ORDER = [Verdict.VIOLATED, Verdict.UNKNOWN, Verdict.SATISFIED, Verdict.NOT_APPLICABLE]


def test_the_first_row_that_occurs_wins() -> None:
    for several in permutations(ORDER):
        for n in range(1, 5):
            assert worst(several[:n]) == min(several[:n], key=ORDER.index)


def test_no_subject_at_all_is_not_applicable() -> None:
    assert worst(()) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("verdict", ORDER)
def test_every_verdict_has_a_name_in_both_languages(verdict: Verdict) -> None:
    name = standing_name(verdict)
    assert name.en == verdict.value
    assert not name.zh.isascii()
