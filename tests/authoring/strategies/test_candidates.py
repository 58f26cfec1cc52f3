"""The values worth trying at a place: what the policy names, and what stands beside."""

from __future__ import annotations

from typing import Any

from pytest_icp.authoring.strategies.candidates import candidates, constants, declared, domains_of
from pytest_icp.authoring.strategies.documents import Tokens
from pytest_icp.authoring.strategies.verdicts import trial_of
from pytest_icp.facts.pages import find_numbers
from tests.changed_law import changed, under
from tests.obligations import citation, obligation, version

LICENCE = {"licence": {"attachments": [{"id": "a", "domains": ["example.cn"]}, {"id": "b"}]}}
CHANGED: Tokens = ("corporate_events", 0, "changed_on")
DETECTED: Tokens = ("incidents", 0, "detected_at")
FIRST: Tokens = ("incidents", 0, "first_action_at")


def worth(made: Any, at: Tokens, facts: dict[str, Any] | None = None) -> list[Any]:
    return candidates(trial_of(made, None), facts or {}, "2024-06-03", at)


def test_what_conditions_compare_with_and_one_step_beside() -> None:
    made = obligation(
        "condition",
        require={
            "every": {"not": {"kind": "x", "count": {"minimum": 3}}},
            "anyOf": [{"name": {"minLength": 1}}, {"state": {"enum": ["a", "b"]}}],
            "pattern": "^x",
        },
    )
    named = constants(trial_of(made, None))
    assert {name: named[name] for name in ("kind", "count", "name", "state")} == {
        "kind": ["x"],
        "count": [3, 4, 2],
        "name": ["x", "xx", ""],
        "state": ["a", "b"],
    }


def test_closed_places_take_their_own_words_alone() -> None:
    made = obligation("condition", where={"public": True}, require={"public": "yes"})
    assert worth(made, ("sites", 0, "public")) == [True, False]


def test_numbers_that_are_declared() -> None:
    made = obligation("dated", "customer_service", within={"days": 30}, steps=[7])
    assert declared(trial_of(made, None)) == (("days", 30), ("steps", 7))
    assert worth(made, ("customer_service", "staff_count")) == [30, 31, 29, 7, 8, 6, 0, 1]


def test_no_place_and_what_the_reader_must_understand_have_none() -> None:
    made = obligation("condition", require={"number": "x"})
    assert worth(made, ("sites", 0, "nothing")) == []
    assert worth(made, ("licence", "number")) == []
    assert find_numbers("x").licences == ()


def test_texts_of_other_facts_and_hosts_beside_the_domains() -> None:
    made = obligation("condition", require={"name": {"minLength": 1}, "operator": {"name": "乙"}})
    facts = {**LICENCE, "sites": [{"id": "s", "name": "甲"}]}
    assert "甲" in worth(made, ("sites", 0, "operator", "name"), facts)
    assert "甲" not in worth(made, ("sites", 0, "name"), facts)
    hosts = worth(made, ("sites", 0, "domains", 0), facts)
    assert {"example.cn", "www.example.cn", "evil-example.cn", "EXAMPLE.CN"} <= {*hosts}
    assert domains_of(facts) == ["example.cn"]


def test_days_at_which_a_term_ends() -> None:
    made = obligation(
        "dated",
        "corporate_events",
        act="changed_on",
        anchor="effective_on",
        within={"days": 30},
        years=1,
        limit=-5,
        cites=(citation(version("2010-02-28")),),
    )
    facts = {"corporate_events": [{"id": "e", "effective_on": "2024-01-31", "changed_on": "soon"}]}
    days = worth(made, CHANGED, facts)
    assert days[0] == "never"
    ends = {"2024-03-01", "2024-03-02", "2024-02-29", "2024-01-01", "2025-06-03"}
    assert {*ends, "2024-06-03", "2010-02-28"} <= {*days}
    paper = obligation("evidence", "corporate_events", paper="paper", fresh=90)
    assert "2024-09-01" in worth(paper, CHANGED, facts)
    # The effective day itself is no reason to try the effective day.
    assert "2024-01-31" not in worth(made, ("corporate_events", 0, "effective_on"), facts)


def test_instants_to_the_second() -> None:
    made = obligation(
        "dated", "incidents", act="first_action_at", anchor="detected_at", within={"hours": 24}
    )
    facts = {"incidents": [{"id": "i", "detected_at": "2024-05-31T23:30:00+08:00"}]}
    ends = ("2024-06-01T23:30:00+08:00", "2024-06-01T23:30:01+08:00", "2024-06-01T23:29:59+08:00")
    assert {*ends, "2024-05-31T23:59:59+08:00"} <= {*worth(made, FIRST, facts)}
    assert ends[0] not in worth(made, DETECTED, facts)
    dated = {"incidents": [{"id": "i", "detected_at": "2024-05-31"}]}
    assert ends[0] not in worth(made, FIRST, dated)


def test_the_numbers_that_a_policy_declares() -> None:
    made = obligation(
        "condition",
        "releases",
        where={"now": {"minimum": {"of": "was", "times": 2}, "maximum": {"of": "was", "plus": 10}}},
        require={"score": {"anyOf": [{"minimum": 5}, {"const": True}]}},
    )
    assert declared(trial_of(made, None)) == (("times", 2), ("plus", 10), ("minimum", 5))
    kept = obligation("dated", reaches={"months": 6}, kept="kept")
    assert declared(trial_of(kept, None)) == (("months", 6),)


def test_former_values_of_a_number_are_tried_too_and_the_day_of_its_change() -> None:
    _, made = under("SP12/update", changed("p12.update", 30, 20, "2024-02-01"))
    assert declared(trial_of(made, None)) == (("days", 20), ("days", 30))
    document = {"corporate_events": [{"id": "e", "changed_on": "2023-01-01"}]}
    at = ("corporate_events", 0, "system_updated_on")
    tried = candidates(trial_of(made, None), document, "2024-06-01", at)
    assert {"2023-01-31", "2023-01-28", "2024-02-01"} <= {*map(str, tried)}


def test_what_a_fact_is_compared_with_is_no_constant() -> None:
    made = obligation("condition", "releases", require={"now": {"minimum": {"of": "was"}}})
    assert constants(trial_of(made, None)) == {}
