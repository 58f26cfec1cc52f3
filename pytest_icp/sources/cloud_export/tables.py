"""The tables of the tools (命令行工具): their calls, and what the items in the answers are.

A form says where the values of an item are in an answer, and how Terraform writes them. An answer
has some of the attributes of a resource. Facts, and elements, that depend on others are left out of
the row of its type: a source is silent about what it does not contain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, cast

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.sources.terraform.resource import Provider, Row, head
from pytest_icp.sources.terraform.tables import (
    compiled,
    paths_in,
    provider,
    read_table,
    table,
    word,
)

Keys: TypeAlias = tuple[str, ...]
Allowed: TypeAlias = tuple[tuple[Keys, frozenset[str]], ...]
"""The values, as words, that each path may have."""

_ANY = "*"
_NUMBERS = (int, float)


class Form(Struct, frozen=True, kw_only=True):
    """Where the values of an attribute are, and how Terraform writes them if it does otherwise.

    They are at paths, below what has the values that are allowed, or in a setting.
    """

    paths: tuple[Keys, ...]
    where: Allowed
    setting: str
    rewrite: Callable[[list[Json]], list[Json]] | None
    absent: Json

    def of(self, item: Json, settings: Mapping[str, Json]) -> list[Json]:
        """Return the values of an item; none if it has none."""
        if self.setting:
            found = [settings[self.setting]] if settings.get(self.setting) else []
        else:
            found = [value for path in self.paths for value in self._below(item, path)]
        return found if self.rewrite is None else self.rewrite(found)

    def _below(self, item: Json, path: Keys) -> list[Json]:
        if not self.where:
            return values_at(item, path)
        return [
            value
            for holder in values_at(item, path[:-1])
            if all(is_one_of(holder, *allowed) for allowed in self.where)
            for value in values_at(holder, path[-1:])
        ]


def form(written: Any) -> Form:
    """Compile a form: a path, or a mapping."""
    if isinstance(written, str):
        written = {"of": written}
    of = written.get("of", written.get("set", ()))
    return Form(
        paths=tuple(map(path_of, [of] if isinstance(of, str) else of)),
        where=allowed_of(written.get("where", {})),
        setting=written.get("setting", ""),
        rewrite=_rewriter(written) if written.keys() - {"of", "where", "setting"} else None,
        absent=written.get("absent"),
    )


def _rewriter(written: Mapping[str, Any]) -> Callable[[list[Json]], list[Json]]:
    """Return what writes values as Terraform does."""
    is_set, absent = "set" in written, written.get("absent")
    match = re.compile(written["match"]) if "match" in written else None
    values = {name.casefold(): value for name, value in written.get("values", {}).items()}

    def rewritten(found: list[Json]) -> list[Json]:
        if is_set:
            found = [bool(found)]
        if match is not None:
            parts = [match.fullmatch(text) for text in found if isinstance(text, str)]
            found = [part[1] for part in parts if part]
        if values:
            found = [values.get(word(value), value) for value in found]
        return [absent] if not found and absent is not None else found

    return rewritten


def path_of(written: str) -> Keys:
    """Split a path of keys; the empty one is the whole answer."""
    return tuple(written.split(".")) if written else ()


def allowed_of(written: Mapping[str, Any]) -> Allowed:
    """Compile the values that paths may have."""
    return tuple((path_of(path), frozenset(map(word, values))) for path, values in written.items())


def is_one_of(item: Json, path: Keys, allowed: frozenset[str]) -> bool:
    """Whether a value at a path is one of those that are allowed."""
    return any(word(value) in allowed for value in values_at(item, path))


def values_at(value: Any, path: Keys) -> list[Json]:
    """Return the values at a path, through lists; nothing for what is empty."""
    for depth, key in enumerate(path):
        if value.__class__ is not dict or key == _ANY:
            return _below(value, path[depth:])
        value = value.get(key)
    if value:
        return _below(value, ()) if value.__class__ is list else [value]
    return [value] if isinstance(value, _NUMBERS) else []


def _below(value: Any, path: Keys) -> list[Json]:
    if isinstance(value, list):
        return [found for element in value for found in values_at(element, path)]
    if isinstance(value, dict):
        return [found for part in value.values() for found in values_at(part, path[1:])]
    return []


def elements_at(value: Any, path: Keys) -> list[Json]:
    """Return the elements of the lists at a path (`has_list`)."""
    if isinstance(value, dict):
        return elements_at(value[path[0]], path[1:])
    return [one for element in value for one in elements_at(element, path)] if path else value


def tokens_at(value: Any, path: Keys, above: Tokens = ()) -> Iterator[Tokens]:
    """Yield the tokens of the pointers to the elements of the lists at a path, in their order."""
    if isinstance(value, dict):
        yield from tokens_at(value[path[0]], path[1:], (*above, path[0]))
        return
    for index, element in enumerate(value):
        if path:
            yield from tokens_at(element, path, (*above, index))
        else:
            yield (*above, index)


Tokens: TypeAlias = tuple[str | int, ...]


def has_list(value: Json, path: Keys) -> bool:
    """Whether there is a list at a path, an empty one too; in lists, in each element."""
    if not path:
        return isinstance(value, list)
    if isinstance(value, list):
        return all(has_list(element, path) for element in value)
    return isinstance(value, dict) and has_list(value.get(path[0]), path[1:])


PUBLIC = "public"
REGION = "region_of_answer"
"""The attribute with the region that an answer tells."""


def told(row: Mapping[str, Any], attributes: Collection[str]) -> dict[str, Any]:
    """Return a row, as tables write it, for an answer with only these attributes."""
    known = {"id", PUBLIC, *map(head, attributes)}
    lists = ("identity", "zone", "subnet", "leads")
    written: dict[str, Any] = {"docs": row["docs"]}
    if REGION in attributes:
        written["region"] = [REGION]
    for name in lists:
        if kept := [path for path in row.get(name, ()) if head(path) in known]:
            written[name] = kept
    if joins := [join for join in row.get("joins", ()) if _all(known, join.values())]:
        written["joins"] = joins
    tests = {"publishes": [row.get("publishes", "")], "public": row.get("public", ())}
    written |= {key: row[key] for key in tests if key in row and _all(known, tests[key])}
    gives = [_give(give, known) for give in row.get("gives", ())]
    written["gives"] = [give for give in gives if give is not None]
    return written


def _give(give: Mapping[str, Any], known: Collection[str]) -> dict[str, Any] | None:
    """Return an element without the facts that are not told; None if it is not told itself."""
    name = give.get("name", {})
    paths = [*give.get("when", ()), *([name] if isinstance(name, str) else name.values())]
    paths += [give[key] for key in ("of", "kept_in") if key in give]
    if not _all(known, paths):
        return None
    kept = {key: value for key, value in give.items() if key not in {"facts", "address"}}
    if head(give.get("address", "")) in known:
        kept["address"] = give["address"]
    facts = {fact: _form(form, known) for fact, form in give.get("facts", {}).items()}
    kept["facts"] = {fact: form for fact, form in facts.items() if form is not None}
    return kept


def _form(form: Any, known: Collection[str]) -> Any:
    """Return a form, or of several the ones that are told; None if it is not."""
    if isinstance(form, dict) and "first" in form:
        kept = [one for one in form["first"] if _form(one, known) is not None]
        return {**form, "first": kept} if kept else None
    return form if _all(known, paths_in(form)) else None


def _all(known: Collection[str], paths: Collection[str]) -> bool:
    return all(head(path) in known for path in paths)


FOLDER = Path(__file__).parent / "calls"


class Mapped(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """One resource that an item of an answer is: its row, id and attributes."""

    row: Row
    id: Form
    optional: bool
    unless: Allowed
    attributes: Mapping[str, Form]


class Call(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """One call of a tool, by the form of its answer."""

    name: str
    tool: str
    wrapped: str
    rest: Text
    list: Keys
    has: tuple[Keys, ...]
    total: Keys
    next: tuple[Keys, ...]
    tells: Text | None
    items: tuple[Mapped, ...]

    @property
    def settings(self) -> set[str]:
        """The settings of the source that the call needs."""
        forms = [form for item in self.items for form in item.attributes.values()]
        return {form.setting for form in forms} - {""}

    @property
    def gives(self) -> frozenset[str]:
        """The lists that the items of the call are in."""
        return frozenset(give.list for item in self.items for give in item.row.gives)


@cache
def calls() -> tuple[Call, ...]:
    """Return the calls of all tools; those that ask for more keys come first."""
    tools = [read_table(path, "export") for path in sorted(FOLDER.glob("*.yaml"))]
    found = [call for tool in tools for call in _of_tool(tool)]
    return tuple(sorted(found, key=lambda call: -len(call.has)))


def _of_tool(written: Mapping[str, Any]) -> Iterator[Call]:
    owner = cast("Provider", table(written["provider"]))
    for name, call in written["calls"].items():
        yield Call(
            name=f"{written['title']} {name}",
            tool=written["title"],
            wrapped=written.get("wrapped", ""),
            rest=Text(**written["rest"]),
            list=path_of(call.get("list", "")),
            has=tuple(map(path_of, call.get("has", ()))),
            total=path_of(call.get("total", "")),
            next=tuple(map(path_of, call.get("next", ()))),
            tells=Text(**call["tells"]) if "tells" in call else None,
            items=tuple(_mapped(owner, item) for item in call.get("items", ())),
        )


def _mapped(owner: Provider, item: Mapping[str, Any]) -> Mapped:
    attributes = {name: form(written) for name, written in item["attributes"].items()}
    if "region" in item:
        attributes[REGION] = form(item["region"])
    return Mapped(
        row=_row(owner, item, attributes),
        id=form(item["id"]),
        optional=item.get("optional", False),
        unless=allowed_of(item.get("unless", {})),
        attributes=attributes,
    )


def _row(owner: Provider, item: Mapping[str, Any], attributes: Mapping[str, Form]) -> Row:
    """Return the row of a type of resource, or its own, for what an answer tells."""
    kind = item.get("type", "")
    written = told(item.get("row") or owner.rows[kind], attributes)
    own = {
        "zone": owner.zone.pattern,
        "operator": {"name": owner.operator, "by_region": owner.operators},
        "resources": {kind: written},
    }
    return cast("Row", compiled(provider(owner.name, own), kind))
