"""The elements of an XML file, with their lines (XML 元素).

Python's own expat reads them. It fetches nothing, and a file that declares or uses entities of
its own is refused: no configuration needs any, and a few of them make gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import ExpatError, ParserCreate, errors

from pytest_icp.facts.files.faults import DEPTH, too_deep
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_icp.facts.files.budget import Meter

_OWN_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[\w.-]++;")


class _OwnEntityError(Exception):
    """A file declares or uses an entity of its own."""


def parse_elements(path: Path, text: str, meter: Meter) -> Element:
    """Return the outermost element of an XML file; prefixes stay a part of names.

    Raises `InputError` with the line if it is not well-formed, nested too deeply or declares
    entities, and `OverBudgetError` for more elements than the budget.
    """
    most = text.count("<") - text.count("</")
    meter.spend("elements", most)
    parser, builder = ParserCreate(), TreeBuilder()

    def declared(*_: object) -> None:
        raise _OwnEntityError

    def document_type(*_: object) -> None:
        # What a document type that is not fetched declares is left out without a word.
        if _OWN_ENTITY.search(text):
            raise _OwnEntityError

    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = declared
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(text, True)  # noqa: FBT003 - positional only
    except _OwnEntityError:
        place = Place(path=path, line=parser.CurrentLineNumber)
        raise InputError(_ENTITIES, place=place) from None
    except ExpatError as error:
        why = errors.messages[error.code]
        place = Place(path=path, line=error.lineno, column=error.offset + 1)
        raise InputError(_NOT_XML.format(why=why), place=place) from None
    root = builder.close()
    deep = _too_deep(root) if most > DEPTH else None
    if deep is not None:
        line, _ = places_in(text)[[*root.iter()].index(deep)]
        raise InputError(too_deep(0).message, place=Place(path=path, line=line))
    return root


def _too_deep(root: Element) -> Element | None:
    """Return the first element that nests too deeply."""
    level = [root]
    for _ in range(DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return None
    return level[0]


def places_in(text: str) -> list[tuple[int, int]]:
    """Return the line and the column at which each element in a text begins, both from 1."""
    parser = ParserCreate()
    places: list[tuple[int, int]] = []

    def start(*_: object) -> None:
        places.append((parser.CurrentLineNumber, parser.CurrentColumnNumber + 1))

    parser.StartElementHandler = start
    parser.Parse(text, True)  # noqa: FBT003 - positional only
    # The parser refers to what refers to it.
    parser.StartElementHandler = None
    return places


@lru_cache(maxsize=1024)
def plain(tag: str) -> str:
    """Return the name of an element in small letters, without a prefix."""
    return tag.rpartition(":")[2].lower()


def named(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children of some names, in small letters and without a prefix."""
    return (child for child in element if plain(child.tag) in names)


def first_of(element: Element, name: str) -> Element | None:
    """Return the first child of a name, in small letters and without a prefix."""
    for child in element:
        if plain(child.tag) == name:
            return child
    return None


def text_of(element: Element) -> str:
    """Return what stands directly in an element, without the space around it."""
    text = element.text or ""
    if len(element):
        text = "".join([text, *[child.tail or "" for child in element]])
    return text.strip()


_ENTITIES = Text(
    zh="XML 文件声明或使用了自定义实体，不予读取",
    en="this XML file declares or uses entities of its own, so it is not read",
)
_NOT_XML = Text(zh="不是格式正确的 XML：{why}", en="this is not well-formed XML: {why}")
