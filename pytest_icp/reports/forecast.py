"""The forecast: for each rule the next day on which its standing changes if nothing is done.

Of a rule with parts it is foretold for each of them. Every rule is decided again as of each day
that is looked at, until it has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from pytest_icp.engine import Scene, outcome_of, parts_of, prepare, result_of, settled
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.result import PartResult
from pytest_icp.kinds.standing import Standing, standing_name
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import end_of_day
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.jsonl import as_json
from pytest_icp.reports.layout import json_text, one_line
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.policy import Obligation, Policy, part_id

TITLE = Text(zh="如不作任何处理，将发生的变化", en="what changes if nothing is done")
_NONE = Text(zh="{days} 日内没有到期事项。", en="Nothing is due within {days:day}.")
_LAST = Text(zh="（最后一天）", en=" (last day)")
_DAYS = Text(zh="日数", en="days")
_TURNS = Text(zh="不作处理的，自该日起", en="if nothing is done, from")
_MOST = 20


class Change(Struct, frozen=True, kw_only=True):
    """The next day on which the standing of a rule changes, and why (变化).

    ``day`` is the first day of the new standing, ``before`` the standing until then; ``days`` are
    those that are left until the last day of that.
    """

    description: str
    rule_id: str
    part: str = ""
    title: Text
    day: date
    days: int
    before: Standing
    after: Standing
    why: Text
    fix: Text
    subject: str
    as_of: str

    @property
    def own_id(self) -> str:
        """The id of the rule, or of the part of it that changes."""
        return part_id(self.rule_id, self.part)

    @property
    def last_day(self) -> date:
        """The last day of the standing before."""
        return self.day - timedelta(days=1)


def forecast_section(changes: Sequence[Change], days: int, names: Mapping[str, str]) -> b.Section:
    """Return the section of the terminal with the changes within so many days.

    ``names`` tell the descriptions apart.
    """
    said = [] if changes else [b.line(none_within(days))]
    if len(changes) > _MOST:
        said.append(b.line(w.MORE.format(n=len(changes) - _MOST)))
    blocks = (*changes_table(changes[:_MOST], names), *b.items(said, style="joined"))
    return b.Section(TITLE, blocks)


def none_within(days: int) -> Text:
    """Return the sentence for no changes."""
    return _NONE.format(days=days)


def changes_table(changes: Sequence[Change], names: Mapping[str, str]) -> Iterator[b.Block]:
    """Yield a row for each change: the last day, what to do, and what it is from when if not.

    ``names`` tell the descriptions apart.
    """
    head = tuple(map(b.line, (w.LAST_DAY, _DAYS, w.DUTY, _TURNS)))
    rows = [_row(one, names[one.description]) for one in changes]
    yield from b.table(head, rows, len(rows), numbers=[1])


def _row(change: Change, name: str) -> tuple[b.Line, ...]:
    where = f"{change.own_id} [{change.subject}]" if change.subject else change.own_id
    after = change.after
    turned = w.LEVELS["advisory"] if after is Standing.ADVISORY else standing_name(after)
    return (
        b.line(str(change.last_day)),
        b.line(str(change.days)),
        b.line(change.title, b.Span(plain(where), "row"), b.Span(plain(name), "row")),
        b.line(str(change.day), turned),
    )


def changes_json(changes: Sequence[Change]) -> str:
    """Return the changes as JSON, in both languages."""
    return json_text([as_json(_fields(change)) for change in changes], indented=True)


def _fields(change: Change) -> dict[str, object]:
    return {
        "description": change.description,
        "rule": change.rule_id,
        "part": change.part or None,
        "day": change.day.isoformat(),
        "last_day": change.last_day.isoformat(),
        "days": change.days,
        "before": change.before,
        "after": change.after,
        "subject": change.subject,
        "as_of": change.as_of,
        "title": change.title,
        "why": change.why,
        "fix": change.fix,
    }


def summary_of(change: Change, language: Language) -> str:
    """Return the duty of a change in one line, for the title of an event."""
    return one_line(in_languages(change.title + _LAST, language))


def forecast(
    scene: Scene, policies: Collection[Policy], *, days: int, rules: Collection[str] | None = None
) -> tuple[Change, ...]:
    """Return the next change of each rule within so many days, in the order of their days.

    ``rules`` are those to look at, all of them when left out.
    """
    looked_at = [
        (policy, rule, {part.name: part.standing for part in _decided(scene, policy, rule)[1]})
        for policy in policies
        for rule in policy.obligations
        if rules is None or rule.rule_id in rules
    ]
    found: list[Change] = []
    for n in range(days + 1):
        looked_at = [one for one in looked_at if one[-1]]
        if looked_at:
            later = _as_of(scene, scene.context.today + timedelta(days=n))
            found += (change for one in looked_at for change in _changes(scene, later, *one))
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


def _decided(
    scene: Scene, policy: Policy, rule: Obligation
) -> tuple[Outcome, tuple[PartResult, ...]]:
    """Return what comes of a rule, and of each of its parts."""
    outcome = outcome_of(scene, policy, rule)
    return outcome, parts_of(rule, settled(rule, outcome, scene.accepted), scene.accepted)


def _changes(
    scene: Scene, later: Scene, policy: Policy, rule: Obligation, before: dict[str, Standing]
) -> Iterator[Change]:
    """Yield what has changed since today, the day of a scene, by that of a later one.

    ``before`` are the standings today of the parts that have not changed yet.
    """
    outcome, parts = _decided(later, policy, rule)
    for part in parts:
        if before.get(part.name, part.standing) is part.standing:
            continue
        result = result_of(later, policy, rule, outcome)
        mine = (one for one in result.findings if one.part == part.name)
        finding = next((one for one in mine if one.verdict is part.verdict), None)
        day = later.context.today
        yield Change(
            description=result.description,
            rule_id=result.rule_id,
            part=part.name,
            title=part.title,
            day=day,
            days=(day - scene.context.today).days - 1,
            before=before.pop(part.name),
            after=part.standing,
            why=finding.message if finding else result.reason,
            fix=part.fix,
            subject=finding.subject if finding else "",
            as_of=scene.as_of,
        )
