from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.cli.evaluate import Evaluate, run_evaluate
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from pytest_icp.law.times import as_of_instant

ASKED = Evaluate(
    descriptions=(Path("prod.icp.yaml"),),
    as_of=as_of_instant("2025-12-01"),
    policies=default_policies(),
    language="en",
)
COMPLETE = replace(
    ASKED, policies=tuple(policy for policy in ASKED.policies if policy.id == "SP12")
)


def test_what_is_wrong_is_told_as_by_pytest(folder: Path) -> None:
    told = run_evaluate(ASKED, 80)
    assert told.code == 1
    assert "SP12/renewal violated" in told.text
    assert "  --> prod.icp.yaml:5:15  /renewal/applied_on" in told.text
    assert "special provisions" in told.text
    assert "SP14/sections unknown" in told.text


def test_what_complies_is_exit_code_zero(folder: Path) -> None:
    (folder / "prod.icp.yaml").write_text(
        "apiVersion: pytest-icp/v1\nlicence_file: licence.yaml\n"
        "renewal: {intention: renew, applied_on: 2025-06-01}\ncorporate_events: []\n"
    )
    told = run_evaluate(COMPLETE, 80)
    assert (told.code, "violated" in told.text.partition("special")[0]) == (0, False)


def test_a_report_goes_to_standard_output_alone(folder: Path) -> None:
    told = run_evaluate(replace(ASKED, reports=("sarif",)), 80)
    (run,) = json.loads(told.text)["runs"]
    assert "SP12/renewal" in {one["ruleId"] for one in run["results"]}
    assert run_evaluate(replace(ASKED, reports=("sarif=-",)), 80) == told


def test_reports_go_to_files_beside_the_text(folder: Path) -> None:
    told = run_evaluate(replace(ASKED, reports=("sarif=deep/a.sarif", "sarif-github=b")), 80)
    assert "SP12/renewal violated" in told.text
    assert json.loads((folder / "deep/a.sarif").read_text("utf-8"))
    assert (folder / "b").exists()


def test_only_one_report_goes_to_standard_output(folder: Path) -> None:
    with pytest.raises(InputError, match="only one report can go to standard output"):
        run_evaluate(replace(ASKED, reports=("sarif", "sarif-github")), 80)


def test_a_description_that_cannot_be_read_is_told_and_the_others_judged(folder: Path) -> None:
    (folder / "bad.icp.yaml").write_text("apiVersion: pytest-icp/v1\nlicense: 1\n", "utf-8")
    told = run_evaluate(replace(ASKED, descriptions=(Path("bad.icp.yaml"), Path())), 80)
    assert told.code == 1
    assert told.text.startswith("bad.icp.yaml:2:1: ")
    assert "  = did you mean 'licence'?\n" in told.text
    assert "SP12/renewal violated" in told.text


def test_a_description_is_judged_once(folder: Path) -> None:
    once = run_evaluate(replace(ASKED, reports=("sarif",)), 80)
    twice = replace(ASKED, descriptions=(Path("prod.icp.yaml"), Path()), reports=("sarif",))
    assert run_evaluate(twice, 80) == once


def test_hidden_folders_are_not_looked_into(folder: Path) -> None:
    (folder / ".venv").mkdir()
    (folder / ".venv/x.icp.yaml").write_text("x: 1", "utf-8")
    assert ".venv" not in run_evaluate(replace(ASKED, descriptions=(Path(),)), 80).text


@pytest.mark.parametrize(
    ("name", "said"), [("no.yaml", "no such file"), ("empty", "no description")]
)
def test_what_is_not_there(folder: Path, name: str, said: str) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match=said):
        run_evaluate(replace(ASKED, descriptions=(Path(name),)), 80)


def test_waivers_count_here_too(folder: Path) -> None:
    (folder / "icp-waivers.yaml").write_text(
        "waivers:\n- {rule: SP12/renewal, reason: r, owner: o, expires: 2026-01-01}\n", "utf-8"
    )
    told = run_evaluate(COMPLETE, 80)
    assert "SP12/renewal: waived until 2026-01-01 by o: r" in told.text


def test_unusable_waivers_stop_the_command(folder: Path) -> None:
    (folder / "icp-waivers.yaml").write_text("waivers: 1\n", "utf-8")
    with pytest.raises(InputError, match=r"icp-waivers\.yaml"):
        run_evaluate(COMPLETE, 80)
