"""Java properties: separators, escapes, continued lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.sources.log_retention.files import File, properties_of
from pytest_icp.sources.request import Request


def entries(text: str) -> list[tuple[str, str, int | None]]:
    file = File(Request(path=Path("-"), root=Path(), given=text.encode()), Path("-"))
    return [(one.key, one.value, one.place().line) for one in properties_of(file)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a=b", [("a", "b", 1)]),
        ("# a=b\n! c\n\n  a : b \nc d\ne", [("a", "b", 4), ("c", "d", 5), ("e", "", 6)]),
        ("a=b\\\n  c\nd=e", [("a", "bc", 1), ("d", "e", 3)]),
        ("a=b\\\r\n  c\r\nd=e", [("a", "bc", 1), ("d", "e", 3)]),
        ("a\\ b=\\u4e2d\\tc\\\\", [("a b", "中\tc\\", 1)]),
        ("a==b", [("a", "=b", 1)]),
    ],
)
def test_entries(text: str, found: list[tuple[str, str, int]]) -> None:
    assert entries(text) == found


def test_a_value_is_not_in_the_repr() -> None:
    file = File(Request(path=Path("-"), root=Path(), given=b"password=x"), Path("-"))
    (entry,) = properties_of(file)
    assert repr(entry) == "Setting(key=password)"
