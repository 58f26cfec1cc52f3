"""Cells as people and spreadsheets write them, and the values that they have."""

from __future__ import annotations

from datetime import datetime

import pytest

from pytest_icp.sources.register.cells import CellError, Dated, moment_of, value_of
from pytest_icp.sources.register.columns import register_named, registers

DAY = registers()["attestations"].column("expires_on")
MOMENT = registers()["complaints"].column("received_at")
EVENT = registers()["complaints"].column("answered_at")
TEXT = registers()["attestations"].column("statement")
ANSWER = registers()["sites"].column("production")
WHOLE = registers()["attestations"].column("max_age_days")
NUMBER = registers()["price_list"].column("price")
WORDS = registers()["log_stores"].column("kinds")
END = registers()["network_links"].column("ended_on")
UNTIL = registers()["approvals"].column("valid_until")
LAST = registers()["resource_grants"].column("to")
DECISION = registers()["approvals"].column("addition_filing.decision")
LEVEL = registers()["network_units"].column("level")
NAMES = registers()["sites"].column("domains")
FUNCTIONS = registers()["services"].column("features.ugc_social")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2023-11-20", "2023-11-20"),
        ("2023/1/2", "2023-01-02"),
        ("2023.11.20", "2023-11-20"),
        ("２０２３年１月２日", "2023-01-02"),
        (" 2023年11月20号\u3000", "2023-11-20"),
        ("20231120", "2023-11-20"),
        ("2023-11-20 15:30", "2023-11-20T15:30"),
        ("2023-11-20T15:30:07+08:00", "2023-11-20T15:30:07+08:00"),
        ("2023-11-20T07:30Z", "2023-11-20T07:30Z"),
        ("2023-11-20 15:30 +0800", "2023-11-20T15:30+08:00"),
        ("2023-11-20 15:30:07.25", "2023-11-20T15:30:07.25"),
        ("2023年11月20日 9时5分", "2023-11-20T09:05"),
        ("2023年11月20日下午3点", "2023-11-20T15:00"),
        ("2023/11/20 15时30分07秒", "2023-11-20T15:30:07"),
        ("2023/11/20 3:30 PM", "2023-11-20T15:30"),
        ("2023/11/20 12:05 am", "2023-11-20T00:05"),
        ("2023/11/20 上午 9:05", "2023-11-20T09:05"),
        ("2023/11/20 下午15:05", "2023-11-20T15:05"),
        ('="2023-11-20"', "2023-11-20"),
    ],
)
def test_days_and_moments(written, day):
    assert value_of(written, MOMENT) == day
    assert value_of(written, DAY) == day[:10]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("03/04/2023", "which is the day"),
        ("20-11-2023", "which is the day"),
        ("23/11/20", "which is the day"),
        ("1.2.2023 10:00", "which is the day"),
        ("2023-11", "is not a date"),
        ("2023-11/20", "is not a date"),
        ("45250", "is not a date"),
        ("never", "is not a date"),
        ("2023-02-29", "not a day or time"),
        ("2023-11-20 24:30", "not a day or time"),
        ("2023-11-20 13:30 PM", "not a day or time"),
        ("2023-11-20 下午3:30 PM", "is not a date"),
        ("########", "too narrow"),
        (True, "is not a date"),
    ],
)
def test_what_is_no_day(written, why):
    with pytest.raises(CellError) as error:
        value_of(written, MOMENT)
    assert why in error.value.message.en


def test_dates_of_a_spreadsheet():
    noon, midnight = datetime(2023, 11, 20, 12, 0), datetime(2023, 11, 20)
    assert value_of(Dated(None, moment_of(noon, timed=True)), MOMENT) == "2023-11-20T12:00"
    assert (
        value_of(Dated(None, moment_of(noon.replace(second=9), timed=True)), MOMENT)
        == "2023-11-20T12:00:09"
    )
    assert value_of(Dated(None, moment_of(midnight, timed=False)), MOMENT) == "2023-11-20"
    assert value_of(Dated(None, moment_of(midnight, timed=True)), MOMENT) == "2023-11-20T00:00"
    assert value_of(Dated(None, moment_of(noon, timed=True)), DAY) == "2023-11-20"
    assert value_of(Dated(45250.0, moment_of(midnight, timed=False)), DAY) == "2023-11-20"
    assert value_of(Dated(20231120.0, None), DAY) == "2023-11-20"
    with pytest.raises(CellError, match="not a date"):
        value_of(Dated(7.0, None), DAY)
    with pytest.raises(CellError, match="formatted as a date"):
        value_of(Dated(None, moment_of(midnight, timed=False)), TEXT)


@pytest.mark.parametrize("written", ["", "  \u3000", None, "\t", '=""'])
def test_an_empty_cell_declares_nothing(written):
    assert value_of(written, ANSWER) is None
    assert value_of(written, WORDS) is None


@pytest.mark.parametrize(
    ("written", "column", "value"),
    [
        ("1,000", WHOLE, 1000),
        ("３０", WHOLE, 30),
        ("30.0", WHOLE, 30),
        (Dated(30.0, None), WHOLE, 30),
        ("9.90", NUMBER, 9.9),
        ("7%", NUMBER, 0.07),
        (Dated(9.9, None), NUMBER, 9.9),
        ("没有", LEVEL, "none"),
        ("无", LEVEL, "none"),
        ("3", LEVEL, 3),
        ("至今", END, "never"),
        ("在用", END, "never"),
        ("运行中", END, "never"),
        ("无", END, "never"),
        ("2026-06-30", END, "2026-06-30"),
        ("长期", UNTIL, "none"),
        ("永久", UNTIL, "none"),
        ("长期", LAST, "open"),
        ("审核中", DECISION, "pending"),
        ("0012", TEXT, "0012"),
        (Dated(12.0, None), TEXT, "12"),
        (Dated(1.5, None), TEXT, "1.5"),
        ("Access；login", WORDS, ["access", "login"]),
        ("access、 login\nnat;", WORDS, ["access", "login", "nat"]),
        ("a.cn", NAMES, ["a.cn"]),
        ("none", NAMES, []),
        ("无", NAMES, []),
        ("[]", FUNCTIONS, []),
        ("none", FUNCTIONS, ["none"]),
        (Dated(3.0, None), registers()["annual_reports"].column("sections"), [3]),
        ("3、4", registers()["annual_reports"].column("sections"), [3, 4]),
        ("personal info", registers()["complaints"].column("kind"), "personal_info"),
        ("未", EVENT, "never"),
        ("从未", EVENT, "never"),
    ],
)
def test_values(written, column, value):
    assert value_of(written, column) == value


@pytest.mark.parametrize(
    ("written", "column", "why"),
    [
        ("1.5", WHOLE, "'1.5' is not allowed here"),
        (True, WHOLE, "true is not allowed here"),
        ("许多", WHOLE, "is not allowed here"),
        ("x", ANSWER, "neither yes nor no"),
        ("-", END, "is not a date"),
        ("/", UNTIL, "is not a date"),
        ("停用", END, "is not a date"),
        ("在用", EVENT, "is not a date"),
        ("1", ANSWER, "neither yes nor no"),
        (Dated(1.0, None), ANSWER, "neither yes nor no"),
        ("1.23457E+17", TEXT, "15 digits"),
        (Dated(1.2e17, None), TEXT, "15 digits"),
        ("access, login", WORDS, "not one of the choices"),
        ("#N/A", TEXT, "formula failed"),
    ],
)
def test_values_that_a_column_does_not_have(written, column, why):
    with pytest.raises(CellError) as error:
        value_of(written, column)
    assert why in error.value.message.en
    assert error.value.hint.zh


def test_names_of_files():
    for name in (
        "complaints",
        "投诉",
        "投诉台账2023",
        "2023年投诉登记表",
        "complaints-2023",
        "Complaints Log",
    ):
        found = register_named(name)
        assert found is not None
        assert found.name == "complaints"
    assert register_named("价目表").name == "price_list"  # type: ignore[union-attr]  # it is one
    assert register_named("2023") is None
    assert register_named("others") is None
