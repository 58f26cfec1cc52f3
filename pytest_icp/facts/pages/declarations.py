"""Style declarations that can hide or show an element (样式声明)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import tinycss2
import tinycss2.color3
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tinycss2.ast import Node


class Length(Struct, frozen=True):
    """A number with its unit, which may be empty."""

    number: float
    unit: str


class Colour(Struct, frozen=True):
    """A colour: its red, green and blue, each from 0 to 1."""

    red: float
    green: float
    blue: float


Value: TypeAlias = str | Length | Colour
"""A word, a length, a colour, or the empty word for everything else."""

Declared: TypeAlias = "Mapping[str, Value]"
"""The value of each property."""

_FAR = -999.0
_PAGES = -100
"""So far in these units is off the page as well."""
_DIGITS = 400
_LONG = re.compile(f"[0-9]{{{_DIGITS + 1},}}")
_INKS = frozenset({"color", "-webkit-text-fill-color", "background-clip", "text-shadow"})
_COLOURS = frozenset({"color", "-webkit-text-fill-color", "background-color"})
_SHOWING = _INKS | frozenset(
    "display visibility opacity font-size content-visibility transform scale filter".split()
)
READ = _SHOWING | frozenset(
    "background-color background-image position left right top bottom text-indent margin-left "
    "width height max-width max-height "
    "overflow clip clip-path".split()
)
_SIZES = frozenset("xx-small x-small small medium large x-large xx-large xxx-large".split())
_RELATIVE = frozenset({"em", "%", "ex", "ch"})
_CLIPPED, _NARROW = "rect(0)", "rect(1px 1px 1px 1px)"
_FLAT = "scale(0)"
_TRANSPARENT = "transparent"
_FAINT = 0.05
_ALIKE = 0.04
"""By how much of each part colours differ at most that nobody tells apart."""
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
        if name.endswith("background-clip") or (name == "background" and _is_of_text(tokens)):
            name, tokens = "background-clip", [token for token in tokens if _is_of_text([token])]
        if name == "background":
            name, tokens = "background-color", [one for one in tokens if _is_ground(one)]
        if name in READ:
            bare = name == "background-color" and not tokens
            value = _TRANSPARENT if bare else _read(name, tokens)
            (important if node.important else usual)[name] = value
    return usual, important


def removes(declared: Declared) -> bool:
    """Return whether an element is invisible with all its content, whatever that declares."""
    return (
        declared.get("display") == "none"
        or declared.get("content-visibility") == "hidden"
        or _is_faint(declared.get("opacity"))
        or _is_away(declared)
        or _is_empty_box(declared)
        or _CLIPPED in {declared.get("clip"), declared.get("clip-path")}
        or (declared.get("clip") == _NARROW and _is_placed(declared))
        or _FLAT in {declared.get("transform"), declared.get("filter")}
        or _is_zero(declared.get("scale"))
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


def blanks(declared: Declared) -> bool | None:
    """Return whether the text has no colour; None if that is as with the parent.

    A background in the form of the text, or its shadow, shows it all the same.
    """
    ink = declared.get("-webkit-text-fill-color", declared.get("color"))
    if ink in {None, "inherit", "unset", "currentcolor"}:
        return None
    shadow = declared.get("text-shadow", "none") != "none"
    return ink == _TRANSPARENT and not shadow and declared.get("background-clip") != "text"


def ink_of(declared: Declared) -> Value | None:
    """Return the colour of the text; None if that is as with the parent, empty if it may differ."""
    ink = declared.get("-webkit-text-fill-color", declared.get("color"))
    if declared.get("text-shadow", "none") != "none" or declared.get("background-clip") == "text":
        return ""
    return None if ink in {"inherit", "unset", "currentcolor"} else ink


def ground_of(declared: Declared) -> Value | None:
    """Return the colour behind the text; None if that is as with the parent, empty for others."""
    ground = declared.get("background-color")
    if declared.get("background-image", "none") != "none":
        return ""
    return None if ground in {_TRANSPARENT, "none", "initial", "unset"} else ground


def merges(ink: Value, ground: Value) -> bool:
    """Whether a text has the colour of what is behind it."""
    if not (isinstance(ink, Colour) and isinstance(ground, Colour)):
        return False
    parts = ((ink.red, ground.red), (ink.green, ground.green), (ink.blue, ground.blue))
    return all(abs(one - other) < _ALIKE for one, other in parts)


def without_hiding(declared: Declared) -> Declared:
    """Return the declarations that hide nothing, alone or together with others."""
    left = {name: value for name, value in declared.items() if not _hides(name, value)}
    return {name: "" if isinstance(value, Colour) else value for name, value in left.items()}


def _hides(name: str, value: Value) -> bool:
    declared = {name: value}
    alone = removes(declared) or conceals(declared) or shrinks(declared) or blanks(declared)
    return bool(alone) or name not in _SHOWING


def _read(name: str, tokens: Sequence[Node]) -> Value:
    """Return the value of a property, of those with several parts only whether they hide."""
    if name in {"transform", "filter"}:
        return _FLAT if any(map(_flattens, tokens)) else ""
    if name in _COLOURS and len(tokens) == 1:
        colour = tinycss2.color3.parse_color(tokens[0])
        if isinstance(colour, tinycss2.color3.RGBA):
            seen = Colour(colour.red, colour.green, colour.blue) if colour.alpha == 1 else ""
            return seen if colour.alpha else _TRANSPARENT
    return _value(tokens)


def _is_ground(token: Node) -> bool:
    """Whether a part of ``background`` is a colour or a picture, or takes both away."""
    return token.type in {"hash", "function", "url"} or (
        token.type == "ident" and tinycss2.color3.parse_color(token) is not None
    )


def _value(tokens: Sequence[Node]) -> Value:
    if len(tokens) != 1:
        return ""
    (token,) = tokens
    if token.type == "ident":
        return str(token.lower_value)
    if token.type == "function" and token.lower_name in {"rect", "inset", "circle", "polygon"}:
        narrow = token.lower_name == "rect" and _is_narrow(token)
        return _CLIPPED if _leaves_nothing(token) else _NARROW if narrow else ""
    if token.type in {"number", "dimension", "percentage"}:
        unit = "%" if token.type == "percentage" else getattr(token, "lower_unit", "")
        return Length(token.value, unit)
    return ""


def _leaves_nothing(clip: Any) -> bool:
    """Return whether a shape is a point, or an inset half of the box from all its sides."""
    sizes = _sizes(clip)
    if clip.lower_name == "circle":
        return bool(sizes) and sizes[0].value == 0
    if clip.lower_name == "polygon":
        return len({(size.value, getattr(size, "unit", "")) for size in sizes}) == 1
    if clip.lower_name == "rect":
        return not any(size.value for size in sizes if size.type != "percentage")
    return bool(sizes) and all(s.type == "percentage" and s.value >= _HALF for s in sizes)


def _is_narrow(clip: Any) -> bool:
    """Return whether nothing is between the sides of a rectangle: top, right, bottom and left."""
    sides = [size.value for size in _sizes(clip) if size.type != "percentage"]
    return len(sides) == len("trbl") and (sides[0] >= sides[2] or sides[3] >= sides[1])


def _sizes(function: Any) -> list[Any]:
    """Return the numbers among the arguments of a function."""
    kinds = {"number", "dimension", "percentage"}
    return [part for part in function.arguments if part.type in kinds]


def _flattens(token: Any) -> bool:
    """Return whether a function of ``transform`` or ``filter`` leaves nothing in sight."""
    values = [size.value for size in _sizes(token)] if token.type == "function" else []
    match getattr(token, "lower_name", ""):
        case "scale" | "scale3d" | "scalex" | "scaley":
            return 0 in values[:2]
        case "translate" | "translate3d" | "translatex" | "translatey":
            return any(value <= _FAR for value in values)
        case "opacity":
            return values == [0]
        case "rotatex" | "rotatey":
            return [abs(value) for value in values] in ([90], [270])
        case "matrix":
            return not any(values[:4])
    return False


def _is_of_text(tokens: Sequence[Node]) -> bool:
    return any(token.type == "ident" and token.lower_value == "text" for token in tokens)


def _is_size(token: Node) -> bool:
    """Return whether a part of ``font`` is the size; a number without a unit is not, except 0."""
    if token.type == "ident":
        return token.lower_value in _SIZES
    return token.type in {"dimension", "percentage"} or (token.type == "number" and not token.value)


def _is_zero(value: Value | None) -> bool:
    return isinstance(value, Length) and value.number == 0


def _is_faint(value: Value | None) -> bool:
    if not isinstance(value, Length):
        return False
    return value.number / (100 if value.unit == "%" else 1) < _FAINT


def _is_placed(declared: Declared) -> bool:
    return declared.get("position") in {"absolute", "fixed"}


def _is_away(declared: Declared) -> bool:
    """Return whether an element is positioned off the page."""
    names = ["text-indent", "margin-left"]
    if _is_placed(declared):
        names += ["left", "right", "top", "bottom"]
    return any(_is_far(name, declared.get(name)) for name in names)


def _is_far(name: str, value: Value | None) -> bool:
    if not isinstance(value, Length):
        return False
    # By their margins, columns of a page are put beside each other.
    pages = value.unit in {"%", "vw", "vh", "em", "rem"} and name != "margin-left"
    return value.number <= (_PAGES if pages else _FAR)


def _is_empty_box(declared: Declared) -> bool:
    sizes = ("width", "height", "max-width", "max-height")
    clipped = declared.get("overflow") in {"hidden", "clip"}
    return clipped and any(_is_point(declared.get(size)) for size in sizes)


def _is_point(value: Value | None) -> bool:
    """Return whether a size is none, or the one pixel of what only screen readers read."""
    one = isinstance(value, Length) and value.unit in {"", "px"} and value.number <= 1
    return one or _is_zero(value)
