"""The tables of the tools (命令行工具): their calls, and what the items in the answers are.

An answer has some of the attributes of a resource. Facts, and elements, that depend on others are
left out of the row of its type: a source is silent about what it does not contain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.text import Text
from pytest_icp.sources.cloud_export.forms import Allowed, Form, Read, allowed_of, form, path_of
from pytest_icp.sources.cloud_export.forms import Path as Keys
from pytest_icp.sources.terraform.facts import paths_in
from pytest_icp.sources.terraform.reading import head
from pytest_icp.sources.terraform.tables import compiled, provider, read_table, table

if TYPE_CHECKING:
    from pytest_icp.sources.terraform.resource import Provider, Row

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

    _shown = ("row",)

    row: Row
    id: Form
    optional: bool
    unless: Allowed
    attributes: Mapping[str, Form]
    reads: tuple[Read, ...]
    """What the attributes read, each once."""
    parts: tuple[tuple[str, str, int, Form], ...]
    """The attributes: what is before the first dot of each name and below, and what it reads."""


class Call(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """One call of a tool, by the form of its answer."""

    _shown = ("name",)

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
        return {form.read.setting for form in forms} - {""}

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
    reads = tuple(dict.fromkeys(read.read for read in attributes.values()))
    return Mapped(
        row=_row(owner, item, attributes),
        id=form(item["id"]),
        optional=item.get("optional", False),
        unless=allowed_of(item.get("unless", {})),
        attributes=attributes,
        reads=reads,
        parts=tuple(
            (first, below, reads.index(of.read), of)
            for name, of in attributes.items()
            for first, _, below in (name.partition("."),)
        ),
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
