"""Elements of XML: their lines, and files that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.files.budget import Budget, Meter, OverBudgetError
from pytest_icp.law.errors import InputError
from pytest_icp.sources.elements import Element, parse_elements

LAUGHS = """<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>"""


def parse(text: str) -> Element:
    return parse_elements(Path("a.xml"), text, Meter())


def test_elements_have_names_texts_and_lines() -> None:
    root = parse("<?xml version='1.0' encoding='GBK'?>\n<x:A b='1'>\n  中 <C/> d <c/></x:A>")
    assert (root.tag, root.name, root.attributes, root.text) == ("A", "a", {"b": "1"}, "中  d")
    assert [(one.tag, one.line, one.column) for one in root.named("c")] == [
        ("C", 3, 5),
        ("c", 3, 12),
    ]
    assert root.first("d") is None
    assert [one.tag for one in root.walk()] == ["A", "C", "c"]
    assert repr(root) == "Element(tag=A, line=2)"


def test_a_document_type_is_not_fetched() -> None:
    assert parse('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&amp;&#50;</a>').text == "&2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LAUGHS, "declares or uses entities of its own"),
        ('<!DOCTYPE a SYSTEM "a.dtd"><a b="&c;"/>', "declares or uses entities of its own"),
        ('<!DOCTYPE a [<!ENTITY % p SYSTEM "a">]><a/>', "declares or uses entities of its own"),
        ("<a>&b;</a>", "not well-formed XML: undefined entity"),
        ("<a>", "not well-formed XML: no element found"),
        ("", "not well-formed XML: no element found"),
        ("<a>\0</a>", "not well-formed XML: not well-formed (invalid token)"),
        ("<a>" * 101, "nested more than 100 levels deep"),
    ],
)
def test_what_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(text)
    assert words in refused.value.message.en
    assert refused.value.place
    assert refused.value.place.line == 1


def test_elements_are_spent() -> None:
    with pytest.raises(OverBudgetError):
        parse_elements(Path("a.xml"), "<a><b/><b/></a>", Meter(Budget(elements=2)))
