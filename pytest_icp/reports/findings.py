"""A finding in words and blocks: how certain it is, what is wrong, what to do, and the law."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from shlex import quote
from typing import TypeAlias

from msgspec.structs import replace

from pytest_icp.facts.derived import Status
from pytest_icp.facts.fields import asked_of, roles, title_of
from pytest_icp.facts.files.faults import flow
from pytest_icp.kinds.finding import Cited, Finding, Verdict
from pytest_icp.kinds.messages import NOT_DECLARED
from pytest_icp.kinds.result import PartResult, Result
from pytest_icp.kinds.standing import OPEN, standing_title
from pytest_icp.law.jsontypes import tokens
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import Entry, others
from pytest_icp.reports.marked import KIND
from pytest_icp.reports.run import RUN_ALL
from pytest_icp.rules.policy import part_id

CONTESTED, UNDECLARED = "contested", "not declared"
"""What a fact is, beside the statuses that its source gives it."""

CERTAINTIES: Mapping[str, Text] = {
    Status.KNOWN: Text(zh="已知", en="known"),
    Status.REFERENCED: Text(zh="引用", en="referenced"),
    Status.DEFAULT: Text(zh="默认", en="default"),
    Status.NOT_TOLD: Text(zh="看不出", en="not told"),
    Status.AFTER_APPLY: Text(zh="应用后", en="after apply"),
    Status.AS_SERVED: Text(zh="访问所得", en="as served"),
    Status.SENSITIVE: Text(zh="敏感", en="sensitive"),
    Status.ASSUMED: Text(zh="假定", en="assumed"),
    CONTESTED: Text(zh="不一致", en="contested"),
    UNDECLARED: NOT_DECLARED,
}
"""The words for how certain a fact is (状态): by its source, or because it is declared by hand."""

_DECLARE = Text(
    zh="申报该事实即可判断（null 换成实际的值）",
    en="declare the fact (replace null with the actual value)",
)
_ASK = Text(zh="；由{role}申报", en="; ask {role}")
_FIND_OUT = Text(
    zh="查明该事实并写入描述，即可判断",
    en="find out the fact and add it to the description",
)
_OVER = Text(
    zh="此事已无法补办：核对登记的日期，查明原因，避免再次发生",
    en="it cannot be made up for: check the dates declared, and see that it does not recur",
)
_ACCEPT = Text(
    zh="；需要接受的：pytest-icp waivers add {rule} {subject} --until …",
    en="; to accept it until a day: pytest-icp waivers add {rule} {subject} --until …",
)

_DECIDE = Text(
    zh="申报该事实即可判断；如果适用：{fix}",
    en="declare the fact that decides; if this applies: {fix}",
)
_REVIEW = Text(
    zh="须由人认定：确已履行的，在 icp-waivers.yaml 中写明理由（decided: complied）；否则：{fix}",
    en="a person must decide: if the duty was met, say why in icp-waivers.yaml "
    "(decided: complied); if not: {fix}",
)
_ARTICLE = Text(zh="许可证特别规定事项{article}", en="the licence, {provision} ({article})")
_NUMERALS = re.compile("([一二三四五六七八九十]+)(（.+）)?")
_LAW = Text(zh="条文和依据", en="The words of the law")
_SEE = Text(zh="原文见{number}", en="quoted in {number}")
_NO_WORDS = Text(zh="没有收录原文", en="its words are not kept here")
_MOST_LINES = 20
_DEEPEST = 6
"""The longest path of a subject without an id whose title is looked up."""

Quoted: TypeAlias = dict[Cited, Text]
"""The laws whose words a page has printed, each with what it says where they are."""


def resource_of(spot: Location) -> Text:
    """Return the resource of a derived fact, with its certainty unless it is known.

    Empty for a fact that is declared by hand.
    """
    if spot.status in {"", Status.KNOWN}:
        return plain(spot.resource)
    sure = CERTAINTIES[spot.status]
    return Text(zh=f"{spot.resource}（{sure.zh}）", en=f"{spot.resource} ({sure.en})")


def own_resource(finding: Finding) -> Text:
    """Return the resource of a finding; empty where it is the subject, which is named already."""
    resource = resource_of(finding.location)
    return plain("") if resource.en == finding.subject else resource


def advice(result: Result, finding: Finding) -> tuple[Text, Text]:
    """Return a label and what to do.

    An unknown finding is not yet something to fix, and a breach that is over no longer is. Only
    a user's own test knows what it requires, so its findings have the test's advice.
    """
    if not result.decided:
        return w.TO_DO, RUN_ALL
    fix = result.about(finding).fix
    if finding.decided:
        return w.DECIDE, w.decided_text(finding.decided)
    if finding.review:
        return w.DECIDE, _REVIEW.format(fix=fix if finding.over is None else _OVER)
    if finding.over is not None:
        rule = part_id(result.rule_id, finding.part)
        return w.FIX, _OVER + _ACCEPT.format(rule=rule, subject=quote(finding.subject))
    if finding.verdict is not Verdict.UNKNOWN or result.kind == KIND:
        return w.FIX, fix
    if finding.hinge:
        return w.TO_DO, _DECIDE.format(fix=fix)
    if not finding.line_to_add:
        return w.TO_DO, _FIND_OUT
    role = who_knows(finding.pointer)
    return w.TO_DO, _DECLARE + _ASK.format(role=roles()[role]) if role else _DECLARE


def decision(result: Result, finding: Finding) -> str:
    """Return the entry of a waivers file that says that a duty was met; a person says why."""
    rule = part_id(result.rule_id, finding.part)
    fields = {"rule": rule, "subject": finding.subject, "decided": "complied"}
    day = {"decided_on": result.as_of[:10]}
    lines = [f"{name}: {flow(value)}" for name, value in (fields | day).items()]
    return "\n  ".join(["- " + lines[0], *lines[1:], "owner: null", "reason: null"])


def who_knows(pointer: str) -> str:
    """Return the role that knows the fact at a pointer; empty where nobody is named."""
    return asked_of(".".join(name for name in tokens(pointer) if not name.isdecimal()))


def findings_of(found: Sequence[Entry], most: int, more: int = 0) -> Iterator[b.Block]:
    """Yield the parts of a rule, findings of it, those of one standing in full, and the fix.

    There are so many ``more`` than those found.
    """
    result, first = found[0].result, found[0]
    if first.standing is result.standing or result.standing not in OPEN:
        yield from parts_of(result)
    for entry in found[:most]:
        if entry.standing is first.standing:
            yield from finding_blocks(entry)
        else:
            name = standing_title(entry.standing)
            yield b.Paragraph((b.sign(entry.standing, name), *message(entry)), "beside")
            yield b.Excerpt(entry.finding.location)
    yield from b.more(len(found) - min(most, len(found)) + more)
    label, said = advice(result, first.finding)
    yield b.paragraph(b.strong(label), said, style="fix")


def message(entry: Entry) -> b.Line:
    """Return what is wrong, and whether that is new."""
    marks = (
        (w.NEW, entry.new),
        (w.KNOWN, entry.known),
        (w.TOLERATED, entry.tolerated),
    )
    said = b.short(entry.finding.message, 400)
    return b.line(said, *(b.Span(label, "tag") for label, holds in marks if holds))


def who_acts(finding: Finding) -> Text:
    """Return the role that has to do something about a finding, if anybody is named."""
    return roles().get(who_knows(finding.pointer), plain(""))


def parts_of(result: Result) -> Iterator[b.Items]:
    """Yield how each part of a rule stands, with its level."""
    lines = [
        b.line(
            b.sign(one.standing),
            b.code(one.name, 60),
            b.short(one.title, 200),
            b.Span(w.LEVELS[one.level], "tag"),
        )
        for one in result.parts
    ]
    yield from b.items(lines, len(lines), "parts")


def finding_blocks(entry: Entry) -> Iterator[b.Block]:
    """Yield what is wrong, the two sides of it, what to add or to decide, and the place."""
    finding = entry.finding
    yield b.Paragraph(message(entry), "message")
    rows = tuple((label, line) for label, line in _sides(entry) if line)
    if rows:
        yield b.Rows(rows, "sides")
    yield from to_add(finding, decision(entry.result, finding) if finding.review else "")


def to_add(finding: Finding, entry: str = "") -> Iterator[b.Block]:
    """Yield the lines that would declare what is absent, the ``entry`` by which a person decides.

    Then comes the place of the fact, and its line if it has one.
    """
    for label, lines in (
        (w.ADD, (finding.hinge or finding).line_to_add),
        (w.TO_DECIDE, entry),
    ):
        if lines:
            yield b.paragraph(label)
            yield b.Code(tuple(lines.split("\n")[:_MOST_LINES]))
    if finding.decided:
        yield b.paragraph(w.decided_text(finding.decided))
    yield b.Excerpt(
        replace(finding.location, excerpt="") if finding.line_to_add else finding.location
    )


def _sides(entry: Entry) -> Iterator[tuple[Text, b.Line]]:
    """Yield of what a finding is, the two sides of it, its last day, and who has to act."""
    finding, about = entry.finding, entry.result.about(entry.finding)
    if isinstance(about, PartResult):
        yield w.PART, b.line(w.part_text(about))
    yield w.SUBJECT, b.line(b.short(subject_title(finding.subject), 200))
    yield w.ALSO, b.line(b.short(others(finding), 300))
    yield w.RESOURCE, b.line(b.short(own_resource(finding), 200))
    if not finding.line_to_add:
        yield w.FOUND, b.line(b.short(finding.found, 300))
        if finding.required.en not in finding.message.en:
            yield w.REQUIRED, b.line(b.short(finding.required, 300))
        yield w.DUE, b.line(finding.due or "")
    if finding.over is None:
        yield w.WHO, b.line(who_acts(finding))


def law(
    result: Result, quoted: Quoted | None = None, number: Text | None = None
) -> Iterator[b.Block]:
    """Yield what the provision and the statutes say.

    Without ``quoted`` the statutes are only named; with it their words are printed, once on a page,
    and with a ``number`` a later rule says where.
    """
    own = [Cited(label=_article(result), quote=result.quote)] if result.quote else []
    named: list[Text] = []
    quotes: list[b.Block] = []
    for one in dict.fromkeys([*own, *result.cited]):
        if quoted is None and one not in own:
            named.append(one.label)
        elif quoted and one in quoted:
            named.append(_noted(one, quoted[one]))
        elif one.quote is None:
            named.append(_noted(one, _NO_WORDS))
        else:
            quotes.append(b.Quote(b.line(one.label), one.quote))
            if quoted is not None and number:
                quoted[one] = _SEE.format(number=number)
    if quoted is not None and (quotes or named):
        yield b.Heading(b.line(_LAW), 5)
    yield from quotes
    if named:
        label = b.strong(w.STATUTE) if quoted is None else ""
        yield b.paragraph(label, Text("；", "; ").join(dict.fromkeys(named)), style="named")


def _article(result: Result) -> Text:
    """Return the article of a provision; a company's own has no number."""
    article = numbered(result.article)
    if article.zh == article.en:
        return plain(f"{result.provision} {article.en}")
    return _ARTICLE.format(provision=result.provision, article=article)


def numbered(article: str) -> Text:
    """Return the article of a provision as the law counts; other words as they are."""
    found = _NUMERALS.fullmatch(article)
    return Text(f"第{found[1]}条{found[2] or ''}", article) if found else plain(article)


def _noted(cited: Cited, said: Text) -> Text:
    return cited.label + Text(zh=f"（{said.zh}）", en=f" ({said.en})")


@cache
def subject_title(subject: str) -> Text:
    """Return a subject; one without an id, which has the place of a fact, by the fact's title."""
    names = subject.split("/")
    path = ".".join(name for name in names if not name.isdecimal())
    # A path of files begins with an empty name, as that of no fact does.
    is_fact = path and names[0] and len(names) <= _DEEPEST
    title = title_of(path) if is_fact else plain(path)
    if title.zh == path:
        return plain(subject)
    return title if path == subject.replace("/", ".") else title + plain(f" [{subject}]")
