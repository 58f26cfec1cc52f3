"""Compares a run with an earlier one from their JSON Lines, subject by subject (比较)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from pytest_icp.facts.files.disk import MEGABYTE, read_bytes
from pytest_icp.kinds.standing import OPEN, UNDECIDED, Standing
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Location, Place
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.jsonl import NOT_JUDGED, RECORD, jsonl
from pytest_icp.reports.record import Role
from pytest_icp.reports.run import VERSION, Run
from pytest_icp.reports.since import (
    UNJUDGED,
    UNTIL,
    Change,
    DueChange,
    Key,
    Line,
    SettingChange,
    Since,
    State,
)
from pytest_icp.reports.words import decided_text

_RANK = {how: i for i, how in enumerate((*Standing, None))}
_OF_ALL = (*UNDECIDED, Standing.DUE_SOON, Standing.SATISFIED, Standing.NOT_APPLICABLE)
"""How a rule stands that stands so for every subject of which nothing else was found."""

_LINES = re.compile(r"(?<=[^\d\s]):\d+(?::\d+)?")
"""Where a file is named with a line, which moves with the lines above it."""

_Subject = tuple[str, str, str]
"""A rule, the part of it, and a subject."""

_LARGEST = 512 * MEGABYTE
_NO_LINE = Text(
    zh="不是 pytest-icp 的 JSON Lines 报告", en="this is no JSON Lines report of pytest-icp"
)
_WRITE_ONE = Text(zh="由 --icp-report=jsonl=文件 写出", en="--icp-report=jsonl=FILE writes one")
_FOUND = frozenset({*OPEN, Standing.WAIVED, Standing.DECIDED})
_DIGEST = 12


def compared(old: State, new: State) -> Since:
    """Return how a state differs from an earlier one."""
    compare = _Compare(old, new.findings.values())
    rules = [key for key in new.rules if compare.has(key)]
    changes = [one for key in rules for one in compare.changes(key, new)]
    changes.sort(key=lambda one: (not one.new, _RANK[one.after], one.description, one.rule_id))
    both = old.elements.keys() & new.elements.keys()
    return Since(
        base=old,
        settings=tuple(_settings(old, new)),
        unseen=tuple(_unseen(old, new)),
        rules=tuple(changes),
        due=tuple(_moved(old, new)),
        added=tuple(_differ(new.elements, old.elements, both)),
        gone=tuple(_differ(old.elements, new.elements, both)),
        new=frozenset(compare.new),
        known=frozenset(compare.known),
        absent=tuple(one for key in rules for one in compare.absent(key, new)),
    )


def known_in(old: State, found: Iterable[Line]) -> frozenset[Key]:
    """Return the open findings that an earlier state has."""
    return frozenset(_Compare(old, found).known)


class _Compare:
    """An earlier state, and what is found now.

    What stands worse than before is new; so is a violation by another value, and what came with
    the days since then. What is found in a file that the earlier state cannot have is neither new
    nor known, and nothing that rests on such a file is known.
    """

    def __init__(self, old: State, found: Iterable[Line]) -> None:
        self._old = old
        self._unread = old.unread
        self._crashed = {(one.description, one.rule) for one in old.unjudged if one.rule}
        self._now = _by_rule(found)
        self.new: set[Key] = set()
        self.known: set[Key] = set()
        for rule, lines in self._now.items():
            for line in lines if self.has(rule) else ():
                if line.standing not in OPEN or old.lacks(line.place.path):
                    continue
                if self._is_new(line):
                    self.new.add(line.key)
                elif rule not in old.resting:
                    self.known.add(line.key)

    @cached_property
    def _then(self) -> Mapping[Key, list[Line]]:
        """What was found of each rule; whoever asks for one finding does not need it."""
        return _by_rule(self._old.findings.values())

    def has(self, rule: Key) -> bool:
        """Whether the earlier state says anything of a rule of a description."""
        if rule in self._crashed or not self._unread.isdisjoint({"", rule[0]}):
            return False
        return not self._old.lacks(rule[0])

    def _is_new(self, line: Line) -> bool:
        was = self._old.findings.get(line.key)
        if was is None or line.key in self._old.dated:
            return True
        return _RANK[was.standing] > _RANK[line.standing] or _is_otherwise(was, line)

    def absent(self, rule: Key, new: State) -> Iterator[Line]:
        """Yield the open findings that are no more; of an unknown rule nobody knows."""
        if new.rules[rule] not in UNDECIDED:
            for was in self._then.get(rule, ()):
                if was.standing in OPEN and was.key not in new.findings:
                    yield was

    def changes(self, rule: Key, new: State) -> Iterator[Change]:
        """Yield the subjects of a rule that stand otherwise; the rule, where none tells that."""
        now, then = _by_subject(self._now.get(rule, ())), _by_subject(self._then.get(rule, ()))
        before, after = self._old.rules.get(rule), new.rules[rule]
        rows = []
        for subject in now | then:
            lines, were = now.get(subject, []), then.get(subject, [])
            fresh = [line for line in lines if line.key in self.new]
            was = were[0].standing if were else self._unfound(rule, subject[-1], new)
            stands = lines[0].standing if lines else _of_others(after)
            if fresh:
                rows.append(self._fresh(fresh[0], was))
            elif were and was is not stands and _is_told(was, stands):
                line = (lines or were)[0]
                rows.append(_change(line, before=was, after=stands, message=_accepted(line)))
        apart = any(self._old.lacks(line.place.path) for line in self._now.get(rule, ()))
        told = apart or any(row.new or row.before is before for row in rows)
        if not told and before not in {None, after}:
            rows.append(_of_rule(rule, before, after))
        yield from rows

    def _unfound(self, rule: Key, subject: str, new: State) -> Standing | None:
        """Return how a subject stood of which nothing was found; None for one that is new."""
        before = self._old.rules.get(rule)
        if before is None or before in _OF_ALL:
            return before
        ids = (state.elements.get(rule[0], frozenset()) for state in (self._old, new))
        there, here = ({one.partition(": ")[2] for one in named} for named in ids)
        return None if subject in here - there else Standing.SATISFIED

    def _fresh(self, line: Line, before: Standing | None) -> Change:
        was = self._old.findings.get(line.key)
        dated = was is not None and line.key in self._old.dated
        otherwise = was is not None and not dated and _is_otherwise(was, line)
        return _change(
            line,
            before=before,
            after=line.standing,
            message=line.message,
            was=was.found if was is not None and otherwise else plain(""),
            new=True,
            dated=dated,
        )


def _by_rule(lines: Iterable[Line]) -> Mapping[Key, list[Line]]:
    found: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.description, line.rule].append(line)
    return found


def _by_subject(lines: Iterable[Line]) -> dict[_Subject, list[Line]]:
    """Return the findings of each subject, the worst first."""
    found: dict[_Subject, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda one: _RANK[one.standing]):
        found[line.rule, line.part, line.subject].append(line)
    return found


def _change(line: Line, **more: object) -> Change:
    return Change(
        description=line.description,
        rule_id=line.rule,
        part=line.part,
        title=line.title,
        subject=line.subject,
        location=line.place,
        found=line.found,
        **more,  # type: ignore[arg-type]  # the fields of a change
    )


def _of_rule(rule: Key, before: Standing | None, after: Standing | None) -> Change:
    description, rule_id = rule
    place = Location(path=description)
    return Change(
        description=description, rule_id=rule_id, before=before, after=after, location=place
    )


def _is_otherwise(was: Line, line: Line) -> bool:
    """Whether something is violated by another value than before."""
    if not was.standing is line.standing is Standing.VIOLATED:
        return False
    return _LINES.sub("", was.found.en) != _LINES.sub("", line.found.en)


def _of_others(rule: Standing) -> Standing:
    """Return how a subject stands of which nothing was found, where a rule stands so."""
    return rule if rule in _OF_ALL else Standing.SATISFIED


def _is_told(was: Standing | None, stands: Standing) -> bool:
    """Whether a finding that is no more, or that somebody accepts now, is told by itself."""
    if stands in {Standing.WAIVED, Standing.DECIDED}:
        return was in OPEN
    return was in {Standing.VIOLATED, Standing.ADVISORY, Standing.WAIVED}


def _accepted(line: Line) -> Text:
    """Return until when and why a finding is accepted."""
    if line.decided:
        return decided_text(line.decided)
    if line.waiver:
        one = line.waiver
        return UNTIL.format(expires=one.expires, owner=one.owner, reason=one.reason)
    return plain("")


def _settings(old: State, new: State) -> Iterator[SettingChange]:
    """Yield the settings that differ, where both are known."""
    if old.settings and new.settings:
        for name in sorted(old.settings.keys() | new.settings.keys()):
            before, after = (state.settings.get(name, "") for state in (old, new))
            if before != after:
                yield SettingChange(name=name, before=before, after=after)


def _unseen(old: State, new: State) -> Iterator[Change]:
    """Yield the rules that are not decided any more, the worst first.

    Those that did not apply are among them where they are not selected: a list may be gone.
    """
    for rule, how in sorted(old.rules.items(), key=lambda one: _RANK[one[1]]):
        taken_out = how is not Standing.NOT_APPLICABLE or rule in new.left
        if rule not in new.rules and taken_out:
            yield _of_rule(rule, how, None)


def _moved(old: State, new: State) -> Iterator[DueChange]:
    """Yield the due dates that moved, those of one subject together."""
    groups: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for (description, rule, subject), last in new.upcoming.items():
        before = old.upcoming.get((description, rule, subject), last)
        if before != last:
            groups[description, subject, before, last].append(rule)
    for (description, subject, before, after), rules in groups.items():
        yield DueChange(
            description=description,
            rules=tuple(rules),
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


def state_in(path: Path, name: str) -> State:
    """Return the state that a report is of; raises `InputError` for what is not a report."""
    return _state(list(_lines(path, read_bytes(path, root=None, limit=_LARGEST))), name)


def state_of(run: Run) -> State:
    """Return the state that the report of a run is of."""
    return _state(list(_lines(Path(), jsonl(run).encode())), "")


def unread_errors(state: State) -> list[InputError]:
    """Return why nothing is known of a state, or of a description of it."""
    errors = []
    for one in state.unjudged:
        if one.description in state.unread:
            spot = one.place
            place = Place(path=Path(spot.path), line=spot.line, column=spot.column)
            said = UNJUDGED.format(message=one.message)
            errors.append(InputError(said, place=place if spot.path else None))
    return errors


def _lines(path: Path, raw: bytes) -> Iterator[Line]:
    decode = msgspec.json.Decoder(Line).decode
    for n, text in enumerate(raw.splitlines(), 1):
        if not text.strip():
            continue
        try:
            line = decode(text)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            line = None
        if line is None or line.version != VERSION:
            raise InputError(_NO_LINE, place=Place(path=path, line=n), hint=_WRITE_ONE)
        yield line


def _state(lines: list[Line], name: str) -> State:
    read = [one for one in lines if one.rules is not None]
    rules = {
        (one.description, rule): how for one in read for rule, how in (one.rules or {}).items()
    }
    # What a Python test found is compared with nothing. Only lines of a baseline have no day.
    found = (
        one
        for one in lines
        if one.grade in _FOUND and (not one.as_of or (one.description, one.rule) in rules)
    )
    as_of = max((one.as_of for one in lines), default="")
    return State(
        name=name,
        day=as_of[:10],
        as_of=as_of,
        rules=rules,
        findings={one.key: one for one in found},
        upcoming={
            (one.description, rule, subject): last
            for one in read
            for rule, subjects in one.upcoming.items()
            for subject, last in subjects.items()
        },
        elements={
            one.description: frozenset(
                f"{kind}: {id_}" for kind, ids in one.elements.items() for id_ in ids
            )
            for one in read
        },
        left=frozenset(
            (one.description, rule)
            for one in read
            for rules in one.not_selected.values()
            for rule in rules
        ),
        unjudged=tuple(one for one in lines if one.grade == NOT_JUDGED),
        settings=dict(_settings_of(lines)),
    )


def _settings_of(lines: Iterable[Line]) -> Iterator[tuple[str, str]]:
    """Yield the options that a run was judged by, and its own policies in the repository."""
    for line in lines:
        if line.grade == RECORD:
            yield from line.settings.items()
            for one in line.digests:
                if one.role is Role.POLICY and not one.path.startswith("../"):
                    yield one.path, one.sha256[:_DIGEST]
