"""A description that a run leaves out is named in all that it writes, and nothing passes unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.cli.main import main
from pytest_icp.plugin import reach
from pytest_icp.reports.publishing import FORMATS
from tests.plugin.conftest import DESCRIPTION, Infra

TEST = "def test_own(): pass\n"
LINE = "this description was not collected"

WAYS = {
    "testpaths": {"pytest.ini": "[pytest]\ntestpaths = tests\n"},
    "norecursedirs": {"pytest.ini": "[pytest]\nnorecursedirs = infra\n"},
    "--ignore": {"pytest.ini": "[pytest]\naddopts = --ignore=infra\n"},
    "--ignore-glob": {"pytest.ini": "[pytest]\naddopts = --ignore-glob=*.icp.yaml\n"},
    "collect_ignore": {"conftest.py": 'collect_ignore = ["infra"]\n'},
    "collect_ignore_glob": {"conftest.py": 'collect_ignore_glob = ["*/*.icp.yaml"]\n'},
    "icp_files": {"pytest.ini": "[pytest]\nicp_files = company.yaml\n"},
    "a hook": {
        "conftest.py": "def pytest_ignore_collect(collection_path):\n"
        "    return collection_path.name == 'infra' or None\n"
    },
}


@pytest.fixture
def tests(infra: Infra) -> Infra:
    infra.write("tests/test_own.py", TEST)
    return infra


def said(result: pytest.RunResult) -> str:
    return " ".join(result.stdout.str().split())


def reports(folder: Path) -> dict[str, str]:
    files = {name: folder / f"{name}.txt" for name in FORMATS}
    return {name: file.read_text("utf-8") for name, file in files.items()}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_left_out_is_named_in_every_report(tests: Infra, way: str) -> None:
    for name, content in WAYS[way].items():
        tests.write(name, content)
    every = [f"--icp-report={name}={name}.txt" for name in FORMATS]
    result = tests.run("--junitxml=junit.xml", *every)
    assert f"icp: incomplete: infra/prod.icp.yaml: {LINE}" in said(result)
    assert "icp: the run fails, because no description was evaluated" in said(result)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert LINE in (tests.pytester.path / "junit.xml").read_text("utf-8")
    silent = [name for name, text in reports(tests.pytester.path).items() if "prod" not in text]
    assert silent == []


def test_without_any_option_icp_files_names_what_it_leaves_out(tests: Infra) -> None:
    tests.write("pytest.ini", "[pytest]\nicp_files = company.yaml\nicp_lang = en\n")
    result = tests.pytester.runpytest()
    assert f"infra/prod.icp.yaml: {LINE}" in said(result)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_one_of_several_is_named_and_the_exit_code_is_that_of_the_others(tests: Infra) -> None:
    for name in "bcdef":
        tests.write(f"more/{name}.icp.yaml", DESCRIPTION)
    tests.write("more/build/g.icp.yaml", DESCRIPTION)
    result = tests.run("--icp-select=SP12", "--ignore=more")
    b, c, d = (f"more/{name}.icp.yaml" for name in "bcd")
    assert f"icp: incomplete: {b}, {c}, {d} and 2 more: {LINE}" in said(result)
    assert "no description was evaluated" not in said(result)
    assert result.ret == pytest.ExitCode.OK


def test_workers_collect_for_their_controller(tests: Infra) -> None:
    tests.write("more/b.icp.yaml", DESCRIPTION)
    result = tests.run("-n1", "--ignore=more", "--icp-select=SP12")
    assert f"incomplete: more/b.icp.yaml: {LINE}" in said(result)
    assert "prod.icp.yaml: this" not in said(result)
    assert result.ret == pytest.ExitCode.OK


def test_a_run_that_judges_nothing_of_what_it_collects_fails(tests: Infra) -> None:
    tests.write("pytest.ini", "[pytest]\naddopts = -m 'not icp'\nicp_lang = en\n")
    assert tests.pytester.runpytest().ret == pytest.ExitCode.TESTS_FAILED
    # Whoever types what runs knows what does not.
    tests.write("pytest.ini", "[pytest]\nicp_lang = en\n")
    for typed in (["-m", "not icp"], ["-ktest_own"], ["tests/test_own.py::test_own", "infra"]):
        result = tests.pytester.runpytest(*typed)
        assert result.ret == ("infra" in typed), typed


@pytest.mark.parametrize("option", [[], ["--icp-lang=en"], ["--icp-report=jsonl=a.jsonl"]])
def test_only_what_is_below_the_paths_asked_for_counts(tests: Infra, option: list[str]) -> None:
    result = tests.pytester.runpytest("tests", *option)
    assert "incomplete" not in said(result)
    assert result.ret == pytest.ExitCode.OK


def test_a_run_of_others_looks_for_no_description(
    infra: Infra, monkeypatch: pytest.MonkeyPatch
) -> None:
    infra.write("tests/test_own.py", TEST)
    (infra.pytester.path / "infra" / "prod.icp.yaml").rename(infra.pytester.path / "infra" / "a")
    monkeypatch.setattr(reach, "descriptions_below", lambda *_: pytest.fail("it looks for one"))
    assert infra.pytester.runpytest().ret == pytest.ExitCode.OK


def test_the_command_names_what_icp_files_leaves_out(
    tests: Infra, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tests.pytester.path)
    tests.write("infra/company.yaml", DESCRIPTION)
    tests.write("pytest.ini", "[pytest]\nicp_files = company.yaml\n")
    asked = ["evaluate", "--lang=en", "--select=SP12/renewal", "--as-of=2024-01-01"]
    assert main([*asked, "."]) == 1
    assert f"infra/prod.icp.yaml: {LINE}" in " ".join(capsys.readouterr().out.split())
    assert main([*asked, "infra/company.yaml"]) == 0
    assert "not collected" not in capsys.readouterr().out
