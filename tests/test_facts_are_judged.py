"""What a description is asked for is judged by some rule, or says as ``x-icp-unread`` why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from pytest_icp.facts.files.properties import nodes_at, properties_of
from pytest_icp.facts.merging import NOT_FACTS
from pytest_icp.kinds.policies import default_policies
from pytest_icp.rules.contradictions import contradictions
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.policy import decided, facts_gating, facts_read

MARK = "x-icp-unread"


class Definition(NamedTuple):
    """A property with nothing below it, as it is defined: once, however many objects have it.

    ``path`` is the shortest that leads to it, ``key`` its identity, ``marks`` its keywords.
    """

    path: str
    key: int
    marks: Mapping[str, Any]


def definitions(path: str = "") -> Iterator[Definition]:
    """Yield the properties at a path and below it that have nothing below them, each once."""
    seen: set[int] = set()
    queue = [(path, nodes_at("description", tuple(filter(None, path.split(".")))))]
    for here, nodes in queue:
        inside = properties_of(shape for node in nodes for shape in node.shapes())
        if not inside and here:
            yield Definition(here, id(nodes[0].schema), nodes[0].schema)
        fresh = {name: below for name, below in inside.items() if id(below[0].schema) not in seen}
        seen.update(id(below[0].schema) for below in fresh.values())
        queue += [(f"{here}.{name}".lstrip("."), below) for name, below in fresh.items()]


FACTS = [*definitions()]
MARKED = {fact.path: fact.marks[MARK] for fact in FACTS if MARK in fact.marks}


def paths() -> Iterator[str]:
    """Yield the paths of the facts that rules and contradictions read."""
    for policy in default_policies():
        yield from facts_gating(policy.applies)
        for _, rule in decided(policy.obligations):
            each = join_path("", rule.each)
            yield from (path for path in facts_read(rule) if path != each)
            yield from facts_gating(rule.applies)
    known = contradictions()
    yield from (path for one in (*known.contradictions, *known.sums) for path in one.reads())


READ = [(path, one) for path in paths() for one in definitions(path)]


def needs_no_rule(fact: Definition) -> bool:
    """Whether a fact identifies, is there for sources, or is the day on which something begins."""
    top, name = fact.path.partition(".")[0], fact.path.rpartition(".")[2]
    return (
        top in NOT_FACTS | {"licence_file"}
        or name in {"id", "apiVersion", "provisions_edition"}
        or fact.marks.get("x-icp-time") == "begins"
    )


def test_every_fact_is_read_or_says_why_not() -> None:
    read = {one.key for _, one in READ}
    unread = [fact.path for fact in FACTS if fact.key not in read and not needs_no_rule(fact)]
    assert {*unread} <= {*MARKED}


def test_no_fact_that_is_read_says_that_it_is_not() -> None:
    # Who asks whether there is such an object at all does not read its parts.
    itself = {one.key for path, one in READ if one.path == path}
    assert not [fact.path for fact in FACTS if MARK in fact.marks and fact.key in itself]


@pytest.mark.parametrize("reason", sorted({*MARKED.values()}))
def test_reasons_are_in_both_languages(reason: str) -> None:
    zh, _, en = reason.partition(" | ")
    assert zh
    assert en
