"""Markdown for GitHub and GitLab: a whole run, or in a comment what a change does (评论)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec.structs import replace

from pytest_icp.kinds.messages import assumed_apart
from pytest_icp.kinds.standing import FAILING, OPEN, UNDECIDED, Standing, standing_name
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports import sections as told
from pytest_icp.reports import since as s
from pytest_icp.reports import words as w
from pytest_icp.reports.as_markdown import SIGNS, markdown_lines, markdown_text, units, within
from pytest_icp.reports.entries import Entry, entries, entries_by_cause, worst_first
from pytest_icp.reports.findings import advice, findings_of, law
from pytest_icp.reports.layout import shortened
from pytest_icp.reports.marked import KIND
from pytest_icp.reports.overview import Overview, overview
from pytest_icp.reports.run import Run, incomplete, names_of_results
from pytest_icp.reports.sections import State, duties
from pytest_icp.reports.since import Change, Since
from pytest_icp.reports.to_declare import missing_facts
from pytest_icp.rules.policy import part_id

LIMIT = 65_536
"""Characters that GitHub lets a comment have; GitLab lets it have more."""

MARKER = "<!-- pytest-icp -->"
"""The first line, by which a job finds its own comment again to replace it."""

_ROOM = LIMIT - 2_000

_MOST_CHANGES = 20
_MOST_FINDINGS = 5
_MOST_AMISS = 8

MARKER_ROOM = 512
"""Characters kept free for the marker, by which a job finds its own comment again."""

_HEAD_ROOM = 20_000
_FINDINGS_ROOM = 16_000
_CUT_ROOM = 512
_MOST_LINES = 12
_MOST_DATES = 4
_MOST_FACTS = 20

_COMPARED = Text(zh="对比 {base}，截至 {day}", en="Compared with {base}, as of {day}")
_NOT_COMPARED = Text(
    zh="截至 {day}，没有与以前的状态比较", en="As of {day}, not compared with an earlier state"
)
_NEW = Text(zh="新的发现和整改办法：{numbers}", en="What is new, and how to fix it: {numbers}")
_FOUND = Text(zh="发现的问题和整改办法：{numbers}", en="What to fix, and how: {numbers}")
_ALSO = Text(zh="其他变化：{n} 项", en="What else changed: {n}")
_FACTS = Text(zh="没有申报的事实：{n} 项", en="Facts that are not declared: {n}")
_DATES = Text(
    zh="期限：已逾期 {overdue} 项，即将到期 {soon} 项",
    en="Due dates: {overdue} overdue, {soon} soon",
)
_NEXT = Text(zh="，下一项 {day} {rule}", en=", next {day} {rule}")
_WEAKENED = Text(zh="{what}：{n} 项", en="{what}: {n}")
_IN_ALL = Text(zh="合计：", en="In all:")
_TO_FIX = Text(zh="。整改：{fix}", en=". Fix: {fix}")
_SAYS = Text(zh="{what}：{message}", en="{what}: {message}")
_CUT = Text(
    zh="评论容不下其余内容，见本次作业的日志和报告",
    en="a comment holds no more: the log and the reports of this job have the rest",
)

_MOST_NAMED = 6

_BREAKS = Text(
    zh="这项变更违反 {n} 项规则：{rules}", en="This change breaks {n:rule} of the licence: {rules}"
)
_CALENDAR = Text(
    zh="只因日期已过，{n} 项规则变差：{rules}",
    en="By the calendar alone, {n:rule} got worse: {rules}",
)
_UNDECIDED = Text(
    zh="这项变更使 {n} 项规则无法判断：{rules}",
    en="This change leaves {n:rule} undecided: {rules}",
)
_UNSEEN = Text(
    zh="这项变更使 {n} 项规则不再核对：{rules}",
    en="This change takes {n:rule} out of the check: {rules}",
)
_WAIVES = Text(zh="这项变更豁免 {n} 项规则：{rules}", en="This change waives {n:rule}: {rules}")
_DECIDES = Text(
    zh="这项变更认定 {n} 项规则已经履行：{rules}",
    en="This change decides that {n:rule} {rules} was complied with",
)
_FIXES = Text(zh="这项变更改正 {n} 项规则：{rules}", en="This change fixes {n:rule}: {rules}")
_NO_WORSE = Text(
    zh="没有必须遵守的规则因这项变更变差", en="No mandatory rule got worse by this change"
)
_NOTHING = Text(
    zh="这项变更不影响任何规则和期限", en="This change alters no verdict and no due date"
)
_AS_FAR = Text(zh="仅就能够比较的部分：{rest}", en="As far as it could be compared: {rest}")
_NOT_JUDGED = Text(zh="{word}：{n} 处未能核对", en="{word}: {n:place} not judged")


def markdown(run: Run) -> str:
    """Return a run as a comment that GitHub and GitLab accept."""
    return _document(run, _ROOM)


def summary(run: Run, limit: int) -> str:
    """Return a run with as many findings as so many bytes of UTF-8 hold, four a character."""
    return _document(run, limit // 4)


def brief(run: Run) -> str:
    """Return the verdict of a run at a glance."""
    return markdown_text(_head(run, overview(run), entries(run)), run.language)


def _document(run: Run, room: int) -> str:
    lang, every = run.language, entries(run)
    found = worst_first(entries_by_cause(every))
    head = "\n".join([MARKER, *markdown_lines(_opening(run, every), lang)])
    tail = "\n".join(markdown_lines(_closing(run, found), lang))
    middle = findings(found, run, room - units(head) - units(tail))
    return "\n".join([head, *markdown_lines(middle, lang), tail]).rstrip() + "\n"


def _opening(run: Run, every: Sequence[Entry]) -> Iterator[b.Block]:
    seen = overview(run)
    yield from _head(run, seen, every)
    yield from told.remark_blocks(run)
    yield from b.titled(b.Heading(b.line(w.BY_LICENCE)), told.by_licence(run, seen))
    if run.since is not None:
        yield b.Heading(b.line("🔀", s.title(run.since)))
    yield from told.change_blocks(run, _MOST_CHANGES)
    missed = (*run.troubles, *incomplete(run))
    yield from b.titled(b.Heading(b.line("🚫", w.NOT_JUDGED)), told.troubles(missed))
    yield from b.titled(b.Heading(b.line("🔓", w.WEAKENED)), told.troubles(run.weakened))
    yield from by_provision(seen)


def _closing(run: Run, found: Sequence[Entry]) -> Iterator[b.Block]:
    names = names_of_results(run.results)

    def named(entry: Entry) -> b.Line:
        result, part = entry.result, entry.finding.part
        name = names[result.description]
        return told.rule_name(result.rule_id, result.title, run, part=part, description=name)

    for title, table in told.accepted(found, named, told.MOST_DUTIES):
        yield from b.titled(b.Heading(b.line(title)), table)
    ahead = [duty for duty in duties(run) if duty.days >= 0]
    near = [duty for duty in ahead if duty.days <= run.warn_days]
    yield from b.titled(
        b.Heading(b.line("📅", w.capitalised(w.NEXT_DUE))),
        told.due_table(near, run, told.MOST_DUTIES, later=len(ahead) - len(near)),
    )


def _head(run: Run, seen: Overview, found: Sequence[Entry]) -> Iterator[b.Block]:
    """Yield the verdict at a glance: what is urgent, one word, the numbers, as of when."""
    yield from told.urgent_blocks(run)
    yield b.Heading(b.line(b.sign(seen.worst, seen.word)), 2)
    if seen.standings:
        yield b.paragraph(*told.numbers(seen))
    known = sum(entry.known for entry in found)
    said = (
        seen.judged,
        seen.left or "",
        w.KNOWN_COUNT.format(n=known) if known else "",
        f"pytest-icp {run.version}".rstrip(),
    )
    yield b.paragraph(*[part for one in said if one for part in ("·", one)][1:])


def by_provision(seen: Overview) -> Iterator[b.Block]:
    """Yield a row for each provision of which some rules are not met."""

    def named(rules: Sequence[str]) -> b.Line:
        names = [shortened(rule.partition("/")[2], 40) for rule in rules]
        left_out = " …" if len(names) > _MOST_AMISS else ""
        return b.line(", ".join(names[:_MOST_AMISS]) + left_out)

    yield from told.provisions(seen, named)


def findings(found: Sequence[Entry], run: Run, room: int) -> Iterator[b.Block]:
    """Yield what is not met, folded by rule, as far as there is room; the rest is counted."""
    left_out = 0
    for grade, group in groupby(found, key=lambda entry: entry.standing):
        title: list[b.Block] = [b.Heading(b.line(b.sign(grade, standing_name(grade))))]
        for of_one in _by_result(group) if grade in OPEN else ():
            blocks = [*title, _folded(of_one, run)]
            size = units(markdown_text(blocks, run.language)) + 1
            if size >= room:
                left_out += len(of_one)
                continue
            room, title = room - size, []
            yield from blocks
    if left_out:
        yield b.paragraph(w.CUT.format(n=left_out), style="note")


def _by_result(group: Iterable[Entry]) -> Iterator[list[Entry]]:
    for _, of_one in groupby(group, key=lambda one: (one.result.description, one.result.rule_id)):
        yield list(of_one)


def _folded(found: Sequence[Entry], run: Run) -> b.Group:
    """Return the findings of a result: a line to see, and what to do below it."""
    result = found[0].result
    place = b.code(found[0].finding.location, 120)
    title = b.line(b.strong(result.rule_id, 60), b.short(result.title, 200), "—", place)
    blocks: list[b.Block] = [*findings_of(found, _MOST_FINDINGS), *law(result)]
    if page := run.pages.get(result.rule_id):
        link = b.Span(plain(result.rule_id), most=60, link=page)
        blocks.append(b.paragraph(b.strong(w.EXPLAINED), link))
    return b.Group(tuple(blocks), title=title, folded=True)


def comment(run: Run) -> str:
    """Return what a change does as a comment; of a run that is compared with nothing, all of it."""
    lang = run.language
    head = within(_comment_head(run), _HEAD_ROOM, lang)
    room = LIMIT - MARKER_ROOM - _CUT_ROOM - units(head)
    folded: list[b.Block] = []
    cut = False
    for group in _folds(run):
        too_large = units(markdown_text([group], lang)) > room - _FINDINGS_ROOM
        folded.append(b.paragraph(*group.title) if too_large else group)
        room -= units(markdown_text(folded[-1:], lang)) + 1
        cut |= too_large
    rest = [b.paragraph(_CUT, style="note")] if cut else []
    return f"{head}\n{markdown_text([*_to_fix(run, room), *folded, *rest], lang)}"


def _compared(run: Run) -> Since | None:
    """Return how a run differs from its base; None where it could not be compared with one."""
    return None if run.since is None or "" in run.since.base.unread else run.since


def _comment_head(run: Run) -> Iterator[b.Block]:
    """Yield what is seen without unfolding: a title to quote, and a line for each change."""
    since = _compared(run)
    yield from told.urgent_blocks(run)
    yield from told.remark_blocks(run)
    yield b.Heading(b.line(*title_of(run, since)))
    day = run.as_of[:10]
    when = _COMPARED.format(base=since.base.title, day=day) if since else None
    when = when or _NOT_COMPARED.format(day=day)
    yield b.paragraph(b.short(when, 200), "·", f"pytest-icp {run.version}".rstrip())
    yield from told.troubles((*run.troubles, *incomplete(run)))
    lines = [told.remark_line(said) for said in s.remarks(run.since)] if run.since else []
    lines += _changes(run, since) if since else ()
    lines += _violated(run, since)
    yield from b.items(lines, len(lines))
    if since is None and missing_facts(run.results):
        yield b.Paragraph(told.who_knows_more(run.results))
    if tolerated := run.says_tolerated:
        yield b.paragraph(tolerated)


def _fixes(run: Run) -> dict[str, Text]:
    """Return how to fix what breaks each rule, and each part of one."""
    parts = {
        part_id(result.rule_id, one.name): one.fix for result in run.results for one in result.parts
    }
    return {result.rule_id: result.fix for result in run.results} | parts


def _changes(run: Run, since: Since) -> Iterator[b.Line]:
    """Yield a line for each rule that stands otherwise, and each due date that moved."""
    for row in map(s.setting_row, since.settings):
        yield b.line("⚠️", *told.change_line(row))
    for row in s.unseen_rows(since):
        yield told.remark_line(row.what)
    changes = s.grouped(s.undecided_still(since)[1])
    fixes = _fixes(run)
    lines = [_change(change, n, fixes.get(change.own_id)) for change, n in changes]
    yield from _up_to(lines, _MOST_LINES)
    due = [b.line("📅", b.short(s.due_row(one).what, 200)) for one in since.due]
    yield from _up_to(due, _MOST_DATES)


def _up_to(lines: list[b.Line], most: int) -> Iterator[b.Line]:
    yield from lines[:most]
    if len(lines) > most:
        yield b.line(w.MORE.format(n=len(lines) - most))


def _change(change: Change, n: int, fix: Text | None) -> b.Line:
    sign = SIGNS[change.after] if change.after else "⚠️"
    how = s.how_text(change, n)
    if change.message.en:
        how = _SAYS.format(what=how, message=change.message)
    fix = fix if change.after is Standing.VIOLATED else None
    return _row(sign, change.own_id, change.location, how, fix)


def _row(sign: str, rule: str, spot: Location, what: Text, fix: Text | None) -> b.Line:
    """Return a line of the list, whole: what decides is not cut."""
    place, said = str(replace(spot, column=None)), assumed_apart(what)
    if fix:
        said += _TO_FIX.format(fix=fix)
    return b.line(sign, b.strong(rule, 60), b.code(place, 120), said)


def _violated(run: Run, since: Since | None) -> Iterator[b.Line]:
    """Yield a line for each finding that violates a rule, where nothing tells what is new."""
    found = [one for one in _open(run, since) if one.standing is Standing.VIOLATED and not one.new]
    lines = [
        _row(
            SIGNS[Standing.VIOLATED],
            part_id(one.result.rule_id, one.finding.part),
            one.finding.location,
            one.finding.message,
            advice(one.result, one.finding)[1],
        )
        for one in found
    ]
    yield from _up_to(lines, _MOST_LINES)


def _open(run: Run, since: Since | None) -> list[Entry]:
    """Return what is new; where nothing tells what that is, what is not met for certain."""
    alone = since.base.unread if since else None
    found = (
        one
        for one in entries(run)
        if one.standing in OPEN
        and (one.new or (_certain(one) and (alone is None or one.result.description in alone)))
    )
    return worst_first(entries_by_cause(found))


def _certain(entry: Entry) -> bool:
    """Whether something is found, or a test could not start: more than that a fact is missing."""
    finding, own = entry.finding, entry.result.kind == KIND
    return own or entry.standing not in UNDECIDED or finding.review or finding.hinge is not None


def _to_fix(run: Run, room: int) -> Iterator[b.Block]:
    """Yield the findings with what to do, folded."""
    since = _compared(run)
    found = _open(run, since)
    if not found:
        return
    counts = {how: sum(one.standing is how for one in found) for how in OPEN}
    said = " ".join(f"{SIGNS[how]} {n}" for how, n in counts.items() if n)
    title = b.line((_NEW if since else _FOUND).format(numbers=said))
    empty = b.Group((), title=title, folded=True)
    room -= units(markdown_text([empty], run.language))
    yield replace(empty, blocks=tuple(findings(found, run, room)))


def _folds(run: Run) -> Iterator[b.Group]:
    """Yield what needs nobody's attention now, each under its title."""
    since, seen, also = _compared(run), overview(run), list(_also(run))
    asked = told.unknown(run.results, _MOST_FACTS) if since is None else ()
    facts = len(missing_facts(run.results)) if since is None else 0
    weakened = _WEAKENED.format(what=w.WEAKENED, n=len(run.weakened))
    for title, blocks in (
        (b.line(_FACTS.format(n=facts)), asked),
        (b.line(_ALSO.format(n=len(also))), b.items(also, len(also))),
        _dates(run),
        (b.line("🔓", weakened), told.troubles(run.weakened)),
        (b.line(_IN_ALL, *told.numbers(seen)), by_provision(seen)),
    ):
        if below := tuple(blocks):
            yield b.Group(below, title=title, folded=True)


def _also(run: Run) -> Iterator[b.Line]:
    """Yield what else changes."""
    since = _compared(run)
    if since is None:
        return
    if still := s.undecided_still(since)[0]:
        yield b.line(s.several(s.STILL, still).what)
    for label, named in ((s.ADDED, since.added), (s.GONE, since.gone)):
        lines = [b.line(label, b.short(plain(name), 300)) for _, name in named]
        yield from _up_to(lines, _MOST_LINES)


def _dates(run: Run) -> tuple[b.Line, Iterator[b.Block]]:
    """Return what is overdue or falls due soon; else what is due next."""
    every = duties(run)
    near = [one for one in every if one.state is not State.LATER]
    ahead = [one for one in every if one.days >= 0]
    overdue = sum(one.state is State.OVERDUE for one in near)
    said = _DATES.format(overdue=overdue, soon=len(near) - overdue)
    if ahead:
        said += _NEXT.format(day=str(ahead[0].last), rule=ahead[0].rule_id)
    return b.line("📅", said), told.due_table(near or ahead[:1], run, told.MOST_DUTIES)


def title_of(run: Run, since: Since | None) -> tuple[str, Text]:
    """Return a sign and the title of a run: one line that says what a change does, to be quoted.

    ``since`` is None where the run is compared with nothing.
    """
    seen, missed = overview(run), len((*run.troubles, *incomplete(run)))
    if missed:
        return "🚫", _NOT_JUDGED.format(word=seen.word, n=missed)
    if since is None:
        return SIGNS[seen.worst], seen.word
    for sign, said, rules in _effects(run, since):
        if named := list(dict.fromkeys(rules)):
            return sign, said.format(n=len(named), rules=_list(named))
    rest = _NOTHING if since.nothing else _NO_WORSE
    partly = bool(since.base.unjudged or since.base.apart)
    return "➖", _AS_FAR.format(rest=rest) if partly else rest


def _effects(run: Run, since: Since) -> Iterator[tuple[str, Text, Iterable[str]]]:
    """Yield each thing that a change may do, the worst first, with the rules that it does it to."""

    def of(after: Standing, *, dated: bool = False) -> list[Change]:
        every = (one for one in since.rules if one.new and one.dated is dated)
        return [one for one in every if one.after is after]

    yield "⚠️", _UNSEEN, (one.rule_id for one in since.unseen)
    yield "❌", _BREAKS, (one.rule_id for one in of(Standing.VIOLATED))
    unknown = of(Standing.UNKNOWN)
    lost = (one.rule_id for one in unknown if one.before not in FAILING)
    yield "❓", _UNDECIDED, lost
    came = (one for how in FAILING for one in of(how, dated=True))
    yield "❌", _CALENDAR, (one.rule_id for one in came)
    pairs = [(one.rule_id, one.before, one.after) for one in since.rules]
    left = {one.rule_id for one in run.results if one.standing in FAILING}

    def became(*afters: Standing) -> Iterator[str]:
        return (one for one, was, after in pairs if was in FAILING and after in afters)

    yield "⏸️", _WAIVES, became(Standing.WAIVED)
    yield SIGNS[Standing.DECIDED], _DECIDES, became(Standing.DECIDED)
    yield "✅", _FIXES, (rule for rule in became(Standing.SATISFIED) if rule not in left)


def _list(rules: list[str]) -> Text:
    named = Text(zh="、", en=", ").join(map(plain, rules[:_MOST_NAMED]))
    return named + plain(" …") if len(rules) > _MOST_NAMED else named
