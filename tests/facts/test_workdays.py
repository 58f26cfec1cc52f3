from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

import pytest_icp
from pytest_icp.facts.workdays import published, with_years
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.deadline import Due, due
from pytest_icp.law.errors import IcpError, InputError

FIRST, LAST = 2004, 2026
YEAR = """\
year: 2191
source: https://www.gov.cn/
holidays: [2190-12-31, 2191-01-03, 2191-10-03]
workdays: [2191-01-08]
"""


def write(folder: Path, text: str, name: str = "2191.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_every_day_agrees_with_an_independent_package() -> None:
    calendar, china = published(), holidays.country_holidays("CN", years=range(FIRST, LAST + 1))
    differing = [
        day
        for day in days(date(FIRST, 1, 1), date(LAST, 12, 31))
        if calendar.is_workday(day) != china.is_working_day(day)
    ]
    # The notice of 2006 made the Saturday before it a working day; one package has it.
    assert differing == [date(2005, 12, 31)]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        # New Year's Eve 2024 was a working day by the notice.
        (date(2024, 2, 9), True),
        (date(2024, 2, 10), False),
        # The Spring Festival of 2020 was extended.
        (date(2020, 1, 31), False),
        (date(2019, 5, 3), False),
        (date(2018, 12, 29), True),
        (date(2018, 12, 31), False),
        (date(2025, 10, 8), False),
        (date(2026, 2, 14), True),
    ],
)
def test_days_of_the_notices(day: date, worked: bool) -> None:
    assert published().is_workday(day) is worked


def test_nothing_is_imported_before_a_day_is_asked_for() -> None:
    program = (
        "import sys, datetime\n"
        "from pytest_icp.facts.workdays import published\n"
        "calendar = published()\n"
        "assert 'chinese_calendar' not in sys.modules\n"
        "assert not calendar.is_workday(datetime.date(2026, 10, 1))\n"
        "assert 'chinese_calendar' in sys.modules\n"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)


def test_the_calendar_is_read_once() -> None:
    assert published() is published()


def test_a_year_file_publishes_its_year(tmp_path: Path) -> None:
    calendar = with_years(published(), [write(tmp_path, YEAR)])
    assert calendar.known(date(2191, 6, 1))
    assert not calendar.is_workday(date(2191, 1, 3))
    assert calendar.is_workday(date(2191, 1, 8))
    assert not calendar.is_workday(date(2190, 12, 31))
    assert not calendar.known(date(2190, 12, 31))
    assert not calendar.is_workday(date(2026, 10, 1))
    assert not published().known(date(2191, 6, 1))


def test_a_year_file_makes_an_answer_final(tmp_path: Path) -> None:
    calendar = with_years(published(), [write(tmp_path, YEAR)])
    assert due(after="2191-09-03", days=30, calendar=published()).provisional
    found = due(after="2191-09-03", days=30, calendar=calendar)
    assert (found.raw, found.last) == (date(2191, 10, 3), date(2191, 10, 4))
    assert not found.provisional


def test_without_files_the_calendar_stays() -> None:
    assert with_years(published(), []) is published()


def test_two_files_of_one_year_are_refused(tmp_path: Path) -> None:
    files = [write(tmp_path, YEAR), write(tmp_path, YEAR, "again.yaml")]
    with pytest.raises(InputError, match="another file gives the year 2191 as well") as caught:
        with_years(published(), files)
    assert str(caught.value.place) == f"{files[1]}:1:7"


@pytest.mark.parametrize(
    ("old", "new", "said", "at"),
    [
        ("source: https://www.gov.cn/\n", "", "missing key 'source'", "1:1"),
        ("workdays:", "workday: []\nworkdays:", "unknown key 'workday'", "4:1"),
        (YEAR, "[2191-01-03]", "expected a mapping of keys to values, found a list", "1:1"),
        ("2191\n", "next\n", "expected a whole number, found a string", "1:7"),
        ("2191\n", "true\n", "expected a whole number, found true or false", "1:7"),
        ("2191\n", "0\n", "0 is less than 1", "1:7"),
        ("2191\n", "10000\n", "10000 is more than 9999", "1:7"),
        ("https://www.gov.cn/", "' '", "for example 'https://www.gov.cn/'", "2:9"),
        ("https://www.gov.cn/", "7", "expected a string, found a whole number", "2:9"),
        ("[2191-01-08]", "2191-01-08", "expected a list, found a string", "4:11"),
        ("[2191-01-08]", "[8]", "expected a date, found a whole number", "4:12"),
        ("2191-10-03", "2191-02-29", "2191-02-29 is not a date that exists", "3:36"),
        ("2191-10-03", "2191-10-03T08:00", "is not a date", "3:36"),
        ("2191-10-03", "2192-01-01", "2192-01-01 does not belong to 2191", "3:36"),
        ("2191-10-03", "2190-11-30", "2190-11-30 does not belong to 2191", "3:36"),
        ("[2190-12-31, 2191-01-03, 2191-10-03]", "[]", "this list cannot be empty", "3:11"),
        ("2191-01-08", "2191-01-07", "2191-01-07 is not a Saturday or Sunday", "4:12"),
        ("2191-10-03", "2191-01-08", "2191-01-08 is in holidays as well", "4:12"),
    ],
)
def test_a_year_file_that_cannot_be_meant_is_refused(
    tmp_path: Path, old: str, new: str, said: str, at: str
) -> None:
    path = write(tmp_path, YEAR.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        with_years(published(), [path])
    assert said in str(caught.value)
    assert str(caught.value.place) == f"{path}:{at}"
    assert caught.value.place is not None


def test_a_json_file_is_read_as_well(tmp_path: Path) -> None:
    text = '{"year": 2191, "source": "x", "holidays": ["2191-01-03"], "workdays": []}'
    calendar = with_years(published(), [write(tmp_path, text, "2191.json")])
    assert not calendar.is_workday(date(2191, 1, 3))


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        with_years(published(), [tmp_path / "none.yaml"])


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
