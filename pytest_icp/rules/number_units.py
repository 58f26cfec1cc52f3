"""Units of the numbers that a rule refers to: each is that of the field it stands in.

The schema gives the unit of a field as ``x-icp-unit``, or as ``x-icp-counts`` where reports say
it in words of their own. A bound in a condition counts what its fact counts, as far as the name of
the fact tells: ``outage_minutes``, ``days``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pytest_icp.law.condition import KEYWORDS
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import CONDITIONS, Field, Path
from pytest_icp.rules.numbers import Named
from pytest_icp.rules.parameters import referred

_TIMES = ("working_days", "days", "months", "calendar_years", "years", "hours", "minutes")
_COUNTED = ("persons", "times", "factor", "percent", "yuan")
_WRONG = Text(
    zh="数值“{name}”的单位是 {unit}，此处应为 {expected}",
    en="the number {name!r} is in {unit}, but here it has to be in {expected}",
)
_OR = Text("、", " or ")


def wrong_units(rule: Field, named: Mapping[str, Named]) -> Iterator[tuple[Path, Text]]:
    """Yield the place of each reference to a number in another unit, and what is wrong.

    ``rule`` is the rule as it is written, ``named`` the numbers that it refers to by their ids.
    """
    for field in rule.walk():
        if field.what == "length":
            for name, _ in referred(field.value):
                yield from _unless(named[name], field.mark("propertyNames")["enum"], field.at)
        elif field.what in {"amount", "number"} or field.what in CONDITIONS:
            for name, path in referred(field.value, field.at):
                yield from _unless(named[name], _expected(field, path), path)


def _unless(number: Named, expected: Collection[str], path: Path) -> Iterator[tuple[Path, Text]]:
    if number.unit not in expected:
        units = _OR.join([Text(one, one) for one in expected])
        yield path, _WRONG.format(name=number.id, unit=number.unit, expected=units)


def _expected(field: Field, path: Path) -> Collection[str]:
    """Return the units of which a number at a path in a field may be."""
    if field.what not in CONDITIONS:
        unit = field.mark("x-icp-unit") or field.mark("x-icp-counts")
        return (unit,) if unit else _COUNTED
    names = (str(key) for key in reversed(path) if isinstance(key, str) and key not in KEYWORDS)
    fact = next(names, "")
    # A name that ends in working_days also ends in days; the longer unit is the right one.
    told = next((unit for unit in _TIMES if f"_{fact}".endswith(f"_{unit}")), None)
    return (told,) if told else _COUNTED
