"""What pytest-icp writes to the terminal beside pytest's own report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from msgspec import convert
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import UNDECIDED, Standing
from pytest_icp.law.text import Text
from pytest_icp.plugin.items import columns_of
from pytest_icp.plugin.messages import LOOKING_AHEAD, TAKEN_OUT, UNKNOWN_FAILS
from pytest_icp.plugin.options import Options, other_day, read_options
from pytest_icp.plugin.outcome import OWN_STATUSES
from pytest_icp.plugin.progress import show_progress
from pytest_icp.plugin.runs import records_of
from pytest_icp.plugin.session import session_of
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.failure import coloured, headline
from pytest_icp.reports.layout import wrap
from pytest_icp.reports.marked import MarkedTest
from pytest_icp.reports.overview import Among, not_selected, resting, verdict_line
from pytest_icp.reports.record import Record
from pytest_icp.reports.since import since_section
from pytest_icp.reports.sources import source_section
from pytest_icp.reports.summary import finding_lines, ignored_section, summary
from pytest_icp.reports.words import in_languages
from pytest_icp.rules.practice import by_practice

if TYPE_CHECKING:
    from pytest_icp.kinds.result import Primitives
    from pytest_icp.reports.forecast import Change
    from pytest_icp.reports.run import Run, SourceRemarks, Trouble

_MOST, _FEW = 10, 4
"""How many facts to declare are shown: of a run without a violation, and beside one."""

_BLOCKS, _FEW_BLOCKS = 8, 2
"""How many violations are shown with their line, the fix and the law: few beside what is undecided.

The others are shown in a line each: what is most urgent fits a screen.
"""

_USUAL = "fE"
"""What pytest lists at the end where ``-r`` does not say."""

_QUIET = -1
"""``-q``; with ``-qq``, pytest leaves out its own last line."""


held_back = pytest.StashKey[list[pytest.TestReport]]()
"""The violations that pytest does not print among its failures."""

header_shown = pytest.StashKey[bool]()
"""Whether the beginning of a run said whose licence is judged; a controller does not collect."""


def header(config: pytest.Config) -> list[str]:
    """Return what is said first of a run: what is urgent, whose licences, until when, as of when.

    ``-q`` says only what is urgent, and what no rule is for.
    """
    from pytest_icp.reports.record import licence_lines, remark_lines, urgent

    screen, records = screen_of(config), records_of(config)
    markup = config.get_terminal_writer().markup
    late = [
        markup(line, red=True, bold=True)
        for line in screen.lines(map(b.paragraph, urgent(records)))
    ]
    if not records or _verbosity(config) < 0:
        return [*late, *remark_lines(records, screen)]
    return [*late, *licence_lines(records, screen, *_scope(config, read_options(config)))]


def _scope(config: pytest.Config, options: Options) -> Iterator[str]:
    """Yield as of when is judged."""
    verbose = _verbosity(config) > 0
    moment = options.as_of.strftime("%Y-%m-%d %H:%M" if verbose else "%Y-%m-%d")
    day = None if verbose else other_day(options)
    yield in_languages(day or w.AS_OF.format(day=moment), options.language)
    if verbose:
        yield in_languages(w.UNDATED, options.language)


def tell(terminal: pytest.TerminalReporter, said: Iterable[Text]) -> None:
    """Print what a run did not decide or look at, or why it looked."""
    screen = screen_of(terminal.config)
    for line in chain.from_iterable(screen.said(one, "icp: ") for one in said):
        terminal.write_line(line, yellow=True)


def print_closing(terminal: pytest.TerminalReporter, ended: Ended) -> None:
    """Print the unknowns, the closing sections, and the verdicts of the run in a line.

    ``-q`` prints a line for each finding instead, ``-qq`` the last lines only, and
    ``--no-summary`` nothing.
    """
    config = terminal.config
    shown = [one for one in terminal.stats.get("failed", ()) if hasattr(one, "icp")]
    rest = config.stash.get(held_back, [])
    if not _lists_usual(config):
        _give_back(terminal)
    if config.getoption("no_summary"):
        return
    print_header(terminal)
    _print_rest(terminal, rest)
    options, verbose = read_options(config), _verbosity(config)
    if verbose == _QUIET:
        _print_quietly(terminal, ended)
    elif verbose > _QUIET:
        _print_unknowns(terminal, ended.results)
        most = None if verbose else _FEW if shown else _MOST
        # A single violation is all that is to be read.
        most = 0 if len(shown) == 1 and not (rest or verbose) else most
        _print(terminal, closing(config, ended, most=most, brief=not verbose))
    if ended.records and verbose == 0:
        day = other_day(options)  # as the header has said
        ended = ended._replace(weakened=[one for one in ended.weakened if one.message != day])
    for line in last_lines(ended, options, "--icp-unknown=warn", screen_of(config)):
        terminal.write_line(line)


def print_changes(terminal: pytest.TerminalReporter, ended: Ended) -> None:
    """Print what a change does, above the failures; quietly, it stands with the findings."""
    config = terminal.config
    print_header(terminal)
    if _verbosity(config) > _QUIET:
        _print(terminal, changes(ended))


def print_header(terminal: pytest.TerminalReporter) -> None:
    """Print the header once: quietly at the end, and by a controller when a worker has read."""
    if not terminal.config.stash.get(header_shown, False):
        for line in header(terminal.config):
            terminal.write_line(line)
    terminal.config.stash[header_shown] = True


def _print_quietly(terminal: pytest.TerminalReporter, ended: Ended) -> None:
    """Print a line for each change and finding."""
    language = read_options(terminal.config).language
    if ended.run and ended.run.since:
        from pytest_icp.reports.since import quiet_lines

        for line in quiet_lines(ended.run.since, language):
            terminal.write_line(line)
    for line in finding_lines(ended.results, language):
        terminal.write_line(line)
    _print(terminal, asked_for(terminal.config, ended))


def screen_of(config: pytest.Config) -> Screen:
    """Return the terminal of a run, to write in its language."""
    return Screen(read_options(config).language, columns_of(config))


def _print(terminal: pytest.TerminalReporter, sections: Iterable[b.Section]) -> None:
    for section in sections:
        for line in screen_of(terminal.config).section(section):
            terminal.write_line(line)


@contextmanager
def listed_apart(terminal: pytest.TerminalReporter, ended: Ended) -> Iterator[None]:
    """Keep out of the lists of pytest what has a line of ours, but where ``-r`` asks for them.

    That is under ``-q`` all that fails, else what has no block. What it lists of ours has colours;
    what it counts in its last line stays the same.
    """
    _pursued_first(terminal)
    _hold_back(terminal, ended)
    _colour_findings(terminal)
    quiet = _lists_usual(terminal.config) and _verbosity(terminal.config) <= _QUIET
    failed = terminal.stats.pop("failed", []) if quiet else []
    if others := [one for one in failed if not hasattr(one, "icp")]:
        terminal.stats["failed"] = others
    try:
        yield
    finally:
        if failed:
            terminal.stats["failed"] = failed
        _give_back(terminal)


def count_as_others(terminal: pytest.TerminalReporter) -> None:
    """Count what has a category of its own under pytest's, once pytest has printed its counts.

    Plugins that count after it (pytest-md-report) know no others, and would leave unknowns out.
    """
    for own in (one for one, _, _ in OWN_STATUSES):
        for report in terminal.stats.pop(own, ()):
            expected = report.skipped and hasattr(report, "wasxfail")
            terminal.stats.setdefault("xfailed" if expected else report.outcome, []).append(report)


def _verbosity(config: pytest.Config) -> int:
    return int(config.getoption("verbose"))


def _pursued_first(terminal: pytest.TerminalReporter) -> None:
    """Let pytest list what can be fixed first of ours, and of that what is pursued most."""

    def order(report: Any) -> tuple[bool, int]:
        result = report.icp
        return _is_past(result), by_practice(result.rule_id)

    reports = terminal.stats.get("failed", [])
    at = [i for i, one in enumerate(reports) if hasattr(one, "icp")]
    ours = sorted((reports[i] for i in at), key=order)
    for i, one in zip(at, ours, strict=True):
        reports[i] = one


def _is_past(result: Result) -> bool:
    """Whether all that a rule is broken by has happened, and cannot be fixed."""
    broken = [one for one in result.binding if one.broken]
    return bool(broken) and all(one.over is not None for one in broken)


def _hold_back(terminal: pytest.TerminalReporter, ended: Ended) -> None:
    """Take out of pytest's failures what is printed in a line each; ``-v`` prints all in full."""
    config = terminal.config
    if _verbosity(config) or config.getoption("tbstyle") in {"no", "line"}:
        return
    failed = terminal.stats.get("failed", [])
    ours = [one for one in failed if hasattr(one, "icp")]
    beside = any(one.standing in UNDECIDED for one in ended.results)
    rest = ours[_FEW_BLOCKS if beside else _BLOCKS :]
    config.stash[held_back] = rest
    taken = {id(one) for one in rest}
    failed[:] = [one for one in failed if id(one) not in taken]


def _rest_lines(results: Sequence[Result], screen: Screen) -> Iterator[str]:
    """Yield of each rule what it is violated by first, and where."""
    for result in results:
        place = (result.leading or result).location
        line = f"{place}: {result.rule_id}: {headline(result, screen.language)}"
        yield from wrap(line, screen.columns, indent="    ")


def _give_back(terminal: pytest.TerminalReporter) -> None:
    """Give back what was held back, before pytest counts what failed."""
    if rest := terminal.config.stash.get(held_back, []):
        terminal.stats.setdefault("failed", []).extend(rest)
        terminal.config.stash[held_back] = []


def _lists_usual(config: pytest.Config) -> bool:
    """Whether nobody says with ``-r`` what pytest is to list."""
    return bool(config.getoption("reportchars") == _USUAL)


def _print_rest(terminal: pytest.TerminalReporter, rest: Sequence[Any]) -> None:
    """Print in short each violation that has no block, what can be fixed first."""
    results: list[Result] = [one.icp for one in rest]
    screen = screen_of(terminal.config)
    for title, past in ((w.MORE_VIOLATED, False), (w.MORE_PAST, True)):
        some = [one for one in results if _is_past(one) is past]
        _print_titled(terminal, title.format(n=len(some)), [*_rest_lines(some, screen)])


def _colour_findings(terminal: pytest.TerminalReporter) -> None:
    """Give the findings that pytest is about to print their colours."""
    writer = terminal.config.get_terminal_writer()
    if not writer.hasmarkup:
        return
    for report in terminal.stats.get("failed", ()):
        if hasattr(report, "icp"):
            trace = report.longrepr.reprtraceback
            lines = (trace.extraline or "").split("\n")
            trace.extraline = "\n".join(coloured(lines, writer.markup, colour="red"))


def _print_unknowns(terminal: pytest.TerminalReporter, results: Sequence[Result]) -> None:
    """Print what a person must decide, and what would be violated.

    With ``-v``, the other unknowns that no added line resolves; with ``-vv`` all of them, in full.
    """
    config, screen = terminal.config, screen_of(terminal.config)
    every = [result for result in results if result.standing in UNDECIDED]
    if not every or config.getoption("tbstyle") == "no":
        return
    from pytest_icp.reports.failure import by_urgency, failure, undecided, would_be

    asked = [result for result in every if result.to_review]
    unknown = [result for result in every if not result.to_review]
    verbose, rows = _verbosity(config), would_be(unknown)

    def in_full(some: Iterable[Result]) -> list[str]:
        return _coloured(terminal, (screen.in_each(failure(one)) for one in by_urgency(some)))

    told: list[str] = []
    if verbose > 1:
        told = in_full(unknown)
    elif verbose:
        blocks = undecided([*_without_line_to_add(unknown)], named=None)
        told = _coloured(terminal, map(screen.lines, blocks))
    some = [] if verbose or len(asked) == 1 else [*finding_lines(asked, screen.language)]
    _print_titled(terminal, w.TO_REVIEW, some or in_full(asked))
    _print_titled(terminal, w.UNKNOWNS, told)
    if not verbose:
        _print_titled(terminal, w.WOULD_BE.format(n=len(rows)), [*screen.lines(rows)])


def _coloured(terminal: pytest.TerminalReporter, blocks: Iterable[Iterable[str]]) -> list[str]:
    """Return the lines of blocks in colours, with one that is empty between each two."""
    markup = terminal.config.get_terminal_writer().markup
    lines = [(*coloured(block, markup, colour="yellow"), "") for block in blocks]
    return [*chain.from_iterable(lines)][:-1]


def _print_titled(terminal: pytest.TerminalReporter, title: Text, lines: Sequence[str]) -> None:
    """Print lines under a title, if there are any."""
    if not lines:
        return
    for line in (*screen_of(terminal.config).section(b.Section(title)), *lines):
        terminal.write_line(line)


def print_fuzzed(terminal: pytest.TerminalReporter, fuzzed: Sequence[Primitives]) -> None:
    """Print what came of fuzzing: the edges of each rule, none of one that failed."""
    from pytest_icp.authoring.fuzzing.messages import SUMMARY
    from pytest_icp.authoring.fuzzing.printing import Edges, summary_lines

    config, screen = terminal.config, screen_of(terminal.config)
    kept = convert([one for one in fuzzed if one], list[Edges])
    broken, every = len(fuzzed) - len(kept), _verbosity(config) > 0
    lines = summary_lines(kept, broken, screen.language, screen.columns, every=every)
    _print_titled(terminal, SUMMARY, [*lines])


def _without_line_to_add(results: Iterable[Result]) -> Iterator[Result]:
    """Yield results with the findings without a line to add; a section lists the others by fact."""
    for result in results:
        findings = [f for f in result.binding if f.verdict is Verdict.UNKNOWN]
        left = tuple(finding for finding in findings if not finding.line_to_add)
        if left:
            yield replace(result, findings=left)


# ---- The sections that close a run (结尾): what was not checked, waivers, sources, the matrix


class Ended(NamedTuple):
    """The results of an ended run, for its closing sections.

    Paths in results are relative to ``root``. ``tests`` are the ordinary tests with the marker
    ``icp``, and ``rules`` those of them that rules were chosen among. ``run`` is what reports
    are made of, None where nothing asks for it; ``records`` are those of its descriptions. It is
    ``complete`` if all that was collected was decided.
    """

    results: Sequence[Result]
    root: Path
    tests: Sequence[MarkedTest] = ()
    sources: Sequence[SourceRemarks] = ()
    rules: frozenset[str] = frozenset()
    run: Run | None = None
    weakened: Sequence[Trouble] = ()
    records: Sequence[Record] = ()
    complete: bool = True


def changes(ended: Ended) -> Iterator[b.Section]:
    """Yield what the change does, where a run is compared."""
    if ended.run and ended.run.since:
        yield since_section(ended.run.since)


def closing(
    config: pytest.Config, ended: Ended, *, most: int | None, brief: bool = False
) -> Iterator[b.Section]:
    """Yield the sections that are not empty, the most important last.

    ``most`` is how much of what may be long is shown, None for all of it, and of what needs
    nothing to be done. One that is ``brief`` has nothing but what is to be done.
    """
    options = read_options(config)
    decided = bool(ended.results or ended.tests)
    if decided:
        if most is None:
            yield from _left_out(config, ended)
        yield from _waivers(config, ended)
    if not brief:
        yield from source_section(ended.sources, most=most)
    if decided:
        within = options.settings.warn_days
        yield from summary(ended.results, ended.tests, most=most, within=within, brief=brief)
    yield from asked_for(config, ended)


def asked_for(config: pytest.Config, ended: Ended) -> Iterator[b.Section]:
    """Yield the sections that an option asks for: the comparison with a baseline, what changes."""
    options = read_options(config)
    if ended.run and options.baseline is not None:
        from pytest_icp.reports.accepted import baseline_section

        yield baseline_section(ended.run)
    if ended.results and options.forecast is not None:
        yield _forecast(config, ended, options.forecast)


def last_lines(ended: Ended, options: Options, option: str, screen: Screen) -> Iterator[str]:
    """Yield the verdict of a run, and beside it what weakens it, and what is not selected.

    ``option`` is how one writes that unknown rules do not fail it.
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
        verdict_line(results, ended.tests, among=among),
        *(one.message for one in ended.weakened),
        Text("；", "; ").join(beside) if beside else None,
        ended.run.says_tolerated if ended.run else None,
        _taken_out(ended.run, options),
        _unknown_fails(results, options, option, _tolerated_unknown(ended.run)),
    ):
        yield from screen.said(said) if said else ()


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


def _left_out(config: pytest.Config, ended: Ended) -> Iterator[b.Section]:
    """Yield which rules are not selected."""
    session = session_of(config)
    left = {rule for one in ended.records for rules in one.left.values() for rule in rules}
    left |= {rule for rule in ended.rules if not session.lets_in(rule)}
    yield from ignored_section(session.rule_ids | ended.rules, left)


def _waivers(config: pytest.Config, ended: Ended) -> Iterator[b.Section]:
    """Read the waivers beside the descriptions again, since workers do not send theirs."""
    folders = {(ended.root / result.description).parent for result in ended.results}
    session = session_of(config)
    waivers = [waiver for folder in sorted(folders) for waiver in session.waivers_in(folder)]
    if waivers:
        from pytest_icp.reports.accepted import waiver_sections

        judged = session.judged(ended.results, ended.root)
        yield from waiver_sections(waivers, judged, ended.root)


def _forecast(config: pytest.Config, ended: Ended, days: int) -> b.Section:
    """Return what changes within so many days; the controller reads the descriptions again."""
    from pytest_icp.reports.forecast import forecast, forecast_section
    from pytest_icp.reports.run import names_of_results

    changes: list[Change] = []
    with show_progress(config, LOOKING_AHEAD):
        decided: dict[str, set[str]] = {}
        for result in ended.results:
            decided.setdefault(result.description, set()).add(result.rule_id)
        for description, rules in sorted(decided.items()):
            scene, policies = session_of(config).open(ended.root / description)
            changes += forecast(scene, policies, days=days, rules=rules)
    changes.sort(key=lambda change: (change.day, change.rule_id, change.description))
    return forecast_section(changes, days, names_of_results(ended.results))
