"""Twice the input takes twice the time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attack.growing import GROWING, seconds

FAST = 0.02
"""Seconds that say nothing about growth."""


@pytest.mark.parametrize("name", GROWING)
def test_four_times_the_input_takes_about_four_times_as_long(tmp_path: Path, name: str) -> None:
    # Beside others, a processor may be slow for a moment; what is not linear never is fast.
    assert any(_grows_evenly(tmp_path / str(i), name) for i in range(3))


def _grows_evenly(folder: Path, name: str) -> bool:
    n, made = GROWING[name]
    for each in ("warm", "once", "more"):
        (folder / each).mkdir(parents=True)
    seconds(folder / "warm", made, 10)
    more = seconds(folder / "more", made, 4 * n)
    return more < FAST or more < 8 * seconds(folder / "once", made, n)
