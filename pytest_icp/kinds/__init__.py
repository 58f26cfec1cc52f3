"""One module per kind of obligation: its spec, its check, its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_icp.kinds.kind import Kind

_NAMES = (
    "agreement",
    "attestation",
    "constraint",
    "containment",
    "coverage",
    "deadline",
    "display",
    "grading",
    "growth",
    "holding",
    "location",
    "order",
    "presence",
    "recurrence",
    "retention",
    "scope",
    "validity",
)


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds of obligation that the product knows, by name."""
    return MappingProxyType({name: import_module(f"{__name__}.{name}").KIND for name in _NAMES})
