from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from pytest_icp.core.errors import IcpError, InputError, Place
from pytest_icp.core.text import Text

FILE = PurePosixPath("infra/prod.icp.yaml")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(path=FILE, line=3, column=5), "infra/prod.icp.yaml:3:5"),
        (Place(path=FILE, line=3), "infra/prod.icp.yaml:3"),
        (Place(path=FILE), "infra/prod.icp.yaml"),
    ],
)
def test_a_place_is_written_as_compilers_do(place: Place, text: str) -> None:
    assert str(place) == text


def test_an_error_speaks_both_languages() -> None:
    error = InputError(
        Text("键重复", "duplicate key"),
        place=Place(path=FILE, line=3),
        hint=Text("删去", "drop it"),
    )
    assert error.text("zh") == "infra/prod.icp.yaml:3: 键重复\n  删去"
    assert str(error) == "infra/prod.icp.yaml:3: duplicate key\n  drop it"


def test_an_error_may_know_neither_place_nor_hint() -> None:
    error = InputError("no such file")
    assert (error.text("zh"), str(error)) == ("no such file", "no such file")
    assert isinstance(error, IcpError)
