"""Turns that a run takes seldom."""

from __future__ import annotations

import pytest

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
def broken(): raise ValueError

@pytest.mark.icp("OWN/broken")
def test_broken(broken): pass

@pytest.mark.icp
def test_no_rule(): pass

def test_ordinary(): pass
"""


def test_ordinary_tests_have_the_verdict_of_their_outcome(infra: Infra) -> None:
    infra.write("own/test_marked.py", MARKED)
    infra.run("own").stdout.fnmatch_lines(
        ["*special provisions*", "  OWN     FF.-  bad, broken, good, not", "*F bad, broken"]
    )


def test_ordinary_tests_are_selected_by_the_rule_of_their_marker(infra: Infra) -> None:
    infra.write("own/test_marked.py", MARKED)
    none = infra.run("own", "--icp-ignore", "OWN")
    none.assert_outcomes(passed=2, deselected=4)
    # What is selected decides nothing here, so that nothing is left out.
    every = infra.run("own", "-k", "good or ordinary", "--icp-select", "OWN/g*")
    every.assert_outcomes(passed=2, deselected=4)


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
    result.assert_outcomes(failed=2, deselected=211)
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
    infra.run("infra/test_own.py").stdout.fnmatch_lines(
        ["*has several descriptions (prod.icp.yaml, test.icp.yaml); name one in icp_description*"]
    )
    infra.write("pytest.ini", "[pytest]\nicp_description = infra/prod.icp.yaml\n")
    infra.run("infra/test_own.py").assert_outcomes(passed=2)


def test_a_test_outside_the_root_looks_as_far_up_as_there_is(
    infra: Infra, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "test_own.py").write_text(READS, "utf-8")
    infra.write("pytest.ini", "[pytest]\n")
    result = infra.run(f"--rootdir={infra.pytester.path}", "-c", "pytest.ini", str(outside))
    result.stdout.fnmatch_lines(["*there is no description in*"])
