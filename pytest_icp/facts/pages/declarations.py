"""Style declarations that can hide or show an element (样式声明)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import tinycss2
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tinycss2.ast import Node


class Length(Struct, frozen=True):
    """A number with its unit, which may be empty."""

    number: float
    unit: str


Value: TypeAlias = str | Length
"""A word, a length, or the empty word for everything else."""

Declared: TypeAlias = "Mapping[str, Value]"
"""The value of each property."""

_FAR = -999.0
_DIGITS = 400
_LONG = re.compile(f"[0-9]{{{_DIGITS + 1},}}")
_SHOWING = frozenset({"display", "visibility", "opacity", "font-size", "content-visibility"})
_READ = _SHOWING | frozenset(
    "position left right top bottom text-indent margin-left width height max-width max-height "
    "overflow clip clip-path".split()
)
_SIZES = frozenset("xx-small x-small small medium large x-large xx-large xxx-large".split())
_RELATIVE = frozenset({"em", "%", "ex", "ch"})
_CLIPPED = "rect(0)"
_HALF = 50


def without_long_numbers(css: str) -> str:
    """Return a style sheet with only the first digits of numbers that no parser converts.

    Beyond them is nothing that decides what is visible.
    """
    return _LONG.sub(lambda found: found[0][:_DIGITS], css)


def declarations(content: str | Sequence[Node]) -> tuple[Declared, Declared]:
    """Return the declarations of a rule or a ``style`` attribute: the normal and the important."""
    if isinstance(content, str):
        content = without_long_numbers(content)
    usual: dict[str, Value] = {}
    important: dict[str, Value] = {}
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if node.type != "declaration":
            continue
        tokens = [token for token in node.value if token.type not in {"whitespace", "comment"}]
        name = node.lower_name
        if name == "font":
            name, tokens = "font-size", [token for token in tokens if _is_size(token)][:1] or tokens
        if name in _READ:
            (important if node.important else usual)[name] = _value(tokens)
    return usual, important


def removes(declared: Declared) -> bool:
    """Return whether an element is invisible with all its content, whatever that declares."""
    return (
        declared.get("display") == "none"
        or declared.get("content-visibility") == "hidden"
        or _is_zero(declared.get("opacity"))
        or _is_away(declared)
        or _is_empty_box(declared)
        or _CLIPPED in {declared.get("clip"), declared.get("clip-path")}
    )


def conceals(declared: Declared) -> bool | None:
    """Return whether ``visibility`` hides the text; None where it is not declared.

    An element inside a hidden one may declare itself visible again.
    """
    value = declared.get("visibility")
    return None if value in {None, "inherit"} else value in {"hidden", "collapse"}


def shrinks(declared: Declared) -> bool | None:
    """Return whether ``font-size`` is 0; None if it depends on the parent."""
    size = declared.get("font-size")
    if not isinstance(size, Length):
        return False if size in _SIZES else None
    if size.number == 0:
        return True
    return None if size.unit in _RELATIVE else False


def without_hiding(declared: Declared) -> Declared:
    """Return the declarations that hide nothing, alone or together with others."""
    return {name: value for name, value in declared.items() if not _hides(name, value)}


def _hides(name: str, value: Value) -> bool:
    declared = {name: value}
    alone = removes(declared) or conceals(declared) or shrinks(declared)
    return bool(alone) or name not in _SHOWING


def _value(tokens: Sequence[Node]) -> Value:
    if len(tokens) != 1:
        return ""
    (token,) = tokens
    if token.type == "ident":
        return str(token.lower_value)
    if token.type == "function" and token.lower_name in {"rect", "inset"}:
        return _CLIPPED if _leaves_nothing(token) else ""
    if token.type in {"number", "dimension", "percentage"}:
        unit = "%" if token.type == "percentage" else getattr(token, "lower_unit", "")
        return Length(token.value, unit)
    return ""


def _leaves_nothing(clip: Any) -> bool:
    """Return whether a rectangle is a point, or an inset half of the box from all its sides."""
    sizes = [part for part in clip.arguments if part.type in {"number", "dimension", "percentage"}]
    if clip.lower_name == "rect":
        return not any(size.value for size in sizes if size.type != "percentage")
    return bool(sizes) and all(s.type == "percentage" and s.value >= _HALF for s in sizes)


def _is_size(token: Node) -> bool:
    """Return whether a part of ``font`` is the size; a number without a unit is not, except 0."""
    if token.type == "ident":
        return token.lower_value in _SIZES
    return token.type in {"dimension", "percentage"} or (token.type == "number" and not token.value)


def _is_zero(value: Value | None) -> bool:
    return isinstance(value, Length) and value.number == 0


def _is_away(declared: Declared) -> bool:
    """Return whether an element is positioned off the page."""
    names = ["text-indent", "margin-left"]
    if declared.get("position") in {"absolute", "fixed"}:
        names += ["left", "right", "top", "bottom"]
    values = [declared.get(name) for name in names]
    return any(isinstance(value, Length) and value.number <= _FAR for value in values)


def _is_empty_box(declared: Declared) -> bool:
    sizes = ("width", "height", "max-width", "max-height")
    clipped = declared.get("overflow") in {"hidden", "clip"}
    return clipped and any(_is_zero(declared.get(size)) for size in sizes)
