"""Which elements of a page its own styles hide (样式隐藏): inline styles and simple rules.

Read are rules of ``<style>`` elements whose selectors are a tag, classes and an id, without
combinators; style sheets in files and scripts are not. A rule that holds on some screens only
can show an element, and hides none: there are screens on which it is seen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Literal, TypeAlias

from pytest_icp.core.html_tokens import names
from pytest_icp.core.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Declarations: TypeAlias = "Mapping[str, str]"
_Screens: TypeAlias = Literal["all", "some", "none"]

_READ = names(
    "display visibility opacity font-size content-visibility position left right top bottom "
    "text-indent margin-left width height max-width max-height overflow clip"
)
_SHOWING = names("display visibility opacity font-size content-visibility")
_FAR = -999.0
# Old pages hide their rules from older browsers in a comment of HTML; CSS passes over its marks.
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_EVERYWHERE = re.compile(r"@(?:media\s+(?:all|screen)|layer\b[^,;]*)\s*", re.IGNORECASE)
_ON_SOME_SCREENS = re.compile(r"@media\b(?!.*\b(?:print|speech|not)\b)", re.IGNORECASE | re.DOTALL)
_SELECTOR = re.compile(r"([A-Za-z][\w-]*)?((?:[.#][\w-]+)*)")
_NUMBER = re.compile(r"(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*([a-z%]*)")
_FONT = re.compile(r"(?:^|\s)((?:[0-9.]+(?:[a-z]+|%)|0|(?:xx?-)?(?:small|large)|medium))(?=[\s/])")
_SIZES = names("xx-small x-small small medium large x-large xx-large xxx-large")


@frozen
class _Declaration:
    """One property of a rule or a ``style``, with its value."""

    name: str
    value: str
    important: bool


@frozen
class _Rule:
    """What one selector of a style sheet says of the elements that it selects."""

    tag: str
    identifiers: frozenset[str]
    classes: frozenset[str]
    order: int
    declarations: tuple[_Declaration, ...]

    @property
    def weight(self) -> tuple[int, int, int, int]:
        """How strong the rule is against others: by ids, classes, tag, then place."""
        return len(self.identifiers), len(self.classes), bool(self.tag), self.order

    @property
    def key(self) -> str:
        """The part of the selector by which the rule is looked up."""
        if self.identifiers:
            return "#" + min(self.identifiers)
        return "." + min(self.classes) if self.classes else self.tag

    def meant_for(self, tag: str, identifier: str, classes: frozenset[str]) -> bool:
        """Say whether an element is selected."""
        own = self.tag in {"", tag}
        return own and self.identifiers <= {identifier} and self.classes <= classes


class Sheet:
    """The rules of a page that can hide an element, found by tag, class or id."""

    def __init__(self, css: str = "") -> None:
        self._by_key: dict[str, list[_Rule]] = defaultdict(list)
        self._seen: dict[tuple[str, str, frozenset[str]], list[_Declaration]] = {}
        for rule in _rules(css):
            self._by_key[rule.key].append(rule)

    def declarations(self, tag: str, attributes: Mapping[str, str]) -> Declarations:
        """Return what holds for an element: of each property the strongest declaration."""
        classes = frozenset(attributes.get("class", "").split())
        ordered = [*self._from_rules(tag, attributes.get("id", ""), classes)]
        ordered += _declarations(attributes.get("style", ""))
        # The sort is stable: what is important comes last and wins, else what came last.
        ordered.sort(key=lambda declaration: declaration.important)
        return {declaration.name: declaration.value for declaration in ordered}

    def _from_rules(
        self, tag: str, identifier: str, classes: frozenset[str]
    ) -> Sequence[_Declaration]:
        """Return the declarations of all rules for an element, the strongest rule last."""
        element = tag, identifier, classes
        if element not in self._seen:
            keys = (tag, f"#{identifier}", *(f".{name}" for name in classes))
            rules = [rule for key in keys for rule in self._by_key.get(key, ())]
            meant = [rule for rule in rules if rule.meant_for(*element)]
            meant.sort(key=lambda rule: rule.weight)
            self._seen[element] = [d for rule in meant for d in rule.declarations]
        return self._seen[element]


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


def _rules(css: str) -> Iterator[_Rule]:
    for order, (selectors, body, screens) in enumerate(_blocks(_COMMENT.sub(" ", css))):
        declarations = tuple(d for d in _declarations(body) if screens == "all" or not _hides(d))
        for selector in selectors.split(",") if declarations else ():
            simple = _SELECTOR.fullmatch(selector.strip())
            if simple and simple.group():
                parts = re.findall(r"[.#][\w-]+", simple[2])
                yield _Rule(
                    tag=(simple[1] or "").lower(),
                    identifiers=frozenset(part[1:] for part in parts if part[0] == "#"),
                    classes=frozenset(part[1:] for part in parts if part[0] == "."),
                    order=order,
                    declarations=declarations,
                )


def _hides(one: _Declaration) -> bool:
    """Say whether a declaration can hide an element, by itself or beside others."""
    declared = {one.name: one.value}
    alone = removes(declared) or conceals(declared) or shrinks(declared)
    return bool(alone) or one.name not in _SHOWING


def _blocks(css: str) -> Iterator[tuple[str, str, _Screens]]:
    """Yield the selectors and the body of each rule, and on which screens it holds."""
    start, prelude = 0, ""
    holding: list[_Screens] = ["all"]
    for brace in _BRACE.finditer(css):
        between, start = css[start : brace.start()], brace.end()
        if brace.group() == "{":
            prelude = between.rpartition(";")[2].strip()
            holding.append(_holds(prelude, holding[-1]))
        else:
            screens = holding.pop() if len(holding) > 1 else "none"
            if prelude and screens != "none" and not prelude.startswith("@"):
                yield prelude, between, screens
            prelude = ""


def _holds(prelude: str, around: _Screens) -> _Screens:
    """Say on which screens holds what stands in a block."""
    if not prelude.startswith("@") or _EVERYWHERE.fullmatch(prelude):
        return around
    return "some" if around != "none" and _ON_SOME_SCREENS.match(prelude) else "none"


def _declarations(body: str) -> Iterator[_Declaration]:
    for declaration in _COMMENT.sub(" ", body).split(";"):
        name, colon, value = declaration.partition(":")
        bare, mark, _ = value.strip().lower().partition("!")
        name, bare = name.strip().lower(), bare.strip()
        if name == "font":
            size = _FONT.search(bare)
            name, bare = "font-size", size[1] if size else bare
        if colon and name in _READ:
            yield _Declaration(name, bare, bool(mark))
