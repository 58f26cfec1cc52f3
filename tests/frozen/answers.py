"""What was decided, as lines of text: one for each rule and subject of a situation."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol, TypeAlias

from msgspec import to_builtins

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
    those of what falls due next, ``notes`` the kinds of the notes. ``words`` stand for all that a
    rule says in both languages, or for a report: a digest of it, or the words themselves.
    """

    verdict: str = ""
    pointer: str = ""
    due: str = ""
    upcoming: str = ""
    notes: str = ""
    words: str = ""


OfRule: TypeAlias = dict[str, Line]
"""The lines of a rule by subject; that of the rule as a whole has an empty subject."""

Answers: TypeAlias = dict[str, dict[str, OfRule]]
"""The lines by situation and rule."""


def lines_of(one: Decided) -> OfRule:
    """Return the lines of a rule that was decided."""
    notes = Counter(str(note.kind) for note in one.notes)
    said = (kind if count == 1 else f"{kind} x{count}" for kind, count in notes.items())
    words = _one_line("\n".join(_texts(to_builtins((one.findings, one.notes, one.upcoming)))))
    whole = Line(verdict=str(one.verdict), notes=_joined(said), words=words)
    return {"": whole, **dict(_subjects(one))}


def _texts(said: Any) -> Iterator[str]:
    """Yield all that is said, in the order of its fields; what is empty is not said."""
    if isinstance(said, (dict, list, tuple)):
        for each in said.values() if isinstance(said, dict) else said:
            yield from _texts(each)
    elif said:
        yield str(said)


def wordless(lines: OfRule) -> OfRule:
    """Return the lines of a rule without its words."""
    return {subject: line._replace(words="") for subject, line in lines.items()}


def digested(answers: Answers) -> Answers:
    """Return the answers with a digest in the place of the words of each."""
    return {
        situation: {
            rule: {subject: _digested(line) for subject, line in lines.items()}
            for rule, lines in rules.items()
        }
        for situation, rules in answers.items()
    }


def _digested(line: Line) -> Line:
    return line._replace(
        words=line.words and blake2b(line.words.encode(), digest_size=4).hexdigest()
    )


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


_CHANGING = re.compile(r'(?<!fingerprint": ")\b[0-9a-f]{12,}\b')
"""The digests of files, which change with each of them."""


def report_line(text: str) -> Line:
    """Return the line of a report, without the digests of what it was made of."""
    return Line(words=_one_line(_CHANGING.sub("…", text)))


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
