"""Where each value stands in a YAML text."""

from __future__ import annotations

from typing import Any, TypeAlias

from pytest_icp.facts.files.garbage import collector_spared
from pytest_icp.facts.files.positions import Lines, Spot, index_of

Tree: TypeAlias = list[Any]
"""Where a value stands, as JSON has it: ``[start, end, below]``.

``below`` is what it holds, each as ``[start of its key, end of its key, tree]``, by name or in a
list; null for a scalar. A list has no keys: theirs are null.
"""


class YamlPositions:
    """Finds values in a YAML text by its tree, or by parsing it once more when first asked."""

    def __init__(self, raw: bytes, tree: Tree | None = None) -> None:
        self._raw = raw
        self._lines: Lines | None = None
        self._root = tree

    def lines(self) -> Lines:
        """Return the lines of the text."""
        if self._lines is None:
            self._lines = Lines(self._raw.decode())
        return self._lines

    def find(self, tokens: tuple[str, ...]) -> Spot:
        """Return the spot of a value; see `Positions.find`."""
        if self._root is None:
            self._root = read_tree(self._raw)
        (start, end, below), key = self._root, None
        for depth, token in enumerate(tokens):
            child = _child(below, token)
            if child is None:
                return Spot((start, end), key, depth)
            key = None if child[0] is None else (child[0], child[1])
            start, end, below = child[2]
        return Spot((start, end), key, len(tokens))


def _child(below: Any, token: str) -> Any:
    if isinstance(below, dict):
        return below.get(token)
    index = index_of(token)
    if below is None or index is None or index >= len(below):
        return None
    return below[index]


def read_tree(raw: bytes) -> Tree:
    """Build the tree of spans of a document that `parse_yaml` has accepted."""
    with collector_spared():
        return _tree(raw)


def _tree(raw: bytes) -> Tree:
    from pytest_icp.facts.files.yaml_events import events

    root: Tree = [0, 0, []]
    frames: list[tuple[Tree, list[tuple[str, int, int]]]] = [(root, [])]
    anchors: dict[str, Any] = {}
    for event in events(raw):
        kind = event.__class__.__name__
        if kind in {"SequenceEndEvent", "MappingEndEvent"}:
            frames.pop()[0][1] = event.end_mark.index
            continue
        if kind not in _NODES:
            continue
        start, end = event.start_mark.index, event.end_mark.index
        (_, _, holder), pending = frames[-1]
        if isinstance(holder, dict) and not pending:
            pending.append((event.value, start, end))
            continue
        below = anchors.get(event.anchor) if kind == "AliasEvent" else _NODES[kind]()
        node: Tree = [start, end, below]
        if event.anchor is not None and kind != "AliasEvent":
            anchors[event.anchor] = below
        if isinstance(holder, dict):
            name, *key = pending.pop()
            holder[name] = [*key, node]
        else:
            holder.append([None, None, node])
        if kind in {"SequenceStartEvent", "MappingStartEvent"}:
            frames.append((node, []))
    tree: Tree = root[2][0][2]
    return tree


_NODES: dict[str, Any] = {
    "ScalarEvent": lambda: None,
    "AliasEvent": lambda: None,
    "SequenceStartEvent": list,
    "MappingStartEvent": dict,
}
