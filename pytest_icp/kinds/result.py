"""The result of one obligation for one description, with all that reports need."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct, convert, to_builtins

from pytest_icp.kinds.finding import Cited, Finding, Note, Upcoming, Verdict
from pytest_icp.kinds.standing import Standing, standing
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text

Primitives: TypeAlias = dict[str, Any]
"""Nested dicts and tuples of JSON primitives: what may travel between processes."""


class Waived(Struct, frozen=True, kw_only=True):
    """A waiver that covers the violations of a result (豁免)."""

    reason: str
    owner: str
    expires: str


class PartResult(Struct, frozen=True, kw_only=True):
    """What was decided of one part of a rule (部分的结论), and its own words.

    ``waived`` is set when waivers cover everything that breaks it.
    """

    name: str
    title: Text
    level: str
    verdict: Verdict
    quote: Text | None
    fix: Text
    waived: Waived | None = None

    @property
    def standing(self) -> Standing:
        """The standing of the part (状态), by its own level."""
        return standing(self.verdict, self.level, waived=self.waived is not None)


class Result(Struct, frozen=True, kw_only=True):
    """What was decided of one obligation (义务的结论), with the words it rests on.

    ``waived`` is set when waivers cover every violation; ``location`` is where the verdict can be
    read in the description. Not ``decided`` is what a run did not come to: it is unknown, for that
    ``reason``. ``parts`` are those of the rule, in their order. ``licences`` are those for which it
    is asked, where the company holds several.
    """

    description: str
    rule_id: str
    provision: str
    provision_title: Text
    article: str
    title: Text
    meaning: Text
    kind: str
    level: str
    basis: str
    as_of: str
    verdict: Verdict
    reason: Text
    location: Location
    quote: Text | None
    fix: Text
    cited: tuple[Cited, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    upcoming: tuple[Upcoming, ...]
    subjects: int
    waived: Waived | None = None
    decided: bool = True
    parts: tuple[PartResult, ...] = ()
    licences: tuple[str, ...] = ()

    def about(self, finding: Finding | Note | Upcoming) -> Result | PartResult:
        """Return the part that a finding is of; the rule itself where it has none."""
        return next((one for one in self.parts if one.name == finding.part), self)

    @property
    def binding(self) -> tuple[Finding, ...]:
        """The findings that the verdict rests on; advice, only where all of the rule is advice."""
        return tuple(one for one in self.findings if self.binds(one))

    @property
    def leading(self) -> Finding | None:
        """The first of the worst findings that the verdict rests on."""
        rank = [*Verdict].index
        return min(self.binding, key=lambda one: rank(one.verdict), default=None)

    def binds(self, finding: Finding) -> bool:
        """Whether the verdict rests on a finding: one in advice binds only where all is advice."""
        if not self.parts or self.level == "advisory":
            return True
        return self.about(finding).level != "advisory"

    @property
    def failing(self) -> bool:
        """Whether a mandatory duty is violated and no waiver covers it."""
        return self.standing is Standing.VIOLATED

    @property
    def would_be_violated(self) -> bool:
        """Whether the rule is unknown only because it is not known whether it applies."""
        return any(finding.hinge for finding in self.binding)

    @property
    def to_review(self) -> bool:
        """Whether a person must say of something that was found whether the duty was met."""
        return self.standing is Standing.UNKNOWN and any(one.review for one in self.binding)

    @property
    def standing(self) -> Standing:
        """The standing of the rule (状态): the verdict, or that it is advisory or waived."""
        return standing(self.verdict, self.level, waived=self.waived is not None)

    def to_json(self) -> Primitives:
        """Return the result as JSON primitives."""
        written: Primitives = to_builtins(self)
        return written

    @classmethod
    def from_json(cls, written: Primitives) -> Result:
        """Read back what `to_json` wrote."""
        return convert(written, cls)
