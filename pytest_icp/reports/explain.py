"""A rule explained: its words, the law behind it, the facts it reads, and how it decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.legal_force import cited
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing, standing_name
from pytest_icp.kinds.words import amount_on, holding
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain, quoted, show
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.findings import resource_of
from pytest_icp.reports.layout import cut
from pytest_icp.reports.method import Row, Title, gates, kind_sentence, method
from pytest_icp.rules.numbers import Named
from pytest_icp.rules.policy import Citation, Edition, Obligation, Policy
from pytest_icp.rules.practice import breach_of, by_practice
from pytest_icp.rules.selection import Why

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
_MORE_SUBJECTS = Text("另有 {n} 个对象没有列出。", "{n:more subject} not shown.")
_NOTE = Text("提示", "note")
_MORE_VALUES = Text("另有 {n} 个值没有列出。", "{n:more value} not shown.")
_LONGEST = 160
_LONGEST_WORD = 40
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
        yield b.paragraph(_MORE_SUBJECTS.format(n=account.more))
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


class Explanation(Struct, frozen=True, kw_only=True):
    """What to explain, as of which day, and optionally the result for a description.

    ``title`` names a fact by its dotted path, and ``facts`` are those that the rule reads,
    each with its titles from the top down; ``gating`` those that decide whether it applies. With
    a description there is an account of each part of the rule, the ``result`` of one with parts,
    and why the rule is ``selected``, or is not.
    """

    policy: Policy
    obligation: Obligation
    day: date
    facts: tuple[tuple[str, Text], ...]
    title: Title
    gating: tuple[tuple[str, Text], ...] = ()
    accounts: tuple[Account, ...] = ()
    result: Result | None = None
    selected: Why | None = None


def provision_blocks(
    policy: Policy, title: Title, verdicts: Mapping[str, Verdict]
) -> Iterator[b.Block]:
    """Yield a whole provision with its rules, and their verdicts where there are some.

    ``title`` names a fact by its dotted path.
    """
    yield b.paragraph(f"{policy.id} {policy.article}")
    yield b.Group((b.paragraph(policy.title),))
    own = policy.obligations and all(one.basis == "own" for one in policy.obligations)
    yield from _section(_heading_of_words(policy, own=bool(own)), policy.text)
    yield from _editions(policy, ())
    yield from _section(READING, policy.reading)
    yield from _section(_LIMITS, policy.limits)
    if applies := list(gates(policy.applies, title)):
        yield b.section(_APPLIES)
        yield _rows(applies)
    yield b.section(_RULES)
    yield b.Rows(tuple(_rules(policy, verdicts)))
    rule = policy.obligations[0].rule_id if policy.obligations else policy.id
    yield b.section(_MORE.format(rule=rule))


def _section(heading: Text, said: Text | None) -> Iterator[b.Block]:
    if said:
        yield b.section(heading)
        yield b.paragraph(said)


def _heading_of_words(policy: Policy, *, own: bool) -> Text:
    return _OWN_WORDS if own else _WORDS if policy.is_printed else ABOUT


def _rules(policy: Policy, verdicts: Mapping[str, Verdict]) -> Iterator[tuple[Text, b.Line]]:
    for one in sorted(policy.obligations, key=lambda one: by_practice(one.rule_id)):
        text = one.title
        if one.rule_id in verdicts:
            text = standing_name(verdicts[one.rule_id]) + _COLON + text
        text += _OF_GROUND.get(ground_of(one), plain("")) + _OF_LEVEL.get(one.level, plain(""))
        yield plain(one.rule_id), b.line(text)


def rule_blocks(of: Explanation) -> Iterator[b.Block]:
    """Yield one rule, section by section."""
    rule, policy = of.obligation, of.policy
    yield b.paragraph(rule.own_id)
    yield b.Group((b.paragraph(rule.title),))
    yield b.Group((b.Rows(tuple(_head(of))),), "section")
    yield from _section(MEANING, rule.meaning)
    yield from _words_of(of)
    yield from _section(READING, policy.reading)
    yield b.section(_LAW.format(day=of.day))
    yield from map(b.paragraph, [_ITSELF] if rule.by_licence else [])
    yield from map(b.paragraph, [_OWN] if rule.basis == "own" else [])
    for citation in rule.cites:
        yield from _citation(citation, of.day)
    if rule.relies_on:
        yield b.section(NUMBERS)
    for named in rule.relies_on:
        yield from _number(named, rule, of.day)
    yield b.section(HOW)
    yield from how(rule, gates(policy.applies, of.title), of.day, of.title)
    for heading, facts in ((FACTS, of.facts), (GATING, of.gating)):
        if facts:
            yield b.section(heading)
            yield b.Rows(tuple((plain(path), b.line(name)) for path, name in facts))
    yield from _section(_LIMITS, policy.limits)
    yield from _section(FIX, rule.fix)
    if of.result is not None:
        yield from together(of.result)
    for account in of.accounts:
        yield from trace(account)


def _head(of: Explanation) -> Iterator[tuple[Text, b.Line]]:
    rule, policy = of.obligation, of.policy
    yield _PROVISION, b.line(f"{policy.id} {policy.article}", policy.title)
    yield _LEVEL, b.line(LEVELS[rule.level])
    yield _BASIS, b.line(GROUNDS[ground_of(rule)])
    if breach := breach_of(rule.rule_id):
        yield w.PRACTICE, b.line(w.breach_text(breach))
    for one in of.accounts[:1]:
        if one.result.licences:
            yield _LICENCES, b.line(", ".join(one.result.licences))
    if of.selected:
        yield SELECTED, b.line(_WHY[of.selected])


def _words_of(of: Explanation) -> Iterator[b.Block]:
    policy, rule, own = of.policy, of.obligation, of.obligation.basis == "own"
    yield b.section(_heading_of_words(policy, own=own))
    if rule.quote:
        yield b.paragraph(quoted(rule.quote))
    elif not own:
        yield b.paragraph(NOT_PRINTED)
    whole = _WHOLE if policy.is_printed or own else plain("")
    yield b.Group((b.paragraph(policy.text),), "section", title=b.line(whole))
    yield from _editions(policy, rule.editions)
    for account in of.accounts[:1]:
        if account.result.quote != rule.quote:
            yield from _section(_PRINTED, account.result.quote)


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
