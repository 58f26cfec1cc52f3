"""Waivers at the end of a run: those that expired and those that match nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from pytest_icp.kinds.finding import Finding
from pytest_icp.kinds.result import Result
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import Section, item
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.waivers import Waiver


class Judged(Struct, frozen=True):
    """What was judged: results, and the folder that the paths in them are relative to.

    ``beside`` gives the absolute paths of the descriptions that a waiver is for.
    """

    results: Sequence[Result]
    root: Path
    beside: Callable[[Waiver], Collection[str]]

    def of(self, waiver: Waiver) -> tuple[list[Result], bool]:
        """Return the results of the rule of a waiver, and whether they are all that there are.

        A run of few rules, or of few descriptions, cannot tell whether a waiver is idle.
        """
        beside = self.beside(waiver)
        rule = waiver.rule.partition("#")[0]
        own = {self._absolute(r): r for r in self.results if r.rule_id == rule}
        return [own[path] for path in own if path in beside], own.keys() >= {*beside}

    def _absolute(self, result: Result) -> str:
        return os.path.normpath(self.root / result.description)


def is_used(waiver: Waiver, results: Iterable[Result]) -> bool:
    """Tell whether a waiver covers a violation, expired or not, or a decision settles something."""
    return any(
        (_is_decision(waiver, finding) if waiver.decided_on else finding.broken)
        and waiver.covers(result.rule_id, finding.subject, finding.part)
        for result in results
        for finding in result.findings
    )


def _is_decision(waiver: Waiver, finding: Finding) -> bool:
    """Whether a finding was decided as this entry says, or would be if it had not expired."""
    if finding.decided is None:
        return finding.review and waiver.settles(finding.due)
    return finding.decided.day == str(waiver.decided_on)


def waiver_sections(
    waivers: Iterable[Waiver], judged: Judged, base: Path, language: Language, columns: int
) -> Iterator[Section]:
    """Yield a section for the expired waivers and one for the idle ones, where there are any."""
    today = max((result.as_of[:10] for result in judged.results), default="")
    expired: list[Waiver] = []
    idle: list[Waiver] = []
    for waiver in waivers:
        results, every = judged.of(waiver)
        if results and waiver.expires.isoformat() < today:
            expired.append(waiver)
        elif every and not is_used(waiver, results):
            idle.append(waiver)
    for title, some in ((w.EXPIRED_WAIVERS, expired), (w.IDLE_WAIVERS, idle)):
        lines = [line for one in some for line in _lines(one, base, language, columns)]
        if lines:
            yield Section(title, tuple(lines))


def _lines(waiver: Waiver, base: Path, language: Language, columns: int) -> list[str]:
    file = Path(waiver.place.path)
    shown = file.relative_to(base).as_posix() if file.is_relative_to(base) else str(file)
    head = f"{shown}:{waiver.place.line}: {waiver.rule} [{waiver.subject}]"
    return item(f"{head} {in_languages(w.entry_text(waiver), language)}", columns)
