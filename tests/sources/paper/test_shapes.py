from __future__ import annotations

import pytest

from pytest_icp.sources.paper import labels


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2019年07月23日", "2019-07-23"),
        ("２０１９年０７月２３日", "2019-07-23"),
        ("2019 年 7 月 3 日", "2019-07-03"),
        ("2019-07-23", "2019-07-23"),
        ("2019.07.23", "2019-07-23"),
        ("2019/07/23", "2019-07-23"),
        ("二〇一九年七月二十三日", "2019-07-23"),
        ("二零一九年十二月三十日", "2019-12-30"),
        ("二○二○年十月十日", "2020-10-10"),
        ("2019年07月23日（星期二）", "2019-07-23"),
        # A digit is missing, too many, misread, or it is no day of the calendar.
        ("2019年1月08日", None),
        ("2019-07-233", None),
        ("2O19年07月23日", None),
        ("2019年02月30日", None),
        ("2019年07月", None),
        ("2019-07.23", None),
        ("二〇一九年七月二三日", None),
        ("二〇一九年十三月一日", None),
        ("〇〇〇〇年一月一日", None),
        ("七月", None),
    ],
)
def test_days(words: str, day: str | None) -> None:
    assert labels.day(words) == day


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("北京淘车科技有限公司", True),
        ("阿里云计算（北京）有限公司", True),
        ("某某科技有限公司上海分公司", True),
        ("北京淘车科技有限公司王剑炜", False),
        ("北京淘车科技有限公司北京世纪互联有限公司", False),
        ("你公司", False),
        ("北京淘车科□有限公司", False),
        ("北京市朝阳区1号院5号楼3层北京世纪互联有限公司", False),
        ("公司名称:北京公司", False),
    ],
)
def test_companies(words: str, whole: bool) -> None:
    assert labels.company(words) == (words if whole else None)


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("王剑炜", True),
        ("买买提·艾合买提", True),
        ("John Smith", True),
        ("王", False),
        ("王剑炜信息", False),
        ("业务种类", False),
        ("王剑�", False),
    ],
)
def test_persons(words: str, whole: bool) -> None:
    assert labels.person(words) == (words if whole else None)


@pytest.mark.parametrize(
    ("words", "yuan"),
    [
        ("1000万元", 10_000_000),
        ("人民币1000万元整", 10_000_000),
        ("1,000,000元", 1_000_000),
        ("1.5亿元", 150_000_000),
        ("123.45元", 123.45),
        ("0.3万元", 3000),
        ("1000", None),
        ("壹仟万元", None),
        ("1O00万元", None),
        ("1000万美元", None),
    ],
)
def test_capital(words: str, yuan: float | None) -> None:
    assert labels.capital(words) == yuan


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("etaoche.cn", ["etaoche.cn"]),
        ("ＥＴＡＯＣＨＥ．ＣＮ", ["etaoche.cn"]),
        ("etaoche.cn、www.etaoche.com", ["etaoche.cn", "www.etaoche.com"]),
        ("http://www.etaoche.cn/", ["www.etaoche.cn"]),
        ("https：//etaoche.cn；http://taoche.cn", ["etaoche.cn", "taoche.cn"]),
        ("http://etaoche.cn/二手车", None),
        ("淘车.中国", ["淘车.中国"]),
        ("etaoche", None),
        ("etaoche.c", None),
        ("etaoche.cn北京.cn", None),
        ("eta□che.cn", None),
        ("127.0.0.1", None),
    ],
)
def test_domains(words: str, found: list[str] | None) -> None:
    assert labels.domains(words) == found
