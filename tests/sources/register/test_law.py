"""The law of registers: what rows say is what the same elements say in YAML."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_icp.facts.files.properties import allows
from pytest_icp.facts.written import SCHEMA
from pytest_icp.sources.register import read_register
from pytest_icp.sources.register.columns import ID, LANGUAGES, Register, registers
from pytest_icp.sources.request import Request

NAMES = st.text("ab十-_.", min_size=1).map(str.strip).filter(bool)
ANYTHING: tuple[Any, ...] = (
    *("电信", "a-1", "106", "1.10", "https://etaoche.cn/a", "cn", "CNY", "never", "open", "none"),
    *("2023-02-28", "2024-02-29", "2023-11-20T00:00", "2023-11-20T15:30:07+08:00", "9" * 64),
    *(True, False, 0, 1, 2023, 0.07, 99.9),
)


@cache
def values(register: str, path: str) -> tuple[Any, ...]:
    """Values that the schema allows in a column, among them its words and examples."""
    column = next(one for one in registers()[register].columns if one.path == path)
    some = (*column.words, *column.described.examples, *ANYTHING)
    plain = [value for value in some if not isinstance(value, dict)]
    allowed = [value for value in plain if allows(SCHEMA, column.fact, value)]
    if not column.many:
        return tuple(allowed)
    single = [value for value in allowed if not isinstance(value, list)]
    return ([], single[:1], single[1:3], *(value for value in allowed if value not in single))


def cell(value: Any) -> str:
    """One of the ways in which people write a value."""
    if isinstance(value, list):
        return "；".join(map(cell, value)) or "[]"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def element(register: Register, flat: dict[str, Any]) -> dict[str, Any]:
    columns = {column.path: column for column in register.columns}
    made: dict[str, Any] = {}
    for path, value in flat.items():
        *above, name = columns[path].path_of(value).split(".")
        inside = made
        for step in above:
            inside = inside.setdefault(step, {})
        inside[name] = value
    return made


def excludes(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


@st.composite
def elements(draw: st.DrawFn, register: Register) -> list[dict[str, Any]]:
    """Elements by the paths of their columns; of columns that exclude each other, the first."""
    ids = draw(st.lists(NAMES, max_size=3, unique=True))
    columns = [column for column in register.columns if column.path != ID]
    rows = []
    for name in ids:
        row: dict[str, Any] = {ID: name}
        for column in draw(st.lists(st.sampled_from(columns), unique_by=lambda one: one.path)):
            if not any(excludes(column.path, known) for known in row):
                row[column.path] = draw(st.sampled_from(values(register.name, column.path)))
        rows.append(row)
    return rows


@pytest.mark.parametrize("name", registers())
@given(data=st.data())
@settings(max_examples=4)
def test_rows_say_what_elements_say(name: str, data: st.DataObject) -> None:
    register = registers()[name]
    rows = data.draw(elements(register))
    lang = data.draw(st.sampled_from(LANGUAGES))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(column.title[lang] for column in register.columns)
    for row in rows:
        cells = (row.get(column.path) for column in register.columns)
        writer.writerow("" if value is None else cell(value) for value in cells)
    request = Request(
        path=Path("-"), root=Path(), given=written.getvalue().encode(), settings={"list": name}
    )
    derived = read_register(request)
    facts: Any = derived.facts
    for step in name.split("."):
        facts = facts[step]
    assert facts == [element(register, row) for row in rows]
