from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.numbers import normal_form, numbers_in
from tests.numbers import LICENCES, PROVINCES, four

DASHES = "-‐‑‒–—―−－﹣﹘ー─"


@pytest.mark.parametrize(
    "text",
    [
        "京B2-20190486",
        "京Ｂ２－２０１９０４８６号",
        "京 B2 - 20190486 号",
        "京B2——20190486",
        "京\u200bB2\ufeff-2019\u00ad0486",
        "京\ufe0fB2-2019\u034f0486\U000e0100",
        "京B2-2019\n      0486",
        "经营许可证编号京B2-20190486",
        "ICP证：京B2-20190486Copyright",
        "京B2-20190486，京B2-20190486",
        "京B2-20190486-20190490",
        "京B2-20190486-X",
        "京B2-20190486 - 010-62642222",
        "京B2-20190486 4008007766",
        *(f"京B2{dash}20190486" for dash in DASHES),
    ],
)
def test_one_licence_however_it_is_printed(text):
    assert four(numbers_in(text)) == (["京B2-20190486"], [], [], [])


@pytest.mark.parametrize(
    ("text", "licences"),
    [
        ("合字A1.B1.B2-20180017", ["合字A1.B1.B2-20180017"]),
        ("合 字B2-20180025", ["合字B2-20180025"]),
        ("A2.B1. B2-20090003", ["A2.B1.B2-20090003"]),
        ("全国B2-20160778", ["B2-20160778"]),
        ("京B2-20202418，A2.B1.B2-20202637", ["A2.B1.B2-20202637", "京B2-20202418"]),
        ("粤ICP备13003602号合字B2-20170010", ["合字B2-20170010"]),
        ("ICP证粤B2-20160194", ["粤B2-20160194"]),
        ("京B1.B2-20150233", ["京B1.B2-20150233"]),
        ("业务种类B2\nB2-20150233", ["B2-20150233"]),
        ("业务种类B2 京B2-20150233", ["京B2-20150233"]),
    ],
)
def test_prefixes_and_categories(text, licences):
    assert four(numbers_in(text))[0] == licences


@pytest.mark.parametrize(
    ("text", "police"),
    [
        ("京公网安备110102000060-1", ["京公网安备110102000060-1"]),
        ("京公网安备 11010802026719号", ["京公网安备11010802026719"]),
        ("京公网安备11010802026719号 - 400-800-7766", ["京公网安备11010802026719"]),
    ],
)
def test_a_police_filing_keeps_its_site(text, police):
    assert four(numbers_in(text)) == ([], [], [], police)


@pytest.mark.parametrize(
    ("text", "filings"),
    [
        ("京ICP备18012699号", ["京ICP备18012699"]),
        ("京ICP备18012699号-3", ["京ICP备18012699号-3"]),
        ("京ICP备18012699-3", ["京ICP备18012699-3"]),
        ("京 ICP 备 18012699 号 -3", ["京ICP备18012699号-3"]),
        ("京ICP备2021012345号-12A", ["京ICP备2021012345号-12A"]),
        ("京ICP备18012699号-3Copyright", ["京ICP备18012699号-3"]),
        ("京ICP备18012699号-3 - 2019", ["京ICP备18012699号-3"]),
        ("京ICP备18012699号 - 3", ["京ICP备18012699号-3"]),
        ("京ICP备18012699号 - 2019", ["京ICP备18012699"]),
        ("京ICP备18012699号-2009-2019", ["京ICP备18012699"]),
        ("京ICP备1801 2699号", ["京ICP备18012699"]),
        ("蜀ICP备13002172号", ["蜀ICP备13002172"]),
        ("京ICP备180126990号", []),
        ("京ICP备1801269号", []),
        ("京ICP备12022551号 4008167189-9", ["京ICP备12022551"]),
        ("京ICP备案18012699号-3", ["京ICP备18012699号-3"]),
        ("京ICP备案号：18012699号", ["京ICP备18012699"]),
        ("京ICP备 第18012699号", ["京ICP备18012699"]),
        ("京ICP备案号京ICP备18012699号", ["京ICP备18012699"]),
        ("京ICP备-18012699", []),
    ],
)
def test_filings(text, filings):
    assert four(numbers_in(text)) == ([], [], filings, [])


@pytest.mark.parametrize(
    ("text", "police"),
    [
        ("京公网安备11010802026719号", ["京公网安备11010802026719"]),
        ("粤公网安备 44049102496009 号", ["粤公网安备44049102496009"]),
        ("浙ICP京公网安备110105019085增值", ["京公网安备110105019085"]),
        ("皖公网安备341324020000239号", ["皖公网安备341324020000239"]),
        ("京公网安备1101 0802 026719号", ["京公网安备11010802026719"]),
        ("京公网安备：11010802026719号", ["京公网安备11010802026719"]),
        ("京公网安备案第11010802026719号-1", ["京公网安备11010802026719号-1"]),
        ("京公网安备110104734773474323", []),
        ("京公网安备1101054826", []),
        ("京公网安备00000000000000号", []),
    ],
)
def test_police_filings(text, police):
    assert four(numbers_in(text)) == ([], [], [], police)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "京B2-XXXXXXXX",
        "京B2-2019048",
        "京B2-201904861",
        "京B2-12345678",
        "京b2-20190486",
        "京C2-20190486",
        "京B3-20190486",
        "京B2.B1-20190486",
        "京A2 B1 B2-20090001",
        "A2。B1。B2-20090001",
        "A2|B1|B2-20090001",
        "A2和B2-20090001",
        "合字A2 B2-20180017",
        "京B2.B2-20190486",
        "B1、B2-20150233",
        "港B2-20190486",
        "（京）B2-20190486",
        "浙D3-20210002",
        "XB2-20190486",
        "京ICP证000000号",
        "京ICP证1900075号",
        "京ICP备00000000号",
        "京ICP备12345678号-1",
        "粤ICP备1234567890号",
        "京ICP备2024000000号",
        "京ICP证123456号",
        "京公网安备 12345678901234号",
        "京ICP备XXXXXXXX号",
        "京网文[2014]0059-0009号",
        "新出发京批字第直0673号 新出网证(京)字150号",
        "（沪）字第1248号 （苏）-非经营性-2016-0005",
        "电信业务审批[2014]字第1号",
    ],
)
def test_what_is_no_number(text):
    assert four(numbers_in(text)) == ([], [], [], [])


@pytest.mark.parametrize(
    ("text", "written", "suggestion"),
    [
        ("编号：a2.b1.b2-2C090003", "a2.b1.b2-2C090003", "A2.B1.B2-20090003"),
        ("京b2-20190486", "京b2-20190486", "京B2-20190486"),
        ("京B2-2019O486", "京B2-2019O486", "京B2-20190486"),
        ("京B2一20190486", "京B2一20190486", "京B2-20190486"),
        ("京B2.B1-20190486", "京B2.B1-20190486", "京B1.B2-20190486"),
        ("B1、B2-20150233", "B1、B2-20150233", "B1.B2-20150233"),
        ("京B2-12345678", "京B2-12345678", ""),
        ("京icp备18012699号", "京icp备18012699", "京ICP备18012699"),
    ],
)
def test_near_misses_say_what_was_meant(text, written, suggestion):
    [miss] = numbers_in(text).near_misses
    assert (miss.written, miss.suggestion) == (written, suggestion)
    assert text[miss.offset :].startswith(written)


@pytest.mark.parametrize(
    ("number", "normal"),
    [
        ("京B2-20190486号", "京B2-20190486"),
        (" 京 Ｂ２——２０１９０４８６ ", "京B2-20190486"),
        ("京ICP备18012699号-3", "京ICP备18012699号-3"),
        ("京\u200b公网安备11010802026719号", "京公网安备11010802026719"),
        ("", ""),
    ],
)
def test_normal_form(number, normal):
    assert normal_form(number) == normal


FILINGS = st.builds(
    "{}ICP备{}".format,
    st.sampled_from(PROVINCES),
    st.one_of(
        st.integers(10**7, 10**8 - 1).filter(lambda number: number != 12345678),
        st.integers(2 * 10**9, 21 * 10**8).filter(lambda number: number % 10**6),
    ),
)
POLICE = st.builds(
    "{}公网安备{}".format, st.sampled_from(PROVINCES), st.integers(10**11, 10**15 - 1)
)
GAP = st.sampled_from([" ", "\n", "，", " | ", "；"])


@given(LICENCES, FILINGS, POLICE, GAP, GAP, st.booleans())
def test_every_number_of_the_grammar_is_found(licence, filing, police, first, second, closed):
    end = "号" if closed else ""
    numbers = numbers_in(f"{licence}{end}{first}{filing}{end}{second}{police}{end}")
    assert four(numbers) == ([licence], [], [filing], [police])


@given(LICENCES, st.data())
def test_what_cannot_be_seen_inside_a_number_does_not_matter(licence, data):
    noise = st.sampled_from(["", "", "\u200b", " ", "\ufeff"])
    broken = "".join(char + data.draw(noise) for char in licence)
    assert numbers_in(broken).licences == (licence,)


@given(st.one_of(LICENCES, FILINGS, POLICE))
def test_the_normal_form_is_stable_and_finds_itself(number):
    assert normal_form(normal_form(number)) == normal_form(number) == number
    assert [found.number for found in numbers_in(number + "号").found] == [number]


@given(st.text())
def test_any_text_is_read(text):
    numbers = numbers_in(text)
    assert all(normal_form(found.number) == found.number for found in numbers.found)


@pytest.mark.parametrize(
    "unit", ["京B2-20190486 ", "京ICP备 1 2 ", "A1.A1.A1. ", "B2-2019 ", "京    ", "合", "1 2 3 "]
)
def test_the_time_is_linear(unit):
    """Linear time is a twentieth of a second here; quadratic time would not come to an end."""
    text = unit * (50_000 // len(unit))
    assert numbers_in(text + "京B2-20190486").licences[-1:] == ("京B2-20190486",)
