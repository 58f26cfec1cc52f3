"""Facts along paths, and what a holder operates."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.asof import View
from pytest_icp.kinds.condition import check_condition
from pytest_icp.kinds.context import Operated, in_use, operated, operates
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.law.features import FEATURES
from pytest_icp.law.kleene import PERHAPS
from tests.contexts import context, decide
from tests.obligations import obligation

FACTS = {
    "groups": [
        {"id": "g", "members": [{"id": "a"}, {"id": "b"}]},
        {"members": None},
        "no object",
    ],
    "one": {"deep": {"id": "d"}},
}


def test_subjects_are_collected_through_every_list() -> None:
    found = context(FACTS).subjects("groups.members")
    assert [subject.label for subject in found.subjects] == ["a", "b"]
    assert [subject.tokens for subject in found.subjects] == [
        ("groups", 0, "members", 0),
        ("groups", 0, "members", 1),
    ]
    assert found.missing == (("groups", 1, "members"),)


@pytest.mark.parametrize(
    ("parts", "asked"),
    [
        ({"where": {"id": "x"}}, "“id” is x"),
        ({"of_where": {"id": "h"}}, "“id” is h"),
        ({"where": {"id": "x"}, "of_where": {"id": "h"}}, "“id” is h; “id” is x"),
    ],
)
def test_why_nothing_is_meant_is_said_of_what_is_around_too(parts: Any, asked: str) -> None:
    made = obligation("condition", "groups.members", require={"id": "z"}, **parts)
    outcome = check_condition(made, context({"groups": [{"id": "g", "members": [{"id": "a"}]}]}))
    assert outcome.verdict is Verdict.NOT_APPLICABLE
    assert outcome.reason.en.endswith(asked)


@pytest.mark.parametrize(("path", "label"), [("one/deep", "d"), ("/one", "one"), ("one", "one")])
def test_a_subject_is_called_by_its_id_else_by_its_place(path: str, label: str) -> None:
    assert context(FACTS).subjects(path).subjects[0].label == label


def test_pointers_lead_past_what_is_hidden() -> None:
    seen = [{"id": "later"}]
    here = context({"items": seen})
    moved = type(here)(
        view=View(here.view.facts, {id(seen): (3,)}),
        as_of=here.as_of,
        calendar=here.calendar,
        decide=here.decide,
    )
    assert moved.subjects("items").subjects[0].tokens == ("items", 3)


def test_a_fact_is_followed_from_the_subject_or_from_the_document() -> None:
    here = context({"top": 1, "items": []})
    subject = Subject(("items", 0), {"inner": {"x": None}, "plain": "text"})
    assert here.fact(subject, "/top") == Fact(("top",), 1)
    assert here.fact(subject, "inner.x") == Fact(("items", 0, "inner", "x"), None)
    assert here.fact(subject, "plain.below").value is None


def test_the_values_of_a_fact() -> None:
    assert Fact((), None).values == ()
    assert Fact((), "a").values == ("a",)
    assert Fact((), ["a", None]).values == ("a", None)
    assert Fact((), 1).text is None


WHERE = obligation("condition", "items", where={"meant": True}, require={"good": True})


def test_what_breaks_a_requirement_that_may_not_apply_would_be_a_violation() -> None:
    items = [{"id": "a", "good": False}, {"id": "b", "meant": None, "good": None}]
    outcome = decide(WHERE, {"items": items})
    first, *others = outcome.findings
    assert first.message.en == "would be violated if “meant” is true: “good” is false"
    assert first.message.zh == "如果“meant”为“是”，则构成违反：“good”为“否”"
    assert (first.pointer, first.found.en) == ("/items/0/good", "false")
    assert first.hinge
    assert (first.hinge.pointer, first.hinge.verdict) == ("/items/0/meant", Verdict.UNKNOWN)
    assert [finding.hinge for finding in others] == [None, None]


def test_the_worst_subject_decides() -> None:
    def verdict(*goods: bool | None) -> str:
        items = [{"id": str(i), "meant": True, "good": good} for i, good in enumerate(goods)]
        return str(decide(WHERE, {"items": items}).verdict)

    assert verdict(True, None, False) == "violated"
    assert verdict(True, None) == "unknown"
    assert verdict(True, True) == "satisfied"
    assert decide(WHERE, {"items": []}).verdict == "not applicable"
    assert decide(WHERE, {}).verdict == "unknown"


@pytest.mark.parametrize(
    ("kind", "verdict"), [("meant", "unknown"), (None, "unknown"), ("other", "not applicable")]
)
def test_a_list_in_what_is_not_meant_need_not_be_declared(kind: str | None, verdict: str) -> None:
    made = obligation(
        "condition", "groups.members", of_where={"kind": "meant"}, require={"is": True}
    )
    assert decide(made, {"groups": [{"id": "g", "kind": kind}]}).verdict == verdict


def test_what_is_missing_on_the_way_has_no_holder() -> None:
    made = obligation("condition", "a.b", of_where={"kind": "meant"}, require={"is": True})
    assert decide(made, {"a": None}).verdict == "unknown"
    assert context({"a": None}).subjects("a.b").holders == {}


# ---- What a holder operates


SILENT: dict[str, Any] = {name: [] for name in FEATURES}
"""Features that are all declared, and there are none."""

FORUM = {
    "id": "bbs",
    "status": "production",
    "commercial": True,
    "features": {**SILENT, "ugc_social": "forum"},
    "declared_codes": [],
}
COMMUNITY = ("B25.community",)


@pytest.mark.parametrize(
    ("change", "truth", "missing"),
    [
        ({}, True, ()),
        ({"status": "pilot"}, True, ()),
        ({"status": "planned"}, False, ()),
        ({"status": "retired"}, False, ()),
        ({"status": None}, None, ("status",)),
        ({PERHAPS: "launched_on"}, None, ("launched_on",)),
        ({PERHAPS: "launched_on", "commercial": None}, None, ("commercial",)),
        ({PERHAPS: "launched_on", "features": SILENT}, False, ()),
        ({"commercial": False}, False, ()),
        ({"commercial": False, "status": None}, False, ()),
        ({"commercial": None}, None, ("commercial",)),
        ({"features": {**SILENT, "ugc_social": ["ratings", "qa"]}}, True, ()),
        ({"features": {**SILENT, "ugc_social": "comments"}}, False, ()),
        ({"features": {**SILENT, "ugc_social": None}}, None, ("features", "ugc_social")),
        (
            {"features": {**SILENT, "ugc_social": ["ratings", None]}},
            None,
            ("features", "ugc_social"),
        ),
        ({"features": None}, None, ("features", "ugc_social")),
        ({"features": SILENT}, False, ()),
        # What a company says of itself counts, and what it does not say it perhaps claims as well.
        ({"features": SILENT, "declared_codes": ["B25.community"]}, True, ()),
        ({"features": SILENT, "declared_codes": ["B25.search"]}, False, ()),
        ({"features": SILENT, "declared_codes": ["B25.search", None]}, None, ("declared_codes",)),
        ({"features": SILENT, "declared_codes": None}, None, ("declared_codes",)),
        ({"declared_codes": None}, True, ()),
        ({"features": None, "declared_codes": None}, None, ("features", "ugc_social")),
    ],
)
def test_one_service(change: dict[str, Any], truth: bool | None, missing: tuple[str, ...]) -> None:
    at = ("services", 2)
    found = operates({**FORUM, **change}, at, COMMUNITY, strict=False)
    assert (found.truth, found.open_at) == (truth, (*at, *missing) if missing else ())


def test_the_day_of_the_description_may_tell_whether_it_is_there() -> None:
    found = operates({**FORUM, PERHAPS: "/described_on"}, ("services", 2), COMMUNITY, strict=False)
    assert found == Operated(None, ("described_on",))


OTHER = {**FORUM, "features": SILENT}
OPEN = {**FORUM, "features": {**SILENT, "ugc_social": None}}


@pytest.mark.parametrize(
    ("services", "truth", "missing"),
    [
        ([], False, ()),
        ([OTHER], False, ()),
        ([OTHER, FORUM], True, ()),
        ([OPEN, FORUM], True, ()),
        ([OTHER, OPEN, OPEN], None, ("services", 1, "features", "ugc_social")),
        (None, None, ("services", 0, "features", "ugc_social")),
        ([{**FORUM, PERHAPS: "launched_on"}], None, ("services", 0, "launched_on")),
        ([{**FORUM, PERHAPS: "launched_on"}, FORUM], True, ()),
    ],
)
def test_any_of_the_services(services: Any, truth: bool | None, missing: tuple[Any, ...]) -> None:
    found = operated(in_use(View({"services": services}, {})), COMMUNITY, strict=False)
    assert (found.truth, found.open_at) == (truth, missing)


def test_what_is_not_known_is_found_behind_services_that_are_still_to_come() -> None:
    services = [{**FORUM, "status": None}]
    seen = View({"services": services}, {id(services): (3,)})
    assert operated(in_use(seen), COMMUNITY, strict=False).open_at == ("services", 3, "status")
