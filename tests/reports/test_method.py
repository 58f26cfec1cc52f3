from __future__ import annotations

from pytest_icp.facts.fields import title_of
from pytest_icp.kinds.policies import default_policies
from pytest_icp.reports.method import method
from pytest_icp.rules.policy import Applicability, Obligation
from tests.chinese import bare_words
from tests.helpers import for_each
from tests.obligations import applicability, obligation, own_title

PUBLISHED = [
    one for policy in default_policies() for rule in policy.obligations for one in rule.each_part
]


def said(made: Obligation) -> list[str]:
    """The rows in English, and as many in Chinese."""
    rows = method(made, own_title)
    assert all(label.zh and text.zh for label, text in rows)
    return [f"{label.en}: {text.en}" for label, text in rows]


def test_who_is_bound_comes_before_the_subjects() -> None:
    rule = Applicability(items=("B25",), without=("B25.im",), operates=("B25.search",))
    assert said(obligation("condition", require={"public": True}, applies=rule))[:3] == [
        "applies to licences of: information services",
        "applies to licences without: instant interaction",
        "applies to who operates: search and retrieval",
    ]


def test_the_subjects_come_first() -> None:
    made = obligation(
        "condition",
        where={"production": True},
        require={"public": True},
        applies=applicability(items=("B25.search", "B21"), when={"sites": {"some": {}}}),
    )
    assert said(made) == [
        "applies to licences of: search and retrieval; online data and transaction processing",
        "applies when: “SITES” is not empty",
        "subjects: “SITES” (sites)",
        "only where: “PRODUCTION” is true",
        "required: “PUBLIC” is true",
    ]


@for_each("one", PUBLISHED, ids=lambda one: one.own_id)
def test_a_published_rule_names_choices_in_chinese(one: Obligation) -> None:
    assert not bare_words(text for _, text in method(one, title_of))
