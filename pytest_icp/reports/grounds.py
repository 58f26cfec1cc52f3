"""What a rule rests on (依据): printed words, statute, or a text that is still to be confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pytest_icp.kinds.words import holding
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Obligation

UNCONFIRMED = "unconfirmed"

GROUNDS: Mapping[str, Text] = {
    "licence": Text("许可证印出的条文", "printed words of the licence"),
    "both": Text("许可证印出的条文和法律法规", "printed words of the licence, and statute"),
    "statute": Text("法律法规，许可证没有印出", "statute, not printed in the licence"),
    UNCONFIRMED: Text(
        "法规或者通知，据转述，待核实，许可证没有印出",
        "a statute or notice as others restate it, to be confirmed; not printed in the licence",
    ),
    "own": Text("公司自定", "the company's own rule"),
}


def ground_of(obligation: Obligation) -> str:
    """Return what a rule rests on, a key of `GROUNDS`."""
    by_statute = obligation.basis == "statute"
    return UNCONFIRMED if by_statute and unverified(obligation) else obligation.basis


def unverified(obligation: Obligation) -> bool:
    """Whether a rule rests on law, as it stands today, of which no good text was read."""
    read = {
        value.confidence for number in obligation.relies_on for value in holding(number, date.max)
    }
    read |= {citation.versions[-1].confidence for citation in obligation.cites}
    return bool(read & {"secondary", "unverified"})
