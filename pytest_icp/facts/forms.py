"""The lines that declare a missing fact, with the form of its value.

The value is ``null``, which is valid in a description and means not known: pasting the lines
declares nothing false. The form of the value is a comment.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pytest_icp.facts.files.flow import flow
from pytest_icp.facts.files.properties import Members, Property, members, property_at
from pytest_icp.law.jsontypes import Json, tokens

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
    form = _form(schema_name, tuple(name for name in names if not name.isdecimal()))
    if names[-1].isdecimal():
        form = form.removeprefix("[] | [").removesuffix(", …]")
    comment = "" if form == _TEXT else f"  # {form}"
    return "\n".join([*lines[:-1], f"{last}null{comment}"])


def form_of(schema_name: str, path: str) -> str:
    """Return the form of the value at a dotted path: ``YYYY-MM-DD | never``, ``true | false``."""
    return _form(schema_name, tuple(path.split(".")))


@cache
def _form(schema_name: str, path: tuple[str, ...]) -> str:
    # A fact may be missing in a hundred thousand elements.
    return _Forms(schema_name).of(path)


class _Forms:
    """Writes forms that need no translation: ``YYYY-MM-DD | never``, ``{days: n}``."""

    def __init__(self, schema_name: str) -> None:
        self._schema = schema_name

    def of(self, path: tuple[str, ...], *, inside: bool = False) -> str:
        """Return the form of the value at a path, a short one ``inside`` another."""
        dotted = ".".join(path)
        fact = property_at(self._schema, dotted)
        if fact is None:
            return _TEXT
        made_of = members(self._schema, dotted)
        if made_of.names:
            whole = "{…}" if inside else self._object(path, made_of)
        else:
            whole = _scalar(fact, made_of.words)
        if "array" in fact.types:
            return "[…]" if inside else f"[] | [{whole}, …]"
        return _TEXT if inside and len(whole) > _ROOM_INSIDE else whole

    def _object(self, path: tuple[str, ...], made_of: Members) -> str:
        forms = {name: self.of((*path, name), inside=True) for name in made_of.names}
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
