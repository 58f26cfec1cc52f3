"""What is not known never helps, and never accuses: null is no fact.

When one fact becomes unknown, strong Kleene logic allows a verdict to stay or to become unknown.
Where it becomes unknown whether a subject is meant, one that complies makes the duty satisfied
(the table of conditions). Read backwards: knowing more turns satisfied into satisfied, or into
not applicable; violated into violated; what certainly does not apply still does not. The tables
name every exception, each with its reason.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_icp.core.timeplan import TimePlan
from pytest_icp.loading.plans import time_plan
from pytest_icp.strategies.documents import dotted, is_valid, put, value_at, without
from pytest_icp.strategies.shapes import Shape, root
from tests.laws.conftest import Court
from tests.laws.strategies import Situation, collections, places, situations

NOT_CLAIMED = {
    "services*.declared_codes*": "an item that is not declared is not claimed to be operated",
    "*.sha256": "a document without a hash is taken as it is",
    "*.expires_on": "a document without a last day has none of its own",
    "*.max_age_days": "a document without an age of its own has that of the rule",
    "annual_reports*.year_of_submission": "a report that names no year answers that of its day",
    "licence.attachments*.server_location.*": "a place counts as far as the page prints it",
    "servers*.location.*": "the parts of an address tell each other; one that disagrees is gone",
}
EXEMPTIONS = {
    "sites*.access_provider.former_names*": "a former name excuses only when it is declared",
    "licence.authorised_subsidiaries*": "a subsidiary is authorised only when it is named",
}
DEFECTS = {
    "*.document": "a document that is declared without its file is defective",
    "*.issued_on": "a document that is declared without its day is defective",
    "*.owner*": "a document that is declared without an owner is defective",
}
TIME = {
    "*.valid_from": "a licence whose first day is not known is taken to have begun",
    "renewal": "a licence whose renewal is not known ends on its printed day for the yearly report",
    "renewal.new_valid_until": "the same: it is LIC/valid that asks until when the licence runs",
    "renewal.decided_on": "a decision without its day is taken to have been made",
    "annual_reports*.submitted_at": "a report without its day is not late beyond the look-back",
}


def beginnings(plan: TimePlan, at: str = "") -> set[str]:
    """Return the days on which elements begin; one whose day is not known has begun."""
    found = {f"{at}*.{name}" for name, role in plan.fields.items() if role == "begins"}
    for name, child in plan.children.items():
        found |= beginnings(child, f"{at}*.{name}" if at else name)
    return found


BEGINS = dict.fromkeys(beginnings(time_plan("description")), "an element that has no day has begun")

EXCEPTIONS = {
    "satisfied": NOT_CLAIMED | TIME | BEGINS,
    "violated": EXEMPTIONS | DEFECTS | TIME | BEGINS,
    "not applicable": {},
}
STILL = {
    "satisfied": {"satisfied", "not applicable"},
    "violated": {"violated"},
    "not applicable": {"not applicable"},
}
"""What may be said of a subject, by what is said while one of its facts is unknown."""


def excepted(path: str, verdict: str) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in EXCEPTIONS[verdict])


@given(situations(), st.data())
def test_what_is_said_without_a_fact_is_said_with_it(
    court: Court, situation: Situation, data: st.DataObject
) -> None:
    at = data.draw(st.sampled_from(sorted(places(situation.document), key=str)))
    assume(value_at(situation.document, at) is not None)
    less = situation.having(put(situation.document, at, None))
    assume(is_valid(less.document))
    known = court.verdicts(situation)
    # What can be read can be read without a fact.
    court.read(less)
    path = dotted(at).replace("[]", "")
    for rule, verdict in court.verdicts(less).items():
        if verdict != "unknown" and not excepted(path, verdict):
            assert known.get(rule, verdict) in STILL[verdict], (path, rule)


@given(situations(), st.data())
def test_null_says_the_same_as_leaving_out(
    court: Court, situation: Situation, data: st.DataObject
) -> None:
    every = sorted(places(situation.document), key=str)
    at = data.draw(st.sampled_from([at for at in every if isinstance(at[-1], str)]))
    left_out = situation.having(without(situation.document, at))
    null = situation.having(put(situation.document, at, None))
    assume(is_valid(null.document))
    assert court.verdicts(null) == court.verdicts(left_out)


@pytest.mark.parametrize("pattern", sorted({**NOT_CLAIMED, **EXEMPTIONS, **DEFECTS, **TIME}))
def test_every_exception_is_a_fact_of_the_schema(pattern: str) -> None:
    assert any(fnmatchcase(path, pattern) for path in every_path())


def every_path() -> set[str]:
    """Return every path of a description, without the indices of lists."""
    found: set[str] = set()

    def walk(shape: Shape, path: str) -> None:
        found.add(path)
        for one in shape.alternatives():
            if "items" in one.schema:
                walk(Shape(one.schema["items"], one.file), path)
            for name, member in one.schema.get("properties", {}).items():
                walk(Shape(member, one.file), f"{path}.{name}")

    for name in collections():
        walk(root().below(name), name)
    return found
