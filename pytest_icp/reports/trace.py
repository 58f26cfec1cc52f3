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
from pytest_icp.reports import words as w
from pytest_icp.reports.certainty import resource_of
from pytest_icp.reports.layout import cut, inert, to_paste, wrap
from pytest_icp.reports.page import Page
from pytest_icp.reports.words import in_languages


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


def trace(account: Account, page: Page) -> Iterator[str]:
    """Yield the account of one rule in one description."""
    result = account.result
    head = _IN if not account.part else _PART_IN
    of = {"description": result.description, "day": result.as_of[:10], "part": account.part}
    yield from page.heading(head.format(**of))
    if not account.binds:
        yield from page.text(_NOT_BOUND)
    yield from _verdict(result, page)
    if account.shared:
        yield ""
        yield f"  {in_languages(_SHARED, page.language)}"
        yield from _values(account.shared, "", page)
    if account.more_values:
        yield from page.text(_MORE_VALUES.format(n=account.more_values), 4)
    for subject in account.subjects:
        yield from _subject(subject, account.each, page)
    if account.more:
        yield ""
        yield from page.text(_MORE.format(n=account.more))
    yield from _rest(account, page)
    for note in result.notes:
        yield from page.row(_NOTE, note.text)


def together(result: Result, page: Page) -> Iterator[str]:
    """Yield what the parts of one rule come to together in one description."""
    yield from page.heading(_IN.format(description=result.description, day=result.as_of[:10]))
    yield from _verdict(result, page)
    for part in result.parts:
        said = standing_name(part.standing) + plain(" ") + w.level_text(part.title, part.level)
        yield from page.row(plain(part.name), said, 4)


def _verdict(result: Result, page: Page) -> Iterator[str]:
    yield from page.row(_VERDICT, standing_name(result.verdict))
    if result.verdict is Verdict.NOT_APPLICABLE:
        yield from page.text(result.reason, 4)
    if result.waived:
        yield from page.text(w.waiver_text(result.waived), 4)


def _subject(subject: SubjectAccount, each: str, page: Page) -> Iterator[str]:
    yield ""
    name = in_languages(_SUBJECT.format(name=subject.label), page.language)
    yield from wrap(f"  {inert(name)}  {subject.location}", page.columns, indent=" " * 4)
    yield from _values(subject.values, f"{each}.", page)
    if subject.steps:
        yield f"    {in_languages(_RECKONED, page.language)}"
        yield from page.steps(subject.steps, 6)
    for finding in subject.findings:
        yield from _finding(finding, page)
    if subject.applies is False:
        yield from page.text(_OUTSIDE, 4)
    elif not subject.findings:
        yield from page.text(_CLEAR if subject.applies else _PERHAPS, 4)


def _rest(account: Account, page: Page) -> Iterator[str]:
    """Yield the findings that belong to no subject shown: mostly what is not declared."""
    shown = {id(finding) for subject in account.subjects for finding in subject.findings}
    rest = [finding for finding in account.result.findings if id(finding) not in shown]
    if not account.subjects and not account.more:
        yield ""
        yield from page.text(_NONE_FOUND)
    for finding in rest if not account.more else ():
        yield from _finding(finding, page)


def _finding(finding: Finding, page: Page) -> Iterator[str]:
    name = standing_name(Standing.DECIDED if finding.decided else finding.verdict)
    name = w.TO_REVIEW if finding.review else name
    yield from page.row(name, finding.message, 4)
    if finding.location.resource:
        yield from page.row(w.RESOURCE, resource_of(finding.location), 6)
    yield from page.row(w.FOUND, finding.found, 6)
    yield from page.row(w.REQUIRED, finding.required, 6)
    if finding.decided:
        yield from page.text(w.decided_text(finding.decided), 6)
    to_add = (finding.hinge or finding).line_to_add
    if to_add:
        yield f"      {in_languages(w.ADD, page.language)}"
        yield from to_paste(to_add, " " * 8, page.columns)


def _values(values: Sequence[Value], prefix: str, page: Page) -> Iterator[str]:
    """Yield the declared values with their places, then the names of the others."""
    known = [value for value in values if value.value is not None]
    rows = [
        (value.path.removeprefix(prefix), f"{_shown(value, page)}  {_where(value, page)}")
        for value in known
    ]
    yield from page.table(rows, 4)
    missing = dict.fromkeys(v.path.removeprefix(prefix) for v in values if v.value is None)
    if missing:
        yield from page.row(_UNDECLARED, plain(", ".join(missing)), 4)


def _where(value: Value, page: Page) -> str:
    resource = in_languages(resource_of(value.location), page.language)
    return inert(f"{value.location}  {resource}".rstrip())


def _shown(value: Value, page: Page) -> str:
    shown = show(value.value)
    # What has no spaces cannot be broken into lines.
    shown = cut(shown, _LONGEST if " " in shown else _LONGEST_WORD)
    if isinstance(value.value, str) and value.written != value.value:
        said = _ONLY_LATER.format(value=shown, written=show(value.written))
        return in_languages(said, page.language)
    return shown
