"""Watermarks are removed where they are certainly that, and nothing of a licence is."""

from __future__ import annotations

import pytest

from pytest_icp.sources.paper.sheets import without_watermarks
from tests.degrading import LICENCE, pages_of, read

BETWEEN = "第一行文字\n{0}\n第二行文字\n{0}\n第三行文字\n{0}\n第四行文字"


def kept(text: str) -> str:
    return "\n".join(line.text for page in without_watermarks(pages_of(text)) for line in page)


@pytest.mark.parametrize(
    "words",
    [
        *("特别规定事项", "公司名称：甲", "全国", "北京、上海", "- 4 -"),
        *("阿里云计算有限公司", "2020年01月08日", "北京市朝阳区酒仙桥东路1号", "xiaolu.com"),
    ],
)
def test_what_a_licence_prints_again_is_none(words: str) -> None:
    assert kept(BETWEEN.format(words)) == BETWEEN.format(words)


@pytest.mark.parametrize(
    ("words", "other", "removed"),
    [
        ("仅供备案使用", "甲", True),
        ("水印水印水", "甲", True),
        ("星河网络", "广州星河网络有限公司", True),
        ("星河", "广州星河网络有限公司", False),
        ("公司名称", "本公司名称如下", False),
        ("星河网络", "甲", False),
    ],
)
def test_characters_one_by_one(words: str, other: str, *, removed: bool) -> None:
    text = f"{other}的文字\n" + "\n".join(words)
    assert kept(text) == (f"{other}的文字" if removed else text)


@pytest.mark.parametrize(
    "words", ["仅供办理备案使用", "仅供展示使用,他用无效", "复印无效", "仅供某某公司查验"]
)
def test_words_of_a_use_are_removed_inside_of_a_sentence(words: str) -> None:
    text = LICENCE.replace("信息社区服务、信息即时", f"信息社区{words}服务、信息即时", 1)
    (line,) = read(text).service_lines
    assert line.permits == read(LICENCE).service_lines[0].permits
