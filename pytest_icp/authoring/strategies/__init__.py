"""Hypothesis strategies (测试数据策略) for descriptions, and for situations with a given verdict.

They are imported on first use: who does not fuzz needs no Hypothesis. All arguments but the first
are keyword-only; each documents what its examples shrink to. Obligations are those that
`load_policies` returns.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pytest_icp.facts.breakdowns import missing_extra
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.authoring.strategies.moves import situations as situations
    from pytest_icp.authoring.strategies.shapes import descriptions as descriptions
    from pytest_icp.authoring.strategies.trial import Situation as Situation

_HOMES = {"Situation": "trial", "descriptions": "shapes", "situations": "moves"}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - the names are the keys, written once


def must_have_hypothesis() -> None:
    """Raise `InputError`, with the command that installs it, where Hypothesis is missing."""
    if find_spec("hypothesis") is None:
        raise missing_extra("fuzz", Text(zh="模糊测试", en="fuzzing"))


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    must_have_hypothesis()
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *_HOMES]
