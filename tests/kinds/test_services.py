"""Services that do what an item is for, may do, or do not."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.asof import View
from pytest_icp.kinds.context import LIVE, Operated, in_use, operated, operates
from pytest_icp.law.features import FEATURES
from pytest_icp.law.kleene import PERHAPS

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


@pytest.mark.parametrize(
    ("codes", "strict", "truth"),
    [
        (("B25.search",), False, False),
        (("B25.search",), True, True),
        (("B25",), True, True),
        (("B25.im", "B25.search"), True, True),
        (("B21",), True, False),
    ],
)
def test_a_code_means_what_lies_under_it(
    codes: tuple[str, ...], *, strict: bool, truth: bool
) -> None:
    finder = {**FORUM, "features": {**SILENT, "search_scope": "own_site"}}
    assert operates(finder, ("services", 0), codes, strict=strict).truth is truth


def test_what_is_no_service_may_be_any() -> None:
    assert operates("bbs", ("services", 0), COMMUNITY, strict=False).truth is None


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


def test_a_pilot_is_in_use() -> None:
    assert LIVE == ("pilot", "production")


def test_what_is_not_known_is_found_behind_services_that_are_still_to_come() -> None:
    services = [{**FORUM, "status": None}]
    seen = View({"services": services}, {id(services): (3,)})
    assert operated(in_use(seen), COMMUNITY, strict=False).open_at == ("services", 3, "status")
