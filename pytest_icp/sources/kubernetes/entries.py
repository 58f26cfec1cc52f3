"""The files and folders of a repository that are sources of manifests (清单的来源).

A Kustomization that no other includes is one: an overlay. Elsewhere it is the topmost folder of
which half is manifests or more; what else is in it, the reader skips and says so.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from pytest_icp.facts.files.budget import OverBudgetError
from pytest_icp.law.errors import InputError
from pytest_icp.sources.documents import Document, read_documents
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.kubernetes import SUFFIXES
from pytest_icp.sources.kubernetes.kustomize import NAMES, files_of
from pytest_icp.sources.request import Request

_VERSION = re.compile(r"^apiVersion:[ \t]*\S", re.MULTILINE)
_KIND = re.compile(r"^kind:[ \t]*\S", re.MULTILINE)


class ManifestFiles:
    """The files of a repository that a reader of manifests would read, one by one."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._told: dict[Path, None] = {}
        self._kustomizations: list[Path] = []
        self._files: Counter[Path] = Counter()
        self._objects: Counter[Path] = Counter()
        self._closed = {root, *root.parents}

    def add(self, path: Path, beginning: str, *, told: bool) -> None:
        """Add a file; ``told`` if an object in it may tell something."""
        if path.name in NAMES:
            self._kustomizations.append(path)
            self.close(path.parent)
        elif path.name.lower().endswith(SUFFIXES):
            self._files.update(path.parents)
            if told or (_VERSION.search(beginning) and _KIND.search(beginning)):
                self._objects.update(path.parents)
            if told:
                self._told[path] = None

    def close(self, folder: Path) -> None:
        """Say that neither a folder nor one around it is a folder of manifests."""
        self._closed.update((folder, *folder.parents))

    def entries(self) -> Iterator[Path]:
        """Yield the sources."""
        known = {*self._told, *self._kustomizations}
        links = {path: _links(path, self._root) & known for path in self._kustomizations}
        included = set[Path]().union(*links.values())
        tops = [path for path in self._kustomizations if path not in included]
        around = {up for path in tops for up in path.parent.parents}
        whole = {path.parent for path in tops} - {*around, self._root}
        yield from (path.parent if path.parent in whole else path for path in tops)
        reached = _reached(tops, links)
        for path in self._told:
            if path not in reached and whole.isdisjoint(path.parents):
                mostly = [up for up in path.parents if self._is_mostly_manifests(up)]
                yield mostly[-1] if mostly else path

    def _is_mostly_manifests(self, folder: Path) -> bool:
        return folder not in self._closed and self._objects[folder] * 2 >= self._files[folder]


def _reached(tops: list[Path], links: Mapping[Path, set[Path]]) -> set[Path]:
    """Return the files that some Kustomizations include, or those that these include."""
    reached: set[Path] = set()
    waiting = list(tops)
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += links.get(path, ())
    return reached


def _links(path: Path, root: Path) -> set[Path]:
    """Return the files that a Kustomization includes; none if it cannot be read."""
    found: set[Path] = set()
    try:
        for document in read_documents(Request(path=path, root=root), path):
            if isinstance(document, Document):
                found.update(files_of(document, Gathering(path)))
    except (InputError, OverBudgetError):
        pass
    return {Path(os.path.normpath(one)) for one in found}
