"""Kind ``scope`` (许可范围): what is operated is what is licensed.

``compare: items`` requires that every item which the features of a service imply, or which it
declares, is licensed; ``operated`` the same of what needs a licence: not of a free service, unless
it is operated in disguise (变相经营), on a commercial site and not filed as a service of its own.
``declared`` requires that it declares all that its features imply; ``areas`` that it serves no area
outside those that the licence prints; ``content`` that pre-approved content is printed as included,
of all or of what ``asked`` lists, each in its time. ``only`` are the codes that count, if not all.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Literal

from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import NoteKind, Outcome, Verdict
from pytest_icp.kinds.holdings import (
    Licence,
    LicensedScope,
    Line,
    OpenFact,
    licensed_scope,
    other_holdings,
    undeclared,
)
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    noted,
    unknown,
    violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.likeness import NATIONWIDE, in_areas, is_known_area
from pytest_icp.kinds.matching import Days
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.words import shown, title
from pytest_icp.law.catalogue import covers, name_of, permits
from pytest_icp.law.condition import parse_condition
from pytest_icp.law.features import Implication, implied, possible_codes
from pytest_icp.law.jsontypes import Json, pointer
from pytest_icp.law.kleene import Truth
from pytest_icp.law.once import once
from pytest_icp.law.preapprovals import PREAPPROVALS
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.numbers import Listing
from pytest_icp.rules.policy import Obligation, Spec

# ---- What another licence of the company permits (其他许可证): services, and areas to serve

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
    key, known = (tuple(sorted(codes)), area), _known_elsewhere(context)
    if key not in known:
        known[key] = _elsewhere(context, codes, area)
    return known[key]


@once
def _known_elsewhere(_context: Context) -> dict[Hashable, bool | OpenFact]:
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


# ---- Whether a service serves licensed areas only (业务覆盖范围)

_OUT_OF_AREA = Text(zh="{area} 不在许可的业务覆盖范围内", en="{area} is outside the licensed areas")
_UNCLEAR_AREA = Text(
    zh="“{area}”不是省、市的名称，无法判断它在哪里",
    en="{area} is not the name of a province or a city, so where it lies is not known",
)
_OTHER_AREA = Text(
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
        judged = [_judged_area(context, service, at, area, *need) for need in certain.items()]
        yield from judged
        if not is_open or any(one.verdict is Verdict.VIOLATED for one in judged):
            continue
        judged = [_judged_area(context, service, at, area, lines, codes) for lines in perhaps]
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


def _judged_area(
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
        return _OTHER_AREA
    return _AREAS.format(areas="、".join(sorted({a for line in lines for a in line.areas})))


_COUNTS = Text(zh="“{feature}”（{value}）属于{item}", en="“{feature}” ({value}) counts as {item}")
_OPERATES = Text(zh="申报经营{item}", en="{item} is declared as operated")
_EXCLUDED = Text(zh="，许可证明文“不含”该项", en=", which the licence excludes by name")
_UNLISTED = Text(zh="，不在许可范围内", en=", which the licence does not cover")
_MAY_IMPLY = Text(
    zh="未申报“{feature}”；它可能属于未经许可的{item}",
    en="“{feature}” is not declared; it may be {item}, which is not licensed",
)
_PERMITTED = Text(zh="许可的项目：{items}", en="one of the licensed items: {items}")
_UNDECLARED_CODE = Text(zh="，但“{codes}”未列明", en=", which is missing from “{codes}”")
_LISTED = Text(zh="“{codes}”列明{item}", en="“{codes}” with {item}")
_NO_AREAS = Text(
    zh="许可证没有以地域限制业务覆盖范围", en="the licence does not limit the areas served"
)
_NO_SCOPE = Text(
    zh="许可证的业务种类未申报，无法判断许可范围",
    en="the licence's lines of business are not declared, so its scope is not known",
)
_CONTENT_NOT_PRINTED = Text(
    zh="许可范围没有载明“含”{content}", en="the licence does not list {content} as included"
)
_CONTENT_EXCLUDED = Text(
    zh="许可证明文“不含”{content}", en="the licence excludes {content} by name"
)
_CONTENT_PRINTED = Text(zh="许可范围载明：含{content}", en="a licence that includes {content}")
_NO_WORD_FOR_CONTENT = Text(
    zh="现行许可证不载明“{content}”一类内容；以增项手续是否办理为准",
    en="licences have no printed term for `{content}`; the filing that adds it decides",
)

_MESSAGING = parse_condition({"kind": "106x", "in_use": True})
_PROVIDED = parse_condition(
    {"provider": {"licences": {"some": {"categories": {"some": {"type": "string"}}}}}}
)
_LINES = ("licence", "service_lines")
_BAD = (Verdict.VIOLATED, Verdict.UNKNOWN)


class OperatedScope(Spec, frozen=True):
    """What of a service is compared with the licence, and which codes alone, where not all."""

    compare: Literal["items", "operated", "declared", "areas", "content"]
    only: tuple[str, ...] = ()
    asked: Listing | None = None


def check_scope(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``scope``."""
    scope = licensed_scope(context.view.facts.get("licence"))
    spec = obligation.spec_as(OperatedScope)
    others = context.view.facts.get("other_licences")
    unlimited = scope and not others and all(line.is_unlimited for line in scope.lines)
    if spec.compare == "areas" and unlimited:
        at = pointer(_LINES)
        return Outcome(verdict=Verdict.NOT_APPLICABLE, reason=_NO_AREAS, pointer=at)

    def judge(service: Subject) -> Judgement:
        if scope is None:
            at = undeclared(context.view.facts.get("licence"))
            if len(at) > len(_LINES):
                return missing(service, at)
            required = say.DECLARE.format(fact=".".join(_LINES))
            return unknown(service, at, _NO_SCOPE, required=required)
        charged = spec.compare != "operated" or _is_charged(context, service)
        parts = list(_parts(spec, context, service, scope)) if charged is not False else []
        judged = reduce(both, parts, SATISFIED if parts else NOT_APPLICABLE)
        if not isinstance(charged, Fact) or judged.verdict is Verdict.SATISFIED:
            return judged
        gap = missing(service, charged.tokens)
        return both(gap, judged) if judged.verdict is Verdict.UNKNOWN else gap

    return judge_each(obligation, context, judge)


def _is_charged(context: Context, service: Subject) -> bool | Fact:
    """Whether a service needs a licence, as it is charged for or in disguise; else what decides."""
    commercial, filed = (context.fact(service, name) for name in ("commercial", "filed_as_free"))
    if commercial.value is not False:
        return commercial if commercial.value is None else True
    if filed.value is True:
        return False
    mine, sites = context.fact(service, "site_ids"), context.subjects("/sites")
    open_at = [Fact(place, None) for place in sites.missing] + ([mine] if mine.is_open else [])
    for site in sites.subjects:
        paid = context.fact(site, "commercial")
        if site.value.get("id") in mine.values and paid.value is not False:
            gaps = [Fact(site.open_at, None)] if site.open_at else []
            gaps += [fact for fact in (paid, filed) if fact.value is None]
            if not gaps:
                return True
            open_at.append(gaps[0])
    return open_at[0] if open_at else False


def _parts(
    spec: OperatedScope, context: Context, service: Subject, scope: LicensedScope
) -> Iterator[Judgement]:
    compare, only = spec.compare, frozenset(spec.only)
    if compare == "areas":
        yield from judged_areas(context, service, scope)
        return
    if compare == "content":
        yield from _contents(spec, context, service, scope)
        return
    for one in implications(context, service):
        if only and only.isdisjoint(possible_codes(one.feature)):
            continue
        provided = one.value == "sms" and _through_provider(context)
        if provided:
            continue
        if compare == "declared":
            yield _declared(context, service, one)
        else:
            judged = _item(context, service, scope, one)
            is_open = provided is None and judged.verdict is Verdict.VIOLATED
            yield missing(service, ("numbering_resources",)) if is_open else judged
    if compare != "declared":
        yield from _declared_items(context, service, scope, only)


def _through_provider(context: Context) -> Truth:
    """Whether every number for text messages in use is that of a licensed provider.

    Then the messages are the provider's telecom business, and not the sender's.
    """
    numbers = context.subjects("/numbering_resources")
    using = [(one, context.counts(one, _MESSAGING)) for one in numbers.subjects]
    truths = [context.counts(one, _PROVIDED) for one, used in using if used is not False]
    if False in truths:
        return False
    if numbers.missing or None in truths:
        return None
    return bool(truths)


def _item(context: Context, service: Subject, scope: LicensedScope, one: Implication) -> Judgement:
    """Judge what one feature implies."""
    if not one.possible and one.note is None:
        return SATISFIED
    at = (*service.tokens, "features", one.feature)
    unlicensed = [code for code in sorted(one.possible) if not scope.permits(code)]
    if one.known:
        judged = [_beyond(context, service, at, scope, code, one) for code in unlicensed]
        if worst := next((j for v in _BAD for j in judged if j.verdict is v), None):
            return worst
    elif any(permitted_elsewhere(context, (code,)) is not True for code in unlicensed):
        message = _MAY_IMPLY.format(feature=title(at), item=name_of(unlicensed[0]))
        return unknown(service, at, message, required=_required(scope))
    if one.note is not None and one.known:
        return noted(NoteKind.GREY, one.note, at)
    return SATISFIED


def _declared_items(
    context: Context, service: Subject, scope: LicensedScope, only: frozenset[str]
) -> Iterator[Judgement]:
    """Judge the items that a service declares, and whether it declares all."""
    codes = context.fact(service, "declared_codes")
    for i, code in enumerate(codes.values):
        if isinstance(code, str) and code in (only or {code}) and not scope.permits(code):
            yield _beyond(context, service, (*codes.tokens, i), scope, code, None)
    if codes.is_open and not (only and all(map(scope.permits, only))):
        yield missing(service, codes.tokens)


def _beyond(
    context: Context,
    service: Subject,
    at: Tokens,
    scope: LicensedScope,
    code: str,
    one: Implication | None,
) -> Judgement:
    """Say that an item is not licensed, and whether the licence excludes it by name.

    Another licence of the company may permit it.
    """
    permitted = permitted_elsewhere(context, (code,))
    if permitted is True:
        return SATISFIED
    if permitted:
        return perhaps_elsewhere(service, permitted, _named(code), _required(scope))
    by_name = any(covers(excluded, code) for excluded in scope.excluded)
    found = shown(one.value, at) if one else plain(code)
    said = _COUNTS.format(feature=title(at), value=found, item=_named(code))
    message = (said if one else _OPERATES.format(item=_named(code))) + (
        _EXCLUDED if by_name else _UNLISTED
    )
    return violated(service, at, message, found=found, required=_required(scope))


def _declared(context: Context, service: Subject, one: Implication) -> Judgement:
    """Judge whether what one feature implies is declared."""
    if not one.possible:
        return SATISFIED
    declared = context.fact(service, "declared_codes")
    at = (*service.tokens, "features", one.feature)
    known = [code for code in declared.values if isinstance(code, str)]
    undeclared = sorted(
        code for code in one.possible if not any(covers(known_one, code) for known_one in known)
    )
    if not undeclared:
        return SATISFIED
    if declared.is_open:
        return missing(service, declared.tokens)
    if not one.known:
        return missing(service, at)
    codes = title(declared.tokens)
    item, value = _named(undeclared[0]), shown(one.value, at)
    message = _COUNTS.format(feature=title(at), value=value, item=item)
    message += _UNDECLARED_CODE.format(codes=codes)
    found = shown(declared.value, declared.tokens)
    required = _LISTED.format(item=undeclared[0], codes=codes)
    return violated(service, declared.tokens, message, found=found, required=required)


def _contents(
    spec: OperatedScope, context: Context, service: Subject, scope: LicensedScope
) -> Iterator[Judgement]:
    """Judge the pre-approved content of a service by what the licence prints as included."""
    declared = context.fact(service, "features.regulated_content")
    if declared.value is None:
        yield missing(service, declared.tokens)
    for i, key in enumerate(declared.values):
        at = (*declared.tokens, i)
        if spec.asked and key is not None and not spec.asked.has(key, context.today):
            continue
        yield _content(service, at, scope, key) if isinstance(key, str) else missing(service, at)


def _content(service: Subject, at: Tokens, scope: LicensedScope, key: str) -> Judgement:
    if key in scope.contents:
        return SATISFIED
    word = next((one for one in PREAPPROVALS if one.key == key), None)
    if word is None or (key not in scope.barred and not word.printed):
        return noted(NoteKind.GREY, _NO_WORD_FOR_CONTENT.format(content=shown(key, at)), at)
    name = Text(zh=word.name, en=word.en)
    message = _CONTENT_EXCLUDED if key in scope.barred else _CONTENT_NOT_PRINTED
    required = _CONTENT_PRINTED.format(content=name)
    return violated(
        service, at, message.format(content=name), found=shown(key, at), required=required
    )


def _named(code: str) -> Text:
    name = name_of(code)
    return Text(zh=f"{name.zh}（{code}）", en=f"{name.en} ({code})")


def _required(scope: LicensedScope) -> Text:
    names = [name_of(code) for code in sorted(scope.permitted)]
    items = Text(
        zh="、".join(name.zh for name in names) or "无",
        en=", ".join(name.en for name in names) or "nothing",
    )
    return _PERMITTED.format(items=items)


KIND = Kind("scope", OperatedScope, check_scope)
