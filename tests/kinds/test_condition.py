from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide
from tests.obligations import obligation

ABROAD = obligation(
    "condition",
    "held",
    require={"share": {"maximum": 0.5}},
    excused=[
        {"from": "2015-06-19", "items": ["B21.ecommerce"]},
        {"from": "2024-10-23", "when": {"approved": True}},
    ],
)
COMMERCE = {"name": "在线数据处理与交易处理业务(仅限经营类电子商务)", "scope": "全国"}
CENTRE = {"name": "国内呼叫中心业务", "scope": "全国"}


@pytest.mark.parametrize(
    ("lines", "approved", "as_of", "verdict", "pointer"),
    [
        ([COMMERCE], False, "2015-06-19", "satisfied", None),
        ([COMMERCE], False, "2015-06-18", "violated", "/held/0/share"),
        ([COMMERCE, CENTRE], False, "2024-10-23", "violated", "/held/0/share"),
        ([CENTRE], True, "2024-10-23", "satisfied", None),
        ([CENTRE], True, "2024-10-22", "violated", "/held/0/share"),
        ([CENTRE], None, "2024-10-23", "unknown", "/held/0/share"),
        (None, False, "2024-10-23", "unknown", "/licence/service_lines"),
        (None, True, "2024-10-23", "satisfied", None),
        (None, False, "2015-06-18", "violated", "/held/0/share"),
    ],
)
def test_an_excuse_has_its_day_its_items_and_its_condition(
    lines: Any, approved: bool | None, as_of: str, verdict: str, pointer: str | None
) -> None:
    held = [{"id": "a", "share": 0.6, "approved": approved}]
    outcome = decide(ABROAD, {"licence": {"service_lines": lines}, "held": held}, as_of)
    assert outcome.verdict == verdict
    assert [finding.pointer for finding in outcome.findings] == ([pointer] if pointer else [])


def test_a_list_that_is_not_as_it_has_to_be_is_told_by_what_it_has_to_have() -> None:
    rule = obligation(
        "condition", "incidents", require={"reports": {"some": {"to": {"const": "CA"}}}}
    )
    outcome = decide(rule, {"incidents": [{"id": "a", "reports": [{"to": "MPS"}]}]}, "2024-01-01")
    (finding,) = outcome.findings
    assert finding.message.en == "not met: “Reports” has one where “To” is CA"
