"""The lines that no finding is at (起作用的行): of a waiver, and of what leaves rules out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.facts.files.source import read_bytes
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Location
from pytest_icp.plugin.options import read_options
from pytest_icp.plugin.selection import is_selected, named_by
from pytest_icp.plugin.session import session_of
from pytest_icp.plugin.toml_values import LARGEST
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import Key, RuleChange, Since
from pytest_icp.rules.waivers import Waiver

Ours = Callable[[Location], bool]
"""Whether a line is one of the change."""

_BETWEEN = re.compile(r"""[\s,="']""")
"""What is between the words of a line of an ini file or of TOML."""

_SELECT = re.compile("icp[_-]select")


def at_deciding_lines(
    found: Since, run: Run, waivers: Mapping[str, Iterable[Waiver]], lines: LinesOfIni, ours: Ours
) -> Since:
    """Return what a change does with the places of waivers, and of lines that leave rules out.

    ``waivers`` are by description, and have paths as reports do.
    """
    found_of = {(one.description, one.rule_id): one.findings for one in run.results}

    def waived(one: RuleChange) -> RuleChange:
        if one.after is not Standing.WAIVED and not one.decided:
            return one
        rule: Key = (one.description, one.rule_id)
        places = [
            Location(path=str(waiver.place.path), line=waiver.place.line)
            for waiver in waivers.get(one.description, ())
            if any(
                waiver.covers(one.rule_id, finding.subject, finding.part)
                for finding in found_of[rule]
            )
        ]
        places.sort(key=lambda place: not ours(place))
        return replace(one, location=places[0], ours=ours(places[0])) if places else one

    def left_out(one: RuleChange) -> RuleChange:
        place = lines.leaving_out(one.rule_id, ours)
        return replace(one, location=place, ours=True) if place else one

    return replace(
        found, rules=tuple(map(waived, found.rules)), unseen=tuple(map(left_out, found.unseen))
    )


class LinesOfIni:
    """The lines of the ini file of a run that name rules to be selected or ignored."""

    def __init__(self, config: pytest.Config, head: Path) -> None:
        self._config, self._head = config, head

    def leaving_out(self, rule: str, ours: Ours) -> Location | None:
        """Return the line of the change by which a rule is not looked at; None if there is none."""
        session, options = session_of(self._config), read_options(self._config)
        if is_selected(rule, options, session.groups):
            return None
        of_change = [place for place in self._places if ours(place)]
        by_name = (
            place for place in of_change if named_by(rule, _words(place.excerpt), session.groups)
        )
        by_option = (place for place in of_change if _SELECT.search(place.excerpt))
        return next(by_name, None) or next(by_option, None)

    @cached_property
    def _places(self) -> list[Location]:
        path = self._config.inipath
        if path is None or not path.is_relative_to(self._head):
            return []
        try:
            raw = read_bytes(path, root=self._head, limit=LARGEST)
        except InputError:
            return []
        name = path.relative_to(self._head).as_posix()
        lines = raw.decode("utf-8", "replace").splitlines()
        return [Location(path=name, line=n, excerpt=line) for n, line in enumerate(lines, 1)]


def _words(line: str) -> list[str]:
    """Return the words of a line; what has neither a letter nor a digit names no rule."""
    return [word for word in _BETWEEN.split(line) if any(map(str.isalnum, word))]
