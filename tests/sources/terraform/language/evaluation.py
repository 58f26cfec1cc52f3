"""How tests of the language evaluate files and expressions, without a child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_icp.sources.terraform import evaluating
from pytest_icp.sources.terraform.evaluating import UNKNOWN

NOT_KNOWN = "?"
"""Stands for a value that is not known."""


def evaluated(
    files: Mapping[str, str] | str, folder: str = ".", *variables: str | Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the child answers for files, or for a file ``main.tf``."""
    texts = {"main.tf": files} if isinstance(files, str) else files
    return evaluating.evaluated(texts, folder, variables)


def values(
    files: Mapping[str, str] | str, folder: str = ".", *variables: str | Mapping[str, Any]
) -> dict[str, Any]:
    """Return what is set in each resource, by its address."""
    found = evaluated(files, folder, *variables)["resources"]
    return {one["address"]: shown(one["values"]) for one in found}


def shown(value: Any) -> Any:
    """Return a value with a question mark for each that is not known."""
    if isinstance(value, dict):
        return NOT_KNOWN if UNKNOWN in value else {name: shown(one) for name, one in value.items()}
    return [shown(one) for one in value] if isinstance(value, list) else value


def value(expression: str, before: str = "") -> Any:
    """Return the value of an expression; None if it is null."""
    written = f'{before}\nresource "a_b" "c" {{\n  x = [{expression}]\n}}\n'
    found = values(written)["a_b.c"]["x"]
    return found if found == NOT_KNOWN else found[0] if found else None
