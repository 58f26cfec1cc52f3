"""Kind ``law`` (专项): what the law asks is no pattern, and one function of its own decides it.

``check`` names the function, ``with`` gives the numbers of the law that it reckons with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import field
from msgspec.structs import replace

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import Judgement
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.law.contained import contained
from pytest_icp.kinds.law.grade import grade
from pytest_icp.kinds.law.in_force import in_force
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Subject
from pytest_icp.rules.numbers import Number
from pytest_icp.rules.policy import Obligation, Spec

Judges: TypeAlias = Callable[[Context, Mapping[str, Number]], Callable[[Subject], Judgement]]
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
