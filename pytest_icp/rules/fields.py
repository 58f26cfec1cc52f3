"""The fields of an obligation as its policy writes them, and the facts that they name (字段).

The schema of policies describes each field with the keywords ``x-icp-…``:

- ``field``: what it is. ``subjects``, ``fact``, ``day``, ``place``, ``records`` and ``document``
  are paths in a description; ``condition`` and ``requirement``, ``amount``, ``number``,
  ``month-day`` and ``code`` are what they are called; a ``length`` is a time in one unit, ``pairs``
  lead from a path of a record to the one of the subject with the same value; ``rule`` is the id
  of another rule; ``words`` are for readers only.
- ``of``: what a path or a condition is relative to; the subject by default. ``/…`` and ``../``
  are paths, ``each`` is the subject; a name such as ``by`` stands for the path in that field of
  the obligation, ``.first`` for the path in the field beside it. Fields left out do not count.
- ``implies``: facts that the kind reads though no policy names them, relative to the path in the
  field, else to what the field is relative to.
  ``..of`` for the path beside the field around it. One that names another rule stands for the
  path of the subjects of that.
- ``words``: words that may be written instead of a path, or of which a policy chooses one.

The other keywords are explained where they are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from msgspec import Struct

from pytest_icp.facts.files.properties import SUFFIX, Schema, made_schema, schema_document
from pytest_icp.law.condition import (
    ANYTHING,
    AllOf,
    AnyOf,
    Comparison,
    Every,
    Fields,
    Node,
    Not,
    Some,
    parse_condition,
)
from pytest_icp.law.features import FEATURES, possible_codes
from pytest_icp.law.jsontypes import Json, JsonObject, texts_of, tokens

COMMON = FilePath(__file__).with_name(f"policy{SUFFIX}")
"""What all kinds share; with the parts of the product's kinds it is the published schema."""


def with_kinds(schema: Schema, parts: Mapping[str, JsonObject]) -> Schema:
    """Return a schema of policies whose obligations may also be of some kinds.

    ``parts`` are object schemas of the fields that an obligation has beside the common ones, by
    the name of the kind; each becomes a definition of its own. An obligation with parts, and a
    part, have the common ones too.
    """
    defs = {**schema["$defs"]}
    obligation = defs["Obligation"]
    named = obligation["properties"]["kind"]
    branches = [*obligation["allOf"]]
    for name, part in parts.items():
        key = name.capitalize()
        while key in defs:
            key += "Kind"
        defs[key] = part
        is_kind = {"properties": {"kind": {"const": name}}, "required": ["kind"]}
        branches.append({"if": is_kind, "then": {"$ref": f"#/$defs/{key}"}})
    known = {**named, "enum": [*named["enum"], *parts]}
    properties = {**obligation["properties"], "kind": known}
    defs["Obligation"] = {**obligation, "properties": properties, "allOf": branches}
    for name, left_out in (("ObligationWithParts", ()), ("Part", ("id",))):
        shared = {one: schema for one, schema in properties.items() if one not in left_out}
        defs[name] = {**defs[name], "properties": {**defs[name]["properties"], **shared}}
    return {**schema, "$defs": defs}


def fields_of(kind: str) -> Schema:
    """Return the part of the published schema that has the fields of a kind."""
    defs = schema_document("policy")["$defs"]
    of_kinds = (one for one in defs["Obligation"]["allOf"] if "$ref" in one["then"])
    named = {one["if"]["properties"]["kind"]["const"]: one["then"]["$ref"] for one in of_kinds}
    part: Schema = defs[named[kind].rpartition("/")[2]]
    return part


def policy_schema(kinds: Mapping[str, JsonObject]) -> Schema:
    """Return the published schema of policies, with kinds that plugins add."""
    published = schema_document("policy")
    return with_kinds(published, kinds) if kinds else published


def policy_schema_name(kinds: Mapping[str, JsonObject]) -> str:
    """Return the name of the schema of policies, with kinds that plugins add."""
    return made_schema(policy_schema(kinds)) if kinds else "policy"


# ---- The fields of an obligation


Path = tuple[str | int, ...]

PATHS = frozenset({"subjects", "fact", "day", "place", "records", "document"})
CONTAINERS = frozenset({"records", "document"})
"""Paths of objects that are read through the facts in them."""

CONDITIONS = frozenset({"condition", "requirement"})
_WHOLE = CONDITIONS | {"amount", "number", "words"}
"""Fields whose values have no fields of their own."""

FIRST_ISSUE = ("licence.first_issued_on", "licence.issued_on")
"""What was done before the first issue no duty of the licence binds: fields ``x-icp-past``.

Where it is not known, it was not after the issue of the paper at hand.
"""


class Field(Struct, frozen=True, eq=False, dict=True):
    """One field of an obligation, or the obligation itself (字段).

    ``at`` is its path, ``value`` what is written there; ``shapes`` are the schemas that describe
    it, the nearest first; ``around`` is the field that contains it. ``others`` are the paths of
    the subjects of the rules that are named.
    """

    at: Path
    value: Json
    shapes: tuple[Schema, ...]
    around: Field | None
    document: Schema
    others: Mapping[str, str] = {}

    def mark(self, name: str) -> Any:
        """Return the value of one of our keywords in the schema of the field; None without it."""
        return next((s[name] for s in self.shapes if name in s), None)

    @property
    def name(self) -> str:
        """The key of the field; for an element of a list, that of the list."""
        return next((str(key) for key in reversed(self.at) if isinstance(key, str)), "")

    @cached_property
    def what(self) -> str:
        """Its ``x-icp-field``; elements of a list have that of the list."""
        return self._inherited("x-icp-field") or ""

    @property
    def is_path(self) -> bool:
        """Whether it is the path of a fact, and not one of the words allowed instead."""
        word = isinstance(self.value, str) and self.value in (self.mark("x-icp-words") or ())
        return self.what in PATHS and isinstance(self.value, str) and not word

    @cached_property
    def members(self) -> tuple[Field, ...]:
        """The fields of an object, in the order of its schema, or the elements of a list."""
        if self.what in _WHOLE:
            return ()
        if self.what == "pairs" and isinstance(self.value, Mapping):
            return tuple(one for key, value in self.value.items() for one in self._pair(key, value))
        if isinstance(self.value, Mapping):
            described = (name for s in self.shapes for name in s.get("properties", ()))
            names = dict.fromkeys((*described, *self.value))
            return tuple(self._member(n, self.value[n]) for n in names if n in self.value)
        elements = self.value if isinstance(self.value, list) else ()
        return tuple(self._element(i, value) for i, value in enumerate(elements))

    def described(self) -> tuple[Field, ...]:
        """Return the fields that an object may have; those not written have the value None."""
        names = dict.fromkeys(n for s in self.shapes for n in s.get("properties", ()))
        known = self.members if isinstance(self.value, Mapping) else ()
        others = (member for member in known if member.name not in names)
        return (*map(self.describe, names), *others) if known else self.members

    def describe(self, name: str) -> Field:
        """Return a field that an object may have; its value is None if it is not written."""
        return self.get(name) or self._member(name, None)

    def get(self, *names: str) -> Field | None:
        """Return the field below at these names, None if it is not written."""
        field: Field | None = self
        for name in names:
            field = next((m for m in field.members if m.at[-1] == name), None) if field else None
        return field

    def walk(self) -> Iterator[Field]:
        """Yield the field and all fields in it."""
        yield self
        for member in self.members:
            yield from member.walk()

    @property
    def root(self) -> Field:
        """The outermost field."""
        return self.around.root if self.around else self

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The dotted paths that it is relative to: usually one, that of the subjects."""
        names = self._inherited("x-icp-of") or ()
        bases = tuple(base for name in names if (base := self._base(name)) is not None)
        return bases or (() if any(map(self._names_rule, names)) else (self.each,))

    @property
    def paths(self) -> tuple[str, ...]:
        """The dotted paths of the facts that a path leads to: one for each base."""
        return (
            tuple(join_path(base, str(self.value)) for base in self.bases) if self.is_path else ()
        )

    @property
    def node(self) -> Node:
        """The condition, compiled."""
        return parse_condition(self.value)

    def reads(self) -> Iterator[tuple[str, str]]:
        """Yield the facts that it names or implies, each with the base of its path.

        The facts that decide whether an obligation applies are not among those of the whole.
        """
        if self.what in CONDITIONS:
            yield from (
                (join_path(base, p), base)
                for base in self.bases
                for p in condition_paths(self.node)
            )
        yield from zip(self.paths, self.bases, strict=False)
        about = self.paths or self.bases
        if self.what == "pairs":
            for one in self.members:
                yield from one.reads()
            return
        members = {member.at[-1]: member for member in self.members if member.what != "gates"}
        for shape in self.shapes:
            for path in shape.get("x-icp-implies", ()):
                yield from (
                    (join_path(base, p), base) for base in about for p in self._each_of(path)
                )
            for name in shape.get("properties", ()):
                if name in members:
                    yield from members.pop(name).reads()
        for element in members.values():
            yield from element.reads()

    def _each_of(self, path: str) -> list[str]:
        """Return an implied path; with ``{}``, one for each feature that may imply the codes."""
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

    def _pair(self, key: str, value: Json) -> Iterator[Field]:
        """Yield the path of the record, and the one of the subject."""
        for one, keyword in ((key, "propertyNames"), (value, "additionalProperties")):
            yield self._below(key, one, (s[keyword] for s in self.shapes if keyword in s))

    def _element(self, i: int, value: Json) -> Field:
        return self._below(i, value, (s["items"] for s in self.shapes if "items" in s))

    def _below(self, key: str | int, value: Json, described: Iterator[Schema]) -> Field:
        shapes = [s for schema in described for s in _applying(schema, value, self.document)]
        return Field((*self.at, key), value, tuple(shapes), self, self.document)

    @cached_property
    def each(self) -> str:
        """The dotted path of the subjects of the whole."""
        if self.around:
            return self.around.each
        each = self.get("each")
        if each:
            return join_path("", str(each.value))
        known = (s["properties"]["each"] for s in self.shapes if "each" in s["properties"])
        return next((str(schema["default"]) for schema in known), "")

    @property
    def records(self) -> Field | None:
        """The field of the records that it is relative to; None where that is the subject."""
        named = (self._named(name) for name in self._inherited("x-icp-of") or ())
        return next((field for field in named if field and field.what in CONTAINERS), None)

    def _base(self, name: str) -> str | None:
        """Return the dotted path that a name of ``x-icp-of`` stands for; None if not written."""
        if name == "each":
            return self.each
        if name.startswith(("/", "../")):
            return join_path(self.each, name)
        field = self._named(name)
        if field and field.what == "rule":
            return self.root.others.get(str(field.value))
        return field.paths[0] if field and field.paths else None

    def _names_rule(self, name: str) -> bool:
        field = self._named(name)
        return field is not None and field.what == "rule"

    def _named(self, name: str) -> Field | None:
        start: Field | None = self
        names = name.lstrip(".")
        for _ in range(len(name) - len(names)):
            start = start.around if start else None
        start = start if names != name else self.root
        return start.get(*names.split(".")) if start else None


class Written(Struct, frozen=True, dict=True):
    """An obligation as its policy writes it (义务原文).

    Its fields are read on first use; ``_kinds`` are the kinds that plugins add, ``_others`` the
    paths of the subjects of the rules that it names.
    """

    _entry: JsonObject
    _kinds: Mapping[str, JsonObject] = {}
    _others: Mapping[str, str] = {}

    def beside(self, others: Mapping[str, str]) -> Written:
        """Return it with the paths of the subjects of the rules that it names."""
        return Written(self._entry, self._kinds, others)

    @cached_property
    def fields(self) -> Field:
        """The obligation as a field that contains all others."""
        return fields(self._entry, "Obligation", self._kinds, self._others)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that it reads; see `reads.facts_read`."""
        whole = self.fields
        each, found, every = whole.each, [*whole.reads()], [*whole.walk()]
        bases = {base for path, base in found if path != base}
        containers = {p for field in every if field.what in CONTAINERS for p in field.paths}
        read = [path for path, _ in found if path != each and path not in containers & bases]
        # A duty of both bases has them in a list.
        by_licence = self._entry["basis"] not in ("statute", "own")
        if by_licence and any(f.mark("x-icp-past") for f in every):
            read += FIRST_ISSUE
        return tuple(dict.fromkeys(read)) or (each,)


def fields(
    value: Json,
    name: str,
    kinds: Mapping[str, JsonObject],
    others: Mapping[str, str] | None = None,
) -> Field:
    """Return a part of a policy as a field; ``name`` is its definition in the schema."""
    document = policy_schema(kinds)
    shapes = tuple(_applying(document["$defs"][name], value, document))
    return Field((), value, shapes, None, document, others or {})


def join_path(base: str, path: str) -> str:
    """Join a path that a policy writes to a dotted path: ``/`` begins anew, ``../`` goes up."""
    while path.startswith("../"):
        base, path = base.rpartition(".")[0], path[3:]
    absolute = path.startswith("/")
    dotted = path.strip("/").replace("/", ".")
    return dotted if absolute or not base else f"{base}.{dotted}".rstrip(".")


def condition_paths(node: Node) -> list[str]:
    """Return the paths that a condition tests; the empty one is the value itself."""
    return [".".join(names) for names in _condition_names(node, ())] if node != ANYTHING else []


def _condition_names(node: Node, at: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    match node:
        case Fields(tests=tests) if tests:
            for name, test in tests:
                yield from _condition_names(test, (*at, name))
        case AllOf(tests=tests) | AnyOf(tests=tests):
            yield from (path for test in tests for path in _condition_names(test, at))
        case Not(test=test) | Some(test=test) | Every(test=test):
            yield from _condition_names(test, at)
        case Comparison(of=of):
            yield from (at, tuple(of.split(".")))
        case _:
            yield at


_APPLIED = frozenset({"$ref", "allOf", "anyOf", "oneOf", "if"})


def _applying(schema: Schema, value: Json, document: Schema) -> list[Schema]:
    """Return a schema and those that it applies to a value by reference or on a condition."""
    if _APPLIED.isdisjoint(schema):
        return [schema]
    below = [*schema.get("allOf", ())]
    if "$ref" in schema:
        below.insert(0, _target(schema["$ref"], document))
    for keyword in ("anyOf", "oneOf"):
        below += (one for one in schema.get(keyword, ()) if _matches(one, value, document))
    if "if" in schema:
        branch = "then" if _matches(schema["if"], value, document) else "else"
        below.append(schema.get(branch, {}))
    return [schema, *(applied for one in below for applied in _applying(one, value, document))]


def _target(reference: str, document: Schema) -> Schema:
    """Return the schema that a reference inside the schema of policies leads to."""
    target: Any = document
    for token in tokens(reference.removeprefix("#")):
        target = target[token]
    schema: Schema = target
    return schema


_TYPES = {"string": str, "object": Mapping, "array": list, "integer": int}


def _matches(schema: Schema, value: Any, document: Schema) -> bool:
    """Whether a schema allows a value; the keywords of our own ``if`` need no validator."""
    for keyword, expected in schema.items():
        match keyword:
            case "type" if expected in _TYPES:
                allowed = isinstance(value, _TYPES[expected]) and not isinstance(value, bool)
            case "not":
                allowed = not _matches(expected, value, document)
            case "anyOf":
                allowed = any(_matches(one, value, document) for one in expected)
            case "const":
                allowed = value == expected
            case "enum":
                allowed = value in expected
            case "required":
                allowed = not isinstance(value, Mapping) or all(name in value for name in expected)
            case "properties":
                inside = expected.keys() & value.keys() if isinstance(value, Mapping) else ()
                allowed = all(_matches(expected[name], value[name], document) for name in inside)
            case _:
                return _valid(schema, value, document)
        if not allowed:
            return False
    return True


def _valid(schema: Schema, value: Json, document: Schema) -> bool:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator({**schema, "$defs": document["$defs"]}).is_valid(value)
