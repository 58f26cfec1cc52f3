"""Whose line it is: what tells the descriptions of a run apart, where there are several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile

from pytest_icp.kinds.result import Result
from pytest_icp.reports.marked import KIND


def telling(descriptions: Iterable[str]) -> Mapping[str, str]:
    """Return for each description its path below the folder of all; nothing for an only one."""
    parts = {path: path.split("/") for path in descriptions}
    if len(parts) == 1:
        return dict.fromkeys(parts, "")
    # Folder by folder, of relative and absolute paths together, which `commonpath` would refuse.
    folders = zip(*(names[:-1] for names in parts.values()), strict=False)
    shared = sum(1 for _ in takewhile(lambda level: len({*level}) == 1, folders))
    return {path: "/".join(names[shared:]) for path, names in parts.items()}


def telling_of(results: Iterable[Result]) -> Mapping[str, str]:
    """Return what tells the descriptions of results apart; tests of one's own have none."""
    return telling(result.description for result in results if result.kind != KIND)


def whose(rule_id: str, name: str) -> str:
    """Return a rule with the description in which it was decided, where that needs telling."""
    return f"{rule_id} ({name})" if name else rule_id
