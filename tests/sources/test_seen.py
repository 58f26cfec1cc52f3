"""Public files: what is told of each is what a person saw in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sources.seen.reading import expected, files, found


@pytest.mark.parametrize("one", files(), ids=lambda one: one["from"].split(" ")[0])
def test_what_is_told_is_what_a_person_saw(tmp_path: Path, one: dict[str, Any]) -> None:
    assert found(one, tmp_path) == expected(one)
