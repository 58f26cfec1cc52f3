"""How tests write plans, and read plans and source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from tests.attack.reading import Files
from tests.sources.reading import given, in_folder, refused


def read_bytes(raw: bytes, **settings: Any) -> Derived:
    """Read bytes as a plan from standard input."""
    return given("terraform-plan", raw, **settings)


def read(document: Any, **settings: Any) -> Derived:
    """Read a JSON document as a plan from standard input."""
    return read_bytes(json.dumps(document).encode(), **settings)


def refusal(raw: bytes) -> InputError:
    """Return why bytes are no plan."""
    return refused(read_bytes, raw)


def change(
    address: str, after: dict[str, Any] | None = None, /, unknown: Any = None, **more: Any
) -> dict[str, Any]:
    """Return an entry of ``resource_changes`` for a resource that is created."""
    module, _, name = address.rpartition("module.")
    inside = [module + "module." + name.split(".")[0]] if name != address else []
    kind = address.removeprefix(f"{inside[0]}." if inside else "").split(".")
    entry = {
        "address": address,
        "mode": "data" if kind[0] == "data" else "managed",
        "type": kind[1] if kind[0] == "data" else kind[0],
        "provider_name": f"registry.terraform.io/x/{kind[0].split('_')[0]}",
        "change": {"actions": ["create"], "after": after or {}, "after_unknown": unknown or {}},
    }
    if inside:
        entry["module_address"] = inside[0]
    entry["change"] |= {key: more.pop(key) for key in tuple(more) if key in _OF_CHANGE}
    return entry | more


_OF_CHANGE = ("actions", "after_sensitive", "before_sensitive", "before")


def declared(name: str, **expressions: Any) -> dict[str, Any]:
    """Return the declaration of a resource; a text is a reference, a list several."""
    kind = name.removeprefix("data.").split(".")[0]
    more = {key: expressions.pop(key) for key in ("for_each_expression",) if key in expressions}
    return {
        "mode": "data" if name.startswith("data.") else "managed",
        "type": kind,
        "name": name.rpartition(".")[2],
        "provider_config_key": expressions.pop("provider", kind.split("_")[0]),
        "expressions": {key: expression(value) for key, value in expressions.items()},
        **more,
    }


def expression(value: Any) -> Any:
    """Return an expression: references for texts, blocks and other expressions as they are."""
    if isinstance(value, str):
        return {"references": [value, ".".join(value.split(".")[:2])]}
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return {"references": value}
    return value


def plan(
    *changes: dict[str, Any],
    resources: list[dict[str, Any]] | None = None,
    providers: dict[str, Any] | None = None,
    root: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return a plan of changes, with a configuration where something of it is given."""
    document = {"format_version": "1.2", "planned_values": {}, "resource_changes": list(changes)}
    if resources is not None or providers is not None or root is not None:
        document["configuration"] = {
            "provider_config": providers or {},
            "root_module": {"resources": resources or [], **(root or {})},
        }
    return document | more


def in_region(region: Any, name: str = "alicloud", **more: Any) -> dict[str, Any]:
    """Return the configuration of a provider whose region is a constant, or an expression."""
    written = region if isinstance(region, dict) else {"constant_value": region}
    return {"name": name, "expressions": {"region": written}, **more}


def source(folder: Path, files: Files, path: str = ".", **settings: Any) -> Derived:
    """Write files into a folder, and read the source in it."""
    return in_folder("terraform", folder, files, path, **settings)
