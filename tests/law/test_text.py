from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import pytest_icp
from pytest_icp.law.text import Text, in_quotes, plain
from tests.helpers import for_each


def test_what_is_quoted_in_a_quotation_has_single_marks() -> None:
    assert in_quotes("不得经营“互联网接入”业务") == "“不得经营‘互联网接入’业务”"


def test_what_is_filled_in_is_never_filled_itself() -> None:
    assert plain("{a}").format(a="{b} %s") == plain("{b} %s")


@pytest.mark.parametrize(
    ("n", "noun", "said"),
    [
        *((0, "day", "0 days"), (1, "day", "1 day"), (2, "day", "2 days")),
        *((1, "entry", "1 entry"), (3, "entry", "3 entries")),
        *((1, "working day", "1 working day"), (10, "working day", "10 working days")),
        *((7, "04", "0007"), (7, "d", "7")),
    ],
)
def test_what_is_counted_stands_in_the_singular_or_the_plural(n: int, noun: str, said: str) -> None:
    template = Text(zh="{n} 日", en=f"{{n:{noun}}}")
    assert template.format(n=n) == Text(zh=f"{n} 日", en=said)


MODULES = sorted(Path(pytest_icp.__file__).parent.rglob("*.py"))


@for_each("path", MODULES)
def test_no_sentence_leaves_the_number_to_the_reader(path: Path) -> None:
    texts = (
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
    )
    assert [
        text for text in texts if isinstance(text, str) and re.search(r"[a-z][(]s[)]", text)
    ] == []


def test_a_placeholder_that_nobody_fills_is_an_error() -> None:
    with pytest.raises(KeyError):
        plain("{a}").format(b=1)
