"""Plans and source as the sources of a description: merged, and shown where a person can edit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.sources.loading import load
from tests.sources.plan_files import change, declared, in_region, plan

DISK = "alicloud_ecs_disk.d"
MAIN = """
provider "alicloud" {
  region = "cn-beijing"
}
resource "alicloud_ecs_disk" "d" {
  encrypted = false
}
"""
PLAN = plan(
    change(DISK, {"encrypted": False}),
    resources=[declared(DISK)],
    providers={"alicloud": in_region("cn-beijing")},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "plan.json").write_text(json.dumps(PLAN), "utf-8")
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(MAIN, "utf-8")
    return tmp_path


def described(folder: Path, *sources: Any, **facts: Any) -> Any:
    path = folder / "prod.icp.json"
    document = {"apiVersion": "pytest-icp/v1", "sources": list(sources), **facts}
    path.write_text(json.dumps(document), "utf-8")
    return load(path)


OF_PLAN = {"kind": "terraform-plan", "path": "plan.json"}
OF_SOURCE = {"kind": "terraform", "path": "infra"}


def test_a_plan_alone_is_shown_in_itself(folder: Path) -> None:
    found = described(folder, OF_PLAN)
    assert found.facts["data_stores"][0]["encryption_at_rest"] is False
    assert found.place("/data_stores/0/encryption_at_rest").path == folder / "plan.json"


@pytest.mark.parametrize("sources", [(OF_PLAN, OF_SOURCE), (OF_SOURCE, OF_PLAN)])
def test_with_plan_and_source_the_line_of_the_source_is_shown(
    folder: Path, sources: tuple[Any, Any]
) -> None:
    found = described(folder, *sources)
    assert [one["id"] for one in found.facts["data_stores"]] == [DISK]
    place = found.place("/data_stores/0/encryption_at_rest")
    assert (place.path, place.line) == (folder / "infra" / "main.tf", 6)
    assert not found.disagreements


def test_hand_written_facts_join_those_of_the_plan(folder: Path) -> None:
    by_hand = {"id": DISK, "personal_info": True}
    found = described(folder, OF_PLAN, data_stores=[by_hand])
    (store,) = found.facts["data_stores"]
    assert (store["personal_info"], store["encryption_at_rest"]) == (True, False)
