"""``--icp-fail-on=new``: only what an earlier state does not have fails a run, never in silence."""

from __future__ import annotations

import json

import pytest

from pytest_icp.cli.main import main
from tests.plugin.conftest import OWN_POLICY, Infra
from tests.plugin.test_since import DAY, NOT_DONE
from tests.repositories import commit

WAIVERS = """\
waivers:
  - {rule: SP12/renewal, reason: agreed, owner: compliance, expires: EXPIRES}
"""


@pytest.fixture
def overdue(infra: Infra) -> Infra:
    """A description whose renewal is overdue from 2025-10-07 on."""
    infra.describe(renewal=NOT_DONE)
    return infra


def run(infra: Infra, *more: str, only: str = "SP12/renewal,SP07/disposal") -> pytest.RunResult:
    given = ("--icp-since=main", "--icp-fail-on=new", "--icp-lang=en", f"--icp-select={only}")
    return infra.run(*given, *more, as_of=DAY)


def test_what_was_there_is_tolerated_and_counted(overdue: Infra) -> None:
    commit(overdue.pytester.path, "2025-11-01")
    result = run(overdue, "--icp-report=jsonl=../since.jsonl")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*3 findings tolerated, there since main of 2025-11-01*"])
    result.assert_outcomes()
    assert "2 tolerated" in result.outlines[-1]
    assert "undecided rules fail the run" not in result.stdout.str()
    lines = (overdue.pytester.path.parent / "since.jsonl").read_text("utf-8").splitlines()
    read = [line for line in map(json.loads, lines) if "rule" in line]
    told = {line["rule"]: line.get("tolerated") for line in read}
    assert told["SP12/renewal"] is True
    assert told["SP07/disposal"] is True


def test_what_is_overdue_by_the_calendar_alone_is_new(overdue: Infra) -> None:
    commit(overdue.pytester.path, "2025-09-01")
    result = run(overdue)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*SP12/renewal: violated by the calendar alone *",
            "*2 findings tolerated, *",
            "*1 failed, *1 tolerated*",
        ]
    )


@pytest.mark.parametrize(("expires", "fails"), [("2025-11-15", True), ("2025-10-15", False)])
def test_a_waiver_that_has_expired_since_then_is_new(
    overdue: Infra, expires: str, fails: bool
) -> None:
    overdue.write("infra/icp-waivers.yaml", WAIVERS.replace("EXPIRES", expires))
    commit(overdue.pytester.path, "2025-11-01")
    assert (run(overdue).ret == pytest.ExitCode.TESTS_FAILED) == fails


def test_a_waiver_that_the_change_takes_away_is_new(overdue: Infra) -> None:
    path = overdue.write("infra/icp-waivers.yaml", WAIVERS.replace("EXPIRES", "2025-12-31"))
    commit(overdue.pytester.path, "2025-11-01")
    path.unlink()
    result = run(overdue)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*SP12/renewal: waived → violated*"])


def test_a_violation_by_another_value_is_new(infra: Infra) -> None:
    policy = OWN_POLICY.replace("minLength: 1", "minLength: 99")
    infra.write("own/OWN.yaml", policy)
    path = infra.path
    path.write_text(path.read_text("utf-8").replace("北京示例科技有限公司", "上海"), "utf-8")
    commit(infra.pytester.path, "2025-11-01")
    own = ("--icp-policies=own", "infra")
    assert run(infra, *own, only="OWN").ret == pytest.ExitCode.OK
    path.write_text(path.read_text("utf-8").replace("上海", "新加坡"), "utf-8")
    result = run(infra, *own, only="OWN")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*: 1 new, 0 fixed*", "*still violated, 上海 → 新加坡*"])


def test_what_a_change_takes_out_fails(overdue: Infra) -> None:
    commit(overdue.pytester.path, "2025-11-01")
    overdue.write("pytest.ini", "[pytest]\nicp_ignore = SP12/renewal\n")
    result = run(overdue)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*no longer looked at, so not fixed: 1 rule: SP12/renewal*",
            "*icp_ignore: not set → SP12/renewal*",
            "rules that are no longer looked at fail the run: 1 rule",
        ]
    )
    assert run(overdue, "--icp-fail-on=any", "--icp-unknown=warn").ret == pytest.ExitCode.OK


def test_a_baseline_will_do(overdue: Infra) -> None:
    arguments = ["infra", "--output", "b.json", "--as-of", DAY]
    main(["baseline", *arguments])
    given = ("--icp-fail-on=new", "--icp-baseline=b.json", "--icp-lang=en", "--icp-select=SP12")
    result = overdue.run(*given, as_of=DAY)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*1 finding tolerated, there since 2025-12-01*"])


def test_there_must_be_something_to_compare_with(overdue: Infra) -> None:
    result = overdue.run("--icp-fail-on=new", "--icp-lang=en")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--icp-fail-on=new needs --icp-since or --icp-baseline*"])


def test_nothing_is_tolerated_without_being_asked(overdue: Infra) -> None:
    commit(overdue.pytester.path, "2025-11-01")
    assert run(overdue, "--icp-fail-on=any").ret == pytest.ExitCode.TESTS_FAILED


def test_in_an_ini_file_it_is_not_silent(overdue: Infra) -> None:
    overdue.write("pytest.ini", "[pytest]\nicp_fail_on = new\nicp_since = main\n")
    commit(overdue.pytester.path, "2025-11-01")
    result = overdue.run("--icp-lang=en", "--icp-select=SP12", as_of=DAY)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*this run is weakened by icp_fail_on"])
    # An empty option overrides the ini file.
    result = overdue.run("--icp-since=", "--icp-lang=en", "--icp-select=SP12", as_of=DAY)
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_an_untrusted_ini_file_has_no_say(
    overdue: Infra, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    overdue.write("pytest.ini", "[pytest]\nicp_fail_on = new\nicp_since = main\n")
    commit(overdue.pytester.path, "2025-11-01")
    monkeypatch.setattr("pytest_icp.cli.main.is_fresh", lambda: True)
    arguments = ["evaluate", "--no-project", "infra", "--as-of", DAY, "--select", "SP12"]
    assert main(arguments) == 1
    assert "tolerated" not in capsys.readouterr().out
    assert main([*arguments, "--since", "main", "--fail-on", "new"]) == 0
    assert "tolerated" in capsys.readouterr().out
