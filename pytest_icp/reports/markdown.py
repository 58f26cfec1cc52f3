"""Markdown for a comment on a pull request: short enough, and safe whatever it quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pytest_icp.kinds.standing import OPEN, standing_name
from pytest_icp.law.text import plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports import sections as told
from pytest_icp.reports import since as s
from pytest_icp.reports import words as w
from pytest_icp.reports.as_markdown import markdown_lines, markdown_text, units
from pytest_icp.reports.entries import Entry, entries, entries_by_cause, worst_first
from pytest_icp.reports.findings import findings_of, law
from pytest_icp.reports.layout import shortened
from pytest_icp.reports.overview import Overview, overview
from pytest_icp.reports.run import Run, incomplete, names_of_results
from pytest_icp.reports.sections import duties

LIMIT = 65_536
"""Characters that GitHub lets a comment have; GitLab lets it have more."""

MARKER = "<!-- pytest-icp -->"
"""The first line, by which a job finds its own comment again to replace it."""

_ROOM = LIMIT - 2_000

_MOST_CHANGES = 20
_MOST_FINDINGS = 5
_MOST_AMISS = 8


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
        yield from (b.Heading(b.line(title)), *table)
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
