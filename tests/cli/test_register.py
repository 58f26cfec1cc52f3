"""``pytest-icp register``: a register to fill in, and the list of those that there may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.cli.main import main
from pytest_icp.cli.register import run_register
from pytest_icp.law.errors import InputError


def test_a_register_is_written_with_what_to_do_next(folder: Path) -> None:
    told = run_register("投诉", None, "csv", "zh")
    assert "已写入 complaints.csv：5 列" in told.zh
    assert "- {kind: register, path: complaints.csv}" in told.en
    assert (folder / "complaints.csv").read_text("utf-8-sig").startswith("标识,种类,")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("投拆", "did you mean '投诉'?"), ("complaint", "did you mean 'complaints'?"), ("q", "lists")],
)
def test_a_list_that_there_is_not(folder: Path, name: str, hint: str) -> None:
    with pytest.raises(InputError) as error:
        run_register(name, None, "csv", "zh")
    assert hint in error.value.hint.en


def test_a_file_is_only_replaced_when_asked(folder: Path) -> None:
    path = folder / "a.csv"
    run_register("complaints", path, "csv", "zh")
    with pytest.raises(InputError, match="--force"):
        run_register("complaints", path, "csv", "en")
    run_register("complaints", path, "csv", "en", overwrite=True)
    assert path.read_text("utf-8-sig").startswith("Identifier,Kind,")
    with pytest.raises(InputError, match="cannot be written"):
        run_register("complaints", folder / "no" / "a.csv", "csv", "en")


def test_the_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["register", "--lang", "en"]) == 0
    assert "complaints" in capsys.readouterr().out
    assert main(["register", "complaints", "--output", "a.txt", "--lang", "zh"]) == 0
    assert (folder / "a.txt").read_text("utf-8-sig").startswith("标识,种类")
