"""The registers that there may be (登记表), and the columns of each, as the schema says.

A register is a list of the description whose elements have an id. Its columns are the properties
of an element that fit into a cell: values, lists of them, and those of an object inside, whose
titles stand one after the other with a dot (``告知用户.告知时间``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.answers import folded
from pytest_icp.facts.files.properties import Property, members, property_at
from pytest_icp.facts.merging import NOT_FACTS
from pytest_icp.facts.written import LICENCE, SCHEMA
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Lang, Text, plain

ID = "id"
ALIKE = 0.5
"""How alike two names are that may be one: of two Chinese characters, one."""

LANGUAGES: tuple[Lang, ...] = ("zh", "en")
# What the name of a file adds to the title of its list: 投诉登记表 2023.xlsx.
_BESIDE = re.compile(
    r"(?<!\s)\s*+(?:[0-9]{2,8}(?:年度?)?|台账|登记[表簿]?|清单|记录|明细|表|register|list|log)\s*+$"
    r"|^\s*+[0-9]{2,8}(?:年度?)?"
)


class Column(Struct, frozen=True, kw_only=True):
    """A column of a register.

    ``path`` is the dotted path inside an element, ``fact`` that from the description's top, and
    ``title`` the titles on the path, ``described`` what the schema says and ``words`` the choices.
    ``outer`` is the path of an object with one property, where a word may stand for the object:
    both share the column.
    """

    path: str
    fact: str
    title: Text
    described: Property
    words: tuple[Json, ...]
    outer: str = ""

    @property
    def many(self) -> bool:
        """Whether a cell has a list of values."""
        return "array" in self.described.types

    def path_of(self, value: Json) -> str:
        """Return the path of a value: the object's, where the value is a word for the object."""
        return self.outer if self.outer and value in self.words else self.path


class Register(Struct, frozen=True, kw_only=True):
    """A list that can be kept as a register: its dotted path and its title."""

    name: str
    title: Text

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in the order of the schema."""
        return _columns_of(self)

    @property
    def fact(self) -> str:
        """The top-level fact that the list is, or is in."""
        return self.name.partition(".")[0]

    def column(self, heading: str) -> Column | None:
        """Return the column with a heading: a title in Chinese or English, or a path."""
        return _by_heading(self).get(folded(heading))


@cache
def registers() -> Mapping[str, Register]:
    """Return every list of the description that can be kept as a register, by its path."""
    found = {register.name: register for register in _lists("")}
    return MappingProxyType(found)


def register_named(name: str) -> Register | None:
    """Return the register that a file, a sheet or a setting names, or None.

    It is named by its path or its title; a file may add a year, or what it is (``投诉台账2023``).
    """
    names = _by_name()
    word = folded(name)
    while word:
        if word in names:
            return names[word]
        shorter = _BESIDE.sub("", word, count=1).strip(" -_.")
        if shorter == word:
            break
        word = shorter
    return None


@cache
def _by_name() -> Mapping[str, Register]:
    names: dict[str, Register] = {}
    for register in registers().values():
        for word in (register.name, *(register.title[lang] for lang in LANGUAGES)):
            names.setdefault(folded(word), register)
    return names


@cache
def _by_heading(register: Register) -> Mapping[str, Column]:
    found: dict[str, Column] = {}
    for column in register.columns:
        for word in (column.path, *(column.title[lang] for lang in LANGUAGES)):
            found.setdefault(folded(word), column)
    return found


def _lists(path: str) -> Iterator[Register]:
    """Yield the lists below a path, also those in objects, but not those in other lists."""
    for name in members(SCHEMA, path).names:
        if not path and name in NOT_FACTS | {LICENCE}:
            continue
        fact = f"{path}.{name}" if path else name
        inside, known = members(SCHEMA, fact), property_at(SCHEMA, fact)
        if known is None or "array" not in known.types:
            yield from _lists(fact)
        elif ID in inside.required:
            yield Register(name=fact, title=known.title)


@cache
def _columns_of(register: Register) -> tuple[Column, ...]:
    return tuple(_columns(register.name, "", plain("")))


def _columns(fact: str, path: str, title: Text) -> Iterator[Column]:
    """Yield the columns of the objects at a fact; of the only one inside, the object's title."""
    inside = members(SCHEMA, fact).names
    properties = {name: each for name in inside if (each := property_at(SCHEMA, f"{fact}.{name}"))}
    for name, known in properties.items():
        below = f"{fact}.{name}"
        made = members(SCHEMA, below)
        own = f"{path}.{name}" if path else name
        if not path:
            words = known.title
        else:
            words = title if len(inside) == 1 else title + plain(".") + known.title
        column = Column(path=own, fact=below, title=words, described=known, words=made.words)
        inner = [*_columns(below, own, words)] if "array" not in known.types else []
        if made.words and len(inner) == 1:
            yield _shared(column, inner[0])
            continue
        if not made.names or made.words:
            yield column
        yield from inner


def _shared(outer: Column, inner: Column) -> Column:
    """Return the column of the only property of an object, with the words for the object."""
    described = replace(inner.described, words=outer.words)
    return replace(inner, described=described, words=outer.words, outer=outer.path)
