"""One module per kind of obligation: its spec, its check, its sentences; and what a kind is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from pytest_icp.facts.files.properties import SUFFIX

if TYPE_CHECKING:
    from pytest_icp.kinds.context import Context
    from pytest_icp.kinds.finding import Outcome
    from pytest_icp.law.jsontypes import JsonObject
    from pytest_icp.rules.policy import Obligation, Spec

Check: TypeAlias = "Callable[[Obligation, Context], Outcome]"
"""Decides one obligation in a context: the facts as of a day in, an outcome out."""


class Kind(Struct, frozen=True):
    """A kind of obligation (义务类别).

    ``spec`` is the type of its fields in a policy, by which ``check`` decides. ``schema`` is the
    object schema of those fields, without the common ones; None where the published schema of
    policies includes it.
    """

    name: str
    spec: type[Spec]
    check: Check
    schema: JsonObject | None = None


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds of obligation of the package by name: one for each schema part here."""
    files = Path(__file__).parent.glob(f"*{SUFFIX}")
    names = sorted(file.name.removesuffix(SUFFIX) for file in files)
    return MappingProxyType({name: import_module(f"{__name__}.{name}").KIND for name in names})
