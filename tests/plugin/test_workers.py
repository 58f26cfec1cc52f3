"""A run on workers says what a run in one process says: on the screen, to GitHub, in every file."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from pytest_icp.cli.main import main
from pytest_icp.reports.publishing import FORMATS
from tests.plugin.conftest import OWN_POLICY, Infra
from tests.plugin.test_edges import MARKED
from tests.plugin.test_parts import DESCRIPTION, LATE
from tests.policies_of_ones_own import STOPPED, own_policies

CRASHES = """\
from pytest_icp.kinds import Kind
from pytest_icp.rules.policy import Spec


class Nothing(Spec, frozen=True):
    pass


def crash(obligation, context):
    raise RuntimeError("boom")


def pytest_icp_checks(config):
    return [Kind("crash", Nothing, crash, {"properties": {}})]
"""
CRASHING = """\
  - id: crashing
    title: {zh: 出错, en: Crashing}
    meaning: {zh: 出错。, en: It crashes.}
    fix: {zh: 无。, en: None.}
    kind: crash
    level: mandatory
    basis: own
    each: company
"""
WAIVERS = """\
waivers:
  - {rule: SP12/renewal, reason: agreed, owner: compliance, expires: 2025-12-31}
  - {rule: EVID/papers#scan, reason: has expired, owner: compliance, expires: 2025-11-30}
  - {rule: OWN/discipline, reason: agreed, owner: compliance, expires: 2025-12-31}
"""
IDLE = WAIVERS.splitlines()[1].replace("SP12/renewal", "'ACME/stopped#latest', subject: nobody")
ASKED = (
    *("infra", "own", "parts", "-v", "--icp-policies=policies", "--icp-policies=rules"),
    *(
        "--icp-select=SP12/renewal,SP12/update,SP14/report,EVID/papers,OWN,ACME",
        "--icp-forecast=180d",
    ),
    *("--icp-ignore=SP12/update,OWN/not", "--icp-baseline=b.json", "--junitxml=out/junit.xml"),
    *(f"--icp-report={name}=out/{name}.txt" for name in FORMATS),
)
SECTIONS = (
    "not selected",
    "expired waivers",
    "waived violations",
    "waivers that match nothing",
    "notes",
    "declare next",
    "due next",
    "special provisions",
    "compared with the baseline",
    "what changes if nothing is done",
)
"""Each has something to say in this run."""


@pytest.fixture
def everything(infra: Infra, monkeypatch: pytest.MonkeyPatch) -> Infra:
    """A repository of whose run everything is said that can be said of one."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(infra.pytester.path / "out" / "summary.md"))
    infra.write("out/none", "")
    main(["baseline", "infra", "--output", "b.json", "--as-of", "2025-10-01"])
    infra.write("conftest.py", CRASHES)
    infra.write("policies/OWN.yaml", OWN_POLICY + CRASHING)
    infra.write("infra/icp-waivers.yaml", WAIVERS)
    infra.write("infra/bad.icp.yaml", "apiVersion: pytest-icp/v1\nlicense: 1\n")
    sources = "sources: [{kind: zone, path: none.zone}]\n"
    infra.write("infra/source.icp.yaml", f"apiVersion: pytest-icp/v1\n{sources}")
    own_policies(infra.pytester.path, obligations=STOPPED)
    infra.write("parts/parts.icp.yaml", DESCRIPTION.format(stopped=LATE))
    infra.write("parts/icp-waivers.yaml", f"waivers:\n{IDLE}\n")
    infra.write("own/test_marked.py", MARKED.replace("assert False", "assert False, '没有日志'"))
    return infra


def cases_in(junit: bytes) -> list[list[dict[str, str]]]:
    """Return what JUnit tells of each item, but for its times and tracebacks."""
    told = [[one.attrib for one in case.iter()] for case in ET.fromstring(junit).iter("testcase")]
    return sorted(([{**one, "time": ""} for one in case] for case in told), key=str)


def said(everything: Infra, *how: str) -> dict[str, object]:
    """Return all that a run says, but for its times and its progress."""
    result = everything.run(*ASKED, *how, as_of="2025-12-01")
    folder = everything.pytester.path / "out"
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    cases = cases_in(files.pop("junit.xml"))
    (folder / "summary.md").write_text("", "utf-8")
    lines = result.outlines
    first = next(i for i, line in enumerate(lines) if line.startswith("icp: "))
    assert first < next(i for i, line in enumerate(lines) if "%]" in line)
    head = lines[first : first + 2]
    start = next(i for i, line in enumerate(lines) if f" {SECTIONS[0]} " in line)
    end = next(i for i, line in enumerate(lines) if "short test summary" in line)
    commands = [line for line in lines if line.startswith("::")]
    # What is left out is left out on each worker.
    counts = {name: n for name, n in result.parseoutcomes().items() if name != "deselected"}
    shown = {"head": head, "shown": lines[start:end], "summary": sorted(lines[end:-1])}
    return {**files, **shown, "code": result.ret, "of": counts, "::": commands, "cases": cases}


def test_workers_say_the_same_and_every_report_lists_what_it_counts(everything: Infra) -> None:
    alone = said(everything)
    assert said(everything, "-n", "2") == alone
    assert alone["code"] == pytest.ExitCode.TESTS_FAILED
    shown = "\n".join(map(str, alone["shown"]))  # type: ignore[call-overload]  # a list
    assert [name for name in SECTIONS if f"- {name} " not in shown] == []
    lists_what_it_counts(alone, str(everything.pytester.path))


def lists_what_it_counts(told: dict[str, object], folder: str) -> None:
    """Every report has what went wrong, and where, without the folder of the run."""
    texts = {name: told[f"{name}.txt"].decode() for name in FORMATS}  # type: ignore[attr-defined]  # files as bytes
    for name, text in texts.items():
        assert "OWN/bad" in text, name
        assert "没有日志" in text, name
        assert "OWN/broken" in text, name
        assert folder not in text, name
    assert texts["markdown"].count("<b>OWN/bad") == texts["markdown"].count("<b>OWN/broken") == 1
    lines = map(json.loads, texts["jsonl"].splitlines())
    marked = [one["grade"] for one in lines if one.get("rule") in {"OWN/bad", "OWN/broken"}]
    assert marked == ["violated", "unknown"]
    assert "::error file=own/test_marked.py,line=6,endLine=6,title=OWN/bad" in texts["github"]
    (run,) = json.loads(texts["sarif"])["runs"]
    assert "OWN/not" in run["properties"]["notChecked"]
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    notices = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]
    assert any("license" in text for text in notices)
    assert any("RuntimeError: boom" in text for text in notices)
