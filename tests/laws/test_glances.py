"""What is told at a glance is what a judgement would say; most of a large list is."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp import evaluate, load
from pytest_icp.authoring.strategies.documents import Document
from pytest_icp.rules.settings import Settings
from tests.glances import counted, no_glances
from tests.helpers import ROOT
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


@given(SITUATIONS, st.integers(1, 2), st.sampled_from(("calendar", "180")))
def test_a_glance_changes_no_result(
    court: Court, situation: Situation, times: int, six_months: str
) -> None:
    longer = situation.having(several(situation.document, times))
    settings = {**situation.settings, "six_months": six_months}
    results = court.results(replace(longer, settings=settings))
    with no_glances():
        assert court.results(replace(longer, settings=settings)) == results


def test_a_large_description_is_seen_at_a_glance(tmp_path: Path) -> None:
    made = runpy.run_path(str(ROOT / "benchmarks" / "generate.py"))
    subjects = 1300
    description = load(made["write"](tmp_path, subjects))
    with counted() as labels:
        results = evaluate(description, as_of=made["AS_OF"], settings=Settings())
    ours = {subject["id"] for kind in made["KINDS"] for subject in description.facts[kind][-100:]}
    assert sum(result.subjects for result in results) > subjects
    # Services have a note each, and are looked at for what they offer.
    looked_at = [label for label in labels if label in ours and not label.startswith("service-")]
    assert len(looked_at) < subjects / 100
