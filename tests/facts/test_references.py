"""Ids lead to elements; what is not known leads nowhere, and is no error."""

from __future__ import annotations

from pytest_icp.facts.references import dangling


def test_ids_are_found_in_lists_and_alone() -> None:
    facts = {
        "sites": [{"id": "a"}, {"id": "b"}],
        "servers": [{"id": "1", "site_ids": ["a", None, "c"]}, {"id": "2", "site_ids": None}],
    }
    assert [one.tokens for one in dangling(facts, "description")] == [("servers", 0, "site_ids", 2)]
    assert not [*dangling({"servers": facts["servers"]}, "description")]
