"""Reads what is kept of public files, and compares what is told of them with what a person saw."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.sources.loading import KINDS
from pytest_icp.sources.request import Request
from tests.attack.reading import write

FOLDER = Path(__file__).parent
_SETTINGS = {kind: {"host": "www.example.cn"} for kind in ("app", "html")}
# A person was asked for these facts; the others have tests of their own.
_ASKED: dict[str, dict[str, tuple[str, ...]]] = {
    "ansible": {"servers": ("ips", "location")},
    "app": {"sites": ("mini_programs", "app_package_id")},
    "compose": {"data_stores": ("kind",)},
    "html": {"sites": ("icp_filing", "psb_filing")},
    "kubernetes": {"data_stores": ("kind",)},
    "zone": {"sites": ("public",), "servers": ("role",)},
}


def files() -> list[dict[str, Any]]:
    """Return the files with their kinds."""
    return [
        {"kind": path.stem, **one}
        for path in sorted(FOLDER.glob("*.yaml"))
        for one in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    ]


def missed(one: dict[str, Any]) -> Counter[str]:
    """Return what a person saw in a file beside, that no reader tells."""
    return expected({"kind": one["kind"], "told": {}, **one.get("missed", {})})


def expected(one: dict[str, Any]) -> Counter[str]:
    """Return what a person saw in a file and a reader is to tell, each thing as a text."""
    if one.get("refused"):
        return Counter(["nothing to tell"])
    facts = Counter(_logs(one["logs"]) if "logs" in one else _facts(one["kind"], one["told"]))
    return facts + Counter({"gap": one.get("gaps", 0)})


def found(one: dict[str, Any], folder: Path) -> Counter[str]:
    """Return what is told of a file, each thing as a text."""
    name = one["from"].split(" ", 2)[2]
    write(folder, {name: one["text"], **one.get("beside", {})})
    # Of a folder with several, the others are read as well.
    path = (folder / name).parent if one["kind"] == "nginx" and "beside" in one else folder / name
    settings = _SETTINGS.get(one["kind"], {})
    request = Request(path=path, root=folder, folder=folder, settings=settings)
    try:
        derived = KINDS[one["kind"]].read(request)
    except InputError:
        return Counter(["nothing to tell"])
    return Counter(_told(one["kind"], derived)) + Counter({"gap": len(derived.gaps)})


def _told(kind: str, derived: Derived) -> Iterator[str]:
    facts: Any = derived.facts
    if "log_stores" in facts:
        yield from _logs(facts.pop("log_stores"))
    yield from _facts(
        kind, {each: {one["id"]: one for one in listed} for each, listed in facts.items()}
    )


def _facts(kind: str, told: dict[str, Any]) -> Iterator[str]:
    for each, elements in told.items():
        for name, element in elements.items():
            yield f"{each} {name}"
            for fact in _ASKED[kind].get(each, ()) if kind in _ASKED else ():
                value = element.get(fact)
                if isinstance(value, list) and fact == "mini_programs":
                    value = ", ".join(one["app_id"] for one in value)
                if value is not None:
                    yield f"{each} {name} {fact} {json.dumps(value)}"


def _logs(stores: list[dict[str, Any]]) -> Iterator[str]:
    for one in stores:
        yield f"log of {one.get('kinds')}: {json.dumps(one.get('retention'))}"
