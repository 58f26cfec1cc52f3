from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.cli.baseline import run_baseline
from pytest_icp.cli.evaluate import run_evaluate
from pytest_icp.law.errors import InputError
from pytest_icp.reports.layout import width
from tests.cli.test_evaluate import ASKED


def test_it_is_written_and_then_nothing_is_new(folder: Path) -> None:
    path = Path("icp-baseline.json")
    told = run_baseline(ASKED, path, 80, over=False)
    count = len(json.loads(path.read_text("utf-8"))["findings"])
    assert (told.code, told.text.startswith(f"Wrote {count} findings to icp-")) == (0, True)
    beside = run_evaluate(replace(ASKED, baseline=path), 80)
    assert f"0 new, {count} in the baseline" in beside.text
    assert beside.code == 1


def test_one_that_is_there_is_left_alone(folder: Path) -> None:
    path = Path("b.json")
    run_baseline(ASKED, path, 80, over=False)
    with pytest.raises(InputError, match="the file is there already"):
        run_baseline(ASKED, path, 80, over=False)
    run_baseline(ASKED, path, 80, over=True)


def test_it_is_not_written_of_what_cannot_be_read(folder: Path) -> None:
    (folder / "bad.icp.yaml").write_text("apiVersion: pytest-icp/v1\nlicense: 1\n", "utf-8")
    with pytest.raises(InputError, match=r"bad\.icp\.yaml:2:1: (.|\n)*no baseline was written"):
        run_baseline(replace(ASKED, descriptions=(Path(),)), Path("b.json"), 80, over=False)
    assert not (folder / "b.json").exists()


def test_what_was_perhaps_meant_is_said_too(folder: Path) -> None:
    (folder / "bad.icp.yaml").write_text("apiVersion: pytest-icp/v1\nrenewl: 1\n", "utf-8")
    with pytest.raises(InputError) as caught:
        run_baseline(replace(ASKED, descriptions=(Path(),)), Path("b.json"), 80, over=False)
    assert caught.value.hint.en.startswith("did you mean 'renewal'? a description or a source")


def test_what_it_says_keeps_to_the_columns(folder: Path) -> None:
    told = run_baseline(replace(ASKED, language="both"), Path("icp-baseline.json"), 80, over=False)
    assert max(map(width, told.text.splitlines())) <= 80
