"""The page on fuzzing shows what is really printed, and says the same in both languages."""

from __future__ import annotations

import re

import pytest

from tests.helpers import ROOT
from tests.plugin.conftest import Infra

PAGES = {"en": "fuzzing.md", "zh": "fuzzing.zh.md"}
TALLY = re.compile(r"^  = (?:then|其次).*\n(?:    .*\n)*", re.MULTILINE)
TIMES = re.compile(r"[0-9]+( times| 次)")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[tuple[str, str]]:
    """Return the blocks of code of a page, with their languages."""
    text = (ROOT / "docs" / PAGES[language]).read_text("utf-8")
    return [(match[1], match[2]) for match in BLOCK.finditer(text)]


def without_tally(text: str) -> str:
    """Leave out how often the tries ended where: what is drawn differs between machines."""
    return TIMES.sub(r"N\1", TALLY.sub("", text))


@pytest.mark.parametrize("language", PAGES)
def test_what_is_shown_is_what_is_printed(infra: Infra, language: str) -> None:
    shown = blocks(language)
    infra.path.unlink()
    for _, text in (block for block in shown if block[0] == "yaml"):
        head, _, body = text.partition("\n")
        infra.write(head.removeprefix("# "), body)
    (output,) = (text for kind, text in shown if kind == "text")
    options = ("--icp-fuzz", "--icp-policies", "own", "-m", "icp_fuzz", "--icp-select", "OWN")
    run = infra.run_apart(*options, "--icp-lang", language)
    run.assert_outcomes(failed=2)
    assert without_tally(output) in without_tally(run.stdout.str())


def test_the_edges_that_are_shown_are_those_of_the_example(infra: Infra) -> None:
    (shown,) = (text for kind, text in blocks("zh") if kind == "console")
    page = " ".join((ROOT / "docs" / PAGES["zh"]).read_text("utf-8").split())
    (asked,) = re.findall(r"`pytest (examples/etaoche [^`]*)`", page)
    path, *options = asked.split()
    run = infra.run_apart(str(ROOT / path), *options, as_of="")
    assert run.ret == 0
    assert shown in run.stdout.str()


def test_both_pages_show_the_same() -> None:
    printed = {"text", "console"}
    parts = [
        [(kind, re.sub(r"\s+#.*", "", text)) for kind, text in blocks(page) if kind not in printed]
        for page in PAGES
    ]
    assert parts[0] == parts[1]
