from __future__ import annotations

from typing import Any

import pytest

from tests.obligations import obligation
from tests.worlds import decide

NOW = obligation("holding", "sites", organisation="host", categories=["B14"], throughout="as_of")
HELD = {"categories": ["B14"], "valid_from": "2024-01-01", "valid_until": "2024-12-31"}


@pytest.mark.parametrize(
    ("licences", "verdict"),
    [
        ([HELD], "satisfied"),
        ([{**HELD, "valid_from": None}], "satisfied"),
        ([{**HELD, "valid_until": "2024-06-02"}], "violated"),
        ([{**HELD, "valid_until": None}], "unknown"),
        ([{**HELD, "categories": ["B11"]}], "violated"),
        ([{**HELD, "categories": ["B11", None]}], "unknown"),
        ([{**HELD, "categories": None}], "unknown"),
        ([{**HELD, "categories": None, "valid_until": "2024-06-02"}], "violated"),
        ([{**HELD, "categories": ["B11"]}, HELD], "satisfied"),
        ([], "violated"),
        (None, "unknown"),
    ],
)
def test_an_organisation_holds_a_licence(licences: Any, verdict: str) -> None:
    facts = {"sites": [{"id": "s", "host": {"name": "某公司", "licences": licences}}]}
    assert decide(NOW, facts).verdict == verdict


@pytest.mark.parametrize(
    ("licences", "found"),
    [([{**HELD, "categories": ["B11"]}, "no object"], "[B11] – 2024-12-31"), ([], "[]")],
)
def test_what_is_held_is_told(licences: Any, found: str) -> None:
    facts = {"sites": [{"id": "s", "host": {"name": "某公司", "licences": licences}}]}
    (finding,) = decide(NOW, facts).findings
    assert finding.found.en == found
    assert "某公司" in finding.message.en


def test_licences_in_a_group_are_told_as_they_are() -> None:
    facts = {"sites": [{"id": "s", "host": {"licences": {"categories": ["B11"]}}}]}
    (finding,) = decide(NOW, facts).findings
    assert finding.found.en == "{categories: [B11]}"
