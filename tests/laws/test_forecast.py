"""The forecast finds what trying every day would find."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from pytest_icp import engine
from pytest_icp.engine import Scene, decide, prepare
from pytest_icp.facts.description import load
from pytest_icp.facts.workdays import published
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.location import Location
from pytest_icp.law.times import as_of_instant, civil_date, end_of_day
from pytest_icp.reports.forecast import at_other_times, forecast
from pytest_icp.rules.policy import Obligation, Policy, part_id
from pytest_icp.rules.settings import Settings
from tests.helpers import ROOT, Case, all_cases
from tests.laws.strategies import alone

PUBLISHED = 2026
"""The last year of working days that the cases know of."""

EXAMPLE = ROOT / "examples/etaoche/etaoche.icp.yaml"

FIFTHS = 5 if settings().max_examples >= settings.get_profile("default").max_examples else 1
"""How many fifths of the cases are tried; where laws have few examples, every fifth case."""


@pytest.fixture(autouse=True)
def nothing_is_placed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for no lines: what is decided when does not hang on where it is written."""
    monkeypatch.setattr(engine, "location_of", lambda *_: Location())


def every_day(
    scene: Scene, policies: Iterable[Policy], as_of: datetime, days: int
) -> dict[str, date]:
    """The next change of each rule, or of each of its parts, found by trying."""
    scene_at = cache(at_other_times(scene))
    ends = [end_of_day(civil_date(as_of) + timedelta(days=n)) for n in range(days + 1)]
    found: dict[str, date] = {}
    for policy in policies:
        for obligation in policy.obligations:
            now = standings(obligation, decide(scene, policy, obligation))
            for end in ends:
                if found.keys() >= now.keys():
                    break
                later = decide(scene_at(end), policy, obligation)
                for own_id, then in standings(obligation, later).items():
                    if then is not now[own_id]:
                        found.setdefault(own_id, civil_date(end))
    return found


def standings(obligation: Obligation, result: Result) -> dict[str, Standing]:
    """The standing of each part of a rule; of the rule itself where it has none."""
    of_parts = {part_id(result.rule_id, part.name): part.standing for part in result.parts}
    return of_parts or {obligation.own_id: result.standing}


def foreseen(
    scene: Scene, policies: tuple[Policy, ...], as_of: datetime, days: int
) -> dict[str, date]:
    changes = forecast(at_other_times(scene), policies, as_of=as_of, days=days)
    return {change.own_id: change.day for change in changes}


def scene_of(case: Case, folder: Path, as_of: datetime) -> Scene:
    for name, content in case.files.items():
        how = content if isinstance(content, dict) else {"text": content, "encoding": "utf-8"}
        (folder / name).write_bytes(how["text"].encode(how["encoding"]))
    file = folder / "case.icp.json"
    file.write_text(json.dumps(case.description, ensure_ascii=False), encoding="utf-8")
    return prepare(
        load(file, root=folder),
        as_of=as_of,
        settings=Settings(**case.settings),
        calendar=Calendar({year: d for year, d in published().years.items() if year <= PUBLISHED}),
    )


@pytest.mark.parametrize("day", ["2023-11-20", "2022-08-01", "2024-02-20", "2025-12-20"])
def test_the_example(day: str) -> None:
    as_of = as_of_instant(day)
    scene = prepare(load(EXAMPLE), as_of=as_of)
    policies = default_policies()
    found = foreseen(scene, policies, as_of, 60)
    assert found == every_day(scene, policies, as_of, 60)


@pytest.mark.parametrize("part", range(FIFTHS))
def test_every_case_from_a_week_before_its_day(part: int, tmp_path: Path) -> None:
    different = []
    for case in all_cases()[part::5]:
        as_of = as_of_instant(case.as_of) - timedelta(days=7)
        scene = scene_of(case, tmp_path, as_of)
        policies = (alone(case.rule),)
        if foreseen(scene, policies, as_of, 16) != every_day(scene, policies, as_of, 16):
            different.append(case.id)
    assert different == []
