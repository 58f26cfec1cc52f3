"""Questions that may be answered no (范围问题): whether there is such a thing at all.

``x-icp-question`` in the schema of descriptions is the question. Its no is a fact like others: an
empty list, false, none or 0, as the schema of the fact has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from pytest_icp.facts.files.properties import bilingual, mark, marked, members, property_at
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.jsontypes import Json, JsonObject, object_of
from pytest_icp.law.text import Text

QUESTION = "x-icp-question"

_NONE = "none"


class Scoping(Struct, frozen=True):
    """A question about the fact at a path, and the value that says no (范围问题)."""

    path: str
    question: Text
    no: Json

    @property
    def top(self) -> str:
        """The top-level fact that it is about."""
        return self.path.partition(".")[0]


class Closing(Struct, frozen=True):
    """A question, and the rules that do not apply if its answer is no."""

    asked: Scoping
    rules: tuple[str, ...]


@cache
def scoping_questions() -> tuple[Scoping, ...]:
    """Return the questions, in the order of the schema."""
    found = _questions("", marked(SCHEMA, QUESTION))
    order = {name: i for i, name in enumerate(members(SCHEMA, "").names)}
    return tuple(sorted(found, key=lambda one: order[one.top]))


def _questions(above: str, tree: Mapping[str, Any]) -> Iterator[Scoping]:
    for name, words in tree["fields"].items():
        yield Scoping(f"{above}{name}", bilingual(words), _no(f"{above}{name}"))
    for name, below in tree["children"].items():
        yield from _questions(f"{above}{name}.", below)


def _no(path: str) -> Json:
    fact = property_at(SCHEMA, path)
    types = fact.types if fact else ()
    # A name is none, too, where there is nothing that has one.
    if _NONE in members(SCHEMA, path).words or "string" in types:
        return _NONE
    if "array" in types:
        return []
    return False if "boolean" in types else 0


def answered(facts: JsonObject, one: Scoping) -> JsonObject:
    """Return the facts with a no, in each element of a list that does not answer the question.

    A list that is not declared gets one element.
    """
    top, *names = one.path.split(".")
    if not names:
        return {**facts, top: one.no}
    if not is_list(top):
        return {**facts, top: _with(facts.get(top), names, one.no)}
    elements = facts.get(top)
    every = elements if isinstance(elements, list) else [{"id": ""}]
    return {**facts, top: [_with(each, names, one.no) for each in every]}


def is_list(top: str) -> bool:
    """Whether a top-level fact is a list."""
    found = property_at(SCHEMA, top)
    return found is not None and "array" in found.types


def may_be_denied(path: str) -> bool:
    """Whether there is a question about a fact: there may be no such thing at all."""
    return mark(SCHEMA, path, QUESTION) is not None


def _with(value: Json, names: list[str], no: Json) -> Json:
    """Return an object with a value at a path, where nothing is there yet."""
    if not names:
        return no if value is None else value
    facts = object_of(value)
    return {**facts, names[0]: _with(facts.get(names[0]), names[1:], no)}
