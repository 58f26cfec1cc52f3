from __future__ import annotations

import pytest

from tests.degrading import read

MAIN = """中华人民共和国增值电信业务经营许可证
经营许可证编号：京B2-20213344
公司名称：北京云杉网络技术有限公司
法定代表人：欧阳明月
注册资本：1000万元
业务种类（服务项目）及覆盖范围：信息服务业务（仅限互联网信息服务）：不含信息搜索查询服务。
发证日期：2021年08月16日
有效期限至：2026年08月16日
中华人民共和国增值电信业务经营许可证（附页）
网站名称：云杉网
网站域名：yunshan.cn
服务器放置地：北京市海淀区上地信息路11号
网站接入服务提供单位：阿里云计算有限公司
"""


def doubted(change: str) -> set[str]:
    """Return what a paper with a record of changes no longer tells, and that it says why."""
    paper = read(f"{MAIN}\f{change}")
    (row,) = paper.attachments
    fields = {
        "number": paper.number,
        "holder": paper.holder,
        "representative": paper.legal_representative,
        "capital": paper.registered_capital,
        "issued": paper.issued_on,
        "until": paper.valid_until,
        "name": row.name,
        "domains": row.domains,
        "place": row.server_location,
        "provider": row.access_provider,
        "lines": paper.licensed if not paper.service_lines else None,
    }
    doubts = {name: field for name, field in fields.items() if field and field.value is None}
    for field in doubts.values():
        assert field.doubt
        assert "a record of changes names it" in field.doubt.en
        assert len(field.seen) > 1
    return {*doubts}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("变更记录\n2023年01月05日 法定代表人由欧阳明月变更为王小二\n", {"representative"}),
        ("变更事项：法定代表人\n变更前：欧阳明月\n变更后：王小二\n", {"representative"}),
        ("变更事项\t变更前\t变更后\n法定代表人\t欧阳明月\t王小二\n", {"representative"}),
        ("法定代表人变更为：欧阳明月明\n", {"representative"}),
        ("公司名称变更：北京云杉网络技术有限公司→北京云松网络技术有限公司\n", {"holder"}),
        ("本公司更名为北京云松网络技术有限公司\n", {"holder"}),
        (
            "公司名称变更为“北京云松网络技术有限公司”，注册资本由1000万元变更为\n5000万元。\n",
            {"holder", "capital"},
        ),
        ("有效期延续至2031年08月16日\n", {"until"}),
        ("变更记录：2022年03月01日增加业务种类：国内呼叫中心业务（全国）\n", {"lines"}),
        ("增项登记\n国内呼叫中心业务：全国。增项：2022年\n", {"lines"}),
        ("备注\n网站域名变更为：yunshan.com\n", {"domains"}),
        ("许可证变更页\n网站名称、服务器放置地、接入服务提供单位\n", {"name", "place", "provider"}),
    ],
)
def test_what_a_record_of_changes_names_is_not_certain(change: str, expected: set[str]) -> None:
    assert doubted(change) == expected


@pytest.mark.parametrize(
    "change",
    [
        # What the main page prints is the new value.
        "公司名称由北京云松网络技术有限公司变更为北京云杉网络技术有限公司。\n",
        "变更后：欧阳明月\n法定代表人\n",
        "变更记录\n法定代表人由王小二变更为：欧阳明月\n",
        "有效期限延续至：2026年08月16日\n",
        # No record of a change.
        "变更日期：2023年01月05日\n",
        "你公司变更法定代表人的，应当办理变更登记手续。\n",
        "变更登记手续由公司名称所列的公司办理。\n",
        "变更记录\n无\n",
    ],
)
def test_other_papers_are_as_certain_as_before(change: str) -> None:
    assert doubted(change) == set()


def test_of_a_hundred_changes_none_is_taken_for_the_last() -> None:
    rows = "".join(f"法定代表人变更为王小{'二' * n}\n" for n in range(100))
    assert doubted(f"{rows}法定代表人变更为欧阳明月\n") == {"representative"}
