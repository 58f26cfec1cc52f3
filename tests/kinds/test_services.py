"""Services that do what an item is for, may do, or do not."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.kinds.services import LIVE, in_use, operated, operates
from pytest_icp.law.features import FEATURES

SILENT: dict[str, Any] = {name: [] for name in FEATURES}
"""Features that are all declared, and there are none."""

FORUM = {
    "id": "bbs",
    "status": "production",
    "commercial": True,
    "features": {**SILENT, "ugc_social": "forum"},
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
        # What a company says of itself counts, and what it does not say is not claimed.
        ({"features": SILENT, "declared_codes": ["B25.community"]}, True, ()),
        ({"features": SILENT, "declared_codes": ["B25.search", None]}, False, ()),
        ({"features": SILENT, "declared_codes": None}, False, ()),
    ],
)
def test_one_service(change: dict[str, Any], truth: bool | None, missing: tuple[str, ...]) -> None:
    found = operates({**FORUM, **change}, COMMUNITY, strict=False)
    assert (found.truth, found.open_at) == (truth, missing)


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
    assert operates(finder, codes, strict=strict).truth is truth


def test_what_is_no_service_may_be_any() -> None:
    assert operates("bbs", COMMUNITY, strict=False).truth is None


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
    ],
)
def test_any_of_the_services(services: Any, truth: bool | None, missing: tuple[Any, ...]) -> None:
    found = operated(in_use(services), COMMUNITY, strict=False)
    assert (found.truth, found.open_at) == (truth, missing)


def test_a_pilot_is_in_use() -> None:
    assert LIVE == ("pilot", "production")
