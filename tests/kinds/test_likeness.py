"""How values compare: hosts under domains, and records that share a value with a subject."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.kinds.likeness import EQUAL, Index, domain_names, domains_over
from pytest_icp.kinds.subjects import Fact
from tests.contexts import context


@pytest.mark.parametrize(
    ("host", "domain", "answer"),
    [
        ("www.a.cn", "a.cn", True),
        ("a.cn", "A.CN.", True),
        ("evil-a.cn", "a.cn", False),
        ("a.cn", "http://a.cn", False),
        ("a cn", "a.cn", False),
        ("a.cn", "www.a.cn", True),
        ("www.a.cn", "www.a.cn", True),
        ("m.a.cn", "www.a.cn", True),
        ("b.m.a.cn", "www.a.cn", True),
        ("a.cn", "m.a.cn", False),
        ("www.m.a.cn", "m.a.cn", True),
        ("www.a.cn", "m.a.cn", False),
        ("evil-a.cn", "www.a.cn", False),
        ("b.cn", "www.a.cn", False),
        # What others register under it is not theirs.
        ("a.cn", "www.cn", False),
        ("m.www.cn", "www.cn", True),
        ("a.com.cn", "www.com.cn", False),
        ("a.bj.cn", "www.bj.cn", False),
        ("m.jd.cn", "www.jd.cn", True),
        (None, "a.cn", False),
        ("a.cn", None, False),
    ],
)
def test_domains_over_a_host(host: str | None, domain: str | None, answer: bool) -> None:
    assert bool({*domains_over(host)} & {*domain_names(domain)}) is answer


@pytest.mark.parametrize(
    ("host", "printed", "answer"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7:8080", "192.0.2.7", True),
        ("[2001:DB8::1]", "2001:db8::1", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("www.etaoche.cn", "*.etaoche.cn", False),
        ("www.etaoche.cn", None, False),
    ],
)
def test_an_address_is_found_where_it_is_printed(
    host: str, printed: str | None, answer: bool
) -> None:
    assert bool({*domains_over(host)} & {*domain_names(printed)}) is answer


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
