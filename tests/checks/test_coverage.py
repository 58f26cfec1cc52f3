from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.checks.areas import PROVINCES
from tests.obligations import obligation
from tests.worlds import decide, said


def covering(match: str, **more: Any) -> Any:
    return obligation(
        "coverage", "sites", fact="domains", by="/pages", covers="names", match=match, **more
    )


def verdict(made: Any, domains: Any, *pages: Any) -> str:
    facts = {"sites": [{"id": "s", "domains": domains}], "pages": [*pages]}
    return str(decide(made, facts).verdict)


@pytest.mark.parametrize(
    ("match", "domains", "names", "expected"),
    [
        ("host", ["www.a.cn"], ["a.cn"], "satisfied"),
        ("host", ["a.cn"], ["www.a.cn"], "violated"),
        ("domain", ["a.cn"], ["www.a.cn"], "satisfied"),
        ("domain", ["www.a.cn"], ["a.cn"], "violated"),
        ("equal", ["www.a.cn"], ["a.cn"], "violated"),
        ("equal", ["a.cn"], ["a.cn"], "satisfied"),
        ("equal", "a.cn", "a.cn", "satisfied"),
        ("host", ["a.cn", "b.cn"], ["a.cn"], "violated"),
        ("host", ["a.cn", None], ["a.cn"], "unknown"),
        ("host", None, ["a.cn"], "unknown"),
        ("host", [], ["a.cn"], "satisfied"),
        ("host", ["b.cn"], ["a.cn", None], "unknown"),
        ("host", ["a.cn"], ["a.cn", None], "satisfied"),
        ("host", ["a.cn"], None, "unknown"),
        ("host", ["a.cn"], [], "violated"),
    ],
)
def test_everything_is_found_among_the_records(
    match: str, domains: Any, names: Any, expected: str
) -> None:
    assert verdict(covering(match), domains, {"names": names}) == expected


def test_records_that_perhaps_count() -> None:
    made = covering("host", by_where={"kind": "site"})
    page = {"kind": "site", "names": ["a.cn"]}
    assert verdict(made, ["a.cn"], page) == "satisfied"
    assert verdict(made, ["a.cn"], {**page, "kind": "app"}) == "violated"
    assert verdict(made, ["a.cn"], {**page, "kind": None}) == "unknown"
    assert verdict(made, ["a.cn"], {**page, "kind": None}, page) == "satisfied"


def test_exactly_one_record() -> None:
    made = covering("equal", times="one")
    page = {"names": ["a.cn"]}
    assert verdict(made, ["a.cn"], page) == "satisfied"
    assert verdict(made, ["a.cn"], page, {"names": None}) == "unknown"
    assert verdict(made, ["a.cn"], page, page, {"names": None}) == "violated"
    assert verdict(made, ["a.cn"]) == "violated"


def test_the_element_that_is_not_covered_is_pointed_to() -> None:
    facts = {"sites": [{"id": "s", "domains": ["a.cn", "b.cn"]}], "pages": [{"names": ["a.cn"]}]}
    outcome = decide(covering("host"), facts)
    ((_, pointer, _),) = said(outcome)
    assert pointer == "/sites/0/domains/1"
    assert outcome.findings[0].required.en == "one of `pages.names`: a.cn"


@pytest.mark.parametrize(
    ("served", "filed", "expected"),
    [
        (["北京"], ["北京市"], "satisfied"),
        (["深圳"], ["广东"], "satisfied"),
        (["广东"], ["深圳"], "violated"),
        (["北京", "天津"], ["北京"], "violated"),
        (["北京"], ["全国"], "satisfied"),
        (["全国"], ["北京"], "violated"),
        (["全国"], ["全国"], "satisfied"),
        (["全国"], sorted(PROVINCES), "satisfied"),
        (["全国"], sorted(PROVINCES - {"西藏"}), "violated"),
        (["北京"], [None], "unknown"),
    ],
)
def test_areas_lie_in_others_all_together(
    served: list[str], filed: list[str | None], expected: str
) -> None:
    made = covering("area")
    assert verdict(made, served, *({"names": one} for one in filed)) == expected


def test_the_provinces_of_the_mainland_are_thirty_one() -> None:
    assert len(PROVINCES) == 31
