"""JSON values as YAML on one line (流式), as they are shown and written into a description."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from pytest_icp.facts.files.faults import Fault
from pytest_icp.facts.files.yaml_scalars import resolve_plain
from pytest_icp.law.jsontypes import Json

_PLAIN_WORD = re.compile(r"[\w./+][\w ./+()（）、，。；-]*")


def flow(value: Json) -> str:
    """Return a value as YAML on one line, quoted only where it must be."""
    if isinstance(value, str):
        return value if _reads_as_itself(value) else _quoted(value)
    if isinstance(value, Mapping):
        members = (f"{flow(name)}: {flow(member)}" for name, member in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(flow, value)) + "]"
    return json.dumps(value)


def _quoted(text: str) -> str:
    """Return a text in double quotes; what cannot be seen in it, or turns others, is escaped."""
    shown = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in shown)


def _reads_as_itself(word: str) -> bool:
    try:
        same = resolve_plain(word, 0) == word
    except Fault:
        return False
    return same and bool(_PLAIN_WORD.fullmatch(word)) and not word.endswith(" ")
