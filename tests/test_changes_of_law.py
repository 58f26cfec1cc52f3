"""Each way in which a change of the law can lie: which value counts, and what is said of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_icp.law.text import Text
from pytest_icp.rules.numbers import Entry, Listing, Named
from tests.changed_law import changed, decided, foreseen
from tests.helpers import all_cases
from tests.obligations import citation, version

Numbers = dict[str, Named]


def moved(changed_on: str, updated: str) -> dict[str, Any]:
    event = {"id": "m", "entity": "licensee", "kind": "address"}
    return {"corporate_events": [{**event, "changed_on": changed_on, "system_updated_on": updated}]}


SHORTER = changed("p12.update", 30, 20, "2026-03-01")
LONGER = changed("p12.update", 30, 45, "2026-03-01", running=True)
SPARED = changed("p12.update", 30, 20, "2026-03-01", grace="2026-03-25")


@pytest.mark.parametrize(
    ("numbers", "changed_on", "updated", "as_of", "expected"),
    [
        # The day of the event chooses; 20 days end on the 23rd, a Monday.
        (SHORTER, "2026-02-28", "2026-03-25", "2026-06-01", "satisfied"),
        (SHORTER, "2026-03-01", "2026-03-23", "2026-06-01", "satisfied"),
        (SHORTER, "2026-03-01", "2026-03-24", "2026-06-01", "violated"),
        # A term that still runs on the day of the change, and one that does not.
        (LONGER, "2026-01-30", "2026-03-16", "2026-06-01", "satisfied"),
        (LONGER, "2026-01-30", "2026-03-17", "2026-06-01", "violated"),
        (LONGER, "2026-01-29", "2026-03-02", "2026-06-01", "violated"),
        # Until its grace the 30 days are enough as well.
        (SPARED, "2026-03-01", "2026-03-25", "2026-06-01", "satisfied"),
        (SPARED, "2026-03-01", "2026-03-26", "2026-06-01", "violated"),
        (SPARED, "2026-03-10", "2026-03-30", "2026-06-01", "satisfied"),
    ],
)
def test_a_term_after_an_event(
    numbers: Numbers, changed_on: str, updated: str, as_of: str, expected: str
) -> None:
    found = decided("SP12/update", as_of, moved(changed_on, updated), numbers)
    assert found.verdict == expected


def renewal(end: str, applied: str) -> dict[str, Any]:
    licence = {"number": "京B2-20190486", "status": "正常", "valid_until": end}
    days = {"issued_on": "2022-05-01", "first_issued_on": "2022-05-01"}
    return {
        "licence": {**licence, **days},
        "renewal": {
            "intention": "renew",
            "applied_on": applied,
            "decision": "pending",
            "decided_on": "never",
        },
    }


LESS = changed("p12.renew", 90, 60, "2027-03-01")
MORE = changed("p12.renew", 90, 120, "2027-03-01")
GRACE = changed("p12.renew", 90, 120, "2027-03-01", grace="2027-03-20")


@pytest.mark.parametrize(
    ("numbers", "end", "applied", "as_of", "expected", "last"),
    [
        # The last day that a value gives must lie under it.
        (LESS, "2027-04-29", "2027-02-20", "2027-04-01", "violated", "2027-01-29"),
        (LESS, "2027-04-30", "2027-02-20", "2027-04-01", "satisfied", None),
        (LESS, "2027-06-30", "never", "2027-04-15", "satisfied", "2027-05-01"),
        (LESS, "2027-06-30", "never", "2027-05-02", "violated", "2027-05-01"),
        # Nobody is late before the number is law.
        (MORE, "2027-06-28", "never", "2027-03-02", "satisfied", "2027-03-30"),
        (MORE, "2027-06-29", "never", "2027-03-01", "satisfied", "2027-03-01"),
        (MORE, "2027-06-29", "never", "2027-03-02", "violated", "2027-03-01"),
        (MORE, "2027-06-29", "2027-02-27", "2027-03-02", "satisfied", None),
        # Until its grace the 90 days are enough as well.
        (GRACE, "2027-06-29", "never", "2027-03-20", "satisfied", "2027-03-20"),
        (GRACE, "2027-06-29", "never", "2027-03-21", "violated", "2027-03-20"),
        (GRACE, "2027-07-29", "never", "2027-04-01", "violated", "2027-03-31"),
    ],
)
def test_a_term_before_a_day(
    numbers: Numbers, end: str, applied: str, as_of: str, expected: str, last: str | None
) -> None:
    found = decided("SP12/renewal", as_of, renewal(end, applied), numbers)
    due = {*(one.due for one in found.findings), *(one.last for one in found.upcoming)}
    assert (found.verdict, due) == (expected, {last} - {None})


def test_a_finding_says_which_value_and_what_held_before() -> None:
    late = decided("SP12/renewal", "2027-03-02", renewal("2027-06-29", "never"), MORE)
    (finding,) = late.findings
    assert [one.en for one in finding.numbers] == [
        "How long before expiry renewal is applied for: 120 days; until 2027-02-28: 90 days"
    ]
    before = decided("SP12/renewal", "2027-04-01", renewal("2027-04-29", "2027-02-20"), LESS)
    assert [one.zh for finding in before.findings for one in finding.numbers] == [
        "申请延续的提前期限：90 日；自 2027-03-01 起为 60 日"
    ]


@pytest.mark.parametrize(
    ("applied", "as_of", "expected"),
    [("2027-02-27", "2027-07-01", "satisfied"), ("2027-03-02", "2027-07-01", "violated")],
)
def test_a_renewal_is_deemed_granted_by_the_same_value(
    applied: str, as_of: str, expected: str
) -> None:
    found = decided("LIC/valid", as_of, renewal("2027-06-29", applied), MORE)
    assert found.verdict == expected


def log_store(oldest: str) -> dict[str, Any]:
    store = {"id": "a", "kinds": ["access"], "retention": {"months": 6}}
    days = {"oldest_entry_on": oldest, "started_on": "2024-01-01", "ended_on": "never"}
    return {"sites": [], "services": [], "log_stores": [{**store, **days}]}


SIX = changed("log.network", 6, 12, "2026-07-01")
SIX_SPARED = changed("log.network", 6, 12, "2026-07-01", grace="2026-12-31")


@pytest.mark.parametrize(
    ("numbers", "as_of", "expected"),
    [
        (SIX, "2026-06-30", "satisfied"),
        (SIX, "2026-07-01", "violated"),
        (SIX_SPARED, "2026-12-31", "satisfied"),
        (SIX_SPARED, "2027-01-01", "violated"),
    ],
)
def test_a_standing_duty_goes_by_the_as_of_day(numbers: Numbers, as_of: str, expected: str) -> None:
    found = decided("SP09/six-months#network", as_of, log_store("2025-10-01"), numbers)
    assert found.verdict == expected
    assert all(
        "12 months; until 2026-06-30: 6 months" in n.en for f in found.findings for n in f.numbers
    )


def unit(*done: str) -> dict[str, Any]:
    tests = [{"id": day, "done_on": day, "reported_on": day} for day in done]
    days = {"in_production_on": "2020-05-11", "ended_on": "never", "review_passed_on": "2020-06-01"}
    rest = {"level": 2, "changes": [], "risk": [], "systems": ["web"]}
    return {"network_units": [{"id": "core", "conformity": tests, **days, **rest}]}


YEARLY = changed("unit.assess", 2, 1, "2026-01-01")
YEARLY_SPARED = changed("unit.assess", 2, 1, "2026-01-01", grace="2028-03-31")
YEARLY_IN_MARCH = changed("unit.assess", 2, 1, "2026-03-01")
BIENNIAL = changed("unit.assess", 1, 2, "2026-01-01")


@pytest.mark.parametrize(
    ("numbers", "done", "as_of", "expected"),
    [
        # Calendar years begin in January: two of them in 2025, before the change, or one in 2026.
        (YEARLY, "2024-05-01", "2026-12-31", "satisfied"),
        (YEARLY, "2024-05-01", "2027-01-01", "violated"),
        (YEARLY, "2025-05-01", "2026-12-31", "satisfied"),
        (YEARLY, "2025-05-01", "2027-01-01", "violated"),
        (YEARLY_IN_MARCH, "2025-05-01", "2027-12-31", "satisfied"),
        (BIENNIAL, "2025-05-01", "2027-12-31", "satisfied"),
        (BIENNIAL, "2025-05-01", "2028-01-01", "violated"),
        (YEARLY, "2026-05-01", "2027-12-31", "satisfied"),
        (YEARLY, "2026-05-01", "2028-01-01", "violated"),
        (YEARLY_SPARED, "2026-05-01", "2028-03-31", "satisfied"),
        (YEARLY_SPARED, "2026-05-01", "2028-04-01", "violated"),
    ],
)
def test_what_comes_back_goes_by_the_day_on_which_its_period_begins(
    numbers: Numbers, done: str, as_of: str, expected: str
) -> None:
    facts = unit("2022-02-28", "2024-02-28", done)
    found = decided("SP06/conformity", as_of, facts, numbers)
    assert found.verdict == expected
    assert len([n for f in found.findings for n in f.numbers]) == len(found.findings)


KEPT = changed("pia.report", 3, 5, "2026-01-01")
KEPT_RUNNING = changed("pia.report", 3, 5, "2026-01-01", running=True)
KEPT_SPARED = changed("pia.report", 3, 5, "2026-01-01", running=True, grace="2026-06-30")


@pytest.mark.parametrize(
    ("numbers", "done", "kept", "as_of", "expected"),
    [
        (KEPT, "2025-12-31", "2028-12-31", "2026-02-01", "satisfied"),
        (KEPT, "2026-01-01", "2029-01-01", "2026-02-01", "violated"),
        (KEPT, "2026-01-01", "2031-01-01", "2026-02-01", "satisfied"),
        (KEPT_RUNNING, "2023-01-01", "2026-01-01", "2026-02-01", "violated"),
        (KEPT_RUNNING, "2022-12-31", "2025-12-31", "2026-02-01", "satisfied"),
        (KEPT_SPARED, "2023-01-01", "2026-01-01", "2026-06-30", "satisfied"),
        (KEPT_SPARED, "2023-01-01", "2026-01-01", "2026-07-01", "violated"),
    ],
)
def test_what_is_kept_for_a_time(
    numbers: Numbers, done: str, kept: str, as_of: str, expected: str
) -> None:
    facts = {"pias": [{"id": "p", "done_on": done, "kept_until": kept}]}
    assert decided("SP07/assessment-kept", as_of, facts, numbers).verdict == expected


TERM = changed("licence.term", 5, 4, "2023-01-01", grace="2023-06-30")


@pytest.mark.parametrize(
    ("issued", "end", "as_of", "expected"),
    [
        ("2022-12-31", "2027-12-31", "2024-01-01", "satisfied"),
        ("2023-02-01", "2028-02-01", "2023-06-30", "satisfied"),
        ("2023-02-01", "2028-02-01", "2023-07-01", "violated"),
        ("2023-02-01", "2027-02-01", "2023-07-01", "satisfied"),
    ],
)
def test_what_lasts_for_a_time_at_most(issued: str, end: str, as_of: str, expected: str) -> None:
    licence = {"number": "京B2-20190486", "status": "正常", "valid_until": end}
    facts = {"licence": {**licence, "issued_on": issued, "first_issued_on": issued}}
    assert decided("LIC/term", as_of, facts, TERM).verdict == expected


HALF = changed("p04.review", 365, 180, "2024-01-01", grace="2024-02-29")


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2023-12-31", "satisfied"), ("2024-02-29", "satisfied"), ("2024-03-01", "violated")],
)
def test_what_is_good_today_goes_by_today(as_of: str, expected: str) -> None:
    facts = {"user_abuse_controls": {"last_reviewed_on": "2023-05-01"}}
    assert decided("SP04/monitoring#review", as_of, facts, HALF).verdict == expected


def stake(share: float) -> dict[str, Any]:
    holders = [
        {"id": name, "kind": kind, "share": part, "since": "2019-01-15"}
        for name, kind, part in (("a", "domestic", 1 - share), ("b", "foreign", share))
    ]
    company = {"foreign_share": share, "foreign_exception": "none", "shareholders": holders}
    return {"company": company}


SHARE = changed("foreign.cap", 0.5, 0.3, "2027-01-01")


@pytest.mark.parametrize(
    ("as_of", "expected"), [("2026-12-31", "satisfied"), ("2027-01-01", "violated")]
)
def test_a_number_in_a_condition_goes_by_the_as_of_day(as_of: str, expected: str) -> None:
    found = decided("SP11/foreign-cap#cap", as_of, stake(0.5), SHARE)
    assert found.verdict == expected
    assert ["30" in f.required.en or "0.3" in f.required.en for f in found.findings] == [
        True for _ in found.findings
    ]


OUTAGE = changed("outage.minutes", 60, 30, "2026-01-01")
LONG = {
    "kind": "condition",
    "each": "incidents",
    "where": {"outage_minutes": {"minimum": {"parameter": "outage.minutes"}}},
    "require": {"grade": "一般"},
    "happened": "detected_at",
}


def outages(*detected: str | None) -> dict[str, Any]:
    return {
        "incidents": [
            {"id": f"i{i}", "outage_minutes": 45, "grade": "重大", "detected_at": day}
            for i, day in enumerate(detected)
        ]
    }


@pytest.mark.parametrize(
    ("detected", "expected"),
    [
        (["2025-12-31T10:00:00+08:00"], "not applicable"),
        (["2026-01-01T10:00:00+08:00"], "violated"),
        ([None], "unknown"),
        (["2025-12-31T10:00:00+08:00", None], "unknown"),
        (["2025-12-31T10:00:00+08:00", "2026-01-01T10:00:00+08:00", None], "violated"),
    ],
)
def test_where_a_rule_names_the_day_of_an_act_that_day_chooses(
    detected: list[str | None], expected: str
) -> None:
    entry = dict.fromkeys(("within", "done", "of_where"))
    found = decided("SP08/act#at-once", "2026-02-01", outages(*detected), OUTAGE, {**entry, **LONG})
    assert found.verdict == expected
    if expected == "violated":
        assert {one.subject for one in found.findings if one.verdict == "violated"} == {
            f"i{len(detected) - (2 if None in detected else 1)}"
        }


LEAK = changed("leak.larger", 1000000, 500000, "2026-01-01")


def leak(detected: str | None) -> dict[str, Any]:
    """Return an incident that is 较大 by the later number alone, and was told to nobody."""
    figures = {"leaked_subjects": 600000, "grade": "一般", "cii": False, "reports": []}
    return {"incidents": [{"id": "i", "detected_at": detected, **figures}]}


@pytest.mark.parametrize("rule", ["SP08/cyberspace", "SP08/grade#incident"])
@pytest.mark.parametrize(
    ("detected", "keeps"),
    [
        ("2025-12-31T23:59:59+08:00", True),
        ("2026-01-01T00:00:00+08:00", False),
        (None, None),
    ],
)
def test_the_event_of_a_term_chooses_in_its_conditions_and_an_act_among_grades(
    rule: str, detected: str | None, keeps: bool | None
) -> None:
    found = decided(rule, "2026-02-01", leak(detected), LEAK)
    expected = {True: {"not applicable", "satisfied"}, False: {"violated"}, None: {"unknown"}}
    assert found.verdict in expected[keeps]


@pytest.mark.parametrize(
    ("since", "as_of", "verdict", "missed"),
    [
        ("2024-03-31", "2024-06-01", "violated", "2024-03-31"),
        ("2024-04-01", "2024-06-01", "satisfied", None),
        ("2024-04-01", "2025-03-31", "satisfied", None),
        ("2024-04-01", "2025-04-01", "violated", "2025-03-31"),
    ],
)
def test_a_window_of_a_year_goes_by_the_day_on_which_it_closes(
    since: str, as_of: str, verdict: str, missed: str | None
) -> None:
    law = {"new-law": citation(version(since))}
    licence = {"number": "京B2-20190486", "status": "正常", "valid_until": "2027-03-06"}
    facts = {
        "licence": {**licence, "issued_on": "2022-03-07", "first_issued_on": "2017-03-07"},
        "renewal": "none",
        "annual_reports": [],
    }
    found = decided("SP14/report", as_of, facts, {}, {"cites": ["licence", "new-law"]}, law)
    assert found.verdict == verdict
    assert [one.due for one in found.findings] == [missed] * (missed is not None)


@pytest.mark.parametrize(
    ("rule", "as_of", "facts", "numbers", "day", "after"),
    [
        (
            "SP09/six-months#network",
            "2026-06-01",
            log_store("2025-10-01"),
            SIX,
            "2026-07-01",
            "violated",
        ),
        (
            *("SP09/six-months#network", "2026-06-01", log_store("2025-10-01")),
            *(SIX_SPARED, "2027-01-01", "violated"),
        ),
        ("SP11/foreign-cap#cap", "2026-12-01", stake(0.5), SHARE, "2027-01-01", "violated"),
        (
            "SP12/renewal",
            "2027-01-15",
            renewal("2027-06-29", "never"),
            MORE,
            "2027-03-02",
            "violated",
        ),
        (
            *("SP12/renewal", "2027-01-15", renewal("2027-06-29", "never")),
            *(GRACE, "2027-03-21", "violated"),
        ),
    ],
)
def test_a_value_to_come_is_foreseen(
    rule: str, as_of: str, facts: dict[str, Any], numbers: Numbers, day: str, after: str
) -> None:
    (change,) = foreseen(rule, as_of, facts, numbers)
    assert (str(change.day), change.before, change.after) == (day, "satisfied", after)


def listing(since: str | None, until: str | None, word: str = "news") -> Numbers:
    name = "p15.1.preapprovals"
    days = {
        "start": date.fromisoformat(since) if since else None,
        "until": date.fromisoformat(until) if until else None,
    }
    entry = Entry(value=word, **days)  # type: ignore[arg-type]  # days, or none
    return {name: Listing(id=name, title=Text("清单", "A list"), values=(entry,))}


def publisher(rule: str, content: str) -> dict[str, Any]:
    """Return the service of a rule's cases, launched in 2022, with other content."""
    base = next(case for case in all_cases() if case.rule == rule).base
    (service,) = base["services"]
    features = {**service["features"], "regulated_content": [content]}
    return {"services": [{**service, "launched_on": "2022-01-01", "features": features}]}


@pytest.mark.parametrize(
    ("since", "until", "content", "as_of", "expected"),
    [
        (None, None, "news", "2024-01-01", "violated"),
        (None, None, "publishing", "2024-01-01", "satisfied"),
        # From the launch on an approval is asked for, as long as the law asks for it.
        ("2024-01-02", None, "news", "2024-01-01", "satisfied"),
        ("2024-01-01", None, "news", "2024-01-01", "violated"),
        (None, "2021-12-31", "news", "2024-01-01", "satisfied"),
        (None, "2022-01-01", "news", "2024-01-01", "violated"),
    ],
)
def test_what_the_law_lists_is_asked_about_in_its_time(
    since: str | None, until: str | None, content: str, as_of: str, expected: str
) -> None:
    facts = {**publisher("SP15-01/pre-approval", content), "approvals": []}
    found = decided("SP15-01/pre-approval", as_of, facts, listing(since, until))
    assert found.verdict == expected


@pytest.mark.parametrize(
    ("since", "until", "as_of", "expected"),
    [
        (None, "2024-01-01", "2024-01-01", "violated"),
        (None, "2023-12-31", "2024-01-01", "not applicable"),
        ("2024-01-02", None, "2024-01-01", "not applicable"),
    ],
)
def test_what_is_to_be_printed_today_is_what_is_listed_today(
    since: str | None, until: str | None, as_of: str, expected: str
) -> None:
    facts = publisher("SP15-01/added-item", "publishing")
    found = decided("SP15-01/added-item", as_of, facts, listing(since, until, "publishing"))
    assert found.verdict == expected


CANCEL = changed("p13.cancel", 30, 10, "2026-02-01")


@pytest.mark.parametrize(
    ("obtained", "filed", "expected"),
    [
        ("2026-01-31", "2026-03-02", "satisfied"),
        ("2026-02-01", "2026-02-11", "satisfied"),
        ("2026-02-02", "2026-02-14", "violated"),
    ],
)
def test_a_licence_that_lies_in_another_is_given_up_in_the_time_of_its_day(
    obtained: str, filed: str, expected: str
) -> None:
    base = next(case for case in all_cases() if case.rule == "SP13/cancel")
    (other,) = base.facts["other_licences"]
    of = other["cancel_or_change_filing"]
    filing = {**of, "submitted_at": filed, "decision": "pending"}
    national = {**base.base["licence"], "issued_on": obtained, "first_issued_on": obtained}
    facts = {
        "licence": {**national, "valid_until": "2031-01-01"},
        "other_licences": [{**other, "status": "正常", "cancel_or_change_filing": filing}],
    }
    found = decided("SP13/cancel", "2026-11-24", facts, CANCEL)
    assert found.verdict == expected
    assert [n.en.split(":")[1].strip() for f in found.findings for n in f.numbers] == [
        "10 days; until 2026-01-31" for _ in found.findings
    ]


def of_level(level: int | None, done: str) -> dict[str, Any]:
    """Return a unit in production since the year before it was assessed for the first time."""
    (made,) = unit(done)["network_units"]
    return {**made, "level": level, "in_production_on": f"{int(done[:4]) - 1}-05-11"}


@pytest.mark.parametrize(
    ("units", "expected", "subjects"),
    [
        ([(3, "2023-05-01")], "violated", 1),
        ([(2, "2023-05-01")], "satisfied", 1),
        ([(1, "2013-05-01")], "not applicable", 0),
        ([(1, "2013-05-01"), (2, "2023-05-01"), (3, "2024-05-01")], "satisfied", 2),
        ([(2, "2023-05-01"), (3, "2023-05-01")], "violated", 2),
        # What is not known decides only where the two values differ.
        ([(None, "2023-05-01")], "unknown", None),
        ([(None, "2024-05-01")], "satisfied", None),
        ([(None, "2021-05-01")], "unknown", None),
    ],
)
def test_a_number_that_differs_by_the_subject(
    units: list[tuple[int | None, str]], expected: str, subjects: int | None
) -> None:
    facts = {
        "network_units": [
            {**of_level(*one), "id": f"u{i}", "systems": []} for i, one in enumerate(units)
        ]
    }
    every_two = {"where": {"level": {"minimum": 2}}}
    found = decided("SP06/conformity", "2025-02-01", facts, {}, every_two)
    assert found.verdict == expected
    assert subjects is None or found.subjects == subjects
    # What would be late in either case is told of each.
    told = [(one.subject, one.pointer, one.due) for one in found.findings]
    assert len(told) == len({*told})
