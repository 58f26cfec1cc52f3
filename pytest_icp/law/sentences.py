"""Conditions as sentences: facts by their titles, brackets where ``and`` and ``or`` mix."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from pytest_icp.law.condition import (
    AllOf,
    AnyOf,
    Comparison,
    Every,
    Fields,
    Leaf,
    Node,
    Not,
    Some,
)
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, counted, plain, show

_AND = Text("，且", " and ")
_OR = Text("，或者", " or ")
_BRACKETS = Text("（{text}）", "({text})")
_FACT = Text("“{title}”", "“{title}” ")
_NOT_SO = Text("并非{text}", "not {text}")

_IS: Mapping[str, Text] = {
    "const": Text("为 {value}", "is {value}"),
    "enum": Text("为 {value} 之一", "is one of {value}"),
    "minimum": Text("不少于 {value}", "is at least {value}"),
    "maximum": Text("不多于 {value}", "is at most {value}"),
    "exclusiveMinimum": Text("多于 {value}", "is more than {value}"),
    "exclusiveMaximum": Text("少于 {value}", "is less than {value}"),
    "minLength": Text("至少有 {value} 个字符", "has at least {value:character}"),
    "maxLength": Text("至多有 {value} 个字符", "has at most {value:character}"),
    "type": Text("已填写", "is declared"),
}
_IS_NOT: Mapping[str, Text] = {
    "const": Text("不为 {value}", "is not {value}"),
    "enum": Text("不为 {value}", "is none of {value}"),
}
_SAID: Mapping[Json, Text] = {
    True: Text("{fact}为“是”", "{fact}is true"),
    False: Text("{fact}为“否”", "{fact}is false"),
    "none": Text("没有{fact}", "there is no {fact}"),
    "never": Text("{fact}尚未发生", "{fact}has not happened"),
}
_SAID_NOT: Mapping[Json, Text] = {
    True: Text("{fact}不为“是”", "{fact}is not true"),
    False: Text("{fact}不为“否”", "{fact}is not false"),
    "none": Text("有{fact}", "there is {fact}"),
    "never": Text("{fact}已经发生", "{fact}has happened"),
}
"""Of words that descriptions write, what they mean."""

_BEGINS = Text("以 {value} 开头", "begins with {value}")
_NOT_BEGINS = Text("不以 {value} 开头", "does not begin with {value}")
_FORM = Text("符合规定的写法", "is written as prescribed")
_ONE = re.compile(r"[^\\.*+?()\[\]{}|^$]+")
_CONTAINS: Mapping[str, Text] = {
    "const": Text("含有 {value}", "contains {value}"),
    "enum": Text("含有 {value} 之一", "contains one of {value}"),
}
_NOT_EMPTY = Text("至少有一项", "is not empty")
_TIMES = Text("{other}的 {times} 倍", "{times} times {other}")
_PLUS = Text("{other}加 {plus}", "{other} plus {plus}")
_EACH = Text("{fact}的每一项{text}", "each element of {fact}{text}")
_SOME = Text("中至少有一项：{text}", "has one where {text}")
_EVERY = Text("中每一项：{text}", "has only those where {text}")


Word: TypeAlias = Callable[[str, Json], Text | None]
"""Names a choice at a path; None where it has no name."""


def sentence(
    node: Node,
    path: str,
    title: Callable[[str], Text],
    word: Word,
    *,
    subject: str | None = None,
) -> Text:
    """Return what a condition requires of the value at a dotted path.

    ``title`` names a path and ``word`` a choice there; the value itself is named only where the
    condition tests it directly. ``subject`` is the path that comparisons start from, by default
    the same one.
    """
    return _Sentences(title, word, path if subject is None else subject).of(node, path)


class _Sentences:
    """Builds the sentence of a condition; facts are named by ``title``, choices by ``word``."""

    def __init__(self, title: Callable[[str], Text], word: Word, subject: str) -> None:
        self._title, self._word, self._subject = title, word, subject

    def of(self, node: Node, path: str) -> Text:
        match node:
            case Fields(tests=tests) if tests:
                below = [(test, f"{path}.{name}".lstrip(".")) for name, test in tests]
                text = _AND.join([self._part(test, at, AnyOf) for test, at in below])
            case AllOf(tests=tests):
                text = _AND.join([self._part(test, path, AnyOf) for test in tests])
            case AnyOf(tests=tests):
                text = _OR.join([self._part(test, path, AllOf, Fields) for test in tests])
            case Not():
                text = self._not(node.test, path)
            case Some():
                text = self._some(node.test, path)
            case Every():
                text = self._every(node.test, path)
            case Leaf():
                text = self._leaf(node, path)
            case Comparison():
                text = self._fact(path) + _IS[node.word].format(value=self._other(node))
            case _:
                text = self._fact(path) + _IS["type"]
        return text

    def _part(self, node: Node, path: str, *bracketed: type[Node]) -> Text:
        """Return a part, in brackets where it would be read together with its neighbours."""
        text = self.of(node, path)
        several = isinstance(node, bracketed) and len(getattr(node, "tests", ())) > 1
        return _BRACKETS.format(text=text) if several else text

    def _leaf(self, leaf: Leaf, path: str) -> Text:
        said = self._said(leaf, path, _SAID, "为")
        if _is_there(leaf):
            said = _SAID_NOT["none"]
        if said is not None:
            return _spaced(said.format(fact=self._fact(path)))
        return self._fact(path) + self._predicate(leaf, _IS, path)

    def _not(self, test: Node, path: str) -> Text:
        said = self._said(test, path, _SAID_NOT, "不为")
        if said is not None:
            return _spaced(said.format(fact=self._fact(path)))
        begins = _beginning(test.schema.get("pattern")) if isinstance(test, Leaf) else None
        if begins is not None:
            return self._fact(path) + _NOT_BEGINS.format(value=begins)
        if isinstance(test, Leaf) and test.schema.keys() <= _IS_NOT.keys():
            return self._fact(path) + self._predicate(test, _IS_NOT, path)
        return _NOT_SO.format(text=_BRACKETS.format(text=self.of(test, path)))

    def _some(self, test: Node, path: str) -> Text:
        if isinstance(test, Leaf) and test.schema.keys() <= _CONTAINS.keys():
            return self._fact(path) + self._predicate(test, _CONTAINS, path)
        if test == Fields(()) or _is_there(test):
            return self._fact(path) + _NOT_EMPTY
        return self._fact(path) + _SOME.format(text=self.of(test, path))

    def _every(self, test: Node, path: str) -> Text:
        if isinstance(test, Leaf) and _said(test, _SAID) is None:
            return _EACH.format(fact=self._fact(path), text=self._predicate(test, _IS, path))
        return self._fact(path) + _EVERY.format(text=self.of(test, path))

    def _said(self, node: Node, path: str, words: Mapping[Json, Text], verb: str) -> Text | None:
        """Return what a single word means that has a meaning of its own, by its name here."""
        said = _said(node, words)
        word = self._word(path, node.schema["const"]) if said and isinstance(node, Leaf) else None
        return Text(f"{{fact}}{verb}“{word.zh}”", said.en) if said and word else said

    def _other(self, node: Comparison) -> Text:
        other = _FACT.format(title=self._title(f"{self._subject}.{node.of}".lstrip(".")))
        shown = {"other": _spaced(other), "times": show(node.times), "plus": show(node.plus)}
        form = _PLUS if node.plus else _TIMES if node.times != 1 else plain("{other}")
        return form.format(**shown)

    def _predicate(self, leaf: Leaf, words: Mapping[str, Text], path: str) -> Text:
        # The type is worth a word only when nothing else is required.
        tests = {key: value for key, value in leaf.schema.items() if key != "type"} or leaf.schema
        parts = (
            _form(value) if key == "pattern" else words[key].format(value=self._value(value, path))
            for key, value in tests.items()
        )
        text = _AND.join(parts)
        return Text(text.zh.replace(" “", "“").replace("” ", "”"), text.en)

    def _value(self, value: Json, path: str) -> Text | int:
        if isinstance(value, Mapping):
            (unit,) = value
            return counted(int(str(value[unit])), unit)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, (list, tuple)):
            return Text("、", ", ").join([self._named(part, path) for part in value])
        return self._named(value, path)

    def _named(self, value: Json, path: str) -> Text:
        word = self._word(path, value)
        return Text(f"“{word.zh}”", word.en) if word else plain(show(value))

    def _fact(self, path: str) -> Text:
        return _FACT.format(title=self._title(path))


def _spaced(text: Text) -> Text:
    return Text(text.zh, text.en.strip())


def _is_there(node: Node) -> bool:
    """Whether a test only asks for a text."""
    schema = node.schema if isinstance(node, Leaf) else {}
    return schema.get("minLength") == 1 and schema.keys() <= {"minLength", "type"}


def _said(node: Node, words: Mapping[Json, Text]) -> Text | None:
    """Return what a single word means that has a meaning of its own."""
    value = node.schema.get("const") if isinstance(node, Leaf) and len(node.schema) == 1 else None
    return words.get(value) if isinstance(value, (bool, str)) else None


def _form(pattern: Json) -> Text:
    """Say what a pattern asks for; no reader has to know patterns."""
    begins = _beginning(pattern)
    return _FORM if begins is None else _BEGINS.format(value=begins)


def _beginning(pattern: Json) -> Text | None:
    """Return the words with one of which a text has to begin, where a pattern asks for no more."""
    written = pattern if isinstance(pattern, str) and pattern.startswith("^") else "^."
    inside = written[1:].removeprefix("(?:").removesuffix(")")
    options = inside.split("|") if written[1:] != inside else [inside]
    if not all(_ONE.fullmatch(option) for option in options):
        return None
    return Text(" 或者 ".join(options), " or ".join(options))
