"""Rules with parts in a fleet: one row of a verdict, and of each finding with its part."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.fleet.place import ResultPlace
from pytest_icp.fleet.report import Figures, figures, report_text
from tests.fleet.made import judged, rows, task
from tests.parted import DECISION, LATE, NEVER, OPEN, SLOW, SOON, WAIVER
from tests.policies_of_ones_own import STOPPED, own_policies

DAY = date(2024, 6, 3)
NAMES = {"soon": SOON, "slow": SLOW, "late": LATE, "never": NEVER, "waived": LATE, "decided": LATE}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was judged of a description for each way in which the rule can stand."""
    base = tmp_path_factory.mktemp("parts")
    policies = own_policies(base, obligations=STOPPED)
    for name, facts in NAMES.items():
        lay(base / "all" / name, facts)
    for name, entry in (("waived", WAIVER), ("decided", DECISION)):
        entries = base / "all" / name / "icp-waivers.yaml"
        entries.write_text(f"waivers:\n{entry}", "utf-8")
    of = task(DAY, policies=(str(policies),), rootdir=str(base))
    judged(base / "out", base / "all", base=base, of=of)
    return base / "out"


def lay(folder: Path, facts: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    licence = {"number": "京B2-20210001", "holder": folder.name}
    document = {"apiVersion": "pytest-icp/v1", "licence": licence, **facts}
    (folder / "c.icp.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")


@pytest.fixture(scope="module")
def found(out: Path) -> Figures:
    return figures(ResultPlace(str(out)))


def of_rule(out: Path, table: str) -> dict[str, list[dict[str, Any]]]:
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    for row in rows(out, table):
        if row["rule"] == "ACME/stopped":
            told[row["description"].split("/")[-2]].append(row)
    return told


def test_a_verdict_is_a_row_and_people_have_their_say(out: Path) -> None:
    told = of_rule(out, "verdicts")
    assert {name: [one["verdict"] for one in every] for name, every in told.items()} == {
        "soon": ["satisfied"],
        "slow": ["satisfied"],
        "late": ["unknown"],
        "never": ["violated"],
        "waived": ["unknown"],
        "decided": ["satisfied"],
    }
    assert {one["level"] for every in told.values() for one in every} == {"mandatory"}
    assert told["waived"][0]["waived_until"] == date(2024, 6, 20)
    # Advice is not counted, and nothing is said of its dates.
    assert (told["slow"][0]["findings"], told["slow"][0]["since"]) == (0, None)
    assert (told["late"][0]["findings"], told["late"][0]["due"]) == (1, date(2024, 3, 7))
    assert told["late"][0]["since"] == date(2024, 3, 8)


def test_a_finding_is_a_row_with_its_part_and_level(out: Path) -> None:
    told = of_rule(out, "findings")
    standings = {
        name: [(one["part"], one["level"], one["standing"]) for one in every]
        for name, every in told.items()
    }
    assert standings["slow"] == [("at-once", "advisory", "advisory")]
    assert ("latest", "review", "unknown") in standings["late"]
    assert ("latest", "review", "decided") in standings["decided"]
    assert ("latest", "review", "waived") in standings["waived"]
    assert ("at-all", "mandatory", "violated") in standings["never"]
    assert {one["holder"] for one in told["late"]} == {"late"}


def test_figures_count_what_is_neither_waived_nor_decided(found: Figures) -> None:
    rule = found.rules["ACME/stopped"]
    assert (rule.violated, rule.unknown, rule.waived) == (1, 1, 1)
    tally = found.provisions["ACME"]
    assert (tally.violating, tally.open) == (1, 1)


def test_a_due_date_is_a_row_with_its_part(tmp_path: Path) -> None:
    policies = own_policies(tmp_path, obligations=STOPPED)
    lay(tmp_path / "all" / "open", OPEN)
    of = task(date(2024, 3, 4), policies=(str(policies),), rootdir=str(tmp_path))
    judged(tmp_path / "out", tmp_path / "all", base=tmp_path, of=of)
    told = [one for one in rows(tmp_path / "out", "due") if one["rule"] == "ACME/stopped"]
    assert [(one["part"], one["level"], one["last_day"]) for one in told] == [
        ("latest", "review", date(2024, 3, 7)),
        ("within-24h", "advisory", date(2024, 3, 5)),
    ]
    # Whose rule comes after is told as before.
    assert {one["holder"] for one in rows(tmp_path / "out", "verdicts")} == {"open"}
    text = report_text(figures(ResultPlace(str(tmp_path / "out"))), "en", 100)
    assert "ACME/stopped#latest" in text
