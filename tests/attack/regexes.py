"""The regular expressions of the project, how they are used, and texts that are hard for them."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]  # the parsed form has no other name
from re import _parser as parser  # type: ignore[attr-defined]  # the same
from typing import Any

import yaml
from jsonschema_rs import Draft202012Validator

import pytest_icp
from tests.helpers import ROOT

Pattern = re.Pattern[str] | re.Pattern[bytes]

_MANY = 20
"""A repetition that may go on longer than this is tried."""
_WHOLE = frozenset({"match", "fullmatch"})
_KNOWN = _WHOLE | {"search", "findall", "finditer", "sub", "split", "subn"}
_TRIED = " \t\n\r0aA_-.é中\"'`(){}[]<>/\\$#:;,=*x!"


class Regex:
    """A pattern, where it is written, and what runs it on a text."""

    def __init__(self, pattern: Pattern, where: str, *, anywhere: bool) -> None:
        self.pattern = pattern
        self.where = where
        whole = (pattern.match, pattern.fullmatch)
        self.runs: tuple[Callable[..., object], ...] = whole
        if anywhere:
            self.runs = (pattern.search, *whole)


def _in_a_condition(text: str, where: str) -> Regex:
    """Return a pattern of a policy: conditions are decided by the engine of jsonschema-rs."""
    regex = Regex(re.compile(text), where, anywhere=True)
    regex.runs = (Draft202012Validator({"pattern": text}).is_valid,)
    return regex


@cache
def regexes() -> tuple[Regex, ...]:
    """Return every pattern in a module, in a call of `re`, in a schema and in a policy."""
    found: dict[tuple[str | bytes, int], Regex] = {}
    anywhere = _looked_for()
    for name, pattern in _in_modules():
        one = Regex(pattern, name, anywhere=name not in anywhere or anywhere[name])
        found.setdefault((pattern.pattern, pattern.flags), one)
    schemas = (*ROOT.glob("schemas/*.json"), *ROOT.glob("pytest_icp/kinds/*.json"))
    for where, method, text in (*_in_calls(), *_in_data(schemas)):
        pattern: Pattern = re.compile(text)
        one = Regex(pattern, where, anywhere=method not in _WHOLE)
        found.setdefault((pattern.pattern, pattern.flags), one)
    policies = _in_data(ROOT.glob("policies/**/*.yaml"))
    return (*found.values(), *(_in_a_condition(text, where) for where, _, text in policies))


def _in_data(files: Iterable[Path]) -> Iterator[tuple[str, str, str]]:
    """Yield the patterns of schemas, or of the conditions of policies."""
    for path in files:
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        for text in _values_of("pattern", document):
            yield path.name, "search", text


def _values_of(key: str, value: object) -> Iterator[str]:
    inside: Iterable[object] = value if isinstance(value, list) else ()
    if isinstance(value, dict):
        if isinstance(value.get(key), str):
            yield value[key]
        inside = value.values()
    for one in inside:
        yield from _values_of(key, one)


def _in_modules() -> Iterator[tuple[str, Pattern]]:
    for module in pkgutil.walk_packages(pytest_icp.__path__, "pytest_icp."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                for pattern in _patterns(value, 3):
                    yield f"{module.name}.{name}", pattern


def _patterns(value: object, depth: int) -> Iterator[Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    owner = getattr(value, "__self__", None)
    if isinstance(owner, re.Pattern):
        yield owner
    inside: Iterable[object] = ()
    if isinstance(value, tuple | list | set | frozenset):
        inside = value
    elif isinstance(value, Mapping):
        inside = value.values()
    if depth:
        for one in inside:
            yield from _patterns(one, depth - 1)


@cache
def _nodes() -> Mapping[str, list[ast.AST]]:
    """Return the nodes of each module."""
    paths = sorted((ROOT / "pytest_icp").rglob("*.py"))
    trees = {str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8")) for path in paths}
    return {path: [*ast.walk(tree)] for path, tree in trees.items()}


def _looked_for() -> Mapping[str, bool]:
    """Return whether the patterns of a module are looked for anywhere, not only at the start.

    One whose methods are not called in its own module is not in it.
    """
    methods: dict[str, set[str]] = defaultdict(set)
    for path, nodes in _nodes().items():
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                methods[f"{module}.{node.value.id}"].add(node.attr)
    return {name: not used <= _WHOLE for name, used in methods.items() if used & _KNOWN}


def _in_calls() -> Iterator[tuple[str, str, str | bytes]]:
    """Yield the literal patterns of `re.search(…)` and the like."""
    for path, nodes in _nodes().items():
        for node in nodes:
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="re"), attr=method),
                    args=[ast.Constant(value=text), *_],
                ) if method != "compile":
                    yield f"{path}:{node.lineno}", method, text


def hard_texts(pattern: Pattern) -> Iterator[tuple[str, str, str]]:
    """Yield texts that are hard for a pattern: a start, what is repeated, and an end.

    They follow from its parts: each repetition goes on and on, and then the rest fails; or all
    before it comes again and again, so that a search begins anew at each.
    """
    text = pattern.pattern
    text = text.decode("latin-1") if isinstance(text, bytes) else text
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    tree = parser.parse(text, flags)
    seen: set[tuple[str, str]] = set()
    for before, body in _repetitions(list(tree), ""):
        for pump in body:
            for start, repeated in ((before, pump), ("", before + pump)):
                if repeated and (start, repeated) not in seen:
                    seen.add((start, repeated))
                    yield start, repeated, "\n\0"
    whole = _sample(list(tree))
    if whole[:-1]:
        yield "", whole[:-1], "\0"


def _repetitions(nodes: list[Any], before: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what comes before each repetition, and what its body may be."""
    for at, (kind, given) in enumerate(nodes):
        here = before + _sample(nodes[:at])
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            _, most, body = given
            if most > _MANY:
                yield here, _bodies(list(body))
            yield from _repetitions(list(body), here)
        for inner in _inside(kind, given):
            yield from _repetitions(inner, here)


def _inside(kind: Any, given: Any) -> Iterator[list[Any]]:
    if kind is op.SUBPATTERN:
        yield list(given[-1])
    elif kind is op.BRANCH:
        yield from map(list, given[1])
    elif kind is op.ATOMIC_GROUP:
        yield list(given)
    elif kind in {op.ASSERT, op.ASSERT_NOT}:
        yield list(given[1])
    elif kind is op.GROUPREF_EXISTS:
        yield from (list(branch) for branch in given[1:] if branch)


def _bodies(body: list[Any]) -> list[str]:
    """Return what a repeated body may be: several characters of a set, each of the branches."""
    if len(body) == 1:
        kind, given = body[0]
        if kind in {op.IN, op.ANY, op.NOT_LITERAL}:
            return _characters(kind, given)[:4]
        branches = [text for inner in _inside(kind, given) for text in _bodies(inner)]
        if branches:
            return branches
    return [_sample(body)]


def _sample(nodes: list[Any]) -> str:
    """Return a text that the nodes match, as short as possible, assertions left aside."""
    return "".join(_one(kind, given) for kind, given in nodes)


def _one(kind: Any, given: Any) -> str:
    if kind is op.LITERAL:
        return chr(given)
    if kind in {op.IN, op.ANY, op.NOT_LITERAL}:
        return _characters(kind, given)[0]
    if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        return _sample(list(given[2])) * given[0]
    if kind in {op.ASSERT, op.ASSERT_NOT, op.AT, op.GROUPREF}:
        return ""
    return next((_sample(inner) for inner in _inside(kind, given)), "")


def _characters(kind: Any, given: Any) -> list[str]:
    """Return characters that a set matches."""
    if kind is op.ANY:
        return ["a", " ", "0"]
    inner = [(op.NEGATE, None), (op.LITERAL, given)] if kind is op.NOT_LITERAL else given
    allowed = [sign for sign in _TRIED if _allows(inner, sign)]
    first = next((chr(one[0]) for what, one in inner if what is op.RANGE), "")
    first = first or next((chr(one) for what, one in inner if what is op.LITERAL), "")
    return allowed or [first]


_CATEGORIES = {
    op.CATEGORY_DIGIT: str.isdigit,
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_WORD: lambda sign: sign.isalnum() or sign == "_",
    op.CATEGORY_NOT_DIGIT: lambda sign: not sign.isdigit(),
    op.CATEGORY_NOT_SPACE: lambda sign: not sign.isspace(),
    op.CATEGORY_NOT_WORD: lambda sign: not (sign.isalnum() or sign == "_"),
}


def _allows(inner: list[Any], sign: str) -> bool:
    negated = bool(inner) and inner[0][0] is op.NEGATE
    for kind, given in inner:
        if (
            (kind is op.LITERAL and chr(given) == sign)
            or (kind is op.RANGE and given[0] <= ord(sign) <= given[1])
            or (kind is op.CATEGORY and _CATEGORIES[given](sign))
        ):
            return not negated
    return negated
