"""The register of documents (证明材料): the entries that answer to an obligation, or none."""

from __future__ import annotations

import re

from pytest_icp.facts.files.flow import flow
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.judgement import Judgement, unknown, violated
from pytest_icp.kinds.matching import sharing
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.law.suggestions import nearest
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation

NOT_ATTESTED = Text(
    zh="没有申报本项义务的证明材料", en="no document is declared as evidence for this"
)
_MISNAMED = Text(
    zh="没有证明材料的 rule 为 {rule}；{named} 是否为其误写？",
    en="no document attests {rule}; is {named} a misspelling of it?",
)
NO_SUCH_DOCUMENT = Text(zh="没有这样的文件", en="there is no such document")
FRESH = Text(
    zh="未经更改、未过期、写明责任岗位和日期的文件",
    en="a current, unchanged document with a date and an owner",
)


def entries_of(obligation: Obligation, context: Context) -> list[Subject]:
    """Return the entries of ``attestations`` that answer to an obligation."""
    register, rule = context.subjects("/attestations"), obligation.own_id
    named = sharing(context, register, "rule", Fact((), rule)).named
    return [one for i in named if (one := register.subjects[i]).value.get("rule") == rule]


def is_listed(context: Context) -> bool:
    """Whether the documents are declared, and it is known of each which rule it is for."""
    entries = context.subjects("attestations").subjects
    listed = isinstance(context.view.facts.get("attestations"), list)
    return listed and all(entry.value.get("rule") is not None for entry in entries)


def misspelt(obligation: Obligation, context: Context) -> Judgement | None:
    """Return an entry whose rule may be misspelt."""
    rule, first = obligation.own_id, dict[str, Subject]()
    for entry in context.subjects("attestations").subjects:
        first.setdefault(str(entry.value.get("rule")), entry)
    for named, entry in first.items():
        if nearest(rule, [named], cutoff=0.9):
            message = _MISNAMED.format(named=named, rule=rule)
            at = (*entry.tokens, "rule")
            return unknown(entry, at, message, found=plain(named), required=plain(rule))
    return None


def unregistered(obligation: Obligation, context: Context) -> Judgement:
    """Return that no document is declared, or that there is none."""
    rule, at = obligation.own_id, ("attestations",)
    subject = Subject(at, {"id": rule})
    if context.view.declares_none(*at):
        return violated(subject, at, NO_SUCH_DOCUMENT, found=plain("[]"), required=FRESH)
    return unknown(subject, at, NOT_ATTESTED, required=FRESH, add=entry_for(rule))


def entry_for(rule: str) -> str:
    """Return the lines that declare an attestation of a rule."""
    name = re.sub("[/#]", "-", rule).lower()
    return "\n".join(
        (
            "attestations:",
            f"  - id: {name}",
            f"    rule: {flow(rule)}",
            f"    document: evidence/{name}.pdf",
            "    sha256: none",
            "    issued_on: null  # YYYY-MM-DD",
            "    expires_on: none",
            "    max_age_days: none",
            "    owner: {role: null}",
        )
    )
