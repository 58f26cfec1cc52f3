"""Unknowns are listed by the facts to declare, and no more of them than a person can read."""

from __future__ import annotations

import pytest

from pytest_icp.cli.main import main
from tests.plugin.conftest import Infra

RULE = """
  - id: NAME
    title: {zh: 办理, en: Filing}
    meaning: {zh: 及时办理。, en: It is filed in time.}
    fix: {zh: 办理。, en: File it.}
    kind: dated
    level: mandatory
    basis: own
    each: corporate_events
    anchor: changed_on
    within: {days: 30}
    act: system_updated_on"""
POLICY = """\
id: OWN
article: 自订
title: {zh: 自订规定, en: Our own provision}
text: {zh: 及时办理。, en: It is filed in time.}
obligations:"""


@pytest.fixture
def started(infra: Infra, monkeypatch: pytest.MonkeyPatch) -> Infra:
    """A repository that has just begun: a description in which every question is open."""
    monkeypatch.chdir(infra.pytester.path)
    infra.path.unlink()
    assert main(["init", "--select", "all", "infra/prod.icp.yaml"]) == 0
    return infra


@pytest.mark.parametrize(
    ("options", "most"),
    [((), 40), (("-q",), 14), (("-q", "--icp-lang", "zh"), 10), (("--icp-lang", "both"), 45)],
)
def test_a_beginning_fits_a_screen_or_two(
    started: Infra, options: tuple[str, ...], most: int
) -> None:
    lines = started.run(*options).outlines
    assert len(lines) <= most
    more = sum("pytest-icp ask" in line for line in lines)
    assert more == ("-q" not in options)


def test_verbose_lists_every_fact_and_every_rule(started: Infra) -> None:
    text = started.run("-v").stdout.str()
    assert "and 1 more" not in text
    # The last fact wanted, and a rule that is the fifth to wait for one.
    assert "/promo_materials\n" in text
    assert "SP09/record-kept" in text


def test_the_law_of_each_unknown_is_there_for_who_asks_twice(infra: Infra) -> None:
    infra.describe(renewal="null")
    once = infra.run("-v", "--icp-select", "SP12/renewal").stdout.str()
    assert "cannot be decided ---" not in once
    twice = infra.run("-vv", "--icp-select", "SP12/renewal")
    twice.stdout.fnmatch_lines(["*cannot be decided*", "SP12/renewal*unknown", "statute:*"])


def test_one_cause_of_many_rules_is_told_once(infra: Infra) -> None:
    rules = "".join(RULE.replace("NAME", f"rule-{i}") for i in range(10))
    infra.write("own/OWN.yaml", POLICY + rules)
    infra.describe(
        corporate_events="[{id: moved, changed_on: 2031-01-02, system_updated_on: 2031-02-03}]"
    )
    args = ("--icp-policies", "own", "--icp-select", "OWN", "--icp-lang", "en")
    text = infra.run(*args, as_of="2031-03-01").stdout.str()
    assert "it depends on working days" not in text
    assert "no violation found, 10 undecided" in text
    assert "declare next " not in text
    verbose = infra.run(*args, "-v", as_of="2031-03-01").stdout.str()
    assert "\n10 rules unknown\n" in verbose
    assert verbose.count("it depends on working days that are not yet published") == 1
    assert "OWN/rule-8, OWN/rule-9\n" in verbose
    untold = infra.run(*args, "-v", "--tb=no", as_of="2031-03-01").stdout.str()
    assert "it depends on working days" not in untold


WHY = "undecided rules fail the run (--icp-unknown=warn only shows them)"
ONE = ("--icp-select", "SP12/renewal", "--icp-lang=en")


@pytest.mark.parametrize("quietly", [(), ("-q",), ("-qq",)], ids=["usual", "q", "qq"])
def test_a_run_says_why_unknowns_fail_it(infra: Infra, quietly: tuple[str, ...]) -> None:
    infra.describe(renewal="null")
    result = infra.run(*ONE, *quietly)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.outlines.count(WHY) == 1
    line = "no violation found, 1 undecided"
    assert result.outlines.count(line) == 1
    # With -qq nothing else is said, as pytest leaves out its own last line.
    assert ("declare next " in result.stdout.str()) is (quietly == ())


@pytest.mark.parametrize("option", ["--no-summary", "--icp-unknown=warn"])
def test_who_asks_for_no_summary_or_no_failure_needs_no_reason(infra: Infra, option: str) -> None:
    infra.describe(renewal="null")
    infra.write("infra/sources.icp.yaml", "apiVersion: pytest-icp/v1\n")
    text = infra.run(*ONE, option).stdout.str()
    assert "counts as failure" not in text
    assert ("2 descriptions: " in text) is (option != "--no-summary")


def test_what_a_run_had_to_write_is_told_without_a_summary(infra: Infra) -> None:
    result = infra.run(*ONE, "--no-summary", "--icp-report=html=/dev/full")
    if pytest.version_tuple >= (9,):
        # Before, pytest asked no plugin for its summary.
        result.stdout.fnmatch_lines(["ERROR: /dev/full: *"])
    assert "special provisions" not in result.stdout.str()


def test_what_is_usually_so_and_left_out_is_said_once(
    infra: Infra, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    infra.write("infra/a.pdf", "a")
    paper = "rule: {}, document: a.pdf, sha256: none, issued_on: 2025-03-01, owner: {{role: r}}"
    parts = ("EVID/papers#complaint-statistics", "EVID/papers#statement", "SP01/work-safety")
    rules = ("EVID/papers", "SP01/work-safety")
    entries = (f"{{id: p{i}, {paper.format(rule)}}}" for i, rule in enumerate(parts))
    papers = "[complaint-statistics, statement]"
    infra.describe(attestations=f"[{', '.join(entries)}]", annual_reports="[]", papers=papers)
    words = "attestations.expires_on: none attestations.max_age_days: none"
    run = infra.run("--icp-lang=en", f"--icp-select={','.join(rules)}")
    told = " ".join(run.stdout.str().split())
    assert run.parseoutcomes()["advice"] == 2
    assert told.count(words) == told.count("expires_on") == 1
    monkeypatch.chdir(infra.pytester.path)
    capsys.readouterr()
    arguments = ("--as-of=2025-06-01", "--lang=en", f"--select={','.join(rules)}")
    main(["evaluate", "infra", *arguments])
    told = " ".join(capsys.readouterr().out.split())
    assert told.count("2 rules unknown ") == told.count(words) == 1
    assert "to add (replace" not in told
