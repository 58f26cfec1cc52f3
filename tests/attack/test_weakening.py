"""Whoever changes a repository cannot make its run milder in silence."""

from __future__ import annotations

from html import unescape

import pytest

from tests.plugin.conftest import Infra

REPORTS = ("markdown", "html", "sarif", "jsonl", "gitlab", "github")
FEW = "--icp-select=SP12"
"""Few rules are enough to see the rest."""
NGINX = "server { listen 80; server_name example.cn; }\n"
CONFTEST = """\
from types import ModuleType

from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds import Kind
from pytest_icp.rules.policy import Spec
from pytest_icp.sources.loading import Kind as SourceKind

def lenient(obligation, context):
    return Outcome(verdict=Verdict.SATISFIED)

def pytest_icp_checks():
    return [Kind("KIND", Spec, lenient, {"type": "object"})]

# A plugin that has no file.
def pytest_configure(config):
    config.pluginmanager.register(ModuleType("made"))

def pytest_icp_adapters():
    return {"SOURCE": SourceKind(read=None)}
"""
WAIVER = "waivers: [{rule: SP12/renewal, reason: r, owner: o, expires: 2025-12-31}]\n"


def milder(infra: Infra, *, kind: str = "lenient", source: str = "cmdb") -> None:
    """Try all that makes a run milder at once."""
    infra.write(
        "pytest.ini",
        """\
        [pytest]
        icp_ignore = SP15-03
        icp_select = SP12 SP15-03
        icp_unknown = warn
        icp_lookback = 30
        icp_waiver_days = 0
        icp_files = *.icp.yaml *.facts.yaml
        """,
    )
    infra.write("conftest.py", CONFTEST.replace("KIND", kind).replace("SOURCE", source))
    infra.write("infra/icp-waivers.yaml", WAIVER)
    infra.write("infra/site.conf", NGINX)
    infra.describe(
        sources="[{kind: nginx, path: site.conf, assume: {production: false}}]", six_months="180"
    )


MILDER = (
    "icp_unknown, icp_lookback, icp_select, icp_ignore, icp_files, icp_waiver_days, six_months, "
    "hooks in code of the repository (2), kinds of obligation that plugins add (1), kinds of "
    "source that plugins add (1), assumptions of sources (1), waivers (1)"
)


def outputs(infra: Infra, *arguments: str, as_of: str = "") -> dict[str, str]:
    """Run pytest, and return what it prints and writes, without what lays a text out."""
    reports = (f"--icp-report={name}=out/{name}" for name in REPORTS)
    result = infra.run("--icp-lang=en", FEW, *reports, *arguments, as_of=as_of)
    found = {"terminal": result.stdout.str()}
    for name in REPORTS:
        written = (infra.pytester.path / "out" / name).read_text("utf-8")
        found[name] = unescape(written)
    return {name: " ".join(text.replace("-\n", "-").split()) for name, text in found.items()}


def missing(found: dict[str, str], said: str) -> list[str]:
    return [name for name, text in found.items() if said not in text]


def test_what_weakens_a_run_is_named_in_every_output(infra: Infra) -> None:
    milder(infra)
    assert missing(outputs(infra), MILDER.replace("icp_select, ", "")) == []


@pytest.mark.parametrize("more", [(), ("-v",), ("-q",), ("-n", "1")])
def test_it_is_said_once_in_a_line(infra: Infra, more: tuple[str, ...]) -> None:
    infra.run("--icp-lang=en", FEW).stdout.no_fnmatch_line("*weakened*")
    milder(infra)
    found = " ".join(infra.run("--icp-lang=en", *more, as_of="").stdout.str().split())
    assert found.count("this run is weakened by ") == 1
    assert MILDER in found


def test_what_is_typed_is_not_named(infra: Infra) -> None:
    """Whoever types permits it; what an ini file gives as ``addopts`` nobody has typed."""
    infra.run(FEW, "--icp-unknown=warn", "--icp-lang=en").stdout.no_fnmatch_line("*weakened*")
    infra.write("pytest.ini", "[pytest]\naddopts = --icp-unknown=warn\n")
    found = infra.run(FEW, "--icp-lang=en")
    found.stdout.fnmatch_lines(["*this run is weakened by icp_unknown"])


def test_an_earlier_day_of_the_repository_fails_in_ci(
    infra: Infra, monkeypatch: pytest.MonkeyPatch
) -> None:
    infra.write("pytest.ini", "[pytest]\nicp_as_of = 2025-06-01\n")
    said = "the as-of date (2025-06-01) comes from a file of the repository"
    monkeypatch.setenv("CI", "true")
    found = outputs(infra)
    assert missing(found, said) == []
    assert missing(found, "as of 2025-06-01, not today") == []
    assert "FAILED pytest.ini::icp_as_of" in found["terminal"]
    for permitted in (["--icp-as-of=2025-06-02"], ["-o", "icp_as_of=2025-06-01"]):
        infra.run(FEW, *permitted, as_of="").stdout.no_fnmatch_line("*pytest.ini::icp_as_of*")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--icp-as-of=2025-06-01")
    infra.run(FEW, as_of="").stdout.no_fnmatch_line("*pytest.ini::icp_as_of*")
    monkeypatch.delenv("PYTEST_ADDOPTS")
    infra.write("pytest.ini", "[pytest]\naddopts = --icp-as-of=2025-06-01\n")
    infra.run(FEW, as_of="").stdout.fnmatch_lines(["FAILED pytest.ini::icp_as_of*"])


@pytest.mark.parametrize("how", [[], ["-q"], ["-v"]])
def test_another_day_is_said_once(infra: Infra, how: list[str]) -> None:
    told = infra.run(FEW, "--icp-lang=en", *how).stdout.str()
    assert told.count("as of 2025-06-01, not today") == 1


def test_what_a_worker_sees_reaches_its_controller(infra: Infra) -> None:
    infra.write(
        "conftest.py",
        """
        def pytest_configure(config):
            config.workeroutput = {}
        def pytest_unconfigure(config):
            print(config.workeroutput["icp_weakened"])
        """,
    )
    infra.run(FEW, "-s").stdout.fnmatch_lines(["*as of 2025-06-01, not today*"])


def test_a_waiver_of_over_a_year_fails(infra: Infra) -> None:
    long_one = "waivers: [{rule: SP12/renewal, reason: r, owner: o, expires: 2040-01-01}]\n"
    infra.write("infra/icp-waivers.yaml", long_one)
    found = outputs(infra, as_of="2025-06-01")
    assert missing(found, "this waiver lasts until 2040-01-01, which is over a year") == []
    assert "FAILED infra/icp-waivers.yaml::waivers" in found["terminal"]
    result = infra.run(FEW, "-o", "icp_waiver_days=0")
    result.stdout.no_fnmatch_line("*infra/icp-waivers.yaml::waivers*")


@pytest.mark.parametrize(
    ("kind", "source", "said"),
    [
        ("condition", "cmdb", "kind of obligation 'condition', which is there already"),
        ("lenient", "nginx", "kind of source 'nginx', which is there already"),
    ],
)
def test_what_is_shipped_cannot_be_replaced(
    infra: Infra, kind: str, source: str, said: str
) -> None:
    milder(infra, kind=kind, source=source)
    result = infra.run("--icp-lang=en", as_of="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said in " ".join(result.stderr.str().split())
