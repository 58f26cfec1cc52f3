from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.derived import Provenance
from pytest_icp.law.location import Place
from pytest_icp.sources.draft import Draft


def at(line):
    return lambda: Provenance(place=Place(path=Path("a.conf"), line=line))


@pytest.fixture
def draft():
    made = Draft(Path("a.conf"))
    made.add("sites", "b", at(1), domains=["b"])
    made.add("sites", "a", at(2), domains=["a"])
    made.set("sites", "a", "home_page", {"snapshot": "x"}, at(3))
    return made


def test_elements_stand_in_the_order_in_which_they_were_found(draft):
    assert draft.facts() == {
        "sites": [
            {"id": "b", "domains": ["b"]},
            {"id": "a", "domains": ["a"], "home_page": {"snapshot": "x"}},
        ]
    }


def test_what_was_found_first_stays(draft):
    draft.add("sites", "a", at(8), domains=["other"])
    draft.set("sites", "a", "home_page", {"snapshot": "y"}, at(9))
    assert draft.facts()["sites"][1] == {
        "id": "a",
        "domains": ["a"],
        "home_page": {"snapshot": "x"},
    }
    assert draft.trace("/sites/1/home_page/snapshot").place.line == 3


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ("/sites/0", 1),
        ("/sites/1/domains/0", 2),
        ("/sites/1/home_page", 3),
        ("/sites/1/home_page/snapshot", 3),
        ("/sites/1/icp_filing", 2),
        ("/sites/2", None),
        ("/sites", None),
        ("/servers/0", None),
        ("", None),
    ],
)
def test_a_fact_has_the_nearest_place(draft, pointer, line):
    assert draft.trace(pointer).place == Place(path=Path("a.conf"), line=line)


def test_a_kind_of_which_nothing_was_found_is_left_out():
    assert Draft(Path("a.conf")).facts() == {}
