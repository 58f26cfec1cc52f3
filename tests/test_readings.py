"""The situations of `tests/readings` are descriptions, each of its own."""

from __future__ import annotations

from pathlib import Path

from tests.readings.situations import described, situations


def test_each_situation_is_a_description(tmp_path: Path) -> None:
    for number, one in enumerate(situations()):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert described(one, folder).facts["licence"], one.id


def test_no_situation_is_written_twice() -> None:
    ids = [one.id for one in situations()]
    assert sorted(set(ids)) == sorted(ids)
