"""Facts and conditions in words (措辞): by the titles that the schema gives them.

What the schema does not know, such as a fact of a rule of one's own, keeps its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice

from pytest_icp.facts.fields import word_of
from pytest_icp.facts.files.properties import property_at
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.subjects import Tokens
from pytest_icp.law.condition import Node
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.once import once
from pytest_icp.law.sentences import sentence
from pytest_icp.law.text import Text, plain

_SHOWN: Mapping[Json, Text] = {
    True: Text("是", "true"),
    False: Text("否", "false"),
    "never": Text("未发生", "never"),
    "none": Text("没有", "none"),
}

_LIST = Text("[{each}]", "[{each}]")
_OBJECT = Text("{{{each}}}", "{{{each}}}")
_AND = Text("、", ", ")
_BETWEEN = Text("{least} 至 {most}", "{least} to {most}")
_OR_MORE = Text("{least} 以上", "{least} or more")

_MOST = 5
"""How many of what there is a finding names."""


def first_of(names: Iterable[Text], between: Text = _AND) -> Text:
    """Join the first few names, with ``…`` where there are more."""
    first = [*islice(names, _MOST + 1)]
    if len(first) > _MOST:
        first[_MOST] = plain("…")
    return between.join(first)


def shown(value: Json, at: Tokens = ()) -> Text:
    """Show a value as a description writes it; words that it can choose in the reader's language.

    ``at`` is the place of the value, whose schema names its choices.
    """
    if value.__class__ is tuple:
        least, most = map(show, value)
        return (_OR_MORE if most == "inf" else _BETWEEN).format(least=least, most=most)
    if isinstance(value, list) and value:
        return _LIST.format(each=_AND.join([shown(each, at) for each in value]))
    if isinstance(value, Mapping) and value:
        names = {key: Text(f"{title((*at, key)).zh}: ", f"{key}: ") for key in value}
        parts = [names[key] + shown(part, (*at, key)) for key, part in value.items()]
        return _OBJECT.format(each=_AND.join(parts))
    known = _SHOWN.get(value) if isinstance(value, (bool, str)) else None
    return word_of(".".join(_names(at)), value) or known or plain(show(value))


def title(at: Tokens) -> Text:
    """Return the title of a fact; of an element of a list, that of the list."""
    return _titles(_names(at), 1)


def titles(base: Tokens, path: Tokens) -> Text:
    """Return the titles down to a fact from the object that it is in: ``注册人 › 类别``."""
    return _titles((*_names(base), *_names(path)), len(_names(path)))


def condition(node: Node, at: Tokens, subject: Tokens | None = None) -> Text:
    """Return what a condition requires of the value at a place, in or at a subject."""
    base, whole = _names(at), _names(at if subject is None else subject)

    def named(path: str) -> Text:
        names = tuple(path.split("."))
        return _titles(names, max(len(names) - len(base), 1))

    known, key = _sentences(node), (base, whole)
    if key not in known:
        known[key] = sentence(node, ".".join(base), named, word_of, subject=".".join(whole))
    return known[key]


@once
def _sentences(node: Node) -> dict[tuple[tuple[str, ...], ...], Text]:  # noqa: ARG001
    """Return the sentences of a condition by places: they are the same for a whole list."""
    return {}


def _names(at: Iterable[str | int]) -> tuple[str, ...]:
    return tuple(str(step) for step in at if isinstance(step, str))


@cache
def _titles(names: tuple[str, ...], last: int) -> Text:
    """Return the titles of the last names of a path."""
    ends = range(len(names) - last + 1, len(names) + 1)
    return plain(" › ").join(_title(names[:end]) for end in ends)


def _title(names: tuple[str, ...]) -> Text:
    known = property_at(SCHEMA, ".".join(names))
    return known.title if known else plain(names[-1] if names else "")
