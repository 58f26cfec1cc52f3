"""Ids that point to other elements of a description: each leads somewhere, or is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pytest_icp.core.jsontypes import Json, JsonObject
from pytest_icp.core.text import Text
from pytest_icp.loading.plans import NamePlan, reference_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Dangling:
    """An id (标识) that no element has: where it stands, and what was perhaps meant."""

    tokens: tuple[str | int, ...]
    message: Text
    hint: Text


def dangling(facts: JsonObject, schema: str) -> Iterator[Dangling]:
    """Yield the ids that lead nowhere; those into lists that are not declared are left alone."""
    ids: dict[str, frozenset[str] | None] = {}
    for tokens, name, target in _named(facts, reference_plan(schema), ()):
        if target not in ids:
            ids[target] = _known(facts.get(target))
        known = ids[target]
        if known is not None and name not in known:
            near = get_close_matches(name, sorted(known), n=1)
            yield Dangling(
                tokens=tokens,
                message=Text(
                    zh=f"「{target}」中没有 id 为 {name!r} 的项",
                    en=f"no element of `{target}` has the id {name!r}",
                ),
                hint=Text(zh=f"是否指 {near[0]!r}？", en=f"did you mean {near[0]!r}?")
                if near
                else Text(zh="", en=""),
            )


def _known(elements: Json) -> frozenset[str] | None:
    """Return the ids in a list; None where it is not declared."""
    if not isinstance(elements, list):
        return None
    return frozenset(str(e.get("id")) for e in elements if isinstance(e, Mapping))


def _named(
    value: Json, plan: NamePlan, at: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    if isinstance(value, list):
        for i, element in enumerate(value):
            yield from _named(element, plan, (*at, i))
    elif isinstance(value, Mapping):
        for name, target in plan.fields.items():
            yield from _ids(value.get(name), target, (*at, name))
        for name, child in plan.children.items():
            yield from _named(value.get(name), child, (*at, name))


def _ids(
    value: Json, target: str, at: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    if isinstance(value, str):
        yield at, value, target
    elif isinstance(value, list):
        for i, element in enumerate(value):
            yield from _ids(element, target, (*at, i))
