"""Variables of serverless files (变量): what stands in the file itself, and what does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pytest_icp.facts.files.budget import Meter
    from pytest_icp.law.jsontypes import Json

Lookup: TypeAlias = "Callable[[str], Json]"
"""Returns what a reference names in the file; None if that is not there."""

_REFERENCE = re.compile(r"\$\{([^${}]*+)\}")
_OPEN = re.compile(r"\$[{\w]|\{\{")
_DEEPEST = 16


class Variables:
    """Replaces references by what they name, as often as they lead to others."""

    def __init__(self, lookup: Lookup, meter: Meter) -> None:
        self._lookup = lookup
        self.meter = meter

    def value(self, written: Json) -> Json:
        """Return a value with what its references name; a reference without a value stays."""
        for _ in range(_DEEPEST):
            if not isinstance(written, str) or "${" not in written:
                break
            whole = _REFERENCE.fullmatch(written)
            found = self._lookup(whole[1].strip()) if whole else self._replaced(written)
            self.meter.spend("expansions", len(found) if isinstance(found, str) else 1)
            if found is None or found == written:
                break
            written = found
        return written

    def _replaced(self, written: str) -> str:
        def replaced(reference: re.Match[str]) -> str:
            found = self._lookup(reference[1].strip())
            text = isinstance(found, (str, int, float)) and not isinstance(found, bool)
            self.meter.spend("expansions", len(str(found)) if text else 1)
            return str(found) if text else reference[0]

        return _REFERENCE.sub(replaced, written)

    def text(self, written: Json) -> str | None:
        """Return a text without variables; None for anything else."""
        found = self.value(written)
        return found if isinstance(found, str) and found and not is_open(found) else None

    def members(self, written: Json) -> Mapping[str, Json]:
        """Return the members of an object; of anything else, none."""
        found = self.value(written)
        return found if isinstance(found, dict) else {}

    def elements(self, written: Json) -> list[Json]:
        """Return the elements of a list; of anything else, none."""
        found = self.value(written)
        return list(found) if isinstance(found, list) else []


def is_open(text: Json) -> bool:
    """Whether a text contains a variable without a value, or a template."""
    return isinstance(text, str) and _OPEN.search(text) is not None


def at(data: Json, path: str) -> Json:
    """Return the value at a path of keys with dots; None if there is none."""
    return value_at(data, path.split("."))


def value_at(data: Json, keys: Iterable[str]) -> Json:
    """Return the value at the end of some keys, numbers in lists; None if there is none."""
    for key in keys:
        if isinstance(data, list) and key.isdecimal() and int(key) < len(data):
            data = data[int(key)]
        elif isinstance(data, dict):
            data = data.get(key)
        else:
            return None
    return data
