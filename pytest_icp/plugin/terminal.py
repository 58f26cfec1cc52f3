"""What pytest-icp writes to the terminal beside pytest's own report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import UNDECIDED
from pytest_icp.law.text import Text
from pytest_icp.plugin.closing import Ended, asked_for, changes, closing, last_lines
from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.outcome import OWN_STATUSES
from pytest_icp.plugin.representation import columns_of
from pytest_icp.plugin.runs import records_of
from pytest_icp.reports import words as w
from pytest_icp.reports.colours import coloured
from pytest_icp.reports.layout import ruled, wrap
from pytest_icp.reports.summary import Section, finding_lines
from pytest_icp.reports.to_declare import MOST
from pytest_icp.reports.words import Language, each_language, in_languages
from pytest_icp.rules.practice import by_practice

if TYPE_CHECKING:
    from pytest_icp.reports.undecided import Block

_MOST, _FEWEST = 10, 4
"""The most and the fewest rows of facts to declare."""

_BLOCKS = 8
"""So many violations are shown with their line, the fix and the law; the others in a line each."""

_SCREEN = 15
"""Lines that findings and rows share: of forty, what is left by the header and the last lines."""

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

    ``-q`` says only what is urgent.
    """
    from pytest_icp.reports.licences import licence_lines, urgent_lines

    options, columns, records = read_options(config), columns_of(config), records_of(config)
    markup = config.get_terminal_writer().markup
    late = urgent_lines(records, options.language, columns)
    urgent = [markup(line, red=True, bold=True) for line in late]
    if not records or _verbosity(config) < 0:
        return urgent
    lines = licence_lines(records, options.language, columns, *_scope(config, options))
    return [*urgent, *lines]


def _scope(config: pytest.Config, options: Options) -> Iterator[str]:
    """Yield as of when is judged."""
    yield in_languages(w.AS_OF.format(day=_moment(options)), options.language)
    if _verbosity(config) > 0:
        yield in_languages(w.UNDATED, options.language)


def tell(terminal: pytest.TerminalReporter, said: Iterable[Text]) -> None:
    """Print what a run did not decide or look at, or why it looked."""
    language, width = read_options(terminal.config).language, columns_of(terminal.config)
    for text in chain.from_iterable(each_language(one, language) for one in said):
        for line in wrap(f"icp: {text}", width, indent="     "):
            terminal.write_line(line, yellow=True)


def print_closing(terminal: pytest.TerminalReporter, ended: Ended) -> None:
    """Print the unknowns, the closing sections, and the verdicts of the run in a line.

    ``-q`` prints a line for each finding instead, ``-qq`` the last lines only, and
    ``--no-summary`` nothing.
    """
    config = terminal.config
    rest = _given_back(terminal)
    if config.getoption("no_summary"):
        return
    print_header(terminal)
    _print_rest(terminal, rest)
    options, columns, verbose = read_options(config), columns_of(config), _verbosity(config)
    if verbose == _QUIET:
        _print_quietly(terminal, ended, options.language, columns)
    elif verbose > _QUIET:
        most = None if verbose else _rows(terminal)
        _print_unknowns(terminal, ended.results, options, columns)
        for section in closing(config, ended, columns, most=most, brief=not verbose):
            _print(terminal, section, options.language, columns)
    for line in last_lines(ended, options, "--icp-unknown=warn", columns):
        terminal.write_line(line)


def _rows(terminal: pytest.TerminalReporter) -> int:
    """Return how many facts to declare a run names: blocks come first, the rest is for them."""
    failed = [one for one in terminal.stats.get("failed", ()) if hasattr(one, "icp")]
    blocks: int = sum(2 + one.longreprtext.count("\n") for one in failed)
    return min(_MOST, max(_FEWEST, _SCREEN - blocks))


def print_changes(terminal: pytest.TerminalReporter, ended: Ended) -> None:
    """Print what a change does, above the failures; quietly, it stands with the findings."""
    config = terminal.config
    print_header(terminal)
    if _verbosity(config) > _QUIET:
        columns = columns_of(config)
        for section in changes(config, ended, columns):
            _print(terminal, section, read_options(config).language, columns)


def print_header(terminal: pytest.TerminalReporter) -> None:
    """Print the header once: quietly at the end, and by a controller when a worker has read."""
    if not terminal.config.stash.get(header_shown, False):
        for line in header(terminal.config):
            terminal.write_line(line)
    terminal.config.stash[header_shown] = True


def _print_quietly(
    terminal: pytest.TerminalReporter, ended: Ended, language: Language, columns: int
) -> None:
    """Print a line for each change and finding."""
    if ended.run and ended.run.since:
        from pytest_icp.reports.since_text import since_lines

        for line in since_lines(ended.run.since, language, None):
            terminal.write_line(line)
    for line in finding_lines(ended.results, language):
        terminal.write_line(line)
    for section in asked_for(terminal.config, ended, columns):
        _print(terminal, section, language, columns)


def _print(
    terminal: pytest.TerminalReporter, section: Section, language: Language, columns: int
) -> None:
    for line in section.ruled(language, columns):
        terminal.write_line(line)


@contextmanager
def listed_apart(terminal: pytest.TerminalReporter) -> Iterator[None]:
    """Keep under ``-q`` what fails out of the lists of pytest, but where ``-r`` asks for them.

    What it lists of ours has colours; what it counts in its last line stays the same.
    """
    _pursued_first(terminal)
    _hold_back(terminal)
    _colour_findings(terminal)
    usual = terminal.config.getoption("reportchars") == _USUAL
    quiet = usual and _verbosity(terminal.config) <= _QUIET
    failed = terminal.stats.pop("failed", []) if quiet else []
    if others := [one for one in failed if not hasattr(one, "icp")]:
        terminal.stats["failed"] = others
    try:
        yield
    finally:
        if failed:
            terminal.stats["failed"] = failed
        _given_back(terminal)


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
    """Let pytest list what can be mended first of ours, and of that what is pursued most."""

    def order(report: Any) -> tuple[bool, int]:
        result = report.icp
        return _is_past(result), by_practice(result.rule_id)

    reports = terminal.stats.get("failed", [])
    at = [i for i, one in enumerate(reports) if hasattr(one, "icp")]
    ours = sorted((reports[i] for i in at), key=order)
    for i, one in zip(at, ours, strict=True):
        reports[i] = one


def _is_past(result: Result) -> bool:
    """Whether all that a rule is broken by has happened, and cannot be mended."""
    broken = [one for one in result.binding if one.broken]
    return bool(broken) and all(one.over is not None for one in broken)


def _hold_back(terminal: pytest.TerminalReporter) -> None:
    """Take out of pytest's failures what is printed in a line each; ``-v`` prints all in full."""
    config = terminal.config
    if _verbosity(config) or config.getoption("tbstyle") in {"no", "line"}:
        return
    failed = terminal.stats.get("failed", [])
    rest = [one for one in failed if hasattr(one, "icp")][_BLOCKS:]
    config.stash[held_back] = rest
    taken = {id(one) for one in rest}
    failed[:] = [one for one in failed if id(one) not in taken]


def _given_back(terminal: pytest.TerminalReporter) -> Sequence[pytest.TestReport]:
    """Give back what was held back, before pytest lists and counts what failed."""
    rest = terminal.config.stash.get(held_back, [])
    terminal.config.stash[held_back] = []
    if rest:
        terminal.stats.setdefault("failed", []).extend(rest)
    return rest


def _print_rest(terminal: pytest.TerminalReporter, rest: Sequence[Any]) -> None:
    """Print a line for each violation that has no block, what can be mended first."""
    results: list[Result] = [one.icp for one in rest]
    language, columns = read_options(terminal.config).language, columns_of(terminal.config)
    for title, past in ((w.MORE_VIOLATED, False), (w.MORE_PAST, True)):
        some = [one for one in results if _is_past(one) is past]
        if some:
            said = in_languages(title.format(n=len(some)), language)
            terminal.write_line(ruled(said, columns, "-"))
        for line in finding_lines(some, language):
            for part in wrap(line, columns, indent="    "):
                terminal.write_line(part)


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


def _print_unknowns(
    terminal: pytest.TerminalReporter, results: Sequence[Result], options: Options, columns: int
) -> None:
    """Print what a person must decide, and what would be violated.

    With ``-v``, the other unknowns that no added line resolves; with ``-vv`` all of them, in full.
    """
    config = terminal.config
    every = [result for result in results if result.standing in UNDECIDED]
    if not every or config.getoption("tbstyle") == "no":
        return
    from pytest_icp.reports.undecided import by_rule, undecided, would_be

    asked = [result for result in every if result.to_review]
    unknown = [result for result in every if not result.to_review]
    _print_blocks(terminal, w.TO_REVIEW, by_rule(asked, options.language, columns), options)
    verbose = _verbosity(config)
    if verbose > 1:
        blocks = by_rule(unknown, options.language, columns)
    elif verbose:
        left = [*_without_line_to_add(unknown)]
        blocks = undecided(left, options.language, columns, named=None)
    else:
        lines = would_be(unknown, options.language, columns, MOST)
        _print_lines(terminal, w.WOULD_BE, lines, options)
        return
    _print_blocks(terminal, w.UNKNOWNS, blocks, options)


def _print_blocks(
    terminal: pytest.TerminalReporter, title: Text, blocks: Sequence[Block], options: Options
) -> None:
    """Print why rules are not decided under a title; without ``-v``, so many blocks."""
    if not blocks:
        return
    config = terminal.config
    terminal.write_line(ruled(in_languages(title, options.language), columns_of(config), "="))
    shown = blocks[: None if _verbosity(config) > 0 else MOST]
    markup = config.get_terminal_writer().markup
    for block in shown:
        for line in coloured(block.lines, markup, colour="yellow"):
            terminal.write_line(line)
        terminal.write_line("")
    told = {rule for block in shown for rule in block.rules}
    if more := len({rule for block in blocks for rule in block.rules} - told):
        said = in_languages(w.MORE_RULES.format(n=more), options.language)
        terminal.write_line(f"  {said}")


def _print_lines(
    terminal: pytest.TerminalReporter, title: Text, lines: Iterable[str], options: Options
) -> None:
    """Print lines under a title, if there are any."""
    for number, line in enumerate(lines):
        if not number:
            said = in_languages(title, options.language)
            terminal.write_line(ruled(said, columns_of(terminal.config), "-"))
        terminal.write_line(line, yellow=True)


def _without_line_to_add(results: Iterable[Result]) -> Iterator[Result]:
    """Yield results with the findings without a line to add; a section lists the others by fact."""
    for result in results:
        findings = [f for f in result.binding if f.verdict is Verdict.UNKNOWN]
        left = tuple(finding for finding in findings if not finding.line_to_add)
        if left:
            yield replace(result, findings=left)


def _moment(options: Options) -> str:
    return options.as_of.strftime("%Y-%m-%d %H:%M")
