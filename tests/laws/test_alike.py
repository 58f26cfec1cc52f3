"""To judge subjects with the same facts only once changes no result."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp.authoring.strategies.trial import Document
from pytest_icp.kinds import selection
from tests.laws.conftest import Court
from tests.laws.strategies import AS_OF, Situation, descriptions, situations

SITUATIONS = situations(changes=6) | st.builds(
    lambda situation, document, as_of: replace(situation, document=document, as_of=as_of),
    situations(),
    descriptions(),
    AS_OF,
)


def several(document: Document, times: int) -> Document:
    """Return a document whose lists are longer, with elements that differ in their ids alone."""

    def again(value: Any, i: int) -> Any:
        return {**value, "id": f"{value['id']}-{i}"} if i else value

    return {
        name: [again(element, i) for element in value for i in range(times)]
        if isinstance(value, list) and all(isinstance(e, dict) and "id" in e for e in value)
        else value
        for name, value in document.items()
    }


@given(SITUATIONS, st.integers(1, 3), st.sampled_from(("calendar", "180")))
def test_to_judge_what_is_alike_once_changes_no_result(
    court: Court, situation: Situation, times: int, six_months: str
) -> None:
    longer = situation.having(several(situation.document, times))
    longer = replace(longer, settings={**situation.settings, "six_months": six_months})
    results = court.results(longer)
    with patch.object(selection, "MANY", 0):
        assert court.results(longer) == results
