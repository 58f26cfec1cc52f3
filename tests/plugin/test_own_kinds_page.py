"""The page on kinds of one's own: its files run as they are shown, and print what it shows."""

from __future__ import annotations

import pytest
from handbook.shown import CUT, ENDINGS, blocks

from pytest_icp.law.text import Lang
from tests.plugin.conftest import Infra


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_kind_of_the_page_decides(infra: Infra, lang: Lang) -> None:
    page = f"docs/own-kinds{ENDINGS[lang]}"
    infra.path.unlink()
    for block in blocks(page, "python", "yaml"):
        assert block.path
        infra.write(block.path, "\n".join(block.lines[1:]) + "\n")
    (shown,) = blocks(page, "console")
    command, *printed = shown.lines
    result = infra.run_apart(*command.removeprefix("$ pytest ").split())
    result.assert_outcomes(failed=1)
    told = "\n".join(printed).strip(f"{CUT}\n")
    assert told in result.stdout.str()
