from __future__ import annotations

from datetime import date

import pytest

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


def test_a_backward_term_says_that_it_never_rolls() -> None:
    assert english(before="2024-03-06", days=90)[0] == (
        "2024-03-06 (Wednesday) − 90 days = 2023-12-07 (Thursday); "
        "never rolled (Civil Code art. 203 does not apply to a start day)"
    )
    assert chinese(before="2024-03-06", days=90)[0] == (
        "2024-03-06（星期三）往前数90日，为2023-12-07（星期四）；"
        "该日是期间的起点，不顺延（不适用民法典第二百零三条）"
    )


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


def test_days_that_end_on_a_working_day_take_one_line() -> None:
    assert english(after="2026-09-01", days=1) == [
        (
            "2026-09-01 (Tuesday) + 1 day = 2026-09-02 (Wednesday); "
            "the day of the event is not counted (Civil Code art. 201)"
        )
    ]


def test_months_name_the_rule_of_the_corresponding_day() -> None:
    assert english(after="2026-08-31", months=1)[0] == (
        "2026-08-31 (Monday) + 1 month = 2026-09-30 (Wednesday); "
        "the corresponding day, else the last of the month (Civil Code art. 202)"
    )


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


def test_an_unpublished_year_is_named_with_what_is_certain() -> None:
    assert english(after="2026-12-03", days=30)[-1] == (
        "the holidays of 2027 are not published yet, so the result is provisional; "
        "in time until 2027-01-02 (Saturday), whatever they will be"
    )
    assert chinese(after="2026-12-03", days=30)[-1] == (
        "2027年的放假安排未公布，结果为暂定；"
        "无论如何安排，在2027-01-02（星期六）当日及以前完成均为按期"
    )


def test_the_last_day_of_a_term_that_runs_back_is_not_provisional() -> None:
    assert english(before="2027-04-01", days=90)[-1] == (
        "the holidays of 2027 are not published yet, so the safe day is provisional; "
        "the last day, 2027-01-01 (Friday), does not depend on them"
    )
    assert chinese(before="2027-04-01", days=90)[-1] == (
        "2027年的放假安排未公布，稳妥日期为暂定；最后一日2027-01-01（星期五）不受影响"
    )


@pytest.mark.parametrize(
    ("keywords", "years"),
    [
        # The end of a term that runs back, and an event that is not counted, do not matter.
        ({"before": "2026-01-01", "days": 90}, ["2025"]),
        ({"after": "2025-12-31", "working_days": 1}, []),
        ({"after": "2025-12-31", "working_days": 270}, ["2027"]),
        ({"after": "2025-12-31", "days": 366}, ["2027"]),
        # Saturday to Sunday: whether the event's own day is worked decides the safe day.
        ({"after": "2028-01-01", "days": 1}, ["2028"]),
        ({"after": "2025-12-31", "days": 2}, []),
        ({"after": "2025-12-30", "working_days": 1}, ["2025"]),
    ],
)
def test_only_the_years_that_matter_are_named(
    keywords: dict[str, object], years: list[str]
) -> None:
    head = "the holidays of "
    lines = [line for line in english(**keywords) if line.startswith(head)]
    assert [line.removeprefix(head).split(" are")[0] for line in lines] == years


def test_the_year_of_an_event_on_a_rest_day_matters() -> None:
    new_year = Year(holidays=frozenset({date(2028, 1, 1)}), workdays=frozenset())
    later = Calendar({2023: new_year})
    lines = steps(term(after="2022-12-31", days=1), later)
    assert lines[-1].en.startswith(
        "the holidays of 2022 are not published yet, so the result is provisional"
    )


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


def test_without_a_calendar_every_year_is_unpublished() -> None:
    lines = steps(term(after="2026-09-30", days=2))
    assert lines[-1].en.startswith(
        "the holidays of 2026 are not published yet, so the result is provisional"
    )
