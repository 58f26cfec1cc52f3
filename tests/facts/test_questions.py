from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_icp.facts.questions import Question, RuleFacts, questions, title_of
from pytest_icp.law.text import Text, plain


def asked(rule: str, *facts: str) -> RuleFacts:
    return RuleFacts(rule=rule, title=Text(f"{rule} 标题", f"{rule} title"), facts=facts)


def paths(found: tuple[Question, ...], above: str = "") -> Iterator[str]:
    """The dotted paths of the plain facts among the questions."""
    for question in found:
        path = f"{above}{question.name}"
        if not question.groups:
            yield path
        for group in question.groups:
            yield from paths(group.questions, f"{path}.")


def test_a_fact_is_asked_for_with_what_it_stands_in() -> None:
    (renewal,) = questions([asked("SP12/renewal", "renewal.applied_on")])
    assert (renewal.name, renewal.repeated) == ("renewal", False)
    (applied_on,) = renewal.groups[0].questions
    assert applied_on.fact.title == Text("申请延续日期", "Applied on")
    assert applied_on.example == "2023-12-07"
    assert applied_on.rules == ("SP12/renewal",)


def test_the_order_is_that_of_the_schema() -> None:
    found = questions([asked("A/b", "sites.production", "company.name", "sites.name")])
    assert list(paths(found)) == ["company.name", "sites.id", "sites.name", "sites.production"]


def test_what_the_schema_requires_of_an_element_is_there_without_a_rule() -> None:
    (sites,) = questions([asked("A/b", "sites.production")])
    assert sites.repeated
    assert [(one.name, one.rules) for one in sites.groups[0].questions] == [
        ("id", ()),
        ("production", ("A/b",)),
    ]


def test_an_object_that_is_read_whole_is_asked_for_member_by_member() -> None:
    (servers,) = questions(
        [asked("A/where", "servers.location"), asked("A/abroad", "servers.location.country")]
    )
    _, location = servers.groups[0].questions
    members = {one.name: one.rules for one in location.groups[0].questions}
    assert list(members)[:3] == ["text", "country", "province"]
    assert members["country"] == ("A/abroad", "A/where")
    assert members["province"] == ("A/where",)
    assert "cloud_region" in members


def test_a_list_that_is_read_whole_is_asked_for_as_in_its_example() -> None:
    found = questions([asked("A/some", "licence.attachments")])
    assert list(paths(found)) == [
        "licence.attachments.id",
        "licence.attachments.kind",
        "licence.attachments.name",
    ]


def test_one_of_several_members_is_a_plain_fact() -> None:
    assert list(paths(questions([asked("A/b", "log_stores.retention")]))) == [
        "log_stores.id",
        "log_stores.retention",
    ]


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("renewal.intention", ("renew", "exit", "undecided")),
        ("company.name", ()),
    ],
)
def test_the_choices_of_a_fact(fact: str, words: tuple[str, ...]) -> None:
    (top,) = questions([asked("A/b", fact)])
    assert top.groups[0].questions[0].words == words


def test_the_choices_of_the_elements_of_a_list() -> None:
    (stores,) = questions([asked("A/b", "log_stores.kinds")])
    assert "login" in stores.groups[0].questions[1].words


def test_each_rule_has_an_entry_of_its_own_among_the_documents() -> None:
    facts = ("attestations.rule", "attestations.owner.role")
    found = questions([asked("LIC/scan", *facts), asked("SP09/system", *facts, "sites.id")])
    register = found[-1]
    first, second = register.groups
    assert first.about == Text("LIC/scan 标题", "LIC/scan title")
    assert [one.example for one in first.questions[:2]] == ["lic-scan", "LIC/scan"]
    assert [one.example for one in second.questions[:2]] == ["sp09-system", "SP09/system"]
    assert [one.rules for one in second.questions] == [(), ("SP09/system",), ("SP09/system",)]


def test_a_fact_that_the_schema_does_not_know_is_not_asked_for() -> None:
    assert questions([asked("A/b", "no_such_thing", "sites.nor_this")]) != ()
    assert list(paths(questions([asked("A/b", "no_such_thing", "sites.nor_this")]))) == ["sites.id"]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        (
            "sites.home_page.snapshot",
            Text("网站 › 主页 › 快照文件", "Sites › Home page › Snapshot"),
        ),
        ("nowhere", plain("nowhere")),
    ],
)
def test_the_titles_down_to_a_fact(path: str, title: Text) -> None:
    assert title_of(path) == title


def test_a_register_that_is_read_whole_is_a_list_like_others() -> None:
    found = questions([asked("A/some", "attestations")])
    assert list(paths(found)) == [
        "attestations.id",
        "attestations.rule",
        "attestations.statement",
    ]
