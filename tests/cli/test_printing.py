from __future__ import annotations

import io
import sys

import pytest

from pytest_icp.cli import printing
from pytest_icp.cli.printing import has_colours, telling


@pytest.mark.parametrize(
    ("environment", "is_terminal", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colours_are_for_terminals(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    is_terminal: bool,
    expected: bool,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal, raising=False)
    monkeypatch.setattr(sys, "__stdout__", stream)
    assert has_colours() is expected


def test_it_says_how_much_is_done_and_how_long_the_rest_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, 10.0, 600.0])
    monkeypatch.setattr(printing, "monotonic", lambda: next(clock))
    said: list[str] = []
    told = telling(said.append, "en")
    told(1, 4)
    told(2000, 3000)
    assert said == ["1 of 4, about 30 s left", "2,000 of 3,000, about 5 min left"]
