from __future__ import annotations

from msgspec.structs import replace

from pytest_icp.kinds.finding import Cited
from pytest_icp.law.text import Text
from pytest_icp.reports.rules import help_markdown, help_text, parts, rules
from tests.results import ARTICLE
from tests.runs import RUN, VIOLATED


def test_rules_are_each_there_once_in_order() -> None:
    twice = (*RUN.results, replace(VIOLATED, description="other.icp.yaml"))
    ids = [rule.id for rule in rules(replace(RUN, results=twice))]
    assert ids == sorted(set(ids))
    assert len(ids) == len(RUN.results)


def test_the_help_has_the_article_its_translation_the_statute_and_the_provision() -> None:
    (rule,) = rules(replace(RUN, results=(VIOLATED,)))
    for text in (
        help_text(parts(rule), "both"),
        help_markdown(rule.title, parts(rule), "both"),
    ):
        for words in (
            "应当提前90日",
            "90 days in advance",
            "示例法第一条",
            "The words.",
            "Apply now.",
        ):
            assert words in text
        assert "你公司遇有工商登记的住所" in text
        assert "“Registration with the industry" in text.replace("&#34;", '"')
    assert help_markdown(rule.title, parts(rule), "en").split("\n\n")[:2] == [
        "# Renewal is applied for 90 days ahead",
        "## meaning",
    ]


def test_a_rule_of_ones_own_may_have_neither_quote_nor_policy() -> None:
    label = Cited(label=Text("某法", "Some Law"))
    own = replace(VIOLATED, quote=None, cited=(ARTICLE, ARTICLE, label))
    (rule,) = rules(replace(RUN, results=(own,), policies=()))
    text = help_text(parts(rule), "en")
    assert "article" not in text
    assert text.count("The words.") == 1
    assert "statute:\nSome Law\n" in text
    assert "The provision in full" not in text


def test_a_provision_without_a_reading() -> None:
    policies = tuple(replace(policy, reading=None) for policy in RUN.policies)
    (rule,) = rules(replace(RUN, results=(VIOLATED,), policies=policies))
    assert "How it is interpreted" not in help_text(parts(rule), "en")


def test_a_heading_stands_once_over_what_follows_it() -> None:
    other = Cited(label=Text("某法", "Some Law"))
    (rule,) = rules(replace(RUN, results=(replace(VIOLATED, cited=(ARTICLE, other)),)))
    assert help_markdown(rule.title, parts(rule), "en").count("\n\n## statute\n\n") == 1
    assert help_text(parts(rule), "en").count("\n\nstatute:\n") == 2
