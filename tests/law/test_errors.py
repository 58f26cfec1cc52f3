from __future__ import annotations

import copy
import pickle
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from pytest_icp.facts.files.schema import InvalidDocument
from pytest_icp.law.condition import ConditionError
from pytest_icp.law.errors import IcpError, InputError
from pytest_icp.law.location import Place
from pytest_icp.law.scope import ScopeError
from pytest_icp.law.text import Text
from pytest_icp.law.times import TimeError

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = PurePosixPath("infra/prod.icp.yaml")


PLACE = Place(path=FILE, line=3, column=5)
SAID = Text("键重复", "duplicate key")
ERRORS = [
    InputError(SAID, place=PLACE, hint=Text("删去", "drop it")),
    InputError("no such file"),
    InvalidDocument([InputError(SAID, place=PLACE)], more=2),
    ConditionError(Text("不是检验", "not a test"), ("a", 1)),
    ScopeError("not read", "和", 3, "或"),
    TimeError(Text("没有这一天", "no such day")),
]


def _sent(error: IcpError) -> IcpError:
    arrived: IcpError = pickle.loads(pickle.dumps(error))  # noqa: S301 - its own words
    return arrived


def _given(error: IcpError) -> dict[str, object]:
    """Return what an error holds; errors in it are equal where what they hold is."""
    return {**vars(error), "problems": [vars(one) for one in getattr(error, "problems", ())]}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("again", [_sent, copy.copy])
def test_an_error_travels_between_processes(
    error: IcpError, again: Callable[[IcpError], IcpError]
) -> None:
    arrived = again(error)
    assert type(arrived) is type(error)
    assert (str(arrived), arrived.args) == (str(error), error.args)
    assert _given(arrived) == _given(error)
