"""What another licence of the company permits (其他许可证): services, and areas to serve."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from datetime import date

from pytest_icp.kinds.areas import NATIONWIDE, in_areas
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.holdings import Licence, OpenFact, other_holdings
from pytest_icp.kinds.judgement import Judgement, unknown
from pytest_icp.kinds.matching import Days
from pytest_icp.kinds.subjects import Subject
from pytest_icp.kinds.words import title
from pytest_icp.law.catalogue import permits
from pytest_icp.law.once import once
from pytest_icp.law.text import Text

_NOT_HERE = Text(
    zh="{what} 不在本许可证的范围内；公司有没有许可它的其他许可证，未申报“{fact}”，无法判断",
    en="this licence does not cover {what}; “{fact}” is not declared, so whether another licence "
    "of the company does is not known",
)


def permitted_elsewhere(
    context: Context, codes: Collection[str], area: str | None = None
) -> bool | OpenFact:
    """Whether one other licence in force permits all the services, in the area where one is given.

    Where that is not known, return the first fact that decides.
    """
    key, known = (tuple(sorted(codes)), area), _known(context)
    if key not in known:
        known[key] = _elsewhere(context, codes, area)
    return known[key]


@once
def _known(_context: Context) -> dict[Hashable, bool | OpenFact]:
    """Return what is known already in a context, for services that are alike."""
    return {}


def _elsewhere(context: Context, codes: Collection[str], area: str | None) -> bool | OpenFact:
    others = other_holdings(context)
    gaps: list[OpenFact | None] = []
    for licence in others.licences:
        answer = _permits(licence, codes, area)
        if answer is False or not _is_among(context.today, licence.perhaps):
            continue
        if answer is True and licence.surely and _is_among(context.today, licence.surely):
            return True
        gaps.append(licence.open_fact if answer is True else answer)
    gaps += map(OpenFact, others.missing)
    return next(filter(None, gaps), False)


def _is_among(day: date, days: Days) -> bool:
    return days.first <= day <= days.last


def _permits(licence: Licence, codes: Collection[str], area: str | None) -> bool | OpenFact:
    known = [code for code in licence.codes.values if isinstance(code, str)]
    if any(permits(known, code) is False for code in codes):
        return OpenFact(licence.codes.tokens) if licence.codes.is_open else False
    areas = licence.areas
    if area is None or areas is None:
        return True
    names = [name for name in areas.values if isinstance(name, str)]
    if in_areas(area, names) or areas.value == [] or NATIONWIDE in names:
        return True
    return OpenFact(areas.tokens) if areas.is_open else False


def perhaps_elsewhere(subject: Subject, gap: OpenFact, what: Text, required: Text) -> Judgement:
    """Return that it is not known whether another licence permits what this one does not."""
    message = gap.message or _NOT_HERE.format(what=what, fact=title(gap.tokens))
    return unknown(subject, gap.tokens, message, required=required)
