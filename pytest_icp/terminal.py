"""What pytest-icp writes to the terminal beside pytest's own report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pytest

from pytest_icp.core.finding import Verdict
from pytest_icp.core.result import Primitives, Result
from pytest_icp.loading.waivers import Waiver
from pytest_icp.options import Options, read_options
from pytest_icp.reporters import words as w
from pytest_icp.reporters.failure import failure_text, unknown_text
from pytest_icp.reporters.layout import ruled, wrap
from pytest_icp.reporters.matrix import Marked
from pytest_icp.reporters.summary import Section, summary
from pytest_icp.reporters.waivers import waiver_sections
from pytest_icp.reporters.words import in_languages
from pytest_icp.selection import wanted
from pytest_icp.session import session_of


def collection_line(config: pytest.Config, items: Sequence[pytest.Item]) -> list[str]:
    """Return the header of a run that has obligations: as-of, licences, policies."""
    from pytest_icp.items import ObligationItem

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
) -> None:
    """Print the unknowns, then the sections that close the run."""
    options = read_options(config)
    columns = config.get_terminal_writer().fullwidth
    _print_unknowns(terminal, results, options, columns)
    marks = [Marked(one["rule_id"], Verdict(one["verdict"])) for one in marked]
    sections = [
        *_ignored(config, options, columns),
        *waiver_sections(
            _waivers(config, results), results, config.rootpath, options.language, columns
        ),
        *summary(results, marks, options.language, columns),
    ]
    for section in sections:
        terminal.write_line(ruled(in_languages(section.title, options.language), columns, "-"))
        for line in section.lines:
            terminal.write_line(line)


def _print_unknowns(
    terminal: pytest.TerminalReporter, results: Sequence[Result], options: Options, columns: int
) -> None:
    unknown = [result for result in results if result.verdict is Verdict.UNKNOWN]
    if not unknown or terminal.config.getoption("tbstyle") == "no":
        return
    terminal.write_line(ruled(in_languages(w.UNKNOWNS, options.language), columns, "="))
    render = failure_text if terminal.config.getoption("verbose") > 0 else unknown_text
    for result in unknown:
        terminal.write_line(render(result, options.language, columns))
        terminal.write_line("")


def _ignored(config: pytest.Config, options: Options, columns: int) -> Iterator[Section]:
    """Yield what was not checked; under xdist the controller has to work that out itself."""
    if options.select or options.ignore:
        rules = [rule for rule in sorted(session_of(config).rule_ids) if not wanted(rule, options)]
        text = w.IGNORED.format(n=len(rules), rules=", ".join(rules))
        said = in_languages(text, options.language)
        yield Section(w.NOT_CHECKED, tuple(wrap(f"  {said}", columns, indent="    ")))


def _waivers(config: pytest.Config, results: Sequence[Result]) -> list[Waiver]:
    """Read the waivers beside the descriptions again; workers do not send theirs."""
    folders = {(config.rootpath / result.description).parent for result in results}
    session = session_of(config)
    return [waiver for folder in sorted(folders) for waiver in session.waivers_in(folder)]


def _moment(options: Options) -> str:
    return options.as_of.strftime("%Y-%m-%d %H:%M")
