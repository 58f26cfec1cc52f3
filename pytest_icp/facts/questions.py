"""The facts that obligations read, as questions: what the schema says of each, as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, cast

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.files.properties import Members, Property, members, property_at
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain

REGISTER = "attestations"
"""The list of documents in which each entry answers to one rule."""


class RuleFacts(Struct, frozen=True, kw_only=True):
    """A rule and the facts it reads, as dotted paths of the description."""

    rule: str
    title: Text
    facts: tuple[str, ...]


class Question(Struct, frozen=True, kw_only=True):
    """A fact to be declared (待填事实), or an object or list with the facts inside it.

    ``groups`` are the facts of the object, or of each example element of the list
    (``repeated``); a plain fact has none, and its ``example`` is a valid value, ``words`` the
    choices where there are some. ``rules`` read the fact or one inside it.
    """

    name: str
    asked: Property
    example: Json
    words: tuple[Json, ...]
    rules: tuple[str, ...]
    repeated: bool = False
    groups: tuple[Group, ...] = ()


class Group(Struct, frozen=True, kw_only=True):
    """The facts of one object; ``about`` says what it is an example of, where that helps."""

    questions: tuple[Question, ...]
    about: Text = plain("")


def questions(asked: Iterable[RuleFacts]) -> tuple[Question, ...]:
    """Return the questions that the rules ask, in the order of the schema.

    An object that a rule reads whole is asked for with all its members, and what the schema
    requires is always there, so that the examples make a valid description.
    """
    root = _Wanted()
    titles: dict[str, Text] = {}
    for one in asked:
        titles[one.rule] = one.title
        for path in one.facts:
            root.add(path.split("."), [one.rule])
    return _Builder(titles).inside((), root)


def title_of(path: str) -> Text:
    """Return the titles down to a fact (字段名称): ``网站 › 主页 › 快照文件``."""
    names = path.split(".")
    found = (property_at(SCHEMA, ".".join(names[: i + 1])) for i in range(len(names)))
    titles = [one.title for one in found if one is not None]
    zh, en = (" › ".join(title[lang] for title in titles) for lang in ("zh", "en"))
    return Text(zh=zh or path, en=en or path)


class _Wanted(Struct):
    """Which rules want a path or what is below it; ``whole`` are those that want all of it."""

    rules: dict[str, None] = field(default_factory=dict)
    whole: dict[str, None] = field(default_factory=dict)
    below: dict[str, _Wanted] = field(default_factory=dict)

    def add(self, names: Sequence[str], rules: Iterable[str]) -> None:
        """Let rules want the fact at a path from here."""
        added = dict.fromkeys(rules)
        self.rules |= added
        if names:
            self.below.setdefault(names[0], _Wanted()).add(names[1:], added)
        else:
            self.whole |= added

    def only(self, rule: str) -> _Wanted:
        """Return what one rule wants of it."""
        below = {name: node.only(rule) for name, node in self.below.items() if rule in node.rules}
        return _Wanted({rule: None}, {rule: None} if rule in self.whole else {}, below)


_Path: TypeAlias = tuple[str, ...]


class _Builder(Struct, frozen=True):
    """Builds questions; ``titles`` are those of the rules."""

    titles: Mapping[str, Text]

    def inside(self, path: _Path, wanted: _Wanted) -> tuple[Question, ...]:
        """Return the questions of the members of the object at a path."""
        made_of = members(SCHEMA, ".".join(path))
        needed = made_of.required if path else frozenset()
        return tuple(
            self.question((*path, name), wanted.below.get(name, _Wanted()))
            for name in made_of.names
            if name in wanted.below or name in needed
        )

    def question(self, path: _Path, wanted: _Wanted) -> Question:
        """Return the question of one member."""
        dotted = ".".join(path)
        # Members are properties of the same schema.
        asked = cast("Property", property_at(SCHEMA, dotted))
        made_of = members(SCHEMA, dotted)
        example = next(iter((*asked.examples, *asked.words)), None)
        composed = bool(made_of.names) and not made_of.single
        if composed:
            _want_members(wanted, made_of, example)
        return Question(
            name=path[-1],
            asked=asked,
            example=example,
            words=made_of.words if not composed else (),
            rules=tuple(wanted.rules),
            repeated=composed and "array" in asked.types,
            groups=tuple(self._groups(path, wanted)) if composed else (),
        )

    def _groups(self, path: _Path, wanted: _Wanted) -> Iterator[Group]:
        if path != (REGISTER,) or "rule" not in wanted.below:
            yield Group(questions=self.inside(path, wanted))
            return
        for rule in wanted.below["rule"].rules:
            facts = self.inside(path, wanted.only(rule))
            yield Group(
                questions=tuple(_named(fact, rule) for fact in facts), about=self.titles[rule]
            )


def _want_members(wanted: _Wanted, made_of: Members, example: Json) -> None:
    """Want the members of what is read whole: all of an object, a list's as in its example."""
    names: Iterable[str] = made_of.names
    if isinstance(example, list):
        first = example[0] if example and not wanted.below else {}
        names = first if isinstance(first, Mapping) else ()
    for name in names if wanted.whole else ():
        wanted.add([name], wanted.whole)


def _named(fact: Question, rule: str) -> Question:
    """Let an entry of the register name the rule that it answers to."""
    named: dict[str, Json] = {"rule": rule, "id": rule.lower().replace("/", "-")}
    return replace(fact, example=named.get(fact.name, fact.example))
