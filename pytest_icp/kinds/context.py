"""The context of a check: the facts as of an instant, evidence, calendar and settings.

What a holder operates (实际经营) is whether services in use belong to an item. A service counts
while it is there, a pilot or in production. Its features show what it does, or it declares the item
itself; one that is not commercial needs no licence and does not count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property, lru_cache

from msgspec import Struct, field

from pytest_icp.facts.asof import NEVER, View
from pytest_icp.facts.evidence import Evidence
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import Judgement, Steps
from pytest_icp.kinds.subjects import Collected, Fact, Subject, Tokens, climb, collect, steps
from pytest_icp.law.blame import gaps
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.catalogue import covers
from pytest_icp.law.condition import ANYTHING, Decide, Node, open_at
from pytest_icp.law.features import implied
from pytest_icp.law.jsontypes import Json, texts_of
from pytest_icp.law.times import civil_date, parse_time
from pytest_icp.rules.patterns import DECIDE
from pytest_icp.rules.policy import Applicability
from pytest_icp.rules.settings import Settings

# ---- What a holder operates

LIVE = ("pilot", "production")
"""The states in which a service is in use; trying it out with users is using it."""


class Operated(Struct, frozen=True):
    """Whether one of some items is operated; of None, ``open_at`` is the fact that is not known."""

    truth: bool | None
    open_at: Tokens = ()


OPERATED = Operated(truth=True)
NOT_OPERATED = Operated(truth=False)


class Used(Struct, frozen=True):
    """A service at a place that is in use, or may be, with what it declares.

    ``features`` are its features as JSON, ``declared`` the items that it declares. ``more_at`` is
    where it leaves open whether it declares others as well, and ``open_at`` the unknown fact that
    leaves open whether it counts.
    """

    at: Tokens
    features: str = "{}"
    declared: frozenset[str] = frozenset()
    more_at: Tokens | None = None
    open_at: Tokens | None = None


def operates(service: Json, at: Tokens, codes: tuple[str, ...], *, strict: bool) -> Operated:
    """Return whether the service at a place does."""
    used = _used(service, at)
    return _operates(used, codes, strict=strict) if used else NOT_OPERATED


def _used(service: Json, at: Tokens) -> Used | None:
    facts = service if isinstance(service, dict) else {}
    status, commercial = facts.get("status"), facts.get("commercial")
    if commercial is False or (status is not None and status not in LIVE):
        return None
    features = facts.get("features")
    unknown = ((*at, name) for name in ("status", "commercial") if facts.get(name) is None)
    codes = facts.get("declared_codes")
    return Used(
        at,
        json.dumps(features if isinstance(features, dict) else {}),
        frozenset(texts_of(codes)),
        None if isinstance(codes, list) and None not in codes else (*at, "declared_codes"),
        next(unknown, open_at(facts, at)),
    )


def _operates(service: Used, codes: tuple[str, ...], *, strict: bool) -> Operated:
    does, perhaps = _implied(service.features, codes, strict=strict)
    if does or _under(codes, service.declared):
        return Operated(None, service.open_at) if service.open_at else OPERATED
    if perhaps:
        return Operated(None, (*service.at, "features", perhaps))
    return Operated(None, service.more_at) if service.more_at else NOT_OPERATED


# Services are much alike, and many rules look at each. As text, `true` and 1 are not the same.
@lru_cache(maxsize=1024)
def _implied(features: str, codes: tuple[str, ...], *, strict: bool) -> tuple[bool, str | None]:
    """Return whether features belong to an item, and the first undeclared one that may."""
    implications = implied(json.loads(features), strict_site_search=strict)
    does = any(_under(codes, one.codes) for one in implications)
    perhaps = (one for one in implications if not one.known and _under(codes, one.possible))
    return does, next((one.feature for one in perhaps), None)


def _under(codes: tuple[str, ...], done: frozenset[str]) -> bool:
    return any(covers(code, one) for code in codes for one in done)


class Context(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """Everything that a check may use; it reads no file and no clock.

    ``evidence`` maps a path as the description writes it to the file that was read there. What
    ``explains`` keeps the steps of each calculation; of thousands of subjects nobody reads them.
    """

    view: View
    as_of: datetime
    calendar: Calendar
    decide: Decide = DECIDE
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    explains: bool = False
    # Many duties are about the same lists; each is walked once.
    collected: dict[Tokens, Collected] = field(default_factory=dict)
    # Provisions ask for the same items again and again, and every service in use answers.
    operating: dict[tuple[str, ...], Operated] = field(default_factory=dict)
    # What limits a policy limits each of its rules.
    limits: dict[Applicability, Outcome | None] = field(default_factory=dict)

    @cached_property
    def today(self) -> date:
        """The civil day of the as-of instant in Asia/Shanghai."""
        return civil_date(self.as_of)

    @cached_property
    def first_issued_on(self) -> date | None:
        """The day on which the licence was first issued, where it is known.

        It is after every day that there is while the licence is still to come.
        """
        return self._licence_day("first_issued_on", date.max)

    @cached_property
    def issued_on(self) -> date | None:
        """The day on which the licence was issued as it is, where it is known."""
        return self._licence_day("issued_on", None)

    def _licence_day(self, name: str, never: date | None) -> date | None:
        licence = self.view.facts.get("licence")
        written = licence.get(name) if isinstance(licence, Mapping) else None
        if written == NEVER:
            return never
        return civil_date(parse_time(written)) if isinstance(written, str) else None

    @property
    def strict(self) -> bool:
        """Whether searching one's own site counts as a search service (从严口径)."""
        return self.settings.site_search == "strict"

    def fact(self, subject: Subject, path: str) -> Fact:
        """Follow a path from a subject, or from the document when it begins with ``/``.

        Each leading ``../`` goes up to the object that contains the subject.
        """
        up, absolute, names = steps(path)
        if up:
            subject = climb(subject, up)
        value: Json = self.view.facts if absolute else subject.value
        for name in names:
            # The facts are JSON: `dict` is tested for, as the abstract class is slow.
            value = value.get(name) if isinstance(value, dict) else None
        return Fact(names if absolute else subject.tokens + names, value)

    def explained(self, judged: Judgement, steps: Steps) -> Judgement:
        """Return a judgement with the steps that led to it, where somebody reads them."""
        return judged.by(steps) if self.explains else judged

    def counts(self, record: Subject, where: Node = ANYTHING) -> bool | None:
        """Whether a record is there and meets a condition; None where that is not known."""
        met = self.decide.truth(where, record.value)
        return None if met and record.open_at else met

    def open_of(self, record: Subject, where: Node = ANYTHING) -> Tokens:
        """Return the place of the first fact for which a record only perhaps counts."""
        gap = next(iter(gaps(where, record.value, self.decide)), None)
        return (*record.tokens, *gap.path) if gap else record.open_at or record.tokens

    def operates(self, codes: tuple[str, ...]) -> Operated:
        """Return whether a service in use belongs to one of the items."""
        if codes not in self.operating:
            every = [_operates(one, codes, strict=self.strict) for one in self._in_use]
            does = next((one for one in every if one.truth), NOT_OPERATED)
            perhaps = (one for one in every if one.truth is None)
            self.operating[codes] = does if does.truth else next(perhaps, NOT_OPERATED)
        return self.operating[codes]

    @cached_property
    def _in_use(self) -> tuple[Used, ...]:
        """The services that count, or perhaps do."""
        services = self.view.facts.get("services")
        if not isinstance(services, list):
            # What would be asked of the only service, before whether there is one.
            return (Used(("services", 0), more_at=("services",)),)
        each = zip(self.view.indices(services), services, strict=True)
        return tuple(one for i, service in each if (one := _used(service, ("services", i))))

    def subjects(self, path: str, start: Subject | None = None) -> Collected:
        """Collect the objects at a path, through every list on the way."""
        up, absolute, names = steps(path)
        if start is not None and not absolute:
            return collect(self.view, climb(start, up), names)
        known = self.collected.get(names)
        if known is None:
            known = collect(self.view, Subject((), self.view.facts), names)
            self.collected[names] = known
        return known
