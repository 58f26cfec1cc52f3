"""The style sheets of a page, and their declarations for each of its elements (样式表).

Those in files are put into the page before (`completing`); scripts are not read. A rule for some
screens only can show an element, but hides none: on other screens it is visible.

Of selectors are read names of tags, classes, ids, attributes, combinators, ``:root``, ``:not``,
``:is``, ``:where`` and nesting. A rule with anything else applies to nothing. The parser of the
page finds the elements of what stands between two combinators; these are followed here, as the
parser tries every way through the elements around one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import tinycss2
import tinycss2.color4
from msgspec import Struct
from selectolax.lexbor import SelectolaxError
from tinycss2.ast import IdentToken, WhitespaceToken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from selectolax.lexbor import LexborHTMLParser
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

Declared: TypeAlias = Mapping[str, Value]
"""The value of each property."""

COMPUTED = "computed()"
"""The value of a property that may hide, where a browser computes it from what is not read."""
_REMOVING = frozenset("display visibility opacity font-size content-visibility scale".split())
_TAKEN, _CALCULATED = (
    frozenset({"var", "env", "attr", "if", "v-bind"}),
    frozenset("calc min max clamp".split()),
)
_TURNING = frozenset({"line-through", "bidi-override", "isolate-override"})
"""What is struck out, or is shown from its end, is not shown as it is written."""
_VARIABLE = re.compile(r"(?<![\w-])(--[\w-]++)\s*+:\s*+([^;{}\"'<>]{1,100})")
_USED = re.compile(r"\bvar\(\s*+(--[\w-]++)\s*+(?:,[^()]{0,100})?\)")
_MAY_HIDE = re.compile(r"(?:none|hidden|collapse|transparent|-|0?\.?0)")

_FAR, _BEYOND = -999.0, 5000
_PAGES = -100
"""So far in these units is off the page as well."""
_TINY = {"px": 2, "pt": 2, "em": 0.1, "rem": 0.1, "%": 10}
"""Letters of at most these sizes are read by nobody."""
_DIGITS = 400
_LONG = re.compile(f"[0-9]{{{_DIGITS + 1},}}")
_INKS = frozenset({"color", "-webkit-text-fill-color", "background-clip", "text-shadow"})
_COLOURS = frozenset({"color", "-webkit-text-fill-color", "background-color"})
_SHOWING = _INKS | frozenset(
    "display visibility opacity font-size content-visibility transform scale filter".split()
)
READ = _SHOWING | frozenset(
    "background-color background-image position left right top bottom text-indent margin-left "
    "width height max-width max-height line-height flex flex-grow min-width min-height "
    "animation animation-name animation-fill-mode "
    "overflow clip clip-path text-decoration unicode-bidi".split()
)
_HARMLESS = re.compile(
    r"-(?!webkit-).*|(?:-webkit-)?(?:align|all|animation|app|aspect|backdrop|backface|background|border"
    r"|bottom|box|break|caption|caret|clear|colou?r|column|contain|content|counter|cursor|direction"
    r"|empty|fill|flex|float|flow|font|gap|grid|hanging|height|hyphen|image|isolation|justify|layout"
    r"|left|line|list|margin|max|min|mso|object|order|orphans|outline|overflow|overscroll|padding"
    r"|page|perspective|place|pointer|position|print|quotes|resize|right|row|ruby|scroll|size|src"
    r"|stroke|tab|table|tap|text(?!-security)|top|touch|transform-|transition|unicode|user|vertical"
    r"|white|widows|width|will|word|writing|z-).*"
)
"""Properties that hide nothing, whatever their values; what others do is not known."""
_HARMLESS_VALUES = frozenset("none auto normal initial inherit unset revert visible".split())
_LEAST = {"zoom": 0.1, "letter-spacing": -3, "translate": -999, "rotate": -360}
"""From which number on these hide nothing."""
_ANIMATION = ("animation", "animation-name", "animation-fill-mode")
_LAST = re.compile(r"(?:^|[\s,])(?:to|100%)(?:$|[\s,])", re.IGNORECASE)
_SIZES = frozenset("xx-small x-small small medium large x-large xx-large xxx-large".split())
_RELATIVE = frozenset({"em", "%", "ex", "ch"})
_CLIPPED, _NARROW = "rect(0)", "rect(1px 1px 1px 1px)"
_FLAT = "scale(0)"
_TRANSPARENT = "transparent"
_FAINT = 0.05
_ALIKE = 0.04
"""By how much of each part colours differ at most that nobody tells apart."""
_WHOLE = 100
_BLURRED = 5


def with_variables(html: str) -> str:
    """Return a page with the values of its style sheets' variables in the place of their names.

    One that is not on the page stays, as does one with several values if one of them may hide.
    """
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in _VARIABLE.findall(html) if "var(" in html else ():
        values[name].append(value.strip())

    def filled(used: re.Match[str]) -> str:
        given = values.get(used[1], [])
        open_ = len({*given}) > 1 and any(map(_MAY_HIDE.match, given))
        return given[-1] if given and not open_ else used[0]

    return _USED.sub(filled, html) if values else html


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
        name, tokens = _named(node)
        if name in READ:
            bare = name == "background-color" and not tokens
            value = _TRANSPARENT if bare else _read(name, tokens)
            (important if node.important else usual)[name] = value
        elif not _HARMLESS.fullmatch(name) and not all(_is_plain(name, one) for one in tokens):
            (important if node.important else usual)[name] = COMPUTED
    return usual, important


def _named(node: Any) -> tuple[str, list[Any]]:
    """Return the property that a declaration is read as, and the parts of its value that count."""
    tokens = [token for token in node.value if token.type not in {"whitespace", "comment"}]
    name = node.lower_name
    if name not in READ:
        name = name.removeprefix("-webkit-")
    if name == "font":
        name, tokens = "font-size", [token for token in tokens if _is_size(token)][:1] or tokens
    if name.endswith("background-clip") or (name == "background" and _is_of_text(tokens)):
        name, tokens = "background-clip", [token for token in tokens if _is_of_text([token])]
    if name in {"margin", "inset"}:
        # Of all sides, the one by which it is off the page; or else any. Below and on the right, a
        # margin moves only others.
        sides = (tokens[0:1] + (tokens[3:4] or tokens[1:2])) if name == "margin" else tokens
        tokens = [one for one in sides if _is_far(name, _value([one]))][:1] or sides[-1:]
        name = "margin-left" if name == "margin" else "left"
    if name == "margin-top" and _is_far(name, _value(tokens)):
        name = "margin-left"
    if name in {"overflow-x", "overflow-y"}:
        name = "overflow"
    if name == "text-decoration-line":
        name = "text-decoration"
    if name == "background":
        name, tokens = "background-color", [one for one in tokens if _is_ground(one)]
    return name, tokens


def _is_plain(name: str, token: Any) -> bool:
    """Whether a part of a property that may hide says that it does not."""
    if token.type == "ident":
        return token.lower_value in _HARMLESS_VALUES
    number = token.type in {"number", "dimension", "percentage"}
    return number and bool(token.value >= _LEAST.get(name, _BEYOND))


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
    if size.number <= _TINY.get(size.unit, 0):
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
    if name.startswith("animation"):
        return " ".join(token.value for token in tokens if token.type == "ident")
    if name in {"text-decoration", "unicode-bidi"}:
        said = {token.lower_value for token in tokens if token.type == "ident"}
        return COMPUTED if said & _TURNING else ""
    if any(_is_open(name, token) for token in tokens):
        return COMPUTED
    if name == "scale" and any(map(_is_faint, (_value([one]) for one in tokens))):
        return Length(0, "")
    if name in {"transform", "filter"}:
        return _FLAT if any(map(_flattens, tokens)) else ""
    if name in _COLOURS and len(tokens) == 1:
        colour = tinycss2.color4.parse_color(tokens[0])
        if isinstance(colour, tinycss2.color4.Color):
            known = colour.alpha == 1 and colour.space in {"srgb", "hsl", "hwb"}
            seen = Colour(*colour.to("srgb").coordinates) if known else ""
            return seen if colour.alpha >= _FAINT else _TRANSPARENT
    return _value(tokens)


def _is_open(name: str, token: Any) -> bool:
    """Whether a property may hide, by what a function takes from elsewhere or calculates."""
    if token.type != "function" or name in _COLOURS:
        return False
    if token.lower_name in _CALCULATED:
        least = 0 if name in _REMOVING else _PAGES
        return any(size.value <= least for size in _sizes(token))
    return name in _REMOVING and token.lower_name in _TAKEN


def _is_ground(token: Node) -> bool:
    """Whether a part of ``background`` is a colour or a picture, or takes both away."""
    return token.type in {"hash", "function", "url"} or (
        token.type == "ident" and tinycss2.color4.parse_color(token) is not None
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
    """Return whether a shape is a point, or insets from opposite sides are all of the box."""
    sizes = _sizes(clip)
    if clip.lower_name == "circle":
        return bool(sizes) and sizes[0].value == 0
    if clip.lower_name == "polygon":
        return len({(size.value, getattr(size, "unit", "")) for size in sizes}) == 1
    if clip.lower_name == "rect":
        return not any(size.value for size in sizes if size.type != "percentage")
    shares = [size.value if size.type == "percentage" else 0 for size in sizes]
    # Of four sides, those that are not given are as the opposite ones.
    sides = {1: shares * 4, 2: shares * 2, 3: [*shares, *shares[1:2]]}.get(len(shares), shares)
    return bool(sides) and max(sides[0] + sides[2], sides[1] + sides[3]) >= _WHOLE


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
    match getattr(token, "lower_name", token.type):
        case "scale" | "scale3d" | "scalex" | "scaley":
            return any(abs(value) < _FAINT for value in values[:2])
        case "translate" | "translate3d" | "translatex" | "translatey":
            return any(_is_far("", _value([size])) for size in _sizes(token))
        case "opacity":
            return values == [0]
        case "blur":
            return any(value >= _BLURRED for value in values)
        case "rotatex" | "rotatey" | "skew" | "skewx" | "skewy":
            return any(abs(value) in {90, 270} for value in values)
        case "contrast" | "url":
            return not any(values)
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
    if _is_placed(declared) or declared.get("position") in {"relative", "sticky"}:
        names += ["left", "right", "top", "bottom"]
    return any(_is_far(name, declared.get(name)) for name in names)


def _is_far(name: str, value: Value | None) -> bool:
    if not isinstance(value, Length):
        return False
    # By their margins, columns of a page are put beside each other; by a shift, parts of one.
    pages = value.unit in {"vw", "vh", "em", "rem"} or (value.unit == "%" and name)
    far = _PAGES if pages and name != "margin-left" else _FAR
    pushed = name == "text-indent" and value.unit == "%" and value.number >= -_PAGES
    return value.number <= far or value.number >= _BEYOND or pushed


def _is_empty_box(declared: Declared) -> bool:
    """Return whether a box has no room for its text, and shows nothing beside itself."""
    sizes = ("width", "height", "max-width", "max-height")
    clipped = declared.get("overflow") in {"hidden", "clip", "auto", "scroll", "overlay"}
    flat = _is_zero(declared.get("line-height"))
    grows = any(
        declared.get(name, "none") != "none" and not _is_zero(declared[name])
        for name in ("flex", "flex-grow", "min-width", "min-height")
    )
    return clipped and not grows and (flat or any(_is_point(declared.get(one)) for one in sizes))


def _is_point(value: Value | None) -> bool:
    """Return whether a size is none, or the one pixel of what only screen readers read."""
    one = isinstance(value, Length) and value.unit in {"", "px"} and value.number <= 1
    return one or _is_zero(value)


_Screens: TypeAlias = Literal["all", "some", "none"]
_Weight: TypeAlias = tuple[int, int, int]
"""The specificity of a selector: ids, classes, tags."""

_MOST_PARTS = 1000
"""How many parts of selectors are read, so that no page takes too long."""
_MOST_FOUND = 2_000_000
"""How many elements are found by all parts together."""
_MOST_NESTED = 1000
_LONGEST = 200
"""How many selectors nested rules may have together, and how many tokens each of them."""
_DEEPEST = 8
"""How deep at-rules, rules and functions in selectors may be nested."""
_CACHED = 4096
"""For how many kinds of elements the result is cached: pages repeat themselves."""
_EVERYWHERE = re.compile(
    r"\(\s*+(?:min-[a-z-]+\s*+:\s*+[01](?:px|em)?|max-[a-z-]+\s*+:\s*+[5-9][0-9]{3,9}px)\s*+\)",
    re.IGNORECASE,
)
"""A size that every screen has, as ``min-width: 0``."""
_BLANK = WhitespaceToken(0, 0, " ")
_STRUCTURAL = frozenset(
    "root link any-link enabled read-only empty first-child last-child only-child "
    "first-of-type last-of-type only-of-type "
    "nth-child nth-last-child nth-of-type nth-last-of-type has hover focus focus-within "
    "focus-visible".split()
)
"""Pseudo-classes that the parser of the page knows; nobody points at an element."""


class _Part(Struct, frozen=True):
    """What a selector requires of one element, and its relation to the one before."""

    combinator: str
    required: str
    weight: _Weight


class _Rule(Struct, frozen=True):
    """The declarations of one selector."""

    parts: tuple[_Part, ...]
    usual: Declared
    important: Declared

    @property
    def weight(self) -> _Weight:
        """The specificity of the selector."""
        return _sum(part.weight for part in self.parts)


class Lineage(Struct):
    """The parts of selectors that an element and those around it match, one bit for each part.

    ``here`` are those of the element, ``above`` those of it and its ancestors, ``last`` and
    ``before`` those of its last child so far and of all its children so far.
    """

    here: int = 0
    above: int = 0
    last: int = 0
    before: int = 0

    def child(self, met: int) -> Lineage:
        """Add a child that matches parts."""
        self.last = met
        self.before |= met
        return Lineage(here=met, above=self.above | met)


class Sheet:
    """All rules of a page that can hide or show an element."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        """Read the style sheets of a page."""
        self._by_combinator: dict[str, int] = defaultdict(int)
        self._firsts = 0
        self._usual, self._important = _Values(), _Values()
        requiring: dict[str, int] = defaultdict(int)
        bit = 1
        for rule in sorted(_first_rules(tree), key=lambda rule: rule.weight):
            self._firsts |= bit
            for part in rule.parts:
                requiring[part.required] |= bit
                self._by_combinator[part.combinator] |= bit
                last, bit = bit, bit << 1
            self._usual.add(last, rule.usual)
            self._important.add(last, rule.important)
        self._own = _found(tree, requiring)
        self._ends = dict(_ends(tree))
        self.declared = lru_cache(_CACHED)(self._declares)

    def met(self, element: int, parent: Lineage) -> int:
        """Return the parts of selectors that an element matches, by its identity in the tree."""
        own = self._own.get(element)
        if not own:
            return 0
        links = self._by_combinator
        return own & (
            self._firsts
            | (parent.above << 1 & links[" "])
            | (parent.here << 1 & links[">"])
            | (parent.last << 1 & links["+"])
            | (parent.before << 1 & links["~"])
        )

    def _declares(self, met: int, style: str) -> Declared:
        """Return the declarations for an element that matches parts and has a ``style``."""
        usual, important = declarations(style)
        declared = {**self._usual.of(met), **usual, **self._important.of(met), **important}
        words = [word for name in _ANIMATION for word in str(declared.get(name, "")).split()]
        # What an animation ends with stays only where it says so.
        ends = words if self._ends and not {"forwards", "both"}.isdisjoint(words) else ()
        return declared | {k: v for word in ends for k, v in self._ends.get(word, {}).items()}


class _Values:
    """The values that rules give each property: the last of those that match counts.

    What that costs does not depend on how many rules match.
    """

    def __init__(self) -> None:
        self._giving: dict[str, int] = defaultdict(int)
        self._values: dict[tuple[str, int], Value] = {}

    def add(self, bit: int, declared: Declared) -> None:
        """Add the declarations of a rule, whose bit is higher than that of those before."""
        for name, value in declared.items():
            self._giving[name] |= bit
            self._values[name, bit.bit_length()] = value

    def of(self, met: int) -> Declared:
        """Return the value of each property that the matching rules declare."""
        last = {name: (bits & met).bit_length() for name, bits in self._giving.items()}
        return {name: self._values[name, bit] for name, bit in last.items() if bit}


def _found(tree: LexborHTMLParser, requiring: dict[str, int]) -> dict[int, int]:
    """Return the bits of the parts whose requirements the elements meet, up to the limit."""
    found: dict[int, int] = defaultdict(int)
    left = _MOST_FOUND
    for required, bits in requiring.items():
        try:
            elements = tree.css(required)
        except SelectolaxError:
            continue  # not a selector
        left -= len(elements)
        if left < 0:
            break
        for element in elements:
            found[element.mem_id] |= bits
    return found


def _ends(tree: LexborHTMLParser) -> Iterator[tuple[str, Declared]]:
    """Yield the names of animations with what they end with."""
    sheets = (style.text() for style in tree.css("style"))
    for css in (text for text in sheets if "keyframes" in text):
        for node in tinycss2.parse_stylesheet(without_long_numbers(css)):
            if node.type == "at-rule" and node.lower_at_keyword.endswith("keyframes"):
                name = tinycss2.serialize(node.prelude).strip(" \n\"'")
                for frame in tinycss2.parse_rule_list(node.content or ()):
                    rule = frame.type == "qualified-rule"
                    if rule and _LAST.search(tinycss2.serialize(frame.prelude)):
                        yield name, declarations(frame.content)[0]


def _first_rules(tree: LexborHTMLParser) -> Iterator[_Rule]:
    """Yield the rules, up to the limit of parts."""
    count = 0
    for style in tree.css("style"):
        media = style.attributes.get("media") or ""
        words = tinycss2.parse_component_value_list(without_long_numbers(media))
        sheet = tinycss2.parse_stylesheet(without_long_numbers(style.text()))
        for block in _blocks(sheet, _screens("media", words, "all")):
            for rule in _rules(block):
                count += len(rule.parts)
                if count > _MOST_PARTS:
                    return
                yield rule


class _Block(Struct, frozen=True):
    """Declarations, with the selectors and the screens that they apply to."""

    selectors: Sequence[Sequence[Node]]
    content: Sequence[Node]
    screens: _Screens


def _blocks(
    nodes: Iterable[Node],
    screens: _Screens,
    around: Sequence[Sequence[Node]] | None = None,
    deepest: int = _DEEPEST,
) -> Iterator[_Block]:
    """Yield each rule, also of those in others, with the screens that it applies to.

    ``around`` are the selectors of the rule that these are in; None outside of rules.
    """
    for node in nodes:
        here, selectors = screens, around
        if node.type == "qualified-rule":
            selectors = _split(node.prelude) if around is None else _nested(around, node.prelude)
        elif node.type == "at-rule" and node.content is not None:
            here = _screens(node.lower_at_keyword, node.prelude, screens)
        else:
            continue
        if here == "none" or selectors == []:
            continue
        if selectors is not None:
            yield _Block(selectors, node.content, here)
        if deepest and any(one.type == "{} block" for one in node.content):
            inner = tinycss2.parse_blocks_contents(node.content)
            yield from _blocks(inner, here, selectors, deepest - 1)


def _screens(keyword: str, prelude: Iterable[Node], around: _Screens) -> _Screens:
    """Return the screens that the content of an at-rule applies to."""
    written = [token for token in prelude if token.type not in {"whitespace", "comment"}]
    if keyword != "media":
        known = keyword in {"layer", "scope"} or _is_common(keyword, written)
        return around if known else "none"
    words = {token.lower_value for token in written if token.type == "ident"}
    if "not" in words:
        return around if words == {"not", "print"} else "none"
    if words & {"print", "speech"} and not words & {"all", "screen"}:
        return "none"
    known = words <= {"all", "screen", "only", "and", "print", "speech"}
    asked = (one for one in written if one.type != "ident" and one != ",")
    everywhere = known and all(_EVERYWHERE.fullmatch(tinycss2.serialize([one])) for one in asked)
    return around if everywhere else "some"


def _is_common(keyword: str, written: Sequence[Node]) -> bool:
    """Whether an at-rule asks for properties that every browser knows."""
    asked = [token.content[:1] for token in written if token.type == "() block"]
    names = [token.lower_value for tokens in asked for token in tokens if token.type == "ident"]
    return keyword == "supports" and len(names) == len(written) and READ.issuperset(names)


def _rules(block: _Block) -> Iterator[_Rule]:
    """Yield a rule for each selector of a block that can be read."""
    usual, important = declarations(block.content)
    if block.screens == "some":
        usual, important = without_hiding(usual), without_hiding(important)
    for selector in block.selectors if usual or important else ():
        parts = _parts(selector)
        if parts:
            yield _Rule(parts, usual, important)


def _split(prelude: Sequence[Node]) -> list[list[Node]]:
    """Split a list of selectors at its commas, without comments."""
    found: list[list[Node]] = [[]]
    for node in prelude:
        if node == ",":
            found.append([])
        elif node.type != "comment" and (found[-1] or node.type != "whitespace"):
            found[-1].append(node)
    for one in found:
        while one and one[-1].type == "whitespace":
            one.pop()
    return found


def _nested(around: Sequence[Sequence[Node]], inner: Sequence[Node]) -> list[list[Node]]:
    """Return the selectors of a rule inside of another one with some selectors."""
    each = (_joined(outer, one) for one in _split(inner) for outer in around)
    return [one for one in islice(each, _MOST_NESTED) if len(one) <= _LONGEST]


def _joined(outer: Sequence[Node], inner: Sequence[Node]) -> list[Node]:
    if all(node != "&" for node in inner):
        return [*outer, _BLANK, *inner]
    found: list[Node] = []
    for node in inner:
        if node.type == "ident" and found and found[-1].type == "ident":
            # Sass writes the rest of a name as &-rest.
            found[-1:] = [
                IdentToken(node.source_line, node.source_column, found[-1].value + node.value)
            ]
            continue
        found += outer if node == "&" else [node]
        if len(found) > _LONGEST:
            break
    return found


def _parts(selector: Sequence[Node], deepest: int = _DEEPEST) -> tuple[_Part, ...]:
    """Read a selector; return no parts if it cannot be read completely."""
    parts: list[_Part] = []
    combinator = " "
    here: list[Node] = []
    for node in (*selector, _BLANK):
        combines = node.type == "literal" and node.value in ">+~"
        if node.type != "whitespace" and not combines:
            here.append(node)
            continue
        if here:
            weight = _weight(here, deepest)
            if weight is None:
                return ()
            parts.append(_Part(combinator, tinycss2.serialize(here), weight))
            combinator, here = " ", []
        if combines:
            if combinator != " " or not parts:
                return ()
            combinator = node.value
    return tuple(parts) if combinator == " " else ()


def _weight(required: Sequence[Node], deepest: int) -> _Weight | None:
    """Return the specificity of what an element must be; None if that is not read."""
    weights: list[_Weight] = []
    sign = ""
    for node in required:
        if node.type == "literal" and node.value in ".:" and not sign:
            sign = node.value
            continue
        weight = _weight_of(sign, node, deepest)
        if weight is None:
            return None
        weights.append(weight)
        sign = ""
    return None if sign else _sum(weights)


def _weight_of(sign: str, node: Node, deepest: int) -> _Weight | None:
    match sign, node.type:
        case "", "hash":
            return 1, 0, 0
        case (".", "ident") | ("", "[] block"):
            return 0, 1, 0
        case ":", "ident" if node.lower_value in _STRUCTURAL:
            return 0, 1, 0
        case ":", "function" if node.lower_name in _STRUCTURAL:
            return 0, 1, 0
        case "", "ident":
            return 0, 0, 1
        case "", "literal" if node == "*":
            return 0, 0, 0
        case ":", "function" if node.lower_name in {"is", "not", "where"} and deepest:
            ways = [_parts(one, deepest - 1) for one in _split(node.arguments)]
            if all(len(way) == 1 for way in ways):
                heaviest = max(way[0].weight for way in ways)
                return (0, 0, 0) if node.lower_name == "where" else heaviest
    return None


def _sum(weights: Iterable[_Weight]) -> _Weight:
    ids, classes, tags = zip((0, 0, 0), *weights, strict=True)
    return sum(ids), sum(classes), sum(tags)
