from __future__ import annotations

import pytest

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import standing_name

ORDER = [Verdict.VIOLATED, Verdict.UNKNOWN, Verdict.SATISFIED, Verdict.NOT_APPLICABLE]


@pytest.mark.parametrize("verdict", ORDER)
def test_every_verdict_has_a_name_in_both_languages(verdict: Verdict) -> None:
    name = standing_name(verdict)
    assert name.en == verdict.value
    assert not name.zh.isascii()
