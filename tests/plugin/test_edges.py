"""Turns that a run takes seldom."""

from __future__ import annotations

import pytest

from pytest_icp.kinds.policies import default_policies
from tests.plugin.conftest import DESCRIPTION, LICENCE, OWN_POLICY, Infra

MARKED = """\
import pytest

@pytest.mark.icp("OWN/good")
def test_good(): pass

@pytest.mark.icp("OWN/bad")
def test_bad(): assert False

@pytest.mark.icp("OWN/not")
def test_not(): pytest.skip("no such thing here")

@pytest.fixture
def broken(): raise ValueError("no such thing")

@pytest.fixture
def untidy():
    yield
    raise ValueError("left behind")

@pytest.mark.icp("OWN/untidy")
def test_untidy(untidy): pass

@pytest.mark.icp("OWN/broken")
def test_broken(broken): pass

def test_ordinary(): pass
"""

RULES = sum(len(policy.obligations) for policy in default_policies())


TAKES = "the marker icp takes the id of one rule, not"


def joined(shown: pytest.LineMatcher) -> str:
    """Return what is shown as one line: where long lines are broken is not the subject."""
    return " ".join(shown.str().split())


def test_ordinary_tests_have_the_verdict_of_their_outcome(infra: Infra) -> None:
    infra.write("own/test_marked.py", MARKED)
    infra.run("own", "-v").stdout.fnmatch_lines(
        [
            "*special provisions*",
            "  OWN bad, broken, good, not, untidy  1  1  2  1  F bad; [?] broken",
        ]
    )


def test_ordinary_tests_are_selected_by_the_rule_of_their_marker(infra: Infra) -> None:
    infra.write("own/test_marked.py", MARKED)
    none = infra.run("own", "--icp-ignore", "OWN")
    none.assert_outcomes(passed=1, deselected=5)
    # What is selected decides nothing here, so that nothing is left out.
    every = infra.run("own", "-k", "good or ordinary", "--icp-select", "OWN/g*")
    every.assert_outcomes(passed=2, deselected=4)


def test_rules_of_ordinary_tests_that_are_left_out_are_named(infra: Infra) -> None:
    infra.write("own/test_marked.py", MARKED)
    asked = ("-v", "--icp-ignore", "OWN/bad,OWN/broken")
    infra.run("own", "--icp-lang=en", *asked).stdout.fnmatch_lines(
        ["-* not selected -*", "  2 rules: OWN/bad, OWN/broken"]
    )


@pytest.mark.parametrize(
    ("written", "said", "workers"),
    [
        ('("own log")', f"{TAKES} icp('own log')", ()),
        ("(5)", f"{TAKES} icp(5)", ()),
        ("", f"{TAKES} icp()", ()),
        ('("OWN/a", "OWN/b")', f"{TAKES} icp('OWN/a', 'OWN/b')", ()),
        ('("OWN/a", why=1)', f"{TAKES} icp('OWN/a', why=1)", ()),
        ('("SP12/renewel")', "there is no rule 'SP12/renewel'", ()),
        ('("SP012/renewal")', "there is no rule 'SP012/renewal'", ()),
        # Two workers refuse it; it is told once.
        ("(5)", f"{TAKES} icp(5)", ("-n", "2")),
    ],
)
def test_a_marker_that_names_no_rule_is_a_usage_error(
    infra: Infra, written: str, said: str, workers: tuple[str, ...]
) -> None:
    infra.write(
        "own/test_wrong.py",
        f"""\
        import pytest
        pytestmark = pytest.mark.icp{written}
        def test_one(): pass
        def test_two(): pass
        """,
    )
    result = infra.run("own", *workers)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"own/test_wrong.py:3: {said}" in joined(result.stderr)
    # The same marker is told once.
    assert "test_wrong.py:4" not in result.stderr.str()
    if "SP" in written:
        result.stderr.fnmatch_lines(["*did you mean 'SP12/renewal'?"])


def test_a_marker_may_stand_beside_policies_of_ones_own(infra: Infra) -> None:
    infra.write("more/OWN.yaml", OWN_POLICY)
    infra.write("own/test_marked.py", MARKED)
    infra.run("own", "-k", "good", "--icp-policies=more").assert_outcomes(passed=1, deselected=5)
    infra.write("more/OWN.yaml", "id: [")
    broken = infra.run("own", "--icp-policies=more")
    assert broken.ret == pytest.ExitCode.USAGE_ERROR
    broken.stderr.fnmatch_lines(["*OWN.yaml:*"])


def test_a_hook_of_others_that_fails_is_told_as_such(infra: Infra) -> None:
    infra.path.write_text("apiVersion: pytest-icp/v2\n", "utf-8")
    sources = "sources: [{kind: zone, path: none.zone}]\n"
    infra.write("infra/two.icp.yaml", f"apiVersion: pytest-icp/v1\n{sources}")
    infra.write(
        "conftest.py",
        """\
        def pytest_runtest_call(item):
            raise ZeroDivisionError("in a conftest")
        """,
    )
    result = infra.run("-k", "description or sources")
    result.assert_outcomes(failed=2, deselected=RULES)
    assert result.stdout.str().count("\nE       ZeroDivisionError: in a conftest") == 2


def test_a_fault_in_the_licences_file_is_told_there(infra: Infra) -> None:
    infra.write("infra/licence.yaml", LICENCE + "colour: red\n")
    result = infra.run("--collect-only")
    assert "<BrokenDescription description>" in result.stdout.str()
    failed = infra.run()
    failed.stdout.fnmatch_lines(["infra/licence.yaml:*colour*"])


def test_another_plugin_brings_policies(infra: Infra) -> None:
    infra.write(
        "conftest.py",
        """\
        import pathlib

        def pytest_icp_policies(config):
            return [pathlib.Path(__file__).parent / "more"]
        """,
    )
    infra.write("more/OWN.yaml", OWN_POLICY)
    infra.run("-k", "discipline").assert_outcomes(passed=1)


READS = """\
def test_one(icp_description): assert icp_description.path.name == "prod.icp.yaml"
def test_two(icp_description): assert icp_description.path.name == "prod.icp.yaml"
"""


def test_tests_below_a_description_share_it(infra: Infra) -> None:
    infra.write("infra/below/deep/test_own.py", READS)
    infra.run("infra/below").assert_outcomes(passed=2)


def test_of_several_descriptions_one_is_named(infra: Infra) -> None:
    infra.write("infra/test_own.py", READS)
    infra.write("infra/test.icp.yaml", DESCRIPTION)
    told = without_traceback(infra, "infra/test_own.py", errors=2)
    for words in (
        "infra/test_own.py:2: infra has several descriptions: prod.icp.yaml, test.icp.yaml",
        "= name one in icp_description",
    ):
        assert words in joined(told)
    infra.write("pytest.ini", "[pytest]\nicp_description = infra/prod.icp.yaml\n")
    infra.run("infra/test_own.py").assert_outcomes(passed=2)


def test_a_test_outside_the_root_looks_as_far_up_as_there_is(
    infra: Infra, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "test_own.py").write_text(READS, "utf-8")
    infra.write("pytest.ini", "[pytest]\n")
    result = infra.run(f"--rootdir={infra.pytester.path}", "-c", "pytest.ini", str(outside))
    assert "there is no description in" in joined(result.stdout)


def without_traceback(infra: Infra, *args: str, errors: int = 1) -> pytest.LineMatcher:
    """Run tests that cannot have their description, and see that nothing of ours is shown."""
    result = infra.run(*args)
    result.assert_outcomes(errors=errors)
    shown = result.stdout.str()
    assert "site-packages" not in shown
    assert "def nearest_description" not in shown
    assert "During handling" not in shown
    return result.stdout


def test_a_fixture_tells_what_is_wrong_with_a_description(infra: Infra) -> None:
    infra.write("infra/below/test_own.py", "def test_own(icp_licence): pass\n")
    infra.path.write_text(DESCRIPTION.replace("v1", "v2"), "utf-8")
    told = without_traceback(infra, "infra/below")
    told.fnmatch_lines(
        [
            "infra/prod.icp.yaml:1:13: expected 'pytest-icp/v1', found 'pytest-icp/v2'",
            "*^^^^*",
        ]
    )


def test_a_fixture_tells_that_sources_belong_to_one_description(infra: Infra) -> None:
    for name in ("one", "two"):
        infra.write(f"{name}/{name}.icp.yaml", "apiVersion: pytest-icp/v1\n")
        infra.write(f"{name}/test_{name}.py", "def test_own(icp_description): pass\n")
    infra.write("compose.yaml", "services: {}\n")
    result = infra.run("one/test_one.py", "two/test_two.py", "--icp-source=compose=compose.yaml")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*--icp-source needs a single description*"])
    assert "Refused" not in result.stdout.str()


@pytest.mark.parametrize("name", ["a\x1b[31m", "a\u202eb", "a\nb", "a ##[add-mask]b"])
def test_the_name_of_a_folder_is_text_also_where_pytest_prints_it(infra: Infra, name: str) -> None:
    for file in ("licence.yaml", "prod.icp.yaml"):
        infra.write(f"{name}/{file}", (infra.path.parent / file).read_text("utf-8"))
    waiver = "waivers: [{rule: SP12/renewal, reason: r, owner: o, expires: 2099-12-31}]\n"
    infra.write(f"{name}/icp-waivers.yaml", waiver)
    result = infra.run("-v", "--icp-select=SP12/renewal")
    shown = name.replace("##[", "#…[").translate({0x1B: "\ufffd", 0x202E: "\ufffd", 0xA: " "})
    for item in ("prod.icp.yaml::SP12::renewal PASSED", "icp-waivers.yaml::waivers FAILED"):
        assert any(line.startswith(f"{shown}/{item}") for line in result.outlines)
    assert name not in result.stdout.str()


def test_names_that_look_the_same_do_not_stand_for_each_other(infra: Infra) -> None:
    for name in ("a\u202e", "a\u202d", "a\ufffd"):
        infra.write(f"infra/{name}.icp.yaml", DESCRIPTION)
    result = infra.run("--icp-select=SP12/renewal", "-v")
    result.assert_outcomes(passed=4)
    named = {line.partition("::")[0] for line in result.outlines if "::renewal PASSED" in line}
    assert len(named) == 4
