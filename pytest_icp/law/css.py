"""Rules of style sheets, as far as they can hide or show an element (样式规则)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from pytest_icp.law.html_tokens import names

if TYPE_CHECKING:
    from collections.abc import Iterator

_Screens: TypeAlias = Literal["all", "some", "none"]

_READ = names(
    "display visibility opacity font-size content-visibility position left right top bottom "
    "text-indent margin-left width height max-width max-height overflow clip"
)
# Old pages hide their rules from older browsers in a comment of HTML; CSS passes over its marks.
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_EVERYWHERE = re.compile(r"@(?:media\s+(?:all|screen)|layer\b[^,;]*)\s*", re.IGNORECASE)
_ON_SOME_SCREENS = re.compile(r"@media\b(?!.*\b(?:print|speech|not)\b)", re.IGNORECASE | re.DOTALL)
_PART = re.compile(r">|[^\s>]+")
_COMPOUND = re.compile(r"([A-Za-z][\w-]*)?((?:[.#][\w-]+)*)")
_FONT = re.compile(r"(?:^|\s)((?:[0-9.]+(?:[a-z]+|%)|0|(?:xx?-)?(?:small|large)|medium))(?=[\s/])")
_LONGEST = 8
"""Of how many parts a selector is read at most."""


class Declaration(Struct, frozen=True):
    """One property of a rule or a ``style``, with its value."""

    name: str
    value: str
    important: bool


class Compound(Struct, frozen=True):
    """What a selector asks of one element: its tag, its id and its classes."""

    tag: str
    identifiers: frozenset[str]
    classes: frozenset[str]

    @property
    def key(self) -> str:
        """The part by which it is looked up."""
        if self.identifiers:
            return "#" + min(self.identifiers)
        return "." + min(self.classes) if self.classes else self.tag

    def meant_for(self, tag: str, identifier: str, classes: frozenset[str]) -> bool:
        """Say whether an element is selected."""
        own = self.tag in {"", tag}
        return own and self.identifiers <= {identifier} and self.classes <= classes


class Rule(Struct, frozen=True):
    """What one selector of a style sheet says of the elements that it selects.

    ``parts`` are asked of elements from the outermost to the selected one; ``direct`` tells of
    each part whether its element is a child of the one before, not only somewhere below it.
    ``screens`` are those on which the rule holds.
    """

    parts: tuple[Compound, ...]
    direct: tuple[bool, ...]
    order: int
    screens: Literal["all", "some"]
    declarations: tuple[Declaration, ...]

    @property
    def weight(self) -> tuple[int, int, int, int]:
        """How strong the rule is against others: by ids, classes, tags, then place."""
        return (
            sum(len(part.identifiers) for part in self.parts),
            sum(len(part.classes) for part in self.parts),
            sum(bool(part.tag) for part in self.parts),
            self.order,
        )


def rules(css: str) -> Iterator[Rule]:
    """Yield the rules of a style sheet whose selectors can be read.

    A selector is made of tags, classes and ids, one below another (``.a p``) or right below it
    (``.a > p``). What holds for print or speech alone is left out.
    """
    for order, (selectors, body, screens) in enumerate(_blocks(_COMMENT.sub(" ", css))):
        declared = tuple(_declarations(body))
        for selector in selectors.split(",") if declared else ():
            parts, direct = _parts(selector)
            if parts:
                yield Rule(parts, direct, order, screens, declared)


def declarations(style: str) -> Iterator[Declaration]:
    """Yield the declarations of a ``style`` attribute that can hide or show."""
    return _declarations(_COMMENT.sub(" ", style))


def _declarations(body: str) -> Iterator[Declaration]:
    for declaration in body.split(";"):
        name, colon, value = declaration.partition(":")
        bare, mark, _ = value.strip().lower().partition("!")
        name, bare = name.strip().lower(), bare.strip()
        if name == "font":
            size = _FONT.search(bare)
            name, bare = "font-size", size[1] if size else bare
        if colon and name in _READ:
            yield Declaration(name, bare, bool(mark))


def _parts(selector: str) -> tuple[tuple[Compound, ...], tuple[bool, ...]]:
    """Read a selector; no part where it asks for anything else than tags, classes and ids."""
    parts: list[Compound] = []
    direct: list[bool] = []
    child = False
    for found in _PART.finditer(selector):
        compound = _COMPOUND.fullmatch(found.group())
        if found.group() == ">" and parts and not child:
            child = True
        elif compound and len(parts) < _LONGEST:
            parts.append(_compound(compound))
            direct.append(child)
            child = False
        else:
            return (), ()
    return ((), ()) if child else (tuple(parts), tuple(direct))


def _compound(written: re.Match[str]) -> Compound:
    marked = re.findall(r"[.#][\w-]+", written[2])
    return Compound(
        tag=(written[1] or "").lower(),
        identifiers=frozenset(part[1:] for part in marked if part[0] == "#"),
        classes=frozenset(part[1:] for part in marked if part[0] == "."),
    )


def _blocks(css: str) -> Iterator[tuple[str, str, Literal["all", "some"]]]:
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
