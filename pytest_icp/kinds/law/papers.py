"""The company's licences (所持许可证), and which of a province may lie in one of the ministry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.areas import NATIONWIDE, in_areas
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.term import STRUCK_OFF
from pytest_icp.kinds.dates import time_of
from pytest_icp.kinds.licence_scope import licensed_scope
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.catalogue import covers

PROVINCIAL, NATIONAL = "CA", "MIIT"
"""Who issued a licence: the administration of a province, or the ministry."""

_LICENCE: Tokens = ("licence",)


class Paper(Struct, frozen=True):
    """One licence of the company; ``issuer_at``, ``codes_at``, ``areas_at`` where not known.

    ``others`` are what it may be instead, each with the fact that is not known.
    """

    tokens: Tokens
    issuer: str | None
    issuer_at: Tokens | None
    codes: frozenset[str]
    codes_at: Tokens | None
    areas: frozenset[str]
    areas_at: Tokens | None
    obtained: date | None
    obtained_at: Tokens
    until: date | None
    status: str | None
    others: tuple[tuple[Tokens, Paper], ...] = ()


class Pair(Struct, frozen=True):
    """A licence of a province and one of the ministry, or what may be such."""

    provincial: Paper
    national: Paper

    def doubts(self) -> Iterator[tuple[Pair, Tokens]]:
        """Yield the same pair as it may be instead, each with the fact that is not known."""
        for at, other in self.provincial.others:
            yield Pair(other, self.national), at
        for at, other in self.national.others:
            yield Pair(self.provincial, other), at


def pairs_of(context: Context) -> Callable[[Subject], Iterator[Pair]]:
    """Return what pairs one of the other licences with those that it may be contained in.

    As a cross-regional one it is paired with the licence itself alone; its fellows pair with it.
    """
    printed = _printed(context)
    others = [_other(context, one) for one in context.subjects("/other_licences").subjects]

    def pairs(subject: Subject) -> Iterator[Pair]:
        own = _other(context, subject)
        fellows = (one for one in others if one.tokens != own.tokens)
        if own.issuer != NATIONAL:
            yield from (Pair(own, one) for one in (*printed, *fellows) if one.issuer != PROVINCIAL)
        if own.issuer != PROVINCIAL:
            yield from (Pair(one, own) for one in printed if one.issuer != NATIONAL)

    return pairs


def is_contained(pair: Pair) -> tuple[bool | None, Tokens | None]:
    """Tell whether one licence lies in the other, else which fact is not known."""
    provincial, national = pair.provincial, pair.national
    shared = any(covers(a, b) or covers(b, a) for a in provincial.codes for b in national.codes)
    codes_at = None if shared else provincial.codes_at or national.codes_at
    outside = [area for area in provincial.areas if not in_areas(area, national.areas)]
    if (not shared and codes_at is None) or (outside and national.areas_at is None):
        return False, None
    areas_at = provincial.areas_at or (national.areas_at if outside else None)
    open_at = provincial.issuer_at or national.issuer_at or codes_at or areas_at
    return (None, open_at) if open_at else (True, None)


def _other(context: Context, subject: Subject) -> Paper:
    """Read one of the other licences."""
    issuer, status = context.fact(subject, "issuer"), context.fact(subject, "status")
    codes, areas = context.fact(subject, "codes"), context.fact(subject, "areas")
    obtained = context.fact(subject, "obtained_on")
    printed = frozenset(area for area in areas.values if isinstance(area, str))
    if issuer.value == NATIONAL and areas.value == []:
        printed = frozenset({NATIONWIDE})
    unknown = not printed or None in areas.values
    until = context.fact(subject, "valid_until")
    paper = Paper(
        tokens=subject.tokens,
        issuer=issuer.text,
        issuer_at=None if issuer.text else issuer.tokens,
        codes=frozenset(code for code in codes.values if isinstance(code, str)),
        codes_at=codes.tokens if codes.is_open else None,
        areas=printed,
        areas_at=areas.tokens if unknown else None,
        obtained=time_of(obtained),
        obtained_at=obtained.tokens,
        until=time_of(until),
        status=status.text,
    )
    others = [_if_ended(paper, status)]
    if until.value is None:
        others.append((until.tokens, replace(paper, until=date.min)))
    return replace(paper, others=tuple(filter(None, others)))


def _if_ended(paper: Paper, status: Fact) -> tuple[Tokens, Paper] | None:
    """Return a licence as one that an authority has ended, where its status is not known."""
    return (status.tokens, replace(paper, status=STRUCK_OFF)) if status.value is None else None


def _printed(context: Context) -> tuple[Paper, ...]:
    """Read the licence itself, once it is issued; a province's without areas covers that one."""
    value = context.view.facts.get("licence")
    licence = Subject(_LICENCE, value if isinstance(value, Mapping) else {})
    issuer = context.fact(licence, "issuing_authority.kind")
    scope = licensed_scope(licence.value)
    areas, areas_at = (scope.areas, scope.areas_at) if scope else (frozenset[str](), None)
    if not areas and areas_at is None:
        province = context.fact(licence, "issuing_authority.province")
        covered = NATIONWIDE if issuer.value == NATIONAL else province.text
        areas = frozenset({covered}) if covered else areas
        areas_at = None if covered else province.tokens
        # A national licence covers more than the province that it is printed with.
        areas_at = issuer.tokens if issuer.text is None else areas_at
    first, issued = (context.fact(licence, name) for name in ("first_issued_on", "issued_on"))
    since = context.fact(licence, "scope_since")
    begins, latest = time_of(since), time_of(issued)
    if not begins and first.value == NEVER:
        return ()
    # What it prints it has had since it was issued at the latest.
    told = begins is not None and (latest is None or begins <= latest)
    # Without the day since which it has its scope, that is the first issue, or else a later one.
    days = (since,) if told else (first, issued)
    obtained = next((day for day in days if day.value is None), days[0])
    status = context.fact(licence, "status")
    printed = context.fact(licence, "valid_until")
    # One that was renewed still prints its old last day.
    until = None if status.value == "正常" else time_of(printed)
    paper = Paper(
        tokens=_LICENCE,
        issuer=issuer.text,
        issuer_at=None if issuer.text else issuer.tokens,
        codes=scope.permitted if scope else frozenset(),
        codes_at=None if scope else (*_LICENCE, "service_lines"),
        areas=areas,
        areas_at=areas_at,
        obtained=time_of(obtained),
        obtained_at=obtained.tokens,
        until=until,
        status=status.text,
    )
    others = [_if_ended(paper, status)]
    if status.value is None and until:
        others.append((status.tokens, replace(paper, until=None)))
    if status.value != "正常" and printed.value is None:
        others.append((printed.tokens, replace(paper, until=date.min)))
    if told and latest is None:
        others.append((issued.tokens, replace(paper, obtained=time_of(first))))
    if obtained is first and latest != time_of(first):
        # It may have its scope only since it was issued anew.
        others.append((since.tokens, replace(paper, obtained=latest)))
    return (replace(paper, others=tuple(filter(None, others))),)
