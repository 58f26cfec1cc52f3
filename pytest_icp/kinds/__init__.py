"""One module per kind of obligation: its spec, its check, its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_icp.facts.files.properties import SUFFIX

if TYPE_CHECKING:
    from pytest_icp.kinds.kind import Kind


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds of obligation of the package by name: one for each schema part here."""
    files = Path(__file__).parent.glob(f"*{SUFFIX}")
    names = sorted(file.name.removesuffix(SUFFIX) for file in files)
    return MappingProxyType({name: import_module(f"{__name__}.{name}").KIND for name in names})
