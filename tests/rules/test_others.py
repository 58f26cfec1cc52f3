"""Rules that name another rule, whose duty may be open: which it is, and what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.files.resources import resource
from pytest_icp.kinds.policies import load_policies, written_policies
from pytest_icp.law.errors import InputError
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.reads import facts_read
from pytest_icp.rules.undecidable import unknown_facts
from tests.rules.test_policies import OBLIGATION, POLICY, SAY, write

WITHIN = {"days": 30}
CERTIFICATE: dict[str, Any] = {
    **{key: value for key, value in OBLIGATION.items() if key != "require"},
    "id": "certificate",
    "kind": "dated",
    "each": "corporate_events",
    "act": {"of": "filings", "at": "submitted_at"},
    "anchor": "changed_on",
    "within": WITHIN,
}
PARTS = {
    **{key: value for key, value in CERTIFICATE.items() if key != "within"},
    "id": "parts",
    "parts": [{"name": "in-time", "title": SAY, "within": WITHIN}],
}


def agrees(rule: str, **where: Any) -> dict[str, Any]:
    """Return a rule that names another one."""
    own = {key: value for key, value in OBLIGATION.items() if key != "require"}
    compared = {"fact": "name", "among": "/licence/holder", "how": "name"}
    return {**own, "kind": "match", **compared, "while_open": {"rule": rule, **where}}


def folder(tmp_path: Path, *rules: dict[str, Any]) -> Path:
    write(tmp_path / "OWN.yaml", {**POLICY, "obligations": [*rules]})
    return tmp_path


def first(*folders: Path) -> Obligation:
    return load_policies(folders)[-1].obligations[0]


@pytest.mark.parametrize("rule", ["OWN/certificate", "OWN/parts#in-time"])
def test_a_rule_or_a_part_of_one_is_found(tmp_path: Path, rule: str) -> None:
    made = first(folder(tmp_path, agrees(rule), CERTIFICATE, PARTS))
    assert [one.own_id for one in made.others] == [rule]


def test_a_rule_of_the_product_is_found(tmp_path: Path) -> None:
    where = {"where": {"kind": "name"}}
    made = first(resource("policies"), folder(tmp_path, agrees("SP12/certificate", **where)))
    assert [one.own_id for one in made.others] == ["SP12/certificate"]
    assert {
        *("company.name", "licence.holder", "corporate_events.kind"),
        *("corporate_events.changed_on", "corporate_events.filings.submitted_at"),
        "corporate_events.filings.decision",
    } <= {*facts_read(made)}


def test_a_part_names_a_rule(tmp_path: Path) -> None:
    whole = agrees("OWN/certificate")
    part = {"name": "holder", "title": SAY, "while_open": whole.pop("while_open")}
    made = first(folder(tmp_path, {**whole, "parts": [part]}, CERTIFICATE))
    assert [one.own_id for one in made.parts[0].others] == ["OWN/certificate"]


@pytest.mark.parametrize(
    ("rule", "said", "hint"),
    [
        ("OWN/certificates", "there is no rule 'OWN/certificates'", "OWN/certificate"),
        ("OWN/parts", "there is no rule 'OWN/parts'", "OWN/parts#in-time"),
        ("OWN/own", "OWN/own has no time `within` which to act, so it is never open", None),
    ],
)
def test_a_rule_that_is_never_open_is_refused(
    tmp_path: Path, rule: str, said: str, hint: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        first(folder(tmp_path, agrees(rule), CERTIFICATE, PARTS))
    assert caught.value.message.en == said
    near = f"did you mean '{hint}'?" if hint else ""
    assert (caught.value.hint.en if caught.value.hint else "") == near
    assert caught.value.place
    assert (
        "rule"
        in (tmp_path / "OWN.yaml")
        .read_text("utf-8")
        .splitlines()[(caught.value.place.line or 0) - 1]
    )


def test_what_its_subjects_meet_is_looked_up_in_their_facts(tmp_path: Path) -> None:
    own = agrees("OWN/certificate", where={"kinds": "name"})
    (written,) = written_policies([folder(tmp_path, own, CERTIFICATE)])
    (wrong,) = unknown_facts(written.policy.obligations[0].written.fields)
    assert wrong.path == ("while_open", "where", "kinds")
    assert "corporate_events.kinds" in wrong.message.en


def test_a_changed_policy_finds_its_rules_as_well(tmp_path: Path) -> None:
    (written,) = written_policies([folder(tmp_path, agrees("OWN/certificate"), CERTIFICATE)])
    alone = {**written.data, "obligations": [agrees("OWN/certificate")]}
    (made,) = written.changed(alone).obligations
    assert [one.own_id for one in made.others] == ["OWN/certificate"]
    with pytest.raises(InputError):
        written.changed({**alone, "obligations": [agrees("OWN/other")]})
