"""A test of many values fails for each that is wrong, and asks for the fixtures that it needs."""

from __future__ import annotations

from inspect import signature
from pathlib import Path

import pytest

from tests.helpers import for_each


@for_each("number", [1, 2, 3, 4], ids="no. {}".format)
def is_odd(number: int, tmp_path: Path) -> None:
    assert number % 2, f"even, in {tmp_path}"


def test_each_value_that_fails_is_named() -> None:
    assert list(signature(is_odd).parameters) == ["tmp_path"]
    with pytest.raises(AssertionError) as told:
        is_odd(tmp_path="x")
    said = str(told.value).splitlines()
    assert [line for line in said if "even" in line] == ["no. 2: even, in x", "no. 4: even, in x"]


def test_no_value_is_no_test() -> None:
    with pytest.raises(AssertionError):
        for_each("number", [])
