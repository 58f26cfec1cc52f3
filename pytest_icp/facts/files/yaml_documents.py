"""The documents of a YAML file of another tool, each read on its own.

Kubernetes, Compose and similar tools accept more than `parse_yaml`: merge keys, keys that are
numbers, repeated keys. A fault in one document does not affect the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.faults import Fault
from pytest_icp.facts.files.positions import Node, Positions
from pytest_icp.facts.files.yaml import MERGE, Event, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_icp.law.jsontypes import Json

_MARKER = re.compile(rb"^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)", re.MULTILINE)
# Directives, comments and blank lines, which are not values.
_BARE = re.compile(rb"(?:[ \t]*(?:[%#][^\n]*)?\r?\n)*+[ \t]*+")


class Part(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """The text between two markers of a YAML file: at most one document.

    It is a span of ``whole``, with ``before`` lines above it. ``data`` is what could be read
    before ``fault`` if there is one; ``repeated`` are faults of repeated keys, the last of which
    counts.
    """

    whole: bytes
    start: int
    end: int
    before: int
    data: Json
    repeated: tuple[Fault, ...]
    fault: Fault | None

    @property
    def raw(self) -> bytes:
        """The bytes of the part, cut out each time, so that many parts take no memory."""
        return self.whole[self.start : self.end]


class PartPositions(Positions):
    """Finds values in a part, which is read once more when first needed: few parts are."""

    def __init__(self, part: Part) -> None:
        self._whole = part.whole
        self._span = slice(part.start, part.end)
        self._tree: Node | None = None

    def text(self) -> str:
        """Return the text of the part."""
        return self._whole[self._span].decode()

    def root(self) -> Node:
        """Return the node of the document."""
        if self._tree is None:
            reader = _Lenient(self._whole[self._span], Meter())
            reader.attempt()
            self._tree = reader.node
        return self._tree


def yaml_documents(raw: bytes, meter: Meter | None = None) -> Iterator[Part]:
    """Yield the parts of a UTF-8 text in order, without empty ones and null.

    Raises `OverBudgetError` for one with too many values.

    A marker at the beginning of a line ends a document everywhere, even inside a quoted text, so
    that a document that cannot be read never swallows the next one.
    """
    before = last = 0
    meter = meter or Meter()
    for start, end in _spans(raw):
        before += raw.count(b"\n", last, start)
        last = start
        part = _read(raw, start, end, before, meter)
        if part.data is not None or part.fault:
            yield part


def _spans(raw: bytes) -> Iterator[tuple[int, int]]:
    """Yield the start and end of documents; directives belong to the document that follows."""
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


def _read(whole: bytes, start: int, end: int, before: int, meter: Meter) -> Part:
    reader = _Lenient(whole[start:end], meter)
    fault = reader.attempt()
    return Part(
        whole=whole,
        start=start,
        end=end,
        before=before,
        data=reader.data,
        repeated=tuple(reader.repeated),
        fault=fault,
    )


class _Lenient(Reader):
    """Reads a document like the tools that it is written for."""

    def __init__(self, raw: bytes, meter: Meter) -> None:
        super().__init__(raw, meter, merge=True)
        self.repeated: list[Fault] = []

    def attempt(self) -> Fault | None:
        """Read as far as possible, and return what is wrong."""
        try:
            self.read()
        except Fault as fault:
            return fault
        return None

    def _resolve(self, word: str, start: int) -> Json:
        """Return the value of a plain scalar; anything but a JSON number stays a text."""
        try:
            return super()._resolve(word, start)
        except Fault:
            return word

    def _check_key(self, event: Event, word: str) -> None:
        """Accept numbers and other words as texts, like JSON."""

    def _refuse_repeated(self, fault: Fault) -> None:
        self.repeated.append(fault)

    def _add_merged(self, members: dict[str, Json]) -> None:
        """Add the members of one object or of a list of them; ignore anything else."""
        merged = members.pop(MERGE)
        for base in merged if isinstance(merged, list) else [merged]:
            if isinstance(base, Mapping):
                for name, value in base.items():
                    members.setdefault(name, value)
