"""Runs beside plugins that other people use."""

from __future__ import annotations

import inspect
import json
import xml.etree.ElementTree as ET
from contextlib import suppress
from typing import Any

import pytest

from pytest_icp.cli.main import main
from pytest_icp.plugin.items import columns_of
from tests.plugin.conftest import Infra

RULES = ("-k", "SP12 or LIC")
ALONE = ("-p", "no:rerunfailures")
AGAIN = ("--reruns", "2")


def lines_of(infra: Infra, *args: str) -> list[dict[str, object]]:
    infra.run(*RULES, "--icp-report=jsonl=out.jsonl", *args, as_of="2025-12-01")
    written = (infra.pytester.path / "out.jsonl").read_text("utf-8")
    return [json.loads(line) for line in written.splitlines()]


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "worker"])
def test_an_item_that_runs_again_is_reported_once(infra: Infra, workers: tuple[str, ...]) -> None:
    assert lines_of(infra, *AGAIN, *workers) == lines_of(infra, *ALONE)


def test_an_item_that_runs_again_is_counted_once(infra: Infra) -> None:
    infra.describe(renewal="null")
    once = infra.run(*RULES, *ALONE, as_of="2025-12-01")
    again = infra.run(*RULES, *AGAIN, as_of="2025-12-01")
    outcomes = again.parseoutcomes()
    assert outcomes.pop("rerun") == 2 * (outcomes.get("failed", 0) + outcomes["undecided"])
    assert outcomes == once.parseoutcomes()
    # The same sections, whose matrix counts each rule once.
    assert [line for line in again.outlines if line.startswith("  SP12 ")] == [
        line for line in once.outlines if line.startswith("  SP12 ")
    ]


def test_the_properties_of_an_item_that_runs_again_are_written_once(infra: Infra) -> None:
    infra.run("-k", "SP12 and renewal", *AGAIN, "--junitxml=out.xml", as_of="2025-12-01")
    case = next(ET.parse(infra.pytester.path / "out.xml").iter("testcase"))
    names = [one.get("name") for one in case.iter("property")]
    assert names.count("icp.rule") == 1


def test_a_marked_test_that_runs_again_counts_by_its_last_run(infra: Infra) -> None:
    infra.write(
        "own/test_own.py",
        """\
        import pytest

        runs = []

        @pytest.mark.icp("OWN/log")
        def test_log():
            runs.append(1)
            assert len(runs) > 1
        """,
    )
    infra.run("own", "-v", *AGAIN).stdout.fnmatch_lines(["  OWN log    1"])


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "worker"])
def test_without_a_terminal_the_same_is_decided(infra: Infra, workers: tuple[str, ...]) -> None:
    infra.write("infra/bad.icp.yaml", "apiVersion: pytest-icp/v2\n")
    expected = lines_of(infra, *ALONE)
    assert {one.get("grade") for one in expected} >= {"violated", "unknown"}
    result = infra.run(
        *RULES,
        "-p",
        "no:terminal",
        "--icp-report=jsonl=out.jsonl",
        *workers,
        "--junitxml=out.xml",
        as_of="2025-12-01",
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    written = (infra.pytester.path / "out.jsonl").read_text("utf-8")
    assert [json.loads(line) for line in written.splitlines()] == expected
    suite = next(ET.parse(infra.pytester.path / "out.xml").iter("testsuite"))
    assert (suite.get("errors"), int(suite.get("failures", 0)) > 1) == ("0", True)


def test_without_a_terminal_lines_are_as_wide_as_that_of_the_process(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "123")
    assert columns_of(pytester.parseconfig("-p", "no:terminal")) == 123


EVERY_VERDICT = ("--icp-lang=en", "--icp-select=SP12 SP14 EVID LIC/site-name LIC/valid")


@pytest.fixture
def every(infra: Infra) -> Infra:
    """A description in which rules stand in every way that there is."""
    infra.describe(
        renewal="{intention: renew, applied_on: never}",
        corporate_events="[{id: moved, kind: address, changed_on: 2024-08-01, filings: [], "
        "system_updated_on: never, entity: licensee}]",
        sites="[{id: w, name: 别名网, launched_on: 2021-02-01, production: true, "
        "commercial: true, domains: [example.cn]}]",
    )
    infra.write(
        "infra/icp-waivers.yaml",
        "waivers: [{rule: SP12/renewal, reason: agreed, owner: legal, expires: 2025-12-31}]\n",
    )
    return infra


class Reader:
    """A plugin that knows pytest's outcomes, and nothing of rules."""

    def __init__(self) -> None:
        self.outcomes: dict[str, set[str]] = {}
        self.errors: dict[str, type[BaseException]] = {}
        self.counts: dict[str, int] = {}
        self.places: list[tuple[str, int | None, str]] = []
        self._items: list[pytest.Item] = []

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self._items += items

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            expected = " expected" if hasattr(report, "wasxfail") else ""
            stood = f"{report.icp.standing}"  # type: ignore[attr-defined]  # reports take attributes
            self.outcomes.setdefault(stood, set()).add(f"{report.outcome}{expected}")

    def pytest_exception_interact(self, node: Any, call: pytest.CallInfo[None]) -> None:
        assert call.excinfo
        self.errors[f"{node.result.standing}"] = call.excinfo.type
        assert str(call.excinfo.value).startswith(f"{node.rule_id} ")

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        terminal: Any = config.pluginmanager.get_plugin("terminalreporter")
        self.counts = {name: len(found) for name, found in terminal.stats.items() if name}
        self.places = [item.location for item in self._items]


def read(infra: Infra, *args: str) -> Reader:
    reader = Reader()
    infra.pytester.inline_run(*EVERY_VERDICT, "--icp-as-of=2025-12-01", *args, plugins=[reader])
    return reader


def test_only_what_is_satisfied_passes_for_other_plugins(every: Infra) -> None:
    reader = read(every)
    assert reader.outcomes == {
        "satisfied": {"passed"},
        "not applicable": {"skipped"},
        "violated": {"failed"},
        "unknown": {"failed"},
        "waived": {"skipped expected"},
        "advisory": {"skipped expected"},
        "advisory unknown": {"skipped"},
    }
    # What is violated is told from what could not be decided.
    kinds = {how: issubclass(kind, AssertionError) for how, kind in reader.errors.items()}
    assert kinds == {"violated": True, "unknown": False}


def test_plugins_that_count_after_the_run_know_no_other_categories(every: Infra) -> None:
    counts = read(every).counts
    assert counts.keys() == {"failed", "passed", "skipped", "xfailed", "deselected"}
    assert counts["xfailed"] == 2


def test_what_only_warns_or_is_tolerated_does_not_pass_either(every: Infra) -> None:
    assert read(every, "--icp-unknown=warn").outcomes["unknown"] == {"skipped"}
    main(["baseline", "infra", "--output", "b.json", "--as-of", "2025-12-01"])
    reader = read(every, "--icp-baseline=b.json", "--icp-fail-on=new")
    assert reader.outcomes["violated"] == {"skipped expected"}
    assert "failed" not in reader.counts


def test_without_expected_failures_a_waived_rule_fails_and_an_advisory_one_does_not(
    every: Infra,
) -> None:
    outcomes = read(every, "--runxfail").outcomes
    assert (outcomes["waived"], outcomes["advisory"]) == ({"failed"}, {"passed"})


def test_a_place_that_is_asked_for_after_the_run_has_no_line(every: Infra) -> None:
    places = read(every).places
    assert places
    assert {(path, line) for path, line, _ in places} == {("infra/prod.icp.yaml", None)}


# --- editors ---------------------------------------------------------------------------------


class Explorer:
    """Builds a tree of tests as VS Code does: of files, classes and items, and of nothing else."""

    def __init__(self) -> None:
        self.tree: dict[str, Any] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            names, node = [item.name], item.parent
            while isinstance(node, pytest.Class):
                # It looks for the line of the class, and may find none.
                with suppress(OSError):
                    inspect.getsourcelines(node.obj)
                names, node = [node.name, *names], node.parent
            assert node
            assert item.nodeid == "::".join([node.nodeid, *names])
            assert item.location[0] == node.nodeid
            within = self.tree.setdefault(node.path.name, {})
            for name in names:
                within = within.setdefault(name, {})


def test_an_editor_shows_each_provision_with_its_rules(infra: Infra) -> None:
    infra.describe(sources="[{kind: kubernetes, path: none.yaml}]")
    explorer = Explorer()
    infra.pytester.inline_run("--collect-only", "--icp-select=SP12 LIC/valid", plugins=[explorer])
    file = explorer.tree["prod.icp.yaml"]
    assert file.keys() == {"sources", "LIC", "SP12"}
    assert file["LIC"] == {"valid": {}}
    assert {"renewal", "update"} < file["SP12"].keys()


def test_a_provision_says_what_it_is_about_and_keeps_what_plugins_put_there(infra: Infra) -> None:
    infra.write(
        "conftest.py",
        """\
        import pytest

        def pytest_collectstart(collector):
            # As pytest-asyncio does.
            if isinstance(collector, pytest.Class):
                collector.obj.__their_own = collector.nodeid
        """,
    )
    result = infra.run("--collect-only", "-v", "--icp-select=SP12", "--icp-lang=en")
    result.stdout.fnmatch_lines(["*<ProvisionNode SP12>", "*Information updates and renewal"])
