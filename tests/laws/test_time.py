"""Time runs in one direction, and a duty turns on one day."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import partial
from typing import Any

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


AT, DEED = "<the event>", "<the deed>"
"""What stands in the facts of a duty for the day or instant of each."""


def filled(value: Any, at: str, deed: str) -> Any:
    """Return facts with an event and a deed in their places."""
    if isinstance(value, dict):
        return {name: filled(member, at, deed) for name, member in value.items()}
    if isinstance(value, list):
        return [filled(element, at, deed) for element in value]
    return {AT: at, DEED: deed}.get(value, value) if isinstance(value, str) else value


def of(term: dict[str, int], *, forward: bool = True, since: date = date.min, **facts: Any) -> Duty:
    """Return a duty of which all facts are written down."""
    return Duty(partial(filled, facts), term, forward, since)


def each(**given: Any) -> list[Document]:
    """Return a list of one element."""
    return [{"id": "one", **given}]


FEATURES = {"own_goods_sale": True}
[TRADE] = each(status="production", launched_on="2015-01-01", features=FEATURES)
FILED = {"authority": "CA", "submitted_at": DEED, "decision": "pending"}
LATE = {"id": "late", "authority": "CA", "submitted_at": "never"}
FILINGS = [{"id": "filing", **FILED}, LATE]
LONG_AGO = "2019-01-01"
DAYS_30 = {"days": 30}


def line(code: str, **facts: Any) -> dict[str, Any]:
    """What the rules of another line of business read."""
    held = {"id": "held", "codes": [code], "status": "正常", "obtained_on": "2015-01-01"}
    seller = {**TRADE, "features": {"third_party_sellers": ["transactions"]}}
    return {"other_licences": [held], "services": [seller], **facts}


def corporate(kind: str, **given: Any) -> dict[str, Any]:
    """A change of the company, done by a date of its own, or by a filing."""
    days = {"decided_on": "2015-01-01", "implemented_on": "never"}
    changed = each(entity="licensee", kind=kind, **{**days, **given})
    return {"corporate_events": changed, "services": [TRADE]}


def content(**given: Any) -> dict[str, Any]:
    """A case of illegal information."""
    case = {"confirmed": True, "reported_to": ["CA"], "police_required": True}
    return {"illegal_content_cases": each(**{"discovered_at": LONG_AGO, **case, **given})}


def persons(**given: str) -> dict[str, Any]:
    """A company with a million persons, and since when there are that many, or that many faces."""
    stores = each(personal_info=True, in_service_on=LONG_AGO, subjects_count=1_000_000)
    return {"data_stores": stores, "pi_protection": given}


def catalogue(**given: str) -> dict[str, Any]:
    """A store of important data, and when its catalogue was filed or filed again."""
    return {"data_stores": each(**{"in_service_on": LONG_AGO, "data_level": "important", **given})}


def incident(**given: Any) -> dict[str, Any]:
    """An incident, answered by a date of its own."""
    usual = {"grade": "较大", "cii": False, "detected_at": LONG_AGO}
    return {"incidents": each(**{**usual, **given})}


def reported(to: str, **given: Any) -> dict[str, Any]:
    """An incident, answered by a report to one of several bodies."""
    bodies = (to, "CAC" if to == "CA" else "CA")
    return incident(
        detected_at=AT, reports=[{"id": b, "to": b, "at": DEED} for b in bodies], **given
    )


def notice(done: str) -> dict[str, Any]:
    leak = {"kind": "pi_leak", "minors": True, "detected_at": AT}
    return {"incidents": each(**leak, user_notice={"exemption": False, done: DEED})}


def unit(**given: Any) -> dict[str, Any]:
    """A network unit."""
    return {"network_units": each(in_production_on=LONG_AGO, level=3, **given)}


def filed_unit(event: str) -> dict[str, Any]:
    days = {"in_production_on": LONG_AGO, "review_passed_on": "never", event: AT}
    filing = {"id": "filing", **FILED, "decision": "none"}
    return {"network_units": each(level=3, filing=filing, ended_on="never", **days)}


def complaint(kind: str) -> dict[str, Any]:
    return {"complaints": each(kind=kind, received_at=AT, answered_at=DEED)}


def threat(**given: str) -> dict[str, Any]:
    """A notice of a threat, with a deadline or, counted from its receipt, without one."""
    days = {"received_at": LONG_AGO, "deadline_at": "none", **given}
    return {"threat_notices": each(action_at=DEED, **days)}


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


ANSWERED = {"notice_on": LONG_AGO, "due_on": AT, "responded_on": DEED}
INSPECTED = each(**ANSWERED, findings=[{"id": "finding", "rectify_by": AT, "rectified_on": DEED}])
SUBMITTED = dict.fromkeys(("report_submitted_on", "cac_submitted_on", "police_submitted_on"), DEED)
ASSESSED = each(public_opinion=True, completed_on=AT, **SUBMITTED)
REGRADED = each(kind="grading", changed_on=AT, refiled_on=DEED)
# One from before the change is of another grade.
TESTED = [{"id": "before", "done_on": LONG_AGO}, {"id": "after", "done_on": DEED}]
AUDITED = each(minors=True, ordered=True, done_on=AT, reported_on=DEED)
CORRECTED = each(ordered=True, corrected_on=AT, corrections_reported_on=DEED)
FRAUD = {"fraud_accounts": each(found_at=AT, reverified_at=DEED)}
FLAW = each(public_danger=True, found_at=AT, reported_at=DEED)
MADE = {"synthetic": "other", "public_opinion": True, "algorithm_filed_on": DEED}
LAUNCHED = each(production=True, domains=[], launched_on=AT, psb_filing={"filed_on": DEED})
ASKED = each(foreign=False, received_at=LONG_AGO, due_at=AT, fulfilled_at=DEED)
SANCTIONED = each(taken_on=AT, published_on=DEED, ground="law")
NUMBERED = each(changes=each(approved_on=AT, recorded_on=DEED))

DUTIES = {
    "SP01/inspection": of({"days": 0}, forward=False, inspections=INSPECTED),
    "SP01/rectification": of({"days": 0}, forward=False, inspections=INSPECTED),
    "SP02/psb-filing": of(DAYS_30, sites=LAUNCHED),
    "SP04/fraud#verified-again": of(
        {"hours": 72}, since=date(2022, 12, 1), user_abuse_controls=FRAUD
    ),
    "SP05/answer#answer": of({"days": 15}, **complaint("service")),
    "SP05/answer#personal-info": of({"days": 15}, **complaint("personal_info")),
    "SP06/filing#in-time": of(DAYS_30, **filed_unit("review_passed_on")),
    "SP06/filing#never-reviewed": of({"months": 24}, **filed_unit("in_production_on")),
    "SP06/change#in-time": of(DAYS_30, **unit(changes=REGRADED)),
    "SP06/change#division-grading": of(DAYS_30, **unit(changes=REGRADED)),
    "SP06/conformity-regraded": of(
        {"days": 90}, **unit(changes=each(kind="grading", changed_on=AT), conformity=TESTED)
    ),
    "SP06/conformity-report#conformity": of(
        DAYS_30, **unit(conformity=each(done_on=AT, reported_on=DEED))
    ),
    "SP06/conformity-report#risk": of(DAYS_30, **unit(risk=each(done_on=AT, reported_on=DEED))),
    "SP07/minors-audit-report": of(DAYS_30, since=date(2024, 1, 1), pi_audits=AUDITED),
    "SP07/audit#submitted": of(DAYS_30, since=date(2025, 5, 1), pi_audits=AUDITED),
    "SP07/audit#corrections": of({"working_days": 15}, since=date(2025, 5, 1), pi_audits=CORRECTED),
    "SP07/officer#reported": of(
        {"working_days": 30},
        since=date(2025, 7, 18),
        **persons(million_on=AT, officer_reported_on=DEED),
    ),
    "SP07/faces": of(
        {"working_days": 30}, since=date(2025, 6, 1), **persons(faces_on=AT, faces_filed_on=DEED)
    ),
    "SP07/catalogue#filed": of(
        {"months": 3},
        since=date(2023, 1, 1),
        **catalogue(in_service_on=AT, catalogue_filed_on=DEED),
    ),
    "SP07/catalogue#change": of(
        {"months": 3},
        since=date(2023, 1, 1),
        **catalogue(catalogue_changed_on=AT, catalogue_refiled_on=DEED),
    ),
    "SP08/act#at-once": of({"hours": 1}, **incident(detected_at=AT, first_action_at=DEED)),
    "SP08/act#latest": of({"hours": 4}, **incident(detected_at=AT, first_action_at=DEED)),
    "SP08/report#first-time": of({"hours": 1}, **reported("CA")),
    "SP08/report#latest": of({"hours": 4}, **reported("CA")),
    "SP08/report#at-once": of({"minutes": 30}, **reported("CA")),
    "SP08/cyberspace": of({"hours": 4}, since=MEASURES, **reported("CAC")),
    "SP08/protection#telecom": of(
        {"hours": 1}, since=MEASURES, **reported("PROTECTION_DEPT", cii=True)
    ),
    "SP08/protection#police": of({"hours": 1}, since=MEASURES, **reported("MPS", cii=True)),
    "SP08/final-report": of(
        DAYS_30, since=MEASURES, **incident(closed_at=AT, final_report_at=DEED)
    ),
    "SP08/leak-authority#latest": of(DAYS_30, **reported("CAC", kind="pi_leak")),
    "SP08/police#latest": of(DAYS_30, **reported("MPS", suspected_crime=True)),
    "SP08/users#in-time": of({"days": 3}, **notice("at")),
    "SP08/users#latest": of(DAYS_30, **notice("at")),
    "SP08/guardians#in-time": of({"days": 3}, since=date(2024, 1, 1), **notice("guardians_at")),
    "SP08/guardians#latest": of(DAYS_30, since=date(2024, 1, 1), **notice("guardians_at")),
    "SP08/vulnerability": of({"hours": 24}, since=date(2025, 1, 1), vulnerabilities=FLAW),
    "SP10/requests": of({}, forward=False, authority_requests=ASKED),
    "SP11/apply": of(DAYS_30, **corporate("scope_change", decided_on=AT, filings=FILINGS)),
    "SP11/ninety-days": of(
        {"days": 90}, forward=False, **corporate("scope_change", effective_on=AT, filings=FILINGS)
    ),
    "SP15-08/report#telecom": of(DAYS_30, security_assessments=ASSESSED),
    "SP15-08/report#public-opinion-latest": of(DAYS_30, security_assessments=ASSESSED),
    "SP15-08/generated#filed": of(
        {"working_days": 10},
        since=date(2022, 3, 1),
        services=[{**TRADE, **MADE, "launched_on": AT}],
    ),
    "SP15-09/action#by-deadline": of({}, forward=False, **threat(deadline_at=AT)),
    "SP15-09/action#no-deadline": of({"hours": 24}, **threat(received_at=AT)),
    "SP15-09/action#latest": of({"hours": 72}, **threat(received_at=AT)),
    "LIC/site-change": of(
        DAYS_30, forward=False, **corporate("site_address_change", effective_on=AT, filings=FILINGS)
    ),
    "SP09/stopped#latest": of({"hours": 72}, **content(discovered_at=AT, stopped_at=DEED)),
    "SP09/stopped#within-24h": of({"hours": 24}, **content(discovered_at=AT, stopped_at=DEED)),
    "SP09/stopped#at-once": of({"hours": 1}, **content(discovered_at=AT, stopped_at=DEED)),
    "SP09/police": of({"hours": 24}, **content(discovered_at=AT, police_reported_at=DEED)),
    "SP09/report": of({"working_days": 10}, **content(disposed_at=AT, reported_at=DEED)),
    "SP12/update": of(DAYS_30, **corporate("address", changed_on=AT, system_updated_on=DEED)),
    "SP12/certificate": of(DAYS_30, **corporate("name", changed_on=AT, filings=FILINGS)),
    "SP12/renewal": Duty(before_the_end("renew", "applied_on"), {"days": 90}, forward=False),
    "SP12/exit": Duty(before_the_end("exit", "exit_reported_on"), {"days": 90}, forward=False),
    "SP12/opened": Duty(before_the_end("renew", "launched_on"), {"days": 0}, forward=False),
    "SP12/stop-notice#exit": Duty(
        before_the_end("exit", "exit_announced_on"), DAYS_30, forward=False
    ),
    "SP12/stop-notice#stop": of(
        DAYS_30, forward=False, **corporate("stop_service", effective_on=AT, announced_on=DEED)
    ),
    "SP12/stop": of(
        {"days": 90}, forward=False, **corporate("stop_service", effective_on=AT, filings=FILINGS)
    ),
    "B14/police#network": of(
        DAYS_30, **line("B14", access_networks=each(connected_on=AT, police_filed_on=DEED))
    ),
    "B21/sanctions": of(
        DAYS_30, since=date(2019, 1, 1), **line("B21.ecommerce", seller_sanctions=SANCTIONED)
    ),
    "B21/seven-days": of(
        {"days": 7},
        forward=False,
        since=date(2019, 1, 8),
        **line("B21.ecommerce", platform_rule_changes=each(effective_on=AT, published_on=DEED)),
    ),
    "B24/outbound-numbers#changed": of(
        {"working_days": 10}, since=date(2020, 6, 18), **line("B24", numbering_resources=NUMBERED)
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
