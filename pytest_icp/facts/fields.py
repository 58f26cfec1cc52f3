"""What the schema says of a fact: its name, who knows it, its form, whether it may be denied.

Who knows a fact (知情岗位) is said by ``x-icp-asked-of`` of an object or a list for all facts in
it, and again where one differs; what belongs together (分组) by ``x-icp-group`` of each top-level
fact. Their names in both languages are ``x-icp-roles`` and ``x-icp-groups`` of the schema itself.

``x-icp-question`` asks whether there is such a thing at all (范围问题). Its no is a fact like
others: an empty list, false, none or 0, as the schema of the fact has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct

from pytest_icp.facts.files.faults import flow
from pytest_icp.facts.files.properties import (
    Members,
    Property,
    bilingual,
    mark,
    members,
    property_at,
    schema_document,
    words_at,
)
from pytest_icp.facts.plans import Plan, marked
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.jsontypes import Json, JsonObject, dotted, object_of, tokens
from pytest_icp.law.text import Text


def title_of(path: str) -> Text:
    """Return the titles down to a fact (字段名称): ``网站 › 主页 › 快照文件``."""
    names = path.split(".")
    path_properties = (property_at(SCHEMA, ".".join(names[: i + 1])) for i in range(len(names)))
    titles = [each.title for each in path_properties if each is not None]
    zh, en = (" › ".join(title[lang] for title in titles) for lang in ("zh", "en"))
    return Text(zh=zh or path, en=en or path)


def word_of(path: str, value: Json) -> Text | None:
    """Return what a word of an enumeration is called (取值名称); in English it is that word."""
    if not isinstance(value, str):
        return None
    word = words_at(SCHEMA, path).get(value)
    return Text(word, value) if word else None


ENGINEERING = "engineering"
"""The role that knows what is deployed."""

DEPLOYED = "deployed"
"""The group of what is deployed and the licence; which facts are in it follows from who knows."""


def roles() -> Mapping[str, Text]:
    """Return the roles with their names, in the order in which they are listed."""
    return _named("x-icp-roles")


def groups() -> Mapping[str, Text]:
    """Return the groups with what they are about, in the order in which they are listed."""
    return _named("x-icp-groups")


@cache
def _named(keyword: str) -> Mapping[str, Text]:
    return {name: bilingual(words) for name, words in schema_document(SCHEMA)[keyword].items()}


@cache
def asked_of(path: str) -> str:
    """Return the role that knows the fact at a dotted path; empty where nobody is named."""
    names = path.split(".")
    nearest_first = (".".join(names[:end]) for end in range(len(names), 0, -1))
    marks = (mark(SCHEMA, each, "x-icp-asked-of") for each in nearest_first)
    return str(next(filter(None, marks), ""))


@cache
def group_of(path: str) -> str:
    """Return the group of the top-level fact that a dotted path begins with; empty if none."""
    return str(mark(SCHEMA, path.partition(".")[0], "x-icp-group") or "")


QUESTION = "x-icp-question"

_NONE = "none"


class Scoping(Struct, frozen=True):
    """A question about the fact at a path, and the value that says no (范围问题)."""

    path: str
    question: Text
    no: Json

    @property
    def top(self) -> str:
        """The top-level fact that it is about."""
        return self.path.partition(".")[0]


class Closing(Struct, frozen=True):
    """A question, and the rules that do not apply if its answer is no."""

    asked: Scoping
    rules: tuple[str, ...]


@cache
def scoping_questions() -> tuple[Scoping, ...]:
    """Return the questions, in the order of the schema."""
    found = _questions("", marked(SCHEMA, QUESTION))
    order = {name: i for i, name in enumerate(members(SCHEMA, "").names)}
    return tuple(sorted(found, key=lambda one: order[one.top]))


def _questions(above: str, plan: Plan) -> Iterator[Scoping]:
    for name, words in plan.fields.items():
        yield Scoping(f"{above}{name}", bilingual(words), _no(f"{above}{name}"))
    for name, below in plan.children.items():
        yield from _questions(f"{above}{name}.", below)


def _no(path: str) -> Json:
    fact = property_at(SCHEMA, path)
    types = fact.types if fact else ()
    # A name is none, too, where there is nothing that has one.
    if _NONE in members(SCHEMA, path).words or "string" in types:
        return _NONE
    if "array" in types:
        return []
    return False if "boolean" in types else 0


def answered(facts: JsonObject, one: Scoping) -> JsonObject:
    """Return the facts with a no, in each element of a list that does not answer the question.

    A list that is not declared gets one element.
    """
    top, *names = one.path.split(".")
    if not names:
        return {**facts, top: one.no}
    if not is_list(top):
        return {**facts, top: _with(facts.get(top), names, one.no)}
    elements = facts.get(top)
    every = elements if isinstance(elements, list) else [{"id": ""}]
    return {**facts, top: [_with(each, names, one.no) for each in every]}


def is_list(top: str) -> bool:
    """Whether a top-level fact is a list."""
    found = property_at(SCHEMA, top)
    return found is not None and "array" in found.types


def may_be_denied(path: str) -> bool:
    """Whether there is a question about a fact: there may be no such thing at all."""
    return mark(SCHEMA, path, QUESTION) is not None


def _with(value: Json, names: list[str], no: Json) -> Json:
    """Return an object with a value at a path, where nothing is there yet."""
    if not names:
        return no if value is None else value
    facts = object_of(value)
    return {**facts, names[0]: _with(facts.get(names[0]), names[1:], no)}


_TEXT = "…"
_DAY = "YYYY-MM-DD"
_ROOM = 60
"""Columns that the choices or the members of one form may take."""

_ROOM_INSIDE = 24
_MOST_MEMBERS = 4


def line_to_add(schema_name: str, pointer: str, *, element: str = "") -> str:
    """Return the YAML that declares an absent fact (待补充的事实), its value left open.

    ``pointer`` is the JSON Pointer of the fact. A list element on the way is written with its
    number in a comment; the first with its id if ``element`` gives one, because it is not
    written yet. For the whole document there is nothing to add.
    """
    names = tokens(pointer)
    if not names:
        return ""
    lines: list[str] = []
    indent = ""
    for i, name in enumerate(names):
        if i == 1 and element:
            lines.append(f"{indent}- id: {flow(element)}")
        elif name.isdecimal() and i:
            lines.append(f"{indent}- # {int(name) + 1}")
        else:
            lines.append(f"{indent}{flow(name)}:")
        indent += "  "
    last = f"{' ' * (2 * len(names) - 2)}- " if names[-1].isdecimal() else f"{lines[-1]} "
    form = form_of(schema_name, dotted(names))
    if names[-1].isdecimal():
        form = form.removeprefix("[] | [").removesuffix(", …]")
    comment = "" if form == _TEXT else f"  # {form}"
    return "\n".join([*lines[:-1], f"{last}null{comment}"])


@cache
def form_of(schema_name: str, path: str, *, inside: bool = False) -> str:
    """Return the form of the value at a dotted path: ``YYYY-MM-DD | never``, ``true | false``.

    It needs no translation. One that stands ``inside`` another is short.
    """
    # A fact may be missing in a hundred thousand elements.
    fact = property_at(schema_name, path)
    if fact is None:
        return _TEXT
    made_of = members(schema_name, path)
    if made_of.names:
        whole = "{…}" if inside else _object(schema_name, path, made_of)
    else:
        whole = _scalar(fact, made_of.words)
    if "array" in fact.types:
        return "[…]" if inside else f"[] | [{whole}, …]"
    return _TEXT if inside and len(whole) > _ROOM_INSIDE else whole


def _object(schema_name: str, path: str, made_of: Members) -> str:
    forms = {name: form_of(schema_name, f"{path}.{name}", inside=True) for name in made_of.names}
    words = [flow(word) for word in made_of.words]
    if made_of.single:
        each = [f"{{{name}: {form}}}" for name, form in forms.items()]
        return _listed([*words, *each], " | ")
    needed = [name for name in forms if name in made_of.required]
    shown = dict.fromkeys([*needed, *forms])
    most = [f"{name}: {forms[name]}" for name in shown][:_MOST_MEMBERS]
    whole = f"{{{_listed([*most, _TEXT] if len(shown) > len(most) else most, ', ')}}}"
    return " | ".join([*words, whole])


def _scalar(fact: Property, words: Sequence[Json]) -> str:
    choices = [flow(word) for word in words]
    if fact.time:
        return " | ".join([_DAY, *choices])
    if not choices and "boolean" in fact.types:
        choices = ["true", "false"]
    if {"integer", "number"} & set(fact.types):
        choices = ["n", *choices]
    if not choices or "string" in fact.types:
        choices = [*choices, _TEXT]
    return _listed(choices, " | ")


def _listed(parts: Sequence[str], between: str) -> str:
    """Join parts as far as there is room, with ``…`` for the rest."""
    shown = ""
    for i, part in enumerate(parts):
        longer = f"{shown}{between}{part}" if i else part
        if len(longer) > _ROOM:
            return f"{shown}{between}{_TEXT}"
        shown = longer
    return shown
