"""Kind ``scope`` (许可范围): what is operated is what is licensed.

``compare: items`` requires that every item which the features of a service imply, or which it
declares, is licensed; ``operated`` the same of what needs a licence: not of a free service, unless
it is operated in disguise (变相经营), on a commercial site and not filed as a service of its own.
``declared`` requires that it declares all that its features imply, of a divided item at least a
part; ``areas`` that it serves no area outside those that the licence prints; ``content`` that
pre-approved content is printed as included, of all or of what ``asked`` lists, each in its time.
``only`` are the codes that count, if not all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import reduce
from typing import Literal

from msgspec import Struct

from pytest_icp.kinds import Kind
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
from pytest_icp.kinds.likeness import in_areas, unclear_area
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.words import shown, title
from pytest_icp.law.catalogue import PREAPPROVALS, covers, name_of, permits
from pytest_icp.law.condition import Truth, parse_condition
from pytest_icp.law.features import Implication, implied, possible_codes
from pytest_icp.law.jsontypes import Json, object_of, pointer, texts_of
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
    others, today = other_holdings(context), context.today
    gaps: list[OpenFact | None] = []
    for licence in others.licences:
        answer = _permits(licence, codes, area)
        if answer is False or not licence.perhaps.has(today):
            continue
        if answer is True and licence.surely and licence.surely.has(today):
            return True
        gaps.append(licence.open_fact if answer is True else answer)
    gaps += map(OpenFact, others.missing)
    return next(filter(None, gaps), False)


def _permits(licence: Licence, codes: Collection[str], area: str | None) -> bool | OpenFact:
    known = texts_of(licence.codes.value)
    if any(permits(known, code) is False for code in codes):
        return OpenFact(licence.codes.tokens) if licence.codes.is_open else False
    return licence.is_for(Fact((), [area]) if area else None)


def perhaps_elsewhere(subject: Subject, gap: OpenFact, what: Text, required: Text) -> Judgement:
    """Return that it is not known whether another licence permits what this one does not."""
    message = gap.message or _NOT_HERE.format(what=what, fact=title(gap.tokens))
    return unknown(subject, gap.tokens, message, required=required)


# ---- What is compared
_OUT_OF_AREA = Text(zh="{area} 不在许可的业务覆盖范围内", en="{area} is outside the licensed areas")
_OTHER_AREA = Text(
    zh="许可该业务的其他许可证的业务覆盖范围", en="an area of the other licence that permits it"
)
_AREAS = Text(zh="许可的业务覆盖范围：{areas}", en="one of the licensed areas: {areas}")


_COUNTS = Text(zh="“{feature}”（{value}）属于{item}", en="“{feature}” ({value}) counts as {item}")
_OPERATES = Text(zh="申报经营{item}", en="{item} is declared as operated")
_EXCLUDED = Text(zh="，许可证明文“不含”该项", en=", which the licence excludes by name")
_UNLISTED = Text(zh="，不在许可范围内", en=", which the licence does not cover")
_MAY_IMPLY = Text(
    zh="未申报“{feature}”；它可能属于未经许可的{item}",
    en="“{feature}” is not declared; it may be {item}, which is not licensed",
)
_AND, _NOTHING = Text("、", ", "), Text("无", "nothing")
_PERMITTED = Text(zh="许可的项目：{items}", en="one of the licensed items: {items}")
_UNDECLARED_CODE = Text(zh="，但“{codes}”未列明", en=", which is missing from “{codes}”")
_LISTED = Text(zh="“{codes}”列明{item}", en="“{codes}” with {item}")
_NO_AREAS = Text(
    zh="许可证没有以地域限制业务覆盖范围", en="the licence does not limit the areas served"
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
            return missing(service, undeclared(context.view.facts.get("licence")))
        charged = spec.compare != "operated" or _is_charged(context, service)
        compared = Compared(spec, context, service, scope)
        parts = list(compared.parts()) if charged is not False else []
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


class Compared(Struct, frozen=True):
    """A service compared with what the licence prints."""

    spec: OperatedScope
    context: Context
    service: Subject
    scope: LicensedScope

    def parts(self) -> Iterator[Judgement]:
        """Judge each that the rule compares: an area, content, a feature, a declared item."""
        compare, only = self.spec.compare, frozenset(self.spec.only)
        if compare == "areas":
            yield from self._areas()
            return
        if compare == "content":
            yield from self._contents()
            return
        for one in self._implications:
            if only and only.isdisjoint(possible_codes(one.feature)):
                continue
            provided = one.value == "sms" and _through_provider(self.context)
            if provided:
                continue
            if compare == "declared":
                yield self._declared(one)
                continue
            judged = self._item(one)
            is_open = provided is None and judged.verdict is Verdict.VIOLATED
            yield missing(self.service, ("numbering_resources",)) if is_open else judged
        if compare != "declared":
            yield from self._declared_items(only)

    @property
    def _implications(self) -> tuple[Implication, ...]:
        """What the features of the service imply, and what those not declared may."""
        features = object_of(self.context.fact(self.service, "features").value)
        return implied(features, strict_site_search=self.context.strict)

    @property
    def _codes(self) -> tuple[Fact, list[str]]:
        """The items that the service declares."""
        declared = self.context.fact(self.service, "declared_codes")
        return declared, [*texts_of(declared.value)]

    # ---- Items

    def _item(self, one: Implication) -> Judgement:
        """Judge what one feature implies."""
        at = (*self.service.tokens, "features", one.feature)
        unlicensed = [code for code in sorted(one.possible) if not self.scope.permits(code)]
        if one.known:
            judged = [self._beyond(at, code, one) for code in unlicensed]
            if worst := next((j for v in _BAD for j in judged if j.verdict is v), None):
                return worst
            return noted(NoteKind.GREY, one.note, at) if one.note else SATISFIED
        if all(permitted_elsewhere(self.context, (code,)) is True for code in unlicensed):
            return SATISFIED
        message = _MAY_IMPLY.format(feature=title(at), item=name_of(unlicensed[0]))
        return unknown(self.service, at, message, required=self._required)

    def _declared_items(self, only: frozenset[str]) -> Iterator[Judgement]:
        """Judge the items that a service declares, and whether it declares all."""
        declared, permits = self.context.fact(self.service, "declared_codes"), self.scope.permits
        for i, code in enumerate(declared.values):
            if isinstance(code, str) and code in (only or {code}) and not permits(code):
                yield self._beyond((*declared.tokens, i), code, None)
        if declared.is_open and not (only and all(map(permits, only))):
            yield missing(self.service, declared.tokens)

    def _beyond(self, at: Tokens, code: str, one: Implication | None) -> Judgement:
        """Say that an item is not licensed, and whether the licence excludes it by name.

        Another licence of the company may permit it.
        """
        permitted, item = permitted_elsewhere(self.context, (code,)), _named(code)
        if permitted is True:
            return SATISFIED
        if permitted:
            return perhaps_elsewhere(self.service, permitted, item, self._required)
        found = shown(one.value, at) if one else plain(code)
        message = _OPERATES.format(item=item)
        if one:
            message = _COUNTS.format(feature=title(at), value=found, item=item)
        by_name = any(covers(excluded, code) for excluded in self.scope.excluded)
        message += _EXCLUDED if by_name else _UNLISTED
        return violated(self.service, at, message, found=found, required=self._required)

    def _declared(self, one: Implication) -> Judgement:
        """Judge whether what one feature implies is declared."""
        declared, known = self._codes
        lacking = sorted(code for code in one.possible if permits(known, code) is False)
        if not lacking:
            return SATISFIED
        at = (*self.service.tokens, "features", one.feature)
        if declared.is_open or not one.known:
            return missing(self.service, declared.tokens if declared.is_open else at)
        codes, value = title(declared.tokens), shown(one.value, at)
        message = _COUNTS.format(feature=title(at), value=value, item=_named(lacking[0]))
        message += _UNDECLARED_CODE.format(codes=codes)
        found = shown(declared.value, declared.tokens)
        required = _LISTED.format(item=lacking[0], codes=codes)
        return violated(self.service, declared.tokens, message, found=found, required=required)

    @property
    def _required(self) -> Text:
        names = [name_of(code) for code in sorted(self.scope.permitted)]
        return _PERMITTED.format(items=_AND.join(names) if names else _NOTHING)

    # ---- Content

    def _contents(self) -> Iterator[Judgement]:
        """Judge the pre-approved content of a service by what the licence prints as included."""
        declared = self.context.fact(self.service, "features.regulated_content")
        if declared.value is None:
            yield missing(self.service, declared.tokens)
        for i, key in enumerate(declared.values):
            at, asked = (*declared.tokens, i), self.spec.asked
            if asked and key is not None and not asked.has(key, self.context.today):
                continue
            yield self._content(at, key) if isinstance(key, str) else missing(self.service, at)

    def _content(self, at: Tokens, key: str) -> Judgement:
        if key in self.scope.contents:
            return SATISFIED
        word = next((one for one in PREAPPROVALS if one.key == key), None)
        is_barred, found = key in self.scope.barred, shown(key, at)
        if word is None or not (is_barred or word.printed):
            return noted(NoteKind.GREY, _NO_WORD_FOR_CONTENT.format(content=found), at)
        name = Text(zh=word.name, en=word.en)
        message = (_CONTENT_EXCLUDED if is_barred else _CONTENT_NOT_PRINTED).format(content=name)
        required = _CONTENT_PRINTED.format(content=name)
        return violated(self.service, at, message, found=found, required=required)

    # ---- Areas

    def _areas(self) -> Iterator[Judgement]:
        """Judge each area that a service serves, by the lines of business that it needs."""
        served, lines = self.context.fact(self.service, "areas_served"), self.scope.lines
        declared, codes = self._codes
        open_at = declared.tokens if declared.is_open else None
        for one in self._implications:
            more = sorted(code for code in one.possible if permits(codes, code) is False)
            if one.known:
                codes += more
            elif more and not open_at:
                open_at = (*self.service.tokens, "features", one.feature)
        certain = self._needed(codes)
        if not certain and codes and not open_at:
            # Of what no licence permits, the areas of all lines count together.
            certain = {lines: codes}
        # Of a service that is not declared any line may be needed.
        perhaps = dict.fromkeys([*certain, *((line,) for line in lines)])
        is_open = bool(open_at) or not certain
        others = other_holdings(self.context)
        # An item that is not declared may be one that another licence alone permits, in its areas.
        elsewhere = bool(open_at) and bool(others.licences or others.missing)
        needed = perhaps if is_open else certain
        if not elsewhere and all(any(line.is_unlimited for line in some) for some in needed):
            yield SATISFIED
            return
        if served.value is None:
            yield missing(self.service, served.tokens)
        for i, area in enumerate(served.values):
            at = (*served.tokens, i)
            judged = [self._area(at, area, *need) for need in certain.items()]
            yield from judged
            if not is_open or any(one.verdict is Verdict.VIOLATED for one in judged):
                continue
            judged = [self._area(at, area, some, codes) for some in perhaps]
            alike = not elsewhere and len({one.verdict for one in judged}) == 1
            yield judged[0] if alike else missing(self.service, open_at or declared.tokens)
        yield SATISFIED

    def _needed(self, codes: list[str]) -> dict[tuple[Line, ...], list[str]]:
        """Group codes by the lines that permit them; skip those that no licence permits.

        Of a code that another licence alone permits there are no lines.
        """
        needed: dict[tuple[Line, ...], list[str]] = {}
        for code in codes:
            lines = tuple(line for line in self.scope.lines if line.permits(code))
            if lines or permitted_elsewhere(self.context, (code,)) is not False:
                needed.setdefault(lines, []).append(code)
        return needed

    def _area(
        self, at: Tokens, area: Json, lines: tuple[Line, ...], codes: Sequence[str]
    ) -> Judgement:
        """Judge one area by the lines that permit some codes, and by other licences for these."""
        if not isinstance(area, str):
            return missing(self.service, at[:-1])
        judged = self._in_lines(at, area, lines)
        if judged is SATISFIED:
            return judged
        permitted = permitted_elsewhere(self.context, codes, area)
        if permitted is False and not lines:
            # Without the other licence, which perhaps permits it, it is as what none permits.
            others = (permitted_elsewhere(self.context, (code,)) for code in codes)
            permitted = next((one for one in others if not isinstance(one, bool)), False)
        if permitted is False:
            return judged
        if permitted is not True:
            return perhaps_elsewhere(self.service, permitted, plain(area), _areas_of(lines))
        declared, _ = self._codes
        is_open = declared.is_open or not codes
        return missing(self.service, declared.tokens) if is_open else SATISFIED

    def _in_lines(self, at: Tokens, area: str, lines: tuple[Line, ...]) -> Judgement:
        """Judge one area by the areas of some lines of business."""
        areas = frozenset(area for line in lines for area in line.areas)
        inside = in_areas(area, areas)
        if inside or any(line.is_unlimited for line in lines):
            return SATISFIED
        open_at = next((line.areas_at for line in lines if line.areas_at), None)
        if open_at is not None:
            return missing(self.service, open_at)
        found, required = plain(area), _areas_of(lines)
        if inside is None:
            message = unclear_area(area, areas)
            return unknown(self.service, at, message, found=found, required=required)
        message = _OUT_OF_AREA.format(area=area)
        return violated(self.service, at, message, found=found, required=required)


def _areas_of(lines: tuple[Line, ...]) -> Text:
    names = "、".join(sorted({area for line in lines for area in line.areas}))
    return _AREAS.format(areas=names) if lines else _OTHER_AREA


def _named(code: str) -> Text:
    name = name_of(code)
    return Text(zh=f"{name.zh}（{code}）", en=f"{name.en} ({code})")


KIND = Kind("scope", OperatedScope, check_scope)
