"""The names that tell the descriptions of a run apart, where there are several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile

from pytest_icp.kinds.result import Result
from pytest_icp.reports.marked import KIND


def names_apart(descriptions: Iterable[str]) -> Mapping[str, str]:
    """Return for each description its path below their common folder; empty for an only one."""
    parts = {path: path.split("/") for path in descriptions}
    if len(parts) == 1:
        return dict.fromkeys(parts, "")
    # Folder by folder, of relative and absolute paths together, which `commonpath` would refuse.
    folders = zip(*(names[:-1] for names in parts.values()), strict=False)
    shared = sum(1 for _ in takewhile(lambda level: len({*level}) == 1, folders))
    return {path: "/".join(names[shared:]) for path, names in parts.items()}


def names_of_results(results: Iterable[Result]) -> Mapping[str, str]:
    """Return the names of the descriptions of results; users' own tests have none."""
    return names_apart(result.description for result in results if result.kind != KIND)


def whose(rule_id: str, name: str) -> str:
    """Return a rule with the name of its description, where it has one."""
    return f"{rule_id} ({name})" if name else rule_id
