from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

HERE = ("baseline", "prod.icp.yaml")


@pytest.fixture(autouse=True)
def few_rules(folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\nicp_select = SP12\n", "utf-8")


def test_it_is_written_and_then_nothing_is_new(command: Command, folder: Path) -> None:
    told = command(*HERE)
    count = len((folder / "icp-baseline.jsonl").read_text("utf-8").splitlines()) - 1
    assert (told.code, told.out.startswith(f"Wrote {count} findings to icp-")) == (0, True)
    beside = command("evaluate", "prod.icp.yaml", "--baseline", "icp-baseline.jsonl")
    assert f"0 new, {count} in the baseline" in beside.out
    assert beside.code == 1


def test_one_that_is_there_is_left_alone(command: Command) -> None:
    assert command(*HERE, "--output", "b.json").code == 0
    again = command(*HERE, "--output", "b.json")
    assert (again.code, "the file already exists" in again.err) == (4, True)
    assert command(*HERE, "--output", "b.json", "--force").code == 0


def test_it_is_not_written_of_what_cannot_be_read(command: Command, folder: Path) -> None:
    (folder / "bad.icp.yaml").write_text("apiVersion: pytest-icp/v1\nlicense: 1\n", "utf-8")
    told = command("baseline", ".", "--output", "b.json")
    assert (told.code, told.err.startswith("bad.icp.yaml:2:1: ")) == (4, True)
    assert "no baseline was written" in " ".join(told.err.split())
    assert not (folder / "b.json").exists()
