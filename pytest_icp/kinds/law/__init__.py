"""Kind ``law`` (专项): what the law asks is no pattern, and one function of its own decides it.

``check`` names the function, ``with`` gives the numbers of the law that it reckons with.

The grade of an incident (事件等级) is not below what its figures reach. A leak has the grade of
whose number of persons it reaches, and an outage that lasts the ``minutes`` that of the ``users``
whom it affects. It is 一般 as well when they are the ``share`` in per cent of the users of the
service that has the most. A higher grade than the figures reach is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import SATISFIED, Judge, Judgement, missing, violated
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.law.contained import contained
from pytest_icp.kinds.law.in_force import in_force
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.kinds.words import condition, shown
from pytest_icp.law.condition import Node, parse_condition
from pytest_icp.law.text import Text
from pytest_icp.rules.numbers import Number
from pytest_icp.rules.policy import Obligation, Spec

# ---- The grade of an incident

_GRADED_LOW = Text(
    zh="数据已达到“{grade}”，申报的等级为“{found}”",
    en="by its figures it is {grade}, but {found} is declared",
)
_GRADE = Text(zh="不低于“{grade}”（{which}）", en="at least {grade} ({which})")

GRADES = ("none", "一般", "较大", "重大", "特别重大")
"""The grades of incidents, in rising order."""

_LEAKED = ("", "general", "larger", "major", "extreme")
"""What the number of persons is called from which on a leak has each grade."""

_AFFECTED = ("", "users", "users_larger", "users_major", "users_extreme")
"""The same of the users whom an outage affects."""

_WHOLE = 100


class _Level(Struct, frozen=True):
    """A grade, and the figures that reach it; with ``open_at``, as far as that fact allows."""

    rank: int
    figures: Node
    open_at: Tokens | None = None


def grade(context: Context, given: Mapping[str, Number]) -> Judge:
    """Return what judges an incident by the figures ``given`` for grades or for outages."""
    numbers = {name: number.standing(context.today).n for name, number in given.items()}
    levels = (*_of_leaks(numbers), *_of_outages(context, numbers))

    def judge(incident: Subject) -> Judgement:
        declared = context.fact(incident, "grade")
        met = ((one, context.decide.truth(one.figures, incident.value)) for one in levels)
        reached = [(one, known) for one, known in met if known is not False]
        if not reached:
            return SATISFIED
        if declared.text not in GRADES:
            return missing(incident, declared.tokens)
        above = [(one, known) for one, known in reached if one.rank > GRADES.index(declared.text)]
        for level, known in above:
            if known and level.open_at is None:
                return _too_low(context, incident, level)
        for level, known in above:
            at = level.open_at if known else context.open_of(incident, level.figures)
            return missing(incident, at or incident.tokens)
        return SATISFIED

    return judge


def _too_low(context: Context, incident: Subject, level: _Level) -> Judgement:
    declared, reached = context.fact(incident, "grade"), GRADES[level.rank]
    which = condition(level.figures, incident.tokens, incident.tokens)
    found = shown(declared.value, declared.tokens)
    return violated(
        incident,
        declared.tokens,
        _GRADED_LOW.format(grade=reached, found=found),
        found=found,
        required=_GRADE.format(grade=reached, which=which),
        on=day_of(context.fact(incident, "detected_at")),
    )


def _of_leaks(numbers: Mapping[str, float]) -> Iterator[_Level]:
    """Yield the grades that leaks reach, the highest first."""
    for rank, name in reversed([*enumerate(_LEAKED)]):
        if name in numbers:
            yield _Level(rank, parse_condition({"leaked_subjects": {"minimum": numbers[name]}}))


def _of_outages(context: Context, numbers: Mapping[str, float]) -> Iterator[_Level]:
    """Yield the grades that outages reach by many users, or a share of the largest service's."""

    def affecting(users: float) -> Node:
        affected = {"minimum": users, "exclusiveMinimum": 0}
        lasts = {"minimum": numbers["minutes"]}
        return parse_condition({"affected_users": affected, "outage_minutes": lasts})

    def share_of(users: float) -> Node:
        return affecting(-(-users * numbers["share"] // _WHOLE))

    for rank, name in reversed([*enumerate(_AFFECTED)]):
        if name in numbers:
            yield _Level(rank, affecting(numbers[name]))
    if "share" not in numbers:
        return
    services = context.subjects("/services")
    counts = [(one, context.fact(one, "registered_users")) for one in services.subjects]
    known = [(one, count.value) for one, count in counts if isinstance(count.value, (int, float))]
    there = [users for one, users in known if not one.open_at]
    perhaps = [(users, one.open_at) for one, users in known if one.open_at]
    # What is not known can only raise the largest, unless there is no service at all.
    open_at = [*services.missing, *(count.tokens for _, count in counts if count.value is None)]
    fewest = 0 if open_at else min((users for users, _ in perhaps), default=None)
    least = max(there, default=fewest)
    if least is None:
        return
    if there and not open_at:
        yield _Level(1, share_of(max([least, *(users for users, _ in perhaps)])))
    open_at += [at for users, at in perhaps if users > least or not there]
    if open_at:
        yield _Level(1, share_of(least), open_at[0])


Judges: TypeAlias = Callable[[Context, Mapping[str, Number]], Judge]
"""Returns, for a context and the numbers that a rule gives, what judges one subject."""

CHECKS: Mapping[str, Judges] = {
    "incident.grade": grade,
    "licence.contained": contained,
    "licence.in_force": in_force,
}


_UNITS = {"ahead": "days", "within": "days"}


class Law(Spec, frozen=True, rename={"given": "with"}):
    """The name of a function, and the numbers that it reckons with."""

    check: str
    given: Mapping[str, Number] = field(default_factory=dict)

    @property
    def event_decides_law(self) -> bool:
        """Whether a term runs from an event: then the law of its day counts."""
        return "within" in self.given


def check_law(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``law``."""
    spec = obligation.spec_as(Law)
    # A number that a policy writes itself has the unit that the schema gives to its field.
    given = {
        name: replace(one, unit=_UNITS.get(name, one.unit)) for name, one in spec.given.items()
    }
    return judge_each(obligation, context, CHECKS[spec.check](context, given))


KIND = Kind("law", Law, check_law)
