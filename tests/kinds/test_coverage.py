from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.kinds.areas import PROVINCES
from tests.contexts import decide, said
from tests.obligations import obligation


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
        # www beside the bare domain is the same site; another name is not
        ("host", ["a.cn"], ["www.a.cn"], "satisfied"),
        ("host", ["m.a.cn"], ["www.a.cn"], "violated"),
        ("domain", ["a.cn"], ["www.a.cn"], "satisfied"),
        ("domain", ["www.a.cn"], ["a.cn"], "satisfied"),
        ("domain", ["m.a.cn"], ["a.cn"], "violated"),
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
    assert outcome.findings[0].required.en == "one of “pages.names”: a.cn"


def test_what_is_allowed_is_told_as_far_as_there_is_something() -> None:
    facts = {"sites": [{"id": "s", "domains": ["z.cn"]}], "pages": [{"names": []}]}
    required = decide(covering("host"), facts).findings[0].required
    assert required.zh == "「pages.names」之一；目前一项也没有申报"
    assert required.en == "one of “pages.names”, but none is declared"
    many = {**facts, "pages": [{"names": [f"{c}.cn" for c in "abcdef"]}]}
    told = decide(covering("host"), many).findings[0].required.en
    assert told == "one of “pages.names”: a.cn, b.cn, c.cn, d.cn, e.cn, …"


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


@pytest.mark.parametrize(
    ("does", "may", "expected"),
    [
        (["a"], ["a", "b"], "satisfied"),
        (["a", "c"], ["a", "b"], "violated"),
        (["c"], ["a", None], "unknown"),
        (["a"], ["a", None], "satisfied"),
        (["a"], None, "unknown"),
        (None, ["a"], "unknown"),
        ([], None, "satisfied"),
    ],
)
def test_a_subject_covers_itself(does: Any, may: Any, expected: str) -> None:
    made = obligation("coverage", "items", fact="does", covers="may", match="equal")
    other = {"id": "other", "does": [], "may": ["c"]}
    facts = {"items": [{"id": "i", "does": does, "may": may}, other]}
    assert decide(made, facts).verdict == expected


def test_what_the_subject_covers_is_told() -> None:
    made = obligation("coverage", "items", fact="does", covers="may", match="equal")
    outcome = decide(made, {"items": [{"id": "i", "does": ["a", "c"], "may": ["a"]}]})
    assert [(at, words) for _, at, words in said(outcome)] == [
        ("/items/0/does/1", "c is not among “items.may”")
    ]


def demanding(**more: Any) -> Any:
    return obligation(
        "coverage", "company", demands=["a", "b"], covers="fields", match="equal", **more
    )


@pytest.mark.parametrize(
    ("papers", "expected", "pointers"),
    [
        ([{"rule": "x", "fields": ["a", "b"]}], "satisfied", []),
        ([{"rule": "x", "fields": ["a"]}, {"rule": "x", "fields": ["b"]}], "satisfied", []),
        ([{"rule": "x", "fields": ["a"]}], "violated", ["/attestations"]),
        ([{"rule": "x", "fields": ["a", None]}], "unknown", ["/attestations/0/fields"]),
        ([{"rule": "y", "fields": ["a", "b"]}], "unknown", ["/attestations"] * 2),
        ([], "unknown", ["/attestations"] * 2),
        (None, "unknown", ["/attestations"] * 2),
    ],
)
def test_what_is_demanded_is_found_among_the_documents(
    papers: Any, expected: str, pointers: list[str]
) -> None:
    made = demanding(by="/attestations", by_where={"rule": "x"})
    outcome = decide(made, {"company": {"id": "c"}, "attestations": papers})
    assert outcome.verdict == expected
    assert [at for _, at, _ in said(outcome)] == pointers


def test_what_is_demanded_is_found_in_the_subject() -> None:
    def of(fields: Any) -> list[tuple[str, str]]:
        outcome = decide(demanding(), {"company": {"fields": fields}})
        return [(verdict, at) for verdict, at, _ in said(outcome)]

    assert of(["b", "a"]) == []
    assert of(["a"]) == [("violated", "/company/fields")]
    assert of(None) == [("unknown", "/company/fields")] * 2


def test_an_empty_list_other_than_the_documents_covers_nothing() -> None:
    made = demanding(by="/pages")
    assert decide(made, {"company": {}, "pages": []}).verdict == "violated"
