"""Compares what is decided and said with what was frozen, but for what is meant to differ."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import unified_diff
from functools import cache
from os.path import commonpath
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec

from tests.frozen.answers import Answers, Line, OfRule

NOTHING = "nothing"
"""What an empty text is called: of a verdict, that the line is not there."""

_ARROW = " → "
_NEW_LINE = r"\n"
_SHOWN = 5

_Change = Annotated[str, msgspec.Meta(pattern=f".{_ARROW}.")]
_Words = Annotated[str, msgspec.Meta(min_length=1)]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Differences that are meant, and why; each ``field: old → new`` allows one of a line.

    ``*`` stands for any text. A verdict that differs allows what else differs in its lines.
    """

    rule: _Words
    situation: _Words
    reason: _Words
    verdict: _Change | None = None
    pointer: _Change | None = None
    due: _Change | None = None
    upcoming: _Change | None = None
    notes: _Change | None = None
    words: _Change | None = None


class Again(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words of very many rules that were frozen again by ``write --words``, and why."""

    what: _Words
    reason: _Words


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    differences: list[Entry]
    frozen_again: list[Again]


class Difference(NamedTuple):
    """One field of a line that is not what it was; the subject is empty for a rule as a whole."""

    rule: str
    situation: str
    subject: str
    field: str
    old: str
    new: str


class Allowed(NamedTuple):
    """One field of an entry."""

    rule: str
    situation: str
    field: str
    change: str

    def covers(self, difference: Difference) -> bool:
        """Whether the difference is meant."""
        old, _, new = self.change.partition(_ARROW)
        return self.field == difference.field and all(
            _glob(pattern).fullmatch(text)
            for pattern, text in (
                (self.rule, difference.rule),
                (self.situation, difference.situation),
                (old, difference.old),
                (new, difference.new),
            )
        )


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))))


def entries(path: Path) -> list[Allowed]:
    """Read the differences that are meant.

    Raises `msgspec.ValidationError` if an entry is invalid.
    """
    file = msgspec.yaml.decode(path.read_bytes(), type=_File)
    return [
        Allowed(entry.rule, entry.situation, field, change)
        for entry in file.differences
        for field in Line._fields
        if (change := getattr(entry, field))
    ]


def new_in(frozen: Answers) -> Callable[[str, str], bool]:
    """Return whether nothing was frozen of a rule in a situation.

    A known case may get another rule, and a rule that is new is new in every situation.
    """
    rules = {rule for some in frozen.values() for rule in some}

    def is_new(situation: str, rule: str) -> bool:
        known = frozen.get(situation)
        if known is None or rule not in rules:
            return True
        return situation.startswith("cases/") and rule not in known

    return is_new


def differences(old: Answers, new: Answers) -> Iterator[Difference]:
    """Yield what differs in all that is in ``old``.

    Where a verdict differs, what else differs in its lines follows from that.
    """
    is_new = new_in(old)
    for situation in sorted(old):
        before, after = old[situation], new.get(situation, {})
        for rule in sorted({*before, *after}):
            if not is_new(situation, rule):
                for subject, field, *texts in _of_rule(before.get(rule, {}), after.get(rule, {})):
                    said = (text or NOTHING for text in texts)
                    yield Difference(rule, situation, subject, field, *said)


def _of_rule(before: OfRule, after: OfRule) -> Iterator[tuple[str, str, str, str]]:
    for subject in sorted({*before, *after}):
        pair = before.get(subject, Line()), after.get(subject, Line())
        for field, old, new in zip(Line._fields, *pair, strict=True):
            if old != new:
                yield subject, field, old, new
            if old != new and field == "verdict":
                if not subject:
                    return
                break


def judged(
    found: Iterable[Difference], allowed: Sequence[Allowed]
) -> tuple[list[Difference], list[Allowed]]:
    """Return the differences that are not meant, and the entries that cover none."""
    unused, left = dict.fromkeys(allowed), []
    for difference in found:
        covering = [one for one in allowed if one.covers(difference)]
        for one in covering:
            unused.pop(one, None)
        if not covering:
            left.append(difference)
    return left, [*unused]


def with_new(frozen: Answers, now: Answers) -> Answers:
    """Return what is frozen with the situations that were not there."""
    is_new = new_in(frozen)
    new = {
        situation: {rule: lines for rule, lines in rules.items() if is_new(situation, rule)}
        for situation, rules in now.items()
    }
    return {one: {**frozen.get(one, {}), **new.get(one, {})} for one in {*frozen, *new}}


def with_words(frozen: Answers, left: Iterable[Difference]) -> Answers:
    """Return what is frozen with the words that differ; raise `ValueError` if more does."""
    made = {one: {rule: {**lines} for rule, lines in of.items()} for one, of in frozen.items()}
    for one in left:
        if one.field != "words":
            raise ValueError(f"{one.situation}: {one.rule}: {one.field} differs, too")
        lines = made[one.situation][one.rule]
        lines[one.subject] = lines[one.subject]._replace(words=one.new.removeprefix(NOTHING))
    return made


def report(left: Sequence[Difference], unused: Sequence[Allowed], *, every: bool = False) -> str:
    """Return what is wrong, the differences of each sort as an entry that lacks its reason."""
    lines = [
        f"differences.yaml allows what does not differ: {one.rule}, {one.situation}: "
        f"{one.field}: {one.change}\n"
        for one in unused
    ]
    groups: defaultdict[tuple[str, ...], list[Difference]] = defaultdict(list)
    for one in left:
        old, new = (re.sub("[0-9]+", "*", text) for text in (one.old, one.new))
        groups[one.rule, one.field, old, new].append(one)
    for some in groups.values():
        lines += _of_one_sort(some, len(some) if every else _SHOWN)
    return "".join(lines)


def _of_one_sort(some: list[Difference], shown: int) -> Iterator[str]:
    first = some[0]
    for one in some[:shown]:
        subject = f", {one.subject}" if one.subject else ""
        yield f"# {one.situation}{subject}: {_change(one)}\n"
    if len(some) > shown:
        yield f"# … and {len(some) - shown} more (--all shows them)\n"
    names = sorted({one.situation for one in some})
    situation = names[0] if len(names) == 1 else f"{commonpath(names)}*"
    changes = {f"{one.old}{_ARROW}{one.new}" for one in some}
    one_change = len(changes) == 1 and not any(_NEW_LINE in change for change in changes)
    change = changes.pop() if one_change else f"*{_ARROW}*"
    yield f"  - rule: {first.rule}\n    situation: {_quoted(situation)}\n"
    yield f"    {first.field}: {_quoted(change)}\n    reason:\n\n"


def _change(one: Difference) -> str:
    if one.field != "words":
        return f"{one.old}{_ARROW}{one.new}"
    if _NEW_LINE not in one.old + one.new:
        return "other words; compare --against COMMIT shows them"
    old, new = (text.split(_NEW_LINE) for text in (one.old, one.new))
    lines = [*unified_diff(old, new, n=1, lineterm="")][2:]
    return "\n#   ".join(["other words", *lines])


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
