"""The style sheets of a page, and their declarations for each of its elements (样式表).

Those in files are put into the page before (`sheets`); scripts are not read. A rule for some
screens only can show an element, but hides none: on other screens it is visible.

Of selectors are read names of tags, classes, ids, attributes, combinators, ``:root``, ``:not``,
``:is``, ``:where`` and nesting. A rule with anything else applies to nothing. The parser of the
page finds the elements of what stands between two combinators; these are followed here, as the
parser tries every way through the elements around one.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias

import tinycss2
from msgspec import Struct
from selectolax.lexbor import SelectolaxError
from tinycss2.ast import IdentToken, WhitespaceToken

from pytest_icp.facts.pages.declarations import (
    READ,
    Declared,
    Value,
    declarations,
    without_hiding,
    without_long_numbers,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from selectolax.lexbor import LexborHTMLParser
    from tinycss2.ast import Node

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
_BLANK = WhitespaceToken(0, 0, " ")
_STRUCTURAL = frozenset(
    "root empty first-child last-child only-child first-of-type last-of-type only-of-type "
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
        return {**self._usual.of(met), **usual, **self._important.of(met), **important}


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
    if words & {"print", "speech", "not"}:
        return "none"
    everywhere = words <= {"all", "screen", "only"} and len(words) == len(written)
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
