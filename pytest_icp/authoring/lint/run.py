"""Everything that can be said of policies and waivers without a description."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from pytest_icp.authoring.lint.conditions import idle_conditions
from pytest_icp.authoring.lint.facts import unknown_facts
from pytest_icp.authoring.lint.implied import implied
from pytest_icp.authoring.lint.law import not_in_force, unused_numbers
from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.authoring.lint.waivers import ending_waivers
from pytest_icp.authoring.lint.wording import uncited, untranslated
from pytest_icp.authoring.lint.written import Entry, entries
from pytest_icp.rules.lookup import Meant
from pytest_icp.rules.policies import WrittenPolicy


class Asked(Struct, frozen=True, kw_only=True):
    """What is looked at: the policies meant, all there are, and waivers, as of a day.

    A waiver that ends within ``days`` is remarked upon.
    """

    meant: Sequence[Meant]
    every: Sequence[WrittenPolicy]
    waivers: Sequence[Path]
    day: date
    days: int


def remarks(asked: Asked) -> tuple[Remark, ...]:
    """Return what is odd about policies and waivers, in the order of their files.

    Raises `InputError` for waivers that cannot be used.
    """
    found = [*_all(asked)]
    found.sort(key=lambda one: (one.place.path, one.place.line or 0, one.place.column or 0))
    return tuple(dict.fromkeys(found))


def _all(asked: Asked) -> Iterator[Remark]:
    meant = [entry for policy in asked.meant for entry in entries(policy)]
    for entry in meant:
        yield from _of_entry(entry, asked.day)
    rules = {entry.obligation.rule_id for entry in meant}
    every = [entry for policy in asked.every for entry in entries(Meant(written=policy))]
    yield from (one for one in implied(every) if one.about in rules)
    for policy in asked.meant:
        yield from untranslated(policy.written)
    whole = {one.written.file.folder for one in asked.meant if one.rules is None}
    yield from unused_numbers(sorted(whole), asked.every)
    known = frozenset(entry.obligation.rule_id for entry in every)
    yield from ending_waivers(asked.waivers, known, asked.day, asked.days)


def _of_entry(entry: Entry, day: date) -> Iterator[Remark]:
    wrong = [*unknown_facts(entry)]
    yield from wrong
    if not wrong:
        # Of facts that do not exist nothing more can be said.
        yield from idle_conditions(entry)
    yield from uncited(entry)
    yield from not_in_force(entry, day)
