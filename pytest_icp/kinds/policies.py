"""Reads policies with the kinds of the package and those that plugins add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pytest_icp.facts.files.resources import resource
from pytest_icp.kinds import kinds as known_kinds
from pytest_icp.kinds.kind import Kind
from pytest_icp.rules import policies
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Policy


@cache
def default_policies() -> tuple[Policy, ...]:
    """Return the policies that the package ships."""
    return load_policies([resource("policies")])


def load_policies(
    folders: Iterable[Path],
    *,
    kinds: Mapping[str, Kind] | None = None,
    told: bool = False,
    rootdir: Path | None = None,
) -> tuple[Policy, ...]:
    """Read the policies of several folders, in the order of their ids within each.

    ``kinds`` are more kinds of obligation by name. ``told`` accepts policies that name facts
    that no description has, for those who list all of them. No file may lie outside the
    repository of its folder; ``rootdir`` stands for it where there is no ``.git``.

    Raises `InputError` with the place for a file that cannot be used, an id that is used
    twice, or a citation, a number or a fact that is not defined.
    """
    return policies.load_policies(
        folders,
        kinds={**known_kinds(), **(kinds or {})},
        allow_unknown=told,
        rootdir=rootdir,
    )


def written_policies(
    folders: Iterable[Path],
    *,
    kinds: Mapping[str, Kind] | None = None,
    rootdir: Path | None = None,
) -> tuple[WrittenPolicy, ...]:
    """Read policies as `load_policies` does, each together with the data of its file."""
    return policies.written_policies(
        folders, kinds={**known_kinds(), **(kinds or {})}, rootdir=rootdir
    )
