"""The context of a check: the facts as of an instant, evidence, calendar and settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property

from msgspec import Struct, field

from pytest_icp.facts.asof import NEVER, View
from pytest_icp.facts.evidence import Evidence
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.services import InUse, Operated, in_use, operated
from pytest_icp.kinds.subjects import Collected, Fact, Subject, Tokens, climb, collect, steps
from pytest_icp.law.blame import gaps
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.condition import ANYTHING, Decide, Node
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.times import civil_date, parse_time
from pytest_icp.rules.patterns import DECIDE
from pytest_icp.rules.policy import Applicability
from pytest_icp.rules.settings import Settings


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
    using: list[InUse | None] = field(default_factory=list)
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
        known = self.operating.get(codes)
        if known is None:
            if not self.using:
                self.using.append(in_use(self.view))
            known = operated(self.using[0], codes, strict=self.strict)
            self.operating[codes] = known
        return known

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
