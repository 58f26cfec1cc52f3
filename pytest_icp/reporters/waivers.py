"""Waivers at the end of a run: those that expired and those that match nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pytest_icp.core.finding import Verdict
from pytest_icp.core.result import Result
from pytest_icp.loading.waivers import Waiver
from pytest_icp.reporters import words as w
from pytest_icp.reporters.layout import wrap
from pytest_icp.reporters.summary import Section
from pytest_icp.reporters.words import Language, in_languages


def waiver_sections(
    waivers: Iterable[Waiver],
    results: Sequence[Result],
    base: Path,
    language: Language,
    columns: int,
) -> Iterator[Section]:
    """Yield a section for the expired waivers and one for the idle ones, where there are any."""
    written = list(waivers)
    today = max((result.as_of[:10] for result in results), default="")
    expired = [waiver for waiver in written if waiver.expires.isoformat() < today]
    idle = [waiver for waiver in written if not _matches(waiver, results)]
    for title, some in ((w.EXPIRED_WAIVERS, expired), (w.IDLE_WAIVERS, idle)):
        lines = [line for one in some for line in _lines(one, base, language, columns)]
        if lines:
            yield Section(title, tuple(lines))


def _matches(waiver: Waiver, results: Sequence[Result]) -> bool:
    return any(
        waiver.covers(result.rule_id, finding.subject)
        for result in results
        for finding in result.findings
        if finding.verdict is Verdict.VIOLATED
    )


def _lines(waiver: Waiver, base: Path, language: Language, columns: int) -> list[str]:
    text = w.WAIVER.format(expires=waiver.expires, owner=waiver.owner, reason=waiver.reason)
    file = Path(waiver.place.path)
    shown = file.relative_to(base).as_posix() if file.is_relative_to(base) else str(file)
    head = f"  {shown}:{waiver.place.line}: {waiver.rule} [{waiver.subject}]"
    said = f"{head} {in_languages(text, language)}"
    return wrap(said, columns, indent="    ")
