"""At a glance, what is plainly well is not judged, and nothing else is taken for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest

from pytest_icp.rules.policy import Obligation
from tests.contexts import decide
from tests.glances import counted
from tests.obligations import citation, obligation, version

Facts = dict[str, Any]

DAYS = [f"2024-05-{day:02}" for day in (1, 6, 9, 10, 11, 12, 13, 14, 31)]
DATES: list[Any] = [*DAYS, "2024-05-10T09:00+08:00", "2024-05-11T09:00:01+08:00"]
DATES += ["never", "none", ["never"], None]
NAMES = ["甲 公司", "甲公司", "乙公司", "", 1, ["甲公司"], None]
HOSTS = ["a.cn", "www.a.cn", "b.cn", "not a host", 1, ["a.cn"], None]
PLACES = [
    {"country": "CN", "province": "北京", "city": "北京"},
    {"country": "CN", "province": "上海", "city": "上海"},
    {"country": "US"},
    {"text": "北京市朝阳区"},
    {},
    [{"country": "CN"}],
    None,
]


@dataclass(frozen=True)
class Kind:
    """An obligation about ``items``, an element that is plainly well, and what may stand in one."""

    made: Obligation
    well: Facts
    values: dict[str, list[Any]]
    beside: Facts = field(default_factory=dict)

    def facts(self, *elements: Facts) -> Facts:
        return {**self.beside, "items": [{"id": f"i{n}", **e} for n, e in enumerate(elements)]}


def dated(done: Any = "done", **term: Any) -> Obligation:
    return obligation("deadline", "items", done=done, **term)


def lists(values: list[Any]) -> list[Any]:
    return [[], *([value] for value in values), values[:2], values, None]


def holder(*dates: Any, categories: Any = ("B21",)) -> Facts:
    names = ("valid_from", "valid_until")
    return {"categories": categories and [*categories], **dict(zip(names, dates, strict=True))}


TIMES: dict[str, list[Any]] = {"begun": DATES, "done": DATES}
ATTACHMENTS = [
    {"name": "甲公司", "domains": ["a.cn"], "server_location": PLACES[0]},
    {"name": "乙公司", "domains": ["b.cn", None]},
    {"name": None, "domains": ["c.cn"]},
]
FIRST = {"first": "records", "where": {"kind": "x"}, "at": "at"}
RECORDS = [
    [{"kind": kind, "at": at}] for kind in ("x", "y", None) for at in ("2024-05-09", "never", None)
]
STATUTE = citation(version("2024-05-10"))

AMOUNT = {
    "with": {"records": "/attachments", "joined_by": "name", "fact": "price"},
    "unit": "currency",
    "in_force": {"on": "sold_on"},
    "compare": "amount",
}

KINDS = {
    "agreement": Kind(
        obligation("agreement", "items", fact="name.zh", **{"with": "/company/name"}),
        {"name": {"zh": "甲公司"}},
        {"name": [{"zh": name} for name in NAMES] + ["甲公司"]},
        {"company": {"name": "甲公司"}},
    ),
    "agreement of records": Kind(
        obligation(
            "agreement",
            "items",
            fact="name",
            **{"with": {"records": "/attachments", "joined_by": "domains", "fact": "name"}},
        ),
        {"name": "甲公司", "domains": ["www.a.cn"]},
        {"name": NAMES, "domains": lists(HOSTS)},
        {"attachments": ATTACHMENTS},
    ),
    "coverage": Kind(
        obligation("coverage", "items", fact="codes", by="/sites", covers="id"),
        {"codes": ["s1"]},
        {"codes": [*lists(["s1", "s2", "s3", None]), "s1"]},
        {"sites": [{"id": "s1"}, {"id": "s2"}, {"id": "s2"}]},
    ),
    "coverage of hosts": Kind(
        obligation("coverage", "items", fact="hosts", by="/sites", covers="d", match="host"),
        {"hosts": ["www.a.cn"]},
        {"hosts": lists(HOSTS)},
        {"sites": [{"d": ["a.cn"]}, {"d": None}]},
    ),
    "coverage once": Kind(
        obligation("coverage", "items", fact="codes", by="/sites", covers="id", times="one"),
        {"codes": ["s1"]},
        {"codes": lists(["s1", "s2", None])},
        {"sites": [{"id": "s1"}, {"id": "s2"}, {"id": "s2"}]},
    ),
    "days": Kind(
        dated(within={"days": 10, "after": "begun"}),
        {"begun": "2024-05-01", "done": "2024-05-09"},
        TIMES,
    ),
    "working days": Kind(
        dated(within={"working_days": 3, "after": "begun"}),
        {"begun": "2024-05-06", "done": "2024-05-09"},
        TIMES,
    ),
    "unpublished working days": Kind(
        dated(within={"working_days": 3, "after": "begun"}),
        {"begun": "2026-01-08", "done": "2026-01-09"},
        {
            "begun": ["2026-01-07", "2026-01-08"],
            "done": [f"2026-01-{day:02}" for day in range(8, 16)],
        },
    ),
    "hours": Kind(
        dated(within={"hours": 24, "after": "begun"}),
        {"begun": "2024-05-10T09:00+08:00", "done": "2024-05-10T10:00+08:00"},
        TIMES,
    ),
    "before": Kind(
        dated(before={"months": 1, "of": "begun"}),
        {"begun": "2024-06-14", "done": "2024-05-09"},
        {"begun": ["2024-06-10", "2024-06-12", "2024-06-13", None], "done": DATES},
    ),
    "law": Kind(
        obligation(
            "deadline",
            "items",
            done="done",
            within={"days": 3, "after": "begun"},
            basis="statute",
            cites=(STATUTE,),
        ),
        {"begun": "2024-05-01"},
        TIMES,
    ),
    "the first record": Kind(
        dated(done=FIRST, within={"days": 10, "after": "begun"}),
        {"begun": "2024-05-01", "records": RECORDS[0]},
        {"begun": DATES, "records": [*RECORDS, RECORDS[0] + RECORDS[1], [], ["x"], None]},
    ),
    "holding": Kind(
        obligation("holding", "items", organisation="by", categories=["B21"], throughout="as_of"),
        {"by": {"licences": [holder("2020-01-01", "2025-01-01")]}},
        {
            "by": [
                {"licences": licences}
                for licences in lists(
                    [
                        holder("2020-01-01", "2025-01-01"),
                        holder("2020-01-01", "2024-05-31"),
                        holder(None, "2025-01-01"),
                        holder("2020-01-01", "2025-01-01", categories=None),
                        "no record",
                    ]
                )
            ]
        },
    ),
    "mainland": Kind(
        obligation("location", "items", fact="at", at="mainland"),
        {"at": PLACES[0]},
        {"at": PLACES},
    ),
    "printed place": Kind(
        obligation("location", "items", fact="at", sites="site_ids", at="server_location"),
        {"at": PLACES[0], "site_ids": ["s1"]},
        {"at": PLACES, "site_ids": lists(["s1", "s2", "s3", None])},
        {
            "sites": [{"id": "s1", "domains": ["a.cn"]}, {"id": "s2", "domains": ["b.cn"]}],
            "licence": {"attachments": ATTACHMENTS},
        },
    ),
    "order": Kind(
        obligation("order", "items", first="begun", then="done"),
        {"begun": "2024-05-01", "done": "2024-05-09"},
        TIMES,
    ),
    "order with gaps": Kind(
        obligation(
            "order",
            "items",
            first="begun",
            then="done",
            at_least={"days": 3},
            at_most={"days": 5},
        ),
        {"begun": "2024-05-06", "done": "2024-05-10"},
        TIMES,
    ),
    "retention": Kind(
        obligation("retention", "items", fact="kept", at_least={"months": 6}),
        {"kept": {"days": 184}},
        {
            "kept": [
                *({"days": n} for n in (180, 181, 184, 184.0, "184", None)),
                *({"months": n} for n in (5, 6, True)),
                {"days": 184, "months": 1},
                {},
                None,
            ]
        },
    ),
    "retention and its oldest entry": Kind(
        obligation(
            "retention", "items", fact="kept", at_least={"days": 30}, oldest="begun", since="done"
        ),
        {"kept": {"days": 60}, "begun": "2024-05-01", "done": "2024-01-01"},
        {**TIMES, "kept": [{"days": 60}, {"days": 20}]},
    ),
}
NAMED = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@NAMED
def test_what_is_plainly_well_is_not_judged(kind: Kind) -> None:
    with counted() as labels:
        outcome = decide(kind.made, kind.facts(kind.well, kind.well))
    # All are judged once, to compare.
    assert labels == ["i0", "i1"]
    assert (outcome.findings, outcome.notes, outcome.upcoming) == ((), (), ())


@NAMED
@pytest.mark.parametrize("as_of", ["2024-05-14", "2024-06-03"])
@pytest.mark.parametrize("six_months", ["calendar", "180"])
def test_a_glance_says_what_a_judgement_says(kind: Kind, as_of: str, six_months: str) -> None:
    every = [dict(zip(kind.values, one, strict=True)) for one in product(*kind.values.values())]
    facts = kind.facts(*every, {})
    # `decide` compares the two.
    assert decide(kind.made, facts, as_of, six_months=six_months).subjects


@NAMED
def test_a_field_that_no_glance_knows_of_has_all_judged(kind: Kind) -> None:
    made = obligation(kind.made.kind, "items", **kind.made.fields, another=True)
    with counted() as labels:
        decide(made, kind.facts(kind.well))
    assert labels == ["i0", "i0"]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("agreement of records", AMOUNT),
        ("days", {"within": {"days": 10, "after": "begun", "another": 1}}),
        ("the first record", {"done": {**FIRST, "another": 1}}),
        ("the first record", {"done": {**FIRST, "after_event": True}}),
        ("coverage", {"in_force": {"from": "since"}}),
        ("days", {"parent_where": {"name": "x"}}),
        ("days", {"serving": {"by": "service_id", "items": ["B25.community"]}}),
        ("holding", {"throughout": {"from": "since", "to": "until"}}),
        ("coverage once", {"covers": "elsewhere"}),
    ],
)
def test_what_a_glance_cannot_tell_is_judged(kind: str, fields: Facts) -> None:
    one = KINDS[kind]
    made = obligation(one.made.kind, "items", **{**one.made.fields, **fields})
    with counted() as labels:
        decide(made, one.facts(one.well))
    assert labels == ["i0", "i0"]


@pytest.mark.parametrize("kind", ["agreement of records", "printed place"])
def test_where_records_are_not_declared_all_is_judged(kind: str) -> None:
    one = KINDS[kind]
    with counted() as labels:
        decide(one.made, {"items": one.facts(one.well)["items"]})
    assert labels == ["i0", "i0"]


def test_exactly_one_is_not_known_while_a_record_is_not() -> None:
    kind = KINDS["coverage once"]
    facts = {"sites": [{"id": "s1"}, {"id": None}], "items": [kind.well]}
    assert decide(kind.made, facts).verdict == "unknown"


def test_who_is_not_meant_is_not_seen_either() -> None:
    kind = KINDS["days"]
    made = obligation("deadline", "items", **kind.made.fields, where={"meant": True})
    others = ({**kind.well, "meant": False}, {"meant": False}, kind.well)
    outcome = decide(made, kind.facts({**kind.well, "meant": True}, *others))
    assert (outcome.verdict, outcome.subjects) == ("satisfied", 2)


def test_a_list_with_something_else_in_it_is_judged() -> None:
    kind = KINDS["days"]
    outcome = decide(kind.made, {"items": [kind.well, None]})
    assert (outcome.verdict, outcome.subjects) == ("satisfied", 1)
