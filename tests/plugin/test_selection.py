from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pytest_icp.plugin.collection import rule_of
from pytest_icp.rules.selection import Choice

if TYPE_CHECKING:
    from tests.plugin.conftest import Infra


GROUPS = {"dates": frozenset({"SP12/renewal"})}


@pytest.mark.parametrize(
    ("select", "ignore", "kept"),
    [
        ((), (), {"SP12/renewal", "SP12/exit", "LIC/valid"}),
        (("SP12",), (), {"SP12/renewal", "SP12/exit"}),
        (("SP12/re*", "LIC/valid"), (), {"SP12/renewal", "LIC/valid"}),
        ((), ("SP12",), {"LIC/valid"}),
        (("SP12",), ("*/exit",), {"SP12/renewal"}),
        (("sp12",), (), set()),
        (("SP1",), (), set()),
        (("dates",), (), {"SP12/renewal"}),
        (("dates", "LIC"), (), {"SP12/renewal", "LIC/valid"}),
        ((), ("dates",), {"SP12/exit", "LIC/valid"}),
        (("dates",), ("SP12/renewal",), set()),
    ],
)
def test_rules_are_meant_by_id_by_glob_by_provision_or_by_group(
    select: tuple[str, ...], ignore: tuple[str, ...], kept: set[str]
) -> None:
    chosen = Choice(select, ignore)
    rules = ["SP12/renewal", "SP12/exit", "LIC/valid"]
    assert {rule for rule in rules if chosen.lets_in(rule, GROUPS)} == kept


def test_a_run_of_a_group_says_what_is_not_selected(infra: Infra) -> None:
    run = infra.run("--icp-select=calendar", "--icp-lang=en")
    said = " ".join(run.stdout.str().split())
    assert " not selected by icp_select and icp_ignore" in said
    infra.describe(select="all")
    few = infra.run("--icp-ignore=LIC/valid", "--icp-lang=en")
    few.stdout.fnmatch_lines(["1 not selected by icp_select and icp_ignore"])


def test_by_default_few_rules_are_selected(infra: Infra) -> None:
    infra.describe(select="null")
    run = infra.run("--icp-lang=en", "--icp-unknown=warn")
    assert run.parseoutcomes()["deselected"] > 150
    run.stdout.fnmatch_lines(["no violation found, *", "* not selected: `select: all`"])
    assert "`select: all`" in run.stdout.str()
    run.stdout.no_fnmatch_line("*omplies*")
    quiet = infra.run("-q", "--icp-lang=en", "--icp-unknown=warn")
    quiet.stdout.fnmatch_lines(["* not selected: *"])
    every = infra.run("--icp-select=all", "--icp-lang=en", "--icp-unknown=warn")
    assert "deselected" not in every.parseoutcomes()
    every.stdout.no_fnmatch_line("*not selected*")


def test_no_violation_is_said_only_of_what_is_selected(infra: Infra) -> None:
    asked = ("--icp-select=SP12/certificate", "--icp-lang=en")
    said = " ".join(infra.run(*asked).stdout.str().split())
    assert "no violation among the 1 rule selected (1 not applicable)" in said
    # Of all that are selected only one was decided.
    said = " ".join(infra.run("-k", "certificate", "--icp-lang=en").stdout.str().split())
    assert "no violation found, 1 not applicable" in said


def test_workers_leave_out_the_same(infra: Infra) -> None:
    infra.describe(select="[SP08]")
    asked = ("--icp-lang=en", "--icp-unknown=warn", "--icp-report=jsonl=r.jsonl")
    infra.run(*asked)
    lines = (infra.pytester.path / "r.jsonl").read_text("utf-8").splitlines()
    run = infra.run(*asked, "-n", "1")
    run.stdout.fnmatch_lines(["* not selected: *"])
    assert (infra.pytester.path / "r.jsonl").read_text("utf-8").splitlines() == lines
    (record,) = [one for one in map(json.loads, lines) if one.get("rules")]
    assert "SP08/report" in record["rules"]
    left = {rule for rules in record["not_selected"].values() for rule in rules}
    assert not left & record["rules"].keys()
    assert "SP05/answer" in left


def test_a_junit_file_says_what_is_not_selected(infra: Infra) -> None:
    infra.describe(select="null")
    infra.run("--icp-lang=en", "--junitxml=j.xml")
    text = (infra.pytester.path / "j.xml").read_text("utf-8")
    assert 'name="icp.not_selected" value="1' in text


def test_a_group_is_suggested_for_a_misspelling(infra: Infra) -> None:
    run = infra.run("--icp-select=calender", "--icp-lang=en")
    run.stderr.fnmatch_lines(
        ["*icp_select: there is no rule 'calender'*", "*did you mean *calendar*"]
    )


@pytest.mark.parametrize("option", ["select", "ignore"])
def test_of_a_misspelt_rule_only_the_error_is_printed(infra: Infra, option: str) -> None:
    run = infra.run(f"--icp-{option}=SP9", "--icp-lang=en")
    assert run.stderr.str().split("\n")[0] == f"ERROR: icp_{option}: there is no rule 'SP9'"
    run.stderr.fnmatch_lines(["  = did you mean 'SP09'?"])
    run.stdout.no_fnmatch_line("*not selected*")


TESTS = """\
import pytest

@pytest.mark.icp("OWN/number")
def test_marked(): pass

@pytest.mark.icp
def test_marked_without_a_rule(): pass

def test_ordinary(): pass
"""


def test_a_test_decides_the_rule_of_its_marker(pytester: pytest.Pytester) -> None:
    items = pytester.getitems(TESTS)
    assert [rule_of(item) for item in items] == ["OWN/number", None, None]


def test_a_part_is_chosen_with_its_rule(infra: Infra) -> None:
    run = infra.run("--icp-select=SP06/filing#in-time", "--icp-lang=en")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    run.stderr.fnmatch_lines(["*there is no rule 'SP06/filing#in-time'", "*'SP06/filing'?*"])
