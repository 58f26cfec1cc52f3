"""Strategies for transcribed licences (经营许可证)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from pytest_icp.authoring.strategies.documents import with_ids
from pytest_icp.authoring.strategies.shapes import values_at


def licences() -> st.SearchStrategy[dict[str, Any]]:
    """Return licences (许可证) that are valid under the published schema and can be read.

    Optional facts are sometimes left out.

    Examples shrink to a licence that declares nothing.
    """
    return values_at(("licence",)).filter(lambda licence: licence is not None).map(_alone)


def _alone(licence: dict[str, Any]) -> dict[str, Any]:
    return dict(with_ids({"licence": licence})["licence"])
