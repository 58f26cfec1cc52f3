"""A description with nothing in it but what an obligation reads: it is decided in no time."""

from __future__ import annotations

from typing import Any

from pytest_icp.authoring.strategies.documents import NOT_FACTS, VERSION, Document
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.law.jsontypes import JsonObject


def slim(trial: Trial, facts: JsonObject) -> Document:
    """Return the facts that may move the verdict (相关事实), as a document with an inline licence.

    Of a kind of the user's nobody knows which those are: then all of them.
    """
    names = (facts.keys() if trial.own_kind else trial.collections) - NOT_FACTS
    document: dict[str, Any] = {name: value for name, value in facts.items() if name in names}
    licence = document.get("licence")
    if isinstance(licence, dict):
        # Out of a file of its own, it has the version of that file.
        document["licence"] = {key: value for key, value in licence.items() if key != "apiVersion"}
    register = document.get("attestations")
    if trial.by_rule and isinstance(register, list):
        # The papers of other rules are read by nobody here.
        own = [entry for entry in register if entry.get("rule") == trial.obligation.rule_id]
        document["attestations"] = own
    return {**VERSION, **document}
