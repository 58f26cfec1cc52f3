"""What pytest-icp writes to the terminal beside pytest's own report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pytest_icp.facts.files.garbage import collector_paused
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Primitives, Result
from pytest_icp.plugin.messages import LOOKING_AHEAD
from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.progress import during
from pytest_icp.plugin.selection import wanted
from pytest_icp.plugin.session import session_of
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import ruled, wrap
from pytest_icp.reports.matrix import Marked
from pytest_icp.reports.summary import Section, summary
from pytest_icp.reports.to_declare import MOST, MOST_QUIETLY
from pytest_icp.reports.words import Language, in_languages

if TYPE_CHECKING:
    from pytest_icp.reports.changes import Change
    from pytest_icp.reports.run import Run
    from pytest_icp.rules.baseline import Known


def collection_line(config: pytest.Config, items: Sequence[pytest.Item]) -> list[str]:
    """Return the header of a run that has obligations: as-of, licences, policies."""
    from pytest_icp.plugin.items import ObligationItem

    ours = [item for item in items if isinstance(item, ObligationItem)]
    if not ours or config.getoption("verbose") < 0:
        return []
    options = read_options(config)
    named = (item.parent.scene.description.licence.get("number") for item in ours)
    numbers = {number for number in named if isinstance(number, str)}
    provisions = {item.policy.id for item in ours}
    parts = (
        in_languages(w.AS_OF.format(day=_moment(options)), options.language),
        ", ".join(sorted(numbers)[:3]) or in_languages(w.NO_LICENCE, options.language),
        in_languages(w.POLICIES.format(n=len(provisions)), options.language),
        in_languages(w.UNDATED, options.language),
    )
    return wrap(f"icp: {'; '.join(parts)}", config.get_terminal_writer().fullwidth, indent="     ")


def print_summary(
    terminal: pytest.TerminalReporter,
    config: pytest.Config,
    results: Sequence[Result],
    marked: Iterable[Primitives],
    rules: frozenset[str],
) -> None:
    """Print what no fact alone decides, then the sections that close the run.

    ``rules`` are those of ordinary tests that rules were chosen among.
    """
    options = read_options(config)
    columns = config.get_terminal_writer().fullwidth
    marks = [Marked(one["rule_id"], Verdict(one["verdict"])) for one in marked]
    # pytest itself looks for garbage right after this.
    with collector_paused():
        _print_unknowns(terminal, results, options, columns)
        for section in (
            *_ignored(config, options, columns, rules),
            *_waivers(config, results, options, columns),
            *summary(results, marks, options.language, columns, most=_most(config)),
        ):
            _print(terminal, section, options.language, columns)


def print_sources(terminal: pytest.TerminalReporter, sources: Iterable[Primitives]) -> None:
    """Print what the sources of facts told beside their facts."""
    from pytest_icp.reports.run import SourceTold
    from pytest_icp.reports.sources import source_section

    config = terminal.config
    options = read_options(config)
    columns = config.get_terminal_writer().fullwidth
    told = [SourceTold.from_json(one) for one in sources]
    most = None if config.getoption("verbose") > 0 else MOST
    for section in source_section(told, options.language, columns, most=most):
        _print(terminal, section, options.language, columns)


def print_baseline(terminal: pytest.TerminalReporter, run: Run, baseline: Sequence[Known]) -> None:
    """Print what is new beside the baseline, and what it has that is there no more."""
    from pytest_icp.reports.baseline import baseline_section

    columns = terminal.config.get_terminal_writer().fullwidth
    section = baseline_section(run, baseline, run.language, columns)
    _print(terminal, section, run.language, columns)


def print_forecast(terminal: pytest.TerminalReporter, results: Sequence[Result], days: int) -> None:
    """Print what changes within so many days; the controller reads the descriptions again."""
    from pytest_icp.reports.changes import forecast_section
    from pytest_icp.reports.forecast import at_other_times, forecast
    from pytest_icp.reports.whose import telling_of

    config = terminal.config
    options = read_options(config)
    changes: list[Change] = []
    with during(config, LOOKING_AHEAD):
        for description in sorted({result.description for result in results}):
            scene, policies = session_of(config).open(config.rootpath / description)
            rules = {result.rule_id for result in results if result.description == description}
            changes += forecast(
                at_other_times(scene), policies, as_of=options.as_of, days=days, rules=rules
            )
    changes.sort(key=lambda change: (change.day, change.rule_id, change.description))
    columns = config.get_terminal_writer().fullwidth
    section = forecast_section(changes, days, telling_of(results), options.language, columns)
    _print(terminal, section, options.language, columns)


def _print(
    terminal: pytest.TerminalReporter, section: Section, language: Language, columns: int
) -> None:
    terminal.write_line(ruled(in_languages(section.title, language), columns, "-"))
    for line in section.lines:
        terminal.write_line(line)


def _most(config: pytest.Config) -> int | None:
    """Return how much of what may be long is shown, None for all of it."""
    verbose = config.getoption("verbose")
    if verbose > 0:
        return None
    return MOST if verbose == 0 else MOST_QUIETLY


def _print_unknowns(
    terminal: pytest.TerminalReporter, results: Sequence[Result], options: Options, columns: int
) -> None:
    """Print the unknowns that wait for more than a fact; under ``-vv`` each one, in full."""
    config = terminal.config
    unknown = [result for result in results if result.verdict is Verdict.UNKNOWN]
    if not unknown:
        return
    from pytest_icp.reports.failure import failure_text, unknown_text

    render = failure_text
    if config.getoption("verbose") <= 1:
        unknown, render = list(_not_for_want_of_a_fact(unknown)), unknown_text
    if not unknown or config.getoption("tbstyle") == "no":
        return
    terminal.write_line(ruled(in_languages(w.UNKNOWNS, options.language), columns, "="))
    shown = unknown[: _most(config)]
    for result in shown:
        terminal.write_line(render(result, options.language, columns))
        terminal.write_line("")
    if len(unknown) > len(shown):
        more = w.MORE_RULES.format(n=len(unknown) - len(shown))
        terminal.write_line(f"  {in_languages(more, options.language)}")


def _not_for_want_of_a_fact(results: Iterable[Result]) -> Iterator[Result]:
    """Yield results with the findings that say no line to add; the others are told by fact."""
    for result in results:
        findings = [f for f in result.findings if f.verdict is Verdict.UNKNOWN]
        left = tuple(finding for finding in findings if not finding.line_to_add)
        if left:
            yield replace(result, findings=left)


def _ignored(
    config: pytest.Config, options: Options, columns: int, rules: frozenset[str]
) -> Iterator[Section]:
    """Yield what was not checked; under xdist the controller has to work that out itself."""
    if options.select or options.ignore:
        from pytest_icp.reports.ignored import ignored_section

        yield from ignored_section(
            session_of(config).rule_ids | rules,
            lambda rule: wanted(rule, options),
            options.language,
            columns,
        )


def _waivers(
    config: pytest.Config, results: Sequence[Result], options: Options, columns: int
) -> Iterator[Section]:
    """Read the waivers beside the descriptions again, since workers do not send theirs."""
    folders = {(config.rootpath / result.description).parent for result in results}
    session = session_of(config)
    waivers = [waiver for folder in sorted(folders) for waiver in session.waivers_in(folder)]
    if waivers:
        from pytest_icp.reports.waivers import Judged, waiver_sections
        from pytest_icp.rules.waivers import descriptions_beside

        root = config.rootpath
        judged = Judged(results, root, lambda waiver: descriptions_beside(waiver, options.files))
        yield from waiver_sections(waivers, judged, root, options.language, columns)


def _moment(options: Options) -> str:
    return options.as_of.strftime("%Y-%m-%d %H:%M")
