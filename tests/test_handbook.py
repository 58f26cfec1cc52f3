"""The pages of ``docs/`` say what the policies say."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook.pages import pages

PAGES = tuple(pages())


@pytest.mark.parametrize(("path", "text"), PAGES, ids=[path.name for path, _ in PAGES])
def test_a_page_is_what_the_policies_say(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run python docs/handbook"
