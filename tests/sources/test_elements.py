"""Elements of XML: their lines, and files that are refused."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from pytest_icp.facts.files.budget import Budget, Meter, OverBudgetError
from pytest_icp.law.errors import InputError
from pytest_icp.sources.log_retention.files import (
    first_of,
    named,
    parse_elements,
    plain,
    text_of,
)

LAUGHS = """<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>"""


def parse(text: str) -> Element:
    return parse_elements(Path("a.xml"), text, Meter())[0]


def test_elements_have_names_texts_and_places() -> None:
    text = "<?xml version='1.0' encoding='GBK'?>\n<x:A b='1'>\n  中 <C/><!-- d --> d <c/></x:A>"
    root, places = parse_elements(Path("a.xml"), text, Meter())
    assert (root.tag, plain(root.tag), root.attrib) == ("x:A", "a", {"b": "1"})
    assert text_of(root) == "中  d"
    assert [one.tag for one in named(root, "c")] == ["C", "c"]
    assert [*places.values()] == [(2, 1), (3, 5), (3, 22)]
    assert first_of(root, "d") is None


def test_many_elements_are_not_deep() -> None:
    assert len(parse(f"<a>{'<b/>' * 101}</a>")) == 101


def test_a_document_type_is_not_fetched() -> None:
    root = parse('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&amp;&#50;</a>')
    assert text_of(root) == "&2"


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
        ("<a>" * 101 + "</a>" * 101, "nested more than 100 levels deep"),
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
