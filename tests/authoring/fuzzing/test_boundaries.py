"""Where a verdict flips: each edge of a term and of a number, tried without a search."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.boundaries import (
    duty_of,
    flips_at_the_end_of_the_term,
    flips_at_the_stated_number,
)
from pytest_icp.authoring.fuzzing.tried import BrokenLaw
from pytest_icp.authoring.strategies.moves import trial_of
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.kinds import Kind
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Obligation
from tests.authoring.fuzzing.fuzzed import situation
from tests.changed_law import changed, under
from tests.obligations import applicability, citation, obligation, version, written

UPDATED = Text("按期更新", "Updated in time")
EVENT = {"id": "e", "kind": "address", "changed_on": "2024-01-31"}


def deadline(each: str = "corporate_events", **given: Any) -> Obligation:
    fields = {"act": "system_updated_on", "anchor": "changed_on", "within": {"days": 30}}
    said = {"title": UPDATED, "quote": None, "basis": "own"}
    return obligation("dated", each, **{**said, **fields, **given})


def breaches(
    made: Obligation, facts: dict[str, Any], *days: str, trial: Trial | None = None
) -> list[BrokenLaw]:
    known = trial or trial_of(made, None)
    return [*flips_at_the_end_of_the_term(known, situation(facts), days=days or ("2024-01-31",))]


def shorter(made: Obligation, days: int = 29) -> Trial:
    """Return a trial whose check takes a term for shorter than it is."""
    known = trial_of(made, None)
    given = written(made)
    field, rule = next((f, given[f]) for f in ("within", "ahead") if f in given)
    unit = next(name for name, n in rule.items() if isinstance(n, int))
    other = obligation(**{**given, field: {**rule, unit: days}})
    kind = known.kinds["dated"]

    def check(_: Obligation, context: Any) -> Any:
        return kind.check(replace(made, spec=other.spec), context)

    return replace(known, kinds={"dated": Kind("dated", kind.spec, check)})


def test_a_right_term_flips_on_its_last_day() -> None:
    facts = {"corporate_events": [EVENT, {**EVENT, "id": "f"}]}
    assert breaches(deadline(), facts, "2024-01-31", "2024-02-09") == []


def test_a_day_short_and_a_day_long_are_found() -> None:
    facts = {"corporate_events": [EVENT]}
    made = deadline()
    for days, found in ((29, "violated"), (31, "satisfied")):
        first = breaches(made, facts, trial=shorter(made, days))[0]
        assert (first.law, first.found) == (say.BOUNDARY_LAW, found)
        assert "the policy declares 30 days after" in first.why.en


def test_nothing_is_owed_before_the_law() -> None:
    made = deadline(cites=(citation(version("2023-01-01")),), basis="statute")
    facts = {"corporate_events": [EVENT]}
    short = replace(shorter(made), obligation=made)
    assert breaches(made, facts, "2020-01-31", trial=short) == []
    assert breaches(made, facts, "2024-01-31", trial=short) != []


def test_an_event_that_no_description_has_is_not_tried() -> None:
    made = deadline(anchor="no_such_day")
    assert breaches(made, {"corporate_events": [EVENT]}) == []


def test_several_events_of_which_the_first_counts() -> None:
    made = deadline(anchor=["decided_on", "changed_on"])
    assert breaches(made, {"corporate_events": [EVENT]}) == []


def test_terms_of_hours_run_to_the_second() -> None:
    made = deadline("incidents", within={"hours": 24}, anchor="detected_at", act="first_action_at")
    facts = {"incidents": [{"id": "i"}]}
    assert duty_of(made).exact  # type: ignore[union-attr]  # it has one
    assert breaches(made, facts) == []
    assert breaches(made, facts, trial=shorter(made, 23)) != []


FILED = {"of": "filings", "at": "submitted_at", "where": {"kind": "apply"}}


@pytest.mark.parametrize(
    ("filings", "right", "tried"),
    [
        ([{"id": "f", "kind": "x"}, {"id": "g", "kind": "apply"}], FILED, True),
        ([{"id": "f", "kind": "x"}], FILED, False),
        (None, FILED, False),
        ([{"id": "g", "kind": "apply"}], {**FILED, "at": "no_such_day"}, False),
    ],
)
def test_of_records_one_that_counts_is_dated(filings: Any, right: Any, *, tried: bool) -> None:
    made = deadline(act=right)
    facts = {"corporate_events": [{**EVENT, "filings": filings}]}
    assert breaches(made, facts) == []
    assert bool(breaches(made, facts, trial=shorter(made))) is tried


# ---- Numbers


def numbers(made: Obligation, facts: dict[str, Any], trial: Trial | None = None) -> list[BrokenLaw]:
    known = trial or trial_of(made, None)
    return [*flips_at_the_stated_number(known, situation(facts))]


def staffed(title: Text, require: dict[str, Any]) -> Obligation:
    return obligation(
        "condition", "customer_service", title=title, quote=None, require={"staff_count": require}
    )


STAFF = {"customer_service": {"staff_count": 5}}


@pytest.mark.parametrize(
    ("title", "right", "wrong"),
    [
        (Text("不少于3人", "x"), {"minimum": 3}, {"minimum": 4}),
        (Text("不超过3人", "x"), {"maximum": 3}, {"exclusiveMaximum": 3}),
        (Text("超过3人", "x"), {"exclusiveMinimum": 3}, {"minimum": 3}),
        (Text("少于3人", "x"), {"exclusiveMaximum": 3}, {"maximum": 3}),
    ],
)
def test_the_number_that_is_said(title: Text, right: Any, wrong: Any) -> None:
    assert numbers(staffed(title, right), STAFF) == []
    first = numbers(staffed(title, wrong), STAFF)[0]
    assert (first.law, first.situation.document["customer_service"]) == (
        say.NUMBER_LAW,
        {"staff_count": 3},
    )


def ahead(**given: Any) -> Obligation:
    fields = {"act": "announced_on", "anchor": "effective_on", "ahead": {"days": 30}}
    said = {"title": UPDATED, "quote": None}
    return obligation("dated", "corporate_events", **said, **{**fields, **given})


STOP = {"id": "s", "kind": "stop_service", "decided_on": "2023-12-01", "effective_on": "2024-01-31"}


def test_the_licence_was_issued_before_the_term_ended() -> None:
    made = ahead(basis="licence")
    wrong = shorter(made)
    for issued, tried in (("2024-01-02", "2024-01-01"), ("2019-01-01", "2019-01-01"), (None, None)):
        facts = {"licence": {"first_issued_on": issued}, "corporate_events": [STOP]}
        found = breaches(made, facts, trial=wrong)
        days = {one.situation.document["licence"]["first_issued_on"] for one in found}
        assert days == ({tried} if tried else set())


def test_what_makes_the_duty_apply_began_before_the_term_ended() -> None:
    gate = applicability(when={"services": {"some": {"status": "production"}}})
    made = replace(ahead(basis="own"), applies=gate)
    service = {"id": "s", "status": "production", "launched_on": "2024-01-10"}
    facts = {"services": [service], "corporate_events": [STOP]}
    assert breaches(made, facts) == []
    assert breaches(made, facts, trial=shorter(made))


def test_a_deed_that_would_not_count_is_not_tried() -> None:
    act = {"at": "announced_on", "where": {"entity": "licensee"}}
    made = ahead(basis="own", act=act)
    for entity, tried in (("licensee", True), ("shareholder", False)):
        facts = {"corporate_events": [{**STOP, "entity": entity}]}
        assert breaches(made, facts) == []
        assert bool(breaches(made, facts, trial=shorter(made))) is tried


def test_what_was_decided_after_the_term_had_ended_is_not_tried() -> None:
    made = ahead(basis="own", where={"decided_on": {"not": "never"}})
    facts = {"corporate_events": [{**STOP, "decided_on": "2024-01-02"}]}
    assert breaches(made, facts, trial=shorter(made)) == []
    assert breaches(made, {"corporate_events": [STOP]}, trial=shorter(made))


def test_before_its_last_day_a_duty_may_not_apply_yet() -> None:
    made = ahead(basis="own", where={"decided_on": {"not": "never"}})
    assert breaches(made, {"corporate_events": [{**STOP, "decided_on": "2023-12-31"}]}) == []


LICENSED = {"licence": {"issued_on": "2019-01-01", "first_issued_on": "2019-01-01"}}


@pytest.mark.parametrize("more", [{}, {"running": True}, {"grace": "2024-03-10"}])
def test_a_number_that_changed_flips_where_its_day_says(more: dict[str, Any]) -> None:
    numbers = changed("p12.update", 30, 20, "2024-02-01", **more)
    _, made = under("SP12/update", numbers)
    facts = {**LICENSED, "corporate_events": [{**EVENT, "entity": "licensee"}]}
    days = ("2024-01-31", "2024-02-01", "2024-02-20")
    assert duty_of(made) is not None
    assert breaches(made, facts, *days) == []


def test_a_check_that_takes_the_newest_value_for_every_day_is_found() -> None:
    _, made = under("SP12/update", changed("p12.update", 30, 20, "2024-02-01"))
    newest = made.terms[0].newest
    number = replace(made.terms[0], values=(newest,))
    spec: Any = made.spec
    wrong = replace(made, spec=replace(spec, within=replace(spec.within, days=number)))
    kind = trial_of(made, None).kinds["dated"]

    def check(_: Obligation, context: Any) -> Any:
        return kind.check(wrong, context)

    trial = replace(trial_of(made, None), kinds={"dated": Kind("dated", kind.spec, check)})
    facts = {**LICENSED, "corporate_events": [{**EVENT, "entity": "licensee"}]}
    assert breaches(made, facts, "2024-02-01", trial=trial) == []
    assert breaches(made, facts, "2024-01-31", trial=trial) != []
