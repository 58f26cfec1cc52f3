"""The type of a kind of obligation: its spec, its check, and its schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.rules.policy import Obligation, Spec

Check: TypeAlias = Callable[[Obligation, Context], Outcome]
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
