"""A subject is judged among others as it is alone, whoever's the records may be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.kinds.likeness import EQUAL, OVER, UNDER, Index, Likeness
from pytest_icp.kinds.subjects import Fact
from pytest_icp.law.domains import HostError, host_under, normal_host
from pytest_icp.rules.policy import Obligation
from tests.contexts import decide
from tests.obligations import obligation

RUNS = {"from": "begun", "until": "over"}
KINDS: dict[str, Any] = {"of": "/records", "at": "kind"}
FOUND = obligation(
    "match",
    fact="kind",
    among={**KINDS, "where": {"good": True}, "match": {"of": "id"}},
    valid=RUNS,
    if_none="violated",
)
LISTED = obligation("match", fact="kind", among=KINDS, valid={**RUNS, "at": "on"})
ONE = obligation("match", fact="kind", among=KINDS, one=True)
PRICED = obligation(
    "match",
    fact="sum",
    among={"of": "/records", "at": "sum", "match": {"kind": "kind", "unit": "unit"}},
    how="at_most",
    valid={**RUNS, "at": "on"},
    if_none="violated",
)
CALLED = obligation(
    "match",
    fact=["kind", "id"],
    among={**KINDS, "match": {"of": "id"}},
    how="name",
    if_none="not_applicable",
)
FIRST = {"of": "/records", "at": "begun", "where": {"good": True}, "match": {"of": "id"}}
ORDERED = obligation("dated", "sites", act=FIRST, anchor="on", ahead=0)
REPEATED = obligation(
    "dated",
    "sites",
    act={"of": "/records", "at": "begun", "match": {"of": "id"}},
    anchor="since",
    every={"months": 1},
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


@pytest.mark.parametrize("made", [FOUND, LISTED, ONE, PRICED, CALLED, ORDERED, REPEATED, PLACED])
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


def lies_under(host: Any, domain: Any) -> bool:
    """Return whether a host lies under a domain, each of the two looked at anew.

    Nothing but an address itself lies under it.
    """
    if not isinstance(host, str) or not isinstance(domain, str):
        return False
    named = host.removeprefix("https://").partition("/")[0]
    try:
        if ":" in normal_host(domain) or normal_host(domain)[-1].isdigit():
            return normal_host(named) == normal_host(domain)
        bare = normal_host(domain).removeprefix("www.")
        return host_under(named, domain) or ("." in bare and host_under(named, bare))
    except HostError:
        return False


LIKE = {
    "under": (UNDER, lies_under),
    "over": (OVER, lambda one, other: lies_under(other, one)),
    "equal": (EQUAL, lambda one, other: one == other),
}


@pytest.mark.parametrize(("like", "alike"), LIKE.values(), ids=LIKE)
@given(st.lists(st.lists(st.none() | HOSTS, max_size=3), max_size=4), HOSTS)
def test_what_says_a_value_is_found_by_it(
    like: Likeness, alike: Any, values: list[Any], value: Any
) -> None:
    index = Index.of(like, (Fact((i,), one) for i, one in enumerate(values)))
    expected = [i for i, said in enumerate(values) if any(alike(value, one) for one in said)]
    assert sorted(index.at([None, value])) == expected
    assert [*index.others] == [i for i, said in enumerate(values) if None in said]


def test_a_record_of_one_subject_and_perhaps_of_others() -> None:
    record = {"of": ["a", None], "good": True, "place": PLACE}
    sites = [{"id": name, "host": {"licences": [LICENCE]}} for name in ("a", "b")]
    outcome = decide(PLACED, {"sites": sites, "records": [record]})
    assert [(f.verdict, f.pointer) for f in outcome.findings] == [
        ("violated", "/sites/0/host/licences"),
        ("unknown", "/records/0/place"),
    ]
