"""The schemas of the package, and properties as they describe them: names, marks, examples.

Keys that an object needs beside others (一并写明) are said by ``required``, alone or where an
``if`` is met: null is allowed there, silence is not. Whoever writes one fact at a time, or reads
it from a table, completes the object with null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import unquote

from msgspec import Struct

from pytest_icp.law.jsontypes import Json, JsonObject, changed, tokens
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    import jsonschema_rs


Kind: TypeAlias = Literal["cases", "policies", "schemas"]

_BESIDE = {"cases": "tests/cases"}
_PACKAGE = Path(__file__).resolve().parents[2]


@cache
def resource(kind: Kind) -> Path:
    """Return the folder of the published policies (条款), schemas (模式文件) or cases (用例).

    A wheel carries the folders inside the package. A checkout and an editable install have
    them beside it, because they are folders of the project that people read and edit.

    Raises `RuntimeError` if neither exists: the installation is broken.
    """
    return _find(kind, _PACKAGE)


def _find(kind: Kind, package: Path) -> Path:
    for folder in (package / kind, package.parent / _BESIDE.get(kind, kind)):
        if folder.is_dir():
            return folder
    raise RuntimeError(
        f"pytest-icp is installed without its folder {kind!r}; install it again: "
        "pip install --force-reinstall pytest-icp"
    )


_NOWHERE = "json-schema:///"
"""The base URI that jsonschema-rs gives a schema without ``$id``, which all of them are: files
beside each other in any folder."""

SUFFIX = ".schema.json"

Schema: TypeAlias = dict[str, Any]


_MADE: dict[str, Schema] = {}
"""Schemas that are not files, by names that tell their content."""


def made_schema(document: Schema) -> str:
    """Return the name by which a schema that is not a file is found from now on."""
    written = json.dumps(document, sort_keys=True).encode()
    name = f"made-{sha256(written).hexdigest()}"
    _MADE[name] = document
    return name


@cache
def schema_document(name: str) -> Schema:
    """Return the schema ``<name>.schema.json`` (模式文件), or a made one, to be read only."""
    if name in _MADE:
        return _MADE[name]
    document: Schema = json.loads((resource("schemas") / f"{name}{SUFFIX}").read_text("utf-8"))
    return document


def retrieve(uri: str) -> Schema:
    """Return the schema that a reference names; raise `LookupError` for any other file."""
    file = uri.removeprefix(_NOWHERE)
    name = file.removesuffix(SUFFIX)
    if name == file or "/" in name:
        raise LookupError(f"{uri} is not a schema of this package")
    return schema_document(name)


def follow(reference: str, name: str) -> tuple[Any, str]:
    """Return the target of a ``$ref`` inside the schema ``name``, and the name of its schema."""
    file, _, fragment = reference.partition("#")
    if file:
        name = file.removesuffix(SUFFIX)
    target: Any = schema_document(name)
    for token in tokens(unquote(fragment)):
        target = target[int(token)] if isinstance(target, list) else target[token]
    return target, name


_BRANCHES = ("anyOf", "oneOf", "allOf")
_CONDITIONAL = ("then", "else")

Pointer: TypeAlias = tuple[str | int, ...]


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


class Node(Struct, frozen=True):
    """A schema inside the file called ``name``, from which its references start."""

    schema: Schema
    name: str

    def shapes(self, *, elements: bool = True) -> list[Node]:
        """Return this schema and all others of the same value, or of the elements of its list.

        Nearest first: a property's own keywords precede those of the type it refers to.
        """
        found: dict[int, Node] = {}
        queue = [self]
        for node in queue:
            if id(node.schema) not in found:
                found[id(node.schema)] = node
                queue += node._nearby(elements=elements)
        return [*found.values()]

    def _nearby(self, *, elements: bool) -> Iterator[Node]:
        """Yield the schemas one step away that describe this value or its elements."""
        if "$ref" in self.schema:
            yield Node(*follow(self.schema["$ref"], self.name))
        for keyword in _BRANCHES:
            yield from map(self.beside, self.schema.get(keyword, ()))
        for keyword in (*_CONDITIONAL, "items") if elements else _CONDITIONAL:
            if isinstance(self.schema.get(keyword), dict):
                yield self.beside(self.schema[keyword])

    def beside(self, schema: Any) -> Node:
        """Return another schema of the same file."""
        return Node(schema if isinstance(schema, dict) else {}, self.name)


def root(schema_name: str) -> Node:
    """Return the node of a whole document."""
    return Node(schema_document(schema_name), schema_name)


def properties_of(shapes: Iterable[Node]) -> dict[str, list[Node]]:
    """Return every property that an object of some shapes may have, with its schemas."""
    found: dict[str, list[Node]] = {}
    for shape in shapes:
        for name, schema in shape.schema.get("properties", {}).items():
            found.setdefault(name, []).append(shape.beside(schema))
    return found


@cache
def nodes_at(schema_name: str, names: tuple[str, ...]) -> list[Node]:
    """Return the schemas of the values that some names lead to; lists are transparent."""
    if not names:
        return [root(schema_name)]
    above, name = nodes_at(schema_name, names[:-1]), names[-1]
    shapes = [shape for node in above for shape in node.shapes()]
    having = (shape for shape in shapes if name in shape.schema.get("properties", ()))
    return [shape.beside(shape.schema["properties"][name]) for shape in having]


def _nodes(schema_name: str, path: str) -> list[Node]:
    names = tokens(path) if path.startswith("/") else path.split(".")
    return nodes_at(schema_name, tuple(name for name in names if name and not name.isdecimal()))


def _shapes(schema_name: str, path: str) -> list[Schema]:
    return [shape.schema for node in _nodes(schema_name, path) for shape in node.shapes()]


@cache
def property_at(schema_name: str, path: str) -> Property | None:
    """Return the property at a path, or None if the schema has none there.

    ``path`` is dotted (``log_stores.retention``) or a JSON Pointer; lists are transparent,
    and indices in a pointer are skipped.
    """
    nodes = _nodes(schema_name, path)
    if not nodes:
        return None
    shapes = [shape.schema for shape in nodes[0].shapes(elements=False)]
    kinds = [schema.get("type", ()) for schema in shapes]
    types = [kind for some in kinds for kind in ([some] if isinstance(some, str) else some)]
    return Property(
        title=bilingual(first(shapes, "title") or ""),
        description=bilingual(first(shapes, "description") or ""),
        examples=tuple(first(shapes, "examples") or ()),
        types=tuple(dict.fromkeys(kind for kind in types if kind != "null")),
        words=tuple(_words_of(shapes)),
        time=first(shapes, "x-icp-time"),
    )


def members(schema_name: str, path: str) -> Members:
    """Return the members of the values at a path, or of the elements of lists there.

    ``path`` is that of `property_at`; the empty one is the document itself.
    """
    shapes = _shapes(schema_name, path)
    required = [keys for condition, keys in demanding(schema_name, path) if not condition]
    return Members(
        names=tuple(dict.fromkeys(name for s in shapes for name in s.get("properties", ()))),
        required=frozenset(name for keys in required for name in keys),
        single=any(schema.get("maxProperties") == 1 for schema in shapes),
        words=tuple(dict.fromkeys(_words_of(shapes))),
    )


def _words_of(shapes: Iterable[Schema]) -> Iterator[Json]:
    for schema in shapes:
        choices = [*schema.get("enum", ()), schema.get("const")]
        yield from (word for word in choices if word is not None)


def demanding(schema_name: str, path: str) -> list[tuple[Schema | None, tuple[str, ...]]]:
    """Return the keys that the objects at a path must have, with the ``if`` that asks for them.

    ``path`` is that of `members`; None stands for keys that every object must have.
    """
    shapes = _shapes(schema_name, path)
    apart = {id(schema.get(branch)) for schema in shapes for branch in _CONDITIONAL}
    always = [(None, schema) for schema in shapes if id(schema) not in apart]
    asked = [(schema["if"], schema["then"]) for schema in shapes if "then" in schema]
    return [
        (condition, tuple(schema["required"]))
        for condition, schema in [*always, *asked]
        if "required" in schema
    ]


def first(shapes: Iterable[Schema], keyword: str) -> Any:
    """Return what the nearest schema that has a keyword says; None where none has it."""
    return next((schema[keyword] for schema in shapes if keyword in schema), None)


def mark(schema_name: str, path: str, keyword: str) -> Json:
    """Return what a keyword of ours says of the property at a path, None where it says nothing."""
    nodes = _nodes(schema_name, path)
    shapes = [shape.schema for node in nodes for shape in node.shapes(elements=False)]
    found: Json = first(shapes, keyword)
    return found


@cache
def words_at(schema_name: str, path: str) -> dict[str, str]:
    """Return what the choices at a path, or in a list there, are called in Chinese (取值名称)."""
    found: dict[str, str] = first(_shapes(schema_name, path), "x-icp-words") or {}
    return found


def allows(schema_name: str, path: str, value: Json) -> bool:
    """Return whether a schema allows a value at a path, or as an element of a list there.

    ``path`` is that of `property_at`. If the schema has no such property, nothing is allowed.
    """
    return any(fits.is_valid(value) for fits in _validators(schema_name, path))


@cache
def _validators(schema_name: str, path: str) -> list[jsonschema_rs.Draft202012Validator]:
    import jsonschema_rs

    # References inside the file lead to its definitions, which are added.
    return [
        jsonschema_rs.Draft202012Validator(
            {**shape.schema, "$defs": schema_document(shape.name).get("$defs", {})},
            validate_formats=True,
            retriever=retrieve,
        )
        for node in _nodes(schema_name, path)
        for shape in node.shapes()
    ]


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
    queue = [("", root(schema_name))]
    for path, node in queue:
        fresh = [shape for shape in node.shapes() if id(shape.schema) not in seen]
        seen.update(id(shape.schema) for shape in fresh)
        for name, nodes in properties_of(fresh).items():
            if name == key:
                paths.append(path)
            queue += [(f"{path}.{name}".lstrip("."), below) for below in nodes]
    return tuple(dict.fromkeys(paths))


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


def completed(data: Json, schema_name: str) -> Json:
    """Return a document with null for each key that it lacks; itself if it lacks none."""
    missing = dict.fromkeys(lacking(data, schema_name))
    whole: Json = changed(data, missing) if missing else data
    return whole


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
