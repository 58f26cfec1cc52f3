"""The facts that rules read, as a tree of questions with what the schema has on each."""

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
"""The list of documents in which each entry attests one rule."""


class RuleFacts(Struct, frozen=True, kw_only=True):
    """A rule and the facts it reads, as dotted paths of the description."""

    rule: str
    title: Text
    facts: tuple[str, ...]


class Question(Struct, frozen=True, kw_only=True):
    """A fact to be declared (待填事实), or an object or list with the facts inside it.

    ``groups`` are the facts of the object, or of each example element of the list
    (``repeated``); a plain fact has none, its ``example`` is a valid value, and ``words`` are the
    choices if there are any. ``rules`` read the fact or one inside it.
    """

    name: str
    fact: Property
    example: Json
    words: tuple[Json, ...]
    rules: tuple[str, ...]
    repeated: bool = False
    groups: tuple[Group, ...] = ()


class Group(Struct, frozen=True, kw_only=True):
    """The facts of one object; ``about`` names what it is an example of, if needed."""

    questions: tuple[Question, ...]
    about: Text = plain("")


def questions(rules: Iterable[RuleFacts]) -> tuple[Question, ...]:
    """Return the questions for the facts that rules read, in the order of the schema.

    An object that a rule reads as a whole has all its members, and what the schema requires is
    always included, so that the examples make a valid description.
    """
    root = _Readers()
    titles: dict[str, Text] = {}
    for rule in rules:
        titles[rule.rule] = rule.title
        for path in rule.facts:
            root.add(path.split("."), [rule.rule])
    return _Builder(titles).inside((), root)


def title_of(path: str) -> Text:
    """Return the titles down to a fact (字段名称): ``网站 › 主页 › 快照文件``."""
    names = path.split(".")
    path_properties = (property_at(SCHEMA, ".".join(names[: i + 1])) for i in range(len(names)))
    titles = [each.title for each in path_properties if each is not None]
    zh, en = (" › ".join(title[lang] for title in titles) for lang in ("zh", "en"))
    return Text(zh=zh or path, en=en or path)


class _Readers(Struct):
    """The rules that read a path or what is below it; ``whole`` are those that read all of it."""

    rules: dict[str, None] = field(default_factory=dict)
    whole: dict[str, None] = field(default_factory=dict)
    below: dict[str, _Readers] = field(default_factory=dict)

    def add(self, names: Sequence[str], rules: Iterable[str]) -> None:
        """Add rules that read the fact at a path from here."""
        added = dict.fromkeys(rules)
        self.rules |= added
        if names:
            self.below.setdefault(names[0], _Readers()).add(names[1:], added)
        else:
            self.whole |= added

    def only(self, rule: str) -> _Readers:
        """Return what one rule reads of it."""
        below = {name: node.only(rule) for name, node in self.below.items() if rule in node.rules}
        return _Readers({rule: None}, {rule: None} if rule in self.whole else {}, below)


_Path: TypeAlias = tuple[str, ...]


class _Builder(Struct, frozen=True):
    """Builds questions; ``titles`` are those of the rules."""

    titles: Mapping[str, Text]

    def inside(self, path: _Path, readers: _Readers) -> tuple[Question, ...]:
        """Return the questions of the members of the object at a path."""
        made_of = members(SCHEMA, ".".join(path))
        needed = made_of.required if path else frozenset()
        return tuple(
            self.question((*path, name), readers.below.get(name, _Readers()))
            for name in made_of.names
            if name in readers.below or name in needed
        )

    def question(self, path: _Path, readers: _Readers) -> Question:
        """Return the question of one member."""
        dotted = ".".join(path)
        # Members are properties of the same schema.
        fact = cast("Property", property_at(SCHEMA, dotted))
        made_of = members(SCHEMA, dotted)
        example = next(iter((*fact.examples, *fact.words)), None)
        composed = bool(made_of.names) and not made_of.single
        if composed:
            _add_members(readers, made_of, example)
        return Question(
            name=path[-1],
            fact=fact,
            example=example,
            words=made_of.words if not composed else (),
            rules=tuple(readers.rules),
            repeated=composed and "array" in fact.types,
            groups=tuple(self._groups(path, readers)) if composed else (),
        )

    def _groups(self, path: _Path, readers: _Readers) -> Iterator[Group]:
        if path != (REGISTER,) or "rule" not in readers.below:
            yield Group(questions=self.inside(path, readers))
            return
        for rule in readers.below["rule"].rules:
            facts = self.inside(path, readers.only(rule))
            yield Group(
                questions=tuple(_named(fact, rule) for fact in facts), about=self.titles[rule]
            )


def _add_members(readers: _Readers, made_of: Members, example: Json) -> None:
    """Add the members of what is read as a whole: all of an object, a list's as in its example."""
    names: Iterable[str] = made_of.names
    if isinstance(example, list):
        first = example[0] if example and not readers.below else {}
        names = first if isinstance(first, Mapping) else ()
    for name in names if readers.whole else ():
        readers.add([name], readers.whole)


def _named(fact: Question, rule: str) -> Question:
    """Let an entry of the register name the rule that it attests."""
    named: dict[str, Json] = {"rule": rule, "id": rule.lower().replace("/", "-")}
    return replace(fact, example=named.get(fact.name, fact.example))
