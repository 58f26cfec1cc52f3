"""Hypothesis strategies (测试数据策略) for licences, descriptions and verdicts.

The names here are stable. They are imported on first use, so that the entry point of Hypothesis
costs nothing. All are plural; all arguments but the first are keyword-only; each documents what
its examples shrink to. Obligations are those that `load_policies` returns.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pytest_icp.facts.extras import missing_extra
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.authoring.strategies.documents import Situation as Situation
    from pytest_icp.authoring.strategies.shapes import corporate_events as corporate_events
    from pytest_icp.authoring.strategies.shapes import descriptions as descriptions
    from pytest_icp.authoring.strategies.shapes import licences as licences
    from pytest_icp.authoring.strategies.values import calendars as calendars
    from pytest_icp.authoring.strategies.values import hosts as hosts
    from pytest_icp.authoring.strategies.values import instants_near as instants_near
    from pytest_icp.authoring.strategies.values import licence_numbers as licence_numbers
    from pytest_icp.authoring.strategies.values import scope_texts as scope_texts
    from pytest_icp.authoring.strategies.verdicts import NearMiss as NearMiss
    from pytest_icp.authoring.strategies.verdicts import near_misses as near_misses
    from pytest_icp.authoring.strategies.verdicts import satisfying as satisfying
    from pytest_icp.authoring.strategies.verdicts import undecided as undecided
    from pytest_icp.authoring.strategies.verdicts import violating as violating

_HOMES = {
    "NearMiss": "verdicts",
    "Situation": "documents",
    "calendars": "values",
    "corporate_events": "shapes",
    "descriptions": "shapes",
    "hosts": "values",
    "instants_near": "values",
    "licence_numbers": "values",
    "licences": "shapes",
    "near_misses": "verdicts",
    "satisfying": "verdicts",
    "scope_texts": "values",
    "undecided": "verdicts",
    "violating": "verdicts",
}

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


def register() -> None:
    """Tell Hypothesis which strategy makes which type: its entry point calls this."""
    from hypothesis import strategies as st

    from pytest_icp.authoring.strategies.documents import Situation
    from pytest_icp.law.calendar import Calendar
    from pytest_icp.law.permitted import Scope

    def of(name: str) -> Any:
        return lambda _: __getattr__(name)()

    st.register_type_strategy(Calendar, of("calendars"))
    st.register_type_strategy(Scope, lambda _: _scopes())
    st.register_type_strategy(
        Situation,
        lambda _: st.builds(Situation, document=__getattr__("descriptions")(), as_of=_days()),
    )


def _scopes() -> Any:
    from pytest_icp.law.scope import parse_scope

    return __getattr__("scope_texts")().map(parse_scope)


def _days() -> Any:
    from pytest_icp.authoring.strategies.values import DAYS

    return DAYS.map(str)
