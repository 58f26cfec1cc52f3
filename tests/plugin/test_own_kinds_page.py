"""The page on kinds of one's own: its files run as they are shown, and print what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook.shown import CUT, ENDINGS, blocks, run

from pytest_icp.law.text import Lang
from tests.plugin.conftest import Infra

CASE = """\
provision: OWN
cases:
  - name: the last character is right
    rule: OWN/credit-code
    as_of: 2025-01-01
    facts: {company: {uscc: 91110105MA00000X0W}}
    verdict: satisfied
  - name: the last character is wrong
    rule: OWN/credit-code
    as_of: 2025-01-01
    facts: {company: {uscc: 91110105MA00000X0A}}
    verdict: violated
"""


def files(lang: Lang) -> dict[str, str]:
    shown = blocks(f"docs/own-kinds{ENDINGS[lang]}", "python", "yaml")
    return {str(block.path): "\n".join(block.lines[1:]) + "\n" for block in shown}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_kind_of_the_page_decides(infra: Infra, lang: Lang) -> None:
    infra.path.unlink()
    for name, text in files(lang).items():
        infra.write(name, text)
    (shown,) = blocks(f"docs/own-kinds{ENDINGS[lang]}", "console")
    command, *printed = shown.lines
    result = infra.run_apart(*command.removeprefix("$ pytest ").split())
    result.assert_outcomes(failed=1)
    told = "\n".join(printed).strip(f"{CUT}\n")
    assert told in result.stdout.str()


def test_a_kind_beside_the_description_is_known_to_commands_for_authors(tmp_path: Path) -> None:
    for name, text in (files("en") | {"cases/OWN.yaml": CASE}).items():
        path = tmp_path / "infra" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    own = ("OWN", "--policies", "infra/policies", "--lang", "en")
    assert run(tmp_path, "pytest-icp", "lint", *own)[-1] == "1 provision checked, nothing found."
    assert "Its rules" in run(tmp_path, "pytest-icp", "explain", *own)
    mutated = run(tmp_path, "pytest-icp", "mutate", *own, "--cases", "infra/cases")
    assert mutated[-1].endswith("100%"), mutated
