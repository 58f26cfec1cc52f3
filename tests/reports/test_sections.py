from __future__ import annotations

from msgspec.structs import replace

from pytest_icp.kinds.result import Result
from pytest_icp.reports.sections import duties
from tests.results import FINDING, NOTE, UNKNOWN, UPCOMING
from tests.runs import RUN, SOON, VIOLATED


def told(*results: Result) -> list[tuple[str, int, str]]:
    found = duties(replace(RUN, results=results))
    return [(duty.last.isoformat(), duty.days, str(duty.state)) for duty in found]


def test_past_soon_and_later_in_the_order_of_their_days() -> None:
    ahead = replace(
        SOON,
        notes=(
            replace(NOTE, due="2023-12-20"),
            replace(NOTE, kind="grey scope"),
        ),
        upcoming=(
            replace(UPCOMING, last="2024-12-31"),
            replace(UPCOMING, last="2023-12-20"),
        ),
    )
    assert told(ahead, VIOLATED) == [
        ("2023-12-07", -1, "overdue"),
        ("2023-12-20", 12, "soon"),
        ("2024-12-31", 389, "later"),
    ]


def test_what_is_violated_without_a_past_day_is_no_duty() -> None:
    findings = (
        replace(FINDING, due=None),
        replace(FINDING, due="2023-12-08"),
        replace(UNKNOWN, due="2023-01-01"),
    )
    assert told(replace(VIOLATED, findings=findings)) == []
