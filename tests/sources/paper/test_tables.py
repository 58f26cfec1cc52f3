"""Tables of text: each label with its contents, or the cells below one another."""

from __future__ import annotations

import pytest

from pytest_icp.sources.paper.sheets import untabled
from tests.degrading import pages_of


def lines(text: str) -> list[str]:
    (page,) = pages_of(text)
    return [line.text for line in untabled(page)]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        # Two pairs in a row; a colon that is there already; an empty cell.
        ("│公司名称：│甲公司│发证日期│2020年│", ["公司名称：甲公司", "发证日期：2020年"]),
        ("| 公司名称 | ：甲公司 |", ["公司名称：甲公司"]),
        ("│公司名称│　│", []),
        ("|公司名称|法定代表人|\n|---|---|\n|甲|乙|", ["公司名称：甲", "法定代表人：乙"]),
        # Without rules each line that begins anew is a row.
        ("│公司名称│甲│\n│法定代表人│乙│\n│　│丙│", ["公司名称：甲", "法定代表人：乙", "丙"]),
        # A label over two lines is one between two rules.
        (
            "┌─┬─┐\n│公司│甲│\n│名称│乙│\n├─┼─┤\n│住所│丙│\n└─┴─┘",
            ["公司名称：甲", "乙", "住所：丙"],
        ),
        # Cells that are not a label and its contents stay what they are.
        ("├─┼─┤\n│甲│乙│\n│丙│\n├─┼─┤", ["甲", "乙", "丙"]),
        ("│甲│公司名称│", ["甲", "公司名称"]),
        ("公司名称\t法定代表人\n甲\t乙\n丙", ["公司名称：甲", "法定代表人：乙", "丙"]),
        ("公司名称\t法定代表人\n\n甲\t乙", ["公司名称：甲", "法定代表人：乙"]),
        ("网站名称：\t\t甲\t乙", ["网站名称：甲", "乙"]),
        ("公司名称\t甲\t注册\t乙", ["公司名称：甲", "注册", "乙"]),
        # What is no table is left alone.
        ("甲\t公司名称\t乙", ["甲\t公司名称\t乙"]),
        ("\t", ["\t"]),
        ("甲\t乙", ["甲\t乙"]),
        ("甲 | 乙", ["甲 | 乙"]),
        ("- 4 -\n-----\n甲", ["- 4 -", "-----", "甲"]),
        ("│", [""]),
    ],
)
def test_tables_become_lines(text: str, read: list[str]) -> None:
    assert [one for one in lines(text) if one] == [one for one in read if one]
