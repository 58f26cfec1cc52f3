"""Strategies for descriptions (基础设施描述) and licences, made from the published schema."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from pytest_icp.authoring.strategies.documents import NOT_FACTS, VERSION, Document, with_ids
from pytest_icp.authoring.strategies.shapes import root, values_at


def top_level() -> tuple[str, ...]:
    """Return the names of the top-level facts (事实) of a description."""
    names = {name for one in root().alternatives() for name in one.schema["properties"]}
    return tuple(sorted(names - NOT_FACTS))


def descriptions(*, facts: Collection[str] | None = None) -> st.SearchStrategy[Document]:
    """Return whole descriptions that are valid under the published schema.

    ``facts`` are the top-level names that may occur, all of them by default. Optional facts
    are sometimes left out; the licence is inline. Ids are unique, but a reference to another
    element may lead nowhere, which the reader refuses.

    Examples shrink to a description that declares nothing.

    Raises `InvalidArgument` for a name that no description has.
    """
    known = top_level()
    chosen = known if facts is None else tuple(facts)
    for name in chosen:
        if name not in known:
            raise InvalidArgument(f"descriptions(facts={facts!r}): there is no fact {name!r}")
    members = {name: values_at((name,)) for name in chosen}
    version = {name: st.just(value) for name, value in VERSION.items()}
    return st.fixed_dictionaries(version, optional=members).map(with_ids)


def licences() -> st.SearchStrategy[dict[str, Any]]:
    """Return licences (许可证) that are valid under the published schema and can be read.

    Optional facts are sometimes left out.

    Examples shrink to a licence that declares nothing.
    """
    return values_at(("licence",)).filter(lambda licence: licence is not None).map(_alone)


def _alone(licence: dict[str, Any]) -> dict[str, Any]:
    return dict(with_ids({"licence": licence})["licence"])


def corporate_events() -> st.SearchStrategy[dict[str, Any]]:
    """Return changes of a company (公司变更事项), valid under the published schema.

    Examples shrink to an event that has only an id.
    """
    return values_at(("corporate_events", 0))
