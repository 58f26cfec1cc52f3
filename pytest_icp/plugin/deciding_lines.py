"""The lines that no finding is at (起作用的行): of a waiver, and of a setting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import OPEN, Standing
from pytest_icp.law.location import Location
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import Change, SettingChange, Since
from pytest_icp.rules.waivers import Waiver

Ours = Callable[[Location], bool]
"""Whether a line is one of the change."""


def at_deciding_lines(
    found: Since,
    run: Run,
    waivers: Mapping[str, Iterable[Waiver]],
    ini: Iterable[Location],
    ours: Ours,
) -> Since:
    """Return what a change does with the places of waivers and settings, and of what is mended.

    ``waivers`` are by description, and have paths as reports do; ``ini`` are the lines of the ini
    file that this run has read.
    """
    results = {(one.description, one.rule_id): one for one in run.results}
    lines = [line for line in ini if ours(line)]

    def placed(one: Change) -> Change:
        result = results.get((one.description, one.rule_id))
        if result is None or one.after in OPEN:
            return one
        if one.after in {Standing.WAIVED, Standing.DECIDED}:
            return _at_waiver(one, waivers.get(one.description, ()), ours)
        return _at_result(one, result)

    def set_there(one: SettingChange) -> SettingChange:
        names = (one.name, f"--{one.name.replace('_', '-')}")
        place = next((line for line in lines if any(map(line.excerpt.__contains__, names))), None)
        return replace(one, location=place, ours=True) if place else one

    return replace(
        found,
        rules=tuple(map(placed, found.rules)),
        settings=tuple(map(set_there, found.settings)),
    )


def _at_waiver(one: Change, waivers: Iterable[Waiver], ours: Ours) -> Change:
    covering = (each for each in waivers if each.covers(one.rule_id, one.subject, one.part))
    places = [Location(path=str(each.place.path), line=each.place.line) for each in covering]
    places.sort(key=lambda place: not ours(place))
    return replace(one, location=places[0], ours=ours(places[0])) if places else one


def _at_result(one: Change, result: Result) -> Change:
    """Return a change of what is fine now at its place in the description, with the reason."""
    message = one.message if one.subject else result.reason
    return replace(one, location=result.location, message=message)
