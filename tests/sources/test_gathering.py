"""What adapters of manifests gather."""

from __future__ import annotations

from pathlib import Path

from pytest_icp.facts.derived import Provenance
from pytest_icp.law.location import Place
from pytest_icp.law.text import plain
from pytest_icp.sources.gathering import MOST_GAPS, Gathering

HERE = Place(path=Path("a.yaml"), line=1)


def found() -> Provenance:
    return Provenance(place=HERE)


def test_a_host_becomes_a_site_in_normal_form() -> None:
    into = Gathering(Path())
    assert into.site("WWW.例子.cn.", found) == "www.xn--fsqu00a.cn"
    assert into.derived().facts == {
        "sites": [{"id": "www.xn--fsqu00a.cn", "domains": ["www.xn--fsqu00a.cn"]}]
    }


def test_local_names_and_addresses_are_no_sites() -> None:
    into = Gathering(Path())
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
    into = Gathering(Path())
    into.site("${HOST}", found)
    into.site("a b.cn", found)
    first, second = into.derived().gaps
    assert "contains a variable without a value" in first.message.en
    assert "is not a complete host name" in second.message.en
    assert first.kinds == {"sites"}
    assert first.place == HERE


def test_gaps_beyond_the_most_are_told_together() -> None:
    into = Gathering(Path())
    for number in range(MOST_GAPS + 2):
        into.gap(plain(str(number)), HERE, "sites", *(["servers"] if number > MOST_GAPS else []))
    gaps = into.derived().gaps
    assert len(gaps) == MOST_GAPS + 1
    assert gaps[-1].kinds == {"sites", "servers"}
    assert gaps[-1].message.en.startswith("2 more gaps in this source")
