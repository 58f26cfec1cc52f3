"""How certain a fact is (状态), and the resource that a derived fact comes from."""

from __future__ import annotations

from enum import StrEnum

from pytest_icp.facts.derived import Status
from pytest_icp.kinds.finding import Finding
from pytest_icp.kinds.messages import NOT_DECLARED
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain


class Certainty(StrEnum):
    """How certain a fact is (状态): by its source, or because it is declared by hand."""

    KNOWN = Status.KNOWN.value
    REFERENCED = Status.REFERENCED.value
    DEFAULT = Status.DEFAULT.value
    NOT_TOLD = Status.NOT_TOLD.value
    AFTER_APPLY = Status.AFTER_APPLY.value
    AS_SERVED = Status.AS_SERVED.value
    SENSITIVE = Status.SENSITIVE.value
    ASSUMED = Status.ASSUMED.value
    CONTESTED = "contested"
    NOT_DECLARED = "not declared"


_WORDS = {
    Certainty.KNOWN: Text(zh="已知", en="known"),
    Certainty.REFERENCED: Text(zh="引用", en="referenced"),
    Certainty.DEFAULT: Text(zh="默认", en="default"),
    Certainty.NOT_TOLD: Text(zh="看不出", en="not told"),
    Certainty.AFTER_APPLY: Text(zh="应用后", en="after apply"),
    Certainty.AS_SERVED: Text(zh="访问所得", en="as served"),
    Certainty.SENSITIVE: Text(zh="敏感", en="sensitive"),
    Certainty.ASSUMED: Text(zh="假定", en="assumed"),
    Certainty.CONTESTED: Text(zh="不一致", en="contested"),
    Certainty.NOT_DECLARED: NOT_DECLARED,
}


def certainty_name(certainty: Certainty) -> Text:
    """Return the word for a certainty in both languages."""
    return _WORDS[certainty]


def resource_of(spot: Location) -> Text:
    """Return the resource of a derived fact, with its certainty unless it is known.

    Empty for a fact that is declared by hand.
    """
    if spot.status in {"", Certainty.KNOWN}:
        return plain(spot.resource)
    sure = certainty_name(Certainty(spot.status))
    return Text(zh=f"{spot.resource}（{sure.zh}）", en=f"{spot.resource} ({sure.en})")


def own_resource(finding: Finding) -> Text:
    """Return the resource of a finding; empty where it is the subject, which is named already."""
    resource = resource_of(finding.location)
    return plain("") if resource.en == finding.subject else resource
