"""The tables of the tools (命令行工具): their calls, and what the items in the answers are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.text import Text
from pytest_icp.sources.cloud_export.forms import Allowed, Form, Read, allowed_of, form, path_of
from pytest_icp.sources.cloud_export.forms import Path as Keys
from pytest_icp.sources.cloud_export.rows import REGION, told
from pytest_icp.sources.terraform.rows import compiled, provider
from pytest_icp.sources.terraform.tables import read_table, table

if TYPE_CHECKING:
    from pytest_icp.sources.terraform.resource import Provider, Row

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
