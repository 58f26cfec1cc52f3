"""How tests write and read states."""

from __future__ import annotations

import json
from typing import Any

from pytest_icp.facts.derived import Derived
from tests.sources.reading import given


def read_bytes(raw: bytes, **settings: Any) -> Derived:
    """Read bytes as a state from standard input."""
    return given("terraform-state", raw, **settings)


def read(*resources: dict[str, Any], **settings: Any) -> Derived:
    """Read a state of some resources, written as Terraform writes it."""
    return read_bytes(json.dumps(state(*resources), indent=2).encode(), **settings)


def state(*resources: Any, **more: Any) -> dict[str, Any]:
    """Return a state of version 4."""
    return {"version": 4, "serial": 7, "lineage": "x", "outputs": {}, **more} | {
        "resources": [*resources]
    }


def resource(address: str, *instances: Any, **more: Any) -> dict[str, Any]:
    """Return a resource; instances are attributes, or have them."""
    module, _, name = address.rpartition("module.")
    parts = name.split(".")
    inside = {"module": f"{module}module.{parts.pop(0)}"} if name != address else {}
    mode = "data" if parts[0] == "data" else "managed"
    kind, label = parts[-2:]
    provider = f'provider["registry.terraform.io/x/{kind.partition("_")[0]}"]'
    listed = [one if "attributes" in one else {"attributes": one} for one in instances]
    return {
        **inside,
        "mode": mode,
        "type": kind,
        "name": label,
        "provider": provider,
        **more,
        "instances": listed,
    }
