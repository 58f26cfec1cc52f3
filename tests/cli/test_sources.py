"""The commands that judge read the sources that are named, and say what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.cli.main import main

BROKEN = "the zone source none.zone cannot be read"
NAMED = ("prod.icp.yaml", "--as-of=2025-06-01", "--lang=en", "--source=zone=none.zone")


@pytest.mark.parametrize("command", ["evaluate", "deadlines", "waivers"])
def test_a_broken_source_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main([command, *NAMED]) == 1
    told = capsys.readouterr()
    assert BROKEN in " ".join((told.out + told.err).split())


def test_no_baseline_is_written_of_a_part(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["baseline", *NAMED]) == 4
    assert BROKEN in capsys.readouterr().err
    assert not (folder / "icp-baseline.jsonl").exists()


def test_of_several_descriptions_whose_sources_they_are_is_not_known(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "two.icp.yaml").write_text((folder / "prod.icp.yaml").read_text("utf-8"), "utf-8")
    assert main(["evaluate", ".", *NAMED[1:]]) == 4
    assert "prod.icp.yaml, two.icp.yaml" in capsys.readouterr().err
