from __future__ import annotations

import json

from msgspec.structs import replace

from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import plain
from pytest_icp.reports.changes import (
    changes_json,
    changes_table,
    forecast_section,
    none_within,
    summary_of,
)
from tests.changes import CHANGE
from tests.runs import HOSTILE

ONE = {"infra/prod.icp.yaml": ""}


def test_a_change_is_the_last_day_the_duty_and_the_day_from_which_it_is_another_verdict() -> None:
    advice = replace(CHANGE, after=Standing.ADVISORY, subject="")
    assert list(changes_table([CHANGE, advice], ONE, "en", 80)) == [
        "last day    days  to do                                 if nothing is done, from",
        "2023-12-07    17  Renewal is applied for 90 days ahead  2023-12-08 violated",
        "                  SP12/renewal [renewal]",
        "2023-12-07    17  Renewal is applied for 90 days ahead  2023-12-08 advice",
        "                  SP12/renewal",
    ]
    assert list(changes_table([CHANGE], ONE, "zh", 64)) == [
        "最后一天    日数  办什么                  不作处理的，自该日起",
        "2023-12-07    17  提前90日申请延续        2023-12-08 违反",
        "                  SP12/renewal [renewal]",
    ]
    assert list(changes_table([], ONE, "en", 80)) == []


def test_the_section_counts_what_is_too_much_and_says_when_there_is_nothing() -> None:
    nothing = forecast_section([], 180, {}, "en", 80)
    assert nothing.lines == ("  Nothing is due within 180 days.",)
    lines = forecast_section([CHANGE] * 23, 180, ONE, "en", 80).lines
    assert len(lines) == 42
    assert lines[-1] == "  and 3 more"
    assert none_within(1).en == "Nothing is due within 1 day."


def test_as_json() -> None:
    (told,) = json.loads(changes_json([CHANGE]))
    assert told == {
        "description": "infra/prod.icp.yaml",
        "rule": "SP12/renewal",
        "day": "2023-12-08",
        "last_day": "2023-12-07",
        "days": 17,
        "before": "satisfied",
        "after": "violated",
        "subject": "renewal",
        "as_of": "2023-11-20T23:59:59+08:00",
        "title": {"zh": "提前90日申请延续", "en": "Renewal is applied for 90 days ahead"},
        "why": {"zh": "逾期未办理", "en": "not done, and overdue"},
        "fix": {"zh": "立即申请。", "en": "Apply now."},
    }


def test_hostile_text_stays_on_its_line() -> None:
    words = plain(HOSTILE)
    hostile = replace(CHANGE, subject=HOSTILE, why=words, title=words)
    title = f"SUMMARY:{summary_of(hostile, 'both')}"
    text = "\n".join([*changes_table([hostile], ONE, "both", 80), title])
    text += changes_json([hostile])
    assert not {"\x1b", "\u202e", "\x00", "\ud800"} & set(text)
    assert not any(line.strip().startswith("::") for line in text.splitlines()[:-20])
