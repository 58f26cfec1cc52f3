"""The forecast: for each rule the next day on which its standing changes if nothing is done.

Of a rule with parts it is foretold for each of them. Every rule is decided again as of each day
that is looked at, until it has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from msgspec import Struct

from pytest_icp.engine import Scene, outcome_of, parts_of, prepare, result_of, settled
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.result import PartResult
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.times import end_of_day
from pytest_icp.reports.changes import Change
from pytest_icp.rules.policy import Obligation, Policy


def forecast(
    scene: Scene, policies: Collection[Policy], *, days: int, rules: Collection[str] | None = None
) -> tuple[Change, ...]:
    """Return the next change of each rule within so many days, in the order of their days.

    ``rules`` are those to look at, all of them when left out.
    """
    looked_at = [
        _Rule(policy, rule, _standings(scene, rule, outcome_of(scene, policy, rule)))
        for policy in policies
        for rule in policy.obligations
        if rules is None or rule.rule_id in rules
    ]
    found: list[Change] = []
    for n in range(days + 1):
        looked_at = [one for one in looked_at if one.before]
        if looked_at:
            later = _as_of(scene, scene.context.today + timedelta(days=n))
            found += (change for one in looked_at for change in one.changes(scene, later))
    return tuple(sorted(found, key=lambda change: (change.day, change.own_id)))


def _as_of(scene: Scene, day: date) -> Scene:
    """Return the same scene as of the end of another day; no line is looked up in a file."""
    return prepare(
        scene.description,
        as_of=end_of_day(day),
        settings=scene.context.settings,
        calendar=scene.context.calendar,
        waivers=scene.waivers,
        kinds=scene.kinds,
        base=scene.base,
        places="none",
    )


def _parts(scene: Scene, rule: Obligation, outcome: Outcome) -> tuple[PartResult, ...]:
    return parts_of(rule, settled(rule, outcome, scene.accepted), scene.accepted)


def _standings(scene: Scene, rule: Obligation, outcome: Outcome) -> dict[str, Standing]:
    return {part.name: part.standing for part in _parts(scene, rule, outcome)}


class _Rule(Struct, frozen=True):
    """A rule, with the standings today of those of its parts that have not changed yet."""

    policy: Policy
    rule: Obligation
    before: dict[str, Standing]

    def changes(self, scene: Scene, later: Scene) -> Iterator[Change]:
        """Yield what has changed since today, the day of a scene, by that of a later one."""
        outcome = outcome_of(later, self.policy, self.rule)
        for part in _parts(later, self.rule, outcome):
            standing = self.before.get(part.name, part.standing)
            if standing is not part.standing:
                yield self._change(scene, later, outcome, part)
                del self.before[part.name]

    def _change(self, scene: Scene, later: Scene, outcome: Outcome, part: PartResult) -> Change:
        result = result_of(later, self.policy, self.rule, outcome)
        mine = (one for one in result.findings if one.part == part.name)
        finding = next((one for one in mine if one.verdict is part.verdict), None)
        day = later.context.today
        return Change(
            description=result.description,
            rule_id=result.rule_id,
            part=part.name,
            title=part.title,
            day=day,
            days=(day - scene.context.today).days - 1,
            before=self.before[part.name],
            after=part.standing,
            why=finding.message if finding else result.reason,
            fix=part.fix,
            subject=finding.subject if finding else "",
            as_of=scene.as_of,
        )
