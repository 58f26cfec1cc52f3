"""``--icp-fuzz``: planted mistakes are found, what is right passes, and pytest's ways all work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from tests.plugin.conftest import OWN_POLICY, Infra

DUTY = """\
  - id: {id}
    title: {title}
    meaning: {{zh: 见标题。, en: As the title says.}}
    fix: {{zh: 照办。, en: Do so.}}
    level: mandatory
    basis: own
{fields}
"""
HEAD = OWN_POLICY.partition("obligations:")[0] + "obligations:\n"

CHECKS = """\
from datetime import date, timedelta

from msgspec import Struct

from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.kind import Kind
from pytest_icp.law.text import plain
from pytest_icp.rules.policy import Spec


class Within(Struct, frozen=True):
    days: int


class Own(Spec, frozen=True):
    within: Within | None = None
    anchor: str | None = None
    act: str | None = None


DAY = {"x-icp-field": "day", "$ref": "#/$defs/Path"}
WITHIN = {"x-icp-term": "after", "$ref": "#/$defs/Length"}
ACT, ANCHOR = {"x-icp-deed": True, **DAY}, {"x-icp-event": True, **DAY}
SCHEMA = {"properties": {"act": ACT, "anchor": ANCHOR, "within": WITHIN}}


def outcome(good):
    verdicts = {True: Verdict.SATISFIED, False: Verdict.VIOLATED, None: Verdict.UNKNOWN}
    return Outcome(verdict=verdicts[good], reason=plain("told"))


def events(context):
    return context.view.facts.get("corporate_events") or []


def sites(context):
    return context.view.facts.get("sites") or []


def are_known(context):
    begun = [site.get("launched_on") for site in sites(context)]
    return context.view.facts.get("sites") is not None and all(begun)


def first_only(obligation, context):
    if not are_known(context):
        return outcome(None)
    return outcome(sites(context)[0].get("public") if sites(context) else True)


def nothing_is_fine(obligation, context):
    return outcome(all(site.get("public") in (None, True) for site in sites(context)))


def by_string(obligation, context):
    hosts = [host for site in sites(context) for host in site.get("domains") or [None]]
    if None in hosts or not are_known(context):
        return outcome(None)
    return outcome(all(host.endswith("example.cn") for host in hosts))


def a_year_later(obligation, context):
    for event in events(context):
        day = event.get("changed_on")
        if day and day != "never":
            day = date.fromisoformat(day)
            day.replace(year=day.year + 1)
    return outcome(not events(context))


def a_day_short(obligation, context):
    for event in events(context):
        start, done = event.get("changed_on"), event.get("system_updated_on")
        if event.get("kind") != "address" or not start or start == "never":
            continue
        last = date.fromisoformat(start) + timedelta(days=obligation.spec.within.days)
        day = context.today if done in (None, "never") else date.fromisoformat(done)
        if day >= last:
            return outcome(False)
    return outcome(True)


def pytest_icp_checks(config):
    names = ("first_only", "nothing_is_fine", "by_string", "a_year_later", "a_day_short")
    return [Kind(name, Own, globals()[name], SCHEMA) for name in names]
"""


@dataclass(frozen=True)
class Mistake:
    """A mistake in a policy of the user's: its duty, and what fuzzing says of it."""

    title: str
    fields: str
    says: str


RENEWAL = """\
    kind: dated
    each: renewal
    where: {intention: renew}
    act: applied_on
"""
UPDATE = """\
    kind: dated
    each: corporate_events
    where: {kind: address}
    act: system_updated_on
"""
MISTAKES = {
    "a threshold that is one too large": Mistake(
        "{zh: 提前90日申请, en: Applied for 90 days ahead}",
        RENEWAL + "    anchor: /licence/valid_until\n    ahead: {days: 91}",
        "the words say 90 days before",
    ),
    "days for working days": Mistake(
        "{zh: 10个工作日内更新, en: Updated within 10 working days}",
        UPDATE + "    anchor: changed_on\n    within: {days: 10}",
        "the words say 10 working days after",
    ),
    "after for before": Mistake(
        "{zh: 提前30日办理, en: Done 30 days ahead}",
        UPDATE + "    anchor: effective_on\n    within: {days: 30}",
        "the words say 30 days before",
    ),
    "more than for at least": Mistake(
        "{zh: 至少3人, en: At least 3 people}",
        "    kind: condition\n    each: customer_service\n"
        "    require: {staff_count: {exclusiveMinimum: 3}}",
        "the words say >= 3",
    ),
    "a condition that nothing can meet": Mistake(
        "{zh: 变更已登记, en: Changes are registered}",
        "    kind: condition\n    each: corporate_events\n"
        "    where: {kind: {allOf: [address, capital]}}\n"
        "    require: {system_updated_on: {not: never}}",
        "no description that violates it was found",
    ),
    "a condition that always holds": Mistake(
        "{zh: 网站公开, en: Sites are public}",
        "    kind: condition\n    each: sites\n"
        "    require: {anyOf: [{public: true}, {public: false}]}",
        "no description that violates it was found",
    ),
    "a check that reads the first subject alone": Mistake(
        "{zh: 网站公开, en: Sites are public}",
        "    kind: first_only\n    each: sites",
        "the order in which facts are written does not matter",
    ),
    "a check that takes null for yes": Mistake(
        "{zh: 网站公开, en: Sites are public}",
        "    kind: nothing_is_fine\n    each: sites",
        "forgetting a fact leaves the verdict as it is, or makes it unknown",
    ),
    "a check that compares hosts as strings": Mistake(
        "{zh: 域名已许可, en: Domains are licensed}",
        "    kind: by_string\n    each: sites",
        "the way a host name is written does not matter",
    ),
    "a check that crashes on a leap day": Mistake(
        "{zh: 变更已登记, en: Changes are registered}",
        "    kind: a_year_later\n    each: corporate_events",
        "ValueError: day is out of range for month",
    ),
    "a check that is a day short": Mistake(
        "{zh: 30日内更新, en: Updated within 30 days}",
        "    kind: a_day_short\n    each: corporate_events\n    where: {kind: address}\n"
        "    act: system_updated_on\n    anchor: changed_on\n    within: {days: 30}",
        "the verdict flips exactly at the end of the term",
    ),
}
"""What fuzzing cannot find: a fact, a person or a document that the policy does not mention, a
number that its words do not say (or say wrongly as well), another list member than was meant.
There a policy keeps every law; its cases tell, and `pytest-icp mutate` tells what they miss."""

FACTS = """\
corporate_events:
  - {id: moved, kind: address, changed_on: 2024-02-29, system_updated_on: 2024-03-04}
sites: [{id: main, name: 示例网, launched_on: 2020-01-01, public: true, domains: [www.example.cn]}]
customer_service: {staff_count: 4}
"""


def slug(name: str) -> str:
    return name.replace(" ", "-").replace("'", "")


@pytest.fixture
def planted(infra: Infra) -> Infra:
    duties = [
        DUTY.format(id=slug(name), title=mistake.title, fields=mistake.fields)
        for name, mistake in MISTAKES.items()
    ]
    infra.write("own/OWN.yaml", HEAD + "\n".join(duties))
    infra.write("conftest.py", CHECKS)
    infra.path.write_text(infra.path.read_text("utf-8").replace("corporate_events: []\n", FACTS))
    return infra


def fuzz(planted: Infra, *args: str) -> pytest.RunResult:
    """Fuzz the planted policy in English."""
    options = ("--icp-fuzz", "--icp-policies", "own", "--icp-lang", "en", "-m", "icp_fuzz")
    # Old versions of Hypothesis warn where the random numbers that they watch were made before.
    return planted.run_apart(*options, *(args or ("--icp-select", "OWN", "--icp-fuzz-examples=2")))


def section(text: str, name: str) -> str:
    """Return what is printed of one fuzzed duty."""
    return text.partition(f" OWN/{slug(name)}[fuzz] _")[2].partition("\n____")[0]


def test_each_planted_mistake_is_found(planted: Infra) -> None:
    run = fuzz(planted)
    run.assert_outcomes(failed=len(MISTAKES))
    text = run.stdout.str()
    for name, mistake in MISTAKES.items():
        told = " ".join(section(text, name).split())
        assert mistake.says in told, (name, told)
        assert "Traceback" not in told
        assert "File " not in told
    case = pasted(section(text, "a threshold that is one too large"))
    assert case["rule"] == "OWN/a-threshold-that-is-one-too-large"
    # Only the facts that the mistake needs.
    assert case["facts"].keys() == {"renewal", "licence"}
    assert case["facts"]["licence"].keys() == {"valid_until"}
    assert case["verdict"] in {"satisfied", "violated"}
    gave_up = " ".join(section(text, "a condition that nothing can meet").split())
    assert (
        "nothing among “Corporate events” matches: “Kind” is address and “Kind” is capital"
        in gave_up
    )


def pasted(told: str) -> dict[str, Any]:
    """Return the case that is printed, read as YAML."""
    lines = re.findall(r"^  ((?:- name|  ).*)$", told.partition("as a case")[2], re.MULTILINE)
    (case,) = yaml.safe_load("\n".join(lines))
    return dict(case)


def test_a_mistake_of_fuzzing_itself_keeps_its_traceback(infra: Infra) -> None:
    code = """\
        from pytest_icp.authoring.fuzzing import running


        def fuzz(*_):
            raise RuntimeError("our own mistake")


        running.fuzz = fuzz
        """
    infra.write("conftest.py", code)
    run = infra.run_apart("--icp-fuzz", "--icp-select", "SP12/renewal", "-m", "icp_fuzz")
    run.assert_outcomes(failed=1)
    run.stdout.fnmatch_lines(["*RuntimeError: our own mistake*"])


def test_shipped_rules_pass_on_two_workers(infra: Infra) -> None:
    chosen = ("-m", "icp_fuzz", "-k", "SP12 and (renewal or update)")
    few = "--icp-fuzz-examples=1"
    run = infra.run("--icp-fuzz", *chosen, few, "-n", "2", "--hypothesis-seed=7")
    run.assert_outcomes(passed=2)


def test_it_is_asked_for_in_the_ini_file_and_left_out_by_its_marker(infra: Infra) -> None:
    infra.pytester.makeini("[pytest]\nicp_fuzz = on\nicp_select = SP12/renewal\n")
    collected = infra.run("--collect-only", "-q").stdout.lines
    assert collected[:2] == [
        "infra/prod.icp.yaml::SP12::renewal",
        "infra/prod.icp.yaml::SP12::renewal[fuzz]",
    ]
    code = "import sys\ndef pytest_unconfigure(): print('imported:', 'hypothesis' in sys.modules)\n"
    infra.write("conftest.py", code)
    without = infra.run_apart("-q", "-m", "not icp_fuzz", "-p", "no:hypothesispytest").stdout.str()
    assert "[fuzz]" not in without
    assert "imported: False" in without


def test_nightly_finds_it_too(planted: Infra) -> None:
    run = fuzz(planted, "-k", "day-short", "--icp-fuzz-profile=nightly", "--icp-fuzz-examples=5")
    run.assert_outcomes(failed=1)


WITHOUT_HYPOTHESIS = "import sys\nsys.modules['hypothesis'] = None\n"
INSTALL = 'pip install "pytest-icp[fuzz]"'


def test_without_hypothesis_the_answer_is_how_to_install_it(infra: Infra) -> None:
    infra.write("conftest.py", WITHOUT_HYPOTHESIS)
    run = infra.run_apart("-p", "no:hypothesispytest", "-o", "icp_fuzz=on")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    told = " ".join(run.stderr.str().split())
    assert f"fuzzing needs the extra fuzz = install it with: {INSTALL}" in told


def test_without_hypothesis_everything_else_works(infra: Infra) -> None:
    infra.write("conftest.py", WITHOUT_HYPOTHESIS)
    marked = "import pytest\n\n\n@pytest.mark.icp_fuzz('SP12/renewal')\ndef test_own(): pass\n"
    infra.write("test_own.py", marked)
    chosen = ("--icp-select", "SP12/renewal", "--icp-report", "html=page.html")
    infra.run_apart("-p", "no:hypothesispytest", *chosen).assert_outcomes(passed=2)
