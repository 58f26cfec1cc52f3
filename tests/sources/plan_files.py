"""Plans of real projects with what was read of them, and how tests read plans and source.

``python -m tests.sources.plan_files`` writes the facts of every plan anew, beside it as
``NAME.facts.json``, and the outcomes of all to ``outcomes.tsv``. Compare each with its plan by
eye before it is committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.plan import read_plan
from pytest_icp.sources.terraform.source import read_source
from tests.helpers import ROOT

REAL = ROOT / "tests" / "data" / "real" / "plan"


def read_bytes(raw: bytes, **settings: Any) -> Derived:
    """Read bytes as a plan from standard input."""
    return read_plan(Request(path=Path("-"), root=ROOT, given=raw, settings=settings))


def read(document: Any, **settings: Any) -> Derived:
    """Read a JSON document as a plan from standard input."""
    return read_bytes(json.dumps(document).encode(), **settings)


def refusal(raw: bytes) -> InputError:
    """Return why bytes are no plan."""
    try:
        read_bytes(raw)
    except InputError as error:
        return error
    raise AssertionError("it was read")


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


def source(folder: Path, files: dict[str, str], path: str = ".", **settings: Any) -> Derived:
    """Write files into a folder, and read the source in it."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return read_source(Request(path=folder / path, root=folder, folder=folder, settings=settings))


def facts(derived: Derived) -> Any:
    """Return the facts, for tests that look into them."""
    return derived.facts


def element(derived: Derived, kind: str, identifier: str) -> Any:
    """Return the element of an id."""
    (found,) = (one for one in facts(derived).get(kind, ()) if one["id"] == identifier)
    return found


def ids(derived: Derived, kind: str) -> list[str]:
    """Return the ids of the elements of a kind."""
    return [one["id"] for one in facts(derived).get(kind, ())]


def status(derived: Derived, pointer: str) -> str:
    """Return the status of a fact."""
    return derived.trace(pointer).status.value


def gaps(derived: Derived) -> list[str]:
    """Return the English words of every gap."""
    return [gap.message.en for gap in derived.gaps]


def real_files() -> Iterator[Path]:
    """Yield the real plans."""
    yield from (path for path in sorted(REAL.glob("*.json")) if ".facts." not in path.name)


def read_real(path: Path) -> Derived:
    """Read one real plan."""
    return read_plan(Request(path=path, root=REAL, folder=REAL))


def told(derived: Derived) -> dict[str, Any]:
    """Return what was read as JSON: the facts, where each comes from, and the rest."""
    return {
        "facts": derived.facts,
        "found": {pointer: _where(derived, pointer) for pointer in pointers(derived)},
        "gaps": gaps(derived),
        "unmapped": dict(derived.unmapped),
        "remarks": [remark.en for remark in derived.remarks],
    }


def pointers(derived: Derived) -> Iterator[str]:
    """Yield the pointer of every element and of every fact of it."""
    for kind, elements in facts(derived).items():
        for index, one in enumerate(elements):
            yield from (f"/{kind}/{index}/{name}" for name in one)


def _where(derived: Derived, pointer: str) -> str:
    found = derived.trace(pointer)
    place = f"{found.place.line}:{found.place.column}" if found.place.line else "-"
    return " ".join((found.status.value, place, found.address, found.attribute)).rstrip()


def outcome(path: Path) -> str:
    """Return in a few words what came of a real plan."""
    try:
        derived = read_real(path)
    except InputError as error:
        return f"refused: {error.message.en}"
    counts = {
        **{kind: len(elements) for kind, elements in facts(derived).items()},
        "gaps": len(derived.gaps),
        "remarks": len(derived.remarks),
        "unmapped": sum(derived.unmapped.values()),
    }
    return ", ".join(f"{kind} {count}" for kind, count in counts.items() if count) or "nothing"


def outcomes() -> str:
    """Return the outcomes of all real plans, a line each."""
    return "".join(f"{path.name}\t{outcome(path)}\n" for path in real_files())


def golden(path: Path) -> Path:
    """Return where the facts of a real plan are written."""
    return path.with_suffix(".facts.json")


def _write() -> None:
    (REAL / "outcomes.tsv").write_text(outcomes(), "utf-8")
    for path in real_files():
        try:
            derived = read_real(path)
        except InputError:
            continue
        if derived.facts or derived.gaps:
            text = json.dumps(told(derived), ensure_ascii=False, indent=1)
            golden(path).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    _write()
