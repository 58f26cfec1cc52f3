"""Builds the parts of a policy out of the data of its file: obligations, and when they apply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.law.condition import (
    ANYTHING,
    KEYWORDS,
    AllOf,
    ConditionError,
    Node,
    parse_condition,
)
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import CONDITIONS, Field, Path, Written
from pytest_icp.rules.numbers import Cases, Known, Named
from pytest_icp.rules.parts import NAME, PARTS, merged
from pytest_icp.rules.patterns import DECIDE, refusal, refused_patterns
from pytest_icp.rules.policy import (
    ALWAYS,
    Applicability,
    Citation,
    Obligation,
    Past,
    Serves,
    Spec,
    strictest,
)
from pytest_icp.rules.policy_files import PolicyFile
from pytest_icp.rules.specs import (
    Compile,
    Kinds,
    UnreadKeyError,
    numbers_in,
    read_spec,
    schema_parts,
    with_units,
)
from pytest_icp.rules.statutes import Law, Numbers, definition, number_called, text_or_none, wrong
from pytest_icp.rules.undecidable import refuse, undecidable, wrong_units

_CITATION = Text(zh="法条", en="citation")
_UNREAD = Text(
    zh="种类“{kind}”的代码不读取 {key}，写了也不起作用",
    en="nothing of the kind {kind!r} reads {key!r}, so it has no effect",
)
_DROP = Text(
    zh="删去它，或者在该种类的 Spec 中加上这个成员",
    en="remove it, or give the Spec of the kind a member for it",
)
FRAME = frozenset(
    "id title meaning quote fix kind level basis cites editions applies each where "
    "of_where serves none happened over always".split()
)
"""The keys that obligations of every kind may have."""


_NO_CASE = Text(
    zh="数值“{name}”没有适用于本规则 where 的取值",
    en="the number {name!r} has no value for what this rule's `where` matches",
)


class PolicyBuilder(Struct, frozen=True):
    """Builds the parts of one policy; ``verify`` also checks what units and conditions allow."""

    file: PolicyFile
    law: Law
    kinds: Kinds
    verify: bool = False
    digests: Mapping[PurePath, str] = field(default_factory=dict)

    def obligation(self, provision: str, entry: dict[str, Any], i: int) -> Obligation:
        """Read an obligation, and each of its parts with what it inherits."""
        at: Path = ("obligations", i)
        if PARTS not in entry:
            return self._decided(provision, entry, at)
        parts = tuple(
            self._decided(provision, merged(entry, part), (*at, PARTS, j), part[NAME])
            for j, part in enumerate(entry[PARTS])
        )
        return self._whole(entry, at, parts)

    def _whole(self, entry: dict[str, Any], at: Path, parts: tuple[Obligation, ...]) -> Obligation:
        """Return an obligation with parts, in its own words; where it matters, ask the parts."""
        own = {name: value for name, value in entry.items() if name != PARTS}
        cites = (*self._cites(entry, at), *(one for part in parts for one in part.cites))
        return replace(
            parts[0],
            **_said(entry),
            level=strictest(part.level for part in parts),
            cites=tuple(dict.fromkeys(cites)),
            spec=Spec(),
            written=Written(own, schema_parts(self.kinds)),
            relies_on=tuple(dict.fromkeys(one for part in parts for one in part.relies_on)),
            versions=(),
            cases=(),
            part="",
            parts=parts,
        )

    def _decided(
        self, provision: str, entry: dict[str, Any], at: Path, part: str = ""
    ) -> Obligation:
        """Read what is decided by the newest values, and by those of each time and case."""
        known, spec = self.law.parameters, self.kinds[entry["kind"]].spec
        named = {
            name: number_called(known, name, self.file, (*at, *place))
            for name, place in numbers_in(spec, entry)
        }
        entry = {**with_units(spec, entry, {name: one.unit for name, one in named.items()})}
        if self.verify and named:
            rule = Written(entry, schema_parts(self.kinds)).fields
            refuse(wrong_units(rule, named), self.file, at)
        relies_on = tuple(self._relied(entry, at, one) for one in named.values())
        cases = _cases(relies_on)

        def read(day: date) -> Obligation:
            def one(case: _Case) -> Obligation:
                numbers = Numbers(case.numbers, day)
                made = self._obligation(provision, entry, at, numbers, case.where)
                return replace(made, part=part)

            several = tuple(map(one, cases)) if len(cases) > 1 else ()
            whole = one(_Case(cases[0].numbers, None if several else cases[0].where))
            return replace(whole, relies_on=relies_on, cases=several)

        changes = sorted({day for one in relies_on for day in one.changes})
        newest = read(date.max)
        starts = (date.min, *changes) if changes else ()
        ends = (*(day - timedelta(days=1) for day in changes), date.max)
        spans = zip(starts, ends, strict=False)
        versions = ((since, _in_span(read(since), (since, last))) for since, last in spans)
        return replace(newest, versions=tuple(versions))

    def _obligation(
        self, provision: str, entry: dict[str, Any], at: Path, numbers: Numbers, also: Json
    ) -> Obligation:
        """Read an obligation with these numbers, whose subjects ``also`` meet a condition."""
        whole = numbers.filled(entry)
        written = Written(whole, schema_parts(self.kinds))

        # A term of the kind keeps its number, so what is filled in is filled in here as well.
        def condition(value: Json, at: Path) -> Node:
            return self._condition(numbers.filled(value), at)

        if self.verify:
            self._refuse(written.fields, at)
        serves = entry.get("serves")
        where = self._condition(whole.get("where"), (*at, "where"))
        return Obligation(
            id=entry["id"],
            provision=provision,
            **_said(entry),
            level=entry["level"],
            applies=self._applies(whole.get("applies"), (*at, "applies")),
            cites=self._cites(entry, at),
            each=entry.get("each", "attestations"),
            where=AllOf((where, parse_condition(also))) if also else where,
            of_where=self._condition(whole.get("of_where"), (*at, "of_where")),
            serves=read_spec(Serves, serves, condition, (*at, "serves")) if serves else None,
            none=entry.get("none"),
            always=entry.get("always", False),
            past=read_spec(Past, entry, condition, at, beside=entry),
            spec=self._spec(entry, condition, at, numbers),
            written=written,
            relies_on=(),
        )

    def _relied(self, entry: dict[str, Any], at: Path, named: Named) -> Named:
        """Return a number with the cases that the rule's condition on subjects leaves open."""
        if not isinstance(named, Cases):
            return named
        where = entry.get("where")
        mine = tuple(case for case in named.cases if not _excludes(case.written, where))
        if not mine:
            raise wrong(self.file, (*at, "where"), _NO_CASE.format(name=named.id))
        whole = len(mine) == 1 and mine[0].written == where
        return mine[0].number if whole else replace(named, cases=mine)

    def _spec(self, entry: dict[str, Any], condition: Compile, at: Path, numbers: Numbers) -> Spec:
        """Read the fields of the kind; raises `InputError` for one that nothing reads."""
        kind = entry["kind"]
        try:
            return read_spec(self.kinds[kind].spec, entry, condition, at, numbers, beside=FRAME)
        except UnreadKeyError as error:
            said = _UNREAD.format(kind=kind, key=error.path[-1])
            raise wrong(self.file, error.path, said, _DROP) from None

    def _refuse(self, written: Field, at: Path) -> None:
        """Refuse what cannot be decided, and conditions that cannot be read."""
        refuse(undecidable(written), self.file, at)
        for one in written.walk():
            if one.what in CONDITIONS:
                self._condition(one.value, (*at, *one.at))

    def applicability(self, written: Any) -> Applicability:
        """Read when the whole policy applies."""
        return self._applies(written, ("applies",))

    def _applies(self, written: Any, at: Path) -> Applicability:
        if not written:
            return ALWAYS
        when = written.get("when")
        return Applicability(
            items=tuple(written.get("items") or ()),
            without=tuple(written.get("without") or ()),
            operates=tuple(written.get("operates") or ()),
            when=self._condition(when, (*at, "when")) if when else None,
        )

    def _condition(self, written: Json, at: Path) -> Node:
        if written is None:
            return ANYTHING
        try:
            node = parse_condition(written)
        except ConditionError as error:
            raise wrong(self.file, (*at, *error.path), error.message) from error
        path = next(refused_patterns(written), None) if self.verify else None
        if path is not None:
            raise wrong(self.file, (*at, *path), *refusal(written, path))
        return node

    def _cites(self, entry: dict[str, Any], at: Path) -> tuple[Citation, ...]:
        return tuple(
            definition(self.law.citations, name, _CITATION, self.file, (*at, "cites", i))
            for i, name in enumerate(entry.get("cites", ()))
            if name != "licence"
        )


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an obligation says of itself, with parts or without."""
    basis = entry["basis"]
    return {
        "title": Text(**entry["title"]),
        "meaning": Text(**entry["meaning"]),
        "quote": text_or_none(entry.get("quote")),
        "fix": Text(**entry["fix"]),
        "kind": entry["kind"],
        "basis": "both" if isinstance(basis, list) else basis,
        "editions": tuple(entry.get("editions") or ()),
    }


def _in_span(version: Obligation, span: tuple[date, date]) -> Obligation:
    """Return a version of an obligation, for the acts of its time where they choose it."""
    if version.past.happened is None:
        return version
    past = replace(version.past, span=span)
    cases = tuple(replace(case, past=past) for case in version.cases)
    return replace(version, past=past, cases=cases)


class _Case(Struct, frozen=True):
    """The numbers of a rule in one case, and the condition on subjects that are in it."""

    numbers: Mapping[str, Known]
    where: Json


def _cases(relies_on: Iterable[Named]) -> list[_Case]:
    """Return the cases that a rule is in, with the values that its numbers have in each."""
    alike = {one.id: one for one in relies_on if not isinstance(one, Cases)}
    found = [_Case(alike, None)]
    for named in relies_on:
        if isinstance(named, Cases):
            found = [
                _Case({**one.numbers, named.id: case.number}, _both(one.where, case.written))
                for one in found
                for case in named.cases
            ]
    return found


def _both(one: Json, other: Json) -> Json:
    return other if one is None else {"allOf": [one, other]}


def _excludes(case: Json, where: Json) -> bool:
    """Whether what a rule's condition says of its subjects excludes a case, or the reverse."""
    pairs = ((case, where), (where, case)) if where is not None else ()
    return any(DECIDE.truth(parse_condition(one), _told(other)) is False for one, other in pairs)


def _told(condition: Json) -> Json:
    """Return the facts that a condition gives: properties that have to be one value."""
    if not isinstance(condition, Mapping):
        return condition
    if not KEYWORDS.isdisjoint(condition):
        return condition.get("const")
    return {name: _told(test) for name, test in condition.items()}
