"""Values as a description would write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_icp.law.jsontypes import Json


def show(value: Json) -> str:
    """Write a value as a description would: ``true``, ``never``, ``[a, b]``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {show(part)}" for key, part in value.items()) + "}"
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return "[" + ", ".join(show(part) for part in value) + "]"
    return str(value)
