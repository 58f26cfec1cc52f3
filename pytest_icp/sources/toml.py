"""A TOML file as a document with the places of its values (TOML 文件).

Python's own parser tells no places; tables and keys are looked for in the lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.facts.files.faults import DEPTH, too_deep
from pytest_icp.facts.files.positions import Node, Positions
from pytest_icp.facts.files.utf8 import decoded
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import NOT_RENDERED, Document, DocumentPlaces, Read, Unread

if TYPE_CHECKING:
    from pytest_icp.facts.files.budget import Meter
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.request import Request

LARGEST = 4 * 1024 * 1024
_LINE = re.compile(
    r"^[ \t]*+(?:\[{1,2}(?P<table>[^\[\]\n#]++)\]{1,2}|(?P<key>[\w\"'. \t-]++)=[ \t]*+"
    r"(?P<value>\"\"\"|'''|[^\n]*+))",
    re.MULTILINE,
)
_PART = re.compile(r"\"([^\"]*+)\"|'([^']*+)'|([^.\s\"']++)")
# The parser takes time by the square of the parts of a key.
_LONG_KEY = re.compile(r"(?<![\w-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){100}")


def read_toml(request: Request, path: Path) -> Iterator[Read]:
    """Yield the document of a TOML file; see `toml_in`."""
    raw = request.read(None if path == request.path else path, limit=LARGEST)
    yield from toml_in(path, decoded(path, raw), request.meter)


def toml_in(path: Path, text: str, meter: Meter) -> Iterator[Read]:
    """Yield the document of a text; a template that is not rendered is one not read.

    Raises `InputError` when it cannot be read otherwise.
    """
    import tomllib

    if len(text) > LARGEST:
        raise InputError(_TOO_LARGE, place=Place(path=path))
    text = text.replace("\r\n", "\n")
    meter.spend("elements", text.count("=") + text.count(","))
    if _LONG_KEY.search(text):
        raise InputError(too_deep(0).message, place=Place(path=path))
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        template = text.find("{{")
        if template >= 0:
            place = Place(path=path, line=text.count("\n", 0, template) + 1)
            yield Unread(message=NOT_RENDERED, place=place, template=True)
            return
        if isinstance(error, RecursionError):
            raise InputError(too_deep(0).message, place=Place(path=path)) from None
        at = re.search(r"line (\d+), column (\d+)", str(error))
        line = int(at[1]) if at else None
        raise InputError(_NOT_TOML, place=Place(path=path, line=line)) from None
    level: list[Json] = [data]
    for _ in range(DEPTH):
        level = [inner for one in level for inner in _inside(one)]
    if level:
        raise InputError(too_deep(0).message, place=Place(path=path))
    yield Document(data=data, places=DocumentPlaces(path=path, positions=TomlPositions(text)))


def _inside(data: Json) -> Iterable[Json]:
    inner = data.values() if isinstance(data, Mapping) else data if isinstance(data, list) else ()
    return (one for one in inner if isinstance(one, (Mapping, list)))


class TomlPositions(Positions):
    """Finds tables and keys by the lines that they begin on."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._below: dict[tuple[str, ...], dict[str, Node]] = {(): {}}
        self._lists: dict[tuple[str, ...], int] = {}
        self._built = False

    def text(self) -> str:
        """Return the text."""
        return self._text

    def root(self) -> Node:
        """Return the node of the whole document."""
        if not self._built:
            self._built = True
            self._build()
        return (None, None, 0, len(self._text), self._below[()])

    def _build(self) -> None:
        table: tuple[str, ...] = ()
        at = 0
        while (found := _LINE.search(self._text, at)) is not None:
            at = found.end()
            if found["table"] is not None:
                table = self._table(_parts(found["table"]), in_list="[[" in found[0])
                self._put(table, found.span("table"), found.span("table"))
                continue
            value = found.span("value")
            if found["value"] in {'"""', "'''"}:
                end = self._text.find(found["value"], at)
                at = end + 3 if end >= 0 else len(self._text)
            self._put((*table, *_parts(found["key"])), found.span("key"), value)

    def _table(self, parts: tuple[str, ...], *, in_list: bool) -> tuple[str, ...]:
        """Return the path of a table, with the indices of the lists that it is in."""
        path: tuple[str, ...] = ()
        for part in parts[:-1]:
            path = (*path, part)
            if path in self._lists:
                path = (*path, str(self._lists[path]))
        path = (*path, *parts[-1:])
        if in_list:
            self._lists[path] = self._lists.get(path, -1) + 1
            path = (*path, str(self._lists[path]))
        return path

    def _put(self, path: tuple[str, ...], key: tuple[int, int], value: tuple[int, int]) -> None:
        for depth, part in enumerate(path):
            inner = self._below.setdefault(path[: depth + 1], {})
            self._below[path[:depth]].setdefault(part, (*key, *value, inner))


def _parts(written: str) -> tuple[str, ...]:
    return tuple(one or two or three for one, two, three in _PART.findall(written))


_TOO_LARGE = Text(zh="TOML 文件超过 4 MiB", en="this TOML file is larger than 4 MiB")
_NOT_TOML = Text(zh="不是有效的 TOML", en="this is not valid TOML")
