"""The elements of an XML file, with their lines (XML 元素).

Python's own expat reads them. It fetches nothing, and a file that declares or uses entities of
its own is refused: no configuration needs any, and a few of them make gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError, ParserCreate, errors

from msgspec import Struct, field

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.faults import DEPTH, too_deep
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pathlib import Path

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
    children: list[Element] = field(default_factory=list)

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
            waiting += reversed(one.children)


def parse_elements(path: Path, text: str, meter: Meter) -> Element:
    """Return the outermost element of an XML file.

    Raises `InputError` with the line if it is not well-formed, nested too deeply or declares
    entities, and `OverBudgetError` for more elements than the budget.
    """
    reader = _ElementReader(path, text, meter)
    try:
        reader.parser.Parse(text, True)  # noqa: FBT003 - positional only
    except ExpatError as error:
        why = errors.messages[error.code]
        place = Place(path=path, line=error.lineno, column=error.offset + 1)
        raise InputError(_NOT_XML.format(why=why), place=place) from None
    return reader.roots[0]


class _ElementReader:
    """Takes what expat finds."""

    def __init__(self, path: Path, text: str, meter: Meter) -> None:
        self.roots: list[Element] = []
        self.parser = ParserCreate()
        self._path, self._text, self._meter = path, text, meter
        self._open: list[Element] = []
        self._texts: list[str] = []
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._texts.append
        self.parser.EntityDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._document_type

    def _refuse(self, message: Text) -> InputError:
        return InputError(message, place=Place(path=self._path, line=self.parser.CurrentLineNumber))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._meter.spend("elements")
        if len(self._open) >= DEPTH:
            raise self._refuse(too_deep(0).message)
        tag = tag.rpartition(":")[2]
        parser, texts = self.parser, self._texts
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        element = Element(tag, tag.lower(), attributes, line, column, texts, len(texts))
        (self._open[-1].children if self._open else self.roots).append(element)
        self._open.append(element)

    def _end(self, _tag: str) -> None:
        self._open.pop().ends = len(self._texts)

    def _declared(self, *_: object) -> None:
        raise self._refuse(_ENTITIES)

    def _document_type(self, *_: object) -> None:
        # What a document type that is not fetched declares is left out without a word.
        if _OWN_ENTITY.search(self._text):
            raise self._refuse(_ENTITIES)


_ENTITIES = Text(
    zh="XML 文件声明或使用了自定义实体，不予读取",
    en="this XML file declares or uses entities of its own, so it is not read",
)
_NOT_XML = Text(zh="不是格式正确的 XML：{why}", en="this is not well-formed XML: {why}")
