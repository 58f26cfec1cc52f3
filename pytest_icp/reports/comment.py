"""The comment on a pull request (评论): what the change does, in one screen; the rest is folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from pytest_icp.kinds.messages import assumed_apart
from pytest_icp.kinds.standing import OPEN, Standing, standing_title
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import labels, since_text
from pytest_icp.reports import since as s
from pytest_icp.reports import words as w
from pytest_icp.reports.causes import entries_by_cause
from pytest_icp.reports.comment_title import title_of
from pytest_icp.reports.duties import State, duties
from pytest_icp.reports.entries import Entry, entries, worst_first
from pytest_icp.reports.incomplete import incomplete
from pytest_icp.reports.layout import cut, width
from pytest_icp.reports.markdown_blocks import (
    MOST_DUTIES,
    SIGNS,
    duty_table,
    findings,
    joined,
    more,
    table,
    troubles_of,
    units,
    urgent_of,
)
from pytest_icp.reports.markdown_text import code, escaped, inline
from pytest_icp.reports.overview import overview
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import Change, Since
from pytest_icp.reports.words import Language
from pytest_icp.rules.policy import part_id

LIMIT = 65_536
"""Characters that GitHub lets a comment have; GitLab lets it have more."""

MARKER_ROOM = 512
"""Characters kept free for the marker, by which a job finds its own comment again."""

_HEAD_ROOM = 20_000
_FINDINGS_ROOM = 16_000
_CUT_ROOM = 512
_MOST_CHANGES = 12
_MOST_DATES = 4
_COLUMNS = 118
_FEWEST = 40
"""Columns of a line that most screens show unbroken, and those that a message has at least."""

_COMPARED = Text(zh="对比 {base}，截至 {day}", en="Compared with {base}, as of {day}")
_NOT_COMPARED = Text(
    zh="截至 {day}，没有与以前的状态比较", en="As of {day}, not compared with an earlier state"
)
_NEW = Text(zh="新的发现和整改办法：{numbers}", en="What is new, and how to fix it: {numbers}")
_FOUND = Text(zh="发现的问题和整改办法：{numbers}", en="What to fix, and how: {numbers}")
_ALSO = Text(zh="其他变化：{n} 项", en="What else changed: {n}")
_DATES = Text(
    zh="期限：已逾期 {overdue} 项，即将到期 {soon} 项",
    en="Due dates: {overdue} overdue, {soon} soon",
)
_NEXT = Text(zh="，下一项 {day} {rule}", en=", next {day} {rule}")
_WEAKENED = Text(zh="{what}：{n} 项", en="{what}: {n}")
_IN_ALL = Text(zh="合计：{numbers}", en="In all: {numbers}")
_SAYS = Text(zh="{what}：{message}", en="{what}: {message}")
_CUT = Text(
    zh="评论容不下其余内容，见本次作业的日志和报告",
    en="a comment holds no more: the log and the reports of this job have the rest",
)


def comment(run: Run) -> str:
    """Return what a change does as a comment; of a run that is compared with nothing, all of it."""
    lang = run.language
    head = joined(_within(_head(run), _HEAD_ROOM, lang))
    room = LIMIT - MARKER_ROOM - _CUT_ROOM - units(head)
    folded, cut = [], False
    for title, lines in (*_also(run), *_dates(run), *_weakened(run), *_in_all(run)):
        made = _fold(title, lines)
        if units(made) > room - _FINDINGS_ROOM:
            cut, made = True, f"{title}\n"
        room -= units(made)
        folded.append(made)
    rest = [f"*{inline(_CUT, lang)}*"] if cut else []
    return joined([head, *_to_fix(run, room), *folded, *rest])


def _within(lines: Iterable[str], room: int, lang: Language) -> Iterator[str]:
    """Yield lines as far as there is room, then how many of a list are left out."""
    left_out = 0
    for line in lines:
        room -= units(line) + 1
        if room >= 0:
            yield line
        else:
            left_out += line.startswith("- ")
    yield from more(left_out, lang)


def _fold(title: str, lines: Iterable[str]) -> str:
    """Return lines below a title, folded."""
    inner = "\n".join(lines).strip("\n")
    return f"<details><summary>{title}</summary>\n\n{inner}\n\n</details>\n"


def _compared(run: Run) -> Since | None:
    """Return how a run differs from its base; None where it could not be compared with one."""
    return None if run.since is None or "" in run.since.base.unread else run.since


def _head(run: Run) -> Iterator[str]:
    """Yield what is seen without unfolding: a title to quote, and a line for each change."""
    lang, since = run.language, _compared(run)
    yield from urgent_of(run)
    sign, said = title_of(run, since)
    yield f"### {sign} {inline(said, lang)}"
    yield ""
    day = run.as_of[:10]
    when = _COMPARED.format(base=since.base.title, day=day) if since else None
    version = f" {run.version}" if run.version else ""
    yield f"{inline(when or _NOT_COMPARED.format(day=day), lang, 200)} · pytest-icp{version}"
    yield ""
    missed = (*run.troubles, *incomplete(run))
    # Without its title and the empty line at its end: one list holds all that is to be seen.
    yield from list(troubles_of("🚫", labels.NOT_JUDGED, missed, lang))[2:-1]
    if run.since:
        yield from (f"- ⚠️ {inline(said, lang, 300)}" for said in since_text.remarks(run.since))
    yield from _changes(since, lang) if since else ()
    yield from _violated(run, since)
    yield ""
    if since and since.has_ours:
        yield f"<sub>{inline(since_text.OURS, lang)}</sub>"
        yield ""
    if tolerated := since_text.tolerated(run):
        yield inline(tolerated, lang)
        yield ""


def _changes(since: Since, lang: Language) -> Iterator[str]:
    """Yield a line for each rule that stands otherwise, and each due date that moved."""
    for row in map(since_text.setting_row, since.settings):
        at = f"**+** {code(row.place, 120)} " if row.ours else ""
        yield f"- ⚠️ {at}{inline(row.what, lang, 300)}"
    for row in since_text.unseen_rows(since):
        yield f"- ⚠️ {inline(row.what, lang, 300)}"
    changes = since_text.grouped(since_text.undecided_still(since)[1])
    for change, n in changes[:_MOST_CHANGES]:
        yield _change(change, n, lang)
    yield from more(len(changes) - _MOST_CHANGES, lang)
    for due in since.due[:_MOST_DATES]:
        yield f"- 📅 {inline(since_text.due_row(due).what, lang, 200)}"
    yield from more(len(since.due) - _MOST_DATES, lang)


def _change(change: Change, n: int, lang: Language) -> str:
    sign = SIGNS[change.after] if change.after else "⚠️"
    mark = "**+** " if change.ours else ""
    how = since_text.how_text(change, n)
    if change.message.en:
        how = _SAYS.format(what=how, message=change.message)
    return _row(f"{sign} **{escaped(change.own_id, 60)}** {mark}", change.location, how, lang)


def _row(begins: str, spot: Location, what: Text, lang: Language) -> str:
    """Return a line of the list, as short as a screen shows it unbroken."""
    place = str(replace(spot, column=None))
    room = max(_COLUMNS - width(begins) - width(place), _FEWEST)
    short = assumed_apart(what)
    short = Text(zh=cut(short.zh, room), en=cut(short.en, room))
    return f"- {begins}{code(place, 120)} {inline(short, lang)}"


def _violated(run: Run, since: Since | None) -> Iterator[str]:
    """Yield a line for each finding that violates a rule, where nothing tells what is new."""
    lang = run.language
    found = [one for one in _open(run, since) if one.standing is Standing.VIOLATED and not one.new]
    for entry in found[:_MOST_CHANGES]:
        rule = part_id(entry.result.rule_id, entry.finding.part)
        begins = f"❌ **{escaped(rule, 60)}** "
        yield _row(begins, entry.finding.location, entry.finding.message, lang)
    yield from more(len(found) - _MOST_CHANGES, lang)


def _open(run: Run, since: Since | None) -> list[Entry]:
    """Return what is new; where nothing tells what that is, what nobody has waived."""
    alone = since.base.unread if since else None
    found = (
        one
        for one in entries(run)
        if one.standing in OPEN and (one.new or alone is None or one.result.description in alone)
    )
    return worst_first(entries_by_cause(found))


def _to_fix(run: Run, room: int) -> Iterator[str]:
    """Yield the findings with what to do, folded."""
    since = _compared(run)
    found = _open(run, since)
    if not found:
        return
    counts = {how: sum(one.standing is how for one in found) for how in OPEN}
    numbers = " ".join(f"{SIGNS[how]} {n}" for how, n in counts.items() if n)
    title = inline((_NEW if since else _FOUND).format(numbers=numbers), run.language)
    room -= units(_fold(title, ()))
    yield _fold(title, findings(found, run, room))


_Folded = Iterator[tuple[str, Iterable[str]]]


def _also(run: Run) -> _Folded:
    """Yield what changes and needs nobody's attention now."""
    lang, since = run.language, _compared(run)
    still = since_text.undecided_still(since)[0] if since else []
    lines = [since_text.several(since_text.STILL, still).what] if still else []
    for label, named in ((s.ADDED, since.added), (s.GONE, since.gone)) if since else ():
        lines += [label + plain(f" {name}") for _, name in named[:_MOST_CHANGES]]
        if len(named) > _MOST_CHANGES:
            lines.append(w.MORE.format(n=len(named) - _MOST_CHANGES))
    if lines:
        said = inline(_ALSO.format(n=len(lines)), lang)
        yield said, [f"- {inline(one, lang, 300)}" for one in lines]


def _dates(run: Run) -> _Folded:
    """Yield what is overdue or falls due soon; else what is due next."""
    every = duties(run)
    near = [one for one in every if one.state is not State.LATER]
    if not every:
        return
    ahead = [one for one in every if one.days >= 0]
    overdue = sum(one.state is State.OVERDUE for one in near)
    said = _DATES.format(overdue=overdue, soon=len(near) - overdue)
    if ahead:
        said += _NEXT.format(day=str(ahead[0].last), rule=ahead[0].rule_id)
    shown = (near or ahead[:1])[:MOST_DUTIES]
    yield f"📅 {inline(said, run.language)}", duty_table(shown, run)


def _weakened(run: Run) -> _Folded:
    if run.weakened:
        said = _WEAKENED.format(what=labels.WEAKENED, n=len(run.weakened))
        yield (
            f"🔓 {inline(said, run.language)}",
            list(troubles_of("", labels.WEAKENED, run.weakened, run.language))[2:],
        )


def _in_all(run: Run) -> _Folded:
    """Yield how many rules have which standing, and under it each provision."""
    lang, seen = run.language, overview(run)
    numbers = [
        plain(f"{SIGNS[how]} ") + standing_title(how) + plain(f" {seen.counts[how]}")
        for how in seen.standings
    ]
    if numbers:
        said = _IN_ALL.format(numbers=plain(" · ").join(numbers))
        yield inline(said, lang), table(seen, lang)
