"""Draws that are told: what a search does is tested without luck."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, find, settings
from hypothesis import strategies as st

from pytest_icp.authoring.strategies.moves import Draw

_QUICK = settings(
    max_examples=5, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def simplest(made: st.SearchStrategy[Any]) -> Any:
    """Return what a strategy shrinks to."""
    return find(made, lambda _: True, settings=_QUICK)


def drawing(*told: Any) -> Draw:
    """Return a draw that answers with the values told, one after another, then the simplest."""
    values = list(told)
    return lambda made: values.pop(0) if values else simplest(made)
