from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.selection import is_selected, rule_of

if TYPE_CHECKING:
    from tests.plugin.conftest import Infra


@pytest.fixture
def options(pytester: pytest.Pytester) -> Options:
    return read_options(pytester.parseconfig())


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
    ],
)
def test_rules_are_meant_by_id_by_glob_or_by_provision(
    options: Options, select: tuple[str, ...], ignore: tuple[str, ...], kept: set[str]
) -> None:
    chosen = options._replace(select=select, ignore=ignore)
    rules = ["SP12/renewal", "SP12/exit", "LIC/valid"]
    assert {rule for rule in rules if is_selected(rule, chosen, {})} == kept


@pytest.mark.parametrize(
    ("select", "ignore", "kept"),
    [
        (("dates",), (), {"SP12/renewal"}),
        (("dates", "LIC"), (), {"SP12/renewal", "LIC/valid"}),
        ((), ("dates",), {"LIC/valid"}),
        (("dates",), ("SP12/renewal",), set()),
    ],
)
def test_rules_are_meant_by_a_group(
    options: Options, select: tuple[str, ...], ignore: tuple[str, ...], kept: set[str]
) -> None:
    chosen = options._replace(select=select, ignore=ignore)
    groups = {"dates": frozenset({"SP12/renewal"})}
    rules = ["SP12/renewal", "LIC/valid"]
    assert {rule for rule in rules if is_selected(rule, chosen, groups)} == kept


def test_a_run_of_a_group_says_what_is_not_looked_at(infra: Infra) -> None:
    run = infra.run("--icp-select=calendar", "--icp-lang=en")
    said = " ".join(run.stdout.str().split())
    assert "rules not looked at, all of deployed, licence, content, personal-information … " in said
    assert "SP12/renewal" in said
    few = infra.run("--icp-ignore=LIC/valid", "--icp-lang=en")
    few.stdout.fnmatch_lines(["icp: 1 rule not looked at"])


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
    run.stdout.no_fnmatch_line("*not looked at*")


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
