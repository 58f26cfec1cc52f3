"""Configurations of Log4j 2 as elements: XML, YAML, JSON and properties.

The four ways of writing differ in form alone. What Log4j calls a plugin is an element here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from msgspec import Struct

from pytest_icp.facts.derived import Gap
from pytest_icp.law.jsontypes import escape
from pytest_icp.sources.documents import Document
from pytest_icp.sources.elements import plain, text_of
from pytest_icp.sources.log_retention.properties import Entry, properties_of

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json, JsonObject
    from pytest_icp.law.location import Place
    from pytest_icp.sources.log_retention.kept import File


_DEEPEST = 20


class Configuration(Struct, frozen=True):
    """A configuration: its outermost plugin, and what looks up where a plugin in it is."""

    root: Element
    place_of: Callable[[Element], Callable[[], Place]]


def configurations(file: File) -> Iterator[Configuration | Gap]:
    """Yield the configurations of a file, whichever way it is written."""
    suffix = file.path.suffix.lower()
    if suffix == ".properties":
        yield _of_properties(file, properties_of(file))
    elif suffix in {".yaml", ".yml", ".json", ".jsn"}:
        for document in file.documents():
            if isinstance(document, Document):
                yield _of_document(document)
            else:
                kinds = frozenset({"log_stores"})
                yield Gap(message=document.message, place=document.place, kinds=kinds)
    elif suffix == ".xml" or file.text.lstrip().startswith("<"):
        yield Configuration(file.elements(), file.place_of)


def type_of(plugin: Element) -> str:
    """Return the type of a plugin in small letters: in the strict form it is an attribute."""
    type_ = plain(plugin.tag)
    return attributes_of(plugin).get("type", type_).lower() if type_ == "appender" else type_


def attributes_of(plugin: Element) -> dict[str, str]:
    """Return the attributes of a plugin by their names in small letters."""
    attributes = {name.lower(): value for name, value in plugin.items()}
    if text := text_of(plugin):
        attributes.setdefault("value", text)
    for child in plugin:
        # An attribute may be written as an element.
        if not child.attrib and (text := text_of(child)):
            attributes.setdefault(plain(child.tag), text)
    return attributes


def _of_document(document: Document) -> Configuration:
    root, places = Element("document"), document.places
    pointers: dict[Element, str] = {}
    _add(root, "", document.data, "", pointers)
    return Configuration(root, lambda plugin: partial(places.place, pointers[plugin]))


def _add(above: Element, name: str, data: Json, pointer: str, pointers: dict[Element, str]) -> None:
    """Add the plugin of an object, or of each in a list, with where it is."""
    if isinstance(data, list):
        for i, one in enumerate(data):
            _add(above, name, one, f"{pointer}/{i}", pointers)
    elif isinstance(data, Mapping):
        plugin = SubElement(above, _type(name, data))
        pointers[plugin] = pointer
        for key, value in data.items():
            if isinstance(value, (str, int, float)):
                plugin.set(key.lower(), str(value))
            else:
                _add(plugin, key, value, f"{pointer}/{escape(key)}", pointers)


def _type(name: str, data: JsonObject) -> str:
    """Return the type of an object: its member of that name, or the name that it has itself."""
    written = data.get("type")
    return written if isinstance(written, str) else name


def _of_properties(file: File, entries: Iterator[Entry]) -> Configuration:
    """Return the tree that the dots in the names make; ``property.x = y`` is a property."""
    root = Element("configuration")
    components: dict[str, Element] = {"": root}
    places: dict[Element, Callable[[], Place]] = {}
    for entry in entries:
        file.request.meter.spend("elements")
        *path, name = entry.key.lower().split(".")
        if path[:1] == ["property"]:
            SubElement(root, "property", name=entry.key.partition(".")[2], value=entry.value)
            continue
        if name == "rootlogger" or path == ["logger"]:
            path, name = [*path, name], "value"
        above, key = root, ""
        for part in path[:_DEEPEST]:
            type_ = "loggers" if (key, part) == ("", "logger") else part
            type_, key = "logger" if key == ".logger" else type_, f"{key}.{part}"
            if key not in components:
                components[key] = SubElement(above, type_)
                places[components[key]] = entry.place
            above = components[key]
        if name == "type":
            above.tag = entry.value
            places[above] = entry.place
        above.set(name, entry.value)
    return Configuration(root, places.__getitem__)
