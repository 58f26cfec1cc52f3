"""What is said of policies that were written wrong, each in one way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pytest_icp.authoring.lint.run import remarks
from pytest_icp.facts.files.properties import resource
from pytest_icp.kinds.policies import written_policies
from pytest_icp.rules.policies import WrittenPolicy, select_policies
from tests.policies_of_ones_own import own_policies

Said = Callable[..., list[tuple[str, str]]]

RULE = """\
  - id: {name}
    title: {{zh: 标题, en: Title}}
    meaning: {{zh: 含义。, en: Meaning.}}
    fix: {{zh: 改正。, en: Fix it.}}
    level: {level}
    basis: own
"""


def rule(name: str, *lines: str, level: str = "mandatory") -> str:
    """Return an obligation with these lines."""
    return RULE.format(name=name, level=level) + "".join(f"    {line}\n" for line in lines)


def constraint(name: str, require: str, where: str = "{}", **given: str) -> str:
    return rule(
        name, "kind: condition", "each: sites", f"where: {where}", f"require: {require}", **given
    )


@pytest.fixture(scope="module")
def shipped() -> list[WrittenPolicy]:
    return [*written_policies([resource("policies")])]


@pytest.fixture
def said(tmp_path: Path, shipped: list[WrittenPolicy]) -> Said:
    """Says what is remarked upon: the code and the English words."""

    def lint(*obligations: str, day: str = "2026-06-30", law: str = "") -> list[tuple[str, str]]:
        folder = own_policies(tmp_path, obligations="".join(obligations))
        (folder / "parameters.yaml").unlink()
        if law:
            (folder / "statutes.yaml").write_text(law, "utf-8")
        every = [*shipped, *written_policies([folder])]
        made = remarks(select_policies(["ACME"], every), every, date.fromisoformat(day))
        return [(one.code, one.message.en) for one in made]

    return lint


NEVER = "{allOf: [true, false]}"


@pytest.mark.parametrize(
    ("written", "code", "words"),
    [
        (constraint("a", "{public: true}", f"{{production: {NEVER}}}"), "never", "never applies"),
        (constraint("a", f"{{public: {NEVER}}}"), "never", "can satisfy this"),
        (
            constraint("a", "{public: false}", "{public: true}"),
            "unsatisfiable",
            "nothing that the rule applies to can satisfy this",
        ),
        (constraint("a", "{public: true}", "{public: true}"), "always", "nothing can violate it"),
        (
            rule(
                "a",
                *("kind: condition", "each: licence"),
                "records: {of: /emergency_plans, "
                "where: {approved_on: {allOf: [never, {not: never}]}}}",
            ),
            "never",
            "no record can meet this condition",
        ),
        (
            rule(
                "a",
                *("kind: condition", "each: sites", "require: {public: true}"),
                f"applies: {{when: {{company: {{cii_operator: {NEVER}}}}}}}",
            ),
            "never",
            "never applies",
        ),
        (constraint("a", "{id: 7}"), "unknown-word", "'sites.id' is never 7"),
        (
            rule(
                "a",
                *("kind: dated", "each: complaints", "act: answered_at"),
                *("anchor: [received_at, recieved_at]", "within: {days: 3}"),
            ),
            "unknown-fact",
            "'complaints.recieved_at'",
        ),
        (
            rule(
                "a",
                *("kind: dated", "each: corporate_events", "act: {of: filings, "),
                *("       where: {authority: {const: MIT}}, at: submitted_at}",),
                *("anchor: changed_on", "within: {days: 3}"),
            ),
            "unknown-word",
            "'corporate_events.filings.authority' is never 'MIT'",
        ),
        (
            constraint("a", "{public: true}", "{anyOf: [{publik: true}, {production: true}]}"),
            "unknown-fact",
            "'sites.publik'",
        ),
        (
            constraint("a", "{home_page: {zzz: {minimum: 1}}}"),
            "unknown-fact",
            "'sites.home_page.zzz'",
        ),
        (
            constraint("a", "{domains: {some: {not: {enum: [7]}}}}"),
            "unknown-word",
            "'sites.domains' is never 7",
        ),
    ],
)
def test_one_mistake_is_one_remark(said: Said, written: str, code: str, words: str) -> None:
    ((found, message),) = said(written)
    assert found == code
    assert words in message


def test_a_rule_that_another_implies(said: Said) -> None:
    strict = constraint("strict", "{public: true, production: true}")
    loose = constraint("loose", "{public: true}", "{commercial: true}")
    other = constraint("other", "{public: true}", "{commercial: true}", level="advisory")
    assert said(strict, loose, other) == [
        ("implied", "ACME/strict already requires this, or more"),
        ("implied", "ACME/strict already requires this, or more"),
    ]


def deadline(
    name: str, days: int, *more: str, kind: str = "within", level: str = "mandatory"
) -> str:
    span = f"{kind}: {{days: {days}}}"
    lines = ("kind: dated", "each: complaints", "act: answered_at", "anchor: received_at", span)
    return rule(name, *lines, *more, level=level)


@pytest.mark.parametrize("kind", ["within", "ahead"])
def test_a_longer_time_is_implied_by_a_shorter_one(said: Said, kind: str) -> None:
    short, long = (5, 7) if kind == "within" else (7, 5)
    assert said(deadline("a", short, kind=kind), deadline("b", long, kind=kind)) == [
        ("implied", "ACME/a already requires this, or more")
    ]


@pytest.mark.parametrize(
    "other",
    [
        rule("b", "kind: condition", "each: apps", "require: {blacklisted: false}"),
        deadline("b", 7, "where: {kind: service}").replace("answered_at", "closed_at"),
        deadline("b", 7).replace("within: {days: 7}", "within: {working_days: 7}"),
        deadline("b", 7, "applies: {items: [B21]}").replace("5", "5"),
    ],
)
def test_rules_that_say_something_else_are_not_implied(said: Said, other: str) -> None:
    own = deadline("a", 5, "applies: {items: [B25]}")
    assert said(own, other) == []


LAW = """\
citations:
  - id: old
    statute: {zh: 旧法, en: Old Law}
    subject: {zh: 事项, en: Subject}
    versions:
      - article: {zh: 第一条, en: Art. 1}
        effective_from: "2010-01-01"
        effective_to: "2020-01-01"
        source: {zh: 文本, en: Text}
        confidence: unverified
  - id: new
    statute: {zh: 新法, en: New Law}
    subject: {zh: 事项, en: Subject}
    versions:
      - article: {zh: 第一条, en: Art. 1}
        effective_from: "2030-01-01"
        source: {zh: 文本, en: Text}
        confidence: unverified
"""


def test_articles_that_are_not_law_on_the_day(said: Said) -> None:
    cited = constraint("a", "{public: true}") + "    cites: [old, new]\n"
    assert said(cited, law=LAW) == [
        ("not-in-force", "'old' (Old Law) has not been in force since 2020-01-01"),
        ("not-in-force", "'new' (New Law) is not in force until 2030-01-01"),
    ]


def test_words_in_one_language_and_quotes_that_are_not_printed(said: Said) -> None:
    wrong = constraint("a", "{public: true}").replace("标题", "Title").replace("own", "statute")
    quoted = constraint("b", "{production: true}") + "    quote: {zh: 没有印, en: not printed}\n"
    codes = [code for code, _ in said(wrong + "    cites: [licence]\n", quoted)]
    assert codes == ["translation", "citation", "quote", "quote"]


def test_a_fix_says_in_a_line_what_to_do(said: Said) -> None:
    fits, wide = constraint("a", "{public: true}"), constraint("b", "{production: true}")
    fits = fits.replace("改正", "改" * 35).replace("Fix it", "F" * 70 + "; and more")
    wide = wide.replace("改正", "改" * 36).replace("Fix it", "F" * 71)
    takes = "the first sentence takes {} columns; more than 70 do not fit into a line"
    assert said(fits, wide) == [("long-fix", takes.format(n)) for n in (72, 71)]


def test_the_words_of_a_policy_are_looked_at_too(tmp_path: Path) -> None:
    folder = own_policies(tmp_path)
    file = folder / "ACME.yaml"
    file.write_text(file.read_text("utf-8").replace("Servers are labelled.", "。"), "utf-8")
    every = written_policies([folder])
    (found,) = remarks(select_policies([], every), every, date(2026, 1, 1))
    assert (found.code, found.about, found.place.line) == ("translation", "ACME", 4)


def test_remarks_are_of_the_rules_that_are_named(tmp_path: Path) -> None:
    folder = own_policies(
        tmp_path, obligations=constraint("a", "{id: 7}") + constraint("b", "{id: 8}")
    )
    every = written_policies([folder])
    found = remarks(select_policies(["ACME/a"], every), every, date(2026, 1, 1))
    assert {one.about for one in found} == {"ACME/a"}
    assert select_policies(["ACME/a", "ACME"], every)[0].rules is None
    assert select_policies([str(folder)], every)[0].rules is None
    assert select_policies(["ACME", "ACME/a"], every)[0].rules is None
