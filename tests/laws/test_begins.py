"""Whether an element is there decides nothing while nobody knows since when it is.

Whatever a rule says without the beginnings of some elements is so whether they have begun or not.
Days that another declaration excludes are none that they may have begun on.
"""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_icp.authoring.strategies.shapes import place
from pytest_icp.authoring.strategies.trial import Document, Tokens, is_valid, value_at
from pytest_icp.facts.plans import Plan, time_plan
from pytest_icp.law.times import as_of_instant, civil_date
from tests.laws.conftest import Court
from tests.laws.strategies import Situation, situations

COMPLIES = {"satisfied", "not applicable"}
LATER = "2999-12-31"
LONG_AGO = "2001-01-01"


def beginnings(document: Document, plan: Plan, at: Tokens = ()) -> Iterator[Tokens]:
    """Yield the place of the beginning of each element of a list."""
    for name, child in plan.children.items():
        value = document.get(name)
        if isinstance(value, dict):
            yield from beginnings(value, child, (*at, name))
        for i, element in enumerate(value if isinstance(value, list) else ()):
            if isinstance(element, dict):
                yield from ((*at, name, i, day) for day in child.begins)
                yield from beginnings(element, child, (*at, name, i))


def begun(situation: Situation, at: Tokens) -> str:
    """Return the day on which an element has begun: its own, if that is not still to come."""
    today = civil_date(as_of_instant(situation.as_of)).isoformat()
    own = value_at(situation.document, at)
    return own if isinstance(own, str) and own[:10] <= today else LONG_AGO


@given(situations(), st.data())
def test_what_is_said_is_so_with_and_without_them(
    court: Court, situation: Situation, data: st.DataObject
) -> None:
    every = sorted(beginnings(situation.document, time_plan("description")), key=str)
    assume(every)
    chosen = data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=4, unique=True))
    unknown, known = situation.document, situation.document
    for at in chosen:
        there = data.draw(st.booleans())
        unknown = place(unknown, at, None)
        known = place(known, at, begun(situation, at) if there else LATER)
    assume(is_valid(unknown) and is_valid(known))
    verdicts = court.verdicts(situation.having(known))
    assume(not court.is_contested(situation.having(known)))
    for rule, verdict in court.verdicts(situation.having(unknown)).items():
        if verdict != "unknown":
            assert {verdict, verdicts[rule]} <= COMPLIES or verdicts[rule] == verdict, rule
