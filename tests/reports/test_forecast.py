"""What a forecast says of each change, and how many days it looks at."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.engine import Scene, prepare
from pytest_icp.facts.description import load
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import plain
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.forecast import (
    Change,
    changes_json,
    changes_table,
    forecast,
    forecast_section,
    none_within,
    summary_of,
)
from pytest_icp.rules.selection import levels
from pytest_icp.rules.waivers import Waiver, read_waivers
from tests.changes import CHANGE
from tests.helpers import ROOT
from tests.results import shown
from tests.runs import HOSTILE

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


ONE = {"infra/prod.icp.yaml": ""}


def test_a_change_is_the_last_day_the_duty_and_the_day_from_which_it_is_another_verdict() -> None:
    advice = replace(CHANGE, after=Standing.ADVISORY, subject="")
    assert shown(changes_table([CHANGE, advice], ONE)) == [
        "last day    days  to do                                 if nothing is done, from",
        "2023-12-07    17  Renewal is applied for 90 days ahead  2023-12-08 violated",
        "                  SP12/renewal [renewal]",
        "2023-12-07    17  Renewal is applied for 90 days ahead  2023-12-08 advice",
        "                  SP12/renewal",
    ]
    assert shown(changes_table([CHANGE], ONE), "zh", 64) == [
        "最后一天    日数  办什么                  不作处理的，自该日起",
        "2023-12-07    17  提前90日申请延续        2023-12-08 违反",
        "                  SP12/renewal [renewal]",
    ]
    assert list(changes_table([], ONE)) == []


def test_the_section_counts_what_is_too_much_and_says_when_there_is_nothing() -> None:
    nothing = forecast_section([], 180, {})
    assert shown(nothing.blocks) == ["  Nothing is due within 180 days."]
    lines = shown(forecast_section([CHANGE] * 23, 180, ONE).blocks)
    assert len(lines) == 42
    assert lines[-1] == "  and 3 more"
    assert none_within(1).en == "Nothing is due within 1 day."


def test_as_json() -> None:
    (told,) = json.loads(changes_json([CHANGE]))
    assert told == {
        "description": "infra/prod.icp.yaml",
        "rule": "SP12/renewal",
        "day": "2023-12-08",
        "last_day": "2023-12-07",
        "days": 17,
        "before": "satisfied",
        "after": "violated",
        "subject": "renewal",
        "as_of": "2023-11-20T23:59:59+08:00",
        "title": {"zh": "提前90日申请延续", "en": "Renewal is applied for 90 days ahead"},
        "why": {"zh": "逾期未办理", "en": "not done, and overdue"},
        "fix": {"zh": "立即申请。", "en": "Apply now."},
    }


def test_hostile_text_stays_on_its_line() -> None:
    words = plain(HOSTILE)
    hostile = replace(CHANGE, subject=HOSTILE, why=words, title=words)
    title = f"SUMMARY:{summary_of(hostile, 'both')}"
    text = "\n".join([*shown(changes_table([hostile], ONE), "both"), title])
    text += changes_json([hostile])
    assert not {"\x1b", "\u202e", "\x00", "\ud800"} & set(text)
    assert not any(line.strip().startswith("::") for line in text.splitlines()[:-20])
