"""Each law about one situation, kept and broken, without a search."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pytest_icp.authoring.fuzzing import laws as law
from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.laws import contradicts_itself, evidence, may_turn
from pytest_icp.authoring.fuzzing.tried import BrokenLaw, Law, every_description_is_decided
from pytest_icp.authoring.strategies.moves import trial_of
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.kinds import Kind
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.scope import PROVISO
from pytest_icp.law.text import plain
from pytest_icp.rules.policy import Spec
from tests.authoring.fuzzing.fuzzed import own, situation
from tests.obligations import applicability, obligation

SITE = {
    "id": "a",
    "launched_on": "2020-01-01",
    "public": True,
    "production": True,
    "domains": ["www.example.cn"],
}
SITES = {"sites": [SITE]}
LICENCE = {"attachments": [{"id": "x", "domains": ["example.cn", "a..b"]}]}
PUBLIC = trial_of(
    obligation("condition", where={"production": True}, require={"public": True}), None
)


def broken(
    tried: Law, trial: Trial, facts: dict[str, Any], as_of: str = "2024-06-03"
) -> list[BrokenLaw]:
    return [*tried(trial, situation(facts, as_of))]


def sites(facts: Any) -> list[Any]:
    return facts.get("sites") or []


LAWS = law.laws(0)


@pytest.mark.parametrize("number", range(len(LAWS)))
@pytest.mark.parametrize("public", [True, False, None])
def test_a_right_check_keeps_every_law(number: int, *, public: bool | None) -> None:
    facts = {"licence": LICENCE, "sites": [{**SITE, "public": public}, {"id": "b"}]}
    assert broken(LAWS[number], PUBLIC, facts) == []


NULLS = {
    "passes": lambda site: site.get("public") in {None, True},
    "accuses": lambda site: site.get("public") is True,
}


@pytest.mark.parametrize("null", NULLS)
def test_null_that_decides(null: str) -> None:
    lax = own(lambda facts, _: all(map(NULLS[null], sites(facts))))
    first = broken(law.forgetting_decides_nothing, lax, SITES)[0]
    assert (first.law, first.expected) == (say.FORGETTING_LAW, Verdict.UNKNOWN)
    assert first.situation.document["sites"][0]["public"] is None
    assert "sites[].public" in first.why.en
    bound = trial_of(obligation("condition", require={"public": True}), None)
    assert broken(law.forgetting_decides_nothing, bound, SITES) == []


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        *((verdict, verdict, True) for verdict in Verdict),
        *((verdict, Verdict.UNKNOWN, True) for verdict in Verdict),
        (Verdict.SATISFIED, Verdict.NOT_APPLICABLE, True),
        (Verdict.NOT_APPLICABLE, Verdict.SATISFIED, True),
        (Verdict.SATISFIED, Verdict.VIOLATED, False),
        (Verdict.VIOLATED, Verdict.NOT_APPLICABLE, False),
        (Verdict.UNKNOWN, Verdict.SATISFIED, False),
        (Verdict.UNKNOWN, Verdict.VIOLATED, False),
    ],
)
def test_what_a_verdict_may_turn_into(before: Verdict, after: Verdict, *, may: bool) -> None:
    assert may_turn(before, after) is may


@pytest.mark.parametrize(
    ("facts", "does"),
    [
        ({"licence": {"first_issued_on": "2019-03-06", "issued_on": "2020-01-08"}}, False),
        ({"licence": {"first_issued_on": "2020-01-09", "issued_on": "2020-01-08"}}, True),
        ({"licence": {"issued_on": "2024-03-07", "valid_until": "2024-03-06"}}, True),
        ({"licence": {"issued_on": "never", "valid_until": None}}, False),
        ({"resource_grants": [{"from": "2024-02-01", "to": "2024-02-01"}]}, False),
        ({"resource_grants": [{"from": "2024-02-02", "to": "2024-02-01"}]}, True),
        ({"servers": [{"in_service_on": "2024-02-02", "ended_on": "2024-02-01"}]}, True),
        ({"servers": [{"in_service_on": "never", "ended_on": "2024-02-01"}]}, False),
        ({"renewal": {"applied_on": "never", "decision": "none"}}, False),
        ({"renewal": {"applied_on": "never", "decision": None}}, False),
        ({"renewal": {"applied_on": "never", "decision": "granted"}}, True),
        ({"renewal": {"applied_on": None, "decision": "granted"}}, False),
        ({"renewal": {"applied_on": "2024-02-02", "decided_on": "2024-02-01"}}, True),
        ({"licence": {"scope_since": "2024-02-02", "issued_on": "2024-02-01"}}, True),
        ({"network_units": [{"review_passed_on": "2024-02-02", "ended_on": "2024-02-01"}]}, True),
    ],
)
def test_what_contradicts_itself(facts: dict[str, Any], *, does: bool) -> None:
    assert contradicts_itself(facts) is does


def test_a_bystander_that_is_judged() -> None:
    def check(facts: Any, _: Any) -> bool:
        return len(sites(facts)) < 2

    judged = own(check, where={"production": True})
    (first,) = broken(law.a_bystander_does_not_matter, judged, SITES)
    assert first.law == say.BYSTANDER_LAW
    everything = own(check)
    assert broken(law.a_bystander_does_not_matter, everything, SITES) == []
    single = own(check, "company", where={"name": "甲"})
    assert broken(law.a_bystander_does_not_matter, single, {"company": {"name": "甲"}}) == []
    # Nothing that may stand there is left out by a condition that always holds.
    applies = applicability(when={"sites": {"some": {"public": True}}})
    gating = own(check, where={"production": True}, applies=applies)
    assert broken(law.a_bystander_does_not_matter, gating, SITES) == []
    always = own(check, where={"id": "a"})
    assert broken(law.a_bystander_does_not_matter, always, SITES) == []
    # What is not valid as it is cannot be told from what was added.
    invalid = {"sites": [{**SITE, "name": 1}]}
    assert broken(law.a_bystander_does_not_matter, judged, invalid) == []


def test_records_that_hurt() -> None:
    trial = own(
        lambda facts, _: not facts.get("inspections"),
        kind="condition",
        records={"of": "/inspections"},
    )
    facts = {"inspections": [{"id": "i"}], **SITES}
    (first,) = broken(law.removing_evidence_never_fixes, trial, facts)
    assert (first.law, first.found) == (say.EVIDENCE_LAW, Verdict.SATISFIED)
    assert broken(law.removing_evidence_never_fixes, trial, SITES) == []


FILINGS = {"of": "filings", "at": "submitted_at"}
BETWEEN = {"act": FILINGS, "anchor": "approved_on"}


@pytest.mark.parametrize(
    ("kind", "fields", "records"),
    [
        ("dated", {**BETWEEN, "ahead": 0}, [("corporate_events", 0, "filings", 0)]),
        # Of two days that lie so far apart, neither is evidence of the other.
        ("dated", {**BETWEEN, "lasts": {"days": 1}}, []),
        # Nor are the subjects themselves evidence.
        ("condition", {"records": {"of": "/corporate_events"}}, []),
    ],
)
def test_what_is_evidence_of_what(kind: str, fields: Any, records: Any) -> None:
    facts = {
        "corporate_events": [
            {"id": "e", "filings": [{"id": "f"}], "approval": {"document": "a.pdf"}},
            {"id": "g"},
        ],
        "customer_service": {"system_doc": {"document": "b.pdf"}},
        "sites": [{"id": "s", "home_page": {"snapshot": "index.html"}}],
    }
    trial = own(lambda *_: False, "corporate_events", kind=kind, **fields)
    found = [*evidence(trial, situation(facts))]
    assert found == [*records, ("customer_service", "system_doc")]
    assert broken(law.removing_evidence_never_fixes, trial, facts) == []


def test_what_decides_whether_a_duty_applies_is_no_evidence() -> None:
    made = {"fact": "id", "among": {"of": "/attestations", "at": "fields"}}
    paper = {"id": "p", "rule": "SP99/made", "document": "a.pdf"}
    facts = {"attestations": [paper], **SITES}
    found = {}
    for when in (None, {"attestations": {"some": {"rule": "SP99/made"}}}):
        applies = applicability(when=when)
        trial = own(lambda *_: False, kind="match", applies=applies, **made)
        found[bool(when)] = [*evidence(trial, situation(facts))]
    assert found == {False: [("attestations", 0), ("attestations", 0)], True: []}


DETECTED = {"incidents": [{"id": "i", "detected_at": "2024-05-31T23:30:00+08:00"}]}


def test_a_day_that_is_cut_from_a_text() -> None:
    def check(facts: Any, _: Any) -> bool:
        return all(one["detected_at"][:10] == "2024-05-31" for one in facts["incidents"])

    trial = own(check, "incidents")
    breaches = broken(law.a_zone_does_not_matter, trial, DETECTED)
    assert {one.law for one in breaches} == {say.ZONE_LAW}
    assert "2024-05-31T23:30:00+08:00" in breaches[0].why.en
    kept = {"incidents": [{"id": "i", "detected_at": "2024-05-31", "kind": 3, "title": "x"}]}
    assert broken(law.a_zone_does_not_matter, trial, kept) == []


def hosts(facts: Any) -> list[str]:
    return [host for site in sites(facts) for host in site.get("domains") or []]


def test_hosts_that_are_compared_as_texts() -> None:
    exact = own(lambda facts, _: all(h in {"www.example.cn", "w"} for h in hosts(facts)))
    facts = {"licence": LICENCE, **SITES}
    breaches = broken(law.a_host_is_the_same_however_written, exact, facts)
    assert breaches[0].law == say.HOST_LAW

    ends = own(lambda facts, _: all(re.search(r"(?i)example\.cn\W?$", h) for h in hosts(facts)))
    breaches = broken(law.a_host_is_the_same_however_written, ends, facts)
    assert say.LOOKALIKE_LAW in {one.law for one in breaches}
    odd = {"sites": [{"id": "a", "name": "x", "domains": ["a..b", None, "."]}]}
    assert broken(law.a_host_is_the_same_however_written, exact, odd) == []
    invalid = {"sites": [{**SITE, "name": 1}]}
    assert broken(law.a_host_is_the_same_however_written, exact, invalid) == []


def test_other_hosts_beside_a_printed_www_are_not_known_to_be_outside() -> None:
    printed = {"attachments": [{"id": "x", "domains": ["www.example.cn", "a.example.cn"]}]}
    inside = own(lambda facts, _: all(host.endswith("example.cn") for host in hosts(facts)))
    facts = {"licence": printed, "sites": [{**SITE, "domains": ["a.example.cn"]}]}
    tried = broken(law.a_host_is_the_same_however_written, inside, facts)
    outside = {one.situation.document["sites"][0]["domains"][0] for one in tried}
    assert not any(host.endswith(".example.cn") for host in outside)


SCOPE = {
    "licence": {"service_lines": [{"name": "信息服务业务（仅限互联网信息服务）", "scope": PROVISO}]}
}


LINE = {
    "name": "信息服务业务（仅限互联网信息服务）",
    "scope": "不含信息搜索查询服务、信息社区服务、信息即时交互服务和信息保护和加工处理服务。",
}
ONE_ITEM = {"licence": {"service_lines": [LINE]}}


def test_permitting_less() -> None:
    trial = trial_of(obligation("scope", "services"), None)
    assert broken(law.permitting_less_never_helps, PUBLIC, SCOPE) == []
    assert broken(law.permitting_less_never_helps, trial, {}) == []

    def excluding(_: object, context: Any) -> Outcome:
        text = context.view.facts["licence"]["service_lines"][0]["scope"]
        good = "信息搜索查询服务" in text.partition("不含")[2]
        verdict = Verdict.SATISFIED if good else Verdict.VIOLATED
        return Outcome(verdict=verdict, reason=plain("told"))

    kinds = {"scope": Kind("scope", Spec, excluding)}
    odd = Trial(obligation=trial.obligation, policy=trial.policy, kinds=kinds)
    breaches = broken(law.permitting_less_never_helps, odd, SCOPE)
    assert {one.law for one in breaches} == {say.SCOPE_LAW}


def test_the_shipped_scope_keeps_it() -> None:
    for policy in default_policies():
        for made in policy.obligations:
            if made.kind == "scope":
                trial = Trial(obligation=made, policy=policy)
                assert broken(law.permitting_less_never_helps, trial, SCOPE) == []
                assert broken(law.permitting_less_never_helps, trial, ONE_ITEM) == []


def test_what_is_said_once_and_changed() -> None:
    told = iter([True, False])
    first = broken(law.the_same_verdict_again, own(lambda *_: next(told)), SITES)[0]
    assert (first.law, "violated" in first.why.en) == (say.REPEAT_LAW, True)

    def spoiling(facts: Any, _: Any) -> bool:
        facts["sites"].clear()
        return True

    changed = broken(law.the_same_verdict_again, own(spoiling), SITES)[0]
    assert changed.why == say.CHANGED


def test_a_fact_that_cannot_stand_there_is_not_tried() -> None:
    trial = trial_of(obligation("condition", require={"public": True}), None)
    assert broken(law.forgetting_decides_nothing, trial, {"sites": "all"}) == []
    lax = own(lambda *_: True)
    assert broken(law.forgetting_decides_nothing, lax, {"sites": [{"id": "a", "x": 1}]}) == []
    assert broken(law.forgetting_decides_nothing, lax, SITES) == []


def test_a_crash_is_told_with_its_line() -> None:
    trial = own(lambda facts, _: facts["nothing"])
    (crash,) = broken(every_description_is_decided, trial, SITES)
    assert isinstance(crash, BrokenLaw)
    assert crash.why.en.startswith("KeyError: 'nothing' (test_laws.py:")
    assert broken(every_description_is_decided, PUBLIC, SITES) == []


def test_the_papers_that_are_asked_for_are_no_fact_to_forget() -> None:
    asked = applicability(when={"papers": {"some": "statement"}})
    trial = trial_of(obligation("condition", applies=asked, require={"public": False}), None)
    facts = {**SITES, "papers": ["statement"]}
    assert broken(law.forgetting_decides_nothing, trial, facts) == []
