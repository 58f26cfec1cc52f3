"""Reduces a description to the facts that an obligation reads, so that it is decided fast."""

from __future__ import annotations

from typing import Any

from pytest_icp.authoring.strategies.documents import NOT_FACTS, VERSION, Document
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.law.jsontypes import JsonObject


def slim(trial: Trial, facts: JsonObject) -> Document:
    """Return the facts that may change the verdict (相关事实), with the licence inline.

    For a kind that a plugin defines these are not known, so all facts stay.
    """
    names = (facts.keys() if trial.own_kind else trial.collections) - NOT_FACTS
    document: dict[str, Any] = {name: value for name, value in facts.items() if name in names}
    licence = document.get("licence")
    if isinstance(licence, dict):
        # A licence in a file of its own has the apiVersion of that file.
        document["licence"] = {key: value for key, value in licence.items() if key != "apiVersion"}
    register = document.get("attestations")
    if trial.by_rule and isinstance(register, list):
        # Attestations of other rules are not read.
        own = [entry for entry in register if entry.get("rule") in trial.obligation.names]
        document["attestations"] = own
    return {**VERSION, **document}
