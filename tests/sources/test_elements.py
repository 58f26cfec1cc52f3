"""Elements of XML: their lines, and files that are refused."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from pytest_icp.facts.files.budget import Budget, Meter, OverBudgetError
from pytest_icp.law.errors import InputError
from pytest_icp.sources.log_retention.files import (
    parse_elements,
    text_of,
)

LAUGHS = """<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>"""


def parse(text: str) -> Element:
    return parse_elements(Path("a.xml"), text, Meter())[0]


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
