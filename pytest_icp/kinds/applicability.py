"""Decides whether a provision or an obligation applies (适用)."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_icp.facts.scoping import is_list, may_be_denied
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.holdings import licensed_scope
from pytest_icp.kinds.judgement import unknown
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.kinds.words import condition, titles
from pytest_icp.law.blame import Blame, blame, gaps
from pytest_icp.law.catalogue import name_of
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.jsontypes import pointer, tokens
from pytest_icp.law.once import once
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Applicability

_NO_ITEM = Text(
    zh="许可范围不含{items}，本条不适用；未经许可经营的，适用第二条",
    en="the licence does not cover {items}, so this does not apply; operating it without a "
    "licence falls under provision 2",
)
_HAS_ITEM = Text(
    zh="许可范围包含{items}，改为适用另一项义务",
    en="the licence covers {items}, so another duty applies instead",
)
_NOT_OPERATED = Text(
    zh="试运行和正式运行的业务都不属于{items}，本条不适用",
    en="no service in pilot or production is {items}, so this does not apply",
)
_NOT_WHEN = Text(
    zh="不适用：不满足适用条件（{when}）", en="does not apply: its condition is not met ({when})"
)
_NO_ITEM_KNOWN = Text(
    zh="许可范围未申报，无法判断本条是否适用",
    en="the licensed scope is not declared, so whether this applies cannot be decided",
)

_LINES = "/licence/service_lines"


def applies(context: Context, rule: Applicability) -> Outcome | None:
    """Return None where a rule applies, else the outcome: not applicable, or unknown.

    One reason not to apply is enough, even if other conditions are unknown.
    """
    if rule not in context.limits:
        context.limits[rule] = _limit(context, rule)
    return context.limits[rule]


def _limit(context: Context, rule: Applicability) -> Outcome | None:
    gates = [gate(context, rule) for gate in (_licensed, _operated, _when)]
    closed = [one for one in gates if one is not None]
    certain = [one for one in closed if one.verdict is Verdict.NOT_APPLICABLE]
    return next(iter(certain or closed), None)


def _licensed(context: Context, rule: Applicability) -> Outcome | None:
    """Require that one of ``items`` is licensed, and none of ``without``."""
    if not rule.items and not rule.without:
        return None
    scope = licensed_scope(context.view.facts.get("licence"))
    if scope is None:
        return _gate(Verdict.UNKNOWN, _NO_ITEM_KNOWN, _LINES)
    if rule.items and not scope.has_any(rule.items):
        text = _NO_ITEM.format(items=_names(rule.items))
        return _gate(Verdict.NOT_APPLICABLE, text, _LINES)
    if scope.has_any(rule.without):
        text = _HAS_ITEM.format(items=_names(rule.without))
        return _gate(Verdict.NOT_APPLICABLE, text, _LINES)
    return None


def _operated(context: Context, rule: Applicability) -> Outcome | None:
    """Require that a service in use belongs to one of ``operates``."""
    if not rule.operates:
        return None
    operated = context.operates(rule.operates)
    if operated.truth:
        return None
    if operated.truth is None:
        fact = titles(operated.open_at[:2], operated.open_at[2:])
        at = pointer(operated.open_at)
        subject = _subject(context, operated.open_at)
        return _gate(Verdict.UNKNOWN, say.APPLICABILITY_UNKNOWN.format(fact=fact), at, subject)
    text = _NOT_OPERATED.format(items=_names(rule.operates))
    return _gate(Verdict.NOT_APPLICABLE, text, "/services")


def _when(context: Context, rule: Applicability) -> Outcome | None:
    """Require that the description meets ``when``."""
    if rule.when is None or context.decide.truth(rule.when, context.view.facts):
        return None
    fault = blame(rule.when, context.view.facts, context.decide)
    if not fault.known:
        fault = _most_telling(context, rule.when, fault)
    path = context.view.written(fault.path)
    at = pointer(path)
    if fault.known:
        return _gate(Verdict.NOT_APPLICABLE, _not_when(rule), at)
    fact, subject = titles((), path), _subject(context, path)
    return _gate(Verdict.UNKNOWN, say.APPLICABILITY_UNKNOWN.format(fact=fact), at, subject)


@once
def _not_when(rule: Applicability) -> Text:
    return _NOT_WHEN.format(when=condition(rule.when or ANYTHING, ()))


def _most_telling(context: Context, when: Node, fault: Blame) -> Blame:
    """Return the fact that is best asked for, of those that leave a condition open.

    A list that is not declared and cannot be empty is taken for one element of which nothing is
    known.
    """
    facts = context.view.facts
    top = str(fault.path[0]) if fault.path else ""
    if len(fault.path) == 1 and is_list(top):
        if may_be_denied(top):
            return fault
        facts = {**facts, top: [{}]}
    if blame(when, facts, context.decide).known:
        return fault
    inside = [gap for gap in gaps(when, facts, context.decide) if gap.path[:1] == fault.path[:1]]
    # Whether there is such a thing at all is asked before what state it is in.
    paths = [".".join(name for name in gap.path if isinstance(name, str)) for gap in inside]
    asked = zip(inside, paths, strict=True)
    return next((gap for gap, path in asked if may_be_denied(path)), inside[0])


def _names(codes: tuple[str, ...]) -> Text:
    names = [(name_of(code), code) for code in codes]
    return Text(
        "、".join(f"{name.zh}（{code}）" for name, code in names),
        ", ".join(f"{name.en} ({code})" for name, code in names),
    )


def _subject(context: Context, at: Tokens) -> str:
    """Return the element that a place lies in, else the top-level fact."""
    elements = context.view.facts.get(str(at[0]))
    index = at[1] if len(at) > 1 else None
    if isinstance(elements, list) and isinstance(index, int):
        found = elements[context.view.indices(elements).index(index)]
        return Subject(at[:2], found if isinstance(found, Mapping) else {}).label
    return str(at[0])


def _gate(verdict: Verdict, text: Text, at: str, subject: str = "") -> Outcome:
    if verdict is Verdict.NOT_APPLICABLE:
        return Outcome(verdict=verdict, reason=text, pointer=at)
    element = Subject(tuple(tokens(at)), {"id": subject or at.lstrip("/")})
    required = say.DECLARE.format(fact=at.rpartition("/")[2])
    found = unknown(element, element.tokens, text, required=required).findings
    return Outcome(verdict=verdict, reason=text, pointer=at, findings=found)
