"""States of real projects with what was read of them, and how tests read states.

``python -m tests.sources.state_files`` writes what is read of each anew, beside it as
``NAME.facts.json``. Compare each with its state by eye before it is committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.state import read_state
from tests.helpers import ROOT
from tests.sources.plan_files import golden, told

REAL = ROOT / "tests" / "data" / "real" / "terraform-state"


def read_bytes(raw: bytes, **settings: Any) -> Derived:
    """Read bytes as a state from standard input."""
    return read_state(Request(path=Path("-"), root=ROOT, given=raw, settings=settings))


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


def real_files() -> Iterator[Path]:
    """Yield the real states."""
    listed = (row.split("\t")[0] for row in (REAL / "INDEX.tsv").read_text("utf-8").splitlines())
    yield from (REAL / name for name in [*listed][1:])


def outcome(path: Path) -> Any:
    """Return what is read of a real state, or why it is refused."""
    try:
        return told(read_state(Request(path=path, root=REAL, folder=REAL)))
    except InputError as error:
        return {"refused": error.message.en}


if __name__ == "__main__":
    for file in real_files():
        text = json.dumps(outcome(file), ensure_ascii=False, indent=1)
        golden(file).write_text(text + "\n", "utf-8")
