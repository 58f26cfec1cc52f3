"""The forecast: for each rule the next day on which its standing changes if nothing is done.

It is found exactly and without trying every day. A rule is decided as of a day that watches
what it is compared with (`law.watch`); until the first of these comparisons can come out
differently, and until the next date in the description, the verdict is the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from pytest_icp.engine import Scene, decide, prepare
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.times import TimeError, civil_date, end_of_day, parse_time
from pytest_icp.law.watch import Watch, watching
from pytest_icp.reports.changes import Change
from pytest_icp.rules.contradictions import contradictions
from pytest_icp.rules.policy import Obligation, Policy

SceneAt = Callable[[datetime], Scene]
"""Returns the scene of one description as of an instant."""

_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def forecast(
    scene_at: SceneAt,
    policies: Collection[Policy],
    *,
    as_of: datetime,
    days: int,
    rules: Collection[str] | None = None,
) -> tuple[Change, ...]:
    """Return the next change of each rule within so many days, in the order of their days.

    ``rules`` are those to look at, all of them when left out.
    """
    forecaster = _Forecaster(scene_at, as_of, days)
    found = [
        change
        for policy in policies
        for obligation in policy.obligations
        if rules is None or obligation.rule_id in rules
        for change in forecaster.next_change(policy, obligation)
    ]
    return tuple(sorted(found, key=lambda change: (change.day, change.rule_id)))


def at_other_times(scene: Scene) -> SceneAt:
    """Return a function that gives the same scene as of another instant."""

    def scene_at(as_of: datetime) -> Scene:
        return prepare(
            scene.description,
            as_of=as_of,
            settings=scene.context.settings,
            calendar=scene.context.calendar,
            waivers=scene.waivers,
            kinds=scene.kinds,
            base=scene.base,
        )

    return scene_at


class _Forecaster:
    """Decides the rules of one description as of later days, each day's scene prepared once."""

    def __init__(self, scene_at: SceneAt, as_of: datetime, days: int) -> None:
        self._scene_at = scene_at
        self._as_of = as_of
        self._today = civil_date(as_of)
        self._end = self._today + timedelta(days=days)
        self._scenes: dict[date, Scene] = {}
        now = scene_at(as_of)
        self._now = now
        # A later event is undone until its day, so each such day may change any verdict.
        self._dates = sorted({*_days_in(now.description.facts), *_days_after_doubts(now)})

    def next_change(self, policy: Policy, obligation: Obligation) -> Iterator[Change]:
        """Yield the first change within the days looked at, if there is one."""
        before = decide(self._now, policy, obligation).standing
        day = self._today
        while day <= self._end:
            result, days = self._watched(policy, obligation, day)
            if result.standing is not before:
                yield self._change(result, before, day)
                return
            dated = bisect_right(self._dates, day)
            upcoming = [day + timedelta(days=days)] if days is not None else []
            upcoming += self._dates[dated : dated + 1]
            if not upcoming:
                return
            day = min(upcoming)

    def _watched(
        self, policy: Policy, obligation: Obligation, day: date
    ) -> tuple[Result, int | None]:
        """Decide a rule as of the end of a day; return also for how many days that may hold."""
        if day not in self._scenes:
            self._scenes[day] = self._scene_at(end_of_day(day))
        scene = self._scenes[day]
        watch = Watch()
        context = replace(scene.context, as_of=watching(scene.context.as_of, watch))
        return decide(replace(scene, context=context), policy, obligation), watch.days

    def _change(self, result: Result, before: Standing, day: date) -> Change:
        worst = [finding for finding in result.findings if finding.verdict is result.verdict]
        finding = worst[0] if worst else None
        return Change(
            description=result.description,
            rule_id=result.rule_id,
            title=result.title,
            day=day,
            days=(day - self._today).days,
            before=before,
            after=result.standing,
            why=finding.message if finding else result.reason,
            mend=result.mend,
            subject=finding.subject if finding else "",
            as_of=self._as_of.isoformat(timespec="seconds"),
        )


def _days_after_doubts(scene: Scene) -> Iterator[date]:
    """Yield the first days on which a declaration excludes no other any more.

    Contradictions are found when a scene is prepared, where nothing watches.
    """
    for one in contradictions().contradictions:
        until = one.declared.until
        for subject in scene.context.subjects(one.declared.each).subjects if until else ():
            last = day_of(scene.context.fact(subject, until))
            if last is not None:
                yield last + timedelta(days=1)


def _days_in(facts: Json) -> Iterator[date]:
    """Yield the days of all dates in a description, whatever they mean."""
    if isinstance(facts, str):
        if _DATE.match(facts):
            try:
                yield civil_date(parse_time(facts))
            except TimeError:
                return
    elif isinstance(facts, dict):
        for value in facts.values():
            yield from _days_in(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from _days_in(value)
