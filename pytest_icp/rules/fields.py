"""The fields of an obligation as its policy writes them: what each is, and which facts it names.

All of it is read off the schema of policies, whose keywords ``x-icp-…`` say of a field:

- ``field``: what it is. ``subjects``, ``fact``, ``day``, ``place``, ``records`` and ``document``
  are paths in a description; ``condition`` and ``requirement``, ``amount``, ``number``,
  ``month-day`` and ``code`` are what they are called; ``words`` are for readers alone.
- ``of``: what a path or a condition is relative to; without it, the subject. ``/…`` and ``../``
  are paths, ``each`` is the subject; ``by`` is what the field of the obligation leads to that is
  called so, ``.first`` what the field beside it does. Of several those count that are written.
- ``implies``: facts that the kind looks at though no policy names them, relative to what the
  field leads to, else to what it is about.
- ``words``: words that may stand instead of a path, or between which a policy chooses.

The other keywords are explained where they are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from pytest_icp.facts.files.schema_files import Schema
from pytest_icp.law.condition import (
    ANYTHING,
    AllOf,
    AnyOf,
    Every,
    Fields,
    Node,
    Not,
    Some,
    parse_condition,
)
from pytest_icp.law.features import FEATURES, possible_codes
from pytest_icp.law.jsontypes import Json, JsonObject, texts_of, tokens
from pytest_icp.rules.schema import policy_schema

Path = tuple[str | int, ...]

PATHS = frozenset({"subjects", "fact", "day", "place", "records", "document"})
CONTAINERS = frozenset({"records", "document"})
"""Paths of what is read by way of what stands in it."""

CONDITIONS = frozenset({"condition", "requirement"})
_WHOLE = CONDITIONS | {"amount", "number", "words"}
"""What has no fields of its own, whatever it is made of."""


class Field(Struct, frozen=True, eq=False, dict=True):
    """One field of an obligation, or the obligation itself (字段).

    ``at`` leads to it, ``value`` is as it is written; ``shapes`` are the schemas that describe
    it, the nearest first; ``around`` is the field that it stands in.
    """

    at: Path
    value: Json
    shapes: tuple[Schema, ...]
    around: Field | None
    document: Schema

    def mark(self, name: str) -> Any:
        """Return what the schema says of the field by a keyword of ours; None for nothing."""
        return next((s[name] for s in self.shapes if name in s), None)

    @property
    def name(self) -> str:
        """The name that it is written under; of an element of a list, that of the list."""
        return next((str(key) for key in reversed(self.at) if isinstance(key, str)), "")

    @cached_property
    def what(self) -> str:
        """What it is; an element of a list is what the list is said to be."""
        return self._inherited("x-icp-field") or ""

    @property
    def is_path(self) -> bool:
        """Whether it is the path of a fact, and no word that may stand instead."""
        word = isinstance(self.value, str) and self.value in (self.mark("x-icp-words") or ())
        return self.what in PATHS and isinstance(self.value, str) and not word

    @cached_property
    def members(self) -> tuple[Field, ...]:
        """The fields of an object, in the order of its schema, or the elements of a list."""
        if self.what in _WHOLE:
            return ()
        if isinstance(self.value, Mapping):
            described = (name for s in self.shapes for name in s.get("properties", ()))
            names = dict.fromkeys((*described, *self.value))
            return tuple(self._member(n, self.value[n]) for n in names if n in self.value)
        elements = self.value if isinstance(self.value, list) else ()
        return tuple(self._element(i, value) for i, value in enumerate(elements))

    def described(self) -> tuple[Field, ...]:
        """Return what an object may hold, each with the value None where it is not written."""
        names = dict.fromkeys(n for s in self.shapes for n in s.get("properties", ()))
        known = self.members if isinstance(self.value, Mapping) else ()
        others = (member for member in known if member.name not in names)
        return (*map(self.describe, names), *others) if known else self.members

    def describe(self, name: str) -> Field:
        """Return one field that an object may hold; its value is None if it is not written."""
        return self.get(name) or self._member(name, None)

    def get(self, *names: str) -> Field | None:
        """Return a field further down by the names that lead to it, if it is written."""
        found: Field | None = self
        for name in names:
            found = next((m for m in found.members if m.at[-1] == name), None) if found else None
        return found

    def walk(self) -> Iterator[Field]:
        """Yield the field and all that it holds."""
        yield self
        for member in self.members:
            yield from member.walk()

    @property
    def root(self) -> Field:
        """The whole that the field is a part of."""
        return self.around.root if self.around else self

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The dotted paths of what it is relative to: as a rule one, that of the subjects."""
        named = (self._base(name) for name in self._inherited("x-icp-of") or ())
        return tuple(base for base in named if base is not None) or (self._each,)

    @property
    def paths(self) -> tuple[str, ...]:
        """The dotted paths of the facts that a path leads to: one for each base."""
        return tuple(rooted(base, str(self.value)) for base in self.bases) if self.is_path else ()

    @property
    def node(self) -> Node:
        """The condition, compiled."""
        return parse_condition(self.value)

    def reads(self) -> Iterator[tuple[str, str]]:
        """Yield the facts that it names or implies, each with what it is a part of.

        What tells whether an obligation applies is left out of those of the whole.
        """
        if self.what in CONDITIONS:
            yield from ((rooted(base, p), base) for base in self.bases for p in tested(self.node))
        yield from zip(self.paths, self.bases, strict=False)
        about = self.paths or self.bases
        members = {member.at[-1]: member for member in self.members if member.what != "gates"}
        for shape in self.shapes:
            for path in shape.get("x-icp-implies", ()):
                yield from ((rooted(base, p), base) for base in about for p in self._each_of(path))
            for name in shape.get("properties", ()):
                if name in members:
                    yield from members.pop(name).reads()
        for element in members.values():
            yield from element.reads()

    def _each_of(self, path: str) -> list[str]:
        """Return an implied path; with ``{}``, one for each feature that may mean the codes."""
        codes = {*texts_of(self.value)}
        names = [n for n in FEATURES if not codes.isdisjoint(possible_codes(n))]
        return [path.replace("{}", name) for name in names] if "{}" in path else [path]

    def _inherited(self, name: str) -> Any:
        around = self.around
        of_list = around._inherited(name) if around and isinstance(around.value, list) else None
        return of_list or self.mark(name)

    def _member(self, name: str, value: Json) -> Field:
        described = (s["properties"][name] for s in self.shapes if name in s.get("properties", ()))
        return self._below(name, value, described)

    def _element(self, i: int, value: Json) -> Field:
        return self._below(i, value, (s["items"] for s in self.shapes if "items" in s))

    def _below(self, key: str | int, value: Json, described: Iterator[Schema]) -> Field:
        shapes = [s for schema in described for s in _applying(schema, value, self.document)]
        return Field((*self.at, key), value, tuple(shapes), self, self.document)

    @property
    def _each(self) -> str:
        each = self.root.get("each")
        if each:
            return rooted("", str(each.value))
        known = (s["properties"]["each"] for s in self.root.shapes if "each" in s["properties"])
        return next((str(schema["default"]) for schema in known), "")

    @property
    def records(self) -> Field | None:
        """The records that it is about, where it is about records and not the subject."""
        named = (self._named(name) for name in self._inherited("x-icp-of") or ())
        return next((found for found in named if found and found.what in CONTAINERS), None)

    def _base(self, name: str) -> str | None:
        """Return the dotted path that a name of ``x-icp-of`` stands for; None if not written."""
        if name == "each":
            return self._each
        if name.startswith(("/", "../")):
            return rooted(self._each, name)
        found = self._named(name)
        return found.paths[0] if found and found.paths else None

    def _named(self, name: str) -> Field | None:
        start = self.around if name.startswith(".") else self.root
        return start.get(*name.strip(".").split(".")) if start else None


class Written(Struct, frozen=True, dict=True):
    """An obligation as its policy writes it (义务原文), for `fields` alone to open.

    Nothing is looked at until somebody asks; ``_kinds`` are the kinds that plugins add.
    """

    _entry: JsonObject
    _kinds: Mapping[str, JsonObject] = {}

    @cached_property
    def fields(self) -> Field:
        """The obligation as a field that holds all others."""
        return fields(self._entry, "Obligation", self._kinds)


def fields(value: Json, name: str, kinds: Mapping[str, JsonObject]) -> Field:
    """Return a part of a policy with its fields; ``name`` is its definition in the schema."""
    document = policy_schema(kinds)
    shapes = tuple(_applying(document["$defs"][name], value, document))
    return Field((), value, shapes, None, document)


def requirement(obligation: Field) -> Node:
    """Return the condition that subjects have to meet; any does where the kind has none."""
    fields = (field for field in obligation.walk() if field.what == "requirement")
    return next((field.node for field in fields), ANYTHING)


def rooted(base: str, path: str) -> str:
    """Continue a dotted path by one of the policy's.

    A leading ``/`` takes it from the root, each ``../`` from one name above.
    """
    while path.startswith("../"):
        base, path = base.rpartition(".")[0], path[3:]
    rooted = path.startswith("/")
    dotted = path.strip("/").replace("/", ".")
    return dotted if rooted or not base else f"{base}.{dotted}".rstrip(".")


def tested(node: Node) -> list[str]:
    """Return the paths that a condition looks at; the empty one is the value itself."""
    return [] if node == ANYTHING else [".".join(names) for names in _tested(node)]


def _tested(node: Node) -> Iterator[tuple[str, ...]]:
    match node:
        case Fields(tests=tests) if tests:
            yield from ((name, *below) for name, test in tests for below in _tested(test))
        case AllOf(tests=tests) | AnyOf(tests=tests):
            yield from (path for test in tests for path in _tested(test))
        case Not(test=test) | Some(test=test) | Every(test=test):
            yield from _tested(test)
        case _:
            yield ()


_APPLIED = frozenset({"$ref", "allOf", "anyOf", "oneOf", "if"})


def _applying(schema: Schema, value: Json, document: Schema) -> Iterator[Schema]:
    """Yield a schema and all that it says of a value by reference or on a condition."""
    yield schema
    if _APPLIED.isdisjoint(schema):
        return
    below = [*schema.get("allOf", ())]
    if "$ref" in schema:
        below.insert(0, _target(schema["$ref"], document))
    for keyword in ("anyOf", "oneOf"):
        below += (one for one in schema.get(keyword, ()) if _matches(one, value, document))
    if "if" in schema:
        branch = "then" if _matches(schema["if"], value, document) else "else"
        below.append(schema.get(branch, {}))
    for one in below:
        yield from _applying(one, value, document)


def _target(reference: str, document: Schema) -> Schema:
    """Return what a reference inside the schema of policies leads to."""
    found: Any = document
    for token in tokens(reference.removeprefix("#")):
        found = found[token]
    target: Schema = found
    return target


_TYPES = {"string": str, "object": Mapping, "array": list}


def _matches(schema: Schema, value: Any, document: Schema) -> bool:
    """Whether a schema allows a value; what our own ask in every ``if`` needs no validator."""
    for keyword, asked in schema.items():
        match keyword:
            case "type" if asked in _TYPES:
                allowed = isinstance(value, _TYPES[asked])
            case "const":
                allowed = value == asked
            case "enum":
                allowed = value in asked
            case "required":
                allowed = not isinstance(value, Mapping) or all(name in value for name in asked)
            case "properties" if not isinstance(value, Mapping):
                allowed = True
            case "properties":
                inside = (name for name in asked if name in value)
                allowed = all(_matches(asked[name], value[name], document) for name in inside)
            case _:
                return _valid(schema, value, document)
        if not allowed:
            return False
    return True


def _valid(schema: Schema, value: Json, document: Schema) -> bool:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator({**schema, "$defs": document["$defs"]}).is_valid(value)
