"""The lengths of time that a rule quotes are those that it uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.authoring.lint import WrittenObligation, written_obligations
from pytest_icp.authoring.lint.run import remarks
from pytest_icp.authoring.lint.wording import unused_lengths
from pytest_icp.authoring.words import lengths_in
from pytest_icp.facts.files.properties import resource
from pytest_icp.kinds.policies import written_policies
from pytest_icp.rules.numbers import Listing
from pytest_icp.rules.policies import PolicySelection
from tests.policies_of_ones_own import HEAD, own_policies

Said = Callable[..., list[str]]

RENEW = "域名到期前30日续费"
COMPARED = {"unused-length", "unquoted-length"}

RULE = """\
  - id: {name}
    title: {{zh: 标题, en: Title}}
    meaning: {{zh: 含义。, en: Meaning.}}
    fix: {{zh: 改正。, en: Fix it.}}
    level: mandatory
"""


def rule(*lines: str, name: str = "a", quote: str = "", basis: str = "own") -> str:
    """Return an obligation with these lines."""
    said = (f"quote: {{zh: {quote}, en: as it is printed}}",) if quote else ()
    more = (f"basis: {basis}", *said, *lines)
    return RULE.format(name=name) + "".join(f"    {line}\n" for line in more)


def number(name: str, n: int, unit: str = "days", confidence: str = "primary") -> str:
    start = "" if confidence == "default" else "from: edition, "
    value = f"value: {n}, {start}confidence: {confidence}, source: {{zh: 文本, en: Text}}"
    head = f"id: {name}, title: {{zh: 数值, en: A number}}, unit: {unit}"
    return f"  - {{{head}, values: [{{{value}}}]}}\n"


LAW = """\
citations:
  - id: act
    statute: {zh: 某法, en: An Act}
    subject: {zh: 事项, en: Subject}
    versions:
      - article: {zh: 第一条, en: Art. 1}
        effective_from: "2010-01-01"
        effective_to: "2019-12-31"
        quote: {zh: 应当在三十日内报告, en: reports within 30 days}
        source: {zh: 文本, en: Text}
        confidence: primary
      - article: {zh: 第二条, en: Art. 2}
        effective_from: "2020-01-01"
        source: {zh: 文本, en: Text}
        confidence: unverified
  - id: other
    statute: {zh: 某法, en: An Act}
    subject: {zh: 事项, en: Subject}
    versions:
      - article: {zh: 第三条, en: Art. 3}
        effective_from: "2010-01-01"
        quote: {zh: 每年评测一次, en: is assessed every year}
        source: {zh: 文本, en: Text}
        confidence: primary
"""
ANSWERED = ("kind: dated", "each: complaints", "act: answered_at", "anchor: received_at")

RENEWED = ("kind: dated", "each: renewal", "act: applied_on", "anchor: licence.term")


@pytest.fixture
def said(tmp_path: Path) -> Said:
    """Says what is remarked upon: the line, and the English words."""

    def lint(*obligations: str, numbers: str = "", law: str = LAW) -> list[str]:
        folder = own_policies(tmp_path, obligations="".join(obligations))
        (folder / "statutes.yaml").write_text(law, "utf-8")
        parameters = folder / "parameters.yaml"
        parameters.write_text(
            f"parameters:\n{numbers}", "utf-8"
        ) if numbers else parameters.unlink()
        every = written_policies([folder])
        made = remarks([PolicySelection(written=one) for one in every], every, date(2026, 6, 30))
        found = [one for one in made if one.code in COMPARED]
        return [f"{(one.place.line or 0) - HEAD.count(chr(10))}: {one.message.en}" for one in found]

    return lint


@pytest.mark.parametrize(
    ("lines", "used"),
    [
        ((*RENEWED, "ahead: {days: 0}"), "0 days"),
        ((*RENEWED, "ahead: {days: 29}"), "29 days"),
        ((*RENEWED, "ahead: {months: 1}"), "1 month"),
        (
            ("kind: dated", "each: licence", "act: issued_on", "anchor: valid_until", "ahead: 0"),
            "",
        ),
        (("kind: dated", "each: sites", "act: today", "anchor: launched_on", "ahead: 0"), ""),
    ],
)
def test_a_bound_without_the_thirty_days_is_remarked_upon(
    said: Said, lines: tuple[str, ...], used: str
) -> None:
    found = said(rule(*lines, quote=RENEW))
    assert found == [f"7: it quotes 30 days, but the rule uses {used or 'no length of time'}"]


@pytest.mark.parametrize(
    "quote", [RENEW, "三十日内，最迟不超过 30 天", "自2026年3月1日起", "按期续费", ""]
)
def test_what_is_used_may_be_quoted(said: Said, quote: str) -> None:
    assert said(rule(*RENEWED, "ahead: {days: 30}", quote=quote)) == []


def test_of_a_statute_every_version_that_is_cited_is_compared(said: Said) -> None:
    within = (*ANSWERED, "within: {days: 15}", "cites: [other, act]")
    (only,) = said(rule(*within, basis="statute"))
    assert only == "12: it quotes 30 days, but the rule uses 15 days"


def test_a_number_read_in_the_law_stands_in_a_quote(said: Said) -> None:
    numbers = number("n.read", 15) + number("n.ours", 20, confidence="default")
    within = "within: {}"
    read, ours = (rule(*ANSWERED, within.format(one), name=one[2:]) for one in ("n.read", "n.ours"))
    words = "but no rule that uses it quotes or cites words that state it"
    assert said(read, ours, numbers=numbers) == [
        f"11: the number 'n.read' (15 days) is marked as primary, {words}"
    ]


@pytest.mark.parametrize(
    ("n", "unit", "more"),
    [
        (30, "days", ("cites: [act]",)),
        (30, "days", ("quote: {zh: 三十日, en: thirty days}",)),
        (1, "calendar_years", ("cites: [other]",)),
        (3, "persons", ()),
    ],
)
def test_one_rule_that_quotes_it_is_enough(
    said: Said, n: int, unit: str, more: tuple[str, ...]
) -> None:
    # What is not a length of time is not compared.
    require = "require: {staff_count: {minimum: {parameter: n.read}}}"
    match unit:
        case "persons":
            lines: tuple[str, ...] = ("kind: condition", "each: company", require)
        case "days":
            lines = (*ANSWERED, "within: n.read")
        case _:
            again = ("act: {of: reviews, at: done_on}", "anchor: launched_on", "every: n.read")
            lines = ("kind: dated", "each: sites", *again)
    both = (rule(*lines), rule(*lines, *more, name="b"))
    assert said(*both, numbers=number("n.read", n, unit)) == []


@pytest.mark.parametrize(
    ("days", "found"), [(30, []), (31, ["7: it quotes 30 days, but the rule uses 31 days"])]
)
def test_what_the_parts_of_a_rule_quote_one_of_them_uses(
    said: Said, days: int, found: list[str]
) -> None:
    at_all = "  - {name: at-all, kind: condition, require: {open: false}}"
    soon = f"  - {{name: soon, within: {{days: {days}}}}}"
    assert said(rule(*ANSWERED, "parts:", at_all, soon, quote="三十日内答复")) == found


# ---- The shipped rules


def wrong_by_one(value: Any, numbers: dict[str, tuple[int, str]]) -> Any:
    """Return a part of a rule with one more than each number."""
    if isinstance(value, dict):
        if value.keys() == {"parameter"}:
            return numbers[value["parameter"]][0] + 1
        return {name: wrong_by_one(member, numbers) for name, member in value.items()}
    if isinstance(value, str) and value in numbers:
        n, unit = numbers[value]
        return {unit: n + 1}
    return [wrong_by_one(one, numbers) for one in value] if isinstance(value, list) else value


def compared() -> Iterator[tuple[WrittenObligation, dict[str, tuple[int, str]]]]:
    """Yield the shipped rules whose numbers stand in their own quotation, or in their statutes."""
    for written in written_policies([resource("policies")]):
        for entry in written_obligations(PolicySelection(written=written)):
            made = entry.obligation
            words = [made.quote.zh] if made.quote else []
            if made.basis == "statute":
                versions = [one for citation in made.cites for one in citation.versions]
                words = [one.quote.zh for one in versions if one.quote]
            stated = {one for text in words for one in lengths_in(text)}
            numbers = {
                one.id: (value.n, one.unit)
                for one in made.relies_on
                if not isinstance(one, Listing)
                for value in one.values
            }
            if stated & {*numbers.values()}:
                yield entry, {name: (int(n), unit) for name, (n, unit) in numbers.items()}


def test_a_shipped_rule_that_is_wrong_by_one_is_remarked_upon() -> None:
    every = [*compared()]
    assert len(every) > 20
    for entry, numbers in every:
        assert not [*unused_lengths(entry)]
        data: Any = entry.written.data
        changed = wrong_by_one(entry.data, numbers)
        document = {**data, "obligations": [changed]}
        policy = entry.written.changed(document)
        (made,) = policy.obligations
        written = replace(entry.written, policy=policy, data=document)
        wrong = WrittenObligation(written, made, ("obligations", 0))
        assert [*unused_lengths(wrong)], made.rule_id
