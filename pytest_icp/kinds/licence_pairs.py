"""The company's licences (所持许可证), and which of a province may lie in one of the ministry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from datetime import date
from functools import cached_property
from operator import itemgetter

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.areas import NATIONWIDE, in_areas
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import time_of
from pytest_icp.kinds.licence_scope import licensed_scope
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.law.catalogue import covers

PROVINCIAL, NATIONAL = "CA", "MIIT"
"""Who issued a licence: the administration of a province, or the ministry."""

_LICENCE: Tokens = ("licence",)
_SCOPE_SINCE: Tokens = ("licence", "scope_since")


class Paper(Struct, frozen=True):
    """One licence of the company; ``issuer_at``, ``codes_at``, ``areas_at`` where not known.

    ``until_at`` is a fact that is not known, so that the printed last day may be an old one.
    ``reissued`` is a later day on which its scope may have become what it is.
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
    until_at: Tokens | None
    status: str | None
    reissued: date | None = None

    @property
    def scope(self) -> Hashable:
        """What it is for and where, and whether that is known."""
        return self.codes, self.codes_at is None, self.areas, self.areas_at is None


class Pair(Struct, frozen=True):
    """A licence of a province and one of the ministry, or what may be such."""

    provincial: Paper
    national: Paper

    def doubts(self) -> Iterator[tuple[Pair, Tokens]]:
        """Yield the same pair as it may be instead, each with the fact that is not known.

        A last day may be an old one, and a re-issued licence may have its scope only since then.
        """
        both_of = (self.provincial, self.national)
        perhaps = self.provincial.until_at or self.national.until_at
        if perhaps:
            yield Pair(*(_renewed(paper) for paper in both_of)), perhaps
        for one in both_of:
            if one.reissued:
                later = replace(one, obtained=one.reissued)
                yield Pair(*(later if paper is one else paper for paper in both_of)), _SCOPE_SINCE


def _renewed(paper: Paper) -> Paper:
    return replace(paper, until=None) if paper.until_at else paper


class Papers(Struct, frozen=True, eq=False, dict=True):
    """The licences of the company. Those for the same codes and areas are compared once."""

    context: Context
    apart: dict[tuple[Hashable, Hashable], bool] = field(default_factory=dict)

    def pairs_of(self, subject: Subject) -> Iterator[Pair]:
        """Yield the pairs of one of the other licences with those that it may be contained in.

        As a cross-regional one it is paired with the licence itself alone; its fellows pair with
        it. What certainly has no code in common with it, or lies elsewhere, is left out.
        """
        own = _other(self.context, subject)
        if own.issuer != NATIONAL:
            for national in (*self._printed, *self._fellows(own)):
                if national.issuer != PROVINCIAL:
                    yield Pair(own, national)
        for provincial in self._printed:
            if provincial.issuer != NATIONAL and own.issuer != PROVINCIAL:
                yield Pair(provincial, own)

    @cached_property
    def _printed(self) -> tuple[Paper, ...]:
        return _printed(self.context)

    @cached_property
    def _others(self) -> Mapping[Hashable, list[tuple[int, Paper]]]:
        """The other licences of the ministry, or perhaps, by their codes and areas."""
        groups = defaultdict[Hashable, list[tuple[int, Paper]]](list)
        for i, one in enumerate(self.context.subjects("/other_licences").subjects):
            paper = _other(self.context, one)
            if paper.issuer != PROVINCIAL:
                groups[paper.scope].append((i, paper))
        return groups

    def _fellows(self, own: Paper) -> list[Paper]:
        """Return the other licences that one may be contained in."""
        found: list[tuple[int, Paper]] = []
        for scope, papers in self._others.items():
            key = own.scope, scope
            if key not in self.apart:
                self.apart[key] = contained(Pair(own, papers[0][1]))[0] is False
            if not self.apart[key]:
                found += papers
        found.sort(key=itemgetter(0))
        return [paper for _, paper in found if paper.tokens != own.tokens]


def contained(pair: Pair) -> tuple[bool | None, Tokens | None]:
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
    return Paper(
        tokens=subject.tokens,
        issuer=issuer.text,
        issuer_at=None if issuer.text else issuer.tokens,
        codes=frozenset(code for code in codes.values if isinstance(code, str)),
        codes_at=codes.tokens if codes.is_open else None,
        areas=printed,
        areas_at=areas.tokens if unknown else None,
        obtained=time_of(obtained),
        obtained_at=obtained.tokens,
        until=time_of(context.fact(subject, "valid_until")),
        until_at=None,
        status=status.text,
    )


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
    obtained = next((day for day in (since, first) if time_of(day)), issued)
    if obtained.value == NEVER:
        return ()
    again = time_of(issued) if obtained is first else None
    status = context.fact(licence, "status")
    # One that was renewed still prints its old last day.
    until = None if status.value == "正常" else time_of(context.fact(licence, "valid_until"))
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
        until_at=status.tokens if status.value is None and until else None,
        status=status.text,
        reissued=again if again != time_of(first) else None,
    )
    return (paper,)
