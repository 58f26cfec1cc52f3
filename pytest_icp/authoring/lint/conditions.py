"""Finds obligations that never apply, that nothing satisfies or violates, or that others imply.

Whether any value can meet a set of conditions is decided from their form alone (可满足性). All
facts count as known, so a condition is true or false. Alternatives are tried one by one; what
remains is a set of tests of one value. It is enough to try the words and numbers in the tests and
the values next to them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.authoring.lint import Remark, WrittenObligation
from pytest_icp.authoring.words import turning
from pytest_icp.facts.files.properties import allows, members, property_at
from pytest_icp.law.condition import (
    ANYTHING,
    AllOf,
    AnyOf,
    Comparison,
    Every,
    Fields,
    Leaf,
    Node,
    Not,
    Some,
    is_number,
)
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import CONDITIONS, Field, join_path
from pytest_icp.rules.patterns import DECIDE
from pytest_icp.rules.policy import ALWAYS, Obligation, requirement, strictest

Wanted: TypeAlias = tuple[Node, bool]
"""A condition that has to be met, or not to be met."""

Allows: TypeAlias = Callable[[tuple[str, ...], Json], bool]
"""Whether a description may have a value at a path, from the object that is asked about."""

Words: TypeAlias = Callable[[tuple[str, ...]], Sequence[Json]]
"""The values that are known to be possible at a path."""

_ALTERNATIVES = 20_000


class Possible(Struct, frozen=True):
    """What a description may declare (可能的事实), as far as conditions test it."""

    allows: Allows
    words: Words


class _Tests(Struct):
    """The tests of one value that must all pass."""

    leaves: list[tuple[Leaf, bool]] = []
    fields: dict[str, list[Wanted]] = {}
    some: list[Wanted] = []
    every: list[Wanted] = []


def meetable(literals: Sequence[Wanted], facts: Possible, path: tuple[str, ...] = ()) -> bool:
    """Whether a value at a path can meet some conditions and not meet others.

    True also where there is too much to try, or a pattern prevents an answer.
    """
    alternatives = list(islice(_alternatives(list(literals)), _ALTERNATIVES))
    if len(alternatives) == _ALTERNATIVES:
        return True
    return any(_holds(tests, facts, path) for tests in alternatives)


def _alternatives(literals: list[Wanted]) -> Iterator[_Tests]:
    """Yield sets of plain tests, one of which must pass as a whole."""
    for choice in _choices(literals):
        tests = _Tests()
        for node, wanted in choice:
            match node, wanted:
                case Leaf(), _:
                    tests.leaves.append((node, wanted))
                case Comparison(), _:
                    # Of two facts either may be what it takes.
                    pass
                case Fields(tests=members), True:
                    for name, test in members:
                        tests.fields.setdefault(name, []).append((test, True))
                case Fields(tests=members), False:
                    # `_choices` has left one member.
                    tests.fields.setdefault(members[0][0], []).append((members[0][1], False))
                case _:
                    # `_choices` has left nothing else.
                    assert isinstance(node, (Some, Every))  # noqa: S101
                    one = isinstance(node, Some) == wanted
                    (tests.some if one else tests.every).append((node.test, wanted))
        yield tests


def _choices(literals: list[Wanted]) -> Iterator[list[Wanted]]:
    """Yield lists of literals without alternatives, one of which must be true."""
    for i, (node, wanted) in enumerate(literals):
        rest = literals[:i] + literals[i + 1 :]
        match node, wanted:
            case Not(test=test), _:
                yield from _choices([(test, not wanted), *rest])
            case (AllOf(tests=tests), True) | (AnyOf(tests=tests), False):
                yield from _choices([*((test, wanted) for test in tests), *rest])
            case (AnyOf(tests=tests), True) | (AllOf(tests=tests), False):
                for test in tests:
                    yield from _choices([(test, wanted), *rest])
            case Fields(tests=members), False if len(members) != 1:
                for member in members:
                    yield from _choices([(Fields((member,)), False), *rest])
            case _:
                continue
        return
    yield literals


def _holds(tests: _Tests, facts: Possible, path: tuple[str, ...]) -> bool:
    if not all(meetable(below, facts, (*path, name)) for name, below in tests.fields.items()):
        return False
    if not all(meetable([one, *tests.every], facts, path) for one in tests.some):
        return False
    if not tests.leaves or tests.fields or tests.some or tests.every:
        return True
    for value in _values((leaf for leaf, _ in tests.leaves), facts.words(path)):
        as_wanted = all(DECIDE.truth(leaf, value) is wanted for leaf, wanted in tests.leaves)
        if as_wanted and facts.allows(path, value):
            return True
    # A pattern may be met by texts other than those listed.
    patterns = any("pattern" in leaf.schema for leaf, _ in tests.leaves)
    return patterns and facts.allows(path, _TEXT)


_TEXT = "a text that no condition names"
_DAY = "2024-03-06"


def _values(leaves: Iterable[Leaf], words: Sequence[Json]) -> Iterator[Json]:
    """Yield a value of every sort that the tests distinguish."""
    yield from words
    yield from (True, False, 0, 1, 0.5, _TEXT, _DAY, f"{_DAY}T09:30:00+08:00", [], {})
    for value in (value for leaf in leaves for value in turning(leaf)):
        yield value
        if is_number(value):
            yield value + 0.5


# ---- Conditions that nothing or everything meets


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


def facts_at(base: str) -> Possible:
    """Return what a description may declare of the object at a dotted path."""

    def dotted(path: tuple[str, ...]) -> str:
        return ".".join((*base.split("."), *path)).strip(".")

    def words(path: tuple[str, ...]) -> Sequence[Json]:
        found = property_at(_DESCRIPTION, dotted(path))
        of_elements = members(_DESCRIPTION, dotted(path)).words
        return (*of_elements, *found.words, *found.examples) if found else ()

    return Possible(lambda path, value: allows(_DESCRIPTION, dotted(path), value), words)


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


# ---- Obligations that another one already includes


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
