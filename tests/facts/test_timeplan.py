"""What a plan of dates tells whoever walks many objects."""

from __future__ import annotations

from pytest_icp.facts.timeplan import TimePlan


def test_the_dates_are_told_by_what_they_mean() -> None:
    plan = TimePlan(
        fields={"opened": "begins", "seen": "event", "due": "schedule", "done": "event"},
        children={},
    )
    assert plan.begins == ("opened",)
    assert plan.events == ("seen", "done")
    assert plan.changing == ()


def test_a_view_differs_only_below_what_begins_or_happens() -> None:
    begins = TimePlan(fields={"opened": "begins"}, children={})
    happens = TimePlan(fields={"seen": "event"}, children={})
    scheduled = TimePlan(fields={"due": "schedule"}, children={})
    deeper = TimePlan(fields={}, children={"parts": happens})
    plan = TimePlan(
        fields={},
        children={"a": begins, "b": scheduled, "c": happens, "d": deeper, "e": scheduled},
    )
    assert plan.changing == (("a", begins), ("c", happens), ("d", deeper))


def test_what_begins_on_the_way_to_a_fact_is_told_with_its_place() -> None:
    part = TimePlan(fields={"opened": "begins", "seen": "event"}, children={})
    place = TimePlan(fields={"leased": "begins", "built": "begins"}, children={"parts": part})
    plan = TimePlan(fields={"founded": "begins"}, children={"places": place, "parts": part})
    assert [*plan.beginnings("places.parts.seen")] == [
        ("places", "leased"),
        ("places", "built"),
        ("places.parts", "opened"),
    ]
    assert [*plan.beginnings("parts")] == [("parts", "opened")]
    assert [*plan.beginnings("name.parts")] == []
