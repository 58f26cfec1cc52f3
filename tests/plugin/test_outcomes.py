"""Verdicts as pytest shows them: outcomes, letters, exit codes, node ids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.plugin.conftest import OWN_POLICY, Infra

RENEWAL = "infra/prod.icp.yaml::SP12::renewal"


def test_a_name_that_pytest_takes_for_no_id_is_judged_beside_the_others(infra: Infra) -> None:
    infra.write("infra/x::().icp.yaml", infra.path.read_text("utf-8"))
    result = infra.run("--icp-select=SP12/renewal", "-v")
    assert result.parseoutcomes()["passed"] == 2
    assert "x:: ().icp.yaml::SP12::renewal PASSED" in result.stdout.str().replace("::()", ":: ()")


def test_violated_fails_and_prints_no_traceback(infra: Infra) -> None:
    result = infra.run(RENEWAL, as_of="2025-12-01")
    result.assert_outcomes(failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    text = result.stdout.str()
    assert "Traceback" not in text
    assert "runtest" not in text


def test_unknown_has_its_own_letter_and_fails_the_run(infra: Infra) -> None:
    infra.describe(renewal="null")
    result = infra.run(RENEWAL)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["infra*prod.icp.yaml [?]*", "*1 undecided*"])
    assert "passed" not in result.outlines[-1]


def test_unknown_is_shown_but_does_not_fail_when_it_only_warns(infra: Infra) -> None:
    infra.describe(renewal="null")
    result = infra.run(RENEWAL, "--icp-unknown", "warn")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*- declare next *", "*1 undecided*"])


def test_not_applicable_is_skipped_with_the_fact_that_says_so(infra: Infra) -> None:
    result = infra.run("infra/prod.icp.yaml::SP12::update", "-vv")
    result.assert_outcomes(skipped=1)
    assert "“Corporate events”" in " ".join(result.outlines)
    assert "items.py" not in result.stdout.str()


def test_the_lists_of_pytest_show_what_they_always_show(infra: Infra) -> None:
    chosen = ("--icp-select=SP12", "--icp-lang=en", "--icp-unknown=warn")

    def listed(*how: str) -> set[str]:
        lines = infra.run(*chosen, *how, as_of="2025-12-01").outlines
        return {line.split(" ")[0] for line in lines if re.match("FAILED|SKIPPED|PASSED", line)}

    assert listed() == listed("-q", "-rf") == {"FAILED"}
    assert listed("-q") == set()
    assert listed("-rs") == {"SKIPPED"}
    assert listed("-rA") >= {"FAILED", "SKIPPED", "PASSED"}


def test_quietly_each_finding_is_one_line(infra: Infra) -> None:
    infra.write("infra/test_own.py", "def test_it(): assert 1 == 2\n")
    asked = ("--icp-lang=en", "--icp-unknown=warn")
    lines = infra.run("-q", *asked, as_of="2025-12-01").outlines
    found = [line for line in lines if line.startswith("infra/prod.icp.yaml:6:15: SP12/renewal: ")]
    assert len(found) == 1
    assert "Renewal: not done, and overdue since 2025-10-06" in found[0]
    # Those of others are pytest's.
    assert [line for line in lines if line.startswith("FAILED")] == [
        "FAILED infra/test_own.py::test_it - assert 1 == 2"
    ]
    quietest = infra.run("-qq", *asked, as_of="2025-12-01").stdout.str()
    assert "\n1 violated, " in quietest
    assert "overdue since" not in quietest


def test_findings_have_colours_on_a_terminal(infra: Infra) -> None:
    infra.write("infra/test_own.py", "def test_it(): assert 1 == 2\n")
    text = infra.run("--color=yes", "--icp-lang=en", as_of="2025-12-01").stdout.str()
    assert re.search(r"\x1b\[1m\x1b\[31mRenewal: not done[^\x1b]*\x1b\[0m", text)
    full = infra.run("-v", "--color=yes", "--icp-lang=en", as_of="2025-12-01").stdout.str()
    assert "\x1b[36minfra/prod.icp.yaml:6:15\x1b[0m" in full
    assert "\x1b[1m\x1b[31mSP12/renewal violated\x1b[0m" in full


def test_an_advisory_unknown_passes_and_is_counted_apart(infra: Infra) -> None:
    infra.describe(renewal="null", illegal_content_cases="null")
    result = infra.run("infra/prod.icp.yaml::SP09::record-kept")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["infra*prod.icp.yaml [?]*", "*1 advice undecided in *"])
    result.stdout.no_fnmatch_line("*fail the run*")
    both = infra.run(RENEWAL, "infra/prod.icp.yaml::SP09::record-kept")
    assert both.ret == pytest.ExitCode.TESTS_FAILED
    both.stdout.fnmatch_lines(["*1 undecided, 1 advice undecided in *"])
    both.stdout.fnmatch_lines(["*undecided rules fail the run *"])


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "建议性要求无法判断 **1**"), ("en", "Advisory, unknown **1**")]
)
def test_reports_count_it_apart(infra: Infra, language: str, words: str) -> None:
    infra.describe(illegal_content_cases="null")
    infra.run(
        "--icp-select=SP09/record-kept",
        f"--icp-lang={language}",
        "--icp-report=markdown=out.md",
        "--icp-report=jsonl=out.jsonl",
    )
    root = infra.pytester.path
    assert words in (root / "out.md").read_text("utf-8")
    # The others say that the day of the run is not today, and what it rests on.
    line, *_ = (root / "out.jsonl").read_text("utf-8").splitlines()
    assert '"grade":"advisory unknown"' in line.replace(": ", ":")


def test_an_advisory_violation_passes_with_its_own_letter(infra: Infra) -> None:
    infra.describe(
        sites="[{id: w, name: 别名网, launched_on: 2021-02-01, production: true, "
        "commercial: true, domains: [example.cn]}]"
    )
    result = infra.run("infra/prod.icp.yaml::LIC::site-name", "--icp-lang=en")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        ["infra*prod.icp.yaml [a]*", "no violation found, 1 advice not met"]
    )
    result.stdout.no_fnmatch_line("*advisory, not failing*")
    verbose = infra.run("infra/prod.icp.yaml::LIC::site-name", "--icp-lang=en", "-v")
    verbose.stdout.fnmatch_lines(["*advisory, not failing*"])


def test_a_crash_in_a_check_is_an_error_with_its_cause(infra: Infra) -> None:
    infra.write(
        "conftest.py",
        """\
        from pytest_icp.kinds import Kind
        from pytest_icp.rules.policy import Spec

        def crash(obligation, context):
            raise ZeroDivisionError("in the check")

        def pytest_icp_checks():
            return [Kind("crash", Spec, crash, {"type": "object"})]
        """,
    )
    infra.write("more/OWN.yaml", OWN.replace("KIND", "crash"))
    result = infra.run("--icp-policies", "more", "-k", "discipline")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError: in the check*"])


OWN = OWN_POLICY.replace("kind: condition", "kind: KIND").partition("    require:")[0]


@pytest.mark.parametrize(
    ("level", "shown"),
    [("mandatory", "UNDECIDED *"), ("advisory", "ADVICE UNDECIDED (unknown: no t...) *")],
)
def test_an_own_check_may_name_no_subject(infra: Infra, level: str, shown: str) -> None:
    infra.write(
        "conftest.py",
        """\
        from pytest_icp.kinds.finding import Outcome, Verdict
        from pytest_icp.kinds import Kind
        from pytest_icp.law.text import plain
        from pytest_icp.rules.policy import Spec

        def never(obligation, context):
            return Outcome(verdict=Verdict.UNKNOWN, reason=plain("no telling"))

        def pytest_icp_checks():
            return [Kind("never", Spec, never, {"type": "object"})]
        """,
    )
    own = OWN.replace("KIND", "never").replace("mandatory", level)
    infra.write("more/OWN.yaml", own)
    result = infra.run("--icp-policies", "more", "-k", "discipline", "-v", "--icp-lang=en")
    result.stdout.fnmatch_lines([f"infra/prod.icp.yaml::OWN::discipline {shown}"])


def test_an_item_stays_in_its_own_file(infra: Infra) -> None:
    infra.write(
        "conftest.py",
        """\
        def pytest_collection_modifyitems(items):
            for item in items:
                path, line, _ = item.location
                text = item.config.rootpath.joinpath(path).read_text("utf-8").splitlines()
                print(item.path.samefile(path), item.nodeid.split("::", 1)[1], text[line])
        """,
    )
    infra.write("infra/two.icp.yaml", "apiVersion: pytest-icp/v1\n")
    printed = infra.run("--collect-only", "-s").outlines
    assert not [line for line in printed if line.startswith("False")]
    for item, line in (
        ("LIC::valid", "licence_file: licence.yaml"),
        ("SP12::renewal", "  intention: renew"),
        ("SP12::update", "corporate_events: []"),
        ("SP14::sections", "apiVersion: pytest-icp/v1"),
    ):
        assert f"True {item} {line}" in printed


def test_failures_begin_with_what_can_be_mended_then_what_is_pursued_most(infra: Infra) -> None:
    infra.write("infra/test_own.py", "def test_it(): assert 1 == 2\n")
    broken = Path(__file__).parents[2] / "examples" / "broken" / "broken.icp.yaml"
    infra.write("infra/prod.icp.yaml", broken.read_text("utf-8"))
    rules = "LIC/registrant,SP12/update,SP14/report"
    lines = infra.run(f"--icp-select={rules}", "-rf", as_of="2026-11-24").outlines
    titles = [line.strip("_ ") for line in lines if line.startswith("____")]
    assert titles == ["LIC/registrant", "SP14/report", "SP12/update", "test_it"]
    failed = [line.split()[1].rpartition("::")[2] for line in lines if line.startswith("FAILED ")]
    assert failed == ["registrant", "report", "update", "test_it"]


def test_the_violations_after_the_eighth_are_a_line_each(infra: Infra) -> None:
    head, _, rule = OWN_POLICY.replace("{minLength: 1}", "{const: 乙}").partition(
        "  - id: discipline"
    )
    rules = "".join(f"  - id: rule-{n}{rule}" for n in range(10))
    infra.write("more/OWN.yaml", head + rules)
    infra.describe(company="{name: 甲}")
    asked = ("--icp-policies=more", "--icp-select=OWN", "--icp-lang=en")
    result = infra.run(*asked)
    result.assert_outcomes(failed=10)
    text = result.stdout.str()
    assert text.count("\nfix: Be disciplined.") == 8
    assert "- 2 more violations (-v: in full) -" in text
    told = "infra/prod.icp.yaml:7:17: OWN/rule-[89]: Company: “Name” is 甲"
    assert len([line for line in result.outlines if re.fullmatch(told, line)]) == 2
    # pytest lists the others where it is asked to.
    listed = "\nFAILED infra/prod.icp.yaml::OWN::rule-"
    assert text.count(listed) == 8
    assert infra.run(*asked, "-rf").stdout.str().count(listed) == 10
    assert infra.run(*asked, "-v").stdout.str().count("\nfix: Be disciplined.") == 10
    every = infra.run(*asked, "--tb=line").stdout.str()
    assert "more violations" not in every
