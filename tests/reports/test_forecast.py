"""What a forecast says of each change, and how many days it looks at."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.engine import Scene, prepare
from pytest_icp.facts.description import load
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.forecast import at_other_times, forecast
from pytest_icp.rules.rule_ids import levels
from pytest_icp.rules.waivers import read_waivers
from tests.laws.test_forecast import EXAMPLE, every_day, foreseen


def test_few_days_are_looked_at() -> None:
    as_of = as_of_instant("2023-11-20")
    scene = prepare(load(EXAMPLE), as_of=as_of)
    policies = tuple(policy for policy in default_policies() if policy.id in {"SP12", "LIC"})
    seen: list[datetime] = []

    def scene_at(instant: datetime) -> Scene:
        seen.append(instant)
        return at_other_times(scene)(instant)

    changes = forecast(scene_at, policies, as_of=as_of, days=3650)
    assert len(changes) > 2
    assert len(seen) < 60


def test_a_change_says_what_and_why() -> None:
    as_of = as_of_instant("2023-11-20")
    scene = prepare(load(EXAMPLE), as_of=as_of)
    changes = forecast(
        at_other_times(scene), default_policies(), as_of=as_of, days=30, rules={"SP12/renewal"}
    )
    (change,) = changes
    assert (change.day, change.last_day, change.days) == (
        date(2023, 12, 8),
        date(2023, 12, 7),
        17,
    )
    assert (change.before, change.after) == (Standing.SATISFIED, Standing.VIOLATED)
    assert (change.subject, change.why.zh[:5]) == ("renewal", "至今未办理")


def test_a_waiver_ends_and_what_it_covers_is_violated(tmp_path: Path) -> None:
    file = tmp_path / "icp-waivers.yaml"
    file.write_text(
        "waivers:\n- {rule: SP12/renewal, reason: r, owner: o, expires: 2023-12-20}\n", "utf-8"
    )
    as_of = as_of_instant("2023-12-10")
    rules = frozenset({"SP12/renewal"})
    every = levels(default_policies())
    waivers = read_waivers(file, levels=every, as_of=as_of.date(), longest_days=None)
    scene = prepare(load(EXAMPLE), as_of=as_of, waivers=waivers)
    (change,) = forecast(
        at_other_times(scene), default_policies(), as_of=as_of, days=30, rules=rules
    )
    assert (change.day, change.before) == (date(2023, 12, 21), Standing.WAIVED)


def test_a_date_that_does_not_exist_is_no_date(tmp_path: Path) -> None:
    as_of = as_of_instant("2023-11-20")
    description = load(EXAMPLE)
    odd = replace(description, facts={**description.facts, "notes": ["2024-02-31", 1, "x"]})
    scene = prepare(odd, as_of=as_of)
    assert foreseen(scene, default_policies(), as_of, 20) == {"SP12/renewal": date(2023, 12, 8)}


def test_a_contradiction_ends_with_the_declaration_that_makes_it() -> None:
    """A rack that is granted until a day denies, until then, that nothing is hosted for others."""
    as_of = as_of_instant("2023-11-20")
    description = load(EXAMPLE)
    grant = {"id": "rack", "kind": "rack", "from": "2023-01-01", "to": "2023-12-01"}
    # Of the other it is not known when it ends.
    grants = [grant, {**grant, "id": "other", "to": None}]
    granted = replace(description, facts={**description.facts, "resource_grants": grants})
    policies = default_policies()
    scene = prepare(granted, as_of=as_of)
    found = foreseen(scene, policies, as_of, 13)
    assert date(2023, 12, 2) in found.values()
    assert found == every_day(scene, policies, as_of, 13)
