"""Editions of the special provisions (特别规定事项的版本): what the licences of a time print.

A licence prints the edition of its day. A provision lists the editions that have it, a duty those
that print it, where not all of them do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Edition, Obligation, Policy, Printed
from pytest_icp.rules.statutes import LawFile, day_of, wrong

_ENDS_FIRST = Text(
    zh="版本“{id}”止于 {until}，早于开始的 {start}",
    en="the edition {id!r} ends on {until}, before it begins on {start}",
)
_TWICE = Text(zh="版本“{id}”列了两次", en="the edition {id!r} is listed twice")
_UNKNOWN = Text(zh="没有版本 {id!r}", en="there is no edition {id!r}")
_KNOWN = Text(zh="可用的版本：{known}", en="editions: {known}")
_OTHER_DAYS = Text(
    zh="版本“{id}”的起止日期与规定 {other} 所写的不同",
    en="the days of the edition {id!r} are not those that the policy {other} gives",
)


def read_editions(written: Sequence[Mapping[str, Any]], file: LawFile) -> tuple[Edition, ...]:
    """Read the editions that print a provision.

    Raises `InputError` with the place for one that ends before it begins, or is listed twice.
    """
    editions: dict[str, Edition] = {}
    for i, one in enumerate(written):
        text = one.get("text")
        edition = Edition(
            id=one["id"],
            start=day_of(one["from"]),
            until=day_of(one.get("until")),
            text=Text(**text) if text else None,
        )
        if edition.id in editions:
            raise wrong(file, ("editions", i, "id"), _TWICE.format(id=edition.id))
        if edition.start and edition.until and edition.until < edition.start:
            said = _ENDS_FIRST.format(id=edition.id, until=edition.until, start=edition.start)
            raise wrong(file, ("editions", i, "until"), said)
        editions[edition.id] = edition
    return tuple(editions.values())


def check_editions(
    names: Sequence[str], editions: Iterable[Edition], file: LawFile, at: tuple[str | int, ...]
) -> None:
    """Raise `InputError` with the place for an edition that does not print the provision."""
    known = [one.id for one in editions]
    for i, name in enumerate(names):
        if name not in known:
            raise no_such_edition(name, known, file.place(pointer((*at, i))))


def no_such_edition(name: str, known: Sequence[str], place: Place | None) -> InputError:
    """Return the error for an edition that is not known, with those to choose from."""
    hint = suggested(name, known, _KNOWN.format(known=", ".join(known)))
    return InputError(_UNKNOWN.format(id=name), place=place, hint=hint)


def all_editions(policies: Iterable[Policy]) -> tuple[Edition, ...]:
    """Return every edition that some provision has, each once."""
    known = {one.id: one for policy in policies for one in policy.editions}
    return tuple(known.values())


def refuse_other_days(policy: Policy, others: Iterable[Policy], file: LawFile) -> None:
    """Raise `InputError` with the place for an edition of other days in another provision."""
    for i, mine in enumerate(policy.editions):
        for other in others:
            for one in other.editions:
                if one.id == mine.id and (one.start, one.until) != (mine.start, mine.until):
                    said = _OTHER_DAYS.format(id=mine.id, other=other.id)
                    raise wrong(file, ("editions", i), said)


def within_editions(policy: Policy, every: Sequence[Edition]) -> Policy:
    """Return a policy whose duties bind by the editions that print them, out of ``every`` one."""
    limited = (_limited(policy, one, every) for one in policy.obligations)
    return replace(policy, obligations=tuple(limited))


def _limited(policy: Policy, obligation: Obligation, every: Sequence[Edition]) -> Obligation:
    names = obligation.editions or tuple(one.id for one in policy.editions)
    limited = obligation.by_licence and policy.editions and len(names) < len(every)
    printed = Printed(tuple(every), frozenset(names)) if limited else None
    parts = tuple(_limited(policy, part, every) for part in obligation.parts)
    same = obligation.printed == printed and obligation.parts == parts
    if same:
        return obligation
    whole = obligation.throughout(lambda one: replace(one, printed=printed))
    return replace(whole, parts=parts)
