"""The syntax of files: what is read of them, and what is wrong where."""

from __future__ import annotations

import pytest

from pytest_icp.sources.terraform.language.syntax import SyntaxFault, parse
from tests.sources.terraform.language.evaluation import values


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<<E\n a\n  b\nE\n", " a\n  b\n"),
        ("<<-E\n  a\n\n    b\n  E\n", "a\n\n  b\n"),
        ("<<-E\r\n  a\r\n  E\r\n", "a\n"),
        ("<<E\n\\n $${x} ${1}\nE\n", "\\n ${x} 1\n"),
        ("<<E\nE\n", ""),
        ('<<E\n%{ if x == "}" ~}\n a\n%{~ endif }\nb\nE\n', "?"),
        ("<<E\n%{ for k, v in {a = 1} }\n ${k}\n%{ endfor }\nE\n", "?"),
    ],
)
def test_texts_between_lines(written: str, said: str) -> None:
    assert values(f'resource "a" "b" {{\n  x = {written}}}\n')["a.b"]["x"] == said


@pytest.mark.parametrize(
    ("text", "what", "word", "line", "column"),
    [
        ("a = \n", "expression", "", 1, 5),
        ("\n  = 1\n", "argument", "", 2, 3),
        ("a = 1 b = 2\n", "line end", "", 1, 7),
        ("a = 1\na = 2\n", "twice", "a", 2, 4),
        ("a\n", "expected", "= {", 1, 2),
        ('a "b', "open", '"', 1, 5),
        ('a "${b}" {\n}\n', "label", "", 1, 9),
        ("a {\n", "argument", "", 2, 1),
        ("a = (1\n", "expected", ")", 2, 1),
        ("a = [1 2]\n", "expected", ",", 1, 8),
        ("a = f(1\n2)\n", "expected", ",", 2, 1),
        ("a = {b}\n", "expected", "= :", 1, 7),
        ("a = {b = 1 c = 2}\n", "line end", "", 1, 12),
        ("a = {b == 1}\n", "expected", "= :", 1, 12),
        ("a = 1 ? 2\n", "expected", ":", 1, 10),
        ("a = b.\n", "name", "", 1, 7),
        ("a = [for 1 in b : 1]\n", "name", "", 1, 10),
        ("a = [for b of c : 1]\n", "expected", "in", 1, 12),
        ("a = {for b in c : 1}\n", "expected", "=>", 1, 20),
        ("a = 1" + "0" * 5000 + "\n", "number", "", 1, 5006),
        ("a = 1e999\n", "number", "", 1, 10),
        ("a = <<E\nb\n", "open", "<<E", 2, 1),
        ('a = "b\n', "open", '"', 1, 7),
        ('a = "${b"\n', "expected", "}", 1, 9),
        ('a = "${b c}"\n', "expected", "}", 1, 10),
        ('a = "%{ b"\n', "open", '"', 1, 6),
        (r'a = "\q"', "escape", "", 1, 8),
        (r'a = "\UFFFFFFFF"', "escape", "", 1, 16),
        ("a = <<E\n${\nE\n", "expression", "", 3, 1),
    ],
)
def test_what_is_wrong_and_where(text: str, what: str, word: str, line: int, column: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse(text, "x.tf")
    fault = caught.value
    assert (str(fault), fault.word, fault.line, fault.column) == (what, word, line, column)


@pytest.mark.parametrize("opening", ["[", "(", "{a = ", "!", "-", 'f("${', "a[", "1 ? 2 : "])
def test_what_is_nested_too_deeply_is_refused(opening: str) -> None:
    with pytest.raises(RecursionError):
        parse("a = " + opening * 300, "x.tf")
    with pytest.raises(RecursionError):
        parse("a {\n" * 300, "x.tf")
