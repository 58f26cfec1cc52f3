"""Finds obligations that another one already includes."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from pytest_icp.authoring.lint.conditions import facts_at
from pytest_icp.authoring.lint.meeting import meetable
from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.authoring.lint.written import WrittenObligation
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import Field, join_path
from pytest_icp.rules.policy import ALWAYS, Obligation, strictest
from pytest_icp.rules.reads import requirement

_IMPLIED = Text(
    zh="{other} 已经要求了同样或者更严的内容", en="{other} already requires this, or more"
)
_HINT = Text(zh="删去其一，或者写明二者的区别", en="remove one of them, or state how they differ")
_ASIDE = frozenset({"words", "subjects", "gates", "requirement"})
_CHOICES = frozenset({"where", "of_where"})


def implied(every: Sequence[WrittenObligation], rules: Container[str]) -> Iterator[Remark]:
    """Yield each obligation of the given rules that follows from another one."""
    for i, entry in enumerate(every):
        if entry.obligation.rule_id not in rules:
            continue
        for j, other in enumerate(every):
            if i == j or not _implies(other, entry) or (j > i and _implies(entry, other)):
                continue
            message = _IMPLIED.format(other=other.obligation.own_id)
            at = ("name",) if entry.obligation.part else ("id",)
            yield entry.remark("implied", at, message, _HINT)
            break


def _implies(first: WrittenObligation, second: WrittenObligation) -> bool:
    """Whether whatever satisfies one obligation satisfies another."""
    strong, weak = first.obligation, second.obligation
    if (strong.kind, strong.each) != (weak.kind, weak.each):
        return False
    # Where the subjects are those that name the rule, no other rule has the same.
    by_rule = second.fields.mark("x-icp-by-rule")
    if by_rule or strictest((strong.level, weak.level)) != strong.level:
        return False
    if not _as_wide(first, second) or not _as_long(strong, weak):
        return False
    each = join_path("", weak.each)
    if not meetable([(weak.where, True)], facts_at(each)):
        # What never applies follows from everything; that is another remark.
        return False
    above = [one.fields.get("of_where") for one in (first, second)]
    theirs, mine = (field.node if field else ANYTHING for field in above)
    if not _follows([weak.where], strong.where, each) or not _follows(
        [mine], theirs, join_path(each, "../")
    ):
        return False
    required = requirement(second.fields)
    given = [weak.where, requirement(first.fields)]
    if not _follows(given, required, each) or not _alike(first.fields, second.fields):
        return False
    # Of two times that are only advice, to miss the longer is worse: both are of use.
    advice = strong.level == weak.level == "advisory"
    return not advice or _alike(second.fields, first.fields)


def _as_wide(strong: WrittenObligation, weak: WrittenObligation) -> bool:
    """Whether one applies to every licence that the other applies to."""
    own, whole = strong.obligation.applies, strong.written.policy
    others, theirs = weak.obligation.applies, weak.written.policy
    return (
        own in (others, ALWAYS)
        and whole.applies in (theirs.applies, ALWAYS)
        and whole.family in {theirs.family, ""}
    )


def _as_long(strong: Obligation, weak: Obligation) -> bool:
    """Whether one is in force whenever the other is."""
    return strong.basis != "statute" or all(one in strong.cites for one in weak.cites)


def _follows(given: Sequence[Node], required: Node, base: str) -> bool:
    if required is ANYTHING:
        return True
    return not meetable([*((node, True) for node in given), (required, False)], facts_at(base))


def _alike(strong: Field, weak: Field) -> bool:
    """Whether everything else is the same, or a time that is at least as strict."""
    mine, theirs = _compared(strong), _compared(weak)
    return mine.keys() == theirs.keys() and all(
        _as_strict(field, theirs[name].value) for name, field in mine.items()
    )


def _compared(obligation: Field) -> dict[str, Field]:
    named = {field.name: field for field in obligation.members if field.what not in _ASIDE}
    return {name: field for name, field in named.items() if name not in _CHOICES}


def _as_strict(field: Field, weak: Json) -> bool:
    """Whether a field requires no less than another; the schema marks which times are stricter."""
    strong, stricter = field.value, field.mark("x-icp-stricter")
    if strong == weak:
        return True
    if not stricter or not isinstance(strong, Mapping) or not isinstance(weak, Mapping):
        return False
    pairs = [(strong[key], weak.get(key)) for key in strong]
    return strong.keys() == weak.keys() and all(
        mine == theirs
        or (
            isinstance(mine, (int, float))
            and isinstance(theirs, (int, float))
            and (mine <= theirs if stricter == "less" else mine >= theirs)
        )
        for mine, theirs in pairs
    )
