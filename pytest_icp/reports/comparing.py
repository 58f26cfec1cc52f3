"""Compares a finished run with its base: rule by rule, finding by finding (比较)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property

from pytest_icp.kinds.finding import Decided, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import FAILING, OPEN, UNDECIDED, Standing
from pytest_icp.law.jsontypes import stable_pointer
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.baseline import known_by_part
from pytest_icp.reports.entries import Entry, entries, worst_first
from pytest_icp.reports.marked import KIND
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import (
    FIRST,
    NOTHING_FOUND,
    UNTIL,
    Base,
    DueChange,
    Key,
    RuleChange,
    Since,
    Was,
)
from pytest_icp.reports.words import decided_text
from pytest_icp.rules.policy import Policy, part_id

_RANK = {how: i for i, how in enumerate(Standing)}


def compared(
    run: Run, base: Base, ours: Callable[[Location], bool], elements: Mapping[str, frozenset[str]]
) -> Since:
    """Return how a run differs from a base.

    ``ours`` tells whether a line is one of the change; ``elements`` are those of each description.
    """
    compare = _Compare(run, base)
    new, known = compare.new_and_known()
    judged = [one for one in run.results if compare.has(one)]
    changes = [change for one in judged for change in compare.change(one, new, ours)]
    changes.sort(key=lambda one: (_weight(one), one.description, one.rule_id))
    both = base.elements.keys() & elements.keys()
    return Since(
        base=base,
        rules=tuple(changes),
        unseen=tuple(_unseen(base, {_rule(one) for one in run.results})),
        due=tuple(_moved(base, judged)),
        added=tuple(_differ(elements, base.elements, both)),
        gone=tuple(_differ(base.elements, elements, both)),
        new=new,
        known=known,
        absent=tuple(compare.absent(judged)),
    )


def known_of(run: Run, base: Base) -> frozenset[Key]:
    """Return the open findings of a run that a base has."""
    return _Compare(run, base).new_and_known()[1]


class _Compare:
    """A run and its base, with what is asked for each rule."""

    def __init__(self, run: Run, base: Base) -> None:
        self._base = base
        self._unread = {one.description for one in base.unjudged if one.whole}
        self._crashed = {(one.description, one.rule_id) for one in base.unjudged}
        self._now: dict[Key, list[Entry]] = defaultdict(list)
        for entry in entries(run):
            self._now[_rule(entry.result)].append(entry)

    @cached_property
    def _then(self) -> Mapping[Key, list[Was]]:
        """What the base found of each rule; whoever asks for one rule does not need it."""
        then: dict[Key, list[Was]] = defaultdict(list)
        # One that is known in each part of a rule is one all the same.
        for was in {id(one): one for one in self._base.findings.values()}.values():
            then[was.description, was.rule_id].append(was)
        return then

    def has(self, result: Result) -> bool:
        """Whether the base says anything of a result."""
        if result.kind == KIND or _rule(result) in self._crashed:
            return False
        unread = not self._unread.isdisjoint({"", result.description})
        return not unread and not self._base.lacks(result.description)

    def new_and_known(self) -> tuple[frozenset[Key], frozenset[Key]]:
        """Return the open findings that the base does not have, and those that it has.

        One that stands worse than in the base is new; so is one that came with the days since
        then. What is found in a file that the base cannot have is neither, and nothing that rests
        on such a file is known.
        """
        new, known = set(), set()
        for rule, found in self._now.items():
            for entry in found if self.has(found[0].result) else ():
                key = entry.key
                if entry.standing not in OPEN or self._is_apart(entry):
                    continue
                was = self._base.findings.get(key)
                if was is None or was.dated or _RANK[was.standing] > _RANK[entry.standing]:
                    new.add(key)
                elif rule not in self._base.resting:
                    known.add(key)
        return frozenset(new), frozenset(known)

    def _is_apart(self, entry: Entry) -> bool:
        return self._base.lacks(entry.finding.location.path)

    def _is_edited(self, entry: Entry, ours: Callable[[Location], bool]) -> bool:
        """Whether a finding violates on a line of the change, which may be worse than before."""
        line = entry.finding.location
        return entry.standing is Standing.VIOLATED and not self._is_apart(entry) and ours(line)

    def _is_dated(self, entry: Entry) -> bool:
        was = self._base.findings.get(entry.key)
        return was is not None and was.dated

    def absent(self, judged: Iterable[Result]) -> Iterator[Was]:
        """Yield the open findings of the base that are no more; of an unknown rule no one knows."""
        for result in judged:
            rule = _rule(result)
            there = {entry.key for entry in self._now[rule]}
            for was in self._then.get(rule, []) if result.standing not in UNDECIDED else ():
                if was.standing in OPEN and there.isdisjoint(was.keys):
                    yield was

    def change(
        self, result: Result, new: Collection[Key], ours: Callable[[Location], bool]
    ) -> Iterator[RuleChange]:
        """Yield how a rule changed; nothing where it did not, or where that is not known."""
        found, then = self._now[_rule(result)], self._then.get(_rule(result), [])
        there = {entry.key for entry in found if entry.standing in OPEN}
        gone = [was for was in then if was.standing in OPEN and there.isdisjoint(was.keys)]
        fresh = worst_first(entry for entry in found if entry.key in new)
        before = self._before(result, then)
        same = before in {None, result.standing} and not gone
        edited = [one for one in found if self._is_edited(one, ours)] if same else []
        if not (fresh or edited) and (same or any(map(self._is_apart, found))):
            return
        worst = next(iter(fresh or edited), None)
        first = worst.finding if worst else None
        spot = first.location if first else result.location
        yield RuleChange(
            description=result.description,
            rule_id=result.rule_id,
            part=first.part if first else "",
            title=result.about(first).title if first else result.title,
            before=before,
            after=result.standing,
            first=NOTHING_FOUND if self._base.standings is None else FIRST,
            location=spot,
            subject=first.subject if first else "",
            decided=first is None and before in FAILING and _decision(result) is not None,
            message=first.message if first else _why(result),
            standing=worst.standing if worst else None,
            new=len(fresh),
            gone=len(gone),
            ours=first is not None and ours(spot),
            dated=bool(fresh) and all(map(self._is_dated, fresh)),
        )

    def _before(self, result: Result, then: Iterable[Was]) -> Standing | None:
        if self._base.standings is not None:
            return self._base.standings.get(_rule(result))
        # A report of findings does not tell how other rules stood, nor how one did with nothing
        # but advice that it did not follow.
        advice = result.level == "advisory"
        found = (was.standing for was in then if was.standing in FAILING or advice)
        return min(found, key=_RANK.__getitem__, default=None)


def _why(result: Result) -> Text:
    """Return why a rule without a new finding stands as it does."""
    waived, decided = result.waived, _decision(result)
    if waived is None:
        return decided_text(decided) if decided else result.reason
    return UNTIL.format(expires=waived.expires, owner=waived.owner, reason=waived.reason)


def _decision(result: Result) -> Decided | None:
    """Return the first decision by which a rule is satisfied."""
    decisions = (one.decided for one in result.findings if one.decided)
    return next(decisions, None) if result.verdict is Verdict.SATISFIED else None


def _rule(result: Result) -> Key:
    return result.description, result.rule_id


def _weight(change: RuleChange) -> tuple[bool, int]:
    """Return the key of a change: what got worse first, by how it stands."""
    after = _RANK[change.after] if change.after else len(_RANK)
    return not change.new, after


def _unseen(base: Base, seen: Collection[Key]) -> Iterator[RuleChange]:
    """Yield the rules that the run does not decide any more, the worst first."""
    standings = base.standings
    if standings is None:
        standings = {(one[0], was.rule_id): was.standing for one, was in base.findings.items()}
    for (description, rule), how in sorted(standings.items(), key=lambda one: _RANK[one[1]]):
        if (description, rule) not in seen and how is not Standing.NOT_APPLICABLE:
            yield RuleChange(
                description=description,
                rule_id=rule,
                title=plain(""),
                before=how,
                after=None,
                location=Location(path=description),
            )


def _moved(base: Base, results: Iterable[Result]) -> Iterator[DueChange]:
    """Yield the due dates that moved, those of one subject together."""
    groups: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for result in results:
        for one in result.upcoming:
            rule = part_id(result.rule_id, one.part)
            before = base.upcoming.get((result.description, rule, one.subject), one.last)
            if before != one.last:
                group = (result.description, one.subject, before, one.last)
                groups[group].append(rule)
    for (description, subject, before, after), rules in groups.items():
        yield DueChange(
            description=description,
            rules=tuple(dict.fromkeys(rules)),
            subject=subject,
            before=before,
            after=after,
        )


def _differ(
    these: Mapping[str, frozenset[str]], others: Mapping[str, frozenset[str]], both: Collection[str]
) -> Iterator[Key]:
    """Yield the elements of descriptions that the others do not have."""
    for description in sorted(both):
        for element in sorted(these[description] - others[description]):
            yield description, element


def findings_of(
    run: Run, on_its_day: Mapping[Key, Standing] | None, policies: Iterable[Policy]
) -> dict[Key, Was]:
    """Return the findings of a judged base by description and fingerprint.

    ``on_its_day`` are the open ones that it had on the day on which it was committed; ``policies``
    are those of the run, with the parts of its rules.
    """
    found = []
    for entry in entries(run):
        if entry.standing not in {*OPEN, Standing.WAIVED}:
            continue
        dated = False
        if on_its_day is not None and entry.standing in OPEN:
            then = on_its_day.get(entry.key)
            dated = then is None or _RANK[then] > _RANK[entry.standing]
        was = Was(
            description=entry.result.description,
            rule=part_id(entry.result.rule_id, entry.finding.part),
            subject=entry.finding.subject,
            pointer=stable_pointer(entry.finding.pointer),
            fingerprint=entry.fingerprint,
            standing=entry.standing,
            dated=dated,
        )
        found.append(was)
    return by_key(known_by_part(found, policies))


def by_key(found: Iterable[Was]) -> dict[Key, Was]:
    """Return findings of a base by what those of a run are compared with."""
    return {key: one for one in found for key in one.keys}
