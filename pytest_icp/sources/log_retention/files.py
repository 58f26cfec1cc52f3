"""The files that formats of log settings read, and what they find in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from jsonschema_rs import Draft202012Validator, RegexOptions
from msgspec import Struct

from pytest_icp.facts.derived import Gap, Provenance
from pytest_icp.facts.files.decoding import decode
from pytest_icp.facts.files.positions import Lines
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, documents_in
from pytest_icp.sources.elements import parse_elements, places_in
from pytest_icp.sources.gathering import ProvenanceLookup
from pytest_icp.sources.log_stores import LOGS, Kept, kinds_named
from pytest_icp.sources.values import Value

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from pytest_icp.sources.documents import Read
    from pytest_icp.sources.request import Request

_BREAK = re.compile(r"\r\n?|\n")
# An element that is alone on its line may be quoted.
_ALONE = re.compile(r"\s*+<[^<>]*+>(?:[^<>]*+</[^<>]*+>)?+\s*+")

_WHOLE = re.compile(r"\d{1,9}")


class Unread(Struct, frozen=True):
    """Something that may keep logs and is of a type that is not read; it is counted."""

    type: str


Found: TypeAlias = "Kept | Gap | Unread | File | Text"
"""What a format finds in a file; a text is a remark."""


class Format(Struct, frozen=True, kw_only=True):
    """A format (格式): the paths and the content that are recognised, and what reads them.

    ``paths`` is searched in the name of a file and of its folder, with ``/`` between them;
    ``signs`` in the text.
    """

    name: str
    paths: re.Pattern[str]
    signs: Draft202012Validator
    read: Callable[[File], Iterable[Found]]

    def is_in(self, file: File) -> bool:
        """Whether the text of a file has the signs of the format."""
        return self.signs.is_valid(file.text)


def signs(pattern: str) -> Draft202012Validator:
    """Return what finds a pattern in a text.

    The engine of jsonschema-rs takes linear time, and a thousandth of what `re` takes.
    """
    return Draft202012Validator({"pattern": pattern}, pattern_options=RegexOptions())


class _ElementPlaces:
    """Where the elements of an XML file are, by their numbers in it, without the elements."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text

    @cached_property
    def _found(self) -> list[tuple[int, int]]:
        return places_in(self._text)

    @cached_property
    def _lines(self) -> list[str]:
        return _BREAK.split(self._text)

    def place(self, number: int) -> Place:
        """Return the place of an element, which is quoted if it is alone on its line."""
        line, column = self._found[number]
        written = self._lines[line - 1]
        shown = written.rstrip() if _ALONE.fullmatch(written) else ""
        width = max(1, len(shown) - column + 1)
        return Place(path=self._path, line=line, column=column, excerpt=shown, width=width)


class File:
    """A file that formats read: its text, its elements or documents, and places in it.

    It is opened when one of them is asked for. ``request`` reads what it refers to; ``called`` is
    what it is called, with the folders around it.
    """

    def __init__(self, request: Request, path: Path) -> None:
        self.request = request
        self.path = path
        self.called = path.as_posix()

    @cached_property
    def _raw(self) -> bytes:
        return self.request.read(None if self.path == self.request.path else self.path)

    @cached_property
    def written(self) -> str:
        """Its path as it is written in facts."""
        return self.request.as_written(self.path)

    def moved(self, found: Found) -> Found:
        """Return what was found in the file with its places where people find them."""
        return found

    @cached_property
    def text(self) -> str:
        """The text, in whatever encoding it is."""
        return decode(self._raw)

    @cached_property
    def _positions(self) -> Lines:
        return Lines(self.text)

    def documents(self) -> Sequence[Read]:
        """Return the documents of a YAML or JSON file, which several formats may read."""
        return self._documents

    @cached_property
    def _documents(self) -> Sequence[Read]:
        return tuple(documents_in(self.request, self.path, self._raw))

    def values(self) -> Iterator[Value | Gap]:
        """Yield the values of the documents; one that cannot be read is a gap."""
        for document in self._documents:
            if isinstance(document, Document):
                yield Value(document.data, document.places)
            else:
                kinds = frozenset({LOGS})
                yield Gap(message=document.message, place=document.place, kinds=kinds)

    def elements(self) -> Element:
        """Return the outermost element of an XML file, which several formats may read."""
        return self._root

    @cached_property
    def _root(self) -> Element:
        return parse_elements(self.path, self.text, self.request.meter)

    @cached_property
    def _numbers(self) -> Mapping[Element, int]:
        return {element: number for number, element in enumerate(self._root.iter())}

    @cached_property
    def _places(self) -> _ElementPlaces:
        return _ElementPlaces(self.path, self.text)

    def place(self, start: int, end: int) -> Place:
        """Return the place of a span of the text, whose line is quoted: it has no secret."""
        return self._positions.place(self.path, start, end)

    def place_of(self, element: Element) -> Callable[[], Place]:
        """Return what looks up the place of an element, and does not hold on to the tree."""
        places, number = self._places, self._numbers[element]
        return lambda: places.place(number)

    def of(self, element: Element, address: str, attribute: str = "") -> ProvenanceLookup:
        """Return what looks up the provenance of an element, by its address in the file."""
        place = self.place_of(element)
        return lambda: Provenance(place=place(), address=address, attribute=attribute)


def common_kinds(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of what is collected from files: what the names of all of them say."""
    named = [set(kinds_named(path)) for path in paths]
    return tuple(sorted(set.intersection(*named))) if named else ()


def whole(written: str) -> int | None:
    """Return a whole number, None for anything else."""
    text = written.strip()
    return int(text) if _WHOLE.fullmatch(text) else None


NOT_HERE = Text(
    zh="{path} 不在仓库中，其中的日志保存多久无法判断",
    en="{path} is not in the repository, so how long the logs in it are kept is not known",
)
"""Why it is not known how long the logs in a file are kept that another one includes."""
