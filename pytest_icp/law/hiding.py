"""Which elements of a page its own styles hide (样式隐藏): inline styles and ``<style>``.

Style sheets in files and scripts are not read. A rule that holds on some screens only can show
an element, and hides none: there are screens on which it is seen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.law.css import Compound, Declaration, Rule, declarations, rules
from pytest_icp.law.html_tokens import names

if TYPE_CHECKING:
    from collections.abc import Mapping

Declarations: TypeAlias = "Mapping[str, str]"

_SHOWING = names("display visibility opacity font-size content-visibility")
_FAR = -999.0
_NUMBER = re.compile(r"(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*([a-z%]*)")
_SIZES = names("xx-small x-small small medium large x-large xx-large xxx-large")
_MOST = 100
"""How many rules are followed from element to element, so that no page keeps a run busy."""

_Step: TypeAlias = tuple[int, int]
"""The number of a rule, and of the part of its selector that has been met."""

_Element: TypeAlias = tuple[str, str, frozenset[str]]
"""The tag, the id and the classes of an element."""


class Lineage(Struct, frozen=True):
    """How far selectors of several parts are met: at an element, and at it or anywhere above."""

    here: frozenset[_Step]
    above: frozenset[_Step]


_Selected: TypeAlias = tuple[list[Rule], Lineage]
"""The rules that select an element, the strongest last, and its lineage."""

OUTSIDE = Lineage(frozenset(), frozenset())
"""The lineage of what stands in no element."""


class Sheet:
    """The rules of a page that can hide or show an element, found by tag, class or id."""

    def __init__(self, css: str = "") -> None:
        self._simple: dict[str, list[Rule]] = defaultdict(list)
        self._steps: dict[str, list[_Step]] = defaultdict(list)
        self._followed: list[Rule] = []
        # Pages repeat themselves: what is alike in like places is asked once.
        self._met: dict[_Element, tuple[list[Rule], list[_Step]]] = {}
        self._selected: dict[tuple[_Element, Lineage], _Selected] = {}
        for rule in map(_showing, rules(css)):
            if len(rule.parts) == 1:
                self._simple[rule.parts[0].key].append(rule)
            elif len(self._followed) < _MOST:
                for position, part in enumerate(rule.parts):
                    self._steps[part.key].append((len(self._followed), position))
                self._followed.append(rule)

    def look(
        self, tag: str, attributes: Mapping[str, str], parent: Lineage
    ) -> tuple[Declarations, Lineage]:
        """Return what holds for an element, and its lineage.

        Of each property it is the strongest declaration.
        """
        element = tag, attributes.get("id", ""), frozenset(attributes.get("class", "").split())
        if (element, parent) not in self._selected:
            self._selected[element, parent] = self._select(element, parent)
        selecting, lineage = self._selected[element, parent]
        ordered = [declaration for rule in selecting for declaration in rule.declarations]
        ordered += declarations(attributes.get("style", ""))
        # The sort is stable: what is important comes last and wins, else what came last.
        ordered.sort(key=lambda declaration: declaration.important)
        return {declaration.name: declaration.value for declaration in ordered}, lineage

    def _candidates(self, element: _Element) -> tuple[list[Rule], list[_Step]]:
        """Return the rules of one part for an element, and the steps that it meets."""
        if element not in self._met:
            tag, identifier, classes = element
            keys = (tag, f"#{identifier}", *(f".{name}" for name in classes))
            every = [rule for key in keys for rule in self._simple.get(key, ())]
            simple = [rule for rule in every if rule.parts[0].meant_for(*element)]
            steps = [step for key in keys for step in self._steps.get(key, ())]
            met = [step for step in steps if self._part(step).meant_for(*element)]
            self._met[element] = simple, met
        return self._met[element]

    def _select(self, element: _Element, parent: Lineage) -> _Selected:
        """Return the rules that select an element below its parent, and its lineage."""
        simple, steps = self._candidates(element)
        met = {step for step in steps if self._goes_on(step, parent)}
        whole = {step for step in met if step[1] == len(self._followed[step[0]].parts) - 1}
        here = frozenset(met - whole)
        above = parent.above if here <= parent.above else parent.above | here
        selecting = [*simple, *(self._followed[number] for number, _ in whole)]
        return sorted(selecting, key=lambda rule: rule.weight), Lineage(here, above)

    def _goes_on(self, step: _Step, parent: Lineage) -> bool:
        number, position = step
        direct = self._followed[number].direct[position]
        before = (number, position - 1)
        return not position or before in (parent.here if direct else parent.above)

    def _part(self, step: _Step) -> Compound:
        return self._followed[step[0]].parts[step[1]]


def removes(declared: Declarations) -> bool:
    """Say whether an element and all in it cannot be seen, whatever its parts declare."""
    return (
        declared.get("display") == "none"
        or declared.get("content-visibility") == "hidden"
        or _is_zero(declared.get("opacity", ""))
        or _is_away(declared)
        or _is_empty_box(declared)
        or re.sub(r"[\s,]|px", "", declared.get("clip", "")) == "rect(0000)"
    )


def conceals(declared: Declarations) -> bool | None:
    """Say whether ``visibility`` hides the text; None where it is not declared.

    A part of a hidden element may declare itself visible again.
    """
    value = declared.get("visibility")
    return None if value in {None, "inherit"} else value in {"hidden", "collapse"}


def shrinks(declared: Declarations) -> bool | None:
    """Say whether ``font-size`` leaves nothing of the text; None where it follows the parent."""
    size = declared.get("font-size", "")
    number = _NUMBER.fullmatch(size)
    if number is None:
        return False if size in _SIZES else None
    if float(number[1]) == 0:
        return True
    return None if number[2] in {"em", "%", "ex", "ch"} else False


def _showing(rule: Rule) -> Rule:
    """Return a rule without what hides on some screens only."""
    if rule.screens == "all":
        return rule
    kept = tuple(one for one in rule.declarations if not _hides(one))
    return replace(rule, declarations=kept)


def _hides(one: Declaration) -> bool:
    """Say whether a declaration can hide an element, by itself or beside others."""
    declared = {one.name: one.value}
    alone = removes(declared) or conceals(declared) or shrinks(declared)
    return bool(alone) or one.name not in _SHOWING


def _is_zero(value: str) -> bool:
    number = _NUMBER.fullmatch(value)
    return number is not None and float(number[1]) == 0


def _is_away(declared: Declarations) -> bool:
    """Say whether an element is pushed off the page."""
    names = ["text-indent", "margin-left"]
    if declared.get("position") in {"absolute", "fixed"}:
        names += ["left", "right", "top", "bottom"]
    numbers = [_NUMBER.fullmatch(declared.get(name, "")) for name in names]
    return any(number is not None and float(number[1]) <= _FAR for number in numbers)


def _is_empty_box(declared: Declarations) -> bool:
    sizes = ("width", "height", "max-width", "max-height")
    clipped = declared.get("overflow") in {"hidden", "clip"}
    return clipped and any(_is_zero(declared.get(size, "")) for size in sizes)
