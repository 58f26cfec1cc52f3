"""Properties as the schemas describe them: names, marks, examples.

Keys that an object needs beside others (一并写明) are said by ``required``, alone or where an
``if`` is met: null is allowed there, silence is not. Whoever writes one fact at a time, or reads
it from a table, completes the object with null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from pytest_icp.facts.files.schema_files import Schema, follow, retrieve, schema_document
from pytest_icp.law.jsontypes import Json, JsonObject, tokens
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    import jsonschema_rs


_BRANCHES = ("anyOf", "oneOf", "allOf")
_CONDITIONAL = ("then", "else", "items")


class Property(Struct, frozen=True, kw_only=True):
    """A property (字段) as its schema describes it.

    ``types`` are JSON Schema's names without null, in order of appearance; ``words`` the
    constants and choices that it may be; ``time`` the role of a date; ``examples`` the examples,
    the best first.
    """

    title: Text
    description: Text
    examples: tuple[Json, ...]
    types: tuple[str, ...]
    words: tuple[Json, ...]
    time: str | None
    file: str | None


class Members(Struct, frozen=True, kw_only=True):
    """What a value, or each element of a list, is made of (成员).

    ``names`` are the properties of an object in the order of the schema; ``required`` those
    that must not be left out; ``single`` whether an object has exactly one of them. ``words``
    are the choices if the value is a word.
    """

    names: tuple[str, ...]
    required: frozenset[str]
    single: bool
    words: tuple[Json, ...]


class _Node(Struct, frozen=True):
    """A schema inside the file called ``name``, from which its references start."""

    schema: Schema
    name: str

    def shapes(self) -> Iterator[_Node]:
        """Yield this schema and all others of the same value, or of the elements of its list.

        Nearest first: a property's own keywords precede those of the type it refers to.
        """
        queue = [self]
        seen: set[int] = set()
        while queue:
            node = queue.pop(0)
            if id(node.schema) not in seen:
                seen.add(id(node.schema))
                yield node
                queue += node.nearby()

    def nearby(self) -> Iterator[_Node]:
        """Yield the schemas one step away that describe this value or its elements."""
        if "$ref" in self.schema:
            yield _Node(*follow(self.schema["$ref"], self.name))
        for keyword in _BRANCHES:
            for branch in self.schema.get(keyword, ()):
                yield self.beside(branch)
        for keyword in _CONDITIONAL:
            if isinstance(self.schema.get(keyword), dict):
                yield self.beside(self.schema[keyword])

    def beside(self, schema: Any) -> _Node:
        """Return another schema of the same file."""
        return _Node(schema if isinstance(schema, dict) else {}, self.name)

    def properties(self) -> dict[str, list[_Node]]:
        """Return every property that an object here may have."""
        properties: dict[str, list[_Node]] = {}
        for node in self.shapes():
            for name, schema in node.schema.get("properties", {}).items():
                properties.setdefault(name, []).append(node.beside(schema))
        return properties

    def named(self, name: str) -> list[_Node]:
        """Return the schemas of one property that an object here may have."""
        shapes = (node for node in self.shapes() if name in node.schema.get("properties", {}))
        return [node.beside(node.schema["properties"][name]) for node in shapes]

    def own_shapes(self) -> list[_Node]:
        """Return the shapes without those of list elements."""
        every = list(self.shapes())
        lists = {id(node.schema["items"]) for node in every if "items" in node.schema}
        below = {
            id(shape.schema)
            for node in every
            if id(node.schema) in lists
            for shape in node.shapes()
        }
        return [node for node in every if id(node.schema) not in below]


def _root(schema_name: str) -> _Node:
    return _Node(schema_document(schema_name), schema_name)


def property_at(schema_name: str, path: str) -> Property | None:
    """Return the property at a path, or None if the schema has none there.

    ``path`` is dotted (``log_stores.retention``) or a JSON Pointer; lists are transparent,
    and indices in a pointer are skipped.
    """
    return _property_at(schema_name, _names(path))


def _names(path: str) -> tuple[str, ...]:
    names = tokens(path) if path.startswith("/") else tuple(path.split("."))
    return tuple(name for name in names if name and not name.isdecimal())


def members(schema_name: str, path: str) -> Members:
    """Return the members of the values at a path, or of the elements of lists there.

    ``path`` is that of `property_at`; the empty one is the document itself.
    """
    nodes = _nodes(schema_name, _names(path))
    shapes = [shape.schema for node in nodes for shape in node.shapes()]
    words = [word for schema in shapes for word in _words_of(schema) if word is not None]
    required = [keys for condition, keys in demanding(schema_name, path) if not condition]
    return Members(
        names=tuple(dict.fromkeys(name for s in shapes for name in s.get("properties", ()))),
        required=frozenset(name for keys in required for name in keys),
        single=any(schema.get("maxProperties") == 1 for schema in shapes),
        words=tuple(dict.fromkeys(words)),
    )


def demanding(schema_name: str, path: str) -> list[tuple[Schema | None, tuple[str, ...]]]:
    """Return the keys that the objects at a path must have, with the ``if`` that asks for them.

    ``path`` is that of `members`; None stands for keys that every object must have.
    """
    nodes = _nodes(schema_name, _names(path))
    shapes = [shape.schema for node in nodes for shape in node.shapes()]
    apart = {id(schema.get(branch)) for schema in shapes for branch in ("then", "else")}
    always = [(None, schema) for schema in shapes if id(schema) not in apart]
    asked = [(schema["if"], schema["then"]) for schema in shapes if "then" in schema]
    return [
        (condition, tuple(schema["required"]))
        for condition, schema in [*always, *asked]
        if "required" in schema
    ]


def mark(schema_name: str, path: str, keyword: str) -> Json:
    """Return what a keyword of ours says of the property at a path, None where it says nothing."""
    nodes = _nodes(schema_name, _names(path))
    found: Json = _First([one.schema for node in nodes for one in node.own_shapes()])(keyword, None)
    return found


@cache
def words_at(schema_name: str, path: str) -> dict[str, str]:
    """Return what the choices at a path, or in a list there, are called in Chinese (取值名称)."""
    nodes = _nodes(schema_name, _names(path))
    found = (one.schema.get("x-icp-words") for node in nodes for one in node.shapes())
    return next(filter(None, found), {})


def allows(schema_name: str, path: str, value: Json) -> bool:
    """Return whether a schema allows a value at a path, or as an element of a list there.

    ``path`` is that of `property_at`. If the schema has no such property, nothing is allowed.
    """
    return any(fits.is_valid(value) for fits in _validators(schema_name, _names(path)))


@cache
def _validators(schema_name: str, names: tuple[str, ...]) -> list[Any]:
    import jsonschema_rs

    validators = []
    for node in _nodes(schema_name, names):
        for shape in (node, *node.shapes()):
            # References inside the file lead to its definitions, which are added.
            document = schema_document(shape.name)
            schema = {**shape.schema, "$defs": document.get("$defs", {})}
            validators.append(
                jsonschema_rs.Draft202012Validator(
                    schema, validate_formats=True, retriever=retrieve
                )
            )
    return validators


@cache
def _property_at(schema_name: str, names: tuple[str, ...]) -> Property | None:
    nodes = _nodes(schema_name, names)
    return _described(nodes[0]) if nodes else None


def _nodes(schema_name: str, names: tuple[str, ...]) -> list[_Node]:
    nodes = [_root(schema_name)]
    for name in names:
        nodes = [below for node in nodes for below in node.named(name)]
    return nodes


def _described(node: _Node) -> Property:
    shapes = [shape.schema for shape in node.own_shapes()]
    types: list[str] = []
    words: list[Json] = []
    for schema in shapes:
        kinds = schema.get("type", ())
        types += [kinds] if isinstance(kinds, str) else kinds
        words += _words_of(schema)
    first = _First(shapes)
    return Property(
        title=bilingual(first("title", "")),
        description=bilingual(first("description", "")),
        examples=tuple(first("examples", ())),
        types=tuple(dict.fromkeys(kind for kind in types if kind != "null")),
        words=tuple(word for word in words if word is not None),
        time=first("x-icp-time", None),
        file=first("x-icp-file", None),
    )


def _words_of(schema: Schema) -> list[Json]:
    return [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]


class _First:
    """Looks a keyword up in the nearest schema that has it."""

    def __init__(self, shapes: Sequence[Schema]) -> None:
        self._shapes = shapes

    def __call__(self, keyword: str, default: Any) -> Any:
        return next((s[keyword] for s in self._shapes if keyword in s), default)


def bilingual(words: str) -> Text:
    """Split a title or description of a schema into its two languages."""
    zh, _, en = words.partition(" | ")
    return Text(zh=zh, en=en or zh)


@cache
def homes(schema_name: str, key: str) -> tuple[str, ...]:
    """Return the dotted paths of the objects that have a property ``key``, shortest first.

    The document itself is the empty path. A type that is used in several places has the
    path of the first of them.
    """
    paths: list[str] = []
    seen: set[int] = set()
    queue: list[tuple[str, _Node]] = [("", _root(schema_name))]
    while queue:
        path, node = queue.pop(0)
        fresh = [shape for shape in node.shapes() if id(shape.schema) not in seen]
        seen.update(id(shape.schema) for shape in fresh)
        for shape in fresh:
            for name, schema in shape.schema.get("properties", {}).items():
                if name == key and path not in paths:
                    paths.append(path)
                queue.append((f"{path}.{name}" if path else name, shape.beside(schema)))
    return tuple(paths)


class Definition(Struct, frozen=True, kw_only=True):
    """A property with nothing below it, as it is defined: once, however many objects have it.

    ``path`` is the shortest that leads to it, ``key`` its identity, ``marks`` its keywords.
    """

    path: str
    key: int
    marks: Schema


def definitions(schema_name: str, path: str = "") -> Iterator[Definition]:
    """Yield the properties at a path and below it that have nothing below them, each once."""
    seen: set[int] = set()
    queue = [(path, _nodes(schema_name, _names(path)))]
    while queue:
        here, nodes = queue.pop(0)
        inside: dict[str, list[_Node]] = {}
        for node in nodes:
            for name, below in node.properties().items():
                inside.setdefault(name, []).extend(below)
        if not inside and here:
            yield Definition(path=here, key=id(nodes[0].schema), marks=nodes[0].schema)
        for name, below in inside.items():
            if id(below[0].schema) not in seen:
                seen.add(id(below[0].schema))
                queue.append((f"{here}.{name}".lstrip("."), below))


def marked(schema_name: str, keyword: str) -> dict[str, Any]:
    """Return the tree of the properties that have a keyword of ours, such as ``x-icp-time``.

    ``fields`` maps a property to the value of the keyword, ``children`` a property to the tree
    of the object in it. Lists are transparent. A type that contains itself is followed once.
    """
    return marked_trees(schema_name, (keyword,))[keyword]


def marked_trees(schema_name: str, keywords: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the tree of each of several keywords, as `marked` does."""
    return _marked(keywords, list(_root(schema_name).shapes()), frozenset())


def _marked(
    keywords: Sequence[str], shapes: Sequence[_Node], above: frozenset[int]
) -> dict[str, dict[str, Any]]:
    trees: dict[str, dict[str, Any]] = {each: {"fields": {}, "children": {}} for each in keywords}
    properties: dict[str, list[_Node]] = {}
    for shape in shapes:
        for name, schema in shape.schema.get("properties", {}).items():
            properties.setdefault(name, []).extend(shape.beside(schema).shapes())
    for name, below in properties.items():
        first = _First([shape.schema for shape in below])
        inside = {id(shape.schema) for shape in below if "properties" in shape.schema}
        further = inside and not inside <= above
        inner = _marked(keywords, below, above | inside) if further else {}
        for keyword, tree in trees.items():
            mark = first(keyword, None)
            if mark is not None:
                tree["fields"][name] = mark
            elif inner and any(inner[keyword].values()):
                tree["children"][name] = inner[keyword]
    return trees


Pointer: TypeAlias = tuple[str | int, ...]


def lacking(data: Json, schema_name: str, at: Pointer = ()) -> Iterator[Pointer]:
    """Yield where a document lacks a key that it needs and that may be null."""
    if isinstance(data, list):
        for i, element in enumerate(data):
            yield from lacking(element, schema_name, (*at, i))
    elif isinstance(data, Mapping):
        names = tuple(name for name in at if isinstance(name, str))
        yield from ((*at, key) for key in lacks(data, schema_name, names))
        for name, below in data.items():
            yield from lacking(below, schema_name, (*at, name))


def completed(data: Json, schema_name: str, names: tuple[str, ...] = ()) -> Json:
    """Return a document with null for each key that it lacks; itself if it lacks none.

    ``names`` are those that lead to it in a document of the schema.
    """
    if isinstance(data, list):
        elements = [completed(element, schema_name, names) for element in data]
        return elements if any(a is not b for a, b in zip(elements, data, strict=True)) else data
    if not isinstance(data, Mapping):
        return data
    more: dict[str, Json] = dict.fromkeys(lacks(data, schema_name, names))
    for name, below in data.items():
        whole = completed(below, schema_name, (*names, name))
        if whole is not below:
            more[name] = whole
    return {**data, **more} if more else data


def lacks(value: JsonObject, schema_name: str, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the keys that an object lacks; ``names`` are those that lead to it in a document."""
    for condition, keys in _demands(schema_name, names):
        if condition is None or condition.is_valid(value):
            yield from (key for key in keys if key not in value)


@cache
def _demands(
    schema_name: str, names: tuple[str, ...]
) -> list[tuple[jsonschema_rs.Draft202012Validator | None, tuple[str, ...]]]:
    """Return the keys that the objects at a path need, each with the condition for them."""
    import jsonschema_rs

    found = []
    for condition, keys in demanding(schema_name, ".".join(names)):
        unknown = [key for key in keys if allows(schema_name, ".".join((*names, key)), None)]
        met = None if condition is None else jsonschema_rs.Draft202012Validator(condition)
        found.append((met, tuple(unknown)))
    return found
