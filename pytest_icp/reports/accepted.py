"""What a repository accepts: waivers that no longer match, and its baseline."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from enum import Enum, auto
from pathlib import Path

from msgspec import Struct

from pytest_icp.kinds.finding import Finding
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import OPEN
from pytest_icp.law.text import Text
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import entries
from pytest_icp.reports.jsonl import RECORD, lines_of
from pytest_icp.reports.layout import json_text
from pytest_icp.reports.run import VERSION, Run
from pytest_icp.rules.policy import part_id
from pytest_icp.rules.waivers import Waiver

TITLE = Text(zh="与基线比较", en="compared with the baseline")
_COUNTS = Text(
    zh="新增 {new} 项，基线中已有 {known} 项",
    en="{new} new, {known} in the baseline",
)
_BOTH_COUNT = Text(zh="；二者都照常计入结论", en="; both count as usual")
_STALE = Text(zh="基线中已不存在", en="no longer there")
_AGAIN = Text(
    zh="重新写出基线即可去掉：pytest-icp baseline --force",
    en="write it again to drop these: pytest-icp baseline --force",
)
_MOST = 12
_KEPT = (
    *("apiVersion", "grade", "description", "rule", "part", "subject", "pointer"),
    *("found", "fingerprint"),
)
"""What a baseline keeps of a line: neither a day nor the line of a file changes it."""


class Use(Enum):
    """What use a waiver is on a day; a run of few rules or descriptions cannot tell for each."""

    EXPIRED = auto()
    USED = auto()
    IDLE = auto()
    NOT_JUDGED = auto()


class Judged(Struct, frozen=True):
    """What was judged as of a day: results, and the folder that the paths in them are relative to.

    ``beside`` gives the absolute paths of the descriptions that a waiver is for.
    """

    results: Sequence[Result]
    root: Path
    today: date
    beside: Callable[[Waiver], Collection[str]]

    def use(self, waiver: Waiver) -> Use:
        """Return what use a waiver is, whatever was judged if it has expired."""
        if waiver.expires < self.today:
            return Use.EXPIRED
        beside, rule = self.beside(waiver), waiver.rule.partition("#")[0]
        own = {self._absolute(one): one for one in self.results if one.rule_id == rule}
        if _is_used(waiver, [own[path] for path in own if path in beside]):
            return Use.USED
        return Use.IDLE if own.keys() >= {*beside} else Use.NOT_JUDGED

    def _absolute(self, result: Result) -> str:
        return os.path.normpath(self.root / result.description)


def _is_used(waiver: Waiver, results: Iterable[Result]) -> bool:
    """Tell whether a waiver covers a violation, or a decision settles something."""
    return any(
        (_is_decision(waiver, finding) if waiver.decided_on else finding.broken)
        and waiver.covers(result.rule_id, finding.subject, finding.part)
        for result in results
        for finding in result.findings
    )


def _is_decision(waiver: Waiver, finding: Finding) -> bool:
    """Whether a finding was decided as this entry says."""
    if finding.decided is None:
        return finding.review and waiver.settles(finding.due)
    return finding.decided.day == str(waiver.decided_on)


def waiver_sections(waivers: Sequence[Waiver], judged: Judged, base: Path) -> Iterator[b.Section]:
    """Yield a section for the expired waivers and one for the idle ones, where there are any."""
    for title, use in ((w.EXPIRED_WAIVERS, Use.EXPIRED), (w.IDLE_WAIVERS, Use.IDLE)):
        lines = [_waiver_line(one, base) for one in waivers if judged.use(one) is use]
        if lines:
            yield b.Section(title, tuple(b.items(lines, style="joined")))


def _waiver_line(waiver: Waiver, base: Path) -> b.Line:
    file = Path(waiver.place.path)
    shown = file.relative_to(base).as_posix() if file.is_relative_to(base) else str(file)
    head = f"{shown}:{waiver.place.line}: {waiver.rule} [{waiver.subject}]"
    return b.line(head, b.whole(w.entry_text(waiver)))


def baseline_lines(run: Run) -> list[str]:
    """Return the open findings of a run as lines, below one that tells the day.

    What is waived is left to its waiver.
    """
    found = [one for one in lines_of(run) if one["grade"] in OPEN]
    kept = [{name: one[name] for name in _KEPT if name in one} for one in found]
    head = {"apiVersion": VERSION, "grade": RECORD, "description": "baseline", "as_of": run.as_of}
    return [json_text(head), *sorted(map(json_text, kept))]


def baseline_section(run: Run) -> b.Section:
    """Return the section of the terminal that compares a run with its baseline."""
    return b.Section(TITLE, tuple(b.items(_lines(run), style="joined")))


def _lines(run: Run) -> Iterator[b.Line]:
    open_ones = [entry for entry in entries(run) if entry.standing in OPEN]
    new = [entry for entry in open_ones if not entry.known]
    counts = _COUNTS.format(new=str(len(new)), known=str(len(open_ones) - len(new)))
    # What does not count is told, with how many there are, in the last lines.
    yield b.line(counts if run.tolerated else counts + _BOTH_COUNT)
    listed = [
        (entry.finding.location, part_id(entry.result.rule_id, entry.finding.part), entry.finding)
        for entry in new
    ]
    gone = [(one.description, one.own_id, one) for one in run.gone]
    for label, found in ((w.NEW, listed), (_STALE, gone)):
        for place, rule, one in found[:_MOST]:
            yield b.line(b.strong(label), f"{place}: {rule} [{one.subject}]")
        if len(found) > _MOST:
            yield b.line(w.MORE.format(n=len(found) - _MOST))
    if run.gone:
        yield b.line(_AGAIN)
