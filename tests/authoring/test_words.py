from __future__ import annotations

import pytest

from pytest_icp.authoring.words import Bound, Stated, lengths_in, stated_bound, stated_term
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.text import Text
from tests.obligations import obligation, written


def said(zh: str) -> object:
    made = obligation(
        "dated", title=Text(zh, "As printed"), quote=None, meaning=Text("无。", "None.")
    )
    return stated_term(made)


@pytest.mark.parametrize(
    ("zh", "term"),
    [
        ("提前90日申请", Stated(90, "days", "before")),
        ("处置后10个工作日内上报", Stated(10, "working_days", "after")),
        ("届满九十日前提出", Stated(90, "days", "before")),
        ("一百二十日内", Stated(120, "days", "after")),
        ("十五日内", Stated(15, "days", "after")),
        ("二十四小时内", Stated(24, "hours", "after")),
        ("两个月", Stated(2, "months", None)),
        ("30分钟内报告", Stated(30, "minutes", "after")),
        ("两年内", Stated(2, "years", "after")),
        ("自2026年3月1日起5个工作日", Stated(5, "working_days", None)),
        ("十二月三十一日前", None),
        ("按期完成", None),
        ("30日内备案，90日内评测", None),
    ],
)
def test_the_one_term_that_the_words_name(zh: str, term: Stated | None) -> None:
    assert said(zh) == term


@pytest.mark.parametrize(
    ("zh", "lengths"),
    [
        ("域名到期前30日续费", {(30, "days")}),
        ("三十日内报告，保存六个月、3 年", {(30, "days"), (6, "months"), (3, "years")}),
        ("2小时内、十天内、三个工作日内", {(2, "hours"), (10, "days"), (3, "working_days")}),
        ("2026年3月31日前，每年1月1日至三月三十一日", set()),
        ("第三季度，3月底，第30条", set()),
    ],
)
def test_every_length_of_time_that_a_text_states(zh: str, lengths: set[tuple[int, str]]) -> None:
    assert lengths_in(zh) == lengths


@pytest.mark.parametrize(
    ("title", "bound"),
    [
        (Text("不少于3人", "People"), Bound(">=", 3)),
        (Text("不超过十二人", "People"), Bound("<=", 12)),
        (Text("超过3人", "People"), Bound(">", 3)),
        (Text("少于3人", "People"), Bound("<", 3)),
        # A share is said in per cent and described as a fraction.
        (Text("不超过50%", "No more than 50%"), None),
        (Text("至少3人，至多5人", "3 to 5"), None),
        (Text("人员", "People"), None),
    ],
)
def test_the_one_number_that_the_words_bound(title: Text, bound: Bound | None) -> None:
    made = obligation("condition", title=title, quote=None)
    assert stated_bound(made) == bound


def test_the_words_of_the_shipped_deadlines_agree_with_their_fields() -> None:
    for policy in default_policies():
        for made in (one for rule in policy.obligations for one in rule.each_part):
            given = written(made)
            rule = given.get("within") or given.get("ahead")
            term = stated_term(made)
            if made.kind == "dated" and term and isinstance(rule, dict) and "yearly" not in given:
                assert rule[term.unit] == term.amount, made.own_id
                way = "after" if "within" in given else "before"
                assert term.way in {None, way}, made.own_id
