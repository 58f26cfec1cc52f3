"""Rules with parts in every command: explained, linted, changed, settled, asked for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pytest_icp.cli.main import main
from tests import parted
from tests.cli.conftest import Command
from tests.policies_of_ones_own import REPORT, STOPPED, own_policies

AS_OF = "2024-06-03"
DESCRIPTION = """\
apiVersion: pytest-icp/v1
illegal_content_cases:
  - id: fraud
    confirmed: true
    discovered_at: 2024-03-04T10:00+08:00
    stopped_at: 2024-03-08T10:00+08:00
incidents: []
"""
SETTINGS = "[pytest]\nicp_policies = rules\nicp_select = ACME\n"
DECISION = f"waivers:\n{parted.DECISION}"
LAW = """\
citations:
  - id: report-act
    statute: {zh: 报告法, en: Reports Act}
    subject: {zh: 报告, en: Reports}
    versions:
      - article: {zh: 第一条, en: Art. 1}
        effective_from: "2010-01-01"
        source: {zh: 文本, en: Text}
        confidence: unverified
"""
CASES = """\
provision: ACME
base: {apiVersion: pytest-icp/v1}
cases:
  - name: after three days to the minute
    rule: ACME/stopped#latest
    as_of: 2024-06-03
    facts:
      illegal_content_cases:
        - &fraud
          id: fraud
          confirmed: true
          discovered_at: 2024-03-04T10:00+08:00
          stopped_at: 2024-03-07T10:00+08:00
    verdict: satisfied
  - name: a minute later
    rule: ACME/stopped#latest
    as_of: 2024-06-03
    facts:
      illegal_content_cases: [{<<: *fraud, stopped_at: 2024-03-07T10:01+08:00}]
    verdict: unknown
    review: true
"""


@pytest.fixture
def ours(folder: Path) -> Path:
    """The folder, with policies that have parts, and a description that one is broken in."""
    own_policies(folder, obligations=STOPPED + REPORT)
    (folder / "prod.icp.yaml").write_text(DESCRIPTION, "utf-8")
    (folder / "pytest.ini").write_text(SETTINGS, "utf-8")
    return folder


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "rules" / "ACME.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


# ---- explain


def test_a_rule_is_explained_with_its_parts(ours: Path, command: Command) -> None:
    text = command("explain", "ACME/stopped", "prod.icp.yaml", as_of=AS_OF).out
    assert "It has 4 parts, each decided by itself. What they share:\n  subjects:" in text
    assert "  latest: It is stopped within 72 hours (review)\n    Dated:" in text
    assert "    fix: Have somebody on duty who can stop it.\n" in text
    together = text[text.index("In prod.icp.yaml") : text.index("Part at-all")]
    assert together.splitlines()[1:4] == [
        "  verdict: unknown",
        "    at-all: satisfied It is stopped (mandatory)",
        "    latest: unknown It is stopped within 72 hours (review)",
    ]
    assert "Part latest: in prod.icp.yaml, as of 2024-06-03\n  verdict: unknown\n" in text
    assert "    a person must decide: done late on 2024-03-08 10:00" in text


def test_a_decision_is_told_in_the_account(ours: Path, command: Command) -> None:
    (ours / "icp-waivers.yaml").write_text(DECISION, "utf-8")
    text = command("explain", "ACME/stopped#latest", "prod.icp.yaml", as_of=AS_OF).out
    assert "  verdict: satisfied\n" in text
    assert "    decided: complied: done late on 2024-03-08 10:00: it was due by" in text
    assert "      decided: complied, by security on 2024-03-20: the operator was asleep\n" in text


def test_parts_of_one_kind_share_its_sentence_and_may_cite_law_of_their_own(
    ours: Path, command: Command
) -> None:
    text = command("explain", "ACME/report", as_of=AS_OF).out
    assert text.count("Dated: an act, an anchor, and a bound between the two") == 1
    assert "  at-once: Incidents are reported (advice)\n    term: within 30 minutes" in text
    change(ours, "level: review, anchor", "level: review, cites: [report-act], anchor")
    change(
        ours,
        "first-hour, level: advisory,",
        "first-hour, level: advisory, meaning: {zh: 一小时, en: An hour.},",
    )
    (ours / "rules" / "statutes.yaml").write_text(LAW, "utf-8")
    told = command("explain", "ACME/report", as_of=AS_OF).out
    assert "  latest: Incidents are reported (review)\n    statute: Reports Act, Art. 1\n" in told
    assert "    meaning: An hour.\n    statute: (nothing)\n    term" in told


# ---- baseline, waivers


@pytest.mark.parametrize(
    ("day", "code", "state"),
    [
        ("2024-03-20", 0, "state: in use: decided that it was complied with"),
        ("2024-03-06", 1, "state: matches no violation"),
    ],
)
def test_a_decision_is_listed(
    ours: Path, command: Command, day: str, code: int, state: str
) -> None:
    # One of the sixth does not know what is due on the seventh.
    (ours / "icp-waivers.yaml").write_text(DECISION.replace("2024-03-20", day), "utf-8")
    answer = command("waivers", ".", as_of=AS_OF)
    assert answer.code == code
    assert "icp-waivers.yaml:2: ACME/stopped#latest [fraud]" in answer.out
    assert state in answer.out
    assert f"  decided on: {day}\n  owner: security\n" in answer.out


# ---- deadlines


def test_what_gets_worse_is_named_part_by_part(ours: Path, command: Command) -> None:
    told = command("deadlines", "prod.icp.yaml", "--within", "30d", as_of="2024-03-04").out
    lines = told.splitlines()[1:]
    assert lines[1:5] == [
        "2024-03-04     0  It is stopped within 24 hours    2024-03-05 advice",
        "                  ACME/stopped#within-24h [fraud]",
        "2024-03-06     2  It is stopped within 72 hours    2024-03-07 unknown",
        "                  ACME/stopped#latest [fraud]",
    ]
    form = ("--within", "30d", "--format")
    every = json.loads(command("deadlines", *form, "json", as_of="2024-03-04").out)
    assert [(one["rule"], one["part"], one["after"]) for one in every[:2]] == [
        ("ACME/stopped", "within-24h", "advisory"),
        ("ACME/stopped", "latest", "unknown"),
    ]
    ical = command("deadlines", *form, "ical", as_of="2024-03-04").out
    assert "SUMMARY:It is stopped within 72 hours (last day)" in ical


# ---- lint


_REMARK = re.compile(r":(\d+):\d+:\s+(\S+): [^|]*?\[([a-z-]+)\]\n")


def remarks(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str, int]]:
    capsys.readouterr()
    main(["lint", "--policies", "rules", "--lang", "en", *arguments])
    every = _REMARK.findall(capsys.readouterr().out)
    return [(code, about, int(line)) for line, about, code in every]


def test_a_number_of_nobody_may_not_bind_what_the_licence_says(
    ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        ours,
        "    basis: own\n",
        "    basis: licence\n    quote: {zh: 服务器, en: at once}\n    cites: [licence]\n",
    )
    assert "no-law" not in {code for code, _, _ in remarks(capsys, "ACME/stopped")}
    change(ours, "level: review", "level: mandatory")
    found = [one for one in remarks(capsys, "ACME/stopped") if one[0] == "no-law"]
    assert found == [("no-law", "ACME/stopped#latest", 27)]


def test_a_wrong_fact_of_a_part_is_its_own(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(ours, "within: {hours: 1}\n", "anchor: found_at\n        within: {hours: 1}\n")
    found = [one for one in remarks(capsys, "ACME/stopped") if one[0] == "unknown-fact"]
    assert found == [("unknown-fact", "ACME/stopped#at-once", 34)]


def test_a_part_may_be_implied_by_one_of_a_higher_level_only(
    ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(ours, "within: {hours: 24}", "within: {hours: 72}")
    found = [one for one in remarks(capsys, "ACME/stopped") if one[0] == "implied"]
    assert ("implied", "ACME/stopped#within-24h", 26) in found
    assert ("implied", "ACME/stopped#latest", 21) not in found


def test_words_of_a_part_without_a_letter_are_its_own(
    ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(ours, "en: It is stopped within one hour", "en: 一小时内")
    change(ours, "en: Illegal information is stopped at once.", "en: 立即停止")
    found = {(code, about) for code, about, _ in remarks(capsys, "ACME")}
    assert {("translation", "ACME/stopped#at-once"), ("translation", "ACME/stopped")} <= found


# ---- mutate


def test_cases_of_a_part_notice_changes_of_it(
    ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (ours / "cases" / "ACME.yaml").write_text(CASES, "utf-8")
    main(["mutate", "--policies", "rules", "--cases", "cases", "--lang", "en", "ACME/stopped"])
    told = capsys.readouterr().out
    survived = {*re.findall(r":\s+(\S+): no case notices this\s+change\n  (.*)", told)}
    assert "on the unchanged policy" not in told
    assert ("ACME/stopped#latest", "within: parameter acme.latest 72 -> 73") not in survived
    assert ("ACME/stopped#at-once", "part: remove") in survived
    assert ("ACME/stopped#latest", "part: remove") not in survived
    # A case of a part is one of what it inherits, too.
    assert ("ACME/stopped", "obligation: remove") not in survived


def test_a_case_of_a_part_that_there_is_not_is_refused(
    ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = CASES.replace("ACME/stopped#latest", "ACME/stopped#latst", 1)
    (ours / "cases" / "ACME.yaml").write_text(text, "utf-8")
    code = main(["mutate", "--policies", "rules", "--cases", "cases", "--lang", "en"])
    said = capsys.readouterr().err
    assert (code, "did you mean 'ACME/stopped#latest'?" in said) == (4, True)
