"""What sources list is known from the day of the description on, and not before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_icp import evaluate
from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.facts.description import Description
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.location import Place
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.policy import Policy
from pytest_icp.sources.loading import Kind, load
from pytest_icp.sources.request import Request
from tests.obligations import obligation, policy

DAY, BEFORE = "2026-11-30", "2026-11-29"
PRODUCTION = policy(
    obligation(
        kind="condition",
        each="sites",
        require={"production": False},
    )
)


def read_json(asked: Request) -> Derived:
    facts = json.loads(asked.read())
    return Derived(facts=facts, trace=lambda _: Provenance(place=Place(path=asked.path, line=3)))


def described(
    folder: Path, given: Any, *, deployed: bool = True, day: str | None = DAY, **facts: Any
) -> Description:
    (folder / ".git").mkdir()
    (folder / "a.json").write_text(json.dumps({"sites": given}), "utf-8")
    path = folder / "prod.icp.json"
    document = {
        "apiVersion": "pytest-icp/v1",
        "described_on": day,
        "sources": [{"kind": "json", "path": "a.json"}],
    }
    path.write_text(json.dumps(document | facts, indent=1), "utf-8")
    return load(path, kinds={"json": Kind(read=read_json, deployed=deployed)})


def ids(description: Description, day: str) -> list[str]:
    return [one["id"] for one in description.as_of(as_of_instant(day)).facts["sites"]]


def judged(description: Description, day: str, own: Policy = PRODUCTION) -> Result:
    (result,) = evaluate(description, as_of=day, policies=[own])
    return result


@pytest.mark.parametrize("production", [True, False])
def test_what_a_source_lists_is_known_from_that_day_on(tmp_path: Path, *, production: bool) -> None:
    found = described(tmp_path, [{"id": "www", "production": production}])
    assert ids(found, DAY) == ["www"]
    assert judged(found, DAY).verdict is (Verdict.VIOLATED if production else Verdict.SATISFIED)
    # Of the day before, neither that it was there nor that nothing else was.
    assert ids(found, BEFORE) == []
    result = judged(found, BEFORE)
    assert result.verdict is Verdict.UNKNOWN
    (finding,) = result.findings
    assert finding.location.path == "prod.icp.json"
    assert finding.location.line == 3
    assert "is known from 2026-11-30 on (described_on)" in finding.message.en


@pytest.mark.parametrize(
    ("begun", "seen"), [("2020-01-01", ["www", "hand"]), ("2026-11-30", ["hand"])]
)
def test_a_beginning_that_is_known_counts(tmp_path: Path, begun: str, seen: list[str]) -> None:
    """Whether the file tells it or somebody writes it beside the element."""
    by_hand = [{"id": "hand"}, {"id": "www", "launched_on": begun}]
    found = described(tmp_path, [{"id": "www"}], sites=by_hand)
    assert sorted(ids(found, BEFORE)) == sorted(seen)


def test_what_is_written_by_hand_alone_stays_there(tmp_path: Path) -> None:
    by_hand = [{"id": "hand", "production": True}]
    sites = [{"id": "www"}, {"id": "later", "launched_on": "2030-01-01"}, {"id": "b"}]
    found = described(tmp_path, sites, sites=by_hand)
    assert ids(found, BEFORE) == ["hand"]
    assert ids(found, DAY) == ["hand", "www", "b"]
    # Its place is still that where it is written.
    (finding, *_) = [one for one in judged(found, BEFORE).findings if one.subject == "hand"]
    assert finding.pointer == "/sites/0/production"


def test_since_when_it_is_there_hangs_on_its_own_beginning(tmp_path: Path) -> None:
    by_hand = [{"id": "hand", "production": True}]
    found = described(tmp_path, [{"id": "www", "production": True}], sites=by_hand)
    hand, www = judged(found, DAY).findings
    assert (www.subject, www.verdict) == ("www", Verdict.VIOLATED)
    assert (hand.subject, hand.verdict) == ("hand", Verdict.UNKNOWN)
    assert hand.message.en == (
        "would be violated if “Launched on” is not after 2026-11-30: “In production” is true"
    )
    assert hand.hinge
    assert hand.hinge.pointer == "/sites/0/launched_on"
    assert hand.hinge.message.en == (
        "“Launched on” is not declared, so whether this was there on 2026-11-30 is not known"
    )


def test_a_beginning_that_nobody_declares_stays_unknown(tmp_path: Path) -> None:
    """The day of the description is not that on which a site was launched."""
    launched = policy(
        obligation(
            kind="dated",
            each="sites",
            act="psb_filing.filed_on",
            anchor="launched_on",
            within={"days": 30},
        )
    )
    for done in ("never", "2026-12-01", "2020-01-01"):
        folder = tmp_path / done
        folder.mkdir()
        found = described(folder, [{"id": "www", "psb_filing": {"filed_on": done}}])
        for day in (DAY, "2027-06-01"):
            result = judged(found, day, launched)
            assert result.verdict is Verdict.UNKNOWN
            assert result.findings[0].pointer == "/sites/0/launched_on"
