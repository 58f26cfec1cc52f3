"""JSON values as Python sees them, and JSON Pointers (RFC 6901) into them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = Mapping[str, Json]


def table(name: str) -> dict[str, Any]:
    """Read a table that is shipped with the law, such as that of the divisions of the country."""
    return dict(json.loads(Path(__file__).with_name(f"{name}.json").read_text("utf-8")))


def escape(token: str) -> str:
    """Escape one reference token of a JSON Pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """Undo `escape`."""
    return token.replace("~1", "/").replace("~0", "~")


def pointer(tokens: Iterable[str | int]) -> str:
    """Join tokens to a JSON Pointer; no token is the whole document, the empty string."""
    return "".join([f"/{t}" if isinstance(t, int) else f"/{escape(t)}" for t in tokens])


def tokens(json_pointer: str) -> tuple[str, ...]:
    """Split a JSON Pointer into its tokens (array indices stay strings)."""
    if not json_pointer:
        return ()
    parts = json_pointer[1:].split("/")
    return tuple(map(unescape, parts) if "~" in json_pointer else parts)


def dotted(names: Iterable[str]) -> str:
    """Join tokens to the dotted path of a fact, without the places in lists."""
    return ".".join(name for name in names if not name.isdecimal())


def overlap(first: str, second: str, by: str = ".") -> bool:
    """Whether one path is the other, or leads into it; ``by`` is what stands between its names."""
    first, second = f"{first}{by}", f"{second}{by}"
    return first.startswith(second) or second.startswith(first)


_PLACE = re.compile("/[0-9]+(?=/|$)")


def stable_pointer(json_pointer: str) -> str:
    """Return a pointer without the places in lists, which change when an element is added."""
    return _PLACE.sub("/*", json_pointer)


def object_of(value: Json) -> JsonObject:
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: Json) -> list[Json]:
    """Return a list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def texts_of(value: Json) -> tuple[str, ...]:
    """Return the texts in a list; of anything else, none."""
    return tuple(item for item in list_of(value) if isinstance(item, str))


def changed(value: Any, changes: Mapping[tuple[str | int, ...], Json]) -> Any:
    """Return a value with others at some places in it; what is not on the way is shared."""
    if () in changes:
        return changes[()]
    inner: dict[str | int, dict[tuple[str | int, ...], Json]] = defaultdict(dict)
    for (name, *rest), new in changes.items():
        inner[int(name) if isinstance(value, list) else name][tuple(rest)] = new
    if isinstance(value, list):
        return [changed(one, inner[i]) if i in inner else one for i, one in enumerate(value)]
    whole = value if isinstance(value, Mapping) else {}
    return {**whole, **{name: changed(whole.get(name), below) for name, below in inner.items()}}
