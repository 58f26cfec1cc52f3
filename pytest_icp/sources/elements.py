"""The elements of an XML file, with their lines (XML 元素).

Python's own expat reads them. It fetches nothing, and a file that declares or uses entities of
its own is refused: no configuration needs any, and a few of them make gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError, ParserCreate, errors

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.faults import DEPTH, too_deep
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pathlib import Path
    from xml.parsers.expat import XMLParserType

    from pytest_icp.facts.files.budget import Meter

_OWN_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[\w.-]++;")


class Element(Confidential, Struct, eq=False):
    """One element (元素): its name without a prefix, where it begins, and what is in it.

    ``name`` is the tag in lower case. ``texts`` are those of the whole file; what is in the
    element ``begins`` and ``ends`` there.
    """

    _shown = ("tag", "line")

    tag: str
    name: str
    attributes: Mapping[str, str]
    line: int
    column: int
    texts: list[str]
    begins: int
    ends: int = 0
    children: Sequence[Element] = ()

    @property
    def text(self) -> str:
        """What stands directly in the element, without the space around it."""
        if not self.children:
            return "".join(self.texts[self.begins : self.ends]).strip()
        own: list[str] = []
        at = self.begins
        for child in self.children:
            own += self.texts[at : child.begins]
            at = child.ends
        return "".join([*own, *self.texts[at : self.ends]]).strip()

    def named(self, *names: str) -> Iterator[Element]:
        """Yield the children of some names, which are in lower case."""
        return (child for child in self.children if child.name in names)

    def first(self, name: str) -> Element | None:
        """Return the first child of a name, which is in lower case."""
        return next(self.named(name), None)

    def walk(self) -> Iterator[Element]:
        """Yield the element and all that are in it, in their order."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += one.children[::-1]


def parse_elements(path: Path, text: str, meter: Meter) -> Element:
    """Return the outermost element of an XML file.

    Raises `InputError` with the line if it is not well-formed, nested too deeply or declares
    entities, and `OverBudgetError` for more elements than the budget.
    """
    parser, roots = _parser(path, text, meter)
    try:
        parser.Parse(text, True)  # noqa: FBT003 - positional only
    except ExpatError as error:
        why = errors.messages[error.code]
        place = Place(path=path, line=error.lineno, column=error.offset + 1)
        raise InputError(_NOT_XML.format(why=why), place=place) from None
    return roots[0]


def _parser(path: Path, text: str, meter: Meter) -> tuple[XMLParserType, list[Element]]:
    """Return a parser, and the list that it adds the outermost element to."""
    parser = ParserCreate()
    texts: list[str] = []
    # The children of the elements that are open, and where each of them ends.
    levels: list[list[Element]] = [[]]
    names: dict[str, tuple[str, str]] = {}
    spend = meter.spend

    def refuse(message: Text) -> InputError:
        return InputError(message, place=Place(path=path, line=parser.CurrentLineNumber))

    def start(tag: str, attributes: dict[str, str]) -> None:
        spend("elements")
        if len(levels) > DEPTH:
            raise refuse(too_deep(0).message)
        name = names.get(tag)
        if name is None:
            plain = tag.rpartition(":")[2]
            name = names[tag] = (plain, plain.lower())
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        levels[-1].append(Element(*name, attributes, line, column, texts, len(texts)))
        levels.append([])

    def end(_tag: str) -> None:
        children = levels.pop()
        element = levels[-1][-1]
        element.ends = len(texts)
        if children:
            element.children = children

    def declared(*_: object) -> None:
        raise refuse(_ENTITIES)

    def document_type(*_: object) -> None:
        # What a document type that is not fetched declares is left out without a word.
        if _OWN_ENTITY.search(text):
            raise refuse(_ENTITIES)

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = texts.append
    parser.EntityDeclHandler = declared
    parser.StartDoctypeDeclHandler = document_type
    return parser, levels[0]


_ENTITIES = Text(
    zh="XML 文件声明或使用了自定义实体，不予读取",
    en="this XML file declares or uses entities of its own, so it is not read",
)
_NOT_XML = Text(zh="不是格式正确的 XML：{why}", en="this is not well-formed XML: {why}")
