"""The sections that close a run (结尾): what was not checked, waivers, sources, the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pytest_icp.kinds.standing import UNDECIDED, Standing
from pytest_icp.law.text import Text
from pytest_icp.plugin.messages import (
    LOOKING_AHEAD,
    TAKEN_OUT,
    UNKNOWN_FAILS,
)
from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.progress import show_progress
from pytest_icp.plugin.session import session_of
from pytest_icp.reports.layout import wrap
from pytest_icp.reports.matrix import Marked
from pytest_icp.reports.record import Record
from pytest_icp.reports.since_text import since_section, tolerated
from pytest_icp.reports.sources import source_section
from pytest_icp.reports.summary import Section, ignored_section, summary
from pytest_icp.reports.verdict_line import Among, not_selected, resting, verdict_line
from pytest_icp.reports.words import each_language

if TYPE_CHECKING:
    import pytest

    from pytest_icp.kinds.result import Result
    from pytest_icp.reports.changes import Change
    from pytest_icp.reports.run import Run, SourceRemarks, Trouble


class Ended(NamedTuple):
    """The results of an ended run, for its closing sections.

    Paths in results are relative to ``root``. ``tests`` are the ordinary tests with the marker
    ``icp``, and ``rules`` those of them that rules were chosen among. ``run`` is what reports
    are made of, None where nothing asks for it; ``records`` are those of its descriptions. It is
    ``complete`` if all that was collected was decided, and ``stopped`` if it came to no end.
    """

    results: Sequence[Result]
    root: Path
    tests: Sequence[Marked] = ()
    sources: Sequence[SourceRemarks] = ()
    rules: frozenset[str] = frozenset()
    run: Run | None = None
    weakened: Sequence[Trouble] = ()
    records: Sequence[Record] = ()
    complete: bool = True
    stopped: bool = False


def changes(config: pytest.Config, ended: Ended, columns: int) -> Iterator[Section]:
    """Yield what the change does, where a run is compared."""
    if ended.run and ended.run.since:
        yield since_section(ended.run.since, read_options(config).language, columns)


def closing(
    config: pytest.Config, ended: Ended, columns: int, *, most: int | None, brief: bool = False
) -> Iterator[Section]:
    """Yield the sections that are not empty, the most important last.

    ``most`` is how much of what may be long is shown, None for all of it, and of what needs
    nothing to be done. One that is ``brief`` has nothing but what is to be done.
    """
    options = read_options(config)
    decided = bool(ended.results or ended.tests)
    if decided:
        if most is None:
            yield from _left_out(config, ended, columns)
        yield from _waivers(config, ended, options, columns)
    if not brief:
        yield from source_section(ended.sources, options.language, columns, most=most)
    if decided:
        yield from summary(
            ended.results,
            ended.tests,
            options.language,
            columns,
            most=most,
            within=options.settings.warn_days,
            brief=brief,
        )
    yield from asked_for(config, ended, columns)


def asked_for(config: pytest.Config, ended: Ended, columns: int) -> Iterator[Section]:
    """Yield the sections that an option asks for: the comparison with a baseline, what changes."""
    options = read_options(config)
    if ended.run and options.baseline is not None:
        from pytest_icp.reports.baseline import baseline_section

        yield baseline_section(ended.run, options.language, columns)
    if ended.results and options.forecast is not None:
        yield _forecast(config, ended, options, options.forecast, columns)


def last_lines(ended: Ended, options: Options, option: str, columns: int) -> Iterator[str]:
    """Yield the verdict of a run, and beside it what weakens it, and what is not selected.

    ``option`` is how one writes that unknown rules do not fail it. Of a run that was stopped it is
    said how much is not judged, and no verdict.
    """
    results = ended.results
    chosen = ("icp_select", options.select), ("icp_ignore", options.ignore)
    named = [name for name, value in chosen if value]
    certain = all(one.standing not in {Standing.VIOLATED, *UNDECIDED} for one in results)
    left = not_selected(ended.records, named, by_role=certain)
    among = Among.SELECTED if left else Among.EVERY
    among = among if ended.complete else Among.SOME
    beside = [one for one in (resting(results), left) if one]
    for said in (
        None if ended.stopped else verdict_line(results, ended.tests, among=among),
        *(one.message for one in ended.weakened),
        Text("；", "; ").join(beside) if beside else None,
        tolerated(ended.run) if ended.run else None,
        _taken_out(ended.run, options),
        _unknown_fails(results, options, option, _tolerated_unknown(ended.run)),
    ):
        for text in each_language(said, options.language) if said else ():
            yield from wrap(text, columns)


def _taken_out(run: Run | None, options: Options) -> Text | None:
    n = run.taken_out if run and options.fail_on == "new" else 0
    return TAKEN_OUT.format(n=n) if n else None


def _unknown_fails(
    results: Sequence[Result], options: Options, option: str, tolerated: int
) -> Text | None:
    """Return that undecided rules fail a run, where nothing that is violated does."""
    n = sum(result.standing is Standing.UNKNOWN for result in results) - tolerated
    fails = options.unknown == "fail" and n
    violated = options.fail_on == "any" and any(one.failing for one in results)
    return UNKNOWN_FAILS.format(option=option) if fails and not violated else None


def _tolerated_unknown(run: Run | None) -> int:
    """Return how many unknown rules do not fail the run."""
    if run is None or not run.tolerated:
        return 0
    from pytest_icp.reports.entries import entries

    there = {
        (entry.result.description, entry.result.rule_id)
        for entry in entries(run)
        if entry.result.standing is Standing.UNKNOWN and entry.tolerated
    }
    return len(there)


def _left_out(config: pytest.Config, ended: Ended, columns: int) -> Iterator[Section]:
    """Yield which rules are not selected."""
    session = session_of(config)
    left = {rule for one in ended.records for rules in one.left.values() for rule in rules}
    left |= {rule for rule in ended.rules if not session.choice.lets_in(rule, session.groups)}
    every = session.rule_ids | ended.rules
    yield from ignored_section(every, left, read_options(config).language, columns)


def _waivers(
    config: pytest.Config, ended: Ended, options: Options, columns: int
) -> Iterator[Section]:
    """Read the waivers beside the descriptions again, since workers do not send theirs."""
    folders = {(ended.root / result.description).parent for result in ended.results}
    session = session_of(config)
    waivers = [waiver for folder in sorted(folders) for waiver in session.waivers_in(folder)]
    if waivers:
        from pytest_icp.reports.waivers import waiver_sections

        judged = session.judged(ended.results, ended.root)
        yield from waiver_sections(waivers, judged, ended.root, options.language, columns)


def _forecast(
    config: pytest.Config, ended: Ended, options: Options, days: int, columns: int
) -> Section:
    """Return what changes within so many days; the controller reads the descriptions again."""
    from pytest_icp.reports.changes import forecast_section
    from pytest_icp.reports.forecast import forecast
    from pytest_icp.reports.whose import names_of_results

    changes: list[Change] = []
    with show_progress(config, LOOKING_AHEAD):
        decided: dict[str, set[str]] = {}
        for result in ended.results:
            decided.setdefault(result.description, set()).add(result.rule_id)
        for description, rules in sorted(decided.items()):
            scene, policies = session_of(config).open(ended.root / description)
            changes += forecast(scene, policies, days=days, rules=rules)
    changes.sort(key=lambda change: (change.day, change.rule_id, change.description))
    names = names_of_results(ended.results)
    return forecast_section(changes, days, names, options.language, columns)
