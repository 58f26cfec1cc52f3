"""Whether a service serves licensed areas only (业务覆盖范围)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_icp.kinds.areas import in_areas, is_known_area
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.elsewhere import perhaps_elsewhere, permitted_elsewhere
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.holdings import other_holdings
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, unknown, violated
from pytest_icp.kinds.licence_scope import LicensedScope, Line
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.law.catalogue import covers
from pytest_icp.law.features import Implication, implied
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain

_OUT_OF_AREA = Text(zh="{area} 不在许可的业务覆盖范围内", en="{area} is outside the licensed areas")
_UNCLEAR_AREA = Text(
    zh="“{area}”不是省、市的名称，无法判断它在哪里",
    en="{area} is not the name of a province or a city, so where it lies is not known",
)
_ELSEWHERE = Text(
    zh="许可该业务的其他许可证的业务覆盖范围", en="an area of the other licence that permits it"
)
_AREAS = Text(zh="许可的业务覆盖范围：{areas}", en="one of the licensed areas: {areas}")


def judged_areas(context: Context, service: Subject, scope: LicensedScope) -> Iterator[Judgement]:
    """Judge each area that a service serves, by the lines of business that it needs."""
    served, declared = (
        context.fact(service, "areas_served"),
        context.fact(service, "declared_codes"),
    )
    codes = [code for code in declared.values if isinstance(code, str)]
    open_at = declared.tokens if declared.is_open else None
    for one in implications(context, service):
        more = sorted(code for code in one.possible if not any(covers(own, code) for own in codes))
        if one.known:
            codes += more
        elif more and not open_at:
            open_at = (*service.tokens, "features", one.feature)
    certain = _needed(context, scope, codes)
    if not certain and codes and not open_at:
        # Of what no licence permits, the areas of all lines count together.
        certain = {scope.lines: codes}
    # Of a service that is not declared any line may be needed.
    perhaps = dict.fromkeys([*certain, *((line,) for line in scope.lines)])
    is_open = bool(open_at) or not certain
    others = other_holdings(context)
    # An item that is not declared may be one that another licence alone permits, in its areas.
    elsewhere = bool(open_at) and bool(others.licences or others.missing)
    needed = perhaps if is_open else certain
    if not elsewhere and all(any(line.is_unlimited for line in lines) for lines in needed):
        yield SATISFIED
        return
    if served.value is None:
        yield missing(service, served.tokens)
    for i, area in enumerate(served.values):
        at = (*served.tokens, i)
        judged = [_judged(context, service, at, area, *need) for need in certain.items()]
        yield from judged
        if not is_open or any(one.verdict is Verdict.VIOLATED for one in judged):
            continue
        judged = [_judged(context, service, at, area, lines, codes) for lines in perhaps]
        alike = not elsewhere and len({one.verdict for one in judged}) == 1
        yield judged[0] if alike else missing(service, open_at or declared.tokens)
    yield SATISFIED


def implications(context: Context, service: Subject) -> tuple[Implication, ...]:
    """Return what the features of a service imply, and what those not declared may."""
    features = context.fact(service, "features").value
    declared = features if isinstance(features, Mapping) else {}
    return implied(declared, strict_site_search=context.strict)


def _needed(
    context: Context, scope: LicensedScope, codes: list[str]
) -> dict[tuple[Line, ...], list[str]]:
    """Return the lines that permit each code, with the codes; what no licence permits has no area.

    Of a code that another licence alone permits there are no lines.
    """
    needed: dict[tuple[Line, ...], list[str]] = {}
    for code in codes:
        lines = tuple(line for line in scope.lines if line.permits(code))
        if lines or permitted_elsewhere(context, (code,)) is not False:
            needed.setdefault(lines, []).append(code)
    return needed


def _judged(
    context: Context,
    service: Subject,
    at: Tokens,
    area: Json,
    lines: tuple[Line, ...],
    codes: Sequence[str],
) -> Judgement:
    """Judge one area by the lines that permit some codes, and by other licences for these."""
    judged = _area(service, at, lines, area)
    if judged is SATISFIED or not isinstance(area, str):
        return judged
    permitted = permitted_elsewhere(context, codes, area)
    if permitted is False and not lines:
        # Without the other licence, which perhaps permits it, it is as what no licence permits.
        others = (permitted_elsewhere(context, (code,)) for code in codes)
        permitted = next((one for one in others if not isinstance(one, bool)), False)
    if permitted is False:
        return judged
    if permitted is not True:
        return perhaps_elsewhere(service, permitted, plain(area), _areas_of(lines))
    declared = context.fact(service, "declared_codes")
    return missing(service, declared.tokens) if declared.is_open or not codes else SATISFIED


def _area(service: Subject, at: Tokens, lines: tuple[Line, ...], area: Json) -> Judgement:
    """Judge one area that a service serves."""
    if not isinstance(area, str):
        return missing(service, at[:-1])
    areas = frozenset(area for line in lines for area in line.areas)
    if any(line.is_unlimited for line in lines) or in_areas(area, areas):
        return SATISFIED
    open_at = next((line.areas_at for line in lines if line.areas_at), None)
    if open_at is not None:
        return missing(service, open_at)
    unclear = next((one for one in (area, *sorted(areas)) if not is_known_area(one)), None)
    if unclear is not None:
        message = _UNCLEAR_AREA.format(area=unclear)
        return unknown(service, at, message, found=plain(area), required=_areas_of(lines))
    return violated(
        service,
        at,
        _OUT_OF_AREA.format(area=area),
        found=plain(area),
        required=_areas_of(lines),
    )


def _areas_of(lines: tuple[Line, ...]) -> Text:
    if not lines:
        return _ELSEWHERE
    return _AREAS.format(areas="、".join(sorted({a for line in lines for a in line.areas})))
