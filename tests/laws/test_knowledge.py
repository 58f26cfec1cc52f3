"""What is not known never helps, and never accuses: null is no fact.

When one fact becomes unknown, strong Kleene logic allows a verdict to stay or to become unknown.
Where it becomes unknown whether a subject is meant, one that complies makes the duty satisfied
(the table of conditions). Read backwards: knowing more turns satisfied into satisfied, or into
not applicable; violated into violated; what certainly does not apply still does not. The tables
name every exception, each with its reason.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_icp.authoring.fuzzing.exceptions import (
    DEFECTS,
    EXEMPTIONS,
    NOT_CLAIMED,
    TIME,
    excepted,
)
from pytest_icp.authoring.strategies.documents import dotted, is_valid, value_at, without
from pytest_icp.authoring.strategies.shapes import Shape, root
from pytest_icp.authoring.strategies.smallest import place
from pytest_icp.kinds.finding import Verdict
from tests.laws.conftest import Court
from tests.laws.strategies import Situation, collections, places, situations

ALLOWED = {
    "satisfied": {"satisfied", "not applicable"},
    "violated": {"violated"},
    "not applicable": {"not applicable"},
}
"""The verdicts that may follow once a fact is declared, by the verdict without it."""


@given(situations(), st.data())
def test_what_is_said_without_a_fact_is_said_with_it(
    court: Court, situation: Situation, data: st.DataObject
) -> None:
    at = data.draw(st.sampled_from(sorted(places(situation.document), key=str)))
    assume(value_at(situation.document, at) is not None)
    less = situation.having(place(situation.document, at, None))
    assume(is_valid(less.document))
    known = court.verdicts(situation)
    # What can be read can be read without a fact.
    court.read(less)
    path = dotted(at).replace("[]", "")
    for rule, verdict in court.verdicts(less).items():
        if verdict != "unknown" and not excepted(path, Verdict(verdict)):
            assert known.get(rule, verdict) in ALLOWED[verdict], (path, rule)


@given(situations(), st.data())
def test_null_says_the_same_as_leaving_out(
    court: Court, situation: Situation, data: st.DataObject
) -> None:
    every = sorted(places(situation.document), key=str)
    at = data.draw(st.sampled_from([at for at in every if isinstance(at[-1], str)]))
    left_out = situation.having(without(situation.document, at))
    null = situation.having(place(situation.document, at, None))
    assume(is_valid(null.document))
    assert court.verdicts(null) == court.verdicts(left_out)


@pytest.mark.parametrize("pattern", sorted({**NOT_CLAIMED, **EXEMPTIONS, **DEFECTS, **TIME}))
def test_every_exception_is_a_fact_of_the_schema(pattern: str) -> None:
    assert any(fnmatchcase(path, pattern) for path in every_path())


def every_path() -> set[str]:
    """Return every path of a description, without the indices of lists."""
    found: set[str] = set()

    def walk(shape: Shape, path: str) -> None:
        found.add(path)
        for one in shape.alternatives():
            if "items" in one.schema:
                walk(Shape(one.schema["items"], one.file), path)
            for name, member in one.schema.get("properties", {}).items():
                walk(Shape(member, one.file), f"{path}.{name}")

    for name in collections():
        walk(root().below(name), name)
    return found
