"""How tests of the language evaluate files and expressions, without a child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_icp.sources.terraform.language import modules
from pytest_icp.sources.terraform.language.values import Unknown, plain

NOT_KNOWN = "?"
"""Stands for a value that is not known."""


def evaluated(
    files: Mapping[str, str] | str, folder: str = ".", *variables: str | Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the child answers for files, or for a file ``main.tf``."""
    return modules.evaluated(_texts(files), folder, variables)


def _texts(files: Mapping[str, str] | str) -> Mapping[str, str]:
    return {"main.tf": files} if isinstance(files, str) else files


def values(
    files: Mapping[str, str] | str, folder: str = ".", *variables: str | Mapping[str, Any]
) -> dict[str, Any]:
    """Return what is set in each resource, by its address."""
    found = modules.modules_of(_texts(files), folder, variables)
    nodes = [node for module in found for node in module.resources()]
    return {node.address: shown(node.values) for node in nodes}


def shown(value: Any) -> Any:
    """Return a value without what is null, with a question mark for each that is not known."""
    value = plain(value)
    if isinstance(value, dict):
        return {name: shown(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [shown(one) for one in value if one is not None]
    return NOT_KNOWN if isinstance(value, Unknown) else value


def value(expression: str, before: str = "") -> Any:
    """Return the value of an expression; None if it is null."""
    written = f'{before}\nresource "a_b" "c" {{\n  x = [{expression}]\n}}\n'
    found = values(written)["a_b.c"]["x"]
    return found if found == NOT_KNOWN else found[0] if found else None
