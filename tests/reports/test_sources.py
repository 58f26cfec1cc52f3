"""What came of sources: one error for each, and what they tell beside their facts."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.facts.derived import Provenance
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.layout import width
from pytest_icp.reports.run import SourceRemarks
from pytest_icp.reports.sources import (
    source_errors,
    source_remarks,
    source_section,
    source_troubles,
)
from tests.derivations import broken, described, reading
from tests.results import shown

TOLD = SourceRemarks(
    description="infra/prod.icp.yaml",
    kind="terraform-plan",
    path="infra/plan.json",
    remarks=(
        Text(zh="计划前有一行日志", en="a log line stands before the plan"),
        *map(plain, "bc"),
    ),
)


def test_each_problem_of_a_source_and_each_disagreement_is_an_error(tmp_path: Path) -> None:
    description = described(
        tmp_path,
        {"servers": [{"id": "a", "role": "edge"}], "sites": []},
        broken("p"),
        reading("q", {"nonsense": 1, "more": 2}),
        reading("r", {"servers": [{"id": "a", "role": "origin", "site_ids": ["x"]}]}),
    )
    contested = (
        "`servers[a].role` has different values in different places, so it counts as not known: "
        f"edge ({tmp_path}/prod.icp.json:6:12); origin (r:4:1, res.r, servers/0/role)"
    )
    assert [error.message.en for error in source_errors(description)] == [
        "the test source p cannot be read: no JSON",
        "the test source q cannot be read: unknown key 'nonsense'",
        "unknown key 'more'",
        contested,
        "no element of `sites` has the id 'x'",
    ]
    troubles = source_troubles(description)
    assert [str(one.location) for one in troubles] == ["p:2:1", "q:2:1", "q:2:1", "r:4:1", "r:5:1"]
    assert {one.description for one in troubles} == {(tmp_path / "prod.icp.json").as_posix()}


@pytest.mark.parametrize(
    ("address", "generated", "stale"),
    [("res.main", True, True), ("res.main", False, False), ("res.other", True, False)],
)
def test_a_plan_that_differs_from_its_source_is_out_of_date(
    tmp_path: Path, address: str, *, generated: bool, stale: bool
) -> None:
    """The same resource has other values in the file that a tool made from the source."""

    def trace(_: str) -> Provenance:
        return Provenance(place=Place(path=Path("plan.json"), line=1), address=address)

    planned = reading("plan", {"servers": [{"id": "a", "role": "edge"}]}, generated=generated)
    assert planned.derived is not None
    planned = replace(planned, derived=replace(planned.derived, trace=trace))
    source = reading("main", {"servers": [{"id": "a", "role": "origin"}]})
    (error,) = source_errors(described(tmp_path, {}, planned, source))
    assert ("run terraform plan and terraform show -json again" in error.hint.en) is stale
    assert "origin (main:4:1, res.main" in error.message.en
    assert "edge (plan.json:1" in error.message.en


def test_what_sources_tell_beside_their_facts(tmp_path: Path) -> None:
    telling = reading("p", {}, remarks=(plain("a remark"),))
    description = described(tmp_path, {}, telling, reading("q", {}), broken("r"))
    (told,) = source_remarks(description, "prod.icp.json")
    assert (told.kind, told.path, told.remarks) == ("test", "p", (plain("a remark"),))


def test_some_remarks_are_shown_and_the_others_counted() -> None:
    (section,) = source_section([TOLD], most=2)
    assert [line.strip() for line in shown(section.blocks)] == [
        "terraform-plan infra/plan.json",
        "a log line stands before the plan",
        "b",
        "and 1 more; pytest-icp facts lists all",
    ]
    (whole,) = source_section([TOLD], most=None)
    assert [line.strip() for line in shown(whole.blocks)[1:]] == [
        "a log line stands before the plan",
        "b",
        "c",
    ]
    assert all(width(line) <= 80 for line in shown(whole.blocks, "both"))
    (short,) = source_section([TOLD], most=1)
    assert shown(short.blocks, "zh")[-1].strip() == "另有 2 项；pytest-icp facts 全部列出"


def test_nothing_told_is_no_section() -> None:
    assert list(source_section([], most=8)) == []
