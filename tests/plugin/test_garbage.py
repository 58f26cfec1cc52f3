"""What a run reads is spared the garbage collector, and nothing stays frozen."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.plugin.conftest import Infra

AFTER = """\
    import gc
    import hypothesis.core
    from hypothesis import given, strategies as st

    @given(st.integers())
    def test_hypothesis_finds_its_own_objects(number):
        assert gc.get_referrers(hypothesis.core)
"""


def test_hypothesis_works_after_descriptions_were_collected(infra: Infra) -> None:
    infra.write("infra/test_after.py", AFTER)
    run = infra.run("-W", "error", "infra", "--icp-select=SP12/renewal", "--icp-unknown=warn")
    run.assert_outcomes(passed=2, failed=0)
    assert gc.get_freeze_count() == 0
