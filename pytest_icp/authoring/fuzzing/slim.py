"""Reduces a description to the facts that an obligation reads, so that it is decided fast."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias

from pytest_icp.authoring.strategies.documents import NOT_FACTS, VERSION, Document
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.facts.files.properties import demanding
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.rules.fields import join_path

_Names: TypeAlias = "dict[str, _Names | None]"
"""The names on the way to the facts that are read; None where a fact is read whole."""


def slim(trial: Trial, facts: JsonObject) -> Document:
    """Return the facts that may change the verdict (相关事实), with the licence inline.

    Of an object they are those that the rule reads, its id, and what the schema requires. For a
    kind that a plugin defines they are not known, so all stay.
    """
    document = {name: value for name, value in facts.items() if name not in NOT_FACTS}
    licence = document.get("licence")
    if isinstance(licence, dict):
        # A licence in a file of its own has the apiVersion of that file.
        document["licence"] = {key: value for key, value in licence.items() if key != "apiVersion"}
    register = document.get("attestations")
    if trial.by_rule and isinstance(register, list):
        # Attestations of other rules are not read.
        rule = trial.obligation.own_id
        document["attestations"] = [entry for entry in register if entry.get("rule") == rule]
    read = document if trial.own_kind else _read(document, _names(trial), "")
    return {**VERSION, **read}


def _names(trial: Trial) -> _Names:
    names: _Names = {}
    for path in trial.reads:
        *way, last = path.split(".")
        below: _Names | None = names
        for name in way:
            below = None if below is None else below.setdefault(name, {})
        if below is not None:
            below[last] = None
    below = names
    # That its subjects are there is known, even if nothing of them is read.
    for name in join_path("", trial.obligation.each).split("."):
        below = None if below is None else below.setdefault(name, {})
    return names


def _read(value: Any, names: _Names | None, path: str) -> Any:
    if isinstance(value, list):
        return [_read(element, names, path) for element in value]
    if names is None or not isinstance(value, Mapping):
        return value
    kept = names.keys() | (_always(path) if path else ())
    return {
        name: _read(member, names.get(name), f"{path}.{name}".lstrip("."))
        for name, member in value.items()
        if name in kept
    }


@cache
def _always(path: str) -> frozenset[str]:
    """Return the members that objects at a path keep, whatever is read of them.

    They are those that every one must have, and those that some must have beside another.
    """
    return frozenset({"id", *(name for _, keys in demanding("description", path) for name in keys)})
