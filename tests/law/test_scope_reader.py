from __future__ import annotations

import pytest

from pytest_icp.law.catalogue import INTERNET_ITEMS
from pytest_icp.law.scope import ScopeError, parse_scope

LINE = "信息服务业务（仅限互联网信息服务）"


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
        ("信息社区服务外。", "there is no 除 before it", "外", 6, ""),
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


BOTH = "信息服务业务（仅限互联网信息服务和移动网信息服务）"
FIVE = {*INTERNET_ITEMS}
FOUR = FIVE - {"B25.search"}
WITHOUT = "互联网信息服务不含信息搜索查询服务"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{WITHOUT}；移动网信息服务", BOTH),
        (f"{WITHOUT}。移动网信息服务", BOTH),
        (f"{WITHOUT} 2、移动网信息服务", BOTH),
        (f"不含固定网电话信息服务、{WITHOUT}", "信息服务业务"),
        (f"{WITHOUT}；移动网信息服务（全国）", BOTH),
        ("不含信息搜索查询服务。信息社区服务", LINE),
        ("不含：信息搜索查询服务。信息社区服务", LINE),
        ("不含提供信息搜索查询服务；信息社区服务", LINE),
        ("不含信息搜索查询服务：全国；信息社区服务", LINE),
        ("不含信息搜索查询服务（信息社区服务）", LINE),
        (f"{WITHOUT}（移动网信息服务：全国）", "信息服务业务（不含固定网电话信息服务）"),
    ],
)
def test_where_something_may_be_excluded_or_begin_it_is_refused(text, line):
    with pytest.raises(ScopeError, match="it is not clear whether this is excluded too"):
        parse_scope(text, line)


@pytest.mark.parametrize(
    "text",
    [
        "北京：不含信息搜索查询服务；上海：不含信息社区服务",
        "全国，其中北京不含信息搜索查询服务",
        "其中北京不含信息搜索查询服务",
        "北京（不含信息搜索查询服务）、上海",
        "北京、上海（不含信息搜索查询服务）、广东",
        "北京（不含应用商店）、上海",
        "北京、上海2直辖市（不含信息搜索查询服务）、广东",
        "北京（机房所在地（节点所在地），不含信息搜索查询服务）、上海",
    ],
)
def test_a_limit_that_may_be_of_some_areas_alone_is_refused(text):
    with pytest.raises(ScopeError, match="it is not clear for which areas"):
        parse_scope(text, LINE)


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("北京、上海：不含信息搜索查询服务、新闻", ("北京", "上海")),
        ("全国（不含信息搜索查询服务），机房所在地为北京", ("全国", "北京")),
        ("全国、北京（不含信息搜索查询服务），机房所在地为上海", ("全国", "北京", "上海")),
        ("北京（不含信息搜索查询服务）", ("北京",)),
        ("北京、上海（不含信息搜索查询服务）", ("北京", "上海")),
        ("北京、上海2直辖市（不含信息搜索查询服务）", ("北京", "上海")),
        ("北京、上海，（不含信息搜索查询服务），机房所在地为广东", ("北京", "上海", "广东")),
        ("北京、上海（2直辖市）不含信息搜索查询服务，机房所在地为广东", ("北京", "上海", "广东")),
        ("仅限北京、上海，不含信息搜索查询服务", ("北京", "上海")),
        ("含北京；不含信息搜索查询服务：北京、上海", ("北京", "上海")),
    ],
)
def test_a_limit_of_all_areas_is_read(text, areas):
    scope = parse_scope(text, LINE)
    assert (scope.permitted, scope.areas) == (FOUR, areas)


def test_areas_of_one_item_are_not_those_of_another():
    text = "为上网用户提供接入服务：北京；仅限为互联网平台提供接入服务：上海"
    both = {"B14.user", "B14.platform"}
    assert parse_scope(text, "互联网接入服务业务").permitted == both


@pytest.mark.parametrize("text", ["全国，不含西藏", "除西藏以外"])
def test_an_area_that_is_excluded_is_refused(text):
    with pytest.raises(ScopeError, match="no known item follows"):
        parse_scope(text, CALLS)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("①", "②"),
        ("❶", "❷"),
        ("➀", "➁"),
        ("➊", "➋"),
        ("⓵", "⓶"),
        ("⒈", "⒉"),
        ("1）", "2)"),
        ("B25", "B24-1"),
        ("（B25）", "（B24）"),
        ("①B25、", "②B24、"),
        ("⑳", "⑳"),
    ],
)
def test_entries_are_numbered_in_many_ways(one, two):
    text = f"{one}{LINE}：不含信息搜索查询服务；{two}{CALLS}：全国"
    assert parse_scope(text, LINE).permitted == FOUR
    calls = parse_scope(text, CALLS)
    assert (calls.permitted, calls.areas) == ({"B24"}, ("全国",))
    assert parse_scope("不含信息搜索查询服务", f"{one}{LINE}").permitted == FOUR


@pytest.mark.parametrize(
    ("line", "permitted"),
    [
        ("B24-1", {"B24"}),
        ("B26-1", {"B26"}),
        ("基础电信业务中的国内甚小口径终端地球站（VSAT）通信业务", {"A23"}),
        ("Ｂ２４", {"B24"}),
        ("A15 IP电话业务", {"A15"}),
        ("第二类基础电信业务中的集群通信业务", {"A21"}),
        ("存储转发类业务（语音信箱）", {"B23"}),
        ("國內呼叫中心業務", {"B24"}),
        ("在線數據處理與交易處理業務（僅限經營類電子商務）", {"B21.ecommerce"}),
    ],
)
def test_other_names_of_lines(line, permitted):
    assert parse_scope("全國（以下空白）", line).permitted == permitted
    assert parse_scope("——", line).permitted == permitted


@pytest.mark.parametrize("line", ["B24-2", "离岸呼叫中心业务", "B24-2 离岸呼叫中心业务", "B25-1"])
def test_a_part_of_a_line_that_is_not_known_is_not_the_whole(line):
    with pytest.raises(ScopeError, match="not a line of business of the catalogue"):
        parse_scope("全国", line)


def test_a_scope_in_traditional_characters_is_read():
    text = "不含信息搜索查詢服務、信息社區服務、信息即時交互服務和信息保護和加工處理服務。廣東省"
    scope = parse_scope(text, "信息服務業務（僅限互聯網信息服務）")
    assert (scope.permitted, scope.areas) == ({"B25.publish"}, ("广东",))
    with pytest.raises(ScopeError) as refused:
        parse_scope("不含信息搜鎖查詢服務", LINE)
    assert (refused.value.residue, refused.value.position) == ("信息搜鎖查詢", 2)
