"""References by id to other elements of a description; one that leads nowhere is refused."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pytest_icp.facts.plans import marked_values, reference_plan
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text


class Dangling(Struct, frozen=True, kw_only=True):
    """An id (标识) that no element of a list has: where it is, and the nearest one."""

    tokens: tuple[str | int, ...]
    target: str
    message: Text
    hint: Text


def dangling(facts: JsonObject, schema: str) -> Iterator[Dangling]:
    """Yield the ids that lead nowhere, except those into lists that are not declared."""
    ids: dict[str, frozenset[str] | None] = {}
    for at, value, target in marked_values(facts, reference_plan(schema)):
        if target not in ids:
            ids[target] = _known(facts.get(target))
        known = ids[target]
        # Nearly every id leads somewhere.
        if known is None or known.issuperset(value if isinstance(value, list) else [value]):
            continue
        for tokens, name in _ids(value, at):
            if name not in known:
                yield _dangling(tokens, name, target, known)


def _dangling(
    tokens: tuple[str | int, ...], name: str, target: str, known: frozenset[str]
) -> Dangling:
    return Dangling(
        tokens=tokens,
        target=target,
        message=Text(
            zh=f"“{target}”中没有 id 为 {name!r} 的项",
            en=f"no element of `{target}` has the id {name!r}",
        ),
        hint=suggested(name, sorted(known)),
    )


def _known(elements: Json) -> frozenset[str] | None:
    """Return the ids in a list; None if it is not declared."""
    if not isinstance(elements, list):
        return None
    return frozenset([str(e.get("id")) for e in elements if isinstance(e, dict)])


def _ids(value: Json, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the ids in a property, one or a list of them, each with its place."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, list):
        for i, element in enumerate(value):
            yield from _ids(element, (*at, i))
