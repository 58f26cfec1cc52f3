"""What the schema of policies allows and no check could decide is refused where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_icp.facts.files.source import read_source
from pytest_icp.kinds.policies import load_policies, written_policies
from pytest_icp.law.errors import InputError
from pytest_icp.rules.fields import Written
from pytest_icp.rules.undecidable import undecidable, unknown_when
from tests.rules.test_policies import OBLIGATION, POLICY, own, write

WINDOW = {
    "each": "licence",
    "act": {"of": "/annual_reports", "at": "submitted_at"},
    "anchor": "licence.term",
    "yearly": {"from": "01-01", "to": "03-31"},
    "ahead": {"days": 90},
}
EVERY = {
    "each": "licence",
    "act": {"of": "/pi_trainings", "at": "done_on"},
    "anchor": {"of": "/data_stores", "at": "in_service_on"},
    "every": {"years": 1},
}
WITHIN = {
    "each": "corporate_events",
    "act": "system_updated_on",
    "anchor": ["changed_on", "effective_on"],
    "within": {"days": 30},
}
PLACED = {"each": "servers", "fact": "location", "sites": "site_ids", "at": "server_location"}
LICENSED = {"each": "sites", "categories": ["B14"]}
FOUND = {
    "each": "sites",
    "fact": "id",
    "among": {"of": "/network_links", "at": "id"},
    "valid": {"from": "contract.from", "until": "contract.to"},
}
AREAS = {"each": "services", "fact": "areas_served"}


def obligation(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return an obligation of a kind with these fields."""
    common = {key: value for key, value in OBLIGATION.items() if key not in {"each", "require"}}
    return {**common, "kind": kind, **fields}


WRONG = """
- rule: {kind: dated, like: window, yearly: {from: 12-01, to: 01-31}}
  at: [yearly, to]
  said: the window closes on 01-31, before it opens on 12-01 -> a window must open and close in
    the same year; split one that does not into two obligations
- rule: {kind: placed, like: placed, at: /licence/holder}
  at: [at]
  said: the fact 'licence.holder' is not a location -> write the path of a location that the
    licence prints, or mainland
- rule: {kind: dated, like: window, act: {of: /annual_reports, at: year_of_submission}}
  at: [act, at]
  said: 'the fact ''annual_reports.year_of_submission'' is not a date -> dates here: '
- rule: {kind: dated, like: every, anchor: {of: /data_stores, at: id}}
  at: [anchor, at]
  said: 'the fact ''data_stores.id'' is not a date -> dates here: '
- rule: {kind: dated, like: within, anchor: [changed_on, kind]}
  at: [anchor, 1]
  said: 'the fact ''corporate_events.kind'' is not a date -> dates here: '
- rule: {kind: dated, like: within, act: {of: filings, at: authority}}
  at: [act, at]
  said: 'the fact ''corporate_events.filings.authority'' is not a date -> dates here: '
- rule: {kind: licensed, like: licensed, at: access_provider.name}
  at: [at]
  said: the fact 'sites.access_provider.name' is not a date
- rule: {kind: match, like: found, valid: {from: [contract.from, kind]}}
  at: [valid, from, 1]
  said: 'the fact ''network_links.kind'' is not a date -> dates here: '
- rule: {kind: match, like: found, among: {of: /price_list, at: price}}
  at: [among, at]
  said: the values of 'price_list.price' are of another type than those of 'sites.id', and never
    the same
- rule: {kind: match, each: systems, fact: production, among: /licence/registered_capital}
  at: [among]
  said: the values of 'licence.registered_capital' are of another type than those of
    'systems.production', and never the same
- rule: {kind: match, like: areas, among: {of: /staff_filings, at: province}, one: true}
  at: [one]
  said: '''services.areas_served'' is an area: those of all records count together, so ''one'' has
    no meaning'
- rule: {kind: match, like: areas, among: {of: /staff_filings, at: province, match: {id: id}},
    if_none: violated}
  at: [among, match]
  said: '''services.areas_served'' is an area: those of all records count together, so ''match''
    has no meaning'
"""
BASES = {
    "window": WINDOW,
    "every": EVERY,
    "within": WITHIN,
    "placed": PLACED,
    "licensed": LICENSED,
    "found": FOUND,
    "areas": AREAS,
}


@pytest.mark.parametrize("case", yaml.safe_load(WRONG))
def test_what_cannot_be_decided_is_found(case: dict[str, Any]) -> None:
    rule, said = case["rule"], case["said"]
    fields = {**BASES.get(rule.pop("like", ""), {}), **rule}
    (wrong,) = undecidable(Written(obligation(rule["kind"], fields)).fields)
    assert [*wrong.path] == case["at"]
    told = " -> ".join(filter(None, (wrong.message.en, wrong.hint.en)))
    assert told.startswith(said) if said.endswith(": ") else told == said
    assert bool(wrong.message.zh)
    assert bool(wrong.hint.zh) is bool(wrong.hint.en)


def test_it_is_refused_with_its_line_and_column(tmp_path: Path) -> None:
    fields = {**PLACED, "at": "/licence/holder", "require": None}
    folder = own(tmp_path, kind="placed", **fields)
    written = (folder / "OWN.yaml").read_text("utf-8").replace(',\n   "require": null', "")
    (folder / "OWN.yaml").write_text(written, "utf-8")
    with pytest.raises(InputError, match="is not a location") as refused:
        load_policies([folder])
    place = read_source(folder / "OWN.yaml").place("/obligations/0/at")
    assert refused.value.place == place
    assert place.line is not None
    assert '"at": "/licence/holder"' in written.splitlines()[place.line - 1]


def test_what_the_product_ships_can_be_decided() -> None:
    from pytest_icp.facts.files.properties import resource

    for path in resource("policies").rglob("*.yaml"):
        data: Any = read_source(path).data
        for entry in data.get("obligations", ()):
            assert [*undecidable(Written(entry).fields)] == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"each": "serverz"}, ["no description has the fact 'serverz'", "did you mean 'servers'?"]),
        (
            {"each": "servers", "where": {"role": {"enum": ["orgin"]}}, "require": {"id": "a"}},
            ["'servers.role' is never 'orgin'", "did you mean 'origin'?"],
        ),
        (
            {
                "each": "network_units.changes",
                "require": {"kind": "grading"},
                "happened": "../in_production",
            },
            [
                "no description has the fact 'network_units.in_production'",
                "did you mean 'in_production_on'?",
            ],
        ),
        (
            {"each": "servers", "require": {"role": {"anyOf": ["origin", {"not": "orgin"}]}}},
            ["'servers.role' is never 'orgin'", "did you mean 'origin'?"],
        ),
        (
            {"applies": {"when": {"company": {"nam": "a"}}}},
            ["no description has the fact 'company.nam'", "did you mean 'name'?"],
        ),
    ],
)
def test_what_no_description_has_is_refused_where_it_stands(
    tmp_path: Path, changed: dict[str, Any], said: list[str]
) -> None:
    folder = own(tmp_path, **changed)
    with pytest.raises(InputError) as caught:
        load_policies([folder])
    lines = caught.value.text("en").splitlines()
    assert lines[0].startswith(f"{folder}/OWN.yaml:")
    assert all(words in line for words, line in zip(said, lines, strict=True))
    # Who asks for all that is odd is told of it otherwise.
    assert len(written_policies([folder])) == 1


def test_alternatives_that_can_be_met_are_taken(tmp_path: Path) -> None:
    role = {"anyOf": ["origin", {"not": "origin"}]}
    assert load_policies([own(tmp_path, each="servers", require={"role": role})])


def test_whom_a_whole_policy_binds_is_a_condition_too(tmp_path: Path) -> None:
    assert list(unknown_when(None)) == []
    assert list(unknown_when({"items": ["B25"]})) == []
    (one,) = unknown_when({"when": {"company": {"nam": "a"}}})
    assert one.path == ("applies", "when", "company", "nam")
    write(tmp_path / "OWN.yaml", {**POLICY, "applies": {"when": {"firm": {"name": "a"}}}})
    with pytest.raises(InputError, match="'firm'"):
        load_policies([tmp_path])
