"""What several places of a paper say together: alike, or open."""

from __future__ import annotations

import pytest

from pytest_icp.facts.paper import Field
from tests.degrading import LICENCE, read

ROW = LICENCE[LICENCE.index("网站名称") : LICENCE.index("经营许可证编号:京")]
DAYS = "发证日期：2020年01月08日\n\n有效期限至：2024年03月06日"


def days(text: str) -> tuple[Field, Field]:
    assert DAYS in LICENCE
    reading = read(LICENCE.replace(DAYS, text))
    return reading.issued_on, reading.valid_until


def why(field: Field) -> str:
    assert field.value is None
    assert field.doubt
    return field.doubt.en


def test_a_number_that_differs_anywhere_is_open() -> None:
    other = LICENCE.replace("京B2-20190486", "京B2-20190487", 1)
    number = read(other).number
    assert "is written differently in different places" in why(number)
    assert {seen.words for seen in number.seen} == {"京B2-20190486", "京B2-20190487"}
    misread = LICENCE.replace("京B2-20190486", "京B2-2O190487", 1)
    assert "different places" in why(read(misread).number)


def test_a_number_of_which_even_the_class_was_misread_still_has_to_agree() -> None:
    other = LICENCE.replace("京B2-20190486", "京82-2O190487", 1)
    assert "different places" in why(read(other).number)
    same = LICENCE.replace("京B2-20190486", "京82-2O190486", 1)
    assert read(same).number.value == "京B2-20190486"
    unreadable = LICENCE.replace("京B2-20190486", "京82-2X190487", 1)
    assert read(unreadable).number.value == "京B2-20190486"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("京B2-2O19O486", "it has misread characters; perhaps 京B2-20190486"),
        ("京BI.B2-2O190486", "it has misread characters; perhaps 京B1.B2-20190486"),
        ("京BI.BI-2o1904Z6", "it has misread characters"),
        ("京B2-", "no number was found"),
        ("亰B2-20190486", "亰 before it is not the short name of a province"),
    ],
)
def test_a_number_that_cannot_be_relied_on(written: str, said: str) -> None:
    reading = read(f"经营许可证编号{written}\n公司名称：北京淘车科技有限公司\n")
    assert why(reading.number).startswith(said)
    assert reading.issuing_authority.value is None


@pytest.mark.parametrize(
    ("number", "kind", "province"),
    [
        ("粤B2-20190486", "CA", "广东"),
        ("B1.B2-20190486", "MIIT", "全国"),
        ("合字B2-20190486", "MIIT", "全国"),
    ],
)
def test_the_number_tells_who_issued_the_licence(number: str, kind: str, province: str) -> None:
    told = read(f"经营许可证编号：{number}").issuing_authority.value
    assert told == {"kind": kind, "province": province, "inferred": True}


def test_the_holder_is_named_in_several_places_that_have_to_agree() -> None:
    lost = read(LICENCE.replace("公司名称：北京淘车科技有限公司", ""))
    assert lost.holder.value == "北京淘车科技有限公司"
    other = read(LICENCE.replace("北京淘车科技有限公司 获准", "北京淘牛科技有限公司 获准"))
    assert "different places" in why(other.holder)
    broken = read(LICENCE.replace("北京淘车科技有限公司 应当", "北京淘车\n科技有限公司 应当"))
    assert broken.holder.value == "北京淘车科技有限公司"


@pytest.mark.parametrize(
    "text",
    [
        "发证日期：\n2020年01月08日\n有效期限至：\n2024年03月06日",
        "发证日期：\n有效期限至：\n2020年01月08日\n2024年03月06日",
        "发证日期：2020-01-08 有效期限至：2024-03-06",
        "发证日期：二〇二〇年一月八日\n有效期限至：2024年03月06日",
        "发证日期：2020年01月08日\n有效期限：自2019年03月06日至2024年03月06日",
        "发证日期：2020年01月08日\n许可证有效期：5年（2019年03月06日至2024年03月06日）",
        "发证日期：2020年01月08日\n有效期限自【2019年03月06日】至【2024年03月06日】止",
        "发证日期：2020年01月08日\n有效期：至2024年03月06日",
        "发证日期：2020年01月08日\n有效期：2019.03.06-2024.03.06",
        "发证日期：2020年01月08日\n有效期限：2019年03月06日—2024年03月06日",
        "首次发证日期：2015年01月08日\n发证日期：2020年01月08日\n有效期至：2024年03月06日",
    ],
)
def test_days_however_they_are_laid_out(text: str) -> None:
    assert [field.value for field in days(text)] == ["2020-01-08", "2024-03-06"]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        # Which of the two is the only day that is left?
        ("发证日期：\n有效期限至：2024年03月06日", "several labels", "several labels"),
        ("发证日期：\n有效期限至：\n2024年03月06日", "several labels", "several labels"),
        ("发证日期：\n2024年03月06日", "not on the line", "was not found"),
        ("发证日期：2020年01月08日2024年03月06日", "incomplete", "was not found"),
        # The other way round, too far apart, before the number was given, a digit lost.
        ("发证日期：2024年03月06日\n有效期限至：2020年01月08日", "not before", "not before"),
        ("发证日期：2020年01月08日\n有效期限至：2034年03月06日", "5 years", "5 years"),
        ("发证日期：2018年03月06日\n有效期限至：2023年03月05日", "number is from 2019", None),
        ("发证日期：2020年1月8日\n有效期限至：2024年03月06日", "leading zeros", None),
        ("发证日期：2020年01月08日\n有效期限至：2024年3月6日", None, "leading zeros"),
        ("发证日期：2020年01月08日\n有效期限至：2024年03月", None, "incomplete"),
        ("发证日期：2020年01月08日\n有效期限：五年", None, "incomplete"),
        ("发证日期：2020年01月08日\n有效期限：自2019年3月0日至2024年03月06日", None, "incomplete"),
        ("发证日期：2020年01月08日\n有效期限：2024年03月06日", None, "incomplete"),
    ],
)
def test_days_that_are_open(text: str, first: str | None, second: str | None) -> None:
    for field, said in zip(days(text), (first, second), strict=True):
        assert (field.value is None) is (said is not None)
        assert said is None or said in why(field)


def test_a_term_from_a_leap_day() -> None:
    issued, until = days("发证日期：2020年02月29日\n有效期限至：2025年03月01日")
    assert (issued.value, until.value) == ("2020-02-29", "2025-03-01")


def test_rows_are_told_apart_and_a_row_that_stands_twice_is_one() -> None:
    second = ROW.replace("etaoche.cn", "etaoche.com").replace("淘车二手车", "淘车新车")
    rows = read(LICENCE.replace(ROW, ROW + second + ROW)).attachments
    assert [row.domains.value for row in rows] == [["etaoche.cn"], ["etaoche.com"]]
    assert [row.name.value for row in rows] == ["淘车二手车", "淘车新车"]


def test_a_row_that_stands_twice_in_other_words_is_open() -> None:
    (row,) = read(LICENCE.replace(ROW, ROW + ROW.replace("二手车", "二手"))).attachments
    assert "different places" in why(row.name)
    assert row.domains.value == ["etaoche.cn"]


def test_a_row_of_an_app() -> None:
    app = "APP名称：淘车\n接入服务提供单位：北京世纪互联宽带数据中心有限公司\n"
    (row,) = read(LICENCE.replace(ROW, app)).attachments
    assert (row.kind, row.name.value) == ("app", "淘车")
    assert why(row.domains) == "this field was not found"


def test_an_address_over_two_lines_and_one_that_is_followed_by_something_else() -> None:
    place = "北京市朝阳区酒仙桥东路1号院5号楼3层"
    (row,) = read(LICENCE.replace(place, "北京市朝阳区酒仙桥东路\n1号院5号楼\n3层")).attachments
    assert isinstance(row.server_location.value, dict)
    assert row.server_location.value["text"] == place
    (row,) = read(LICENCE.replace(place, f"{place}\n某某服务")).attachments
    assert "not clear where it ends" in why(row.server_location)


def test_an_address_at_the_end_of_a_page_may_be_cut() -> None:
    cut = LICENCE.replace(PLACE, "北京市朝阳区酒仙桥东\n特别规定事项\n路1号院5号楼3层")
    (row,) = read(cut).attachments
    assert why(row.server_location) == "it is incomplete, or mixed with other text"


def test_cells_of_a_column_that_were_broken_over_two_lines_are_open() -> None:
    column = "网站名称：\n网站域名：\neta\noche.cn\n服务器放置地：北京市朝阳区酒仙桥东路1号院\n"
    (row,) = read(LICENCE.replace(ROW, column)).attachments
    assert "several labels" in why(row.name)
    assert "several labels" in why(row.domains)


def test_a_seal_that_was_read() -> None:
    sealed = LICENCE.replace("发证机关(盖章):", "发证机关(盖章):\n发证日期：\n北京市通信管理局", 1)
    column = sealed.replace("\n\n发证日期：2020年01月08日", "\n2020年01月08日")
    reading = read(column)
    assert reading.issuing_authority.value == {"kind": "CA", "province": "北京", "inferred": False}
    assert reading.issued_on.value == "2020-01-08"


PLACE = "北京市朝阳区酒仙桥东路1号院5号楼3层"
PROVIDER = "北京世纪互联宽带数据中心有限公司"


@pytest.mark.parametrize(
    ("printed", "places"),
    [
        ("北京市海淀区学院路35号\n上海市浦东新区张江路88号", 2),
        ("（1）北京市海淀区学院路35号（2）上海市浦东新区张江路88号", 2),
        ("【北京市海淀区学院路35号】", 1),
        # A number that ran into the address; another floor; something else.
        ("1、北京市海淀区学院路35号上海市浦东新区张江路882、88号", None),
        ("北京市海淀区学院路35号3层、4层", None),
        ("北京市海淀区学院路35号\n上海某某大厦", None),
    ],
)
def test_several_places_in_a_cell(printed: str, places: int | None) -> None:
    (row,) = read(LICENCE.replace(PLACE, printed)).attachments
    value = row.server_location.value
    assert (value is None) is (places is None)
    assert places is None or str(value).count("北京市海淀区学院路35号") == 1
    assert places != 2 or value == {"text": "北京市海淀区学院路35号；上海市浦东新区张江路88号"}


@pytest.mark.parametrize(
    ("printed", "providers"),
    [
        ("甲乙计算有限公司、丙丁数据有限公司", ["甲乙计算有限公司", "丙丁数据有限公司"]),
        ("甲乙计算有限公司\n丙丁数据\n有限公司", ["甲乙计算有限公司", "丙丁数据有限公司"]),
        ("甲乙计算有限公司和丙丁数据有限公司", ["甲乙计算有限公司", "丙丁数据有限公司"]),
        ("【甲乙计算有限公司】【丙丁数据有限公司】", ["甲乙计算有限公司", "丙丁数据有限公司"]),
        ("1、甲乙计算有限公司\n2、丙丁数据有限公司", ["甲乙计算有限公司", "丙丁数据有限公司"]),
        ("甲乙计算有限公司\n（以上）", ["甲乙计算有限公司"]),
        ("中国电信股份有限公司\n北京分公司", [None]),
        ("甲乙计算有限公司\n（原名丙丁公司）", [None]),
        ("1、甲乙计算有限公司、丙丁数据有限公司", [None]),
    ],
)
def test_several_access_providers_are_a_row_each(printed: str, providers: list[str]) -> None:
    rows = read(LICENCE.replace(PROVIDER, printed)).attachments
    assert [row.access_provider.value for row in rows] == providers
    assert {str(row.domains.value) for row in rows} == {"['etaoche.cn']"}


@pytest.mark.parametrize(
    "text",
    [
        # Two labels are too few; a value does not fit; words follow the last label.
        "北京甲乙有限公司\n公司名称：\n王伟\n法定代表人：",
        "北京甲乙有限公司\n公司名称：\n王伟\n法定代表人：\n某年某月\n发证日期：",
        "北京甲乙有限公司\n公司名称：\n王伟\n法定代表人：\n2020年01月08日\n发证日期：\n完",
        "公司名称：\n王伟\n法定代表人：\n2020年01月08日\n发证日期：",
    ],
)
def test_values_before_their_labels_only_if_all_are(text: str) -> None:
    reading = read(text)
    assert (reading.holder.value, reading.issued_on.value) == (None, None)


@pytest.mark.parametrize(
    ("printed", "domains"),
    [
        ("1.etaoche.cn 2.etaoche.com", ["etaoche.cn", "etaoche.com"]),
        ("1、etaoche.cn\n2、etaoche.com", ["etaoche.cn", "etaoche.com"]),
        ("【etaoche.cn】【etaoche.com】", ["etaoche.cn", "etaoche.com"]),
        ("1.etaoche.cn", None),
        ("etaoche.cn etaoche.com", None),
    ],
)
def test_several_domains_in_a_cell(printed: str, domains: list[str] | None) -> None:
    (row,) = read(LICENCE.replace("网站域名：etaoche.cn", f"网站域名：{printed}")).attachments
    assert row.domains.value == domains
