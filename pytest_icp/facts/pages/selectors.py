"""Selectors of style sheets: what they require of an element and of those around it (选择器).

Read are names of tags, classes, ids, attributes, combinators, ``:root``, ``:not`` of one of them,
``:is``, ``:where`` and nesting. One with anything else is not read: its rule applies to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from tinycss2.ast import WhitespaceToken

if TYPE_CHECKING:
    from tinycss2.ast import Node

_EITHER = frozenset({"is", "where", "matches", "-webkit-any", "-moz-any"})
_LONGEST = 200
"""How many tokens a selector may have that is put together of others."""
_MOST = 1000
_MOST_WAYS = 100
_BLANK = WhitespaceToken(0, 0, " ")
_TESTS = ("^=", "$=", "*=", "~=", "|=")
TEST = "\0"
"""What begins a requirement of a part of an attribute's value."""


class Part(Struct, frozen=True):
    """What a selector requires of one element, and its relation to the one before.

    ``simple`` are names of tags, ``.class``, ``#id``, ``[attribute]``, ``[attribute=value]``, and
    those that begin with `TEST`; ``barred`` are what it must not be; ``light`` count for nothing.
    """

    combinator: str
    simple: frozenset[str]
    barred: frozenset[str] = frozenset()
    light: frozenset[str] = frozenset()


def split(prelude: Sequence[Node]) -> list[list[Node]]:
    """Split a list of selectors at its commas, without comments and the blanks around them."""
    found: list[list[Node]] = [[]]
    for node in prelude:
        if node == ",":
            found.append([])
        elif node.type != "comment":
            found[-1].append(node)
    return [_stripped(one) for one in found]


def nested(around: Sequence[Sequence[Node]], inner: Sequence[Node]) -> list[list[Node]]:
    """Return the selectors of a rule inside of another one with some selectors."""
    each = (_joined(outer, one) for one in split(inner) for outer in around)
    return [one for one in islice(each, _MOST) if len(one) <= _LONGEST]


def read_selector(selector: Sequence[Node]) -> Iterator[tuple[Part, ...]]:
    """Yield the parts of a selector, once for each alternative in it; none if it is not read."""
    waiting: list[tuple[Sequence[Node], frozenset[int]]] = [(selector, frozenset())]
    for _ in range(_MOST_WAYS):
        if not waiting:
            return
        nodes, light = waiting.pop()
        at = next((i for i, node in enumerate(nodes) if _is_either(node)), None)
        if at is None:
            parts = _parts(nodes, light)
            if parts:
                yield parts
        elif at and nodes[at - 1] == ":" and len(nodes) <= _LONGEST:
            for way in reversed(split(nodes[at].arguments)):
                if way and not any(node.type == "whitespace" or _combines(node) for node in way):
                    more = map(id, way) if nodes[at].lower_name == "where" else ()
                    waiting.append(([*nodes[: at - 1], *way, *nodes[at + 1 :]], light.union(more)))


def weight_of(parts: Sequence[Part]) -> tuple[int, int, int]:
    """Return the specificity of a selector: ids, classes, tags."""
    heavy = (one for part in parts for one in (*(part.simple - part.light), *part.barred))
    first = [one[0] for one in heavy]
    ids = first.count("#")
    classes = first.count(".") + first.count("[") + first.count(TEST)
    return ids, classes, len(first) - ids - classes - first.count("*")


Tests: TypeAlias = Mapping[str, Sequence[tuple[str, str, str]]]
"""The requirements of parts of values by the name of the attribute: each with how, and of what."""


def tests_in(named: Iterable[str]) -> Tests:
    """Return those of some requirements that are of parts of values."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for test in sorted(one for one in named if one.startswith(TEST)):
        name, how, wanted = test[1:].split(TEST)
        found.setdefault(name, []).append((how, wanted, test))
    return found


def passed(tests: Tests, attributes: Mapping[str, str | None]) -> Iterator[str]:
    """Yield the requirements of parts of values that the attributes of an element meet."""
    for name in tests.keys() & attributes.keys():
        value = attributes[name] or ""
        for how, wanted, test in tests[name]:
            if wanted and (
                (how == "^=" and value.startswith(wanted))
                or (how == "$=" and value.endswith(wanted))
                or (how == "*=" and wanted in value)
                or (how == "~=" and wanted in value.split())
                or (how == "|=" and (value == wanted or value.startswith(f"{wanted}-")))
            ):
                yield test


def _stripped(nodes: list[Node]) -> list[Node]:
    start, end = 0, len(nodes)
    while start < end and nodes[start].type == "whitespace":
        start += 1
    while end > start and nodes[end - 1].type == "whitespace":
        end -= 1
    return nodes[start:end]


def _joined(outer: Sequence[Node], inner: Sequence[Node]) -> list[Node]:
    if any(node == "&" for node in inner):
        found: list[Node] = []
        for node in inner:
            found += outer if node == "&" else [node]
            if len(found) > _LONGEST:
                break
        return found
    return [*outer, *([] if inner and _combines(inner[0]) else [_BLANK]), *inner]


def _is_either(node: Node) -> bool:
    return node.type == "function" and node.lower_name in _EITHER


def _combines(node: Node) -> bool:
    return node.type == "literal" and node.value in ">+~"


def _parts(selector: Sequence[Node], light: frozenset[int]) -> tuple[Part, ...]:
    """Read a selector; return no parts if it cannot be read completely."""
    parts: list[Part] = []
    combinator, sign, joined = " ", "", False
    for node in selector:
        simple, barred = _simple(node, sign), _barred(node) if sign == ":" else ()
        if simple or barred:
            known = parts.pop() if joined else Part(combinator, frozenset())
            new = {simple} if simple else {"*"}
            parts.append(
                Part(
                    known.combinator,
                    known.simple | new,
                    known.barred.union(barred),
                    known.light | (new if id(node) in light else frozenset()),
                )
            )
            combinator, sign, joined = " ", "", True
        elif node.type == "literal" and node.value in {".", ":"} and not sign:
            sign = node.value
        elif node.type == "whitespace" and not sign:
            joined = False
        elif _combines(node) and not sign and parts and combinator == " ":
            combinator, joined = node.value, False
        else:
            return ()
    return tuple(parts) if combinator == " " and not sign else ()


def _simple(node: Node, sign: str) -> str:
    """Return one simple selector; empty if the node is not one."""
    if sign == ":":
        return "html" if node.type == "ident" and node.lower_value == "root" else ""
    if node.type == "ident":
        return f".{node.value}" if sign else str(node.lower_value)
    if node.type == "hash":
        return f"#{node.value}"
    if node == "*":
        return "*"
    if node.type == "[] block":
        match [part for part in node.content if part.type != "whitespace"]:
            case [name] if name.type == "ident":
                return f"[{name.lower_value}]"
            case [name, how, value] if value.type in {"ident", "string"}:
                if how == "=":
                    return f"[{name.lower_value}={value.value}]"
                if how.type == "literal" and how.value in _TESTS:
                    return f"{TEST}{name.lower_value}{TEST}{how.value}{TEST}{value.value}"
    return ""


def _barred(node: Node) -> tuple[str, ...]:
    """Return what ``:not`` excludes, if that are simple selectors."""
    if node.type != "function" or node.lower_name != "not":
        return ()
    found: list[str] = []
    for one in split(node.arguments):
        sign = "." if len(one) > 1 and one[0] == "." else ""
        simple = _simple(one[-1], sign) if len(one) == 1 + len(sign) else ""
        if not simple:
            return ()
        found.append(simple)
    return tuple(found)
