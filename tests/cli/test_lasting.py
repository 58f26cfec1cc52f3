from __future__ import annotations

import pytest

from pytest_icp.cli import lasting
from pytest_icp.cli.lasting import telling


def test_it_says_how_much_is_done_and_how_long_the_rest_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, 10.0, 600.0])
    monkeypatch.setattr(lasting, "monotonic", lambda: next(clock))
    said: list[str] = []
    told = telling(said.append, "en")
    told(1, 4)
    told(2000, 3000)
    assert said == ["1 of 4, about 30 s left", "2,000 of 3,000, about 5 min left"]
