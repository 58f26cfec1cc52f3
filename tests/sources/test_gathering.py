"""What adapters of manifests gather."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.derived import Provenance
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.sources.gathering import MOST_GAPS, Gathering, ProvenanceLookup, listed
from pytest_icp.sources.request import Request

HERE = Place(path=Path("a.yaml"), line=1)


def gathering(path: str = "a.conf") -> Gathering:
    return Gathering(Request(path=Path(path), root=Path()))


def found() -> Provenance:
    return Provenance(place=HERE)


def test_a_host_becomes_a_site_in_normal_form() -> None:
    into = gathering()
    assert into.site("WWW.例子.cn.", found) == "www.xn--fsqu00a.cn"
    assert into.derived().facts == {
        "sites": [{"id": "www.xn--fsqu00a.cn", "domains": ["www.xn--fsqu00a.cn"]}]
    }


def test_local_names_and_addresses_are_no_sites() -> None:
    into = gathering()
    hosts = ["web", "web.shop.svc.cluster.local", "10.0.0.1", "8.8.8.8"]
    for host in hosts:
        assert into.site(host, found) is None
    derived = into.derived()
    assert not derived.facts
    assert not derived.gaps
    assert derived.remarks[0].en == (
        f"4 host names outside the public DNS, not counted as sites: {', '.join(hosts)}"
    )


def test_what_is_no_host_is_a_gap() -> None:
    into = gathering()
    into.site("${HOST}", found)
    into.site("a b.cn", found)
    first, second = into.derived().gaps
    assert "contains a variable without a value" in first.message.en
    assert "is not a complete host name" in second.message.en
    assert first.kinds == {"sites"}
    assert first.place == HERE


def test_gaps_beyond_the_most_are_told_together() -> None:
    into = gathering()
    for number in range(MOST_GAPS + 2):
        into.gap(plain(str(number)), HERE, "sites", *(["servers"] if number > MOST_GAPS else []))
    gaps = into.derived().gaps
    assert len(gaps) == MOST_GAPS + 1
    assert gaps[-1].kinds == {"sites", "servers"}
    assert gaps[-1].message.en.startswith("2 more gaps in this source")


def at(line: int) -> ProvenanceLookup:
    return lambda: Provenance(place=Place(path=Path("a.conf"), line=line))


@pytest.fixture
def two() -> Gathering:
    made = gathering()
    made.add("sites", "b", at(1), domains=["b"])
    made.add("sites", "a", at(2), domains=["a"])
    made.set("sites", "a", "home_page", {"snapshot": "x"}, at(3))
    return made


def test_elements_stand_in_the_order_in_which_they_were_found(two: Gathering) -> None:
    assert two.facts() == {
        "sites": [
            {"id": "b", "domains": ["b"]},
            {"id": "a", "domains": ["a"], "home_page": {"snapshot": "x"}},
        ]
    }


def test_what_was_found_first_stays(two: Gathering) -> None:
    two.add("sites", "a", at(8), domains=["other"])
    two.set("sites", "a", "home_page", {"snapshot": "y"}, at(9))
    sites: Any = two.facts()["sites"]
    assert sites[1] == {"id": "a", "domains": ["a"], "home_page": {"snapshot": "x"}}
    assert two.trace("/sites/1/home_page/snapshot").place.line == 3


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
def test_a_fact_has_the_nearest_place(two: Gathering, pointer: str, line: int | None) -> None:
    assert two.trace(pointer).place == Place(path=Path("a.conf"), line=line)


def test_a_kind_of_which_nothing_was_found_is_left_out() -> None:
    assert gathering().facts() == {}


def test_names_stand_in_a_row() -> None:
    assert listed(["a", "b"]) == Text(zh="a、b", en="a, b")
    assert listed([]) == Text(zh="", en="")


def test_a_long_list_is_cut_short() -> None:
    names = [str(i) for i in range(1, 26)]
    assert listed(names).en.endswith("19, 20 and 5 more")
    assert listed(names).zh.endswith("19、20 等 25 个")
    assert listed(names[:20]).en.endswith("19, 20")
