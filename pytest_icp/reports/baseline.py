"""Baselines: how one is written, and how a run differs from one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec.structs import replace

from pytest_icp.kinds.standing import OPEN
from pytest_icp.law.jsontypes import stable_pointer
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import Entry, entries, fingerprint
from pytest_icp.reports.layout import item
from pytest_icp.reports.run import VERSION, Run
from pytest_icp.reports.safe import json_text
from pytest_icp.reports.summary import Section
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.baseline import KnownFinding
from pytest_icp.rules.policy import Policy, part_id
from pytest_icp.rules.rule_ids import levels

_Known = TypeVar("_Known", bound=KnownFinding)

TITLE = Text(zh="与基线比较", en="compared with the baseline")
_COUNTS = Text(
    zh="新增 {new} 项，基线中已有 {known} 项",
    en="{new} new, {known} in the baseline",
)
_BOTH_COUNT = Text(zh="；二者都照常计入结论", en="; both count as usual")
_NEW = Text(zh="新增", en="new")
_STALE = Text(zh="基线中已不存在", en="no longer there")
_AGAIN = Text(
    zh="重新写出基线即可去掉：pytest-icp baseline --force",
    en="write it again to drop these: pytest-icp baseline --force",
)
_MOST = 12
_ALIKE = 100
"""Of so many findings that are alike an entry of another rule id is found again."""


def baseline_text(run: Run) -> str:
    """Return the open findings of a run as a baseline; what is waived is left to its waiver."""
    found = [_known(entry) for entry in entries(run) if entry.standing in OPEN]
    document = {"apiVersion": VERSION, "as_of": run.as_of, "findings": found}
    return json_text(document, indented=True) + "\n"


def known_by_part(baseline: Iterable[_Known], policies: Iterable[Policy]) -> list[_Known]:
    """Return the entries of a baseline; what names a rule with parts is known in each of them."""
    rules = (rule for policy in policies for rule in policy.obligations if rule.parts)
    parts = {rule.rule_id: [part.own_id for part in rule.parts] for rule in rules}
    return [_in_parts(one, parts.get(one.rule, ())) for one in baseline]


def _in_parts(one: _Known, parts: Iterable[str]) -> _Known:
    return replace(one, of_parts=tuple(_under(one, part) for part in parts))


def _under(one: KnownFinding, part: str) -> str:
    """Return the fingerprint of an entry under a part; of several alike, the same one."""
    old, new = (fingerprint(name, one.subject, one.pointer) for name in (one.rule, part))
    for n in range(2, _ALIKE):
        if one.fingerprint == fingerprint(old, str(n)):
            return fingerprint(new, str(n))
    return new


def known_findings(run: Run) -> int:
    """Return how many findings `baseline_text` writes."""
    return sum(entry.standing in OPEN for entry in entries(run))


def stale(run: Run, baseline: Sequence[KnownFinding]) -> list[KnownFinding]:
    """Return the entries that the run decided again and did not find, or whose rule is gone."""
    found = {(entry.result.description, entry.fingerprint) for entry in entries(run)}
    decided = {(result.description, result.rule_id) for result in run.results}
    rules = levels(run.policies)
    return [
        one
        for one in baseline
        if found.isdisjoint(one.keys)
        and ((one.description, one.rule_id) in decided or one.rule not in rules)
    ]


def baseline_section(
    run: Run, baseline: Sequence[KnownFinding], language: Language, columns: int
) -> Section:
    """Return the section of the terminal that compares a run with its baseline."""
    lines = [line for text in _lines(run, baseline, language) for line in item(text, columns)]
    return Section(TITLE, tuple(lines))


def _lines(run: Run, baseline: Sequence[KnownFinding], language: Language) -> Iterator[str]:
    open_ones = [entry for entry in entries(run) if entry.standing in OPEN]
    new = [entry for entry in open_ones if not entry.known]
    counts = _COUNTS.format(new=str(len(new)), known=str(len(open_ones) - len(new)))
    # What does not count is told, with how many there are, in the last lines.
    yield in_languages(counts if run.tolerated else counts + _BOTH_COUNT, language)
    for entry in new[:_MOST]:
        rule = part_id(entry.result.rule_id, entry.finding.part)
        where = f"{entry.finding.location}: {rule} [{entry.finding.subject}]"
        yield f"{in_languages(_NEW, language)}: {where}"
    yield from _rest(len(new), language)
    gone = stale(run, baseline)
    for one in gone[:_MOST]:
        where = f"{one.description}: {one.rule} [{one.subject}]"
        yield f"{in_languages(_STALE, language)}: {where}"
    yield from _rest(len(gone), language)
    if gone:
        yield in_languages(_AGAIN, language)


def _rest(n: int, language: Language) -> Iterator[str]:
    if n > _MOST:
        yield in_languages(w.MORE.format(n=n - _MOST), language)


def _known(entry: Entry) -> dict[str, str]:
    return {
        "description": entry.result.description,
        "rule": part_id(entry.result.rule_id, entry.finding.part),
        "subject": entry.finding.subject,
        "pointer": stable_pointer(entry.finding.pointer),
        "fingerprint": entry.fingerprint,
    }
