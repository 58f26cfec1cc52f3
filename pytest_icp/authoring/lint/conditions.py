"""Obligations that bind nobody, that nobody can satisfy, or that nothing can violate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_icp.authoring.lint.meeting import Facts, meetable
from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.authoring.lint.written import Entry
from pytest_icp.facts.files.properties import allows, members, property_at
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.reads import rooted

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
    en="whatever the rule applies to satisfies this, so nothing can violate it",
)
_LOOK = Text(
    zh="核对各个值和彼此矛盾的条件", en="check the values, and conditions that exclude each other"
)
_TIGHTEN = Text(
    zh="核对要求是否漏写，或者与 where 重复", en="check whether `require` repeats `where`"
)
_CHOICES = ("where", "parent_where", "exempt")


def facts_at(base: str) -> Facts:
    """Return what a description may say of the object at a dotted path."""

    def dotted(path: tuple[str, ...]) -> str:
        return ".".join((*base.split("."), *path)).strip(".")

    def words(path: tuple[str, ...]) -> Sequence[Json]:
        found = property_at(_DESCRIPTION, dotted(path))
        of_elements = members(_DESCRIPTION, dotted(path)).words
        return (*of_elements, *found.words, *found.examples) if found else ()

    return Facts(lambda path, value: allows(_DESCRIPTION, dotted(path), value), words)


def idle_conditions(entry: Entry) -> Iterator[Remark]:
    """Yield the conditions of one obligation that say nothing, or too much."""
    obligation = entry.obligation
    each = rooted("", obligation.each)
    for name, node in _conditions(obligation):
        if not meetable([(node, True)], facts_at(entry.base(name))):
            message = _NOBODY if name in _CHOICES or name.endswith("when") else _NO_RECORD
            message = _NO_WAY if name == "require" else message
            yield entry.remark("never", name, message, _LOOK)
            return
    where, require = obligation.where, obligation.condition("require")
    if require is ANYTHING:
        return
    if not meetable([(where, True), (require, True)], facts_at(each)):
        yield entry.remark("unsatisfiable", "require", _NO_WAY, _LOOK)
    elif not meetable([(where, True), (require, False)], facts_at(each)):
        yield entry.remark("always", "require", _ALWAYS, _TIGHTEN)


def _conditions(obligation: Obligation) -> Iterator[tuple[str, Node]]:
    if obligation.applies.when is not None:
        yield "applies.when", obligation.applies.when
    if obligation.where is not ANYTHING:
        yield "where", obligation.where
    yield from obligation.conditions
