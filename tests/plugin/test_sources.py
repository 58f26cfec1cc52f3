"""Sources in a run of pytest: their own item, what becomes unknown, what reports tell."""

from __future__ import annotations

import json
import sys

import pytest

from tests.plugin.conftest import DESCRIPTION, Infra

CONFTEST = """\
import json
from pytest_icp.sources.loading import Kind
from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import plain

def read(asked):
    try:
        told = json.loads(asked.read())
    except ValueError:
        raise InputError("no JSON", place=Place(path=asked.path, line=1)) from None
    def trace(at):
        place = Place(path=asked.path, line=3)
        return Provenance(place=place, address="res.x", attribute=at[1:])
    return Derived(facts=told["facts"], trace=trace,
                   remarks=tuple(map(plain, told.get("remarks", ()))))

def pytest_icp_adapters():
    return {"tiny": Kind(read=read, gives=frozenset({"renewal", "servers"}))}
"""
RENEWAL = "infra/prod.icp.yaml::SP12::renewal"
SOURCES = "infra/prod.icp.yaml::sources"
NAMELESS = {"id": "a", "name": "example.cn", "production": True, "real_name_verified": False}


@pytest.fixture
def tiny(infra: Infra) -> Infra:
    infra.write("conftest.py", CONFTEST)
    return infra


def give(infra: Infra, name: str, facts: object, **more: object) -> None:
    infra.write(name, json.dumps({"facts": facts, **more}))


def test_facts_of_a_source_decide_and_its_remarks_close_the_run(tiny: Infra) -> None:
    give(
        tiny,
        "infra/tiny.json",
        {"renewal": {"intention": "renew", "applied_on": "2025-05-01"}},
        remarks=["a log line stands before it"],
    )
    tiny.describe(renewal="null", sources="[{kind: tiny, path: tiny.json}]")
    tiny.write("other/plain.icp.yaml", DESCRIPTION.replace("licence_file: licence.yaml\n", ""))
    tiny.write(
        "infra/test_it.py",
        """\
        def test_it(icp_description):
            assert icp_description.provenance("/renewal/applied_on").address == "res.x"
        """,
    )
    wanted = "sources or SP12 and renewal or test_it"
    result = tiny.run("-k", wanted, "-v", "--icp-lang=en")
    # A description without sources has no item for them.
    assert result.parseoutcomes()["passed"] == 3
    assert "plain.icp.yaml::sources" not in result.stdout.str()
    result.stdout.fnmatch_lines(["*sources of facts*", "*tiny tiny.json", "*a log line stands*"])


def test_a_broken_source_fails_and_what_it_could_give_is_unknown(tiny: Infra) -> None:
    tiny.write("infra/tiny.json", "{")
    give(tiny, "infra/more.json", {"domains": [NAMELESS]})
    tiny.describe(
        renewal="{intention: renew, applied_on: 2025-05-01, decision: pending}",
        sources="[{kind: tiny, path: tiny.json}, {kind: tiny, path: more.json}]",
    )
    result = tiny.run(
        *("--icp-select=SP12/renewal,LIC/real-name", "--icp-lang=en", "-v"),
        *("--icp-report=sarif=a.sarif", "--icp-report=jsonl=a.jsonl", "--icp-report=html=a.html"),
    )
    outcomes = result.parseoutcomes()
    assert (outcomes["failed"], outcomes["undecided"]) == (2, 1)
    text = result.stdout.str()
    assert "infra/tiny.json:1: the tiny source tiny.json cannot be read: no JSON" in text
    assert "“Renewal” may be incomplete, so this cannot be decided: no JSON" in text
    assert "resource: res.x, domains/0/real_name_verified" in text
    assert "Traceback" not in text
    folder = tiny.pytester.path
    log = json.loads((folder / "a.sarif").read_text("utf-8"))["runs"][0]
    # The others say what weakens the run: its day, and the kind that a plugin adds.
    notice, *_ = log["invocations"][0]["toolExecutionNotifications"]
    assert "tiny source" in notice["message"]["text"]
    places = [one["locations"][0] for one in log["results"]]
    logical = [named for one in places for named in one.get("logicalLocations", [])]
    assert {"name": "a", "fullyQualifiedName": "res.x", "kind": "resource"} in logical
    lines = [json.loads(line) for line in (folder / "a.jsonl").read_text("utf-8").splitlines()]
    assert lines[0]["grade"] == "not judged"
    places = [line["place"] for line in lines if line.get("rule") == "LIC/real-name"]
    assert [(one["path"], one["address"], one["status"]) for one in places] == [
        ("infra/more.json", "res.x", "known")
    ]
    page = (folder / "a.html").read_text("utf-8")
    assert "the tiny source tiny.json cannot be read" in page
    assert "res.x, domains/0/real_name_verified" in page


def test_sources_that_disagree_fail_and_name_both(tiny: Infra) -> None:
    give(tiny, "tiny.json", {"renewal": {"applied_on": "2025-05-01"}})
    named = ("--icp-source", "tiny=tiny.json", "--icp-lang=en")
    result = tiny.run(SOURCES, RENEWAL, *named, as_of="2025-12-01")
    # By what is written by hand the renewal is overdue.
    assert result.parseoutcomes() == {"failed": 2}
    said = " ".join(result.stdout.str().split())
    assert "never (infra/prod.icp.yaml:6:15); 2025-05-01 (tiny.json:3, res.x," in said


def test_standard_input_reaches_the_workers(tiny: Infra) -> None:
    tiny.describe(renewal="null")
    told = json.dumps({"facts": {"renewal": {"intention": "renew", "applied_on": "2025-05-01"}}})
    result = tiny.pytester.run(
        *(sys.executable, "-m", "pytest", RENEWAL, SOURCES, "-n", "1"),
        *("--icp-as-of=2025-06-01", "--icp-source=tiny=-"),
        stdin=told.encode(),
    )
    result.assert_outcomes(passed=2)


def test_named_sources_belong_to_one_description(tiny: Infra) -> None:
    give(tiny, "tiny.json", {})
    tiny.write("pytest.ini", "[pytest]\nicp_source = tiny=tiny.json\n")
    tiny.write("infra/two.icp.yaml", DESCRIPTION)
    result = tiny.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*infra/prod.icp.yaml, infra/two.icp.yaml*"])


def test_facts_of_hooks_are_sources_too(infra: Infra) -> None:
    infra.describe(renewal="null")
    infra.write("infra/conftest.py", "def pytest_icp_facts(path):\n    return {'renewl': {}}\n")
    infra.write(
        "conftest.py",
        """\
        from pathlib import Path
        from pytest_icp.facts.derived import Derived, Provenance
        from pytest_icp.law.location import Place

        def pytest_icp_facts(path):
            place = Place(path=Path("cmdb.csv"), line=7)
            return Derived(facts={"renewal": {"intention": "renew", "applied_on": "never"}},
                           trace=lambda at: Provenance(place=place))
        """,
    )
    result = infra.run(SOURCES, RENEWAL, "--icp-lang=en", as_of="2025-12-01")
    assert result.parseoutcomes() == {"failed": 2}
    text = result.stdout.str()
    assert "prod.icp.yaml: the pytest_icp_facts source prod.icp.yaml cannot be read" in text
    assert "unknown key 'renewl'" in text
    assert "\ncmdb.csv:7" in text
