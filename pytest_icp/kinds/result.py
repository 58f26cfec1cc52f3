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


class Result(Struct, frozen=True, kw_only=True):
    """What was decided of one obligation (义务的结论), with the words it rests on.

    ``waived`` is set when waivers cover every violation; ``location`` is where the verdict can be
    read in the description. Not ``decided`` is what a run did not come to: it is unknown, for that
    ``reason``.
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
    mend: Text
    cited: tuple[Cited, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    upcoming: tuple[Upcoming, ...]
    subjects: int
    waived: Waived | None = None
    decided: bool = True

    @property
    def failing(self) -> bool:
        """Whether a mandatory duty is violated and no waiver covers it."""
        return self.standing is Standing.VIOLATED

    @property
    def would_be_violated(self) -> bool:
        """Whether the rule is unknown only because it is not known whether it applies."""
        return any(finding.hinge for finding in self.findings)

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
