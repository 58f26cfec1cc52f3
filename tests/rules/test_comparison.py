"""Provisions of a paper beside the known ones: no word is lost, layout is no difference."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp.facts.paper import PaperProvision, Spot
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.text import Text
from pytest_icp.rules.comparison import Comparison, Match, compare, words_of
from pytest_icp.rules.policy import Policy
from tests.degrading import DEGRADATIONS, LICENCE, read
from tests.obligations import policy

POLICIES = default_policies()
PROVISIONS = [one for one in POLICIES if one.id.startswith("SP")]
"""The special provisions, without the pages of the licence and the papers of the company."""
PUBLISHING = frozenset({"B25.publish"})


def of(text: str, permits: frozenset[str] | None = PUBLISHING) -> list[Comparison]:
    return list(compare(read(text).provisions, POLICIES, permits))


def differing(compared: Sequence[Comparison]) -> dict[str, Match]:
    return {
        one.known.id if one.known else str(one.printed and one.printed.number): one.match
        for one in compared
        if one.match is not Match.IDENTICAL
    }


def changed(old: str, new: str) -> Comparison:
    assert LICENCE.count(old) == 1
    (one,) = [
        c for c in of(LICENCE.replace(old, new)) if c.match in (Match.WORDS, Match.PUNCTUATION)
    ]
    return one


def test_the_licence_at_hand_has_the_known_provisions_and_no_other() -> None:
    compared = of(LICENCE)
    assert differing(compared) == {"(15, 0)": Match.HEADING}
    assert [one.known.id for one in compared if one.known] == [one.id for one in PROVISIONS]


@pytest.mark.parametrize(
    "name",
    [
        *("furniture_lines", "spaces", "line_breaks", "unseen_signs", "half_width", "full_width"),
        *("radicals", "joined_lines", "no_blank_lines", "shuffled_pages", "double_page"),
        *("running_heads", "lost_headings"),
    ],
)
def test_layout_is_no_difference(name: str) -> None:
    assert differing(of(DEGRADATIONS[name](LICENCE, Random(2)))) == {"(15, 0)": Match.HEADING}


@pytest.mark.parametrize(
    ("old", "new", "known", "printed", "rules"),
    [
        # One word may turn a duty round, or move its day.
        ("不得投资建设", "可以投资建设", "不得", "可以", {"SP03/build", "SP03/construction"}),
        (
            "应当提前90日向原发证机关提出",
            "应当提前60日向原发证机关提出",
            "90",
            "60",
            {"SP12/renewal"},
        ),
        ("不得强行推送、定制服务", "强行推送、定制服务", "不得", "", {"SP15-10/forced-push"}),
        ("你公司制作、复制", "你公司不得制作、复制", "", "不得", set()),
        ("10个工作日内", "10个日历日内", "工作", "日历", {"SP09/report"}),
    ],
)
def test_a_word_that_differs_is_shown_with_the_rules_that_quote_it(
    old: str, new: str, known: str, printed: str, rules: set[str]
) -> None:
    one = changed(old, new)
    (change,) = one.changes
    assert (one.match, change.known, change.printed) == (Match.WORDS, known, printed)
    ids = {f"{one.known.id}/{o.id}" for o in one.known.obligations} if one.known else set()
    assert set(one.rules) <= ids
    assert {rule for rule in rules if rule in ids} <= set(one.rules)
    assert bool(one.rules) is bool(rules)
    printed_words = one.printed.words if one.printed else ""
    assert (change.before + change.printed + change.after).strip("。") in printed_words


def test_punctuation_is_told_from_words() -> None:
    one = changed("“互联网+”", "「互联网+」")
    assert one.match is Match.PUNCTUATION
    assert [(c.known, c.printed) for c in one.changes] == [("“", "「"), ("”", "」")]
    assert one.rules == ()


def test_a_provision_that_is_missing_one_that_is_new_and_one_that_stands_twice() -> None:
    eighth = next(line for line in LICENCE.splitlines() if line.startswith("八、"))
    text = (
        LICENCE.replace(eighth, "")
        + "\n十六、你公司应当每月报送数据。\n"
        + "十七、"
        + LICENCE[LICENCE.index("九、") + 2 : LICENCE.index("十、")].replace("10个", "20个")
    )
    compared = of(text)
    assert differing(compared) == {
        "(15, 0)": Match.HEADING,
        "(16, 0)": Match.NEW,
        "SP09": Match.WORDS,
        "SP08": Match.MISSING,
    }
    assert [one.match for one in compared if one.known and one.known.id == "SP09"] == [
        Match.IDENTICAL,
        Match.WORDS,
    ]
    assert [one.again for one in compared if one.known and one.known.id == "SP09"] == [False, True]


def test_what_binds_another_line_of_business_is_not_missing() -> None:
    top = LICENCE[: LICENCE.index("十五、")]
    assert differing(of(top, frozenset({"B21"}))) == {}
    assert len(differing(of(top))) == len(differing(of(top, None))) == 14


def provision(top: int, sub: int, words: str) -> PaperProvision:
    return PaperProvision(number=(top, sub), words=words, spot=Spot(None, top))


def known(name: str, words: str, article: str) -> Policy:
    return replace(policy(), id=name, text=Text(words, ""), article=article)


def test_a_provision_with_a_list_of_its_own_is_compared_as_a_whole() -> None:
    words = "二十一、你公司应当做到：(一)按时报送统计数据；(二)妥善保存原始记录。"
    pack = (known("OWN", words, "二十一"),)
    parts = (
        provision(21, 0, "你公司应当做到："),
        provision(21, 1, "按时报送统计数据；"),
        provision(21, 2, "妥善保存原始记录。"),
    )
    (one,) = compare(parts, pack, None)
    assert one.known
    assert one.known.id == "OWN"
    # The numbers in brackets were taken for those of provisions.
    assert [(c.known, c.printed) for c in one.changes] == [("一", ""), ("二", "")]


@pytest.mark.parametrize(
    ("printed", "changes"),
    [
        # One sign alone does not part two places, nor does one at the end belong to them.
        ("子乙丑丁戊己庚辛壬癸。", [("甲乙丙", "子乙丑")]),
        ("甲乙丙丁戊己庚辛壬子癸。", [("", "子")]),
        ("子甲乙丙丁戊己庚辛丑壬癸。", [("", "子"), ("", "丑")]),
    ],
)
def test_where_one_change_ends(printed: str, changes: list[tuple[str, str]]) -> None:
    pack = (known("A", "一、甲乙丙丁戊己庚辛壬癸。", "一"),)
    (one,) = compare([provision(1, 0, printed)], pack, None)
    assert [(change.known, change.printed) for change in one.changes] == changes


@given(st.sampled_from(PROVISIONS), st.data())
def test_any_word_that_is_left_out_is_a_deviation(known: Policy, data: st.DataObject) -> None:
    words = words_of(known)
    places = [i for i, sign in enumerate(words) if sign.isalnum()]
    at = data.draw(st.sampled_from(places))
    printed = provision(1, 0, words[:at] + words[at + 1 :])
    (one,) = compare([printed], (known,), None)
    assert one.match is Match.WORDS
    assert len(one.changes) == 1
