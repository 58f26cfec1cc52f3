"""What was decided, as lines of text: one for each rule and subject of a situation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol, TypeAlias

from pytest_icp.kinds.finding import Finding, Note, Upcoming, Verdict, of_each_subject, worst

_SITUATION = "= "


class Decided(Protocol):
    """An outcome or a result."""

    @property
    def verdict(self) -> Verdict: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...
    @property
    def notes(self) -> tuple[Note, ...]: ...
    @property
    def upcoming(self) -> tuple[Upcoming, ...]: ...


class Line(NamedTuple):
    """What was decided of a rule or of one subject, as texts; empty where nothing was said.

    ``pointer`` names the facts at fault, ``due`` the last days for what is at fault, ``upcoming``
    those of what falls due next, ``notes`` the kinds of the notes.
    """

    verdict: str = ""
    pointer: str = ""
    due: str = ""
    upcoming: str = ""
    notes: str = ""


OfRule: TypeAlias = dict[str, Line]
"""The lines of a rule by subject; that of the rule as a whole has an empty subject."""

Answers: TypeAlias = dict[str, dict[str, OfRule]]
"""The lines by situation and rule."""


def lines_of(one: Decided) -> OfRule:
    """Return the lines of a rule that was decided."""
    notes = Counter(str(note.kind) for note in one.notes)
    said = (kind if count == 1 else f"{kind} x{count}" for kind, count in notes.items())
    return {"": Line(verdict=str(one.verdict), notes=_joined(said)), **dict(_subjects(one))}


def _subjects(one: Decided) -> Iterator[tuple[str, Line]]:
    findings: defaultdict[str, list[Finding]] = defaultdict(list)
    for each in (each for finding in one.findings for each in of_each_subject(finding)):
        findings[each.subject].append(each)
    upcoming: defaultdict[str, list[str]] = defaultdict(list)
    for due in one.upcoming:
        upcoming[due.subject].append(f"{due.last} provisional" if due.provisional else due.last)
    for subject in sorted({*findings, *upcoming}):
        found = findings[subject]
        yield (
            _one_line(subject) or "-",
            Line(
                verdict=str(worst(each.verdict for each in found)) if found else "",
                pointer=_joined(map(_pointer, found)),
                due=_joined(each.due or "" for each in found),
                upcoming=_joined(upcoming[subject]),
            ),
        )


def _pointer(finding: Finding) -> str:
    hinge = finding.hinge
    return _one_line(f"{finding.pointer} if {hinge.pointer}" if hinge else finding.pointer)


def _joined(words: Iterable[str]) -> str:
    return ", ".join(sorted({word for word in words if word}))


def _one_line(text: str) -> str:
    return text.replace("\n", "\\n").replace("\t", "\\t")


def written(answers: Answers) -> str:
    """Return lines as text: a heading for each situation, below it its rules and their subjects."""
    text: list[str] = []
    for situation, rules in sorted(answers.items()):
        text.append(f"{_SITUATION}{situation}")
        for rule, lines in sorted(rules.items()):
            for subject, line in sorted(lines.items()):
                text.append("\t".join((rule if not subject else "", subject, *line)).rstrip("\t"))
    return "\n".join(text) + "\n"


def read(text: str) -> Answers:
    """Read what `written` wrote."""
    answers: Answers = {}
    rules: dict[str, OfRule] = {}
    lines: OfRule = {}
    for row in text.splitlines():
        if row.startswith(_SITUATION):
            rules = answers[row.removeprefix(_SITUATION)] = {}
            continue
        rule, subject, *cells = row.split("\t")
        if rule:
            lines = rules[rule] = {}
        lines[subject] = Line(*cells)
    return answers
