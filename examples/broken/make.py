"""Makes broken descriptions out of the sound one: a fact is changed, a rule is expected to fail.

``faults/`` lists what is changed, each fault with the one rule that it breaks.

    python make.py variants FOLDER    one description for each fault
    python make.py broken FILE        one description with a fault for each provision
"""

from __future__ import annotations

import copy
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import pytest_icp

HERE = Path(__file__).parent
SOUND = HERE / "base" / "base.icp.yaml"


@dataclass(frozen=True)
class Fault:
    """One fault: the facts that change, by JSON pointer, and the rules that must then fail.

    An element of a list is named by its ``id``; one that is not there yet is added. The value
    null takes the fact away.
    """

    rule: str
    changes: dict[str, Any]
    why: dict[str, str]
    also: tuple[str, ...]
    shown: bool

    @property
    def expected(self) -> frozenset[str]:
        """The mandatory rules that fail, and no others."""
        return frozenset({self.rule, *self.also})


def faults() -> list[Fault]:
    """Return all faults, in the order of their files."""
    rows = [row for path in sorted((HERE / "faults").glob("*.yaml")) for row in _rows(path)]
    return [
        Fault(
            rule=row["rule"],
            changes=row["set"],
            why=row["why"],
            also=tuple(row.get("also", ())),
            shown=row.get("shown", False),
        )
        for row in rows
    ]


def sound() -> dict[str, Any]:
    """Return the sound description as one document, its parts and its licence joined."""
    return copy.deepcopy(dict(pytest_icp.load(SOUND).facts))


def broken(facts: dict[str, Any], *some: Fault) -> dict[str, Any]:
    """Return the facts with faults in them."""
    document = copy.deepcopy(facts)
    for fault in some:
        for pointer, value in fault.changes.items():
            _change(document, pointer.lstrip("/").split("/"), copy.deepcopy(value))
    return document


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rows


def _change(at: Any, names: list[str], value: Any) -> None:
    name, rest = names[0], names[1:]
    key: Any = _index(at, name) if isinstance(at, list) else name
    if rest:
        _change(at[key], rest, value)
    elif isinstance(at, list) and key == len(at):
        at.append(value)
    elif value is None:
        del at[key]
    else:
        at[key] = value


def _index(elements: list[Any], name: str) -> int:
    for i, element in enumerate(elements):
        if isinstance(element, dict) and element.get("id") == name:
            return i
    return int(name) if name.isdecimal() else len(elements)
