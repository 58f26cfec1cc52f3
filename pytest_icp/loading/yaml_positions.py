"""Where each value stands in a YAML text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pytest_icp.loading.positions import Lines, Spot, collector_paused, index_of
from pytest_icp.loading.yaml_events import events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _Node:
    """Where a value stands; ``below`` leads to what it holds, with the span of each key."""

    __slots__ = ("below", "span")

    def __init__(self, span: tuple[int, int], below: _Below) -> None:
        self.span = span
        self.below = below


_Child = tuple["tuple[int, int] | None", _Node]
_Below = dict[str, _Child] | list[_Child] | None


class YamlPositions:
    """Finds values in a YAML text by parsing it a second time, once, when first asked."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._lines: Lines | None = None
        self._root: _Node | None = None

    def lines(self) -> Lines:
        """Return the lines of the text."""
        if self._lines is None:
            self._lines = Lines(self._raw.decode())
        return self._lines

    def find(self, tokens: tuple[str, ...]) -> Spot:
        """Return the spot of a value; see `Positions.find`."""
        if self._root is None:
            with collector_paused():
                self._root = _tree(events(self._raw))
        node, key = self._root, None
        for depth, token in enumerate(tokens):
            child = _child(node, token)
            if child is None:
                return Spot(node.span, key, depth)
            key, node = child
        return Spot(node.span, key, len(tokens))


def _child(node: _Node, token: str) -> _Child | None:
    if isinstance(node.below, dict):
        return node.below.get(token)
    index = index_of(token)
    if node.below is None or index is None or index >= len(node.below):
        return None
    return node.below[index]


def _tree(stream: Iterator[Any]) -> _Node:
    """Build the tree of spans of a document that `parse_yaml` has accepted."""
    root = _Node((0, 0), [])
    frames: list[tuple[_Node, list[tuple[str, tuple[int, int]]]]] = [(root, [])]
    anchors: dict[str, _Below] = {}
    for event in stream:
        kind = event.__class__.__name__
        if kind in {"SequenceEndEvent", "MappingEndEvent"}:
            node, _ = frames.pop()
            node.span = (node.span[0], event.end_mark.index)
            continue
        if kind not in _NODES:
            continue
        span = (event.start_mark.index, event.end_mark.index)
        parent, pending = frames[-1]
        if isinstance(parent.below, dict) and not pending:
            pending.append((event.value, span))
            continue
        below = anchors.get(event.anchor) if kind == "AliasEvent" else _NODES[kind]()
        node = _Node(span, below)
        if event.anchor is not None and kind != "AliasEvent":
            anchors[event.anchor] = below
        if isinstance(parent.below, dict):
            name, key = pending.pop()
            parent.below[name] = (key, node)
        else:
            cast("list[_Child]", parent.below).append((None, node))
        if kind in {"SequenceStartEvent", "MappingStartEvent"}:
            frames.append((node, []))
    return cast("list[_Child]", root.below)[0][1]


_NODES: dict[str, Callable[[], _Below]] = {
    "ScalarEvent": lambda: None,
    "AliasEvent": lambda: None,
    "SequenceStartEvent": list,
    "MappingStartEvent": dict,
}
