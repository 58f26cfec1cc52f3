from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.catalogue import CATALOGUE, INTERNET_ITEMS, covers, name_of
from pytest_icp.law.errors import IcpError
from pytest_icp.law.scope import PROVISO, Scope, ScopeError, parse_scope, render_scope

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "scopes.jsonl")
    .read_text("utf-8")
    .splitlines()
]
INTERNET = "信息服务业务（仅限互联网信息服务）"
CALLS = "国内呼叫中心业务"
ECOMMERCE = "在线数据处理与交易处理业务（仅限经营类电子商务）"
ALL = set(INTERNET_ITEMS)
SUBSETS = [set(some) for n in range(6) for some in combinations(INTERNET_ITEMS, n)]
ITEMS = st.sampled_from(INTERNET_ITEMS)
LINES = [
    INTERNET,
    "信息服务业务",
    "信息服务业务（不含互联网信息服务）",
    "互联网数据中心业务",
    "互联网接入服务业务",
    "在线数据处理与交易处理业务（仅限经营类电子商务）",
    CALLS,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_scopes_as_licences_print_them(case):
    scope = parse_scope(case["text"], case["service"])
    assert scope.permitted == {*case["permitted"]}
    assert scope.excluded == {*case.get("excluded", scope.excluded)}
    assert scope.excluded.isdisjoint(scope.permitted)
    content = scope.preapprovals_included, scope.preapprovals_excluded
    told = (case.get(f"preapproval_{name}") for name in ("included", "excluded"))
    for one, other in zip(content, told, strict=True):
        assert other is None or one == {*other}


@pytest.mark.parametrize("chosen", SUBSETS, ids=lambda chosen: f"{len(chosen)} items")
def test_what_is_printed_reads_back(chosen):
    scope = parse_scope(render_scope(chosen))
    assert scope.permitted == chosen
    assert scope.excluded == ALL - chosen


@pytest.mark.parametrize("text", ["", " \n", PROVISO, "。", "全国"])
def test_what_excludes_nothing_permits_all(text):
    scope = parse_scope(text)
    assert (scope.permitted, scope.excluded) == (ALL, set())


@pytest.mark.parametrize(
    "outside",
    [
        "（不含港澳台）",
        "(不含港、澳、台地区)",
        "，除香港、澳门、台湾外",
        "（港澳台地区除外）",
        "，不含港澳台",
    ],
)
def test_that_no_licence_covers_what_lies_outside_says_nothing(outside):
    scope = parse_scope(f"全国{outside}；不含信息搜索查询服务")
    assert (scope.permitted, scope.areas) == (ALL - {"B25.search"}, ("全国",))
    for words in ("全国（含港澳台）", "不含港澳台、信息搜索查询服务"):
        with pytest.raises(ScopeError):
            parse_scope(words)


PROVISOS = [
    PROVISO,
    PROVISO.strip("【】"),
    "依法须经批准的项目，经相关部门批准后依批准的内容开展经营活动",
    "有效期至2025年1月16日",
    "（以上经营项目有效期至2027年5月1日）",
    "（增值电信业务经营许可证有效期至2025年01月16日）",
    "凭许可证京B2-20190486经营",
]


@given(st.sets(ITEMS, min_size=1), st.sampled_from(PROVISOS), st.data())
def test_a_proviso_hides_nothing_that_follows_it(items, proviso, data):
    first, *others = (name_of(code).zh for code in sorted(items))
    names = [f"不含{first}", *others]
    after = data.draw(st.integers(0, len(names)))
    mark = data.draw(st.sampled_from(["", "，", "、", "\n"]))
    parts = [*names[:after], proviso + mark, *names[after:]]
    assert parse_scope("、".join(parts)).permitted == ALL - items


@given(st.sets(ITEMS, min_size=1), st.sampled_from(["。", "；", "\n", "。" + PROVISO + "\n"]))
def test_an_exclusion_holds_before_the_name_of_its_line_too(items, between):
    names = "、".join(name_of(code).zh for code in sorted(items))
    assert parse_scope(f"不含{names}{between}{INTERNET}").permitted == ALL - items
    assert parse_scope(f"除{names}以外的{INTERNET}").permitted == ALL - items
    assert parse_scope(f"{names}除外的{INTERNET}").permitted == ALL - items


@pytest.mark.parametrize(
    ("text", "line", "permitted"),
    [
        ("依法须经批准的项目，经批准后方可经营\n国内呼叫中心业务", CALLS, {"B24"}),
        (f"{INTERNET}有效期至2025年01月16日\n国内呼叫中心业务", CALLS, {"B24"}),
        ("凭增值电信业务经营许可证从事国内呼叫中心业务", CALLS, {"B24"}),
    ],
)
def test_a_line_behind_a_proviso_is_read(text, line, permitted):
    assert parse_scope(text, line).permitted == permitted
    with pytest.raises(ScopeError, match="the scope of another line of business"):
        parse_scope(text, "内容分发网络业务")


@pytest.mark.parametrize(
    ("text", "line", "permitted"),
    [
        ("不含网络借贷信息中介类的互联网金融业务", ECOMMERCE, {"B21.ecommerce"}),
        ("含网络借贷信息中介业务", ECOMMERCE, {"B21.ecommerce"}),
        ("仅限应用商店", INTERNET, {"B25.publish"}),
        ("应用商店除外", INTERNET, ALL),
    ],
)
def test_limits_without_a_code_take_no_item_away(text, line, permitted):
    assert parse_scope(text, line) == Scope(permitted=frozenset(permitted))


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("北京、上海", ("北京", "上海")),
        ("互联网数据中心业务(机房所在地为北京、南昌)", ("北京", "南昌")),
        ("业务覆盖范围：全国", ("全国",)),
        ("北京市、广西壮族自治区、江苏省3省（直辖市、自治区）", ("北京", "广西", "江苏")),
        ("北京、北京", ("北京",)),
    ],
)
def test_areas(text, areas):
    scope = parse_scope(text, "互联网数据中心业务")
    assert scope.areas == areas
    assert scope.permitted == {"B11.idc", "B11.cloud"}


SEVERAL = (
    "1、信息服务业务（仅限互联网信息服务）：不含信息搜索查询服务\n"
    "2、信息服务业务（不含互联网信息服务）：全国；"
    "3、互联网接入服务业务（为上网用户提供接入服务）：北京 (4)互联网接入服务业务：上海。\n"
    "国内呼叫中心业务：全国"
)


@pytest.mark.parametrize(
    ("line", "permitted", "areas"),
    [
        (INTERNET, ALL - {"B25.search"}, ()),
        ("信息服务业务（不含互联网信息服务）", {"B25.non_internet", "B25.fixed_phone"}, ("全国",)),
        ("互联网接入服务业务", {"B14.user", "B14.platform"}, ("北京", "上海")),
        (CALLS, {"B24"}, ("全国",)),
    ],
)
def test_several_lines_in_one_text(line, permitted, areas):
    scope = parse_scope(SEVERAL, line)
    assert (scope.permitted, scope.areas) == (permitted, areas)


@pytest.mark.parametrize("between", ["；", "。", "\n", "。\n", "2、", "\n第二类增值电信业务中的"])
def test_a_line_begins_after_a_stop_or_on_a_new_line(between):
    text = f"{INTERNET}：不含信息搜索查询服务{between}国内呼叫中心业务：全国"
    assert parse_scope(text).permitted == ALL - {"B25.search"}
    other = parse_scope(text, CALLS)
    assert (other.permitted, other.areas) == ({"B24"}, ("全国",))


BUSINESS_SCOPE = (
    "第一类增值电信业务中的因特网数据中心业务；第二类增值电信业务中的呼叫中心业务、因特网接入服务业务、"
    "信息服务业务（不含固定网电话信息服务和互联网信息服务）（增值电信业务经营许可证有效期至2020年07月07日）；"
    "互联网信息服务（不含新闻、出版、教育、医疗保健、药品和医疗器械，含电子公告服务）"
)


@pytest.mark.parametrize(
    ("line", "permitted"),
    [
        ("因特网数据中心业务", {"B11.idc", "B11.cloud"}),
        ("呼叫中心业务", {"B24"}),
        (INTERNET, ALL),
        ("信息服务业务（不含互联网信息服务）", {"B25.non_internet"}),
        ("信息服务业务", {"B25.non_internet", *ALL}),
    ],
)
def test_a_business_scope_before_2016(line, permitted):
    expanded = set()
    for code in parse_scope(BUSINESS_SCOPE, line).permitted:
        expanded |= ALL if code == "B25.internet" else {code}
    assert expanded == permitted


def test_permits_named_in_the_text_are_no_residue():
    text = (
        "信息服务业务（不含固定网电话信息服务和互联网信息服务，并按许可证B2-20090028号文办）；"
        "信息服务业务（仅限互联网信息服务业务，并按许可证粤B2-20090059号文办）"
    )
    assert parse_scope(text).permitted == ALL
    assert parse_scope(text, "信息服务业务（不含互联网信息服务）").permitted == {"B25.non_internet"}


REFUSED = {
    "not a known word of a scope text": [
        ("不含信息搜锁查询服务、信息社区服务", INTERNET, "信息搜锁查询", 2, "信息搜索查询服务"),
        ("不含 信息社区服务、\n零售图书。", INTERNET, "零售图书", 11),
        ("信息社圈服务。", INTERNET, "信息社圈", 0, "信息社区服务"),
        ("新闻、信息社圈服务。", INTERNET, "信息社圈", 3, "信息社区服务"),
        ("零售图书 \n", INTERNET, "零售图书", 0),
        ("零新闻。", INTERNET, "零", 0, "新闻"),
        ("新闻、信悉发布平台和递送服务。", INTERNET, "信悉发布平台", 3, "信息发布平台和递送服务"),
    ],
    "no known item follows": [
        ("不含", INTERNET, "不含", 0),
        ("（不含）信息社区服务", INTERNET, "不含", 1),
        ("不含、含新闻", INTERNET, "不含", 0),
    ],
    "there is nothing before 除外": [
        ("除外", INTERNET, "除外", 0),
        ("除外国以外", INTERNET, "除外", 0),
        ("含新闻除外。", INTERNET, "除外", 3),
    ],
    "there is no 除 before it": [
        ("不含信息社区服务外", INTERNET, "外", 8),
        ("信息社区服务外。", INTERNET, "外", 6),
    ],
    "the scope of another line of business": [
        ("互联网接入服务业务（不含网站接入）", INTERNET, "互联网接入服务业务", 0),
        ("全国。国内呼叫中心业务：北京", INTERNET, CALLS, 3),
    ],
    "excludes the line of business itself": [
        ("不含互联网信息服务", INTERNET, "互联网信息服务", 0),
    ],
    "an item of another line of business": [
        ("不含网站接入", INTERNET, "网站接入", 2),
        ("应用商店", CALLS, "应用商店", 0),
        ("网络借贷信息中介业务。", INTERNET, "网络借贷信息中介业务", 0),
    ],
    "a line of business where an item is expected": [
        ("不含呼叫中心业务", INTERNET, "呼叫中心业务", 2),
    ],
    "both excluded and included (write a line for each area)": [
        ("不含信息社区服务，含信息社区服务", INTERNET, "信息社区服务", 10),
    ],
    "it is not clear for which areas (write a line for each area)": [
        (
            "上海1直辖市含网站接入，北京、江苏5省（直辖市）不含网站接入",
            "互联网接入服务业务",
            "网站接入",
            26,
        ),
    ],
    "not a line of business of the catalogue": [
        ("", "信息伏务业务", "信息伏务业务", 0, "信息服务业务"),
        ("", "零售图书", "零售图书", 0),
        ("", "不含新闻", "不含新闻", 0),
        ("", "", "", 0),
        ("", "国内呼叫中心业务、内容分发网络业务", "国内呼叫中心业务、内容分发网络业务", 0, CALLS),
        ("", "呼叫中心业务（零售）", "呼叫中心业务（零售）", 0, "呼叫中心业务"),
    ],
    "whether the other items are permitted is not clear": [
        ("含信息社区服务。", INTERNET, "信息社区服务", 1),
        ("含信息社区服务、信息搜索查询服务。", INTERNET, "信息社区服务", 1),
    ],
    "it is not clear whether this is excluded too": [
        ("不含信息社区服务；信息发布平台和递送服务", INTERNET, "信息发布平台和递送服务", 9),
    ],
}


@pytest.mark.parametrize(
    ("problem", "row"), [(problem, row) for problem, rows in REFUSED.items() for row in rows]
)
def test_what_cannot_be_read_is_told_with_its_place(problem, row):
    text, line, residue, position, *suggestion = row
    with pytest.raises(ScopeError) as refused:
        parse_scope(text, line)
    error, meant = refused.value, "".join(suggestion)
    assert isinstance(error, ValueError)
    assert isinstance(error, IcpError)
    assert (error.problem, error.residue) == (problem, residue)
    assert (error.position, error.suggestion) == (position, meant)
    hint = f"; did you mean {meant!r}?" if meant else ""
    assert str(error) == f"{problem}: {residue!r} at character {position}{hint}"


def test_render_prints_as_licences_do():
    assert render_scope({"B25.publish"}) == (
        "不含信息搜索查询服务、信息社区服务、信息即时交互服务和信息保护和加工处理服务。" + PROVISO
    )
    assert render_scope(ALL) == PROVISO
    assert render_scope(ALL - {"B25.im"}, preapprovals=["新闻", "文化"]) == (
        "含新闻、文化，不含信息即时交互服务。" + PROVISO
    )
    assert render_scope(ALL, preapprovals=["新闻"]) == "含新闻。" + PROVISO


def test_render_refuses_items_of_other_lines():
    with pytest.raises(ScopeError) as refused:
        render_scope({"B24", "B25.publish"})
    said = "not an item of Internet information services: 'B24' at character 0"
    assert str(refused.value) == said


@given(
    st.sets(ITEMS), st.sets(st.sampled_from(["新闻", "出版", "药品和医疗器械", "文化", "视听节目"]))
)
def test_preapprovals_round_trip_beside_items(chosen, contents):
    scope = parse_scope(render_scope(chosen, preapprovals=sorted(contents)))
    assert (scope.permitted, scope.preapprovals_included) == (chosen, contents)


@given(st.lists(ITEMS, min_size=1), ITEMS, st.data())
def test_an_exclusion_more_never_permits_more(items, more, data):
    joiner = st.sampled_from(["、", "和", "及", "/", "，", ",", ";", " ", "、\n"])
    names = [name_of(code).zh for code in items]
    # With the colon it is a list; without, what follows a semicolon may be something else.
    text = "不含:" + "".join(name + data.draw(joiner) for name in names)
    scope = parse_scope(text)
    assert scope.permitted == ALL - set(items)
    assert parse_scope(text + name_of(more).zh).permitted <= scope.permitted


@given(st.sets(ITEMS, min_size=1), st.data())
def test_order_and_spacing_never_matter(items, data):
    names = data.draw(st.permutations([name_of(code).zh for code in items]))
    text = "不含" + "、".join(names) + "。" + PROVISO
    spaced = "".join(
        char + data.draw(st.sampled_from(["", " ", "\n", "　", "\u200b"])) for char in text
    )
    assert parse_scope(spaced) == parse_scope(text)


@given(st.sets(ITEMS, min_size=1))
def test_width_never_matters(items):
    text = (
        f"信息服务业务（仅限互联网信息服务）：不含{'，'.join(name_of(code).zh for code in items)}"
    )
    narrow = text.replace("（", "(").replace("）", ")").replace("：", ":").replace("，", ",")
    assert parse_scope(narrow) == parse_scope(text)


WORDS = (
    "不含 含 仅限 除 外 除外 （ ） 、 。 ； 新闻 全国 应用商店 图书 1、 "
    "依法须经批准的项目 信息服务业务 互联网信息服务 信息社区服务 信息搜索查询服务 "
    "固定网电话信息服务 网站接入 呼叫中心业务 许可证有效期至2025年"
).split()


@given(st.lists(st.sampled_from([*WORDS, "\n"])).map("".join), st.sampled_from(LINES))
def test_any_text_is_read_within_its_line_or_refused_in_its_place(text, line):
    scope = read_or_refuse(text, line)
    whole = parse_scope("", line).permitted
    assert all(any(covers(held, code) for held in whole) for code in scope.permitted)
    assert scope.permitted.isdisjoint(scope.excluded)
    assert scope.excluded <= set(CATALOGUE)


def read_or_refuse(text, line):
    """Read a scope; refused in a place of the text, it permits nothing."""
    try:
        return parse_scope(text, line)
    except ScopeError as error:
        if not 0 <= error.position <= len(text):
            raise
        return Scope(permitted=frozenset())


# ---- What is read word by word


@pytest.mark.parametrize("line", [INTERNET, CALLS])
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
    refuse(text, INTERNET)


def refuse(text: str, line: str) -> None:
    with pytest.raises(ScopeError) as refused:
        parse_scope(text, line)
    said = "a line of business where an item is expected", CALLS, text.index(CALLS), ""
    assert refused.value.args == said


BOTH = "信息服务业务（仅限互联网信息服务和移动网信息服务）"
FOUR = ALL - {"B25.search"}
WITHOUT = "互联网信息服务不含信息搜索查询服务"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{WITHOUT}；移动网信息服务", BOTH),
        (f"{WITHOUT}。移动网信息服务", BOTH),
        (f"{WITHOUT} 2、移动网信息服务", BOTH),
        (f"不含固定网电话信息服务、{WITHOUT}", "信息服务业务"),
        (f"{WITHOUT}；移动网信息服务（全国）", BOTH),
        ("不含信息搜索查询服务。信息社区服务", INTERNET),
        ("不含：信息搜索查询服务。信息社区服务", INTERNET),
        ("不含提供信息搜索查询服务；信息社区服务", INTERNET),
        ("不含信息搜索查询服务：全国；信息社区服务", INTERNET),
        ("不含信息搜索查询服务（信息社区服务）", INTERNET),
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
        "北京：不含信息搜索查询服务、信息社区服务；上海：不含信息即时交互服务",
        "北京（不含信息搜索查询服务），不含信息社区服务，上海",
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
        parse_scope(text, INTERNET)


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
    scope = parse_scope(text, INTERNET)
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
    text = f"{one}{INTERNET}：不含信息搜索查询服务；{two}{CALLS}：全国"
    assert parse_scope(text, INTERNET).permitted == FOUR
    calls = parse_scope(text, CALLS)
    assert (calls.permitted, calls.areas) == ({"B24"}, ("全国",))
    assert parse_scope("不含信息搜索查询服务", f"{one}{INTERNET}").permitted == FOUR


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
        parse_scope("不含信息搜鎖查詢服務", INTERNET)
    assert (refused.value.residue, refused.value.position) == ("信息搜鎖查詢", 2)
