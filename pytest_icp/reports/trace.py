"""The account of a rule in a description: values with their places, calculation, verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing, standing_name
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.findings import resource_of
from pytest_icp.reports.layout import cut


class Value(Struct, frozen=True, kw_only=True):
    """One fact as of the instant, and where it is written; None is not known.

    ``path`` is dotted, from the root; ``written`` what the description says, which differs
    where an event lies after the instant.
    """

    path: str
    value: Json
    written: Json
    location: Location


class SubjectAccount(Struct, frozen=True, kw_only=True):
    """What was found of one subject.

    ``applies`` tells whether the rule applies to it, None where that is not known.
    """

    label: str
    location: Location
    applies: bool | None
    values: tuple[Value, ...]
    steps: tuple[Text, ...]
    findings: tuple[Finding, ...]


class Account(Struct, frozen=True, kw_only=True):
    """The verdict on a rule, or a ``part`` of it, and what it rests on.

    ``shared`` are the facts shared by all subjects;
    ``binds`` tells whether the provision applies to the licence's lines of business;
    ``each`` is the dotted path of the subjects. ``more`` subjects and ``more_values`` of the
    shared facts are left out.
    """

    result: Result
    part: str
    binds: bool
    each: str
    shared: tuple[Value, ...]
    more_values: int
    subjects: tuple[SubjectAccount, ...]
    more: int


_IN = Text("在 {description} 中，截至 {day}", "In {description}, as of {day}")
_PART_IN = Text(
    "部分 {part}：在 {description} 中，截至 {day}",
    "Part {part}: in {description}, as of {day}",
)
_VERDICT = Text("结论", "verdict")
_NOT_BOUND = Text(
    "该许可证没有这类业务，本规定不适用；以下仅供参考。",
    "The licence has no such line of business, so the provision does not apply; what "
    "follows is for information only.",
)
_SHARED = Text("共同的事实", "facts shared by all subjects")
_NONE_FOUND = Text("没有申报任何对象。", "No subject is declared.")
_SUBJECT = Text("对象 {name}", "subject {name}")
_OUTSIDE = Text("不在适用范围内。", "The rule does not apply to it.")
_PERHAPS = Text("不知道是否在适用范围内。", "Whether the rule applies to it is not known.")
_RECKONED = Text("计算", "calculation")
_UNDECLARED = Text("未申报", "not declared")
_ONLY_LATER = Text(
    "{value}（申报的 {written} 在此之后）", "{value} ({written} is declared, which is later)"
)
_CLEAR = Text("没有发现问题。", "No findings.")
_MORE = Text("另有 {n} 个对象没有列出。", "{n:more subject} not shown.")
_NOTE = Text("提示", "note")
_MORE_VALUES = Text("另有 {n} 个值没有列出。", "{n:more value} not shown.")
_LONGEST = 160
_LONGEST_WORD = 40


def trace(account: Account) -> Iterator[b.Block]:
    """Yield the account of one rule in one description."""
    result = account.result
    head = _IN if not account.part else _PART_IN
    of = {"description": result.description, "day": result.as_of[:10], "part": account.part}
    yield b.section(head.format(**of))
    if not account.binds:
        yield b.paragraph(_NOT_BOUND)
    yield from _verdict(result)
    if account.shared:
        yield b.Group(tuple(_values(account.shared, "")), "section", title=b.line(_SHARED))
    if account.more_values:
        yield b.Group((b.paragraph(_MORE_VALUES.format(n=account.more_values)),))
    for subject in account.subjects:
        name = b.line(_SUBJECT.format(name=subject.label), str(subject.location))
        yield b.Group(tuple(_subject(subject, account.each)), "section", title=name)
    if account.more:
        yield b.Group((), "section")
        yield b.paragraph(_MORE.format(n=account.more))
    yield from _rest(account)
    for note in result.notes:
        yield b.row(_NOTE, note.text)


def together(result: Result) -> Iterator[b.Block]:
    """Yield what the parts of one rule come to together in one description."""
    yield b.section(_IN.format(description=result.description, day=result.as_of[:10]))
    yield from _verdict(result)
    rows = (
        (
            plain(part.name),
            b.line(standing_name(part.standing), w.level_text(part.title, part.level)),
        )
        for part in result.parts
    )
    yield b.Group((b.Rows(tuple(rows)),))


def _verdict(result: Result) -> Iterator[b.Block]:
    yield b.row(_VERDICT, standing_name(result.verdict))
    said = [result.reason] if result.verdict is Verdict.NOT_APPLICABLE else []
    said += [w.waiver_text(result.waived)] if result.waived else []
    yield b.Group(tuple(map(b.paragraph, said)))


def _subject(subject: SubjectAccount, each: str) -> Iterator[b.Block]:
    yield from _values(subject.values, f"{each}.")
    if subject.steps:
        steps = [b.line(step) for step in subject.steps]
        yield b.Group((*b.items(steps, len(steps), "steps"),), title=b.line(_RECKONED))
    for finding in subject.findings:
        yield from _finding(finding)
    if subject.applies is False:
        yield b.paragraph(_OUTSIDE)
    elif not subject.findings:
        yield b.paragraph(_CLEAR if subject.applies else _PERHAPS)


def _rest(account: Account) -> Iterator[b.Block]:
    """Yield the findings that belong to no subject shown: mostly what is not declared."""
    shown = {id(finding) for subject in account.subjects for finding in subject.findings}
    rest = [finding for finding in account.result.findings if id(finding) not in shown]
    if not account.subjects and not account.more:
        yield b.Group((), "section")
        yield b.paragraph(_NONE_FOUND)
    for finding in rest if not account.more else ():
        yield b.Group(tuple(_finding(finding)))


def _finding(finding: Finding) -> Iterator[b.Block]:
    name = standing_name(Standing.DECIDED if finding.decided else finding.verdict)
    yield b.row(w.TO_REVIEW if finding.review else name, finding.message)
    rows = [(w.FOUND, finding.found), (w.REQUIRED, finding.required)]
    if finding.location.resource:
        rows.insert(0, (w.RESOURCE, resource_of(finding.location)))
    said: list[b.Block] = [b.row(*row) for row in rows]
    if finding.decided:
        said.append(b.paragraph(w.decided_text(finding.decided)))
    to_add = (finding.hinge or finding).line_to_add
    if to_add:
        said += [b.paragraph(w.ADD), b.Code(tuple(to_add.split("\n")))]
    yield b.Group(tuple(said))


def _values(values: Sequence[Value], prefix: str) -> Iterator[b.Block]:
    """Yield the declared values with their places, then the names of the others."""
    for value in values:
        if value.value is not None:
            where = plain(f"  {value.location}  ") + resource_of(value.location)
            yield b.row(plain(value.path.removeprefix(prefix)), _shown(value) + where)
    missing = dict.fromkeys(v.path.removeprefix(prefix) for v in values if v.value is None)
    if missing:
        yield b.row(_UNDECLARED, plain(", ".join(missing)))


def _shown(value: Value) -> Text:
    shown = show(value.value)
    # What has no spaces cannot be broken into lines.
    shown = cut(shown, _LONGEST if " " in shown else _LONGEST_WORD)
    if isinstance(value.value, str) and value.written != value.value:
        return _ONLY_LATER.format(value=shown, written=show(value.written))
    return plain(shown)
