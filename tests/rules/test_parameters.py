"""Rules that refer to numbers: in which unit, at which time, and for which subjects."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.kinds.policies import load_policies
from pytest_icp.law.errors import InputError
from pytest_icp.rules.numbers import Cases, Number
from pytest_icp.rules.policy import Obligation
from tests.obligations import written

SAY = {"zh": "自订", "en": "our own"}
HEAD: dict[str, Any] = {
    "id": "own",
    **dict.fromkeys(("title", "meaning", "fix"), SAY),
    "level": "mandatory",
    "basis": "own",
}
OURS = {"source": SAY, "confidence": "default"}
N = {"parameter": "n"}


def rule(folder: Path, *values: dict[str, Any], unit: str = "days", **fields: Any) -> Obligation:
    """Read a rule with these fields, and a number ``n`` with these values."""
    folder.mkdir(exist_ok=True)
    number = {"id": "n", "title": SAY, "unit": unit, "values": [{**OURS, **v} for v in values]}
    policy = {"id": "OWN", "article": "自订", "title": SAY, "text": SAY}
    policy["obligations"] = [{**HEAD, **fields}]
    (folder / "parameters.yaml").write_text(json.dumps({"parameters": [number]}), "utf-8")
    (folder / "OWN.yaml").write_text(json.dumps(policy, indent=1), "utf-8")
    (read,) = load_policies([folder])
    return read.obligations[0]


TERM: dict[str, Any] = {
    "kind": "dated",
    "each": "corporate_events",
    "act": "system_updated_on",
    "anchor": "changed_on",
    "within": "n",
}
OUTAGE: dict[str, Any] = {
    "kind": "condition",
    "each": "incidents",
    "require": {"outage_minutes": {"maximum": N}},
}
USERS: dict[str, Any] = {**OUTAGE, "require": {"affected_users": {"maximum": N}}}
KEPT: dict[str, Any] = {
    "kind": "dated",
    "each": "log_stores",
    "reaches": "n",
    "kept": "retention",
}
SOME: dict[str, Any] = {
    "kind": "match",
    "each": "services",
    "fact": "features.regulated_content",
    "values": N,
    "among": {"of": "/approvals", "at": "kind"},
}
GROWN: dict[str, Any] = {
    "kind": "condition",
    "each": "releases",
    "require": {"user_scale_after": {"minimum": {"of": "user_scale_before", "times": N}}},
}


@pytest.mark.parametrize(
    ("fields", "unit", "expected"),
    [
        (TERM, "days", None),
        (TERM, "years", "has to be in days or working_days or months or hours or minutes"),
        (KEPT, "months", None),
        (KEPT, "hours", "has to be in days or months or years"),
        (OUTAGE, "minutes", None),
        (OUTAGE, "hours", "has to be in minutes"),
        (USERS, "persons", None),
        (USERS, "days", "has to be in persons or times or factor or percent or yuan"),
        (GROWN, "factor", None),
        (GROWN, "days", "has to be in persons or times or factor or percent or yuan"),
    ],
)
def test_a_number_is_in_the_unit_of_its_field(
    tmp_path: Path, fields: dict[str, Any], unit: str, expected: str | None
) -> None:
    if expected is None:
        assert [one.id for one in rule(tmp_path, {"value": 1}, unit=unit, **fields).relies_on]
        return
    with pytest.raises(InputError) as caught:
        rule(tmp_path, {"value": 1}, unit=unit, **fields)
    assert expected in caught.value.message.en
    assert caught.value.place
    lines = (tmp_path / "OWN.yaml").read_text("utf-8").splitlines()
    line = caught.value.place.line or 0
    # A length of time is the id alone; else the id stands on the next line.
    assert '"n"' in lines[line - 1] + lines[line]


def test_a_list_stands_where_a_list_is_asked_for(tmp_path: Path) -> None:
    asked = rule(tmp_path, {"value": "news"}, unit="list", **SOME)
    assert written(asked)["values"] == ["news"]
    with pytest.raises(InputError, match="in days, but here it has to be in list"):
        rule(tmp_path, {"value": 1}, **SOME)


def test_a_number_that_is_not_defined(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no number is called 'm'"):
        rule(
            tmp_path, {"value": 1}, **{**USERS, "require": {"id": {"minimum": {"parameter": "m"}}}}
        )


CHANGED = ({"value": 6}, {"value": 12, "from": "2026-07-01"})


def test_a_rule_has_a_version_for_each_time(tmp_path: Path) -> None:
    kept = rule(tmp_path, *CHANGED, unit="months", **KEPT)
    days = (date.min, date(2026, 6, 30), date(2026, 7, 1), date.max)
    found = [written(kept.on(day))["reaches"]["months"] for day in days]
    assert found == [6, 6, 12, 12]
    assert written(kept)["reaches"] == {"months": 12}
    assert {one.rule_id for _, one in kept.versions} == {"OWN/own"}


def test_until_its_grace_the_value_before_counts(tmp_path: Path) -> None:
    spared = ({"value": 6}, {**CHANGED[1], "grace": "2026-12-31"})
    kept = rule(tmp_path, *spared, unit="months", **KEPT)
    days = (date(2026, 7, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [written(kept.on(day))["reaches"]["months"] for day in days] == [6, 6, 12]


def test_of_one_value_there_is_one_version(tmp_path: Path) -> None:
    kept = rule(tmp_path, {"value": 6}, unit="months", **KEPT)
    assert not kept.versions
    assert kept.on(date.min) is kept


CASES = (
    {"value": 1, "where": {"level": {"minimum": 3}}},
    {"value": 2, "where": {"level": 2}},
)
EVERY: dict[str, Any] = {
    "kind": "dated",
    "each": "network_units",
    "act": {"of": "conformity", "at": "done_on"},
    "anchor": "in_production_on",
    "every": "n",
}


@pytest.mark.parametrize(
    ("where", "values", "cases"),
    [
        ({"level": 2}, [2], []),
        ({"level": {"minimum": 3}}, [1], []),
        ({"level": {"const": 2}}, [2], [2]),
        ({"level": {"minimum": 2}}, [1, 2], [1, 2]),
        (None, [1, 2], [1, 2]),
        ({"level": 4, "id": {"pattern": "^x$"}}, [1], [1]),
    ],
)
def test_a_rule_has_the_cases_that_its_subjects_may_be_in(
    tmp_path: Path, where: Any, values: list[int], cases: list[int]
) -> None:
    fields = EVERY if where is None else {**EVERY, "where": where}
    made = rule(tmp_path, *CASES, unit="calendar_years", **fields)
    (number,) = made.relies_on
    assert isinstance(number, Number if not cases else Cases)
    assert [one.n for one in number.values] == values  # type: ignore[union-attr]
    found = [written(one)["every"]["calendar_years"] for one in made.cases or (made,)]
    assert found == values


def test_a_rule_for_no_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no value for what this rule's `where` matches"):
        rule(tmp_path, *CASES, unit="calendar_years", **EVERY, where={"level": 1})


def test_a_pattern_excludes_cases(tmp_path: Path) -> None:
    cases = ({"value": 1, "where": {"id": "web"}}, {"value": 2, "where": {"id": "db"}})
    made = rule(tmp_path, *cases, unit="calendar_years", **EVERY, where={"id": {"pattern": "^w"}})
    assert written(made)["every"]["calendar_years"] == 1
