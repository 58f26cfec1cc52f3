"""``--icp-fuzz``: planted mistakes are found, what is right passes, and pytest's ways all work."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

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
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds import Kind
from pytest_icp.law.text import plain
from pytest_icp.rules.policy import Spec


def first_only(obligation, context):
    sites = context.view.facts.get("sites")
    if sites is None or not all(site.get("launched_on") for site in sites):
        return Outcome(verdict=Verdict.UNKNOWN, reason=plain("told"))
    verdicts = {True: Verdict.SATISFIED, False: Verdict.VIOLATED, None: Verdict.UNKNOWN}
    good = sites[0].get("public") if sites else True
    return Outcome(verdict=verdicts[good], reason=plain("told"))


def pytest_icp_checks(config):
    return [Kind("first_only", Spec, first_only, {"properties": {}})]
"""


@dataclass(frozen=True)
class Mistake:
    """A mistake in a policy of the user's: its duty, and what fuzzing says of it."""

    title: str
    fields: str
    says: str


UPDATE = """\
    kind: dated
    each: corporate_events
    where: {kind: address}
    act: system_updated_on
"""
MISTAKES = {
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
    "a check that reads the first subject alone": Mistake(
        "{zh: 网站公开, en: Sites are public}",
        "    kind: first_only\n    each: sites",
        "the order in which facts are written does not matter",
    ),
}
"""What the example of docs/fuzzing.md does not have; each law is broken alone beside `laws`.

What fuzzing cannot find: a fact, a person or a document that the policy does not mention, a
number that its words do not say (or say wrongly as well), another list member than was meant.
There a policy keeps every law; its cases tell, and `pytest-icp mutate` tells what they miss."""

FACTS = """\
corporate_events:
  - {id: moved, kind: address, changed_on: 2024-02-29, system_updated_on: 2024-03-04}
sites: [{id: main, name: 示例网, launched_on: 2020-01-01, public: true, domains: [www.example.cn]}]
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


def test_a_shipped_rule_need_not_be_violated_around_a_description(
    infra: Infra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_icp.authoring.fuzzing.running._SEARCHES", 2)
    infra.describe(sites="[{id: main}]")
    run = infra.run("--icp-fuzz", "-m", "icp_fuzz", "--icp-select", "SP02/home-page")
    run.assert_outcomes(passed=1)
    run.stdout.fnmatch_lines(["1 rule kept every law in 6 situations"])


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
    run = fuzz(planted, "-k", "after-for", "--icp-fuzz-profile=nightly", "--icp-fuzz-examples=5")
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
