"""What was collected (已收集): what a run is to decide, before anything is left out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WORKER_COLLECTED = "icp_collected"
"""The key under which an xdist worker sends back what it collected."""

_key = pytest.StashKey["Collected"]()


class Collected:
    """What one process collected, by node id.

    ``files`` are the paths of the descriptions; ``rules`` those that are selected of each that was
    read, ``records`` what it rests on; ``tests`` the ordinary tests with the marker ``icp``, each
    with its rule, name, path and line; ``left_out`` what was deselected. ``finished`` is whether
    the collection came to its end.
    """

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.rules: dict[str, list[str]] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.tests: dict[str, dict[str, Any]] = {}
        self.left_out: dict[str, None] = {}
        self.finished = False

    def leave_out(self, items: Iterable[object]) -> None:
        """Note what of ours was deselected; plugins name things that are no items, too."""
        for item in items:
            if isinstance(item, pytest.Item) and self._is_ours(item):
                self.left_out[item.nodeid] = None

    def finish(self, items: Iterable[pytest.Item]) -> None:
        """Note the ordinary tests that are to run, and that nothing stopped the collection."""
        for item in items:
            self._is_ours(item)
        self.finished = True

    def _is_ours(self, item: pytest.Item) -> bool:
        """Whether an item decides a rule, or stands for a description; note an ordinary test."""
        if hasattr(item, "obligation") or hasattr(item, "error"):
            return True
        marker = item.get_closest_marker("icp")
        if marker is None or not marker.args:
            return False
        path, line, name = item.location
        said = {"rule_id": str(marker.args[0]), "name": name, "path": path, "line": line or 0}
        self.tests[item.nodeid] = said
        return True

    def add(self, parts: Mapping[str, Any]) -> None:
        """Add what a worker sent."""
        self.files |= parts["files"]
        self.rules |= parts["rules"]
        self.records |= parts["records"]
        self.tests |= parts["tests"]
        self.left_out |= parts["left_out"]


def collected_in(config: pytest.Config) -> Collected:
    """Return what was collected in this process; a worker sends it to its controller."""
    known = config.stash.get(_key, None)
    if known is None:
        known = config.stash[_key] = Collected()
        output: dict[str, Any] | None = getattr(config, "workeroutput", None)
        if output is not None:
            sent = ("files", "rules", "records", "tests", "left_out")
            output[WORKER_COLLECTED] = {name: getattr(known, name) for name in sent}
    return known
