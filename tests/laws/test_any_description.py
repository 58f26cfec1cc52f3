"""Whatever the schema allows is either refused with a place or decided; nothing crashes."""

from __future__ import annotations

from hypothesis import event, given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp import evaluate
from pytest_icp.authoring.strategies.trial import is_valid
from pytest_icp.facts.evidence import papers
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.errors import InputError
from pytest_icp.rules.settings import Settings
from tests.laws.conftest import Court
from tests.laws.strategies import (
    AS_OF,
    Situation,
    collections,
    descriptions,
    example_files,
    obligations,
    situations,
)

SETTINGS = st.builds(
    Settings,
    warn_days=st.integers(0) | st.integers(0, 400),
    lookback_days=st.integers(0) | st.integers(0, 800),
    six_months=st.sampled_from(["calendar", "180"]),
    site_search=st.sampled_from(["own", "strict"]),
    papers=st.lists(st.sampled_from(papers()), max_size=2),
)
NEW = st.builds(
    lambda document, as_of: Situation(document=document, as_of=as_of, files=example_files()),
    descriptions(),
    AS_OF,
)
KNOWN = st.builds(
    lambda situation, as_of: replace(situation, as_of=as_of or situation.as_of),
    situations(changes=6),
    st.just("") | AS_OF,
)


@given(NEW | KNOWN, SETTINGS)
def test_it_is_refused_with_a_place_or_every_obligation_is_decided(
    court: Court, situation: Situation, settings: Settings
) -> None:
    assert is_valid(situation.document)
    try:
        description = court.read(situation)
    except InputError as error:
        event("refused")
        assert error.place is not None
        assert error.place.line is not None
        return
    for result in evaluate(description, as_of=situation.as_of, settings=settings):
        amiss = result.verdict in {Verdict.VIOLATED, Verdict.UNKNOWN}
        # What is amiss is laid to something; what is not is explained.
        assert amiss == any(finding.verdict is result.verdict for finding in result.findings)
        assert result.reason.zh
        assert result.reason.en


def test_every_collection_that_an_obligation_reads_is_drawn() -> None:
    assert {
        o.each.lstrip("/").replace("/", ".").partition(".")[0] for _, o in obligations().values()
    } <= {*collections()}
