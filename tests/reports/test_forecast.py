"""What a forecast says of each change, and how many days it looks at."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.engine import Scene, prepare
from pytest_icp.facts.description import load
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.changes import Change
from pytest_icp.reports.forecast import forecast
from pytest_icp.rules.selection import levels
from pytest_icp.rules.waivers import Waiver, read_waivers
from tests.helpers import ROOT

EXAMPLE = ROOT / "examples/etaoche/etaoche.icp.yaml"


def scene_of(as_of: str, *waivers: Waiver, **facts: object) -> Scene:
    described = load(EXAMPLE)
    described = replace(described, facts={**described.facts, **facts})
    return prepare(described, as_of=as_of_instant(as_of), waivers=waivers)


def changes_of(scene: Scene, *rules: str, days: int) -> dict[str, Change]:
    found = forecast(scene, default_policies(), days=days, rules=rules)
    return {change.own_id: change for change in found}


def test_a_change_says_what_and_why() -> None:
    rules = ("SP12/renewal", "SP12/exit")
    (change,) = changes_of(scene_of("2023-11-20"), *rules, days=18).values()
    assert (change.rule_id, change.day, change.last_day, change.days) == (
        *("SP12/renewal", date(2023, 12, 8)),
        *(date(2023, 12, 7), 17),
    )
    assert (change.before, change.after) == (Standing.SATISFIED, Standing.VIOLATED)
    assert (change.subject, change.why.zh[:5]) == ("renewal", "至今未办理")


def test_a_change_behind_the_days_looked_at_is_not_told() -> None:
    assert changes_of(scene_of("2023-11-20"), "SP12/renewal", days=17) == {}


def test_a_waiver_ends_and_what_it_covers_is_violated(tmp_path: Path) -> None:
    file = tmp_path / "icp-waivers.yaml"
    file.write_text(
        "waivers:\n- {rule: SP12/renewal, reason: r, owner: o, expires: 2023-12-20}\n", "utf-8"
    )
    day = date(2023, 12, 10)
    every = levels(default_policies())
    waivers = read_waivers(file, levels=every, as_of=day, longest_days=None)
    changes = changes_of(scene_of("2023-12-10", *waivers), "SP12/renewal", days=12)
    change = changes["SP12/renewal"]
    assert (change.day, change.before) == (date(2023, 12, 21), Standing.WAIVED)


def test_a_contradiction_ends_with_the_declaration_that_makes_it() -> None:
    """A rack that is granted until a day denies, until then, that nothing is hosted for others."""
    grant = {"id": "rack", "kind": "rack", "from": "2023-01-01", "to": "2023-12-01"}
    scene = scene_of("2023-11-29", resource_grants=[grant])
    found = forecast(scene, default_policies(), days=4)
    assert date(2023, 12, 2) in [change.day for change in found]
