"""Every situation of `tests/readings`: what is decided is the answer that was given first."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from pytest_icp.engine import binding, decide, prepare
from pytest_icp.facts.workdays import published
from pytest_icp.kinds.finding import worst
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.result import Result
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.settings import Settings
from tests.readings.situations import Situation, described, lay, situations

LAST = 2026
"""The last year whose working days count as published, whatever is installed."""


@cache
def calendar() -> Calendar:
    known = published()
    return Calendar({year: days for year, days in known.years.items() if year <= LAST})


FolderOf = Callable[[Situation], Path]


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> FolderOf:
    """Return the folder with the files of a situation, which is laid once for the same files."""

    @cache
    def laid(base: str, *files: tuple[str, str]) -> Path:
        return lay(tmp_path_factory.mktemp(base), base, files)

    return lambda one: laid(one.base, *one.files.items())


def results_of(one: Situation, folder: Path) -> list[Result]:
    """Decide the rule of a situation, or those of a pattern that are not advice."""
    scene = prepare(
        described(one, folder),
        as_of=as_of_instant(one.as_of),
        settings=Settings(),
        calendar=calendar(),
    )
    results = [
        decide(scene, policy, rule)
        for policy in binding(default_policies(), scene.description)
        for whole in policy.obligations
        for rule in (whole, *whole.parts)
        if fnmatchcase(rule.own_id, one.rule)
    ]
    return [result for result in results if not one.is_pattern or result.level != "advisory"]


def wrong_in(one: Situation, folder: Path) -> str:
    """Return what is decided otherwise than the situation says, if anything is."""
    results = results_of(one, folder)
    verdict = worst(result.verdict for result in results)
    days = {
        *(finding.due for result in results for finding in result.findings),
        *(due.last for result in results for due in result.upcoming),
    }
    if verdict in one.expected and (not one.due or one.due in days):
        return ""
    said = (f"{f.pointer}: {f.message.en}" for result in results for f in result.findings)
    return "\n".join((f"{one.id}: {verdict}, last days {days}", *said, one.why))


@pytest.mark.parametrize("rule", dict.fromkeys(one.rule for one in situations()))
def test_the_readings_of_a_rule(rule: str, folder_of: FolderOf) -> None:
    asked = (one for one in situations() if one.rule == rule)
    wrong = [text for one in asked if (text := wrong_in(one, folder_of(one)))]
    assert not wrong, "\n\n".join(wrong)


def test_a_note_is_about_another_verdict_than_that_of_the_law() -> None:
    for one in situations():
        for note in (one.first, one.differs):
            assert note is None or note.verdict not in one.verdicts, one.id


def test_no_situation_is_written_twice() -> None:
    ids = [one.id for one in situations()]
    assert sorted(set(ids)) == sorted(ids)
