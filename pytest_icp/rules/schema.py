"""Policy schemas that know more kinds of obligation than the product's own."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pytest_icp.facts.files.resources import resource
from pytest_icp.facts.files.schema_files import SUFFIX
from pytest_icp.law.jsontypes import JsonObject


@contextmanager
def extended_schemas(kinds: Mapping[str, JsonObject]) -> Iterator[Path | None]:
    """Give a folder of schemas whose policies may use more kinds; None where there are none."""
    if not kinds:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="pytest-icp-") as name:
        folder = Path(name)
        for path in resource("schemas").glob(f"*{SUFFIX}"):
            shutil.copy(path, folder)
        policy = folder / f"policy{SUFFIX}"
        extended = _extended(json.loads(policy.read_text("utf-8")), kinds)
        policy.write_text(json.dumps(extended, ensure_ascii=False), "utf-8")
        yield folder


def _extended(schema: dict[str, Any], kinds: Mapping[str, JsonObject]) -> dict[str, Any]:
    obligation = schema["$defs"]["Obligation"]
    common = schema["$defs"]["Constraint"]["properties"]
    for name, fields in kinds.items():
        obligation["properties"]["kind"]["enum"].append(name)
        known = {key: common[key] for key in ("kind", "each", "where")}
        added = fields.get("properties")
        # What an obligation of any kind may say stands beside what this kind adds.
        properties = {**known, **(added if isinstance(added, Mapping) else {})}
        own = {**fields, "properties": {**properties, "kind": {"const": name}}}
        is_kind = {"properties": {"kind": {"const": name}}, "required": ["kind"]}
        obligation["allOf"].append({"if": is_kind, "then": own})
    return schema
