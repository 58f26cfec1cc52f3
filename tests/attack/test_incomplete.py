"""A run that was cut short does not comply: it is incomplete, and names what is not judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_icp.kinds.policies import default_policies
from pytest_icp.plugin.collection import WORKER_COLLECTED, collected_in
from pytest_icp.reports.publishing import FORMATS
from tests.plugin.conftest import Infra

EVERY = tuple(f"--icp-report={name}={name}.txt" for name in FORMATS)
TWO = ("--icp-report=markdown=markdown.txt", "--icp-report=jsonl=jsonl.txt")
SELECTED = ("--icp-lang=en", "--icp-select=SP12", "-p", "no:cacheprovider")
SP12 = next(len(policy.obligations) for policy in default_policies() if policy.id == "SP12")
ITEM = "infra/prod.icp.yaml::SP12"


class Reports:
    """What a run wrote of itself, in every format."""

    def __init__(self, folder: Path) -> None:
        files = {name: folder / f"{name}.txt" for name in FORMATS}
        self.text = {name: file.read_text("utf-8") for name, file in files.items() if file.exists()}

    def headline(self) -> str:
        lines = self.text["markdown"].splitlines()
        title = next(line for line in lines if line.startswith("## "))
        return title.partition(" ")[2].partition(" ")[2]

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text["jsonl"].splitlines()]

    def not_run(self) -> set[str]:
        """Return the rules that are unknown because they were not run."""
        return {
            str(line["rule"])
            for line in self.lines()
            if str(line.get("fix")).startswith("{'zh': '再次运行") and "rule" in line
        }

    def check(self, missing: set[str]) -> None:
        """Check that every format says so."""
        (sarif,) = json.loads(self.text["sarif"])["runs"]
        (invocation,) = sarif["invocations"]
        assert invocation["executionSuccessful"] is False
        assert invocation["toolExecutionNotifications"]
        (github,) = json.loads(self.text["sarif-github"])["runs"]
        assert "icp/readable" in {one["ruleId"] for one in github["results"]}
        assert "blocker" in {one["severity"] for one in json.loads(self.text["gitlab"])}
        assert "::error " in self.text["github"]
        assert "Incomplete" in self.text["html"]
        (undecided,) = (one for one in sarif["results"] if one["ruleId"] == "icp/undecided")
        named = undecided["message"]["text"].replace(";", ",").replace(" ", ",").split(",")
        assert missing <= {*named}


def run(infra: Infra, *args: str, conftest: str = "") -> tuple[pytest.RunResult, Reports]:
    if conftest:
        infra.write("conftest.py", conftest)
    # The renewal is overdue; what else there is of SP12 is kept, or does not apply.
    given = () if "--icp-report" in str(args) else TWO
    result = infra.run(*SELECTED, *given, *args, as_of="2025-12-01")
    return result, Reports(infra.pytester.path)


def said(result: pytest.RunResult) -> str:
    return " ".join(result.stdout.str().split())


def test_a_whole_run_is_complete(infra: Infra) -> None:
    result, reports = run(infra, *EVERY)
    assert "incomplete" not in said(result)
    assert "Incomplete" not in "".join(reports.text.values())
    (sarif,) = json.loads(reports.text["sarif"])["runs"]
    assert sarif["invocations"][0]["executionSuccessful"] is True


@pytest.mark.parametrize(
    ("args", "left", "code"),
    [
        (("-k", "not renewal"), 1, 0),
        (("-m", "not icp"), SP12, 5),
        ((f"--deselect={ITEM}::opened",), 1, 1),
        ((f"{ITEM}::renewal",), SP12 - 1, 1),
        (("-x",), None, 1),
        (("--maxfail=1",), None, 1),
        (("--setup-only",), SP12, 0),
    ],
)
def test_what_options_leave_out(
    infra: Infra, args: tuple[str, ...], left: int | None, code: int
) -> None:
    result, reports = run(infra, *args, *EVERY)
    missing = reports.not_run()
    reports.check(missing)
    assert left is None or len(missing) == left
    assert missing
    named = sorted(missing)[:3]
    assert f"icp: incomplete: {len(missing)} of {SP12} rules not run: " in said(result)
    assert ", ".join(named) in said(result)
    fails = "; 1 rule violated" if "SP12/renewal" not in missing else ""
    assert reports.headline() == f"Incomplete{fails if code else ''}"
    assert result.ret == code
    assert (
        f"{len(missing)} {'rule' if len(missing) == 1 else 'rules'} not run: "
        in (reports.text["markdown"])
    )


def test_the_last_failed_only(infra: Infra) -> None:
    (infra.pytester.path / "pytest.ini").touch()
    args = ("--icp-lang=en", "--icp-select=SP12", *TWO)
    infra.run(*args, as_of="2025-12-01")
    result = infra.run(*args, "--lf", as_of="2025-12-01")
    assert f"incomplete: {SP12 - 1} of {SP12} rules not run: " in said(result)
    result = infra.run(*args, "--sw", as_of="2025-12-01")
    assert "rules not run: " in said(result)
    assert Reports(infra.pytester.path).not_run()


AT_THE_FOURTH = """
    import os, pytest
    seen = []
    def pytest_runtest_setup(item):
        seen.append(item)
        if len(seen) == 4:
            {what}
"""


def test_an_interrupt(infra: Infra) -> None:
    infra.write("conftest.py", AT_THE_FOURTH.format(what="raise KeyboardInterrupt"))
    with pytest.raises(KeyboardInterrupt):
        infra.run(*SELECTED, *TWO)
    reports = Reports(infra.pytester.path)
    assert len(reports.not_run()) == SP12 - 3
    assert f"{SP12 - 3} rules not run: " in reports.text["markdown"]


@pytest.mark.parametrize(
    ("what", "missing", "code"),
    [
        ('pytest.exit("enough")', SP12 - 4, 2),
        ('pytest.skip("no time")', 1, 0),
        ('raise RuntimeError("boom")', 1, 1),
        ("item.session.shouldstop = True", SP12 - 5, 2),
    ],
)
def test_what_a_conftest_stops(infra: Infra, what: str, missing: int, code: int) -> None:
    result, reports = run(
        infra, "--icp-ignore=SP12/renewal", conftest=AT_THE_FOURTH.format(what=what)
    )
    assert result.ret == code
    assert f"incomplete: {missing} of {SP12 - 1} rules not run: SP12/" in said(result)
    assert len(reports.not_run()) == missing


def test_what_a_conftest_hides(infra: Infra) -> None:
    hides = """
        def pytest_collection_modifyitems(items):
            del items[100:]
    """
    _, reports = run(infra, conftest=hides)
    assert reports.not_run()
    fails = """
        def pytest_runtest_logstart(nodeid):
            assert "renewal" not in nodeid
    """
    result, reports = run(infra, conftest=fails)
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    assert "SP12/renewal" in reports.not_run()


def test_a_crashed_collection(infra: Infra) -> None:
    infra.write("test_broken.py", "import nothing_of_that_name")
    result, reports = run(infra)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert f"incomplete: {SP12} of {SP12} rules not run: " in said(result)
    assert len(reports.not_run()) == SP12


def test_a_collection_that_was_cut_short(infra: Infra) -> None:
    infra.write("a/test_broken.py", "import nothing_of_that_name")
    result, reports = run(infra, "-x", "a", "infra")
    assert "incomplete: .: the tests were not all collected" in said(result)
    assert reports.headline() == "Incomplete"
    (first, *_) = reports.lines()
    assert (first["grade"], first["description"]) == ("not judged", ".")


def test_broken_waivers(infra: Infra) -> None:
    infra.write("infra/icp-waivers.yaml", "waivers: [{rule: SP12/renewal}]")
    for name in FORMATS:
        infra.write(f"{name}.txt", "of yesterday")
    result, reports = run(infra, *EVERY)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "this description was not evaluated" in reports.text["markdown"]
    assert reports.headline() == "Incomplete"
    assert not reports.not_run()
    assert all("of yesterday" not in text for text in reports.text.values())


def test_broken_policies(infra: Infra) -> None:
    infra.write("own/OWN.yaml", "id: OWN")
    infra.write("test_own.py", MARKED)
    result, reports = run(infra, "--icp-policies=own")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert reports.headline() == "Incomplete"


def test_a_broken_description_that_was_left_out(infra: Infra) -> None:
    infra.write("infra/other.icp.yaml", "nonsense")
    _, reports = run(infra, "-k", "SP12")
    assert "infra/other.icp.yaml" in reports.text["markdown"]
    assert "this description was not evaluated" in reports.text["markdown"]
    _, reports = run(infra)
    assert "this description was not evaluated" not in reports.text["markdown"]
    assert "Incomplete; 1 rule violated" in reports.text["markdown"], "one cannot be read"


MARKED = """
    import pytest
    @pytest.mark.icp("OWN/one")
    def test_own(): pass
    @pytest.mark.icp("OWN/two")
    def test_other(): pass
    def test_plain(): pass
"""


def test_a_test_with_a_marker_that_was_left_out(infra: Infra) -> None:
    infra.write("test_marked.py", MARKED)
    result = infra.run("-k", "test_own", "--icp-lang=en", "test_marked.py", *TWO)
    assert "incomplete: 1 of 2 rules not run: OWN/two" in said(result)
    assert Reports(infra.pytester.path).not_run() == {"OWN/two"}
    result = infra.run("test_marked.py", "--icp-lang=en", "--icp-ignore=OWN/two")
    assert "incomplete" not in said(result)


def test_only_collected(infra: Infra) -> None:
    result, reports = run(infra, "--collect-only")
    assert "incomplete" not in said(result)
    assert len(reports.not_run()) == SP12
    assert f"{SP12} rules not run: " in reports.text["markdown"]


def test_a_junit_file_says_it(infra: Infra) -> None:
    infra.run("-k", "renewal", "--junitxml=j.xml", "--icp-lang=en", "--icp-select=SP12")
    text = (infra.pytester.path / "j.xml").read_text("utf-8")
    assert f'name="icp.incomplete" value="incomplete: {SP12 - 1} of {SP12} rules not run' in text


LOST = """
    import os
    def pytest_runtest_setup(item):
        if item.name == "renewal" and "PYTEST_XDIST_WORKER" in os.environ:
            os._exit(9)
"""


def test_a_lost_worker(infra: Infra) -> None:
    result, reports = run(infra, "-n1", "--max-worker-restart=0", conftest=LOST)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "rules not run: " in said(result)
    assert "SP12/renewal" in reports.not_run()


def test_workers_say_what_was_left_out(infra: Infra) -> None:
    infra.write("test_own.py", MARKED)
    result, reports = run(infra, "-n1", "-k", "nothing", "--icp-select=OWN/one")
    assert f"incomplete: {SP12 + 1} of {SP12 + 1} rules not run: " in said(result)
    assert {"SP12/renewal", "OWN/one"} <= reports.not_run()


def test_a_worker_sends_what_it_collected(pytester: pytest.Pytester) -> None:
    config = pytester.parseconfig()
    config.workeroutput = {}  # type: ignore[attr-defined]  # as xdist does
    mine = collected_in(config)
    mine.files["a.icp.yaml"] = "/a.icp.yaml"
    config.hook.pytest_deselected(items=[])
    assert config.workeroutput == {  # type: ignore[attr-defined]  # the same
        WORKER_COLLECTED: {
            "files": mine.files,
            "rules": {},
            "records": {},
            "tests": {},
            "own_rules": {},
            "weakened": {},
            "refused": {},
        }
    }
