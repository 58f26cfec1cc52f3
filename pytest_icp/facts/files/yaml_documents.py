"""The documents of a YAML text that tools write: many in one file, each read for itself.

Kubernetes, Compose and their like take more than `parse_yaml` does: merge keys, keys that are
numbers, a key twice. Whatever is wrong in one document leaves the others alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pytest_icp.facts.files.faults import Fault
from pytest_icp.facts.files.garbage import collector_spared
from pytest_icp.facts.files.yaml_events import events
from pytest_icp.facts.files.yaml_scalars import resolve_plain
from pytest_icp.facts.files.yaml_source import Builder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_icp.law.jsontypes import Json

_MARKER = re.compile(rb"^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)", re.MULTILINE)
# Directives, comments and blank lines: no value.
_BARE = re.compile(rb"(?:[ \t]*(?:[%#][^\n]*)?\r?\n)*+[ \t]*+")


_SHORT = 32


class Part(Struct, frozen=True, kw_only=True, eq=False):
    """What lies between two markers of a YAML text, nearly always one document.

    It is a span of ``whole``, with ``before`` lines above it. ``documents`` could be read,
    before ``fault`` where there is one; ``repeated`` are the keys that stand twice, of which
    the last counts.
    """

    whole: bytes
    start: int
    end: int
    before: int
    documents: tuple[Json, ...]
    repeated: tuple[Fault, ...]
    fault: Fault | None

    @property
    def raw(self) -> bytes:
        """The bytes of the part, cut out anew each time, so that many parts take no space."""
        return self.whole[self.start : self.end]


def yaml_documents(raw: bytes) -> Iterator[Part]:
    """Yield the parts of a UTF-8 text in their order.

    A document that is written as nothing is None.

    A marker at the beginning of a line ends a document wherever it stands, inside a text in
    quotes too, so that a document that cannot be read never takes the next one with it.
    """
    before = last = 0
    for start, end in _spans(raw):
        before += raw.count(b"\n", last, start)
        last = start
        with collector_spared():
            part = _read(raw, start, end, before)
        if part.documents or part.fault:
            yield part


def _spans(raw: bytes) -> Iterator[tuple[int, int]]:
    """Yield where documents begin and end; directives stay with the document that follows."""
    start = seen = 0
    for marker in _MARKER.finditer(raw):
        end = marker.start()
        bare = _BARE.fullmatch(raw, seen, end) is not None
        if not bare:
            yield start, end
        if not bare or raw.find(b"%", seen, end) < 0:
            start = end if marker[0] == b"---" else marker.end()
        seen = marker.end()
    yield start, len(raw)


def _read(whole: bytes, start: int, end: int, before: int) -> Part:
    builder = _Tolerant()
    handlers = builder.handlers()
    fault = None
    try:
        for event in events(whole[start:end]):
            handlers[event.__class__](event)
    except Fault as found:
        fault = found
    return Part(
        whole=whole,
        start=start,
        end=end,
        before=before,
        documents=tuple(builder.documents()),
        repeated=tuple(builder.repeated),
        fault=fault,
    )


class _Tolerant(Builder):
    """Builds every document of a text, and takes what the tools take."""

    def __init__(self) -> None:
        super().__init__()
        self.repeated: list[Fault] = []

    @staticmethod
    def resolve(word: str, start: int) -> Json:
        """Return the value of a plain scalar; what is no JSON number stays a text."""
        try:
            return resolve_plain(word, start)
        except Fault:
            return word

    def documents(self) -> list[Json]:
        """Return the documents that are complete."""
        return self._frames[0].items

    def _document(self, event: Any) -> None:  # noqa: ARG002 - a handler of events
        self._anchors.clear()

    def _check_key(self, event: Any, word: str) -> None:
        """Take numbers and other words as the texts that JSON makes of them."""

    def _repeated(self, fault: Fault) -> None:
        self.repeated.append(fault)

    def _add(self, value: Json) -> None:
        if isinstance(value, str) and len(value) <= _SHORT:
            # Manifests say the same words over and over; each is kept once.
            value = self._names.setdefault(value, value)
        super()._add(value)

    def _close(self, event: Any) -> None:
        members = self._frames[-1].members
        if "<<" in members:
            _merge(members)
        super()._close(event)


def _merge(members: dict[str, Json]) -> None:
    """Replace a merge key by what it brings: keys of the object itself win, then earlier ones."""
    brought = members.pop("<<")
    bases = brought if isinstance(brought, list) else [brought]
    for base in bases:
        if isinstance(base, Mapping):
            for key, value in base.items():
                members.setdefault(key, value)
