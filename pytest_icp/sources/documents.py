"""The documents in YAML and JSON files that an adapter reads, and their values with places (值)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import WIDE, decoded
from pytest_icp.facts.files.faults import Fault
from pytest_icp.facts.files.positions import Lines, Positions
from pytest_icp.facts.files.source import Source
from pytest_icp.facts.files.yaml import Part
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, escape
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.hosts import names_user
from pytest_icp.sources.request import Request

YAML_LARGEST = 256 * 1024 * 1024
"""The largest YAML file that is read, in bytes. JSON has no limit of its own."""

_MOST_REPEATED = 20
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_TEMPLATE = re.compile(rb"\{\{|\{%")
# What may come before a value on its line for the line to be quoted.
_ALONE = re.compile(r"""[\s-]*+(?:["']?[\w./-]++["']?[ \t]*+[:=]\s*+)?["']?""")


class DocumentPlaces(Struct, frozen=True, kw_only=True, eq=False):
    """Where the values of a document are in its file, without the values themselves.

    ``before`` is the number of lines in the file before the document.
    """

    path: Path
    positions: Positions
    before: int = 0

    def place(self, pointer: str) -> Place:
        """Return the place of a value by its JSON Pointer, or of the closest value around it.

        The line is quoted up to the end of the value, and only if nothing else comes before it:
        a file of one line may contain a secret next to it.
        """
        source = Source(path=self.path, data=None, positions=self.positions)
        place = source.place(pointer)
        shown, column = place.excerpt, place.column or 1
        alone = _ALONE.fullmatch(shown[: column - 1]) and shown[column - 1 : column] not in "{["
        if not alone or names_user(shown):
            shown = ""
        return replace(
            place,
            line=(place.line or 1) + self.before,
            excerpt=shown[: column - 1 + place.width],
        )


class Document(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """One document: its data, and the places of its values.

    ``repeated`` are the places of keys that are written twice; the last one counts.
    """

    data: Json
    places: DocumentPlaces
    repeated: tuple[Place, ...] = ()

    @property
    def path(self) -> Path:
        """The file of the document."""
        return self.places.path

    @property
    def value(self) -> Value:
        """All of it as a value, which knows its place."""
        return Value(self.data, self.places)


class Unread(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """A document that cannot be read: why, and where.

    ``template`` is True for a template that has not been rendered. ``raw`` is the text, for
    checks that need no YAML; it may contain secrets.
    """

    message: Text
    place: Place
    raw: bytes = b""
    template: bool = False


Read: TypeAlias = "Document | Unread"


def read_documents(request: Request, path: Path, raw: bytes | None = None) -> Iterator[Read]:
    """Yield the documents of a YAML or JSON file, or of other bytes in its place.

    The file is UTF-8, with or without a byte-order mark, or UTF-16 with one. Empty documents are
    skipped.

    Raises `InputError` when the file as a whole cannot be read.
    """
    raw = request.read(path) if raw is None else raw
    if raw.startswith(WIDE):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    document = _json(path, raw)
    if document is not None:
        request.meter.spend("elements", raw.count(b","))
        yield document
        return
    _text(path, raw)
    if len(raw) > YAML_LARGEST:
        raise InputError(_TOO_LARGE, place=Place(path=path), hint=_SPLIT)
    yield from _yaml(request, path, raw)


def _text(path: Path, raw: bytes) -> str:
    """Return the text of a file; raise `InputError` if it is not UTF-8."""
    try:
        return decoded(path, raw)
    except InputError as error:
        # The line is not quoted: it may contain a secret.
        error.place = replace(error.place, excerpt="") if error.place else None
        raise


def _json(path: Path, raw: bytes) -> Document | None:
    """Read a file that begins like JSON; None if it is YAML or a template."""
    if raw[:4096].lstrip()[:1] not in {b"{", b"["}:
        return None
    from pytest_icp.facts.files.json import parse_json

    try:
        data, positions = parse_json(raw)
    except Fault as fault:
        text = _text(path, raw)
        if path.suffix.lower() != ".json" or _TEMPLATE.search(raw):
            return None
        place = replace(Lines(text).place(path, fault.start, fault.end), excerpt="")
        raise InputError(fault.message, place=place, hint=fault.hint) from None
    return Document(data=data, places=DocumentPlaces(path=path, positions=positions))


def _yaml(request: Request, path: Path, raw: bytes) -> Iterator[Read]:
    from pytest_icp.facts.files.yaml import PartPositions, yaml_documents

    for part in yaml_documents(_LONE_RETURN.sub(b"\n", raw), request.meter):
        if part.data is not None:
            places = DocumentPlaces(path=path, positions=PartPositions(part), before=part.before)
            repeated = part.repeated[:_MOST_REPEATED]
            yield Document(data=part.data, places=places, repeated=_places(path, part, *repeated))
        if part.fault is not None:
            yield _unread(part, part.fault, *_places(path, part, part.fault))


def _unread(part: Part, fault: Fault, place: Place) -> Unread:
    raw = part.raw
    template = _TEMPLATE.search(raw)
    if template is None:
        hint = fault.hint if fault.hint.en else None
        message = fault.message + _BECAUSE.format(hint=hint) if hint else fault.message
        message = _without(message, raw.decode()[fault.start : fault.end])
        return Unread(message=message, place=place, raw=raw)
    line = part.before + raw.count(b"\n", 0, template.start()) + 1
    place = Place(path=place.path, line=line)
    return Unread(message=NOT_RENDERED, place=place, raw=raw, template=True)


def _without(message: Text, quoted: str) -> Text:
    """Remove the quoted words from a message: an alias may be half of a password."""
    for word in re.findall(r"[^\s*&!'\"]{2,}", quoted):
        message = Text(zh=message.zh.replace(word, "…"), en=message.en.replace(word, "…"))
    return message


def _places(path: Path, part: Part, *faults: Fault) -> tuple[Place, ...]:
    """Return the places of faults, without the lines: they may contain a secret."""
    lines = Lines(part.raw.decode() if faults else "")
    found = (lines.place(path, fault.start, fault.end) for fault in faults)
    return tuple(replace(one, line=(one.line or 1) + part.before, excerpt="") for one in found)


NOT_RENDERED = Text(
    zh="模板尚未渲染，无法判断其内容；请改用渲染后的输出，例如 helm template 的输出",
    en="this template is not rendered, so its contents are not known; "
    "use the rendered output instead, such as that of `helm template`",
)
_BECAUSE = Text(zh="；{hint}", en="; {hint}")
_TOO_LARGE = Text(zh="文件超过 256 MiB", en="the file is larger than 256 MiB")
_SPLIT = Text(zh="拆成几个文件，或写成 JSON", en="split it, or write it as JSON")


ProvenanceLookup: TypeAlias = Callable[[], Provenance]
"""Returns where a fact was found; called only for facts that are shown."""

Keys: TypeAlias = tuple[str, ...]
"""The keys from the top of a document to a value; elements by their numbers."""


def members_of(data: Json) -> Iterable[tuple[str, Json]]:
    """Return the members of an object, or the elements of a list by their numbers."""
    if isinstance(data, dict):
        return data.items()
    listed = data if isinstance(data, list) else ()
    return [(str(index), inner) for index, inner in enumerate(listed)]


def get(value: Json, *path: str) -> Json:
    """Return the value at a path of keys, or numbers; None if anything on it is missing."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


class _Lookup(Confidential, Struct, frozen=True, eq=False):
    """Looks up the provenance of a value, without the value itself."""

    places: DocumentPlaces
    path: Keys
    address: str
    attribute: str

    def __call__(self) -> Provenance:
        place = self.places.place(_pointer(self.path))
        return Provenance(place=place, address=self.address, attribute=self.attribute)


def _pointer(path: Keys) -> str:
    return "".join([f"/{escape(key)}" for key in path])


class Value(Confidential, Struct, frozen=True, eq=False):
    """A value of a document; one that is absent is None, and so is everything below it.

    ``address`` is that of the thing it belongs to, whose attributes begin behind ``top`` keys.
    """

    data: Json
    places: DocumentPlaces
    path: Keys = ()
    address: str = ""
    top: int = 0

    def __contains__(self, key: str) -> bool:
        """Whether there is a member of a name."""
        return isinstance(self.data, dict) and key in self.data

    def named(self, address: str) -> Value:
        """Return the value as a thing with an address."""
        return Value(self.data, self.places, self.path, address, len(self.path))

    def get(self, *path: str) -> Value:
        """Return the value at a path of keys."""
        data = get(self.data, *path)
        return Value(data, self.places, self.path + path, self.address, self.top)

    def members(self) -> list[tuple[str, Value]]:
        """Return the members, or the elements by their numbers."""
        places, above, address, top = self.places, self.path, self.address, self.top
        return [
            (key, Value(inner, places, (*above, key), address, top))
            for key, inner in members_of(self.data)
        ]

    def select(self, path: str) -> list[Value]:
        """Return all values at a path such as ``spec/rules/*/host`` that are there.

        ``*`` means every element of a list, and every member of an object.
        """
        found = [self]
        for key in path.split("/"):
            inner = (
                [one for _, one in outer.members()] if key == "*" else [outer.get(key)]
                for outer in found
            )
            found = [one for some in inner for one in some if one.data is not None]
        return found

    @property
    def text(self) -> str:
        """The value as it is written if it is a text or a number, else empty."""
        return str(self.data) if isinstance(self.data, (str, int, float)) else ""

    def place(self) -> Place:
        """Return the place of the value; see `DocumentPlaces.place`."""
        return self.places.place(_pointer(self.path))

    def at(self, address: str | None = None) -> ProvenanceLookup:
        """Return what looks up the provenance of the value, which holds on to places only."""
        owner = self.address if address is None else address
        return _Lookup(self.places, self.path, owner, ".".join(self.path[self.top :]))


class Setting(Confidential, Struct, frozen=True):
    """A setting: its value as text, which may be a secret, and what looks its place up."""

    value: str
    at: ProvenanceLookup
