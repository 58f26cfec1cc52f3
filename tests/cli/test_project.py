"""What a command knows of the project that it runs in is what pytest knows."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.cli.main import main
from pytest_icp.cli.project import Project
from pytest_icp.cli.project import in_project as run_in_project
from pytest_icp.engine import decide
from pytest_icp.kinds.result import Waived
from pytest_icp.law.errors import IcpError, InputError

OWN = """\
id: OWN
article: 自订
title: {zh: 自订规定, en: Our own provision}
text: {zh: 你公司应当自律。, en: You shall be disciplined.}
obligations:
  - id: discipline
    title: {zh: 自律, en: Discipline}
    meaning: {zh: 公司自律。, en: The company is disciplined.}
    fix: {zh: 自律。, en: Be disciplined.}
    kind: condition
    level: mandatory
    basis: own
    each: renewal
    require: {intention: renew}
"""


@pytest.fixture(autouse=True)
def _alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder, without what the outer run asks of pytest."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def in_project(command: Callable[[Project], Any], arguments: Sequence[str] = ()) -> Any:
    return run_in_project(Namespace(), command, (), *arguments)


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("name", "head", "quote"),
    [
        ("pytest.ini", "[pytest]", ""),
        ("pyproject.toml", "[tool.pytest.ini_options]", '"'),
    ],
)
def test_options_are_read_where_pytest_reads_them(name: str, head: str, quote: str) -> None:
    values = {"icp_as_of": "2025-06-01", "icp_lang": "en", "icp_policies": "own"}
    lines = (f"{option} = {quote}{value}{quote}" for option, value in values.items())
    write(name, "\n".join([head, *lines, ""]))
    write("own/OWN.yaml", OWN)

    def ask(project: Project) -> tuple[str, str, list[str]]:
        options = project.options
        return (
            options.as_of.isoformat(),
            options.language,
            [one.id for one in project.session.policies],
        )

    as_of, language, policies = in_project(ask)
    assert (as_of[:10], language) == ("2025-06-01", "en")
    assert policies[-1] == "OWN"
    as_of, language, _ = in_project(ask, ["--icp-as-of=2024-01-01", "--icp-lang=zh"])
    assert (as_of[:10], language) == ("2024-01-01", "zh")


def test_hooks_and_waivers_count_as_in_a_run() -> None:
    write("own/OWN.yaml", OWN)
    write(
        "conftest.py",
        "from pathlib import Path\n"
        "def pytest_icp_policies(config): return [config.rootpath / 'own']\n"
        "def pytest_icp_facts(path): return {'apiVersion': 'pytest-icp/v1', 'domains': []}\n",
    )
    write(
        "icp-waivers.yaml",
        "waivers:\n"
        "  - {rule: SP12/update, reason: 系统停机, owner: 合规专员, expires: 2025-12-31}\n",
    )

    def ask(project: Project) -> tuple[object, str, Waived | None]:
        scene = project.scene(Path("prod.icp.yaml"))
        (policy,) = (one for one in project.session.policies if one.id == "SP12")
        (rule,) = (one for one in policy.obligations if one.id == "update")
        result = decide(scene, policy, rule)
        domains = scene.description.facts["domains"]
        return domains, result.description, result.waived

    domains, description, waived = in_project(ask, ["--icp-as-of=2025-06-01"])
    assert (domains, description) == ([], "prod.icp.yaml")
    assert waived
    assert waived.owner == "合规专员"


def description(project: Project) -> Path:
    return project.description("--description {file}")


def test_several_descriptions_here() -> None:
    write("a.icp.json", "{}")
    with pytest.raises(InputError, match=r"several descriptions(.|\n)*--description a.icp.json"):
        in_project(description)
    write("pytest.ini", "[pytest]\nicp_description = prod.icp.yaml\n")
    assert in_project(description) == Path.cwd() / "prod.icp.yaml"
    write("pytest.ini", "[pytest]\nicp_files = prod.*\n")
    assert in_project(description) == Path("prod.icp.yaml")


def scene(project: Project) -> object:
    return project.scene(Path("prod.icp.yaml"))


def test_what_stops_a_run_stops_a_command() -> None:
    write("icp-waivers.yaml", "waivers: [")
    with pytest.raises(IcpError, match=r"icp-waivers\.yaml:1"):
        in_project(scene)


@pytest.mark.parametrize(
    ("ini", "arguments", "said"),
    [
        ("icp_lang = fr", (), "icp_lang: 'fr' is not one of zh, en, both"),
        ("icp_as_of = 9999-12-31", (), "2000 to 2099"),
        ("", ("--nonsense",), "unrecognized arguments: --nonsense"),
    ],
)
def test_what_pytest_refuses_it_says_itself(
    ini: str, arguments: Sequence[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("pytest.ini", f"[pytest]\n{ini}\n")
    with pytest.raises(SystemExit) as leaving:
        in_project(description, arguments)
    assert leaving.value.code == pytest.ExitCode.USAGE_ERROR
    assert said in capsys.readouterr().err


def test_what_users_add_to_their_own_runs_does_not_count(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("pytest.ini", "[pytest]\naddopts = -x -k nothing --nonsense\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--more-nonsense")
    assert in_project(description) == Path("prod.icp.yaml")
    assert os.environ["PYTEST_ADDOPTS"] == "--more-nonsense"
    assert main(["evaluate", ".", "--as-of=2025-12-01", "--lang=en"]) == 1
    assert "SP12/renewal violated" in capsys.readouterr().out
