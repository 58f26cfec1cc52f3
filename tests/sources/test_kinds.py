"""Kinds of source: each is known to the schema, reads when it is asked, and is named rightly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytest_icp.facts.files.properties import schema_document
from pytest_icp.sources.discovery import SIGNS
from pytest_icp.sources.loading import KINDS, load


def rows() -> list[dict[str, Any]]:
    """What the schema of `sources` says of one kind after the other."""
    rows: list[dict[str, Any]] = schema_document("sources")["$defs"]["Source"]["allOf"]
    return rows


def test_the_schema_has_the_settings_of_every_kind() -> None:
    *own, others = rows()
    named = [row["if"]["properties"]["kind"] for row in own]
    kinds = [kind for name in named for kind in name.get("enum", [name.get("const")])]
    assert others["if"]["properties"]["kind"]["enum"] == kinds
    assert set(KINDS) <= set(kinds)


def test_a_kind_that_is_no_more_is_named_with_the_nearest(tmp_path: Path) -> None:
    description = tmp_path / "infra.icp.yaml"
    description.write_text(
        "apiVersion: pytest-icp/v1\nsources:\n  - {kind: apisix, path: a.yaml}\n", "utf-8"
    )
    (reading,) = load(description, root=tmp_path).readings
    assert reading.error is not None
    assert reading.error.message.en == "unknown kind of source 'apisix'"
    assert reading.error.place is not None
    assert reading.error.place.line == 3
    assert reading.error.hint.en.startswith("available kinds: ansible, apache")


def test_a_file_is_of_a_kind_that_there_is() -> None:
    assert {sign.kind for sign in SIGNS} <= set(KINDS)
