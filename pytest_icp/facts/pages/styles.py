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
    READ,
    Declared,
    Value,
    declarations,
    without_hiding,
    without_long_numbers,
)
from pytest_icp.facts.pages.selectors import (
    TEST,
    Part,
    nested,
    passed,
    read_selector,
    split,
    tests_in,
    weight_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tinycss2.ast import Node

_Required: TypeAlias = tuple[frozenset[str], frozenset[str]]
"""What an element must have, and what it must not have."""
_Screens: TypeAlias = Literal["all", "some", "none"]

_MOST_PARTS = 1000
"""How many parts of selectors are read, so that no page takes too long."""
_MOST_TESTS = 50
"""How many parts of values of attributes each element is compared with."""
_DEEPEST = 8
"""How deep at-rules may be nested."""
_CACHED = 4096
"""For how many kinds of elements the result is cached: pages repeat themselves."""


class _Rule(Struct, frozen=True):
    """The declarations of one selector."""

    parts: tuple[Part, ...]
    usual: Declared
    important: Declared


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
        self._requiring: dict[_Required, int] = defaultdict(int)
        self._by_combinator: dict[str, int] = defaultdict(int)
        self._firsts = 0
        self._usual, self._important = _Values(), _Values()
        bit = 1
        for rule in sorted(_first_rules(styles), key=lambda rule: weight_of(rule.parts)):
            self._firsts |= bit
            for part in rule.parts:
                self._requiring[part.simple, part.barred] |= bit
                self._by_combinator[part.combinator] |= bit
                last, bit = bit, bit << 1
            self._usual.add(last, rule.usual)
            self._important.add(last, rule.important)
        self._by_simple = _by_rarest(self._requiring)
        named = {one for key in self._requiring for some in key for one in some}
        self._tests = tests_in(named)
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
        if self._tests:
            simple.update(passed(self._tests, attributes))
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
            for bits, (required, barred) in self._by_simple.get(name, ()):
                if required <= simple and barred.isdisjoint(simple):
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
    requiring: Mapping[_Required, int],
) -> Mapping[str, Sequence[tuple[int, _Required]]]:
    """Return the bits of what is required, by the name in it that the fewest require."""
    common = Counter(name for required, _ in requiring for name in required)
    found: dict[str, list[tuple[int, _Required]]] = defaultdict(list)
    for key, bits in requiring.items():
        rarest = min(key[0], key=lambda name: (common[name], name))
        found[rarest].append((bits, key))
    return found


def _first_rules(styles: Iterable[tuple[str, str]]) -> Iterator[_Rule]:
    """Yield the rules, up to the limit of parts."""
    count = 0
    tests: set[str] = set()
    for media, css in styles:
        words = tinycss2.parse_component_value_list(without_long_numbers(media))
        sheet = tinycss2.parse_stylesheet(without_long_numbers(css))
        for block in _blocks(sheet, _screens("media", words, "all")):
            for rule in _rules(block):
                count += len(rule.parts)
                if count > _MOST_PARTS:
                    return
                tests |= {one for part in rule.parts for one in (*part.simple, *part.barred)}
                tests = {one for one in tests if one.startswith(TEST)}
                if len(tests) <= _MOST_TESTS:
                    yield rule


class _Block(Struct, frozen=True):
    """Declarations, with the selectors and the screens that they apply to."""

    selectors: Sequence[Sequence[Node]]
    content: Sequence[Node]
    screens: _Screens


def _blocks(nodes: Iterable[Node], screens: _Screens, deepest: int = _DEEPEST) -> Iterator[_Block]:
    """Yield each rule and the screens that it applies to."""
    for node in nodes if screens != "none" else ():
        if node.type == "qualified-rule":
            yield from _inside(_Block(split(node.prelude), node.content, screens), deepest)
        elif node.type == "at-rule" and node.content is not None and deepest:
            inner = _screens(node.lower_at_keyword, node.prelude, screens)
            yield from _blocks(tinycss2.parse_rule_list(node.content), inner, deepest - 1)


def _inside(block: _Block, deepest: int) -> Iterator[_Block]:
    """Yield a block and those that are nested in it."""
    yield block
    if not deepest or all(node.type != "{} block" for node in block.content):
        return
    for node in tinycss2.parse_blocks_contents(block.content):
        if node.type == "qualified-rule":
            selectors = nested(block.selectors, node.prelude)
            yield from _inside(_Block(selectors, node.content, block.screens), deepest - 1)
        elif node.type == "at-rule" and node.content is not None:
            screens = _screens(node.lower_at_keyword, node.prelude, block.screens)
            if screens != "none":
                yield from _inside(_Block(block.selectors, node.content, screens), deepest - 1)


def _screens(keyword: str, prelude: Iterable[Node], around: _Screens) -> _Screens:
    """Return the screens that the content of an at-rule applies to."""
    written = [token for token in prelude if token.type not in {"whitespace", "comment"}]
    if keyword != "media":
        return around if keyword == "layer" or _is_common(keyword, written) else "none"
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
        for parts in read_selector(selector):
            yield _Rule(parts, usual, important)
