"""What a deployed file lists has not ended: readers say so, whatever is written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.facts.description import Description
from pytest_icp.law.location import Place
from pytest_icp.sources.loading import KINDS, Kind, load
from pytest_icp.sources.request import Request

LINK = {"id": "eip", "kind": "cloud_network", "mode": "leased"}


def read_json(asked: Request) -> Derived:
    facts = json.loads(asked.read())
    return Derived(facts=facts, trace=lambda _: Provenance(place=Place(path=asked.path, line=7)))


def described(folder: Path, given: Any, *, deployed: bool = True, **facts: Any) -> Description:
    (folder / ".git").mkdir()
    (folder / "a.json").write_text(json.dumps(given), "utf-8")
    path = folder / "prod.icp.json"
    document = {"apiVersion": "pytest-icp/v1", "sources": [{"kind": "json", "path": "a.json"}]}
    path.write_text(json.dumps(document | facts), "utf-8")
    return load(path, kinds={"json": Kind(read=read_json, deployed=deployed)})


def test_every_kind_but_that_of_what_people_keep_reads_what_is_deployed() -> None:
    assert [name for name, kind in KINDS.items() if not kind.deployed] == ["register"]


def test_what_a_deployed_file_lists_has_not_ended(tmp_path: Path) -> None:
    found = described(tmp_path, {"network_links": [LINK], "sites": [{"id": "www"}]})
    assert found.facts["network_links"] == [{**LINK, "ended_on": "never"}]
    assert found.place("/network_links/0/ended_on") == Place(path=tmp_path / "a.json", line=7)
    # A site has no such fact.
    assert found.facts["sites"] == [{"id": "www"}]


def test_an_end_that_the_file_tells_stays(tmp_path: Path) -> None:
    ended = {**LINK, "ended_on": "2026-01-31"}
    found = described(tmp_path, {"network_links": [ended, {**LINK, "id": "b", "ended_on": None}]})
    assert found.facts["network_links"] == [ended, {**LINK, "id": "b", "ended_on": "never"}]


def test_of_what_somebody_keeps_nothing_is_known_that_is_not_written(tmp_path: Path) -> None:
    found = described(tmp_path, {"network_links": [LINK]}, deployed=False)
    assert found.facts["network_links"] == [LINK]


def test_a_list_that_is_none_is_refused_as_before(tmp_path: Path) -> None:
    found = described(tmp_path, {"network_links": ["eip"]})
    assert found.readings[0].error


def test_an_end_by_hand_of_what_is_still_deployed_is_contested(tmp_path: Path) -> None:
    by_hand = [{"id": "eip", "ended_on": "2026-01-31"}]
    found = described(tmp_path, {"network_links": [LINK]}, network_links=by_hand)
    (one,) = found.disagreements
    assert one.fact == "network_links[eip].ended_on"
    assert [each.value for each in one.statements] == ["2026-01-31", "never"]
    assert found.facts["network_links"][0]["ended_on"] is None
