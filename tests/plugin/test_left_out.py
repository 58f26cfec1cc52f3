"""A description that a run leaves out is told, and no plugin skips one."""

from __future__ import annotations

import json

import pytest

from pytest_icp.plugin import reach
from tests.plugin.conftest import Infra

TEST = "def test_two(): assert 1 + 1 == 2\n"


@pytest.fixture
def tests(infra: Infra) -> Infra:
    infra.write("tests/test_own.py", TEST)
    return infra


def ini(infra: Infra, testpaths: str) -> None:
    infra.write("pytest.ini", f"[pytest]\ntestpaths = {testpaths}\nicp_lang = en\n")


def told(infra: Infra, *arguments: str) -> str:
    return " ".join(infra.pytester.runpytest(*arguments).stdout.str().split())


@pytest.mark.parametrize("quiet", [(), ("-q",), ("-qq",)])
def test_what_testpaths_leave_out_is_told(tests: Infra, quiet: tuple[str, ...]) -> None:
    ini(tests, "tests")
    said = "icp: not evaluated: infra/prod.icp.yaml; to evaluate it, run pytest infra/prod.icp.yaml"
    assert said in told(tests, *quiet)
    assert "not evaluated" not in told(tests, "--no-summary")
    # Nothing is missed of what is named, or evaluated.
    assert "not evaluated" not in told(tests, "tests/test_own.py")
    ini(tests, "tests infra")
    assert "not evaluated" not in told(tests)
    ini(tests, ".")
    assert "not evaluated" not in told(tests)


def test_folders_without_a_description_are_told(tests: Infra) -> None:
    said = told(tests, "tests", "--icp-lang=zh")
    assert "没有核对：infra/prod.icp.yaml；要核对，运行 pytest" in said
    tests.write("more/b.icp.yaml", "apiVersion: pytest-icp/v1\n")
    assert "没有核对：infra" not in told(tests, "more", "--icp-lang=zh")
    assert "没有核对：infra" not in told(tests, "--icp-lang=zh")


@pytest.mark.parametrize("arguments", [("tests/test_own.py",), ("tests",), ("test_top.py",)])
def test_a_description_beside_what_was_named_is_not_looked_into(
    tests: Infra, arguments: tuple[str, ...]
) -> None:
    """pytest asks about every file of a folder on the way to the one that it was given."""
    tests.write("test_top.py", TEST)
    tests.write("top.icp.yaml", "apiVersion: pytest-icp/v1\n")
    assert "incomplete" not in told(tests, "--icp-lang=en", *arguments)
    assert "incomplete: " in told(tests, "--icp-lang=en", "top.icp.yaml", "-k", "x")


def test_descriptions_of_a_package_are_looked_into(tests: Infra) -> None:
    tests.write("kept/__init__.py", "")
    tests.write("kept/top.icp.yaml", "apiVersion: pytest-icp/v1\n")
    tests.pytester.syspathinsert()
    assert "incomplete: " in told(tests, "--icp-lang=en", "--pyargs", "kept", "-k", "x")


def test_many_are_counted_and_those_that_pytest_does_not_look_into_are_not(tests: Infra) -> None:
    for name in ("a/a", "b/b", "c/c", "d/d", "build/x", ".hidden/x", "own/x"):
        tests.write(f"{name}.icp.yaml", "apiVersion: pytest-icp/v1\n")
    tests.write("own/pyvenv.cfg", "")
    ini(tests, "tests")
    said = told(tests)
    assert "not evaluated: a/a.icp.yaml, b/b.icp.yaml, c/c.icp.yaml and 2 more; to" in said


def test_the_search_ends_in_a_large_repository(
    tests: Infra, monkeypatch: pytest.MonkeyPatch
) -> None:
    tests.write("far/away/x.icp.yaml", "apiVersion: pytest-icp/v1\n")
    ini(tests, "tests")
    assert "away" in told(tests)
    monkeypatch.setattr(reach, "_MOST_ENTRIES", len([*tests.pytester.path.iterdir()]))
    assert "not evaluated" not in told(tests)


def test_a_folder_that_cannot_be_read_is_none_of_ours(
    tests: Infra, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> object:
        raise PermissionError(path)

    ini(tests, "tests")
    monkeypatch.setattr(reach.os, "scandir", refuse)
    assert "not evaluated" not in told(tests)


TESTMON = """\
import pytest

class TestmonSelect:
    deselected_files = {files}
    deselected_tests = ["infra/prod.icp.yaml::SP12::renewal"]

    def pytest_ignore_collect(self, collection_path, config):
        return collection_path.relative_to(config.rootpath).as_posix() in {ignored} or None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        items[:] = [one for one in items if one.nodeid not in self.deselected_tests]
        config.hook.pytest_deselected(items=[NoItem()])

class NoItem:
    config = None

def pytest_configure(config):
    NoItem.config = config
    config.pluginmanager.register(TestmonSelect(), "TestmonSelect")
"""


def test_a_description_that_testmon_skips_is_told(tests: Infra) -> None:
    files = ["infra/prod.icp.yaml", "tests/test_own.py"]
    tests.write("conftest.py", TESTMON.format(files=files, ignored=files))
    said = told(tests, "--icp-lang=en")
    assert "icp: incomplete: infra/prod.icp.yaml: this description was not collected" in said


def test_rules_that_testmon_skips_are_told(tests: Infra) -> None:
    tests.write("conftest.py", TESTMON.format(files=["infra/prod.icp.yaml"], ignored=[]))
    said = told(tests, "--icp-lang=en", "--icp-select=SP12")
    assert "incomplete: 1 of 8 rules not run: SP12/renewal" in said
    assert "this description was not collected" not in said


PICKED = """\
def pytest_addoption(parser):
    parser.addoption("--picked", action="store_true")

def pytest_configure(config):
    if config.getoption("picked"):
        config.args = {args}
"""


def test_what_a_plugin_picks_in_place_of_descriptions_is_told_in_every_report(
    tests: Infra,
) -> None:
    ini(tests, "tests infra")
    tests.write("more/other.icp.yaml", "apiVersion: pytest-icp/v1\n")
    tests.write("conftest.py", PICKED.format(args=["tests/test_own.py"]))
    said = told(tests, "--picked", "--icp-report=jsonl=out.jsonl", "--junitxml=out.xml")
    line = "infra/prod.icp.yaml, more/other.icp.yaml: this description was not collected"
    assert f"icp: incomplete: {line}" in said
    assert "1 passed" in said
    (entry, *_) = map(json.loads, (tests.pytester.path / "out.jsonl").read_text().splitlines())
    assert (entry["grade"], entry["description"]) == ("not judged", "infra/prod.icp.yaml")
    assert line in (tests.pytester.path / "out.xml").read_text("utf-8")


def test_what_a_plugin_picks_is_evaluated(tests: Infra) -> None:
    tests.write("conftest.py", PICKED.format(args=["infra/prod.icp.yaml"]))
    said = told(tests, "--picked", "-k", "SP12", "--icp-lang=en")
    assert "this description was not collected" not in said
    assert "SP12/renewal" in said


def test_another_plugin_that_picks_has_no_name(tests: Infra) -> None:
    picks = "def pytest_configure(config):\n    config.args = []\n"
    tests.write("conftest.py", picks)
    assert "this description was not collected" in told(tests, "-qq", "--icp-lang=en")
