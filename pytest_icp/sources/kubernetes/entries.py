"""The files and folders of a repository that are sources of manifests (清单的来源).

One is a Kustomization that no other includes: an overlay. Elsewhere it is the topmost folder of
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
from pytest_icp.sources.kubernetes.kustomize import (
    NAMES,
    files_of,
    is_kustomization,
)
from pytest_icp.sources.kubernetes.objects import SUFFIXES
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
        links = {path: self._links(path) & known for path in self._kustomizations}
        first, reached = _first_of(links)
        tops = [path for path in self._kustomizations if path in first]
        around = {up for path in tops for up in path.parent.parents}
        whole = {path.parent for path in tops} - {*around, self._root}
        yield from (path.parent if path.parent in whole else path for path in tops)
        for path in self._told:
            if path not in reached and whole.isdisjoint(path.parents):
                mostly = [up for up in path.parents if self._is_mostly_manifests(up)]
                yield mostly[-1] if mostly else path

    def _links(self, path: Path) -> set[Path]:
        """Return the files that a Kustomization includes, if it can be read."""
        found: set[Path] = set()
        try:
            for document in read_documents(Request(path=path, root=self._root), path):
                if isinstance(document, Document) and is_kustomization(document):
                    request = Request(path=document.path, root=self._root)
                    files = files_of(document, Gathering(request), request)
                    found.update(Path(os.path.normpath(file)) for file in files)
        except (InputError, OverBudgetError):
            pass
        return found

    def _is_mostly_manifests(self, folder: Path) -> bool:
        return folder not in self._closed and self._objects[folder] * 2 >= self._files[folder]


def _first_of(links: Mapping[Path, set[Path]]) -> tuple[set[Path], set[Path]]:
    """Return the files from which all others are reached, and all that are reached from others.

    Of files that lead to one another in a circle, one is the first.
    """
    seen: set[Path] = set()
    # What is left last has been reached from nothing that was left before it.
    order = [path for start in links for path in _visited(start, links, seen)]
    first: set[Path] = set()
    reached: set[Path] = set()
    for path in reversed(order):
        if path not in reached:
            first |= {path} if path in links else set()
            reached.update(_visited(path, links, reached))
            reached.discard(path)
    return first, reached


def _visited(start: Path, links: Mapping[Path, set[Path]], seen: set[Path]) -> list[Path]:
    """Return what is reached from a file and not seen yet, in the order in which it is left."""
    left: list[Path] = []
    waiting = [(start, False)]
    while waiting:
        path, done = waiting.pop()
        if done:
            left.append(path)
        elif path not in seen:
            seen.add(path)
            waiting.append((path, True))
            waiting += [(one, False) for one in sorted(links.get(path, ()))]
    return left
