"""Variables in Compose files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.sources.compose import interpolate, variables_of

GIVEN = {"A": "a", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("$A.cn", "a.cn"),
        ("${A}.cn", "a.cn"),
        ("$$A $${A}", "$A ${A}"),
        ("${A:-x}", "a"),
        ("${A-x}", "a"),
        ("${B:-x}", "x"),
        ("${B-x}", "x"),
        ("${B:-}", ""),
        ("${EMPTY:-x}", "x"),
        ("${EMPTY-x}", ""),
        ("${B:-${A}}", None),
        ("${A:+x}", None),
        ("${A:?none}", "a"),
        ("${B:?none}", None),
        ("${B?none}", None),
        ("${EMPTY:?none}", None),
        ("$B", None),
        ("${B}", None),
        ("${A", None),
        ("${A/x/y}", None),
        ("$", None),
        ("${}", None),
    ],
)
def test_variables_are_filled_in(text: str, value: str | None) -> None:
    assert interpolate(text, GIVEN) == value


@given(st.text("$"))
def test_doubled_signs_are_single_ones(text: str) -> None:
    assert interpolate(text.replace("$", "$$"), {}) == text


@given(st.text("${}:-A", max_size=40))
def test_any_text_has_a_value_or_none(text: str) -> None:
    value = interpolate(text, GIVEN)
    assert value is None or isinstance(value, str)


def test_variables_of_a_file() -> None:
    text = "# c\nA=1\nexport B=\"x y\"\nC='#'\nD=a # c\nE=\n 1=x\nnone\nF=a=b\r\n"
    assert variables_of(text) == {"A": "1", "B": "x y", "C": "#", "D": "a", "E": "", "F": "a=b"}
