from __future__ import annotations

from datetime import date

from pytest_icp.law.calendar import NOTHING_PUBLISHED, Calendar, Year
from pytest_icp.law.deadline import Term, reckon, term
from pytest_icp.law.steps import steps_to
from pytest_icp.law.text import Text

NOTICE = Year(
    holidays=frozenset(
        {*(date(2026, 2, day) for day in range(15, 24)), *(date(2026, 10, d) for d in range(1, 8))}
    ),
    workdays=frozenset({date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20)}),
)
CALENDAR = Calendar({2026: NOTICE})


def steps(limit: Term, calendar: Calendar = NOTHING_PUBLISHED) -> tuple[Text, ...]:
    return steps_to(reckon(limit, calendar), limit, calendar)


def english(**keywords: object) -> list[str]:
    return [line.en for line in steps(term(**keywords), CALENDAR)]


def chinese(**keywords: object) -> list[str]:
    return [line.zh for line in steps(term(**keywords), CALENDAR)]


def test_a_backward_term_names_the_safe_day() -> None:
    assert english(before="2026-05-16", days=90) == [
        (
            "2026-05-16 (Saturday) − 90 days = 2026-02-15 (Sunday); "
            "never rolled (Civil Code art. 203 does not apply to a start day)"
        ),
        "safe day: the last working day up to 2026-02-15, 2026-02-14 (Saturday, a make-up day)",
    ]


def test_days_say_over_which_rest_days_they_roll() -> None:
    assert english(after="2026-01-16", days=30) == [
        (
            "2026-01-16 (Friday) + 30 days = 2026-02-15 (Sunday); "
            "the day of the event is not counted (Civil Code art. 201)"
        ),
        (
            "rest days: 2026-02-15 to 2026-02-23; "
            "rolled to the next working day, 2026-02-24 (Tuesday) (Civil Code art. 203)"
        ),
        "safe day: the last working day up to 2026-02-15, 2026-02-14 (Saturday, a make-up day)",
    ]
    assert chinese(after="2026-01-16", days=30) == [
        (
            "2026-01-16（星期五）当日不计入，自次日起算30日，至2026-02-15（星期日）"
            "（民法典第二百零一条）"
        ),
        (
            "2026-02-15至2026-02-23为休息日，顺延至下一个工作日2026-02-24（星期二）"
            "（民法典第二百零三条）"
        ),
        "稳妥日期：截至2026-02-15的最后一个工作日，即2026-02-14（星期六，调休上班）",
    ]


def test_working_days_list_what_is_skipped_and_what_is_made_up() -> None:
    assert english(after="2026-09-18", working_days=10) == [
        (
            "2026-09-18 (Friday) + 10 working days = 2026-10-08 (Thursday); "
            "the day of the event is not counted"
        ),
        "rest days skipped: 2026-09-19, 2026-09-26 to 2026-09-27, 2026-10-01 to 2026-10-07",
        "make-up working days counted: 2026-09-20",
    ]
    assert chinese(after="2026-09-18", working_days=10) == [
        "2026-09-18（星期五）当日不计入，自次日起数满10个工作日，至2026-10-08（星期四）",
        "不计入的休息日：2026-09-19、2026-09-26至2026-09-27、2026-10-01至2026-10-07",
        "计入的调休上班日：2026-09-20",
    ]


def test_working_days_without_rest_days_take_one_line() -> None:
    assert len(english(after="2026-09-07", working_days=3)) == 1


def test_a_long_list_is_cut() -> None:
    line = english(after="2026-01-01", working_days=200)[1]
    assert line.count(", ") == 11
    assert line.endswith(" and more")
    assert chinese(after="2026-01-01", working_days=200)[1].endswith("等")


def test_a_holiday_is_called_one() -> None:
    assert english(after="2026-10-01", days=0) == [
        "2026-10-01 (Thursday, a holiday): a term of 0 is the day itself"
    ]
    assert chinese(after="2026-10-01", days=0) == [
        "2026-10-01（星期四，放假）：期限为零，即当日，不顺延"
    ]


def test_hours_are_instants() -> None:
    assert english(after="2026-09-30T20:00", hours=24) == [
        "2026-09-30 20:00+08:00 + 24 hours = 2026-10-01 20:00+08:00; nights and holidays count"
    ]


def test_hours_after_a_day_alone_are_reckoned_from_both_ends() -> None:
    assert english(after="2026-09-30", hours=1) == [
        "only the day of the event is known",
        "2026-09-30 00:00+08:00 + 1 hour = 2026-09-30 01:00+08:00; nights and holidays count",
        "2026-09-30 23:59:59+08:00 + 1 hour = 2026-10-01 00:59:59+08:00; nights and holidays count",
    ]


def test_a_year_that_is_not_published_makes_the_result_provisional() -> None:
    assert english(after="2026-12-28", working_days=5)[-1] == (
        "the holidays of 2027 are not published yet, so the result is provisional; "
        "in time until 2027-01-02 (Saturday), whatever they will be"
    )
    assert english(after="2026-12-20", days=30)[-1].startswith("the holidays of 2027 are not")
    assert english(before="2027-05-16", days=90)[-1] == (
        "the holidays of 2027 are not published yet, so the safe day is provisional; "
        "the last day, 2027-02-15 (Monday), does not depend on them"
    )
    assert chinese(before="2027-05-16", days=90)[-1] == (
        "2027年的放假安排未公布，稳妥日期为暂定；最后一日2027-02-15（星期一）不受影响"
    )
