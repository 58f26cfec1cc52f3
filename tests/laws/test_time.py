"""Time runs in one direction, and a duty turns on one day."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_icp import due
from pytest_icp.authoring.strategies.shapes import NOTABLE_DAYS
from pytest_icp.authoring.strategies.trial import Document
from pytest_icp.facts.workdays import published
from pytest_icp.kinds import kinds
from pytest_icp.kinds.dated.when import TODAY, Dated
from pytest_icp.law.deadline import Due
from pytest_icp.law.times import CST, as_of_instant, civil_date
from pytest_icp.rules.policy import Obligation
from tests.laws.conftest import Court
from tests.laws.strategies import (
    AS_OF,
    FOREVER,
    Situation,
    alone,
    example,
    example_files,
    obligations,
    situations,
)

ONE_OFF = {"dated"}
EXEMPT = {
    "condition": "what it asks for may happen or begin later, and reads `never` until then",
    "evidence": "a document that is missing today may be made tomorrow",
    "law": "an expired licence is in force again when a renewal is granted",
    "licensed": "a licence may begin later",
    "placed": "a site or a server may begin later",
    "match": "what it is found among may come to stand there later",
    "scope": "it reads no date",
    "shown": "it reads a page and no date",
}


def is_one_off(rule: Obligation) -> bool:
    """Whether what was missed stays so: not of what comes back, or may be renewed or grow old."""
    if not isinstance(rule.spec, Dated):
        return rule.kind in ONE_OFF
    return not (rule.spec.every or rule.spec.yearly or rule.spec.reaches or rule.spec.act == TODAY)


def test_every_kind_is_one_off_or_exempt_for_a_reason() -> None:
    assert ONE_OFF | set(EXEMPT) == set(kinds())
    assert not ONE_OFF & set(EXEMPT)


@given(situations(), AS_OF, AS_OF)
def test_what_was_missed_stays_missed(
    court: Court, situation: Situation, one: str, other: str
) -> None:
    earlier, later = sorted([one, other], key=as_of_instant)
    before = court.verdicts(situation, as_of=earlier, lookback_days=FOREVER)
    after = court.verdicts(situation, as_of=later, lookback_days=FOREVER)
    for rule, (_, obligation) in obligations().items():
        if is_one_off(obligation) and before.get(rule) == "violated":
            assert after[rule] != "satisfied", rule


# ---- The day on which a duty turns


@dataclass(frozen=True)
class Duty:
    """How to write the event and the deed of one deadline, and how its end is reckoned."""

    facts: Callable[[str, str], Document]
    term: dict[str, int]
    forward: bool = True
    since: date = date.min

    @property
    def exact(self) -> bool:
        """Whether it runs from instant to instant; without a term, to the moment that was set."""
        return not self.term or not {"hours", "minutes"}.isdisjoint(self.term)

    def due(self, event: str) -> Due:
        if not self.term:
            return due(after=event, hours=0)
        way = {"after": event} if self.forward else {"before": event}
        return due(**way, **self.term)  # type: ignore[arg-type]  # the keywords are the policy's


TRADE = {
    "id": "shop",
    "status": "production",
    "launched_on": "2015-01-01",
    "features": {"own_goods_sale": True},
}


def of_line(
    code: str, where: str, event: str, done: str, **more: object
) -> Callable[[str, str], Document]:
    """An element of a list that the rules of another line of business read."""
    held = {"id": "held", "codes": [code], "status": "正常", "obtained_on": "2015-01-01"}
    seller = {**TRADE, "features": {"third_party_sellers": ["transactions"]}}

    def facts(at: str, deed: str) -> Document:
        name, _, inside = where.partition(".")
        one: Document = {"id": "one", event: at, done: deed, **more}
        listed = [{"id": "number", inside: [one]}] if inside else [one]
        return {"other_licences": [held], "services": [seller], name: listed}

    return facts


def corporate(kind: str, event: str, done: str) -> Callable[[str, str], Document]:
    """A change of the company, done by a date of its own, or by a filing."""

    def facts(at: str, deed: str) -> Document:
        change: Document = {"id": "change", "entity": "licensee", "kind": kind}
        change |= {"decided_on": "2015-01-01", "implemented_on": "never", event: at}
        if done == "filings":
            filing = {"id": "filing", "authority": "CA", "submitted_at": deed, "decision": "none"}
            filing["decision"] = "pending"
            change["filings"] = [filing, {"id": "late", "authority": "CA", "submitted_at": "never"}]
        else:
            change[done] = deed
        return {"corporate_events": [change], "services": [TRADE]}

    return facts


def content(event: str, done: str) -> Callable[[str, str], Document]:
    """A case of illegal information."""

    def facts(at: str, deed: str) -> Document:
        case: Document = {"id": "case", "confirmed": True, "reported_to": ["CA"]}
        case |= {"police_required": True, event: at, done: deed}
        case.setdefault("discovered_at", "2019-01-01")
        return {"illegal_content_cases": [case]}

    return facts


def site(at: str, deed: str) -> Document:
    filed = {"launched_on": at, "psb_filing": {"filed_on": deed}}
    return {"sites": [{"id": "main", "production": True, "domains": [], **filed}]}


def audit(at: str, deed: str) -> Document:
    done = {"id": "audit", "minors": True, "ordered": True, "done_on": at, "reported_on": deed}
    return {"pi_audits": [done]}


def corrections(at: str, deed: str) -> Document:
    done = {"id": "audit", "ordered": True, "corrected_on": at, "corrections_reported_on": deed}
    return {"pi_audits": [done]}


def persons(event: str, done: str) -> Callable[[str, str], Document]:
    """A company with a million persons, and since when there are that many, or that many faces."""

    def facts(at: str, deed: str) -> Document:
        store = {"id": "users", "personal_info": True, "in_service_on": "2019-01-01"}
        protection = {event: at, done: deed}
        return {
            "data_stores": [{**store, "subjects_count": 1_000_000}],
            "pi_protection": protection,
        }

    return facts


def catalogue(event: str, done: str) -> Callable[[str, str], Document]:
    """A store of important data, and when its catalogue was filed or filed again."""

    def facts(at: str, deed: str) -> Document:
        store = {"id": "users", "in_service_on": "2019-01-01", "data_level": "important"}
        return {"data_stores": [{**store, event: at, done: deed}]}

    return facts


def fraud(at: str, deed: str) -> Document:
    found = {"id": "account", "found_at": at, "reverified_at": deed}
    return {"user_abuse_controls": {"fraud_accounts": [found]}}


def generator(at: str, deed: str) -> Document:
    """A service that generates content, and when its algorithm was filed."""
    made = {"synthetic": "other", "public_opinion": True, "algorithm_filed_on": deed}
    return {"services": [{**TRADE, **made, "launched_on": at}]}


def notice(done: str) -> Callable[[str, str], Document]:
    def facts(at: str, deed: str) -> Document:
        leak: Document = {"id": "leak", "kind": "pi_leak", "minors": True, "detected_at": at}
        return {"incidents": [{**leak, "user_notice": {"exemption": False, done: deed}}]}

    return facts


def vulnerability(at: str, deed: str) -> Document:
    found = {"id": "flaw", "public_danger": True, "found_at": at, "reported_at": deed}
    return {"vulnerabilities": [found]}


def incident(event: str, done: str, **given: object) -> Callable[[str, str], Document]:
    """An incident, answered by a date of its own, or by a report to one of several bodies."""

    def facts(at: str, deed: str) -> Document:
        case: Document = {"id": "incident", "grade": "较大", "cii": False, **given, event: at}
        if done in {"CA", "CAC", "PROTECTION_DEPT", "MPS"}:
            other = "CAC" if done == "CA" else "CA"
            reports = [{"id": "right", "to": done}, {"id": "other", "to": other}]
            case["reports"] = [{**report, "at": deed} for report in reports]
        else:
            case[done] = deed
        case.setdefault("detected_at", "2019-01-01")
        return {"incidents": [case]}

    return facts


def request(at: str, deed: str) -> Document:
    """What an authority asked for, and by when."""
    asked = {"id": "request", "foreign": False, "received_at": "2019-01-01"}
    return {"authority_requests": [{**asked, "due_at": at, "fulfilled_at": deed}]}


def complaint(kind: str) -> Callable[[str, str], Document]:
    """A complaint of a user, and when it was answered."""

    def facts(at: str, deed: str) -> Document:
        return {"complaints": [{"id": "c", "kind": kind, "received_at": at, "answered_at": deed}]}

    return facts


def inspection(at: str, deed: str) -> Document:
    """An inspection that asks for an answer and for something to be rectified by a day."""
    finding = {"id": "finding", "rectify_by": at, "rectified_on": deed}
    answer = {"notice_on": "2019-01-01", "due_on": at, "responded_on": deed}
    return {"inspections": [{"id": "inspection", **answer, "findings": [finding]}]}


def assessment(at: str, deed: str) -> Document:
    """An assessment that was completed, and its report."""
    to = ("report_submitted_on", "cac_submitted_on", "police_submitted_on")
    done = {"id": "a", "public_opinion": True, "completed_on": at, **dict.fromkeys(to, deed)}
    return {"security_assessments": [done]}


def threat(event: str) -> Callable[[str, str], Document]:
    """A notice of a threat, with a deadline or, counted from its receipt, without one."""

    def facts(at: str, deed: str) -> Document:
        notice = {"received_at": "2019-01-01", "deadline_at": "none", event: at}
        return {"threat_notices": [{"id": "notice", **notice, "action_at": deed}]}

    return facts


def unit(records: str, event: str, done: str) -> Callable[[str, str], Document]:
    """A network unit, graded or filed, changed, assessed or the results reported."""

    def facts(at: str, deed: str) -> Document:
        one: Document = {"id": "unit", "in_production_on": "2019-01-01", "level": 3}
        if not records:
            filing = {"id": "filing", "authority": "CA", "submitted_at": deed, "decision": "none"}
            one |= {"review_passed_on": "never", event: at, "filing": filing, "ended_on": "never"}
            return {"network_units": [one]}
        record: Document = {"id": "record", "kind": "grading", event: at, done: deed}
        if records != "changes":
            del record["kind"]
        if done == "conformity":
            # One from before the change is of another grade.
            old = {"id": "before", "done_on": "2019-01-01"}
            one["conformity"] = [old, {"id": "after", "done_on": record.pop(done)}]
        return {"network_units": [{**one, records: [record]}]}

    return facts


MEASURES = date(2025, 11, 1)
"""The first day of the Measures on reporting incidents."""


def before_the_end(intention: str, done: str) -> Callable[[str, str], Document]:
    """A licence that ends, and what is owed before."""

    def facts(at: str, deed: str) -> Document:
        issued = {"first_issued_on": "2015-01-01", "issued_on": "2015-01-01"}
        licence = {**example()["licence"], **issued, "valid_until": at}
        renewal = {"intention": intention, "applied_on": "never", "decision": "pending"}
        if done == "launched_on":
            status = "planned" if deed == "never" else "production"
            service = {"id": "service", "status": status, "launched_on": deed}
            return {"licence": licence, "renewal": renewal, "services": [service]}
        return {"licence": licence, "renewal": {**renewal, done: deed}, "services": [TRADE]}

    return facts


DUTIES = {
    "SP01/inspection": Duty(inspection, {"days": 0}, forward=False),
    "SP01/rectification": Duty(inspection, {"days": 0}, forward=False),
    "SP02/psb-filing": Duty(site, {"days": 30}),
    "SP04/fraud#verified-again": Duty(fraud, {"hours": 72}, since=date(2022, 12, 1)),
    "SP05/answer#answer": Duty(complaint("service"), {"days": 15}),
    "SP05/answer#personal-info": Duty(complaint("personal_info"), {"days": 15}),
    "SP06/filing#in-time": Duty(unit("", "review_passed_on", "filing"), {"days": 30}),
    "SP06/filing#never-reviewed": Duty(unit("", "in_production_on", "filing"), {"months": 24}),
    "SP06/change#in-time": Duty(unit("changes", "changed_on", "refiled_on"), {"days": 30}),
    "SP06/change#division-grading": Duty(unit("changes", "changed_on", "refiled_on"), {"days": 30}),
    "SP06/conformity-regraded": Duty(unit("changes", "changed_on", "conformity"), {"days": 90}),
    "SP06/conformity-report#conformity": Duty(
        unit("conformity", "done_on", "reported_on"), {"days": 30}
    ),
    "SP06/conformity-report#risk": Duty(unit("risk", "done_on", "reported_on"), {"days": 30}),
    "SP07/minors-audit-report": Duty(audit, {"days": 30}, since=date(2024, 1, 1)),
    "SP07/audit#submitted": Duty(audit, {"days": 30}, since=date(2025, 5, 1)),
    "SP07/audit#corrections": Duty(corrections, {"working_days": 15}, since=date(2025, 5, 1)),
    "SP07/officer#reported": Duty(
        persons("million_on", "officer_reported_on"), {"working_days": 30}, since=date(2025, 7, 18)
    ),
    "SP07/faces": Duty(
        persons("faces_on", "faces_filed_on"), {"working_days": 30}, since=date(2025, 6, 1)
    ),
    "SP07/catalogue#filed": Duty(
        catalogue("in_service_on", "catalogue_filed_on"), {"months": 3}, since=date(2023, 1, 1)
    ),
    "SP07/catalogue#change": Duty(
        catalogue("catalogue_changed_on", "catalogue_refiled_on"),
        {"months": 3},
        since=date(2023, 1, 1),
    ),
    "SP08/act#at-once": Duty(incident("detected_at", "first_action_at"), {"hours": 1}),
    "SP08/act#latest": Duty(incident("detected_at", "first_action_at"), {"hours": 4}),
    "SP08/report#first-time": Duty(incident("detected_at", "CA"), {"hours": 1}),
    "SP08/report#latest": Duty(incident("detected_at", "CA"), {"hours": 4}),
    "SP08/report#at-once": Duty(incident("detected_at", "CA"), {"minutes": 30}),
    "SP08/cyberspace": Duty(incident("detected_at", "CAC"), {"hours": 4}, since=MEASURES),
    "SP08/protection#telecom": Duty(
        incident("detected_at", "PROTECTION_DEPT", cii=True), {"hours": 1}, since=MEASURES
    ),
    "SP08/protection#police": Duty(
        incident("detected_at", "MPS", cii=True), {"hours": 1}, since=MEASURES
    ),
    "SP08/final-report": Duty(
        incident("closed_at", "final_report_at"), {"days": 30}, since=MEASURES
    ),
    "SP08/leak-authority#latest": Duty(
        incident("detected_at", "CAC", kind="pi_leak"), {"days": 30}
    ),
    "SP08/police#latest": Duty(incident("detected_at", "MPS", suspected_crime=True), {"days": 30}),
    "SP08/users#in-time": Duty(notice("at"), {"days": 3}),
    "SP08/users#latest": Duty(notice("at"), {"days": 30}),
    "SP08/guardians#in-time": Duty(notice("guardians_at"), {"days": 3}, since=date(2024, 1, 1)),
    "SP08/guardians#latest": Duty(notice("guardians_at"), {"days": 30}, since=date(2024, 1, 1)),
    "SP08/vulnerability": Duty(vulnerability, {"hours": 24}, since=date(2025, 1, 1)),
    "SP10/requests": Duty(request, {}, forward=False),
    "SP11/apply": Duty(corporate("scope_change", "decided_on", "filings"), {"days": 30}),
    "SP11/ninety-days": Duty(
        corporate("scope_change", "effective_on", "filings"), {"days": 90}, forward=False
    ),
    "SP15-08/report#telecom": Duty(assessment, {"days": 30}),
    "SP15-08/report#public-opinion-latest": Duty(assessment, {"days": 30}),
    "SP15-08/generated#filed": Duty(generator, {"working_days": 10}, since=date(2022, 3, 1)),
    "SP15-09/action#by-deadline": Duty(threat("deadline_at"), {}, forward=False),
    "SP15-09/action#no-deadline": Duty(threat("received_at"), {"hours": 24}),
    "SP15-09/action#latest": Duty(threat("received_at"), {"hours": 72}),
    "LIC/site-change": Duty(
        corporate("site_address_change", "effective_on", "filings"), {"days": 30}, forward=False
    ),
    "SP09/stopped#latest": Duty(content("discovered_at", "stopped_at"), {"hours": 72}),
    "SP09/stopped#within-24h": Duty(content("discovered_at", "stopped_at"), {"hours": 24}),
    "SP09/stopped#at-once": Duty(content("discovered_at", "stopped_at"), {"hours": 1}),
    "SP09/police": Duty(content("discovered_at", "police_reported_at"), {"hours": 24}),
    "SP09/report": Duty(content("disposed_at", "reported_at"), {"working_days": 10}),
    "SP12/update": Duty(corporate("address", "changed_on", "system_updated_on"), {"days": 30}),
    "SP12/certificate": Duty(corporate("name", "changed_on", "filings"), {"days": 30}),
    "SP12/renewal": Duty(before_the_end("renew", "applied_on"), {"days": 90}, forward=False),
    "SP12/exit": Duty(before_the_end("exit", "exit_reported_on"), {"days": 90}, forward=False),
    "SP12/opened": Duty(before_the_end("renew", "launched_on"), {"days": 0}, forward=False),
    "SP12/stop-notice#exit": Duty(
        before_the_end("exit", "exit_announced_on"), {"days": 30}, forward=False
    ),
    "SP12/stop-notice#stop": Duty(
        corporate("stop_service", "effective_on", "announced_on"), {"days": 30}, forward=False
    ),
    "SP12/stop": Duty(
        corporate("stop_service", "effective_on", "filings"), {"days": 90}, forward=False
    ),
    "B14/police#network": Duty(
        of_line("B14", "access_networks", "connected_on", "police_filed_on"), {"days": 30}
    ),
    "B21/sanctions": Duty(
        of_line("B21.ecommerce", "seller_sanctions", "taken_on", "published_on", ground="law"),
        {"days": 30},
        since=date(2019, 1, 1),
    ),
    "B21/seven-days": Duty(
        of_line("B21.ecommerce", "platform_rule_changes", "effective_on", "published_on"),
        {"days": 7},
        forward=False,
        since=date(2019, 1, 8),
    ),
    "B24/outbound-numbers#changed": Duty(
        of_line("B24", "numbering_resources.changes", "approved_on", "recorded_on"),
        {"working_days": 10},
        since=date(2020, 6, 18),
    ),
}


AFTERWARDS = {"SP15-05/consent#reminded", "SP15-05/consent#five-days"}
"""Ahead of a charge: until it is made, there is nothing to judge."""


def test_every_deadline_is_tried() -> None:
    dated = {rule: o.spec for rule, (_, o) in obligations().items() if is_one_off(o)}
    terms = {rule for rule, spec in dated.items() if isinstance(spec, Dated) and spec.gap}
    assert terms - AFTERWARDS <= set(DUTIES) <= set(dated)


LAST_PUBLISHED = date(2026, 6, 30)
EVENT_DAYS = st.sampled_from([date.fromisoformat(day) for day in NOTABLE_DAYS]) | st.dates(
    date(2019, 7, 1), LAST_PUBLISHED
)
TIMES = st.times().map(lambda t: t.replace(microsecond=0))
ZONES = st.sampled_from([UTC, CST, timezone(timedelta(hours=-9)), timezone(timedelta(hours=14))])
RULES = st.sampled_from(sorted(DUTIES))


def event_of(rule: str, day: date, at: time) -> str:
    """Write an event: an instant where hours are counted, else a day."""
    duty = DUTIES[rule]
    instant = datetime.combine(max(day, duty.since), at, CST)
    return instant.isoformat() if duty.exact else instant.date().isoformat()


def verdict(court: Court, rule: str, event: str, done: str, as_of: str) -> str:
    document = {**copy.deepcopy(example()), **DUTIES[rule].facts(event, done)}
    situation = Situation(document=document, as_of=as_of, files=example_files())
    return court.verdicts(situation, policies=[alone(rule)])[rule.partition("#")[0]]


def broken(rule: str) -> str:
    """Return the verdict of a breach: of what a person has to review, it is unknown."""
    return "unknown" if obligations()[rule][1].level == "review" else "violated"


def last_moment(limit: Due) -> datetime:
    """Return the last instant in time."""
    return as_of_instant(limit.last)


def written(instant: datetime, zone: timezone) -> str:
    return instant.astimezone(zone).isoformat()


@given(RULES, EVENT_DAYS, TIMES, ZONES)
def test_a_duty_that_is_not_done_turns_at_the_end_of_its_last_day(
    court: Court, rule: str, day: date, at: time, zone: timezone
) -> None:
    event = event_of(rule, day, at)
    last = last_moment(DUTIES[rule].due(event))
    # Which days are worked is known for the published years alone.
    assume(last.year <= LAST_PUBLISHED.year)
    after = last + timedelta(microseconds=1)
    assert verdict(court, rule, event, "never", written(last, zone)) == "satisfied"
    assert verdict(court, rule, event, "never", written(after, zone)) == broken(rule)
    if not DUTIES[rule].exact:
        assert verdict(court, rule, event, "never", last.date().isoformat()) == "satisfied"
        assert verdict(court, rule, event, "never", after.date().isoformat()) == broken(rule)


@given(RULES, EVENT_DAYS, TIMES, st.integers(-400, 400), st.integers(0, 800))
def test_done_late_is_violated_and_done_in_time_is_not(
    court: Court, rule: str, day: date, at: time, off: int, wait: int
) -> None:
    event = event_of(rule, day, at)
    last = last_moment(DUTIES[rule].due(event))
    done = last + timedelta(days=off)
    seen = done + timedelta(days=wait)
    deed = done.isoformat() if DUTIES[rule].exact else done.date().isoformat()
    # What was done before a case was found is of another case.
    assume(not DUTIES[rule].forward or done >= as_of_instant(event))
    found = verdict(court, rule, event, deed, written(seen, CST))
    if off <= 0:
        assert found == "satisfied"
    elif (seen.date() - done.date()).days <= 730:
        assert found == broken(rule)
    else:
        assert found == "satisfied"


@given(EVENT_DAYS, st.sampled_from(["SP09/report", "SP12/update", "SP12/certificate"]))
def test_a_last_day_that_moves_is_a_working_day(day: date, rule: str) -> None:
    assert published().is_workday(civil_date(DUTIES[rule].due(day.isoformat()).last))
