"""The forecast: for each rule the next day on which its standing changes if nothing is done.

Of a rule with parts it is foretold for each of them.

It is found exactly and without trying every day. A rule is decided as of a day that watches
what it is compared with (`law.watch`); until the first of these comparisons can come out
differently, and until the facts look different as of a day, the verdict is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from heapq import heappop, heappush

from msgspec.structs import replace

from pytest_icp.engine import Scene, decide, prepare
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.result import PartResult, Result
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.times import TimeError, civil_date, end_of_day, parse_time
from pytest_icp.law.watch import Watch, watching
from pytest_icp.reports.changes import Change
from pytest_icp.rules.contradictions import contradictions
from pytest_icp.rules.policy import Obligation, Policy

SceneAt = Callable[[datetime], Scene]
"""Returns the scene of one description as of an instant."""


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
    chosen = [
        (policy, obligation, part.part)
        for policy in policies
        for obligation in policy.obligations
        if rules is None or obligation.rule_id in rules
        for part in obligation.each_part
    ]
    found = _Forecaster(scene_at, as_of, days).next_changes(chosen)
    return tuple(sorted(found, key=lambda change: (change.day, change.own_id)))


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
            places="found",
        )

    return scene_at


class _Forecaster:
    """Decides the rules of one description as of later days, one day after the other.

    A scene serves for all days on which the facts look the same, and then makes room for the next.
    """

    def __init__(self, scene_at: SceneAt, as_of: datetime, days: int) -> None:
        self._scene_at = scene_at
        self._as_of = as_of
        self._today = civil_date(as_of)
        self._end = self._today + timedelta(days=days)

    def next_changes(self, rules: Sequence[tuple[Policy, Obligation, str]]) -> Iterator[Change]:
        """Yield the first change of each rule or part within the days looked at, if any."""
        now = self._scene_at(self._as_of)
        before = [
            _of_part(decide(now, policy, rule), part).standing for policy, rule, part in rules
        ]
        # The next day on which to look at each rule, by its number.
        looks = [(self._today, number) for number in range(len(rules))]
        scene, until = now, self._today
        while looks:
            day, number = heappop(looks)
            if day >= until:
                scene = self._scene_at(end_of_day(day))
                until = min((one for one in _days_of_change(scene) if one > day), default=date.max)
            policy, obligation, part = rules[number]
            result, days = _watched(scene, (policy, obligation), day)
            if _of_part(result, part).standing is not before[number]:
                yield self._change(result, part, before[number], day)
                continue
            again = until if days is None else min(until, day + timedelta(days=days))
            if again <= self._end:
                heappush(looks, (again, number))

    def _change(self, result: Result, part: str, before: Standing, day: date) -> Change:
        own = _of_part(result, part)
        found = (one for one in result.findings if one.part == part and one.verdict is own.verdict)
        finding = next(found, None)
        return Change(
            description=result.description,
            rule_id=result.rule_id,
            part=part,
            title=own.title,
            day=day,
            days=(day - self._today).days - 1,
            before=before,
            after=own.standing,
            why=finding.message if finding else result.reason,
            fix=own.fix,
            subject=finding.subject if finding else "",
            as_of=self._as_of.isoformat(timespec="seconds"),
        )


def _of_part(result: Result, part: str) -> Result | PartResult:
    """Return a part of a result by its name; the result itself without one."""
    return next((one for one in result.parts if one.name == part), result)


def _watched(scene: Scene, rule: tuple[Policy, Obligation], day: date) -> tuple[Result, int | None]:
    """Decide a rule as of the end of a day; return also for how many days that may hold."""
    watch = Watch()
    context = replace(scene.context, as_of=watching(end_of_day(day), watch))
    return decide(replace(scene, context=context), *rule), watch.days


def _days_of_change(scene: Scene) -> Iterator[date]:
    """Yield the days on which the facts of a scene may look different, also by some claim."""
    for context in scene.contested.contexts:
        for written in context.view.later:
            with suppress(TimeError):
                yield civil_date(parse_time(written))
    yield from _days_after_doubts(scene)


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
