from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.text import Text
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.explain import provision_blocks, rule_blocks
from pytest_icp.reports.layout import width
from pytest_icp.reports.words import Language
from pytest_icp.rules.numbers import Number, Value
from pytest_icp.rules.policy import Edition, Obligation, Policy
from tests.helpers import for_each
from tests.obligations import citation, number, obligation, policy, version

PUBLISHED = [(policy, o) for policy in default_policies() for o in policy.obligations]
LANGUAGES: tuple[Language, ...] = ("zh", "en", "both")


def made(**given: Any) -> Obligation:
    return obligation("condition", require={"public": True}, **given)


def explained(
    one: Obligation, language: Language = "en", day: str = "2024-06-01", **of_policy: Any
) -> str:
    blocks = rule_blocks(policy(one, **of_policy), one, date.fromisoformat(day))
    return Screen(language).text(blocks)


def provision(of: Policy) -> str:
    return Screen("en").text(provision_blocks(of))


def test_a_rule_in_full() -> None:
    one = made(
        level="advisory",
        cites=(citation(version("2020-01-01")),),
        relies_on=(number(90, "days"),),
    )
    assert explained(one, reading=Text("读法。", "How it is interpreted.")) == (
        """SP99/made
  Title

  provision: SP99 九十九 Provision
  level: advisory, a violation or an unknown is only shown
  basis: printed words of the licence

Meaning
  Meaning.

The words of the licence
  “quoted words”

  the whole provision
    99. Quoted words, and others.

How the wording is interpreted
  How it is interpreted.

The law in force on 2024-06-01
  the licence itself
  Example Law, Art. 1: its subject
    “words of the law”
    in force since 2020-01-01
    source: Official text (checked against the original)

The numbers it uses
  A time: 90 days
    source: Official text (a default; no law sets it)

How it is decided
  Condition: the facts of every subject meet a condition, and the records and
  files that it takes are there.
  subjects: “Sites” (sites)
  required: “Public” is true

The facts it reads
  sites.public: Sites › Public

How to fix a violation
  Fix it."""
    )


def test_a_rule_of_the_companys_own_says_so() -> None:
    text = explained(made(basis="own"))
    assert "  basis: the company's own rule\n" in text
    assert "\nThe words of the company's rule\n  “quoted words”\n" in text
    assert "A rule of the company's own; neither the licence nor a law requires it." in text
    assert "licence itself" not in text
    silent = explained(made(basis="own", quote=None))
    assert "\nThe words of the company's rule\n\n  the whole provision\n" in silent
    cited = explained(made(basis="own", cites=(citation(version("2020-01-01")),)))
    assert "Art. 1: its subject" in cited


def test_a_provision_of_the_companys_own_is_not_the_licences() -> None:
    text = provision(policy(made(basis="own")))
    assert "\nThe words of the company's rule\n" in text
    assert "  SP99/made: Title (company rule)\n" in text
    mixed = provision(policy(made(basis="own"), made()))
    assert "\nThe words of the licence\n" in mixed


def test_a_kind_of_another_plugin_is_told_as_it_is_written() -> None:
    text = explained(obligation("house-rule", limit=3))
    assert "How it is decided\n  house-rule\n  subjects: “Sites” (sites)\n  limit: 3\n" in text


@for_each("nth", range(len(PUBLISHED)), ids=lambda nth: PUBLISHED[nth][1].rule_id)
def test_a_published_rule_fits_a_terminal_and_quotes_its_words(nth: int) -> None:
    of, one = PUBLISHED[nth]
    language = LANGUAGES[nth % len(LANGUAGES)]
    text = Screen(language).text(rule_blocks(of, one, date(2026, 1, 1)))
    assert [line for line in text.splitlines() if width(line) > 80 or line != line.rstrip()] == []
    squeezed = "".join(text.split())
    for lang in ("zh", "en"):
        words = (one.meaning, one.fix, of.text, *([one.quote] if one.quote else []))
        shown = ["".join(said[lang].split()) in squeezed for said in words]
        assert all(shown) if language in {lang, "both"} else not shown[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Value(n=3, edition=True), "    as old as the edition of the licence that prints it\n"),
        (
            Value(n=3, start=date(2020, 1, 1), article=Text("第一条", "Art. 1")),
            "    in force since 2020-01-01, Art. 1\n",
        ),
        (
            Value(n=3, start=date(2020, 1, 1), until=date(2030, 1, 1)),
            "    in force from 2020-01-01 to 2030-01-01\n",
        ),
        (Value(n=3, article=Text("第二条", "Art. 2")), "    Art. 2\n"),
    ],
)
def test_since_when_a_number_holds(value: Value, expected: str) -> None:
    of_law = Number(id="n", title=Text("期限", "A time"), unit="days", values=(value,))
    assert f"  A time: 3 days\n{expected}    source:" in explained(made(relies_on=(of_law,)))


EDITIONS = (
    Edition(id="2020", start=None, until=date(2026, 6, 30), text=Text("旧文。", "Former words.")),
    Edition(id="2026", start=date(2026, 7, 1)),
)


def test_the_editions_that_print_a_provision() -> None:
    text = provision(policy(made(), editions=EDITIONS))
    assert (
        """
  99. Quoted words, and others.

  editions of the licence that print it: 2020 (since when was not found, until
    2026-06-30); 2026 (from 2026-07-01)

The words of the edition 2020
  Former words.
"""
        in text
    )


def shipped(name: str) -> Policy:
    return next(one for one in default_policies() if one.id == name)


def test_the_rules_of_a_provision_begin_with_what_is_pursued_most() -> None:
    text = provision(shipped("SP12")).partition("Its rules\n")[2]
    rules = [
        line.split()[0].rstrip(":") for line in text.splitlines() if line.startswith("  SP12/")
    ]
    assert rules[:4] == ["SP12/opened", "SP12/renewal", "SP12/update", "SP12/certificate"]
    assert {*rules} == {one.rule_id for one in shipped("SP12").obligations}


@pytest.mark.parametrize(("rule", "told"), [("report", True), ("sections", False)])
def test_a_rule_says_how_much_it_is_pursued_and_where_that_was_read(rule: str, told: bool) -> None:
    one = next(one for one in shipped("SP14").obligations if one.id == rule)
    explained = Screen("en").text(rule_blocks(shipped("SP14"), one, date(2026, 1, 1)))
    text = " ".join(explained.split())
    assert ("not by fines" in text) is told
    assert ("in practice: The annual report is not submitted: number 1 by how" in text) is told
    assert ("Read on 2026-11-30: 北京商报" in text) is told
