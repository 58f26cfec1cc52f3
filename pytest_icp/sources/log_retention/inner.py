"""The files inside of ConfigMaps, which may be settings of logs (ConfigMap 内的文件)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.derived import Gap
from pytest_icp.sources.log_retention.kept import File, Found, Kept
from pytest_icp.sources.log_retention.values import documents_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_icp.law.location import Place
    from pytest_icp.sources.draft import ProvenanceLookup
    from pytest_icp.sources.log_retention.values import Value
    from pytest_icp.sources.request import Request

_BLOCK = ("|", "|-", "|+")


class InnerFile(File):
    """A file that is the text of a value (内含文件): what it says is said at that value."""

    def __init__(self, request: Request, name: str, outer: Value, address: str) -> None:
        path = Path(name)
        super().__init__(replace(request, path=path, given=outer.text.encode()), path)
        self._at = outer.at(address)
        # Its address: ``ConfigMap/namespace/name/file``.
        self.called = f"{address}/{name}"

    def moved(self, found: Found) -> Found:
        """Return what was found with its places in the file around."""
        if isinstance(found, Gap):
            return replace(found, place=self._around(found.place))
        if isinstance(found, Kept):
            period_at = found.period_at and self._moved(found.period_at)
            id_ = f"{self.called}:{found.name}"
            return replace(found, id=id_, at=self._moved(found.at), period_at=period_at)
        return found

    def _moved(self, at: ProvenanceLookup) -> ProvenanceLookup:
        return lambda: replace(at(), place=self._around(at().place))

    def _around(self, place: Place) -> Place:
        """Return the place in the file around: its line if the text is a block, else the value."""
        around = self._at().place
        block = around.excerpt.rstrip().endswith(_BLOCK)
        line = (around.line or 1) + (place.line or 1) if block else around.line
        # The line is not quoted: all of the file may stand on it.
        return replace(around, line=line, column=None, excerpt="", width=1)


def inner_files(request: Request, config_map: Value, address: str) -> Iterator[InnerFile]:
    """Yield the files of a ConfigMap."""
    for name, value in config_map.get("data").members():
        yield InnerFile(request, name, value, address)


def read_manifests(file: File) -> Iterator[Found]:
    """Yield the files in the ConfigMaps of a file."""
    for root in documents_of(file):
        if isinstance(root, Gap):
            yield root
        else:
            for value in _config_maps(root):
                metadata = value.get("metadata")
                names = ("ConfigMap", metadata.get("namespace").text, metadata.get("name").text)
                yield from inner_files(file.request, value, "/".join(filter(None, names)))


def _config_maps(root: Value) -> Iterator[Value]:
    """Yield the ConfigMaps of a document, also those in lists."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        kind, version = value.get("kind").text, value.get("apiVersion").text
        if kind.endswith("List") and "items" in value:
            waiting += [inner for _, inner in reversed(value.get("items").members())]
        elif kind == "ConfigMap" and version and "/" not in version:
            yield value
