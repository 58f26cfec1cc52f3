"""A provision that a licence words differently (与通用文本不同的规定).

The rules check the wording that licences have in common. Where a licence is worded differently,
a violation remains one, but a pass does not: the rule was not written for that wording.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Note, NoteKind, Outcome, Verdict
from pytest_icp.law.folding import fold_tight
from pytest_icp.law.jsontypes import JsonObject, pointer
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Policy

_DIFFERS = Text(
    zh="许可证印出的{id}与通用文本不同，本规则按通用文本判断，不能据此认定符合",
    en="the licence words {id} differently; this rule checks the common wording, so it "
    "cannot confirm that you comply",
)
_REMARK = Text(
    zh="许可证印出的{id}与通用文本不同，本规则按通用文本判断",
    en="the licence words {id} differently; this rule checks the common wording",
)
_COMPARE = Text(
    zh="对照原文：含义相同的，删去该项；含义不同的，自定规则（icp_policies），并停用本规则（icp_ignore）",
    en="compare the wording: if it means the same, delete this entry; if not, write your own rule "
    "(icp_policies) and leave this one out (icp_ignore)",
)


class OwnWords(Struct, frozen=True):
    """The words in which a licence prints a provision, and their place."""

    text: str
    pointer: str


def own_words(licence: JsonObject, policy: Policy) -> OwnWords | None:
    """Return the words of a licence's own for a provision; None where it has the common ones."""
    provisions = licence.get("provisions")
    for i, one in enumerate(provisions if isinstance(provisions, list) else ()):
        text = one.get("text") if isinstance(one, dict) and one.get("id") == policy.id else None
        common = policy.text_in(licence.get("provisions_edition"))
        if isinstance(text, str) and not _alike(text, common.zh):
            return OwnWords(text, pointer(("licence", "provisions", i, "text")))
    return None


def _alike(text: str, common: str) -> bool:
    # Most licences print the common words, and folding them takes longer than most rules.
    return text == common or fold_tight(text).text == fold_tight(common).text


def with_own_words(
    own: OwnWords | None, policy: Policy, obligation: Obligation, outcome: Outcome
) -> Outcome:
    """Return an outcome that passes no rule whose wording on the licence was not compared.

    A rule that rests on a statute keeps its outcome; a note says that the wording differs.
    """
    if own is None or outcome.verdict is Verdict.NOT_APPLICABLE:
        return outcome
    if obligation.basis != "licence" or outcome.verdict is not Verdict.SATISFIED:
        note = Note(
            kind=NoteKind.ADVICE,
            text=_REMARK.format(id=policy.id),
            location=Location(pointer=own.pointer),
        )
        return replace(outcome, notes=(*outcome.notes, note))
    finding = Finding(
        verdict=Verdict.UNKNOWN,
        subject=policy.id,
        location=Location(pointer=own.pointer),
        message=_DIFFERS.format(id=policy.id),
        found=plain(own.text),
        required=_COMPARE,
    )
    return replace(outcome, verdict=Verdict.UNKNOWN, findings=(*outcome.findings, finding))
