"""What has nothing to do with a duty moves no verdict: order, other subjects, other policies."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp.authoring.strategies.shapes import values_at
from pytest_icp.authoring.strategies.trial import Document, Tokens, dotted, is_valid, value_at
from pytest_icp.facts.files.properties import completed, members
from pytest_icp.facts.plans import REFERENCE, marked, time_plan
from pytest_icp.kinds.policies import default_policies
from pytest_icp.rules.contradictions import contradictions
from tests.helpers import UNSTATED
from tests.laws.conftest import Court
from tests.laws.strategies import (
    Situation,
    collections,
    example,
    obligations,
    read_paths,
    reads,
    situations,
)

RULES = st.sampled_from(sorted(obligations()))


def shuffled(value: Any, order: Random) -> Any:
    """Return the same value with every list and every mapping in it in another order."""
    if isinstance(value, list):
        return order.sample([shuffled(element, order) for element in value], len(value))
    if isinstance(value, dict):
        names = order.sample(list(value), len(value))
        return {name: shuffled(value[name], order) for name in names}
    return value


@given(situations(), st.integers(0, 2**32))
def test_the_order_of_anything_does_not_matter(
    court: Court, situation: Situation, seed: int
) -> None:
    other = situation.having(shuffled(situation.document, Random(seed)))
    assert court.verdicts(other) == court.verdicts(situation)


# Elements that no duty is about: not in production, retired, of another kind, of another rule.
BYSTANDERS: Document = {
    "complaints": {"received_at": "2999-01-01"},
    "construction_projects": {"kind": "lan"},
    "equipment": {"network_access_licence_required": False},
    "inspections": {"notice_on": "2999-01-01"},
    "network_links": {
        "kind": "lan",
        "mode": "built",
        "international": False,
        "crosses_premises": False,
    },
    "numbering_resources": {"in_use": False},
    "resource_grants": {"from": "2999-01-01"},
    "apps": {"listed_on": "2999-01-01"},
    "open_platform_publishers": {"status": "closed", "first_published_on": "never"},
    "public_accounts": {"status": "closed", "first_published_on": "never"},
    "releases": {"kind": "change", "major": False, "trigger": []},
    "security_assessments": {"completed_on": "never"},
    "threat_notices": {"received_at": "2999-01-01"},
    "charges": {"charged_at": "2999-01-01"},
    "claims": {"made_on": "2999-01-01"},
    "emergency_plans": {
        **dict.fromkeys(("first_approved_on", "approved_on", "drilled_on"), "never"),
        "document": "plan.pdf",
        "version": "1",
    },
    "own_content_reviews": {"reviewed_on": "never"},
    "price_list": {"valid_from": "2999-01-01"},
    "security_controls": {"live_on": "2999-01-01"},
    "security_staff": {"full_time": False},
    "service_ads": {"first_run_on": "2999-01-01"},
    "staff_filings": {"filed_on": "never"},
    "systems": {"production": False},
    "authority_requests": {"received_at": "2999-01-01"},
    "data_stores": {"in_service_on": "2999-01-01"},
    "incidents": {"detected_at": "2999-01-01"},
    "network_units": {"in_production_on": "2999-01-01"},
    "other_licences": {"obtained_on": "2999-01-01", "valid_until": "none"},
    "pi_audits": {"ordered": False, "done_on": "never"},
    "pi_self_checks": {"done_on": "never"},
    "pi_trainings": {"done_on": "never"},
    "pias": {"done_on": "never", "processing_started_on": "never"},
    "annual_reports": {
        "year_of_submission": 2001,
        "covers_year": 2000,
        "submitted_at": "never",
    },
    "attestations": {"rule": "SP99/other", "document": "nowhere.txt", **UNSTATED},
    "business_places": {"main": False},
    "corporate_events": {"kind": "merger", "changes_operating_entity": False},
    "domains": {"production": False, "registrant": {"kind": "other"}},
    "illegal_content_cases": {"discovered_at": "2999-01-01"},
    "log_stores": {"kinds": [], "content_services": [], "tamper_proof": True},
    "promo_materials": {"published_on": "2999-01-01"},
    "servers": {"production": False, "location": {"country": "US"}, "site_ids": []},
    "services": {"status": "planned", "features": {"messaging": "group_chat"}},
    "vulnerabilities": {"found_at": "2999-01-01"},
    "sites": {"production": False, "commercial": True, "public": True, "domains": []},
}


@given(situations(), st.sampled_from(sorted(BYSTANDERS)), st.integers(0, 9))
def test_an_element_that_is_not_meant_does_not_matter(
    court: Court, situation: Situation, name: str, index: int
) -> None:
    elements = situation.document.get(name)
    # Where nothing is declared, one element would say that there are no others.
    assume(elements is not None)
    more = [*elements]
    more.insert(index, {"id": "a bystander", **BYSTANDERS[name]})
    other = situation.having({**situation.document, name: more})
    assert is_valid(other.document)
    assert court.verdicts(other) == court.verdicts(situation)


ALL_MEANT = {"approvals", "collection_agents", "market_conduct", "push_channels"}
"""Lists of which every element is meant, whatever it says."""


def test_every_list_that_is_read_has_a_bystander() -> None:
    lists = {name for name in collections() if isinstance(example().get(name), list)}
    # The papers that are asked for are words.
    assert lists - {"papers"} == set(BYSTANDERS) | ALL_MEANT


KNOWN = contradictions()
# A number that is left out is told by what it is the sum of; a contradicted fact is doubted.
COMPARED = {path for one in (*KNOWN.contradictions, *KNOWN.sums) for path in one.reads()}
READ = {*read_paths(), *COMPARED, "licence.service_lines"}


@cache
def is_read(path: str) -> bool:
    """Whether a duty reads a fact, the object that it stands in, or something in it."""
    return any(f"{one}.".startswith(f"{path}.") or f"{path}.".startswith(f"{one}.") for one in READ)


def below(plan: Any, path: str) -> Any:
    """Follow a plan of the schema to the object at a path; None where there is nothing in it."""
    for name in path.split(".") if path else ():
        plan = plan.children.get(name) if plan else None
    return plan


@cache
def unread_names(path: str) -> tuple[str, ...]:
    """What the object at a path may say besides, of which no verdict hears."""
    made_of, times = members("description", path), below(time_plan("description"), path)
    names = below(marked("description", REFERENCE), path)
    # An id tells elements apart or joins them; before its first day an element is not there.
    telling = {"id", *(names.fields if names else ())}
    telling |= {name for name, role in (times.fields if times else {}).items() if role == "begins"}
    inside = {name: f"{path}.{name}".lstrip(".") for name in made_of.names if path}
    return tuple(
        name
        for name, whole in inside.items()
        if name not in telling and not made_of.single and not is_read(whole)
    )


def beside(value: Any, at: Tokens = ()) -> Iterator[Tokens]:
    """Yield where a fact stands, or may stand, that no duty reads."""
    path = dotted(at).replace("[]", "")
    unread = unread_names(path) if isinstance(value, dict) else ()
    yield from ((*at, name) for name in unread)
    for name, member in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(member, list | dict) and name not in unread:
            yield from beside(member, (*at, name))


@given(situations(), st.data())
def test_facts_that_no_duty_reads_do_not_matter(
    court: Court, situation: Situation, data: st.DataObject
) -> None:
    places = [*beside(situation.document)]
    document = copy.deepcopy(situation.document)
    for at in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=9, unique=True)):
        value_at(document, at[:-1])[at[-1]] = data.draw(values_at(at))
    # A decision has its day beside it.
    document = completed(document, "description")
    assert is_valid(document)
    assert court.verdicts(situation.having(document)) == court.verdicts(situation)


def kept(value: Any, paths: set[tuple[str, ...]]) -> Any:
    """Return a value with nothing but what some paths lead to, and what tells elements apart."""
    if () in paths:
        return value
    if isinstance(value, list):
        return [kept(element, paths) for element in value]
    if not isinstance(value, dict):
        return value
    below = {name: {path[1:] for path in paths if path[0] == name} for name in value}
    always = {"id", "apiVersion"}
    return {
        name: member if name in always else kept(member, below[name])
        for name, member in value.items()
        if name in always or below[name]
    }


def begins(value: str) -> set[tuple[str, ...]]:
    plan = time_plan("description").children.get(value)
    roles = plan.fields if plan else {}
    return {(value, name) for name, role in roles.items() if role == "begins"}


def compared_with(paths: set[tuple[str, ...]]) -> set[str]:
    """Return the facts that contradict some, or that some are the sum of."""
    compared = [set(one.reads()) for one in (*KNOWN.contradictions, *KNOWN.sums)]
    read = {".".join(path) for path in paths}
    return {path for one in compared if one & read for path in one}


@given(situations(), RULES)
def test_what_a_duty_is_said_to_read_decides_it(
    court: Court, situation: Situation, rule: str
) -> None:
    """What a duty reads, and what it is compared with, are all that moves its verdict."""
    policy, obligation = obligations()[rule]
    one = replace(policy, obligations=(obligation,))
    paths = {tuple(path.split(".")) for path in reads(policy, obligation)}
    paths |= {tuple(path.split(".")) for path in compared_with(paths)}
    for name in {path[0] for path in paths}:
        paths |= begins(name)
    paths.add(("licence", "service_lines"))
    less = situation.having(kept(situation.document, paths))
    assert court.verdicts(less, policies=[one]) == court.verdicts(situation, policies=[one])


@given(situations(), st.sets(st.integers(0, len(default_policies()) - 1)), RULES)
def test_other_policies_do_not_matter(
    court: Court, situation: Situation, chosen: set[int], rule: str
) -> None:
    policy, duty = obligations()[rule]
    (whole,) = (one for one in policy.obligations if one.rule_id == duty.rule_id)
    alone = court.results(situation, policies=[replace(policy, obligations=(whole,))])
    others = [default_policies()[i] for i in chosen if default_policies()[i] is not policy]
    among = court.results(situation, policies=[*others, policy])
    if alone:
        assert alone[whole.rule_id] == among[whole.rule_id]


@given(situations())
def test_deciding_again_says_the_same_and_it_travels_as_json(
    court: Court, situation: Situation
) -> None:
    first, second = court.results(situation), court.results(situation)
    assert [*first.items()] == [*second.items()]
    for result in first.values():
        written = result.to_json()
        assert primitive(written)
        assert type(result).from_json(json.loads(json.dumps(written))) == result


def primitive(value: Any) -> bool:
    """Whether a value is of JSON's own types, and of no class derived from them."""
    if type(value) in {list, tuple}:
        return all(map(primitive, value))
    if type(value) is dict:
        return all(type(key) is str and primitive(member) for key, member in value.items())
    return type(value) in {str, int, bool, type(None)}
