"""The published schema of policies, out of the part that all kinds share and that of each kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest_icp.kinds
from pytest_icp.facts.files.properties import SUFFIX, resource
from pytest_icp.rules.fields import COMMON, with_kinds


def policy() -> tuple[Path, str]:
    """Return where the schema is published, and its text."""
    files = sorted(Path(pytest_icp.kinds.__file__).parent.glob(f"*{SUFFIX}"))
    parts = {file.name.removesuffix(SUFFIX): json.loads(file.read_text("utf-8")) for file in files}
    schema = with_kinds(json.loads(COMMON.read_text("utf-8")), parts)
    text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    return resource("schemas") / f"policy{SUFFIX}", text
