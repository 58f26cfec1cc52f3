"""The names that are stable, and what they do without a description."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

import pytest_icp
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.deadline import Due
from pytest_icp.law.errors import IcpError


def test_every_name_is_there_and_listed() -> None:
    assert set(pytest_icp.__all__) <= set(dir(pytest_icp))
    for name in pytest_icp.__all__:
        assert getattr(pytest_icp, name) is not None


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'dew'"):
        pytest_icp.dew  # noqa: B018 - looking is the point


def test_load_stays_a_function_whatever_is_imported_first() -> None:
    code = "import pytest_icp.facts.description, pytest_icp; assert callable(pytest_icp.load)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("keywords", "raw", "last", "safe"),
    [
        # 30 days after 2023-08-31 is in the National Day holiday; Saturday 2023-10-07 is worked.
        ({"after": "2023-08-31", "days": 30}, "2023-09-30", "2023-10-07", "2023-09-28"),
        ({"after": "2023-09-21", "working_days": 10}, "2023-10-11", "2023-10-11", "2023-10-11"),
        ({"after": date(2023, 8, 31), "months": 6}, "2024-02-29", "2024-02-29", "2024-02-29"),
        ({"before": "2024-03-06", "days": 90}, "2023-12-07", "2023-12-07", "2023-12-07"),
    ],
)
def test_due_knows_the_published_working_days(
    keywords: dict[str, object], raw: str, last: str, safe: str
) -> None:
    found = pytest_icp.due(**keywords)  # type: ignore[arg-type]  # as a user calls it
    assert isinstance(found, Due)
    assert [str(day) for day in (found.raw, found.last, found.safe)] == [raw, last, safe]
    assert not found.provisional


def test_due_takes_another_calendar() -> None:
    assert pytest_icp.due(after="2023-08-31", days=30, calendar=Calendar({})).provisional


@pytest.mark.parametrize(
    ("keywords", "error"),
    [
        ({"after": "2023-08-31"}, TypeError),
        ({"after": "2023-08-31", "days": 1, "months": 1}, TypeError),
        ({"days": 1}, TypeError),
        ({"after": "2023-08-31", "days": -1}, ValueError),
        ({"after": "2023-08-31", "days": -1}, IcpError),
        ({"after": "2023-08-31", "days": 1.5}, IcpError),
        ({"after": "2023-02-30", "days": 1}, pytest_icp.TimeError),
    ],
)
def test_due_refuses_what_is_no_term(keywords: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        pytest_icp.due(**keywords)  # type: ignore[arg-type]  # that is the point


def test_the_others_read_what_licences_print() -> None:
    scope = pytest_icp.parse_scope("不含信息搜索查询服务。")
    assert "B25.search" in scope.excluded
    assert pytest_icp.find_numbers("京 B2-20190486 号").licences == ("京B2-20190486",)
    assert pytest_icp.host_under("www.etaoche.cn", "etaoche.cn")
