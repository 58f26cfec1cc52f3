"""Markdown for a comment on a pull request: short enough, and safe whatever it quotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_icp.kinds.finding import Decided
from pytest_icp.kinds.result import Waived
from pytest_icp.kinds.standing import Standing, standing_title
from pytest_icp.law.text import Text
from pytest_icp.reports import labels, since_text
from pytest_icp.reports import words as w
from pytest_icp.reports.causes import entries_by_cause
from pytest_icp.reports.entries import Entry, entries, worst_first
from pytest_icp.reports.incomplete import incomplete
from pytest_icp.reports.markdown_blocks import (
    MOST_DUTIES,
    SIGNS,
    cells,
    due,
    findings,
    header,
    joined,
    rest,
    table,
    troubles_of,
    urgent_of,
    whose_cell,
)
from pytest_icp.reports.markdown_text import code, escaped, inline
from pytest_icp.reports.overview import Overview, overview
from pytest_icp.reports.run import Run
from pytest_icp.reports.whose import names_of_results

LIMIT = 65_536
"""Characters that GitHub lets a comment have."""

MARKER = "<!-- pytest-icp -->"
"""The first line, by which a job finds its own comment again to replace it."""

_ROOM = LIMIT - 2_000
_RESERVE = 12_000
"""What is kept free for the parts after the findings."""

_MOST_CHANGES = 20


def markdown(run: Run) -> str:
    """Return a run as a comment that GitHub and GitLab accept."""
    return _document(run, _ROOM)


def summary(run: Run, limit: int) -> str:
    """Return a run with as many findings as so many bytes of UTF-8 hold, four a character."""
    return _document(run, limit // 4)


def brief(run: Run) -> str:
    """Return the verdict of a run at a glance."""
    return joined(_head(run, overview(run), entries(run)))


def _document(run: Run, room: int) -> str:
    lang = run.language
    seen = overview(run)
    every = entries(run)
    found = worst_first(entries_by_cause(every))
    missed = (*run.troubles, *incomplete(run))
    notes = [
        *troubles_of("🚫", labels.NOT_JUDGED, missed, lang),
        *troubles_of("🔓", labels.WEAKENED, run.weakened, lang),
    ]
    head = "\n".join([MARKER, *_head(run, seen, every), *_since(run), *notes])
    tail = "\n".join([*_accepted(run, found), *due(run), ""])
    tables = "\n".join(table(seen, lang))
    middle = "\n".join(findings(found, run, room - len(head) - len(tables) - _RESERVE))
    parts = (part for part in (head, tables, middle, tail) if part.strip())
    return joined(parts)


def _head(run: Run, seen: Overview, found: Sequence[Entry]) -> Iterator[str]:
    """Yield the verdict at a glance: what is urgent, one word, the numbers, as of when."""
    yield from urgent_of(run)
    yield f"## {SIGNS[seen.worst]} {inline(seen.word, run.language)}"
    yield ""
    numbers = [
        f"{SIGNS[how]} {inline(standing_title(how), run.language)} **{seen.counts[how]}**"
        for how in seen.standings
    ]
    if numbers:
        yield " · ".join(numbers)
        yield ""
    parts = [inline(seen.judged, run.language)]
    if run.ignored:
        parts.append(inline(labels.IGNORED.format(n=len(run.ignored)), run.language))
    known = sum(entry.known for entry in found)
    if known:
        parts.append(inline(labels.KNOWN_COUNT.format(n=known), run.language))
    version = f" {run.version}" if run.version else ""
    yield f"{' · '.join(parts)} · pytest-icp{version}"
    yield ""


def _since(run: Run) -> Iterator[str]:
    """Yield what differs from the state that the run is compared with."""
    lang, since = run.language, run.since
    if since is not None:
        yield f"### 🔀 {inline(since_text.title(since), lang)}"
        yield ""
        shown = list(since_text.rows(since, _MOST_CHANGES))
        for row in shown:
            place = f"{code(row.place, 120)} " if row.place else ""
            yield f"- {'**+** ' if row.ours else ''}{place}{inline(row.what, lang, 300)}"
        yield from (f"- ⚠️ {inline(said, lang, 300)}" for said in since_text.remarks(since))
        yield ""
        if any(row.ours for row in shown):
            yield f"{inline(since_text.OURS, lang)}"
            yield ""
    if said := since_text.tolerated(run):
        yield inline(said, lang)
        yield ""


def _accepted(run: Run, found: Sequence[Entry]) -> Iterator[str]:
    """Yield tables of what is waived, and of what people have decided to be met."""
    waived = [
        (entry, about.waived.expires, about.waived)
        for entry in found
        for about in [entry.result.about(entry.finding)]
        if entry.standing is Standing.WAIVED and about.waived
    ]
    yield from _owned(run, Standing.WAIVED, standing_title(Standing.WAIVED), labels.UNTIL, waived)
    decided = [
        (entry, entry.finding.decided.day, entry.finding.decided)
        for entry in found
        if entry.finding.decided
    ]
    yield from _owned(run, Standing.DECIDED, w.DECIDED, labels.ON, decided)


def _owned(
    run: Run,
    standing: Standing,
    title: Text,
    when: Text,
    rows: Sequence[tuple[Entry, str, Waived | Decided]],
) -> Iterator[str]:
    """Yield a table of findings, each with its day and the owner and reason for it."""
    lang, names = run.language, names_of_results(run.results)
    if not rows:
        return
    yield f"### {SIGNS[standing]} {inline(title, lang)}"
    yield ""
    yield from header((labels.RULE, labels.SUBJECT, when, labels.OWNER, labels.REASON), lang)
    for entry, day, one in rows[:MOST_DUTIES]:
        yield cells(
            _named(entry, names, run),
            code(entry.finding.subject, 60),
            day,
            escaped(one.owner, 60),
            escaped(one.reason, 160),
        )
    yield ""
    yield from rest(w.MORE, len(rows) - MOST_DUTIES, lang)


def _named(entry: Entry, names: Mapping[str, str], run: Run) -> str:
    name = names[entry.result.description]
    return whose_cell(entry.result.rule_id, name, run, entry.finding.part)
