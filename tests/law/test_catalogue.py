from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.facts.files.properties import schema_document
from pytest_icp.law.catalogue import (
    CATALOGUE,
    CATEGORIES,
    ancestry,
    covers,
    permits,
    root_of,
)

CODES = st.sampled_from(sorted(CATALOGUE))


def test_every_service_is_named_in_both_languages_and_lies_under_a_known_one():
    for code, service in CATALOGUE.items():
        assert service.code == code
        assert service.name.zh
        assert service.name.en
        assert service.parent is None or service.parent in CATALOGUE
        assert code[:2] in CATEGORIES


@pytest.mark.parametrize(
    ("held", "wanted", "answer"),
    [
        ("B25", "B25.search", True),
        ("B25.internet", "B25.search", True),
        ("B25.internet", "B25.fixed_phone", False),
        ("B25.search", "B25.internet", False),
        ("B25.search", "B25.im", False),
        ("B11", "B11.cloud", True),
        ("B11.idc", "B11.cloud", False),
        ("B1", "B14.user", True),
        ("B1", "B24", False),
        ("A2", "A26", True),
        ("A27", "A2", False),
        ("A26", "A2", True),
        ("B14.user", "B1", True),
        ("B21", "B1", False),
        ("A1", "A1", True),
    ],
)
def test_covers(held: str, wanted: str, answer: bool):
    assert covers(held, wanted) is answer


@given(CODES, CODES, CODES)
def test_covering_is_an_order(a: str, b: str, c: str):
    assert covers(a, a)
    assert not (covers(a, b) and covers(b, a)) or a == b
    assert not (covers(a, b) and covers(b, c)) or covers(a, c)


@given(CODES)
def test_a_line_of_business_covers_all_its_parts(code: str):
    assert covers(root_of(code), code)
    assert list(ancestry(code))[-1] == root_of(code)
    assert CATALOGUE[root_of(code)].parent is None


@pytest.mark.parametrize(
    ("permitted", "wanted", "answer"),
    [
        ({"B25.internet"}, "B25.im", True),
        ({"B11.idc"}, "B11", None),
        ({"B11.idc"}, "B11.cloud", False),
        ((), "B24", False),
    ],
)
def test_holding_a_part_is_neither_yes_nor_no(permitted, wanted, answer):
    assert permits(permitted, wanted) is answer


def test_a_policy_may_name_each_code_and_no_other():
    assert schema_document("policy")["$defs"]["Code"]["enum"] == [*CATEGORIES, *CATALOGUE]
