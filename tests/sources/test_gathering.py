"""What adapters of manifests gather."""

from __future__ import annotations

from pathlib import Path

from pytest_icp.facts.derived import Provenance
from pytest_icp.law.location import Place
from pytest_icp.law.text import plain
from pytest_icp.sources.gathering import MOST_GAPS, Gathering, listed
from pytest_icp.sources.request import Request

HERE = Place(path=Path("a.yaml"), line=1)


def gathering(path: str = "a.conf") -> Gathering:
    return Gathering(Request(path=Path(path), root=Path()))


def found() -> Provenance:
    return Provenance(place=HERE)


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


def test_a_long_list_is_cut_short() -> None:
    names = [str(i) for i in range(1, 26)]
    assert listed(names).en.endswith("19, 20 and 5 more")
    assert listed(names).zh.endswith("19、20 等 25 个")
    assert listed(names[:20]).en.endswith("19, 20")
