"""Whether a service serves licensed areas only (业务覆盖范围)."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.kinds.areas import NATIONWIDE, is_known_area
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.elsewhere import perhaps_elsewhere, permitted_elsewhere
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, unknown, violated
from pytest_icp.kinds.licence_scope import LicensedScope
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain

_OUT_OF_AREA = Text(zh="{area} 不在许可的业务覆盖范围内", en="{area} is outside the licensed areas")
_UNCLEAR_AREA = Text(
    zh="「{area}」不是省、市的名称，无法判断它在哪里",
    en="{area} is not the name of a province or a city, so where it lies is not known",
)
_AREAS = Text(zh="许可的业务覆盖范围：{areas}", en="one of the licensed areas: {areas}")


def judged_areas(context: Context, service: Subject, scope: LicensedScope) -> Iterator[Judgement]:
    """Judge each area that a service serves."""
    served = context.fact(service, "areas_served")
    if served.value is None:
        yield missing(service, served.tokens)
    for i, area in enumerate(served.values):
        judged = _area(service, (*served.tokens, i), scope, area)
        if judged is not SATISFIED and isinstance(area, str):
            judged = _elsewhere(context, service, scope, area, judged)
        yield judged
    yield SATISFIED


def _elsewhere(
    context: Context, service: Subject, scope: LicensedScope, area: str, judged: Judgement
) -> Judgement:
    """Judge an area outside the licence by the other licences for what the service operates."""
    declared = context.fact(service, "declared_codes")
    codes = [code for code in declared.values if isinstance(code, str)]
    permitted = permitted_elsewhere(context, codes, area)
    if permitted is False:
        return judged
    if permitted is not True:
        return perhaps_elsewhere(service, permitted, plain(area), _areas_of(scope))
    return missing(service, declared.tokens) if declared.is_open or not codes else SATISFIED


def is_unlimited(scope: LicensedScope) -> bool:
    """Whether the licence prints no area, or the whole country; not where that is not known."""
    return NATIONWIDE in scope.areas or (not scope.areas and scope.areas_at is None)


def _area(service: Subject, at: Tokens, scope: LicensedScope, area: Json) -> Judgement:
    """Judge one area that a service serves."""
    if not isinstance(area, str):
        return missing(service, at[:-1])
    if scope.has_area(area):
        return SATISFIED
    if scope.areas_at is not None:
        return missing(service, scope.areas_at)
    unclear = next((one for one in (area, *sorted(scope.areas)) if not is_known_area(one)), None)
    if unclear is not None:
        message = _UNCLEAR_AREA.format(area=unclear)
        return unknown(service, at, message, found=plain(area), required=_areas_of(scope))
    return violated(
        service,
        at,
        _OUT_OF_AREA.format(area=area),
        found=plain(area),
        required=_areas_of(scope),
    )


def _areas_of(scope: LicensedScope) -> Text:
    return _AREAS.format(areas="、".join(sorted(scope.areas)))
