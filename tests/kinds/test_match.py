from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds import kinds
from pytest_icp.kinds.likeness import PROVINCES
from pytest_icp.rules.policy import Obligation
from tests.contexts import context, decide, said
from tests.obligations import obligation

AS_OF = "2024-06-03"
PAGES = {"of": "/pages", "at": "names"}


def among(**more: Any) -> Obligation:
    return obligation("match", fact="does", among=PAGES, **more)


def verdict(made: Obligation, does: Any, *pages: Any) -> str:
    facts = {"sites": [{"id": "s", "does": does}], "pages": [*pages]}
    return str(decide(made, facts).verdict)


# ── what is looked for ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("does", "names", "expected"),
    [
        (["a"], ["a"], "satisfied"),
        ("a", "a", "satisfied"),
        (["a", "b"], ["a"], "violated"),
        (["a", None], ["a"], "unknown"),
        (None, ["a"], "unknown"),
        ([], ["a"], "satisfied"),
        (["b"], ["a", None], "unknown"),
        (["a"], ["a", None], "satisfied"),
        (["a"], None, "unknown"),
        (["a"], [], "violated"),
        ([True], [1], "violated"),
        (["1"], [1], "violated"),
        ([0.30000000000000004], [0.3], "satisfied"),
        ([{"a": 1}], [{"a": 1}], "satisfied"),
    ],
)
def test_every_value_is_found_among_the_records(does: Any, names: Any, expected: str) -> None:
    assert verdict(among(), does, {"names": names}) == expected


@pytest.mark.parametrize(("does", "expected"), [("b", "satisfied"), ("a", "violated")])
def test_what_the_rule_does_not_name_is_not_looked_for(does: str, expected: str) -> None:
    assert verdict(among(values=["a"]), [does], {"names": []}) == expected


# ── hosts and areas, as the description schema types them ───────────────────────────────────


FILED = obligation(
    "match", "services", fact="areas_served", among={"of": "/staff_filings", "at": "province"}
)


@pytest.mark.parametrize(
    ("served", "filed", "expected"),
    [
        (["北京"], ["北京市"], "satisfied"),
        (["北京", "北京"], ["北京市"], "satisfied"),
        (["深圳"], ["广东"], "satisfied"),
        (["广东"], ["深圳"], "violated"),
        (["北京", "天津"], ["北京"], "violated"),
        (["北京"], ["全国"], "satisfied"),
        (["全国"], ["北京"], "violated"),
        (["全国"], sorted(PROVINCES), "satisfied"),
        (["全国"], sorted(PROVINCES - {"西藏"}), "violated"),
        (["北京"], [None], "unknown"),
        (["北京"], ["北京", None], "satisfied"),
        (["北京", None], ["北京"], "unknown"),
    ],
)
def test_areas_lie_in_others_all_together(
    served: list[Any], filed: list[Any], expected: str
) -> None:
    facts = {
        "services": [{"id": "s", "areas_served": served}],
        "staff_filings": [{"province": one} for one in filed],
    }
    assert decide(FILED, facts).verdict == expected


def test_the_provinces_of_the_mainland_are_thirty_one() -> None:
    assert len(PROVINCES) == 31


# ── names ───────────────────────────────────────────────────────────────────────────────────


def test_names_may_lie_anywhere() -> None:
    deep = obligation("match", fact="name", among=["/holder", "/groups/members/name"], how="name")
    groups = [{"members": [{"name": "子公司"}]}, {"members": []}, "none"]
    facts: dict[str, Any] = {"sites": [{"name": "子公司"}], "holder": "母公司", "groups": groups}
    assert decide(deep, facts).verdict == "satisfied"
    other = {**facts, "sites": [{"name": "孙公司"}]}
    (finding,) = decide(deep, other).findings
    assert (finding.verdict, finding.required.en) == ("violated", "母公司 / 子公司")
    ((_, at, _),) = said(decide(deep, {**other, "groups": [{"members": None}]}))
    assert at == "/groups/0/members"


# ── a difference that is none while a change is open ────────────────────────────────────────

CERTIFICATE = obligation(
    "dated",
    "changes",
    where={"of": "licensee"},
    anchor="changed_on",
    within={"days": 30},
    act={"of": "filings", "at": "on"},
    basis="own",
)
HOLDER = replace(
    obligation(
        "match",
        "company",
        fact="name",
        among="/holder",
        how="name",
        while_open={"rule": "SP99/made", "where": {"kind": "name"}},
    ),
    others=(CERTIFICATE,),
)
CHANGE = {"of": "licensee", "kind": "name", "changed_on": "2024-04-01", "filings": []}


LATELY = {**CHANGE, "changed_on": "2024-05-04"}
"""A change for which there still is time to apply."""


def filed(on: str, decision: str | None) -> list[dict[str, Any]]:
    return [{**CHANGE, "filings": [{"on": on, "decision": decision}]}]


DIFFERS = ("violated", "/company/name")
OPEN = ("satisfied", None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], DIFFERS),
        (None, ("unknown", "/changes")),
        ([CHANGE], DIFFERS),
        ([LATELY], OPEN),
        ([{**CHANGE, "changed_on": "never"}], DIFFERS),
        ([{**CHANGE, "changed_on": None}], ("unknown", "/changes/0/changed_on")),
        (filed("2024-04-30", "pending"), OPEN),
        (filed("2024-05-08", "pending"), DIFFERS),
        (filed("2024-04-30", "granted"), DIFFERS),
        (filed("2024-04-30", None), ("unknown", "/changes/0/filings/0/decision")),
        ([{**LATELY, "kind": "capital"}], DIFFERS),
        ([{**LATELY, "kind": None}], ("unknown", "/changes/0/kind")),
        ([{**LATELY, "of": "other"}], DIFFERS),
        # What perhaps is such a change, and is over in any case.
        ([{**CHANGE, "kind": None}], DIFFERS),
    ],
)
def test_a_difference_is_none_while_a_change_is_open(
    changes: Any, expected: tuple[str, str | None]
) -> None:
    facts = {"company": {"name": "新公司"}, "holder": "旧公司", "changes": changes}
    outcome = decide(HOLDER, facts, AS_OF)
    assert (outcome.verdict, next((at for _, at, _ in said(outcome)), None)) == expected
    assert bool(outcome.notes) is (expected is OPEN)


def test_a_difference_is_none_before_the_change_itself() -> None:
    change = {**CHANGE, "changed_on": "never"}
    facts = {"company": {"name": "新公司"}, "holder": "旧公司", "changes": [change]}
    for later, expected in ({"changed_on"}, "satisfied"), ({"decided_on"}, "violated"):
        seen = context(facts, AS_OF)
        view = replace(seen.view, to_come={id(change): frozenset(later)})
        outcome = kinds()[HOLDER.kind].check(HOLDER, replace(seen, view=view))
        assert outcome.verdict == expected


# ── records that are valid ever since a day ─────────────────────────────────────────────────


PERMIT = {"id": "p", "kind": "news", "of": ["s"], "from": "2024-01-01", "until": "2024-12-31"}


def permitted(**more: Any) -> Obligation:
    among = {"of": "/permits", "at": "kind", "match": {"of": "id"}}
    valid = {"from": "from", "until": "until", "since": "opened"}
    return obligation("match", fact="kinds", among=among, if_none="violated", valid=valid, **more)


def permits(made: Obligation, permits: Any, opened: Any) -> str:
    subject = {"id": "s", "kinds": ["news"], "opened": opened}
    return str(decide(made, {"sites": [subject], "permits": permits}, "2024-06-03").verdict)


@pytest.mark.parametrize(
    ("begins", "ends", "opened", "expected"),
    [
        ("2024-02-01", "2024-06-03", "2024-02-01", "satisfied"),
        ("2024-02-02", "2024-12-31", "2024-02-01", "violated"),
        ("2024-01-01", "2024-06-02", "2024-02-01", "violated"),
        ("2024-01-01", "none", "2024-02-01", "satisfied"),
        (None, "2024-12-31", "2024-02-01", "unknown"),
        (None, "2024-06-02", "2024-02-01", "violated"),
        ("2024-01-01", None, "2024-02-01", "unknown"),
        ("2024-02-02", None, "2024-02-01", "violated"),
        ("never", "2024-12-31", "2024-02-01", "violated"),
        ("2024-01-01", "2024-12-31", None, "unknown"),
        ("2024-01-01", "2024-06-02", None, "violated"),
        # What was never opened is looked at today.
        ("2024-06-03", "2024-12-31", "never", "satisfied"),
        ("2024-06-04", "2024-12-31", "never", "violated"),
    ],
)
def test_valid_ever_since(
    begins: str | None, ends: str | None, opened: str | None, expected: str
) -> None:
    made = permitted()
    assert permits(made, [{**PERMIT, "from": begins, "until": ends}], opened=opened) == expected


@pytest.mark.parametrize("until", [None, "2030-01-01"])
def test_whether_a_gap_is_over_since_long_must_be_certain(until: str | None) -> None:
    made = permitted(basis="own")
    again = {**PERMIT, "from": "2021-05-02", "until": until}
    assert permits(made, [again], opened="2021-01-01") == ("satisfied" if until else "unknown")
