"""Baselines: the lines of a report that name what is open, and how a run differs from them."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.kinds.standing import OPEN
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import entries
from pytest_icp.reports.jsonl import RECORD, lines_of
from pytest_icp.reports.layout import Section, item, json_text
from pytest_icp.reports.run import VERSION, Run
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.policy import part_id

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


def baseline_lines(run: Run) -> list[str]:
    """Return the open findings of a run as lines, below one that tells the day.

    What is waived is left to its waiver.
    """
    found = [one for one in lines_of(run) if one["grade"] in OPEN]
    kept = [{name: one[name] for name in _KEPT if name in one} for one in found]
    head = {"apiVersion": VERSION, "grade": RECORD, "description": "baseline", "as_of": run.as_of}
    return [json_text(head), *sorted(map(json_text, kept))]


def baseline_section(run: Run, language: Language, columns: int) -> Section:
    """Return the section of the terminal that compares a run with its baseline."""
    lines = [line for text in _lines(run, language) for line in item(text, columns)]
    return Section(TITLE, tuple(lines))


def _lines(run: Run, language: Language) -> Iterator[str]:
    open_ones = [entry for entry in entries(run) if entry.standing in OPEN]
    new = [entry for entry in open_ones if not entry.known]
    counts = _COUNTS.format(new=str(len(new)), known=str(len(open_ones) - len(new)))
    # What does not count is told, with how many there are, in the last lines.
    yield in_languages(counts if run.tolerated else counts + _BOTH_COUNT, language)
    for entry in new[:_MOST]:
        rule = part_id(entry.result.rule_id, entry.finding.part)
        where = f"{entry.finding.location}: {rule} [{entry.finding.subject}]"
        yield f"{in_languages(w.NEW, language)}: {where}"
    yield from _rest(len(new), language)
    for one in run.gone[:_MOST]:
        where = f"{one.description}: {one.own_id} [{one.subject}]"
        yield f"{in_languages(_STALE, language)}: {where}"
    yield from _rest(len(run.gone), language)
    if run.gone:
        yield in_languages(_AGAIN, language)


def _rest(n: int, language: Language) -> Iterator[str]:
    if n > _MOST:
        yield in_languages(w.MORE.format(n=n - _MOST), language)
