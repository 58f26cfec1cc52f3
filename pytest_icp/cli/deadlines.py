"""``pytest-icp deadlines``: when verdicts change if nothing is done."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pytest_icp.cli.output import Output
from pytest_icp.cli.project import Project, in_project
from pytest_icp.engine import Scene, outcome_of
from pytest_icp.facts.breakdowns import missing_extra
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.plugin.options import parse_days, settings_of
from pytest_icp.plugin.runs import repository_root
from pytest_icp.reports import blocks as b
from pytest_icp.reports.forecast import Change, changes_json, changes_table, forecast, none_within
from pytest_icp.reports.overview import not_selected
from pytest_icp.reports.record import licence_lines, urgent
from pytest_icp.reports.run import names_apart
from pytest_icp.reports.sources import source_errors
from pytest_icp.reports.term import recorded
from pytest_icp.reports.words import Language
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.selection import Selection

_MAY_BE_MISSING = Text(
    zh="可能缺少期限：还有 {n} 项规则无法判断。",
    en="Due dates may be missing: {n:rule} cannot be decided yet.",
)
_WRITING = Text(zh="写出日历", en="writing a calendar")


def run(arguments: Namespace) -> Output:
    """Say what changes within a span: that given, else that of an option."""
    named, form = arguments.descriptions, arguments.format
    within = None if arguments.within is None else parse_days("--within", arguments.within)

    def deadlines(project: Project) -> Output:
        usual = project.options.settings.warn_days
        days = next(n for n in (within, project.options.forecast, usual) if n is not None)
        return _changes_within(project, named, form, days)

    return in_project(arguments, deadlines, named)


def _changes_within(project: Project, named: Sequence[Path], form: str, days: int) -> Output:
    """Return the changes within a number of days, in one of the forms.

    The exit code is 1 if a description or a source of its facts cannot be read; the others
    are evaluated all the same. Raises `InputError` if the extra for calendars is missing.
    """
    read: list[_Read] = []
    errors: list[InputError] = []
    for path in project.files(named):
        try:
            scene = project.scene(path, repository_root(Path.cwd()))
        except InputError as error:
            errors.append(error)
        else:
            read.append(_Read(scene, project.selection(path)))
    changes = [change for one in read for change in forecast(one.scene, one.policies, days=days)]
    changes.sort(key=lambda change: (change.day, change.rule_id, change.description))
    errors += [error for one in read for error in source_errors(one.scene.description)]
    if form == "json":
        text = changes_json(changes)
    elif form == "ical":
        text = _calendar(changes, project.options.language)
    else:
        text = "\n".join(_text(changes, read, days, project)) if read else ""
    return Output(text=text, errors=errors, code=int(bool(errors)), exact=form != "text")


class _Read(NamedTuple):
    """A description, and which rules are selected of it."""

    scene: Scene
    selection: Selection

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies with those rules."""
        return tuple(self.selection.within())

    @property
    def undecided(self) -> int:
        """How many of the rules cannot be decided today."""
        outcomes = (
            outcome_of(self.scene, policy, rule)
            for policy in self.policies
            for rule in policy.obligations
        )
        return sum(outcome.verdict is Verdict.UNKNOWN for outcome in outcomes)


def _text(
    changes: list[Change], read: Sequence[_Read], days: int, project: Project
) -> Iterator[str]:
    """Yield whose licences these are, the table, or that nothing changes, and what is not told."""
    screen = project.screen
    records = [recorded(one.scene, one.selection) for one in read]
    yield from screen.lines(map(b.paragraph, urgent(records)))
    yield from licence_lines(records, screen)
    names = names_apart(one.scene.name for one in read)
    yield from screen.lines(changes_table(changes, names))
    undecided = sum(one.undecided for one in read)
    for said in (
        None if changes else none_within(days),
        _MAY_BE_MISSING.format(n=undecided) if undecided else None,
        not_selected(records, settings_of(project.config)),
    ):
        yield from screen.lines([b.paragraph(said, style="joined")]) if said else ()


def _calendar(changes: list[Change], language: Language) -> str:
    try:
        from pytest_icp.reports.ical import changes_ical
    except ModuleNotFoundError:
        raise missing_extra("calendar", _WRITING) from None
    # Printing it ends the last line.
    return changes_ical(changes, language).removesuffix("\n")
