"""Facts along paths, and what a holder operates."""

from __future__ import annotations

from typing import Any

from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.features import FEATURES
from tests.contexts import decide
from tests.obligations import obligation

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
