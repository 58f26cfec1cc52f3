"""A stranger's repository is judged without running what it brings (``--no-project``)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pytest_icp.cli import isolation
from pytest_icp.cli import main as command
from pytest_icp.cli.main import main
from tests.attack.test_weakening import CONFTEST
from tests.plugin.conftest import DESCRIPTION, LICENCE, OWN_POLICY

DAY = ("--as-of", "2025-12-01", "--lang", "en")
LOADED = (
    *("conftest", "infra/conftest", "infra/__init__", "infra/test_it", "evil", "setup"),
    *("sitecustomize", "usercustomize", "pytest_icp", "pytest", "_pytest", "yaml", "msgspec"),
    *("infra/sitecustomize", "infra/usercustomize", "infra/pytest_icp"),
)
"""Modules that a run could load from the repository."""

SETTINGS = {
    "pytest.ini": "[pytest]\naddopts = -p evil\npythonpath = .\nicp_ignore = SP12\n",
    "infra/pytest.ini": "[pytest]\naddopts = -p evil\nicp_ignore = SP12\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-p evil'\nicp_ignore = 'SP12'\n",
    "tox.ini": "[pytest]\naddopts = -p evil\nicp_ignore = SP12\n",
    "setup.cfg": "[tool:pytest]\naddopts = -p evil\nicp_ignore = SP12\n",
    "evil.pth": "import evil\n",
    "evil.dist-info/entry_points.txt": "[pytest11]\nevil = evil\n",
    "evil.dist-info/METADATA": "Metadata-Version: 2.1\nName: evil\nVersion: 1\n",
}
"""What could tell a run to load them, or to leave rules out."""


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The checkout of a repository that nobody trusts, made the current folder."""
    folder = tmp_path / "stranger"
    write(folder / ".git/HEAD", "")
    write(folder / "infra/licence.yaml", LICENCE)
    write(folder / "infra/prod.icp.yaml", DESCRIPTION)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process count as one that has loaded nothing of the repository."""
    monkeypatch.setattr(command, "is_fresh", lambda: True)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_nothing_of_the_repository_is_loaded(
    stranger: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in LOADED:
        write(stranger / f"{name}.py", f"open({str(stranger)!r} + '/ran', 'a').write({name!r})\n")
    for name, text in SETTINGS.items():
        write(stranger / name, text)
    monkeypatch.setenv("PYTHONPATH", f"{stranger}{os.pathsep}{stranger / 'infra'}")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p evil --icp-ignore=SP12")
    monkeypatch.setenv("PYTEST_PLUGINS", "evil")
    assert main(["evaluate", "--no-project", "infra", *DAY]) == 1
    said = capfd.readouterr()
    assert "SP12/renewal violated" in said.out
    assert "no code of the repository was run" in said.out
    assert said.err == ""
    assert not (stranger / "ran").exists(), (stranger / "ran").read_text("utf-8")
    assert not (stranger / ".pytest_cache").exists()


def test_an_interpreter_is_fresh_when_it_can_load_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Flags:
        safe_path = True

    assert not isolation.is_fresh({})
    monkeypatch.setattr(sys, "flags", Flags)
    assert isolation.is_fresh({"PATH": "/bin"})
    for name in ("PYTHONPATH", "PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        assert not isolation.is_fresh({name: ""})


@pytest.mark.usefixtures("fresh")
def test_what_needs_code_of_the_repository_is_unknown_by_name(
    stranger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(stranger / "conftest.py", CONFTEST.replace("KIND", "lenient").replace("SOURCE", "cmdb"))
    write(stranger / "own/OWN.yaml", OWN_POLICY.replace("condition", "lenient"))
    write(stranger / "own/BROKEN.yaml", "obligations: [\n")
    arguments = ["evaluate", "--no-project", "infra", "--policies", "own", *DAY]
    # What is wrong with a policy is an error as ever.
    assert main(arguments) == 4
    assert "own/BROKEN.yaml:2" in capsys.readouterr().err
    for wrong in ("[]\n", "obligations: {}\n", "obligations: [{kind: 1}, 2]\n"):
        write(stranger / "own/BROKEN.yaml", wrong)
        assert main(arguments) == 4
    (stranger / "own/BROKEN.yaml").unlink()
    capsys.readouterr()
    description = stranger / "infra/prod.icp.yaml"
    with description.open("a", encoding="utf-8") as file:
        file.write("sources: [{kind: cmdb, path: any}, {kind: nginx, path: site.conf}]\n")
    write(stranger / "infra/site.conf", "server { listen 80; server_name example.cn; }\n")
    assert main([*arguments, "--select", "OWN", "--select", "LIC/domains"]) == 1
    said = " ".join(capsys.readouterr().out.replace("|", " ").split())
    assert "the kind 'lenient' comes with code of the repository, which is not run" in said
    assert "the kind of source 'cmdb' comes with code of the repository, which is not run" in said
    assert "unknown kind" not in said


@pytest.mark.usefixtures("fresh")
def test_a_misspelt_kind_of_source_is_no_code(
    stranger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (stranger / "infra/prod.icp.yaml").open("a", encoding="utf-8") as file:
        file.write("sources: [{kind: kubernets, path: any}]\n")
    arguments = ["evaluate", "--no-project", "infra", "--select", "LIC/domains", *DAY]
    assert main(arguments) == 1
    said = " ".join(capsys.readouterr().out.replace("|", " ").split())
    assert "no built-in kind of source 'kubernets'; did you mean 'kubernetes'?" in said
    assert "code of the repository, which is not run" not in said


@pytest.mark.usefixtures("fresh")
def test_a_configuration_from_elsewhere_counts(
    stranger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company = tmp_path / "company.ini"
    company.write_text("[pytest]\nicp_select = SP12/renewal\nicp_lang = en\n", "utf-8")
    write(stranger / "pytest.ini", "[pytest]\nicp_ignore = SP12\n")
    arguments = ["evaluate", "--no-project", "infra", "--as-of", "2025-12-01"]
    assert main([*arguments, "--config", str(company)]) == 1
    said = capsys.readouterr().out
    assert "SP12/renewal violated" in said
    assert "LIC/valid" not in said


@pytest.mark.usefixtures("fresh")
def test_the_repository_sets_no_links(stranger: Path, tmp_path: Path) -> None:
    write(stranger / "pytest.ini", "[pytest]\nicp_docs_url = https://evil.example\n")
    report = tmp_path / "report.sarif"
    arguments = ["evaluate", "infra", *DAY, "--select", "SP12", "--report", f"sarif={report}"]
    assert main([*arguments, "--no-project"]) == 1
    assert "evil.example" not in report.read_text("utf-8")
    assert main([*arguments, "--no-project", "--docs-url", "https://docs.example.com"]) == 1
    assert '"https://docs.example.com/en/rules/SP12/renewal.html"' in report.read_text("utf-8")
    assert main(arguments) == 1
    assert "https://evil.example/en/rules/SP12/" in report.read_text("utf-8")


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--no-project", "--config", "pytest.ini"], "is one of the repository"),
        (["--no-project", "--config", "../none.ini"], "no such file"),
        (["--config", "../none.ini"], "goes with --no-project only"),
    ],
)
def test_a_configuration_that_cannot_count(
    stranger: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    write(stranger / "pytest.ini", "[pytest]\nicp_ignore = SP12\n")
    assert main(["evaluate", "infra", *arguments, *DAY]) == 4
    assert said in " ".join(capsys.readouterr().err.split())


@pytest.mark.usefixtures("fresh")
def test_waivers_of_the_repository_are_named(
    stranger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its options are not, for they do not count."""
    write(stranger / "pytest.ini", "[pytest]\nicp_ignore = SP12\n")
    waiver = "waivers: [{rule: SP12/renewal, reason: r, owner: o, expires: 2025-12-31}]\n"
    write(stranger / "infra/icp-waivers.yaml", waiver)
    assert main(["evaluate", "--no-project", "infra", "--select", "SP12", *DAY]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "this run is weakened by waivers (1)" in said
    assert "SP12/renewal" in said
