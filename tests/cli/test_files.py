from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.cli.output import check_absent, write_new
from pytest_icp.law.errors import InputError


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("mine", "utf-8")
    with pytest.raises(InputError, match=r"already exists(.|\n)*--force"):
        write_new(path, "yours", overwrite=False)
    assert path.read_text("utf-8") == "mine"


def test_the_first_file_that_is_there_is_named_before_anything_is_written(tmp_path: Path) -> None:
    there = tmp_path / "b.yaml"
    check_absent(tmp_path / "a.yaml", there)
    there.write_text("mine", "utf-8")
    with pytest.raises(InputError, match=r"b.yaml: the file already exists(.|\n)*--force"):
        check_absent(tmp_path / "a.yaml", there)


def test_what_the_system_refuses_is_said_with_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written: it is a folder") as caught:
        write_new(tmp_path, "", overwrite=True)
    assert caught.value.place is not None
    assert caught.value.place.path == tmp_path
