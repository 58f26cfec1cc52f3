"""Records that share a value with a subject, and days that several make up together."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.kinds.likeness import EQUAL, Index
from pytest_icp.kinds.subjects import Fact
from tests.contexts import context

TEXTS = st.sampled_from(["a", "b", "c"])
SCALARS = st.none() | TEXTS | st.integers(0, 1)
OBJECTS = st.dictionaries(TEXTS, TEXTS, max_size=1)
NAMED = st.none() | TEXTS | OBJECTS | st.lists(SCALARS | OBJECTS, max_size=3)


@given(st.lists(NAMED, max_size=6), NAMED)
def test_only_records_that_cannot_share_a_value_are_left_out(theirs: list[Any], mine: Any) -> None:
    facts = {"records": [{"of": value} for value in theirs]}
    seen, here = context(facts), Fact(("mine",), mine)
    index = Index.of(EQUAL, (seen.fact(one, "of") for one in seen.subjects("/records").subjects))
    named, others = index.at(here.values), index.others_of(here)
    for i, value in enumerate(theirs):
        there = Fact(("of",), value)
        common = [one for one in there.values if one is not None and one in here.values]
        assert (i in named) == bool(common)
        assert (i in others) == (here.is_open or there.is_open)
