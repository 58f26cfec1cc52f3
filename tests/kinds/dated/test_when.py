"""What a policy may write of a duty with a date, and what of it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.files.properties import schema_document
from pytest_icp.facts.files.schema import validator

EVENTS = {"each": "corporate_events", "act": "system_updated_on", "anchor": "changed_on"}
FILED = {"of": "filings", "at": "submitted_at"}
REPORTS = {"of": "/annual_reports", "at": "submitted_at", "year": "year_of_submission"}
YEARLY = {
    "each": "licence",
    "act": REPORTS,
    "anchor": "licence.term",
    "yearly": {"from": "01-01", "to": "03-31"},
    "ahead": "p12.renew",
}
KEPT = {"each": "log_stores", "reaches": {"months": 6}, "kept": "retention"}
THERE = {**KEPT, "act": "oldest_entry_on", "anchor": "started_on"}


def is_allowed(fields: dict[str, Any]) -> bool:
    policy = dict(schema_document("policy")["examples"][0])
    common = {"id", "title", "meaning", "quote", "fix", "kind", "level", "basis", "cites"}
    rule = {name: value for name, value in policy["obligations"][0].items() if name in common}
    return bool(validator("policy").is_valid({**policy, "obligations": [{**rule, **fields}]}))


@pytest.mark.parametrize(
    "fields",
    [
        {**EVENTS, "within": "p12.update"},
        {**EVENTS, "within": {"working_days": 5}},
        {**EVENTS, "ahead": 0},
        {**EVENTS, "ahead": {"months": 1}},
        {**EVENTS, "lasts": {"days": 1}, "at_most": {"years": 5}},
        {**EVENTS, "every": {"calendar_years": 1}, "restart": FILED, "ends": "ended_on"},
        {**EVENTS, "act": {**FILED, "where": {"authority": "CA"}, "since": "anchor"}, "ahead": 0},
        {**EVENTS, "act": {**FILED, "match": {"authority": "/company/name"}}, "ahead": 0},
        {**EVENTS, "anchor": ["changed_on", "effective_on"], "within": {"days": 9}},
        {**EVENTS, "act": "today", "ahead": 0},
        {**EVENTS, "act": "today", "within": {"years": 1}},
        {**EVENTS, "anchor": "licence.term", "ahead": 0},
        {**EVENTS, "anchor": "licence.term", "term": "own", "ahead": {"days": 90}},
        YEARLY,
        KEPT,
        {**THERE, "ends": "ended_on", "floor": [{"for": {"kinds": {"some": "x"}}, "since": "on"}]},
    ],
)
def test_what_may_be_written(fields: dict[str, Any]) -> None:
    assert is_allowed(fields)


@pytest.mark.parametrize(
    "fields",
    [
        # One bound.
        EVENTS,
        {**EVENTS, "within": {"days": 1}, "ahead": {"days": 1}},
        {**EVENTS, "within": {"days": 1}, "lasts": {"days": 1}},
        {**EVENTS, "at_most": {"days": 1}, "within": {"days": 1}},
        {**EVENTS, "every": {"days": 1}, "within": {"days": 1}},
        {**YEARLY, "within": {"days": 1}},
        {**THERE, "ahead": 0},
        # Of one unit, that it can be reckoned in.
        {**EVENTS, "within": 0},
        {**EVENTS, "within": {"days": 1, "months": 1}},
        {**EVENTS, "within": {"days": {"parameter": "p12.update"}}},
        {**EVENTS, "within": {"years": 1}},
        {**EVENTS, "ahead": {"hours": 1}},
        {**EVENTS, "ahead": 1},
        {**EVENTS, "act": "today", "within": {"hours": 1}},
        # An act and an anchor.
        {"each": "sites", "act": "launched_on", "within": {"days": 1}},
        {"each": "sites", "anchor": "launched_on", "within": {"days": 1}},
        {**KEPT, "act": "oldest_entry_on"},
        {"each": "log_stores", "reaches": {"months": 6}},
        # Fields that belong to another bound.
        {**EVENTS, "within": {"days": 1}, "restart": "changed_on"},
        {**EVENTS, "within": {"days": 1}, "ends": "ended_on"},
        {**EVENTS, "within": {"days": 1}, "kept": "retention"},
        {**EVENTS, "ahead": 0, "term": "own"},
        {**YEARLY, "term": "own"},
        {**YEARLY, "anchor": "issued_on"},
        {**YEARLY, "act": {**REPORTS, "where": {"id": "x"}}},
        {name: value for name, value in YEARLY.items() if name != "ahead"},
        # Words with a meaning of their own.
        {**EVENTS, "act": "today", "lasts": {"days": 1}},
        {**EVENTS, "act": "today", "ahead": {"days": 1}},
        {**EVENTS, "act": "today", "anchor": "licence.term", "ahead": 0},
        {**EVENTS, "anchor": "licence.term", "within": {"days": 1}},
        {**EVENTS, "act": {**FILED, "since": "anchor"}, "anchor": FILED, "ahead": 0},
        # Days in records.
        {**EVENTS, "act": {**FILED, "year": "y"}, "ahead": 0},
        {**EVENTS, "anchor": {**FILED, "about": "y"}, "ahead": 0},
        {**EVENTS, "act": {"at": "on", "match": {"id": "id"}}, "ahead": 0},
        {**EVENTS, "act": {**FILED, "match": {"a": "a", "b": "b"}}, "ahead": 0},
        {**EVENTS, "act": {"of": "filings"}, "ahead": 0},
    ],
)
def test_what_has_no_meaning_is_refused(fields: dict[str, Any]) -> None:
    assert not is_allowed(fields)
