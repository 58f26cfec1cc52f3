"""The public strategies: what they make is valid, what it shrinks to, what Hypothesis finds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from pytest_icp import InputError, due, find_numbers, host_under, parse_scope
from pytest_icp.authoring import strategies
from pytest_icp.authoring.strategies import Situation
from pytest_icp.authoring.strategies.shapes import values_at
from pytest_icp.authoring.strategies.values import about, ends_of
from pytest_icp.facts.files.schema import validator
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.domains import normal_host
from pytest_icp.law.scope import PROVISO, Scope
from pytest_icp.law.times import CST


@given(strategies.descriptions())
def test_every_description_answers_to_the_schema(document: dict[str, Any]) -> None:
    assert validator("description").is_valid(document)


@given(strategies.licences())
def test_every_licence_answers_to_the_schema_and_can_be_read(licence: dict[str, Any]) -> None:
    assert validator("licence").is_valid({"apiVersion": "pytest-icp/v1", **licence})
    for line in licence.get("service_lines") or ():
        if line.get("name"):
            assert parse_scope(line.get("scope") or "", line["name"])


@given(strategies.corporate_events())
def test_every_event_answers_to_the_schema(event: dict[str, Any]) -> None:
    document = {"apiVersion": "pytest-icp/v1", "corporate_events": [event]}
    assert validator("description").is_valid(document)


@settings(max_examples=200)
@given(values_at(("service_ads", 0)))
def test_of_facts_that_exclude_each_other_one_is_drawn(advertisement: dict[str, Any]) -> None:
    assert not {"text", "file"} <= {*advertisement}


@given(strategies.licence_numbers())
def test_every_number_is_read_back(number: str) -> None:
    assert find_numbers(number).licences == (number,)


@given(strategies.scope_texts())
def test_every_scope_permits_something(text: str) -> None:
    assert parse_scope(text).permitted


@given(strategies.hosts(under="etaoche.cn"))
def test_every_host_lies_under_its_domain(host: str) -> None:
    assert host_under(host, "etaoche.cn")


@given(strategies.hosts())
def test_every_host_is_one(host: str) -> None:
    assert normal_host(host)


def test_a_term_may_be_said_to_end_on_several_days() -> None:
    limit = due(after=date(2024, 1, 10), days=30)
    assert ends_of(limit) == tuple(
        dict.fromkeys((limit.last, limit.raw, limit.safe, limit.certain))
    )
    instant = datetime(2024, 3, 6, 12, tzinfo=CST)
    assert (about(instant)[0], len(about(instant)), len(about(instant.date()))) == (instant, 5, 7)


@given(st.data(), st.dates(date(2020, 1, 1), date(2026, 6, 1)))
def test_instants_lie_within_two_days_of_an_end(data: st.DataObject, day: date) -> None:
    limit = due(after=day, days=30)
    instant = data.draw(strategies.instants_near(limit))
    ends = (limit.raw, limit.last, limit.safe, limit.certain)
    assert any(abs((instant.astimezone(CST).date() - end).days) <= 2 for end in ends)  # type: ignore[operator]  # days


@given(strategies.calendars())
def test_a_calendar_knows_its_years(calendar: Calendar) -> None:
    for year in calendar.years:
        assert calendar.known(date(year, 6, 1))
    assert not calendar.known(date(1999, 1, 1))


SMALLEST: dict[str, tuple[Callable[[], st.SearchStrategy[Any]], Any]] = {
    "licence_numbers": (strategies.licence_numbers, "京B2-20000001"),
    "scope_texts": (strategies.scope_texts, PROVISO),
    "hosts": (strategies.hosts, "www.cn"),
    "hosts under a domain": (lambda: strategies.hosts(under="etaoche.cn"), "etaoche.cn"),
    "instants_near": (
        lambda: strategies.instants_near(date(2024, 3, 6)),
        datetime(2024, 3, 6, 23, 59, 59, tzinfo=CST),
    ),
    "calendars": (lambda: strategies.calendars().map(lambda made: dict(made.years)), {}),
    "descriptions": (
        lambda: strategies.descriptions(facts=["renewal"]),
        {"apiVersion": "pytest-icp/v1"},
    ),
}


def smallest(made: st.SearchStrategy[Any]) -> Any:
    """Return what a strategy shrinks to."""
    quick = settings(
        max_examples=20, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    return find(made, lambda _: True, settings=quick)


@pytest.mark.parametrize("name", SMALLEST)
def test_examples_shrink_to_what_is_promised(name: str) -> None:
    made, least = SMALLEST[name]
    assert smallest(made()) == least


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: strategies.descriptions(facts=["company", "licences"]), "'licences'"),
        (lambda: strategies.hosts(under="a..b"), "empty label"),
        (lambda: strategies.instants_near("2024-03-06"), "2024-03-06"),  # type: ignore[arg-type]  # wrong on purpose
    ],
)
def test_a_wrong_argument_is_named(wrong: Callable[[], object], words: str) -> None:
    with pytest.raises(InvalidArgument, match=words):
        wrong()


@given(st.from_type(Calendar), st.from_type(Scope), st.from_type(Situation))
def test_hypothesis_makes_our_types(calendar: Calendar, scope: Scope, situation: Situation) -> None:
    assert isinstance(calendar, Calendar)
    assert scope.permitted
    assert situation.document["apiVersion"] == "pytest-icp/v1"


def test_hypothesis_finds_us_without_importing_what_is_heavy() -> None:
    code = "import sys, hypothesis; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "pytest_icp.authoring.strategies" in loaded
    assert not {"pytest_icp.engine", "jsonschema", "jsonschema_rs", "yaml"} & loaded


def test_there_is_no_other_name() -> None:
    assert set(strategies.__all__) <= set(dir(strategies))
    with pytest.raises(AttributeError, match="no attribute 'companies'"):
        _ = strategies.companies  # type: ignore[attr-defined]  # wrong on purpose


def test_without_hypothesis_a_strategy_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(InputError) as refused:
        _ = strategies.licences
    for language in ("zh", "en"):
        assert 'pip install "pytest-icp[fuzz]"' in refused.value.text(language)
