"""The cell of business: its lines and scopes as printed, or why they are not relied on."""

from __future__ import annotations

import pytest

from pytest_icp.facts.paper import PaperLicence, PaperLine
from tests.degrading import LICENCE, read

LABEL = "业务种类(服务项目)及覆盖范围："
INTERNET = "信息服务业务(仅限互联网信息服务)"
PROVISO = "【依法须经批准的项目，经相关部门批准后方可开展相应经营活动】"
WITHOUT = "不含信息搜索查询服务。"


def reading(cell: str) -> PaperLicence:
    start, end = LICENCE.index("业务种类\n(服务项目)"), LICENCE.index("发证机关")
    return read(f"{LICENCE[:start]}{cell}\n{LICENCE[end:]}")


def line(cell: str) -> PaperLine:
    (found,) = reading(cell).service_lines
    return found


@pytest.mark.parametrize(
    "cell",
    [
        f"{LABEL}{INTERNET}：{WITHOUT}\n{PROVISO}",
        f"{LABEL}\n{INTERNET}\n{WITHOUT}{PROVISO}",
        f"业务种类\n(服务项目)\n{INTERNET}\n及覆盖范围：{WITHOUT}\n{PROVISO}",
        f"业务种类\n信息服务业务(仅限\n(服务项目)\n互联网信息服务)\n及业务覆盖范围:\n{WITHOUT}{PROVISO}",
        f"业务种类(服务项目)\n{INTERNET}\n覆盖范围\n{WITHOUT}\n{PROVISO}",
    ],
)
def test_one_line_however_its_cell_was_cut(cell: str) -> None:
    found = line(cell)
    assert found.name.value == INTERNET
    assert found.scope.value == f"{WITHOUT}\n{PROVISO}"
    assert found.areas.value == []
    assert found.permits == ("B25.community", "B25.im", "B25.protect", "B25.publish")


@pytest.mark.parametrize(
    "cell",
    [
        f"{LABEL}1、{INTERNET}：{WITHOUT}2、互联网接入服务业务：北京、上海",
        f"{LABEL}\n{INTERNET}\n{WITHOUT}\n互联网接入服务业务\n北京、上海",
        f"{LABEL}一、{INTERNET} {WITHOUT}\n二、互联网接入服务业务 北京、上海",
        f"{LABEL}（一）{INTERNET}：{WITHOUT}（二）互联网接入服务业务：北京、上海",
        f"{LABEL}\n1．B25、{INTERNET}\n{WITHOUT}\n2．（B14）互联网接入服务业务\n北京、上海",
        f"{LABEL}【{INTERNET}】【{WITHOUT}】\n【互联网接入服务业务】【北京、上海】",
    ],
)
def test_several_lines(cell: str) -> None:
    first, second = reading(cell).service_lines
    assert (first.name.value, first.scope.value) == (INTERNET, WITHOUT)
    assert (second.name.value, second.scope.value) == ("互联网接入服务业务", "北京、上海")
    assert second.areas.value == ["北京", "上海"]
    assert second.permits == ("B14.platform", "B14.user")


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (f"{LABEL}{INTERNET}\n{PROVISO}", "no scope was found"),
        (f"{LABEL}{INTERNET}", "no scope was found"),
        (f"{LABEL}{INTERNET}不含信息搜索查询服务、", "no full stop"),
        (f"{LABEL}{INTERNET}不含信息搜索查询服务、信息社区服务{PROVISO}", "no full stop"),
        (f"{LABEL}{INTERNET}北京、上海、", "no full stop"),
        (f"{LABEL}{INTERNET}信息搜索查询服务。", "does not begin with"),
        (f"{LABEL}{INTERNET}覆盖范围{WITHOUT}", "does not begin with"),
        (f"{LABEL}{INTERNET}不含信息搜家查询服务。", "信息搜家查询 is not a word"),
        (f"{LABEL}{INTERNET}不含信息□索查询服务。", "characters that could not be read"),
        (f"业务种类(服务项目)\n{INTERNET}\n{WITHOUT}", "覆盖范围 was not found"),
    ],
)
def test_a_scope_that_may_be_cut_short_is_not_relied_on(cell: str, why: str) -> None:
    found = line(cell)
    assert found.name.value == INTERNET
    assert (found.scope.value, found.areas.value, found.permits) == (None, None, ())
    assert found.scope.doubt
    assert why in found.scope.doubt.en
    assert found.scope.seen


@pytest.mark.parametrize(
    "cell", [f"{LABEL}信息服务业务", f"{LABEL}信息服务业务(仅限互联网信自服务)：{WITHOUT}"]
)
def test_a_name_that_may_be_cut_short_is_not_relied_on(cell: str) -> None:
    found = line(cell)
    assert found.name.value is None
    assert found.name.doubt
    assert found.name.doubt.en == "the name of the line of business may be incomplete"


@pytest.mark.parametrize(
    "cell",
    [
        f"{LABEL}火星业务：{WITHOUT}",
        f"{LABEL}某某{INTERNET}",
        f"{LABEL}某某\n{INTERNET}：{WITHOUT}",
        # An entry with an unknown name, or without a number, is not passed over.
        f"{LABEL}1、火星业务：全国。2、互联网接入服务业务：北京",
        f"{LABEL}1、互联网接入服务业务：北京。2、火星业务：全国。3、国内呼叫中心业务：全国",
        f"{LABEL}1、互联网接入服务业务：北京。2、火星业务：全国。",
        f"{LABEL}（一）互联网接入服务业务：北京。（三）国内呼叫中心业务：全国",
        LABEL,
    ],
)
def test_a_cell_without_a_line_that_is_known(cell: str) -> None:
    found = reading(cell)
    assert found.service_lines == ()
    assert found.licensed.doubt
    assert "no known line of business" in found.licensed.doubt.en
    assert found.licensed.seen


@pytest.mark.parametrize(
    ("scope", "areas", "permits"),
    [
        ("机房所在地为北京、上海", ["北京", "上海"], ("B11.cloud", "B11.idc")),
        ("节点所在地为：广东", ["广东"], ("B11.cloud", "B11.idc")),
        ("不含互联网资源协作服务。机房所在地为北京", ["北京"], ("B11.idc",)),
        ("机房所在地：北京、上海2个城市", ["北京", "上海"], ("B11.cloud", "B11.idc")),
        ("机房所在地：北京、上海2个省市", ["北京", "上海"], ("B11.cloud", "B11.idc")),
        ("（机房所在地为北京、上海）", ["北京", "上海"], ("B11.cloud", "B11.idc")),
    ],
)
def test_where_the_rooms_are(scope: str, areas: list[str], permits: tuple[str, ...]) -> None:
    found = line(f"{LABEL}互联网数据中心业务：{scope}")
    assert (found.areas.value, found.permits) == (areas, permits)


@pytest.mark.parametrize(
    ("cell", "name", "permits"),
    [
        ("B26-1 互联网域名解析服务业务：全国", "互联网域名解析服务业务", ("B26",)),
        (
            "网络托管业务（比照增值电信业务管理）：北京",
            "网络托管业务（比照增值电信业务管理）",
            ("A27",),
        ),
        ("国内呼叫中心业务（全国）", "国内呼叫中心业务", ("B24",)),
        ("国内呼叫中心业务（1）在线客服：全国", None, ()),
    ],
)
def test_names_as_they_are_printed(cell: str, name: str | None, permits: tuple[str, ...]) -> None:
    found = line(f"{LABEL}{cell}")
    assert (found.name.value, found.permits) == (name, permits)
