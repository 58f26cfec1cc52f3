"""Configurations of Log4j 2 as trees of plugins: XML, YAML, JSON and properties.

The four ways of writing differ in form alone. Names of plugins and attributes are in lower case,
as Log4j ignores it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from pytest_icp.facts.derived import Gap
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.jsontypes import escape
from pytest_icp.law.location import Place
from pytest_icp.sources.documents import Document
from pytest_icp.sources.log_retention.properties import Entry, properties_of

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json, JsonObject
    from pytest_icp.sources.documents import DocumentPlaces
    from pytest_icp.sources.elements import Element
    from pytest_icp.sources.log_retention.kept import File


_DEEPEST = 20


class Plugin(Confidential, Struct, kw_only=True, eq=False):
    """One plugin (插件): its type in lower case and as written, its attributes, what is in it."""

    _shown = ("type",)

    written: str
    type: str
    at: Callable[[], Place]
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Plugin] = field(default_factory=list)

    def named(self, *types: str) -> Iterator[Plugin]:
        """Yield the plugins of some types that are directly in it."""
        return (child for child in self.children if child.type in types)

    def walk(self) -> Iterator[Plugin]:
        """Yield it and all that are in it."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += one.children[::-1]


def plugins_of(file: File) -> Iterator[Plugin | Gap]:
    """Yield the configurations of a file, whichever way it is written."""
    suffix = file.path.suffix.lower()
    if suffix == ".properties":
        yield _of_properties(file, properties_of(file))
    elif suffix in {".yaml", ".yml", ".json", ".jsn"}:
        for document in file.documents():
            if isinstance(document, Document):
                yield from _of_json("", document.data, document.places, "")
            else:
                kinds = frozenset({"log_stores"})
                yield Gap(message=document.message, place=document.place, kinds=kinds)
    else:
        yield _of_element(file, file.elements())


def _of_element(file: File, element: Element) -> Plugin:
    attributes = {name.lower(): value for name, value in element.attributes.items()}
    if text := element.text:
        attributes.setdefault("value", text)
    for child in element.children:
        # An attribute may be written as an element.
        if not child.attributes and (text := child.text):
            attributes.setdefault(child.name, text)
    # In the strict form the type is an attribute.
    written, type_ = element.tag, element.name
    if type_ == "appender" and "type" in attributes:
        written = attributes["type"]
        type_ = written.lower()
    return Plugin(
        written=written,
        type=type_,
        at=lambda: file.place_of(element),
        attributes=attributes,
        children=[_of_element(file, child) for child in element.children],
    )


def _of_json(name: str, data: Json, places: DocumentPlaces, pointer: str) -> Iterator[Plugin]:
    """Yield the plugins of an object, or of each in a list."""
    if isinstance(data, list):
        for i, one in enumerate(data):
            yield from _of_json(name, one, places, f"{pointer}/{i}")
    elif isinstance(data, Mapping):
        written = _type(name, data)
        plugin = Plugin(written=written, type=written.lower(), at=lambda: places.place(pointer))
        for key, value in data.items():
            if isinstance(value, str | int | float):
                plugin.attributes[key.lower()] = str(value)
            else:
                below = f"{pointer}/{escape(key)}"
                plugin.children += _of_json(key, value, places, below)
        yield plugin


def _type(name: str, data: JsonObject) -> str:
    """Return the type of an object: its member of that name, or the name that it has itself."""
    written = data.get("type")
    return written if isinstance(written, str) else name


def _of_properties(file: File, entries: Iterator[Entry]) -> Plugin:
    """Return the tree that the dots in the names make; ``property.x = y`` is a property."""
    root = Plugin(written="configuration", type="configuration", at=lambda: Place(path=file.path))
    components: dict[str, Plugin] = {"": root}
    for entry in entries:
        file.request.meter.spend("elements")
        *path, name = entry.key.lower().split(".")
        place = entry.place
        if path[:1] == ["property"]:
            own = {"name": entry.key.partition(".")[2], "value": entry.value}
            one = Plugin(written="property", type="property", at=place, attributes=own)
            root.children.append(one)
            continue
        above, key = root, ""
        for part in path[:_DEEPEST]:
            key = f"{key}.{part}"
            if key not in components:
                components[key] = Plugin(written=part, type=part, at=place)
                above.children.append(components[key])
            above = components[key]
        if name == "type":
            above.written, above.type = entry.value, entry.value.lower()
            above.at = place
        above.attributes[name] = entry.value
    return root
