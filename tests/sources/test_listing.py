from __future__ import annotations

from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import listed


def test_names_stand_in_a_row():
    assert listed(["a", "b"]) == Text(zh="a、b", en="a, b")
    assert listed([]) == Text(zh="", en="")


def test_a_long_list_is_cut_short():
    names = [str(i) for i in range(1, 26)]
    assert listed(names).en.endswith("19, 20 and 5 more")
    assert listed(names).zh.endswith("19、20 等 25 个")
    assert listed(names[:20]).en.endswith("19, 20")
