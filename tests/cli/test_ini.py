"""The commands that judge do so by the options of the project, as pytest would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_icp.cli.main import main
from tests.cli.test_project import OWN, write

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str]]

COMMANDS = ("evaluate", "baseline", "deadlines", "waivers")
WAIVER = "waivers:\n- {rule: SP12/renewal, reason: r, owner: o, expires: 2025-12-31}\n"


@pytest.fixture
def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def ini(*lines: str) -> None:
    head = ["[pytest]", "icp_as_of = 2025-12-01", "icp_lang = en"]
    if not any("icp_select" in line or "icp_ignore" in line for line in lines):
        # Few rules are enough to see the rest.
        head.append("icp_select = SP12 SP14 LIC/valid")
    write("pytest.ini", "\n".join([*head, *lines, ""]))


def rules(*arguments: str, run: Run) -> dict[str, str]:
    _, text = run("evaluate", ".", "--report", "jsonl", *arguments)
    found = [json.loads(line) for line in text.splitlines() if line]
    return {one["rule"]: one["verdict"] for one in found if "rule" in one}


def test_the_day_the_language_and_the_policies(run: Run) -> None:
    ini("icp_policies = own", "icp_select = OWN SP12/renewal")
    write("own/OWN.yaml", OWN)
    code, text = run("evaluate", ".")
    assert code == 1
    assert "as of 2025-12-01" in text
    assert "1 violated, 1 satisfied" in text
    assert "截至" not in text
    code, text = run("evaluate", ".", "--as-of", "2025-06-01", "--lang", "zh")
    assert (code, "截至 2025-06-01" in text, "as of" in text) == (0, True, False)


def test_the_ini_file_is_that_of_the_description(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ini("icp_select = SP12/renewal")
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    assert "as of 2025-12-01" in run("evaluate", "../prod.icp.yaml")[1]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["icp_select", "icp_ignore"])
def test_a_rule_that_there_is_not_is_refused_as_by_pytest(
    run: Run, name: str, command: str
) -> None:
    ini(f"{name} = SP12/renewl")
    code, text = run(command, ".")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert text.splitlines()[:2] == [
        f"ERROR: {name}: there is no rule 'SP12/renewl'",
        "  = did you mean 'SP12/renewal'?",
    ]
    assert not Path("icp-baseline.jsonl").exists()


def test_what_was_not_checked_is_said(run: Run) -> None:
    ini("icp_ignore = SP12/renewal SP09")
    text = run("evaluate", ".")[1]
    assert "not selected by icp_select and icp_ignore" in " ".join(text.split())
    told = json.loads(run("evaluate", ".", "--report", "sarif")[1])["runs"][0]
    assert "SP12/renewal" in told["properties"]["notChecked"]


def test_waivers_that_are_of_no_use_are_told(run: Run) -> None:
    ini("icp_select = SP12/renewal SP12/exit")
    write("icp-waivers.yaml", WAIVER.replace("renewal", "exit"))
    assert "waivers that match nothing" in run("evaluate", ".")[1]


def test_an_unknown_that_is_only_shown(run: Run) -> None:
    rule = "SP14/sections"
    ini(f"icp_select = {rule}")
    assert run("evaluate", ".")[0] == 1
    ini(f"icp_select = {rule}", "icp_unknown = warn")
    code, text = run("evaluate", ".")
    assert (code, f"{rule} unknown" in text) == (0, True)


def test_how_long_a_late_duty_stays_violated(run: Run) -> None:
    ini("icp_select = SP12/update")
    assert rules(run=run)["SP12/update"] == "violated"
    ini("icp_select = SP12/update", "icp_lookback = 30d")
    assert "violated" not in rules(run=run).values()


def test_the_names_of_descriptions(run: Run) -> None:
    ini("icp_files = *.facts.yaml", "icp_select = SP12/renewal")
    code, text = run("evaluate", ".")
    assert (code, "there is no description" in text) == (4, True)
    Path("prod.icp.yaml").rename("prod.facts.yaml")
    assert "prod.facts.yaml:5" in run("evaluate", ".")[1]


def test_the_working_days_of_a_year(run: Run) -> None:
    ini("icp_workdays = broken.yaml")
    write("broken.yaml", "year: never\n")
    code, text = run("evaluate", ".")
    assert (code, "broken.yaml:1" in text) == (4, True)


def test_facts_of_plugins(run: Run) -> None:
    ini("icp_select = SP12/update")
    write(
        "conftest.py",
        "EVENT = {'id': 'third', 'kind': 'address', 'changed_on': '2025-01-06',\n"
        "         'system_updated_on': 'never', 'entity': 'licensee'}\n"
        "def pytest_icp_facts(path):\n"
        "    assert path.is_absolute()\n"
        "    return {'apiVersion': 'pytest-icp/v1', 'corporate_events': [EVENT]}\n",
    )
    code, text = run("evaluate", ".")
    assert (code, "third" in text) == (1, True)


def test_the_longest_term_of_a_waiver(run: Run) -> None:
    write("icp-waivers.yaml", WAIVER)
    ini()
    assert run("waivers", ".")[0] == 0
    ini("icp_waiver_days = 7")
    for command in COMMANDS:
        code, text = run(command, ".")
        assert (code, "icp-waivers.yaml:2" in text) == (4, True), command


def test_the_baseline_is_written_where_the_ini_file_names_it(run: Run) -> None:
    ini("icp_baseline = known.json", "icp_select = SP12")
    for command in ("deadlines", "waivers"):
        assert run(command, ".")[0] == 0
    assert run("evaluate", ".")[0] == 4
    assert run("baseline", ".", "--output", "known.json")[0] == 0
    assert "0 new, " in run("evaluate", ".")[1]
    write("none.json", Path("known.json").read_text("utf-8"))
    ini("icp_baseline = away.json", "icp_select = SP12")
    assert "0 new, " in run("evaluate", ".", "--baseline", "none.json")[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_options_that_pytest_refuses(run: Run, command: str) -> None:
    ini("icp_warn_days = soon")
    code, text = run(command, ".")
    assert code == 4
    assert "icp_warn_days: 'soon' is not a number of days" in text


def test_kinds_of_check_of_plugins(run: Run) -> None:
    ini("icp_policies = own", "icp_select = OWN")
    form = OWN.replace("condition", "fine").replace("    require: {intention: renew}\n", "")
    write("own/OWN.yaml", form)
    write(
        "conftest.py",
        "from pytest_icp.kinds import Kind\n"
        "from pytest_icp.kinds.selection import SATISFIED, judge_each\n"
        "from pytest_icp.rules.policy import Spec\n"
        "def fine(obligation, here): return judge_each(obligation, here, lambda _: SATISFIED)\n"
        "def pytest_icp_checks(): return [Kind('fine', Spec, fine, {'type': 'object'})]\n",
    )
    code, text = run("evaluate", ".")
    assert (code, "(1 satisfied)" in " ".join(text.split())) == (0, True)


@pytest.mark.parametrize(
    "asked",
    [
        ["evaluate", ""],
        ["evaluate", "prod.icp.yaml", "--policies", ""],
        ["evaluate", "prod.icp.yaml", "--as-of", ""],
        ["evaluate", "prod.icp.yaml", "--source", ""],
        ["evaluate", "prod.icp.yaml", "--baseline", " "],
        ["deadlines", "prod.icp.yaml", "--within", ""],
        ["explain", "SP12/renewal", "--as-of", ""],
        ["lint", "--policies", ""],
    ],
)
@pytest.mark.usefixtures("folder")
def test_an_argument_without_a_value_is_a_usage_error(asked: list[str]) -> None:
    assert main(asked) == 4
