"""YAML that was read before is recalled by its content, with the place of each value.

To read it anew takes some twenty times as long as to read the same as JSON, and a repository
holds mostly files that did not change since the last run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_icp.facts.files.cache import SMALL, content_key, kept
from pytest_icp.facts.files.yaml_positions import YamlPositions, read_tree

if TYPE_CHECKING:
    from pytest_icp.facts.files.positions import Positions
    from pytest_icp.law.jsontypes import Json

_FORM = b"1"
"""Changes when the same text would be read into something else."""


def parse_or_recall(raw: bytes, text: str) -> tuple[Json, Positions]:
    """Read YAML as `parse_yaml` does, and find its places.

    Raises `Fault` for what `parse_yaml` refuses; nothing of that is kept.
    """
    if len(raw) > SMALL:
        return _parsed(raw, text), YamlPositions(raw)
    found = kept(
        content_key([b"yaml", _FORM, raw]),
        lambda: {"data": _parsed(raw, text), "tree": read_tree(raw)},
    )
    return found["data"], YamlPositions(raw, found["tree"])


def _parsed(raw: bytes, text: str) -> Any:
    from pytest_icp.facts.files.yaml_source import parse_yaml

    return parse_yaml(raw, text)
