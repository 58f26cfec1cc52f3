from __future__ import annotations

import pytest

from pytest_icp.law.scope import ScopeError, parse_scope

LINE = "信息服务业务（仅限互联网信息服务）"


def read(text: str) -> tuple[set[str], set[str], set[str]]:
    """Return what a scope text excludes, and the content that it includes and excludes."""
    scope = parse_scope(text, line=LINE)
    return set(scope.excluded), set(scope.preapprovals_included), set(scope.preapprovals_excluded)


@pytest.mark.parametrize(
    ("text", "excluded", "included", "without"),
    [
        ("信息社区服务除外。", {"B25.community"}, set(), set()),
        ("新闻、出版除外。", set(), set(), {"新闻", "出版"}),
        ("信息社区服务、新闻除外。", {"B25.community"}, set(), {"新闻"}),
        ("新闻除外，含出版。", set(), {"出版"}, {"新闻"}),
        ("除信息社区服务外，含新闻。", {"B25.community"}, {"新闻"}, set()),
        ("不含新闻。", set(), set(), {"新闻"}),
        ("新闻除外，出版除外。", set(), set(), {"新闻", "出版"}),
        ("新闻、教育。", set(), {"新闻", "教育"}, set()),
        ("除新闻外，出版除外。", set(), set(), {"新闻", "出版"}),
        ("（新闻除外）。", set(), set(), {"新闻"}),
    ],
)
def test_what_stands_before_the_exception_is_excluded(
    text: str, excluded: set[str], included: set[str], without: set[str]
) -> None:
    assert read(text) == (excluded, included, without)
    assert not excluded & set(parse_scope(text, line=LINE).permitted)


CALLS = "国内呼叫中心业务"


@pytest.mark.parametrize("line", [LINE, CALLS])
@pytest.mark.parametrize(
    "text",
    [
        "不含国内呼叫中心业务",
        "\n不含国内呼叫中心业务",
        "全国\n不含国内呼叫中心业务",
        "全国。不含国内呼叫中心业务",
        "不含：\n国内呼叫中心业务",
        "不含1、国内呼叫中心业务",
        "除国内呼叫中心业务外",
    ],
)
def test_a_line_of_business_that_is_excluded_is_not_one_that_begins(text: str, line: str) -> None:
    refuse(text, line)


@pytest.mark.parametrize(
    "text",
    [
        "不含信息社区服务、国内呼叫中心业务",
        "全国\n不含信息社区服务、国内呼叫中心业务",
        # The end of a line of text within a word says nothing.
        "不含信息社区服\n务国内呼叫中心业务",
    ],
)
def test_a_line_of_business_among_excluded_items_is_refused(text: str) -> None:
    refuse(text, LINE)


def refuse(text: str, line: str) -> None:
    with pytest.raises(ScopeError) as refused:
        parse_scope(text, line)
    said = "a line of business where an item is expected", CALLS, text.index(CALLS), ""
    assert refused.value.args == said


@pytest.mark.parametrize(
    ("text", "problem", "residue", "position", "suggestion"),
    [
        ("除外。", "there is nothing before 除外", "除外", 0, ""),
        # 含 and 除外 gainsay each other.
        ("含新闻除外。", "there is nothing before 除外", "除外", 3, ""),
        ("信息社圈服务。", "not a known word of a scope text", "信息社圈", 0, "信息社区服务"),
        ("新闻、信息社圈服务。", "not a known word of a scope text", "信息社圈", 3, "信息社区服务"),
        ("不含、含新闻。", "no known item follows", "不含", 0, ""),
        (
            "不含信息社区服务，含信息社区服务。",
            "both excluded and included (write a line for each area)",
            "信息社区服务",
            10,
            "",
        ),
        (
            "含信息社区服务。",
            "whether the other items are permitted is not clear",
            "信息社区服务",
            1,
            "",
        ),
        (
            "含信息社区服务、信息搜索查询服务。",
            "whether the other items are permitted is not clear",
            "信息社区服务",
            1,
            "",
        ),
        (
            "不含信息社区服务；信息发布平台和递送服务",
            "it is not clear whether this is excluded too",
            "信息发布平台和递送服务",
            9,
            "",
        ),
        ("不含网站接入。", "an item of another line of business", "网站接入", 2, ""),
        (
            "网络借贷信息中介业务。",
            "an item of another line of business",
            "网络借贷信息中介业务",
            0,
            "",
        ),
        (
            "不含互联网信息服务。",
            "excludes the line of business itself",
            "互联网信息服务",
            0,
            "",
        ),
        ("零售图书 \n", "not a known word of a scope text", "零售图书", 0, ""),
        ("零新闻。", "not a known word of a scope text", "零", 0, "新闻"),
        # The name goes on behind 和, a word that is known.
        (
            "新闻、信悉发布平台和递送服务。",
            "not a known word of a scope text",
            "信悉发布平台",
            3,
            "信息发布平台和递送服务",
        ),
    ],
)
def test_what_cannot_be_read_is_told_in_full(
    text: str, problem: str, residue: str, position: int, suggestion: str
) -> None:
    with pytest.raises(ScopeError) as refused:
        parse_scope(text, line=LINE)
    error = refused.value
    assert error.args == (problem, residue, position, suggestion)
    assert (error.problem, error.residue) == (problem, residue)
    assert (error.position, error.suggestion) == (position, suggestion)
    meant = f"; did you mean {suggestion!r}?" if suggestion else ""
    assert str(error) == f"{problem}: {residue!r} at character {position}{meant}"
