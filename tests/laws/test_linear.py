"""Twice the resources take twice the work: calls are counted, not seconds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from cProfile import Profile
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.engine import binding, decide, prepare
from pytest_icp.facts.description import Description, load
from pytest_icp.facts.plans import time_plan
from pytest_icp.kinds.locator import Doubt
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.policy import Obligation, Policy, facts_read
from tests.helpers import ROOT

PLAN = time_plan("description")
AS_OF = as_of_instant("2023-11-20")
GROWN = ("sites", "servers", "services", "log_stores", "domains", "data_stores")
NUMBERS = (30, 60)
"""Of most lists either both or neither make more than what is judged one by one."""

FEW = 2000
"""Calls that are too few to tell how they grow."""

JOINS = (
    "approvals.service_ids",
    "attestations.rule",
    "charges.item",
    "data_stores.in_service_on",
    "price_list.item",
    "security_assessments.release_id",
    "security_controls.covers",
    "servers.site_ids",
)
"""Facts by which one list is joined to another: each may belong to each while it is not known."""

HOSTS = ("sites.domains", "licence.attachments.domains")
"""Facts that join by host."""

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def calls(work: Callable[[], object]) -> int:
    counting = Profile()
    counting.runcall(work)
    return sum(one.callcount for one in counting.getstats())


def grown(described: Description, n: int, names: Iterable[str] = GROWN) -> Description:
    """Return a description with so many of each resource; no two are alike."""
    facts: dict[str, Any] = {**described.facts}
    for name in names:
        facts[name] = [
            {**one, "id": f"{one['id']}-{i}", "name": f"{one.get('name', name)} {i}"}
            for i in range(n)
            for one in facts[name]
        ]
    return replace(described, facts=facts)


def rules_of(described: Description) -> list[tuple[Policy, Obligation]]:
    policies = binding(default_policies(), described)
    return [(policy, obligation) for policy in policies for obligation in policy.obligations]


def work_of_rules(
    described: Description, rules: Iterable[tuple[Policy, Obligation]]
) -> Mapping[str, int]:
    scene = prepare(described, as_of=AS_OF)
    return {
        obligation.rule_id: calls(partial(decide, scene, policy, obligation))
        for policy, obligation in rules
    }


def more_than_linear(once: Mapping[str, int], twice: Mapping[str, int]) -> set[str]:
    return {rule for rule, work in twice.items() if work > max(FEW, 2.5 * once[rule])}


def test_rules_take_twice_the_work_for_twice_the_resources() -> None:
    described = load(ROOT / "examples/etaoche/etaoche.icp.yaml")
    rules = rules_of(described)
    work_of_rules(described, rules)
    assert not more_than_linear(*(work_of_rules(grown(described, n), rules) for n in NUMBERS))


@pytest.mark.parametrize("join", JOINS)
def test_what_joins_is_not_known(described: Description, join: str) -> None:
    rules = [(policy, rule) for policy, rule in rules_of(described) if join in facts_read(rule)]
    work_of_rules(described, rules)
    once, twice = (work_of_rules(without(related(described, n), join), rules) for n in NUMBERS)
    assert rules
    assert not more_than_linear(once, twice)


def test_what_perhaps_is_not_there(described: Description) -> None:
    rules = rules_of(described)
    days = dict.fromkeys(day for fact in described.facts for _, day in PLAN.beginnings(fact))

    def undated(n: int) -> Description:
        whole = related(described, n)
        lists = {name: value for name, value in whole.facts.items() if isinstance(value, list)}
        begun: Any = {
            name: [{**one, **{day: None for day in days if day in one}} for one in value]
            for name, value in lists.items()
            if name != "papers"
        }
        return replace(whole, facts={**whole.facts, **begun})

    assert len(days) > 10
    work_of_rules(described, rules)
    once, twice, again = (work_of_rules(undated(n), rules) for n in (*NUMBERS, 2 * NUMBERS[1]))
    # Of many subjects it is asked what they have alike: that begins in one of the two steps.
    assert not more_than_linear(once, twice) & more_than_linear(twice, again)


def test_hosts_join_sites_to_the_attached_page(described: Description) -> None:
    rules = [one for one in rules_of(described) if {*HOSTS} <= {*facts_read(one[1])}]
    once, twice = (work_of_rules(hosted(described, n), rules) for n in NUMBERS)
    assert rules
    assert not more_than_linear(once, twice)


def test_contradictions_are_found_by_what_joins(described: Description) -> None:
    of_children = {"personal_info": True, "under_14": True, "sensitive": True}
    stores: Any = described.facts["data_stores"]
    facts = {"data_stores": [{**one, **of_children} for one in stores]}
    few = replace(described, facts={"licence": described.facts["licence"], **facts})
    once, twice = (calls(partial(prepare, grown(few, n, facts), as_of=AS_OF)) for n in NUMBERS)
    assert twice < 2.5 * once


def test_contradictions_of_many_subjects(described: Description) -> None:
    doubted = {"data_stores.sensitive", "releases.kind"}
    rules = [one for one in rules_of(described) if doubted & {*facts_read(one[1])}]

    def contradicting(n: int) -> Description:
        whole = related(described, n)
        stores: Any = whole.facts["data_stores"]
        of_children = {"personal_info": True, "under_14": True, "sensitive": False}
        told = {"data_stores": [{**one, **of_children} for one in stores], "releases": []}
        return replace(whole, facts={**whole.facts, **told})

    def found(n: int) -> Sequence[Doubt]:
        return prepare(contradicting(n), as_of=AS_OF).contested.doubts

    assert all(len(found(n)) > 2 * n for n in NUMBERS)
    once, twice = (calls(partial(found, n)) for n in NUMBERS)
    assert twice < 2.5 * once
    work_of_rules(described, rules)
    first, second, third = (
        work_of_rules(contradicting(n), rules) for n in (*NUMBERS, 2 * NUMBERS[1])
    )
    # Of many subjects it is asked what they have alike: that begins in one of the two steps.
    assert not more_than_linear(first, second) & more_than_linear(second, third)


@pytest.fixture(scope="module")
def described() -> Description:
    """A description in which something is in every list that others are joined to."""
    whole = load(ROOT / "examples/etaoche/etaoche.icp.yaml")
    services: Any = whole.facts["services"]
    news = {"id": "news", "kind": "news", "service_ids": ["news"], "valid_from": "2020-01-01"}
    regulated = {"features": {**services[0]["features"], "regulated_content": ["news"]}}
    facts = {**whole.facts, "approvals": [news], "services": [{**services[0], **regulated}]}
    return replace(whole, facts=facts)


def related(described: Description, n: int) -> Description:
    """Return a description with so many of everything, each with days of its own.

    Prices are of so many items; of one item there are as many charges as prices, else.
    """

    def again(one: Any, i: int) -> Any:
        item = {"item": f"{one['item']} {i}"} if "item" in one else {}
        return {**earlier(one, i), "id": f"{one['id']}-{i}", **item}

    facts = {
        name: [again(one, i) for i in range(n) for one in value]
        if isinstance(value, list) and name != "papers"
        else value
        for name, value in described.facts.items()
    }
    return replace(described, facts=facts)


def hosted(described: Description, n: int) -> Description:
    """Return a description with so many sites on the attached page, each with a host of its own."""
    licence: Any = described.facts["licence"]
    lists: Any = (described.facts["sites"], licence["attachments"])
    sites, attachments = (
        [
            {**one, "id": f"{one['id']}-{i}", "domains": [f"s{i}.example.cn"]}
            for one in elements
            for i in range(n)
        ]
        for elements in lists
    )
    facts = {"sites": sites, "licence": {**licence, "attachments": attachments}}
    return replace(described, facts={**described.facts, **facts})


def earlier(value: Any, days: int) -> Any:
    """Return a fact with each day in it moved."""
    if isinstance(value, str) and (day := DAY.match(value)):
        return f"{date.fromisoformat(day[0]) - timedelta(days)}{value[day.end() :]}"
    if isinstance(value, dict):
        return {name: earlier(part, days) for name, part in value.items()}
    return [earlier(part, days) for part in value] if isinstance(value, list) else value


def without(described: Description, path: str) -> Description:
    """Return a description in which a fact of the elements of a list is not known."""
    each, _, name = path.rpartition(".")
    elements: Any = described.facts[each]
    known = [{key: value for key, value in one.items() if key != name} for one in elements]
    return replace(described, facts={**described.facts, each: known})
