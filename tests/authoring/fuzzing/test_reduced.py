from __future__ import annotations

import pytest
from msgspec.structs import replace

from pytest_icp.authoring.fuzzing.breach import BrokenLaw
from pytest_icp.authoring.fuzzing.running import reduced
from pytest_icp.authoring.strategies.documents import Situation, found_at
from pytest_icp.law.text import plain
from tests.authoring.fuzzing.fuzzed import situation

BIG = {
    "company": {"name": "甲"},
    "sites": [{"id": "a", "public": True}, {"id": "b", "public": False, "name": "乙"}],
}


def breach(where: Situation) -> BrokenLaw:
    words = plain("x")
    return BrokenLaw(law=words, situation=where, found=words, expected=words, why=words)


def some_site_is_not_public(where: Situation) -> BrokenLaw | None:
    sites = found_at(where.document, ("sites",)) or []
    return breach(where) if any(site.get("public") is False for site in sites) else None


def test_only_what_is_needed_is_left() -> None:
    start = replace(situation(BIG), files=(("a.txt", b""),))
    least = reduced(start, breach(start), some_site_is_not_public).situation
    assert least.document == {
        "apiVersion": "pytest-icp/v1",
        "sites": [{"id": "b", "public": False}],
    }
    assert least.files == ()


def test_in_a_bounded_number_of_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_icp.authoring.fuzzing.running._MOST_TRIES", 3)
    start = situation(BIG)
    tried: list[Situation] = []

    def never(where: Situation) -> None:
        tried.append(where)

    least = reduced(start, breach(start), never)
    assert least.situation == start
    assert len(tried) == 3


def test_files_that_are_needed_stay() -> None:
    start = replace(situation(BIG), files=(("a.txt", b""),))
    least = reduced(start, breach(start), lambda where: breach(where) if where.files else None)
    assert least.situation.files == start.files
