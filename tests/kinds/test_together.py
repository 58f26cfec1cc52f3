"""A subject is judged among others as it is alone, whoever's the records may be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.kinds.cover import Cover
from pytest_icp.kinds.hosts import covered
from pytest_icp.rules.policy import Obligation
from tests.contexts import decide
from tests.obligations import obligation

JOIN = {"record": "of", "subject": "id"}
RUNS = {"from": "begun", "until": "over"}
RECORD = {"joined_by": JOIN, "by": "/records", "covers": "kind", "match": "equal"}
COVERED = obligation(
    "coverage", "sites", fact="kind", by_where={"good": True}, in_force=RUNS, **RECORD
)
LISTED = obligation(
    "coverage", "sites", fact="kind", by="/records", covers="kind", in_force={**RUNS, "on": "on"}
)
PRICED = obligation(
    "agreement",
    "sites",
    fact="sum",
    **{"with": {"records": "/records", "joined_by": "kind", "fact": "sum"}},
    unit="unit",
    in_force={**RUNS, "on": "on"},
    compare="amount",
)
FIRST = {"first": "/records", "at": "begun", "where": {"good": True}}
ORDERED = obligation("order", "sites", first=FIRST, then="on", joined_by=JOIN)
REPEATED = obligation(
    "recurrence",
    "sites",
    every={"months": 1, "since": "since"},
    records="/records",
    at="begun",
    joined_by=JOIN,
)
PLACED = obligation(
    "licensed",
    "sites",
    organisation="host",
    categories=["B14"],
    areas={"of": "/records", "at": "place", "match": {"of": "id"}, "where": {"good": True}},
)
DAYS = st.sampled_from([None, "2024-01-01", "2024-03-01", "2024-05-01", "2024-07-01"])
KIND = st.none() | st.sampled_from(["a", "b"])
GOOD = st.none() | st.booleans()
PLACE = {"province": "北京", "country": "CN"}
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "of": KIND | st.lists(KIND, max_size=2),
            "kind": KIND,
            "good": GOOD,
            "begun": DAYS | st.just("never"),
            "over": DAYS,
            "sum": st.none() | st.integers(1, 3),
            "unit": st.just("CNY"),
            "place": st.none() | st.just(PLACE),
        }
    ),
    max_size=5,
)
LICENCE = {"categories": ["B14"], "areas": ["上海"], "valid_until": "2030-01-01"}
SITES = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.none() | st.sampled_from(["a", "b", "c"]),
            "kind": KIND,
            "on": DAYS,
            "since": DAYS,
            "sum": st.none() | st.integers(1, 3),
            "unit": st.just("CNY"),
            "host": st.just({"name": "某公司", "licences": [LICENCE]}),
        }
    ),
    min_size=2,
    max_size=4,
)


@pytest.mark.parametrize("made", [COVERED, LISTED, PRICED, ORDERED, REPEATED, PLACED])
@given(SITES, RECORDS)
def test_a_subject_among_others(made: Obligation, sites: Any, records: Any) -> None:
    def found(sites: list[Any]) -> list[tuple[str, ...]]:
        outcome = decide(made, {"sites": sites, "records": records}, "2024-06-03")
        return [
            (f.verdict, f.subject, f.pointer, f.message.en, str(f.due)) for f in outcome.findings
        ]

    alone = [found([*[None] * i, site]) for i, site in enumerate(sites)]
    assert found(sites) == [one for findings in alone for one in findings]


HOSTS = st.sampled_from(
    ["a.cn", "www.a.cn", "b.a.cn", "*.a.cn", "A.CN.", "https://b.a.cn/x", "1.2.3.4", "a b", "", 1]
)


@pytest.mark.parametrize("match", ["host", "domain", "equal"])
@given(st.lists(st.lists(st.none() | HOSTS, max_size=3), max_size=4), HOSTS)
def test_what_covers_a_value_is_found_by_it(match: Any, values: list[Any], value: Any) -> None:
    def covers(of_record: list[Any]) -> bool:
        if match == "host":
            return covered(value, of_record)
        if match == "domain":
            return any(covered(one, [value]) for one in of_record)
        return value in of_record

    cover = Cover(match, tuple(map(tuple, values)))
    expected = [i for i, of_record in enumerate(values) if covers(of_record)]
    assert sorted(cover.covering(value)) == expected
    assert cover.times(value, 1) == min(len(expected), 1)


def test_a_record_of_one_subject_and_perhaps_of_others() -> None:
    record = {"of": ["a", None], "good": True, "place": PLACE}
    sites = [{"id": name, "host": {"licences": [LICENCE]}} for name in ("a", "b")]
    outcome = decide(PLACED, {"sites": sites, "records": [record]})
    assert [(f.verdict, f.pointer) for f in outcome.findings] == [
        ("violated", "/sites/0/host/licences"),
        ("unknown", "/records/0/place"),
    ]


def test_records_inside_a_subject_may_be_of_another() -> None:
    first = {"first": "parts", "at": "begun"}
    made = obligation("order", "sites", first=first, then="on", joined_by=JOIN)
    part = {"of": None, "begun": "2024-05-01"}
    sites = [{"id": name, "on": "2024-06-01", "parts": [part]} for name in ("a", "b")]
    pointers = [finding.pointer for finding in decide(made, {"sites": sites}).findings]
    assert pointers == ["/sites/0/parts/0/of", "/sites/1/parts/0/of"]
