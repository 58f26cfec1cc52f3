"""Which lines decide what no finding is at: of a setting, of a waiver, of what is fine."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pytest_icp.law.location import Location, Place
from pytest_icp.plugin.since import at_deciding_lines
from pytest_icp.reports.since import SettingChange, Since
from pytest_icp.rules.waivers import Waiver
from tests.results import WAIVED
from tests.runs import RUN, VIOLATED, against, result, state

INI = "[pytest]\nicp_lang = en\n{line}\n"


def set_at(line: str, touched: range = range(99)) -> SettingChange:
    change = SettingChange(name="icp_ignore", before="", after="SP12")
    found = Since(base=state(RUN), settings=(change,))
    lines = [
        Location(path="pytest.ini", line=n, excerpt=text)
        for n, text in enumerate(INI.format(line=line).splitlines(), 1)
    ]
    ours = at_deciding_lines(found, RUN, {}, lines, lambda spot: spot.line in touched)
    return ours.settings[0]


@pytest.mark.parametrize("line", ["icp_ignore = SP12", 'addopts = ["--icp-ignore=SP12/*"]'])
def test_a_setting_is_at_the_line_of_the_change_that_names_it(line: str) -> None:
    found = set_at(line)
    assert (str(found.location), found.ours) == ("pytest.ini:3", True)
    # A line that was there before did not do it.
    found = set_at(line, range(2))
    assert (found.location.path, found.ours) == ("", False)


def test_a_setting_that_no_line_names_is_one_of_the_command_line() -> None:
    assert set_at("icp_select = SP02").location.path == ""


def waiver(subject: str, line: int) -> Waiver:
    place = Place(path="w.yaml", line=line)
    return Waiver(rule="SP12/renewal", subject=subject, reason="a", owner="b", place=place)


def test_what_is_waived_is_at_the_waiver_that_covers_it() -> None:
    waived = against(replace(RUN, results=(VIOLATED,)), replace(VIOLATED, waived=WAIVED))
    assert waived.since is not None
    every = [waiver("other", 4), waiver("ren*", 2), waiver("renewal", 4)]
    named = {VIOLATED.description: every}
    found = at_deciding_lines(waived.since, waived, named, (), lambda spot: spot.line == 4)
    assert [(str(one.location), one.ours) for one in found.rules] == [("w.yaml:4", True)]
    # One that nobody knows leaves the place as it was.
    same = at_deciding_lines(waived.since, waived, {}, (), lambda _: True)
    assert same.rules == waived.since.rules


def test_what_is_mended_is_at_its_line_of_today() -> None:
    fine = result("SP12/renewal", location=Location(path="now.yaml", line=9))
    fixed = against(replace(RUN, results=(VIOLATED,)), fine)
    assert fixed.since is not None
    (change,) = at_deciding_lines(fixed.since, fixed, {}, (), lambda _: True).rules
    assert (str(change.location), change.ours) == ("now.yaml:9", False)
