"""A renamed rule keeps working by its old id, and the run says the new one once."""

from __future__ import annotations

import json

import pytest

from pytest_icp.cli.main import main
from pytest_icp.reports.baseline import by_present_ids
from pytest_icp.reports.entries import fingerprint
from pytest_icp.reports.renamed import renamed_section
from pytest_icp.rules.baseline import KnownFinding
from pytest_icp.rules.rule_ids import renamed
from tests.obligations import obligation, policy
from tests.plugin.conftest import OWN_POLICY, Infra

NODE = "infra/prod.icp.yaml::OWN::discipline"
SAID = "*OWN/order 现为 OWN/discipline*"
BROKEN = OWN_POLICY.replace("{name: {minLength: 1}}", "{name: 甲}")
RENAMED = BROKEN.replace("id: discipline", "id: discipline\n    formerly: [OWN/order]")
WAIVER = "waivers:\n  - {rule: OWN/order, reason: 正在整改, owner: 法务, expires: 2025-12-31}\n"


@pytest.fixture
def broken(infra: Infra) -> Infra:
    """A repository with a rule of its own that is violated, and had another id before."""
    infra.write("own/OWN.yaml", RENAMED)
    infra.write("pytest.ini", "[pytest]\nicp_policies = own\n")
    return infra


def test_without_an_old_id_nothing_is_said(broken: Infra) -> None:
    run = broken.run(NODE)
    assert run.ret == pytest.ExitCode.TESTS_FAILED
    run.stdout.no_fnmatch_line("*renamed rules*")


def test_a_waiver(broken: Infra) -> None:
    broken.write("infra/icp-waivers.yaml", WAIVER)
    run = broken.run(NODE)
    assert run.ret == pytest.ExitCode.OK
    assert run.stdout.str().count("现为") == 1
    run.stdout.fnmatch_lines([SAID])


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (("--icp-select=OWN/order",), 1),
        (("--icp-select=OWN/ord*",), 1),
        (("--icp-select=OWN,SP12/renewal", "--icp-ignore=OWN/order"), 0),
        (("-k", "OWN/order"), 1),
    ],
)
def test_options(broken: Infra, options: tuple[str, ...], left: int) -> None:
    run = broken.run(*options)
    assert run.parseoutcomes().get("failed", 0) == left
    if options[-1].endswith("=OWN/order"):
        run.stdout.fnmatch_lines([SAID])


def test_a_baseline(broken: Infra) -> None:
    broken.write("own/OWN.yaml", BROKEN.replace("id: discipline", "id: order"))
    main(["baseline", "infra", "--output", "b.json", "--as-of", "2025-06-01"])
    broken.write("own/OWN.yaml", RENAMED)
    run = broken.run("--icp-baseline=b.json", "--icp-report=jsonl=r.jsonl")
    run.stdout.fnmatch_lines([SAID])
    run.stdout.no_fnmatch_line("*no longer there: infra/prod.icp.yaml: OWN/*")
    lines = (broken.pytester.path / "r.jsonl").read_text("utf-8").splitlines()
    own = [one for one in map(json.loads, lines) if one.get("rule") == "OWN/discipline"]
    assert [one["known"] for one in own] == [True]


def test_an_explanation(
    broken: Infra, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(broken.pytester.path)
    assert main(["explain", "OWN/order", "--policies", "own"]) == 0
    assert "OWN/discipline" in capsys.readouterr().out


# ---- What it rests on


def test_every_old_id_leads_to_the_present_one() -> None:
    made = obligation("constraint", "sites", formerly=("SP99/a", "SP98/b"))
    assert renamed([policy(made)]) == {"SP99/a": "SP99/made", "SP98/b": "SP99/made"}


@pytest.mark.parametrize("n", [1, 2, 3])
def test_of_several_alike_the_same_one_is_known(n: int) -> None:
    def known(rule: str) -> KnownFinding:
        first = fingerprint(rule, "s", "/sites/s")
        own = first if n == 1 else fingerprint(first, str(n))
        return KnownFinding(
            description="d", rule=rule, subject="s", pointer="/sites/s", fingerprint=own
        )

    other = known("SP99/c")
    present = policy(obligation("constraint", "sites", formerly=("SP99/a",)))
    assert by_present_ids([known("SP99/a"), other], [present]) == [known("SP99/made"), other]


def test_each_is_said_once_in_both_languages() -> None:
    (section,) = renamed_section(["A/a", "A/a", "A/c"], {"A/a": "A/b"}, "both", 200)
    assert [line.strip() for line in section.lines] == [
        "A/a 现为 A/b；旧标识仍然有效 · A/a is now A/b; the old id still works"
    ]
