"""Conditions in words, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pytest_icp.law.condition import AllOf, AnyOf, Fields, Leaf, Node, Not, Some
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain

_WORDS: Mapping[str, Text] = {
    "const": Text(zh="{value}", en="{value}"),
    "enum": Text(zh="{value} 之一", en="one of {value}"),
    "minimum": Text(zh="不少于 {value}", en="at least {value}"),
    "maximum": Text(zh="不多于 {value}", en="at most {value}"),
    "exclusiveMinimum": Text(zh="多于 {value}", en="more than {value}"),
    "exclusiveMaximum": Text(zh="少于 {value}", en="less than {value}"),
    "minLength": Text(zh="至少 {value} 个字符", en="at least {value:character}"),
    "maxLength": Text(zh="至多 {value} 个字符", en="at most {value:character}"),
    "pattern": Text(zh="形如 {value}", en="matching {value}"),
    "type": Text(zh="{value} 类型", en="of type {value}"),
}


def show(value: Json) -> str:
    """Write a value as a description would: ``true``, ``never``, ``[a, b]``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {show(part)}" for key, part in value.items()) + "}"
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return "[" + ", ".join(show(part) for part in value) + "]"
    return str(value)


def describe(node: Node) -> Text:
    """Return what a condition requires, in words."""
    match node:
        case Leaf():
            return _leaf(node)
        case Fields():
            return _join(", ", "，", (_field(name, test) for name, test in node.tests))
        case AllOf():
            return _join(" and ", "，且 ", map(describe, node.tests))
        case AnyOf():
            return _join(" or ", "，或 ", map(describe, node.tests))
        case Not():
            return _around(lambda t: t, "not ", "不是 ", node.test)
        case Some():
            return _around(_bracket, "at least one ", "至少一项 ", node.test)
    return _around(_bracket, "each ", "每一项 ", node.test)


def _leaf(node: Leaf) -> Text:
    # The type is worth a word only when nothing else is required.
    words = {k: v for k, v in node.schema.items() if k != "type"} or node.schema
    parts = (_WORDS[key].format(value=_shown(key, value)) for key, value in words.items())
    return _join(" and ", " 且 ", parts)


def _shown(key: str, value: Json) -> Text | str | int:
    if key.endswith("Length") and isinstance(value, int):
        return value
    if key == "enum" and not isinstance(value, str) and isinstance(value, Iterable):
        shown = [show(part) for part in value]
        return Text(zh="、".join(shown), en=", ".join(shown))
    return show(value)


def _field(name: str, test: Node) -> Text:
    words = describe(test)
    return Text(zh=f"{name}: {words.zh}", en=f"{name}: {words.en}")


def _around(wrap: Callable[[str], str], en: str, zh: str, test: Node) -> Text:
    words = describe(test)
    return Text(zh=zh + wrap(words.zh), en=en + wrap(words.en))


def _bracket(words: str) -> str:
    return f"({words})" if ":" in words else words


def _join(en: str, zh: str, parts: Iterable[Text]) -> Text:
    texts = list(parts)
    if not texts:
        return plain("{}")
    return Text(zh=zh.join(t.zh for t in texts), en=en.join(t.en for t in texts))
