"""Finds obligations that never apply, that cannot be satisfied, or that cannot be violated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_icp.authoring.lint.meeting import Facts, meetable
from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.authoring.lint.written import WrittenObligation
from pytest_icp.facts.files.properties import allows, members, property_at
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import CONDITIONS, Field

_DESCRIPTION = "description"

_NOBODY = Text(
    zh="没有任何描述能符合这个条件，本项永远不适用",
    en="no description can meet this condition, so the rule never applies",
)
_NO_WAY = Text(
    zh="凡适用的对象都不可能符合这个要求",
    en="nothing that the rule applies to can satisfy this",
)
_NO_RECORD = Text(zh="没有任何记录能符合这个条件", en="no record can meet this condition")
_ALWAYS = Text(
    zh="凡适用的对象都符合这个要求，不可能违反",
    en="everything the rule applies to satisfies this, so nothing can violate it",
)
_LOOK = Text(
    zh="核对各个值和彼此矛盾的条件", en="check the values, and conditions that exclude each other"
)
_TIGHTEN = Text(
    zh="核对要求是否漏写，或者与 where 重复", en="check whether `require` repeats `where`"
)


def facts_at(base: str) -> Facts:
    """Return what a description may declare of the object at a dotted path."""

    def dotted(path: tuple[str, ...]) -> str:
        return ".".join((*base.split("."), *path)).strip(".")

    def words(path: tuple[str, ...]) -> Sequence[Json]:
        found = property_at(_DESCRIPTION, dotted(path))
        of_elements = members(_DESCRIPTION, dotted(path)).words
        return (*of_elements, *found.words, *found.examples) if found else ()

    return Facts(lambda path, value: allows(_DESCRIPTION, dotted(path), value), words)


def idle_conditions(entry: WrittenObligation) -> Iterator[Remark]:
    """Yield the conditions of one obligation that can never be met, or always are."""
    found = [field for field in entry.fields.walk() if field.what in CONDITIONS]
    for field in found:
        if not meetable([(field.node, True)], facts_at(field.bases[0])):
            yield entry.remark("never", field.at, _never(field), _LOOK)
            return
    where = entry.obligation.where
    for field in found:
        if field.what == "requirement":
            facts = facts_at(field.bases[0])
            # Where a breach cannot be undone, it is a note after some time.
            lapses = "over" in entry.data
            if not lapses and not meetable([(where, True), (field.node, True)], facts):
                yield entry.remark("unsatisfiable", field.at, _NO_WAY, _LOOK)
            elif not meetable([(where, True), (field.node, False)], facts):
                yield entry.remark("always", field.at, _ALWAYS, _TIGHTEN)


def _never(field: Field) -> Text:
    """Return the message for a condition that nothing can meet."""
    if field.what == "requirement":
        return _NO_WAY
    return _NO_RECORD if field.records else _NOBODY
