"""A rule explained: its words, the law behind it, the facts it reads, and how it decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from pytest_icp.engine import Scene, decide
from pytest_icp.facts.fields import title_of
from pytest_icp.facts.files.properties import property_at
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.legal_force import cited
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import standing_name
from pytest_icp.kinds.words import amount_on, holding
from pytest_icp.law.text import Text, plain, quoted
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.method import Row, Title, gates, kind_sentence, method
from pytest_icp.reports.trace import together, trace
from pytest_icp.rules.numbers import Named
from pytest_icp.rules.policy import (
    Citation,
    Edition,
    Obligation,
    Policy,
    facts_needed,
    facts_read,
)
from pytest_icp.rules.practice import breach_of, by_practice
from pytest_icp.rules.selection import Why

UNCONFIRMED = "unconfirmed"

GROUNDS: Mapping[str, Text] = {
    "licence": Text("许可证印出的条文", "printed words of the licence"),
    "both": Text("许可证印出的条文和法律法规", "printed words of the licence, and statute"),
    "statute": Text("法律法规，许可证没有印出", "statute, not printed in the licence"),
    UNCONFIRMED: Text(
        "法规或者通知，据转述，待核实，许可证没有印出",
        "a statute or notice as others restate it, to be confirmed; not printed in the licence",
    ),
    "own": Text("公司自定", "the company's own rule"),
}
_OF_PARTS = Text(
    "分为 {n} 个部分，各自判断；各部分共有的：",
    "It has {n:part}, each decided by itself. What they share:",
)
_NONE = Text("（无）", "(nothing)")
SELECTED = Text("列入核对", "selected")
_WHY: Mapping[Why, Text] = {
    Why.OPTION: Text("是：icp_select 列有", "yes: icp_select names it"),
    Why.NAMED: Text("是：描述中的 select 列有", "yes: `select` of the description names it"),
    Why.ALWAYS: Text("是：属于许可证的日程", "yes: it is of the calendar of the licence"),
    Why.OWN: Text("是：公司自定的规则", "yes: it is a rule of your own"),
    Why.DECLARED: Text("是：所涉事实已经申报", "yes: what it is about is declared"),
    Why.DEPLOYED: Text(
        "是：所需的事实，由部署文件、许可证和工程人员说明",
        "yes: deployed files, the licence and engineers tell the facts that it needs",
    ),
    Why.NOT_OPTION: Text("否：icp_select 没有列", "no: icp_select does not name it"),
    Why.IGNORED: Text("否：icp_ignore 列有", "no: icp_ignore names it"),
    Why.NOTHING: Text(
        "否：所涉事实没有申报；在描述的 select 中列出即可核对",
        "no: what it is about is not declared; `select` of the description may name it",
    ),
}
MEANING = Text("含义", "Meaning")
_WORDS = Text("许可证条文", "The words of the licence")
_PRINTED = Text("该许可证印出的条文", "The words that this licence prints")
_WHOLE = Text("全文", "the whole provision")
_OWN_WORDS = Text("公司规定的条文", "The words of the company's rule")
ABOUT = Text("规则的来源", "Where its rules come from")
NOT_PRINTED = Text(
    "许可证没有印出这项要求，依据是下列法条。",
    "The licence does not print this duty; it rests on the statutes below.",
)
READING = Text("理解", "How the wording is interpreted")
_LIMITS = Text("检查的局限", "What the checks cannot judge")
_LAW = Text("法律依据（{day} 施行的条文）", "The law in force on {day}")
_OWN = Text(
    "公司自定的要求，许可证和法律都没有这样要求。",
    "A rule of the company's own; neither the licence nor a law requires it.",
)
_ITSELF = Text("许可证本身", "the licence itself")
SINCE = Text("{since} 起施行", "in force since {since}")
SPAN = Text("{since} 至 {until} 施行", "in force from {since} to {until}")
_NOT_YET = Text("{day} 尚未施行", "not in force on {day}")
NUMBERS = Text("所用数字", "The numbers it uses")
_SOURCE = Text("来源", "source")
HOW = Text("判断方法", "How it is decided")
FACTS = Text("所用事实", "The facts it reads")
GATING = Text("决定是否适用的事实", "The facts that decide whether it applies")
_APPLIES = Text("适用范围", "When it applies")
FIX = Text("整改", "How to fix a violation")
_PROVISION = Text("所属规定", "provision")
_LEVEL = Text("级别", "level")
_BASIS = Text("依据", "basis")
_LICENCES = Text("所属许可证", "asked for")
_RULES = Text("包含的规则", "Its rules")
_MORE = Text(
    "查看某一项规则：pytest-icp explain {rule}", "One rule in full: pytest-icp explain {rule}"
)
_BRACKETS = Text("（{sure}）", " ({sure})")
_COLON = Text("：", ": ")
_OF_GROUND: Mapping[str, Text] = {
    "statute": Text("（法律法规）", " (statute)"),
    UNCONFIRMED: Text("（据转述，待核实）", " (restated, to be confirmed)"),
    "own": w.OF_COMPANY,
}
_OF_LEVEL: Mapping[str, Text] = {
    "review": Text("（须由人认定）", " (review)"),
    "advisory": Text("（建议）", " (advisory)"),
}
_SEMICOLON = Text("；", "; ")
_COMMA = Text("，", ", ")
_EDITION = Text("与许可证版本同时", "as old as the edition of the licence that prints it")
_EDITIONS = Text("印有它的许可证版本", "editions of the licence that print it")
_OF_EDITION = Text("版本 {id} 的条文", "The words of the edition {id}")
_STARTS = Text("自 {start} 起", "from {start}")
_NOT_FOUND = Text("起始日期没有查到", "since when was not found")
_UNTIL = Text("至 {until}", "until {until}")
_ONE = Text("{id}（{days}）", "{id} ({days})")

LEVELS: Mapping[str, Text] = {
    "mandatory": Text("强制，违反即不通过", "mandatory, a violation fails the run"),
    "review": Text(
        "须由人认定，不符合的，认定为已履行以前按无法判断处理",
        "review, what is broken is unknown until a person decides",
    ),
    "advisory": Text(
        "建议，违反或者无法判断只作提示", "advisory, a violation or an unknown is only shown"
    ),
}
CONFIDENCE: Mapping[str, Text] = {
    "primary": Text("已核对原文", "checked against the original"),
    "secondary": Text("据转述，未核对原文", "from a secondary source; the original was not read"),
    "unverified": Text("未核对", "not verified"),
    "default": Text("默认值，没有条文规定", "a default; no law sets it"),
}


def ground_of(obligation: Obligation) -> str:
    """Return what a rule rests on, a key of `GROUNDS`."""
    by_statute = obligation.basis == "statute"
    return UNCONFIRMED if by_statute and unverified(obligation) else obligation.basis


def unverified(obligation: Obligation) -> bool:
    """Whether a rule rests on law, as it stands today, of which no good text was read."""
    read = {
        value.confidence for number in obligation.relies_on for value in holding(number, date.max)
    }
    read |= {citation.versions[-1].confidence for citation in obligation.cites}
    return bool(read & {"secondary", "unverified"})


def provision_blocks(policy: Policy, scene: Scene | None = None) -> Iterator[b.Block]:
    """Yield a whole provision with its rules, and their verdicts in a description if any."""
    yield b.paragraph(f"{policy.id} {policy.article}")
    yield b.Group((b.paragraph(policy.title),))
    own = policy.obligations and all(one.basis == "own" for one in policy.obligations)
    yield from _section(_heading_of_words(policy, own=bool(own)), policy.text)
    yield from _editions(policy, ())
    yield from _section(READING, policy.reading)
    yield from _section(_LIMITS, policy.limits)
    if applies := list(gates(policy.applies, _title)):
        yield b.section(_APPLIES)
        yield _rows(applies)
    yield b.section(_RULES)
    yield b.Rows(tuple(_rules(policy, scene)))
    rule = policy.obligations[0].rule_id if policy.obligations else policy.id
    yield b.section(_MORE.format(rule=rule))


def _section(heading: Text, said: Text | None) -> Iterator[b.Block]:
    if said:
        yield b.section(heading)
        yield b.paragraph(said)


def _heading_of_words(policy: Policy, *, own: bool) -> Text:
    return _OWN_WORDS if own else _WORDS if policy.is_printed else ABOUT


def _title(path: str) -> Text:
    """Return the title of a fact, without those of the objects that it is in."""
    found = property_at(SCHEMA, path)
    return found.title if found else plain(path)


def _rules(policy: Policy, scene: Scene | None) -> Iterator[tuple[Text, b.Line]]:
    for one in sorted(policy.obligations, key=lambda one: by_practice(one.rule_id)):
        text = one.title
        if scene:
            text = standing_name(decide(scene, policy, one).verdict) + _COLON + text
        text += _OF_GROUND.get(ground_of(one), plain("")) + _OF_LEVEL.get(one.level, plain(""))
        yield plain(one.rule_id), b.line(text)


def rule_blocks(
    policy: Policy,
    rule: Obligation,
    day: date,
    scene: Scene | None = None,
    selected: Why | None = None,
) -> Iterator[b.Block]:
    """Yield one rule as of a day, section by section, and how it is decided in a scene if any.

    With a description it is known why the rule is ``selected``, or is not.
    """
    first = decide(scene, policy, rule.each_part[0]) if scene else None
    yield b.paragraph(rule.own_id)
    yield b.Group((b.paragraph(rule.title),))
    yield b.Group((b.Rows(tuple(_head(policy, rule, first, selected))),), "section")
    yield from _section(MEANING, rule.meaning)
    yield from _words_of(policy, rule, first)
    yield from _section(READING, policy.reading)
    yield b.section(_LAW.format(day=day))
    yield from map(b.paragraph, [_ITSELF] if rule.by_licence else [])
    yield from map(b.paragraph, [_OWN] if rule.basis == "own" else [])
    for citation in rule.cites:
        yield from _citation(citation, day)
    if rule.relies_on:
        yield b.section(NUMBERS)
    for named in rule.relies_on:
        yield from _number(named, rule, day)
    yield b.section(HOW)
    yield from how(rule, gates(policy.applies, _title), day, _title)
    read = facts_read(rule)
    gating = [fact for fact in facts_needed(policy, rule) if fact not in read]
    for heading, facts in ((FACTS, read), (GATING, gating)):
        if facts:
            yield b.section(heading)
            yield b.Rows(tuple((plain(path), b.line(title_of(path))) for path in facts))
    yield from _section(_LIMITS, policy.limits)
    yield from _section(FIX, rule.fix)
    if scene is None:
        return
    if rule.parts:
        yield from together(decide(scene, policy, rule))
    for part in rule.each_part:
        yield from trace(scene, policy, part)


def _head(
    policy: Policy, rule: Obligation, result: Result | None, selected: Why | None
) -> Iterator[tuple[Text, b.Line]]:
    yield _PROVISION, b.line(f"{policy.id} {policy.article}", policy.title)
    yield _LEVEL, b.line(LEVELS[rule.level])
    yield _BASIS, b.line(GROUNDS[ground_of(rule)])
    if breach := breach_of(rule.rule_id):
        yield w.PRACTICE, b.line(w.breach_text(breach))
    if result and result.licences:
        yield _LICENCES, b.line(", ".join(result.licences))
    if selected:
        yield SELECTED, b.line(_WHY[selected])


def _words_of(policy: Policy, rule: Obligation, result: Result | None) -> Iterator[b.Block]:
    own = rule.basis == "own"
    yield b.section(_heading_of_words(policy, own=own))
    if rule.quote:
        yield b.paragraph(quoted(rule.quote))
    elif not own:
        yield b.paragraph(NOT_PRINTED)
    whole = _WHOLE if policy.is_printed or own else plain("")
    yield b.Group((b.paragraph(policy.text),), "section", title=b.line(whole))
    yield from _editions(policy, rule.editions)
    if result and result.quote != rule.quote:
        yield from _section(_PRINTED, result.quote)


def _citation(citation: Citation, day: date) -> Iterator[b.Block]:
    version = citation.on(day)
    shown = version or citation.versions[0]
    yield b.row(citation.statute + Text("", ", ") + shown.article, citation.subject)
    when = _since(shown.effective_from, shown.effective_to)
    if version is None:
        when += _SEMICOLON + _NOT_YET.format(day=day)
    said = [quoted(shown.quote)] if shown.quote else []
    source = _source(shown.source, shown.confidence)
    yield b.Group((*map(b.paragraph, (*said, when)), source))


def _number(named: Named, rule: Obligation, day: date) -> Iterator[b.Block]:
    """Yield a number as of the day, what it was and will be, and where it comes from."""
    yield b.row(named.title, amount_on(named, day, rule.each))
    seen: set[tuple[Text, Text | None]] = set()
    for value in holding(named, day):
        began = [_EDITION] if value.edition else []
        if value.start and not value.edition:
            began = [_since(value.start, value.until)]
        where = _COMMA.join([*began, *([value.article] if value.article else [])])
        if (where, value.source) not in seen:
            seen.add((where, value.source))
            source = _source(value.source or plain(""), value.confidence)
            yield b.Group((*([b.paragraph(where)] if where.zh else []), source))


def _source(source: Text, confidence: str) -> b.Rows:
    """Return where a text or number comes from, and how far it was checked."""
    return b.row(_SOURCE, source + _BRACKETS.format(sure=CONFIDENCE[confidence]))


def _since(start: object, until: object) -> Text:
    said = SPAN if until else SINCE
    return said.format(since=start, until=until)


def _editions(policy: Policy, names: Collection[str]) -> Iterator[b.Block]:
    """Yield the editions that print a provision, or those named, and what they print otherwise."""
    mine = [one for one in policy.editions if not names or one.id in names]
    if mine:
        yield b.Group((), "section")
        yield b.row(_EDITIONS, _SEMICOLON.join(map(_edition, mine)))
    for one in mine:
        yield from _section(_OF_EDITION.format(id=one.id), one.text)


def _edition(one: Edition) -> Text:
    days = [_STARTS.format(start=one.start) if one.start else _NOT_FOUND]
    days += [_UNTIL.format(until=one.until)] if one.until else []
    return _ONE.format(id=one.id, days=_COMMA.join(days))


def how(
    obligation: Obligation, shared: Iterable[Row], day: date, title: Title
) -> Iterator[b.Block]:
    """Yield how an obligation is decided, by the law of a day; ``shared`` are rows of the policy.

    ``title`` names a fact.
    """
    whole = [*shared]
    # A condition that the provision and the rule share is shown once.
    parts = [one.on(day) for one in obligation.each_part]
    every = [[*dict.fromkeys((*whole, *method(one, title)))] for one in parts]
    rows = [row for row in every[0] if all(row in others for others in every)]
    kinds = {one.kind for one in obligation.each_part}
    if obligation.parts:
        yield b.paragraph(_OF_PARTS.format(n=len(obligation.parts)))
    if len(kinds) == 1:
        yield b.paragraph(kind_sentence(obligation.each_part[0]))
    yield _rows(rows)
    for part, own in zip(obligation.parts, every, strict=False):
        yield b.Group((), "section")
        yield b.row(plain(part.part), w.level_text(part.title, part.level))
        said = [b.paragraph(kind_sentence(part))] if len(kinds) > 1 else []
        left = (row for row in own if row not in rows)
        yield b.Group((*said, _rows((*_words(obligation, part, day), *left))))


def _rows(rows: Iterable[Row]) -> b.Rows:
    return b.Rows(tuple((label, b.line(text)) for label, text in rows))


def _words(whole: Obligation, part: Obligation, day: date) -> Iterator[Row]:
    """Yield what a part says otherwise than the whole: its meaning, words, law and cure."""
    for label, own, other in (
        (w.MEANING, part.meaning, whole.meaning),
        (w.ARTICLE, part.quote or _NONE, whole.quote or _NONE),
        (w.FIX, part.fix, whole.fix),
    ):
        if own != other:
            yield label, own
    if len({one.cites for one in whole.parts}) > 1:
        labels = [one.label for one in cited(part, day)]
        yield w.STATUTE, w.COMMA.join(labels) if labels else _NONE
