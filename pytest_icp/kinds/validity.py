"""Kind ``validity`` (有效期): something is in force.

A permit is, ``until`` the day at a path, or what was done
on a day (``{after: path, days | months | years: n}``) for so long. ``require`` is a condition
that it must meet besides.
"""

from __future__ import annotations

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.core import judging
from pytest_icp.kinds.dated.duty import BY_THEN, TODAY, Dated
from pytest_icp.kinds.dated.when import When
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import Judgement, blamed
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.blame import blame
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.rules.numbers import Amount
from pytest_icp.rules.policy import Obligation, Spec


class Lasting(Amount, frozen=True, kw_only=True):
    """A time for which something is good after the day at a path."""

    after: str


class Validity(Spec, frozen=True):
    """Until when something is good, and what it must meet besides."""

    until: str | Lasting
    require: Node = ANYTHING

    def dated(self, until: str | Lasting) -> Dated:
        """Return it as an anchor that today lies before, or within."""
        if isinstance(until, Lasting):
            return Dated(act=TODAY, anchor=When.on(until.after), within=until)
        return Dated(act=TODAY, anchor=When.on(until), ahead=BY_THEN)


def check_validity(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``validity``."""
    spec = obligation.spec_as(Validity)
    still_good = judging(spec.dated(spec.until), obligation, context)

    def judge(subject: Subject) -> Judgement:
        judged = still_good(subject)
        if context.decide.truth(spec.require, subject.value):
            return judged
        fault = blame(spec.require, subject.value, context.decide)
        return blamed(subject, fault).by(judged.steps)

    return judge_each(obligation, context, judge)


KIND = Kind("validity", Validity, check_validity)
