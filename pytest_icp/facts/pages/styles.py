"""The style sheets of a page, and their declarations for each of its elements (样式表).

Those in files are put into the page before (`sheets`); scripts are not read. A rule for some
screens only can show an element, but hides none: on other screens it is visible.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import tinycss2
from msgspec import Struct

from pytest_icp.facts.pages.declarations import (
    Declared,
    Value,
    declarations,
    without_hiding,
    without_long_numbers,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tinycss2.ast import Node

_Screens: TypeAlias = Literal["all", "some", "none"]

_MOST_PARTS = 1000
"""How many parts of selectors are read, so that no page takes too long."""
_DEEPEST = 8
"""How deep at-rules may be nested."""
_CACHED = 4096
"""For how many kinds of elements the result is cached: pages repeat themselves."""


class _Part(Struct, frozen=True):
    """What a selector requires of one element, and its relation to the one before.

    ``simple`` are names of tags, ``.class``, ``#id``, ``[attribute]``, ``[attribute=value]``.
    """

    combinator: str
    simple: frozenset[str]


class _Rule(Struct, frozen=True):
    """The declarations of one selector."""

    parts: tuple[_Part, ...]
    usual: Declared
    important: Declared

    @property
    def weight(self) -> tuple[int, int, int]:
        """The specificity of the rule: ids, classes, tags."""
        first = [simple[0] for part in self.parts for simple in part.simple]
        ids, classes = first.count("#"), first.count(".") + first.count("[")
        return ids, classes, len(first) - ids - classes - first.count("*")


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

    def __init__(self, styles: Iterable[tuple[str, str]]) -> None:
        """Read style sheets, each with its ``media``."""
        self._requiring: dict[frozenset[str], int] = defaultdict(int)
        self._by_combinator: dict[str, int] = defaultdict(int)
        self._firsts = 0
        self._usual, self._important = _Values(), _Values()
        bit = 1
        for rule in sorted(_first_rules(styles), key=lambda rule: rule.weight):
            self._firsts |= bit
            for part in rule.parts:
                self._requiring[part.simple] |= bit
                self._by_combinator[part.combinator] |= bit
                last, bit = bit, bit << 1
            self._usual.add(last, rule.usual)
            self._important.add(last, rule.important)
        self._by_simple = _by_rarest(self._requiring)
        self._own = lru_cache(_CACHED)(self._meets)
        self.declared = lru_cache(_CACHED)(self._declares)

    def met(self, tag: str, attributes: Mapping[str, str | None], parent: Lineage) -> int:
        """Return the parts of selectors that an element matches."""
        if not self._firsts:
            return 0
        simple = {"*", tag, *(f".{name}" for name in (attributes.get("class") or "").split())}
        simple.add(f"#{attributes.get('id') or ''}")
        for name, value in attributes.items():
            simple |= {f"[{name}]", f"[{name}={value or ''}]"}
        links = self._by_combinator
        reached = (
            self._firsts
            | (parent.above << 1 & links[" "])
            | (parent.here << 1 & links[">"])
            | (parent.last << 1 & links["+"])
            | (parent.before << 1 & links["~"])
        )
        return self._own(frozenset(simple)) & reached

    def _meets(self, simple: frozenset[str]) -> int:
        met = 0
        for name in simple:
            for bits, required in self._by_simple.get(name, ()):
                if required <= simple:
                    met |= bits
        return met

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


def _by_rarest(
    requiring: Mapping[frozenset[str], int],
) -> Mapping[str, Sequence[tuple[int, frozenset[str]]]]:
    """Return the bits of what is required, by the name in it that the fewest require."""
    common = Counter(name for required in requiring for name in required)
    found: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
    for required, bits in requiring.items():
        rarest = min(required, key=lambda name: (common[name], name))
        found[rarest].append((bits, required))
    return found


def _first_rules(styles: Iterable[tuple[str, str]]) -> Iterator[_Rule]:
    """Yield the rules, up to the limit of parts."""
    count = 0
    for media, css in styles:
        words = tinycss2.parse_component_value_list(without_long_numbers(media))
        sheet = tinycss2.parse_stylesheet(without_long_numbers(css))
        for block, applies in _blocks(sheet, _screens("media", words, "all")):
            for rule in _rules(block, applies):
                count += len(rule.parts)
                if count > _MOST_PARTS:
                    return
                yield rule


def _blocks(
    nodes: Iterable[Node], screens: _Screens, deepest: int = _DEEPEST
) -> Iterator[tuple[Node, _Screens]]:
    """Yield each rule and the screens that it applies to."""
    for node in nodes if screens != "none" else ():
        if node.type == "qualified-rule":
            yield node, screens
        elif node.type == "at-rule" and node.content is not None and deepest:
            inner = _screens(node.lower_at_keyword, node.prelude, screens)
            yield from _blocks(tinycss2.parse_rule_list(node.content), inner, deepest - 1)


def _screens(keyword: str, prelude: Iterable[Node], around: _Screens) -> _Screens:
    """Return the screens that the content of an at-rule applies to."""
    if keyword != "media":
        return around if keyword == "layer" else "none"
    written = [token for token in prelude if token.type not in {"whitespace", "comment"}]
    words = {token.lower_value for token in written if token.type == "ident"}
    if words & {"print", "speech", "not"}:
        return "none"
    everywhere = words <= {"all", "screen", "only"} and len(words) == len(written)
    return around if everywhere else "some"


def _rules(block: Node, screens: _Screens) -> Iterator[_Rule]:
    """Yield a rule for each selector of a block that can be read."""
    usual, important = declarations(block.content)
    if screens == "some":
        usual, important = without_hiding(usual), without_hiding(important)
    selectors: list[list[Node]] = [[]]
    for node in block.prelude if usual or important else ():
        if node == ",":
            selectors.append([])
        elif node.type != "comment":
            selectors[-1].append(node)
    for selector in selectors:
        parts = _parts(selector)
        if parts:
            yield _Rule(parts, usual, important)


def _parts(selector: Sequence[Node]) -> tuple[_Part, ...]:
    """Read a selector; return no parts if it cannot be read completely."""
    parts: list[_Part] = []
    combinator, dot, joined = " ", "", False
    for node in selector:
        simple = _simple(node, dot)
        if simple:
            known = parts.pop() if joined else _Part(combinator, frozenset())
            parts.append(_Part(known.combinator, known.simple | {simple}))
            combinator, dot, joined = " ", "", True
        elif node == "." and not dot:
            dot = "."
        elif node.type == "whitespace" and not dot:
            joined = False
        elif node.type == "literal" and node.value in ">+~" and parts and combinator == " ":
            combinator, joined = node.value, False
        else:
            return ()
    return tuple(parts) if combinator == " " and not dot else ()


def _simple(node: Node, dot: str) -> str:
    """Return one simple selector; empty if the node is not one."""
    if node.type == "ident":
        return f".{node.value}" if dot else str(node.lower_value)
    if node.type == "hash":
        return f"#{node.value}"
    if node == "*":
        return "*"
    if node.type == "[] block":
        match [part for part in node.content if part.type != "whitespace"]:
            case [name] if name.type == "ident":
                return f"[{name.lower_value}]"
            case [name, equals, value] if equals == "=" and value.type in {"ident", "string"}:
                return f"[{name.lower_value}={value.value}]"
    return ""
