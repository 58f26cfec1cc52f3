"""The result of one obligation in one description: all that any report needs, as JSON."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct, convert, to_builtins

from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.text import Text

Primitives: TypeAlias = dict[str, Any]
"""Nested dicts and tuples of JSON primitives: what may travel between processes."""


class Spot(Struct, frozen=True, kw_only=True):
    """Where a fact stands: a POSIX path relative to the root, line and column from 1.

    Of a derived fact, ``address`` names the resource as its own tools do, ``attribute`` what
    was read of it, and ``status`` how sure it is; of others they are empty.
    """

    path: str
    line: int | None = None
    column: int | None = None
    excerpt: str = ""
    width: int = 1
    address: str = ""
    attribute: str = ""
    status: str = ""

    @property
    def resource(self) -> str:
        """The address of the resource and the attribute (资源地址)."""
        return ", ".join(part for part in (self.address, self.attribute) if part)

    def __str__(self) -> str:
        """Return ``path:line:column``."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


class Cited(Struct, frozen=True, kw_only=True):
    """An article as it stood on the day: its name and, where known, its words (引用)."""

    label: Text
    quote: Text | None = None


class LocatedFinding(Struct, frozen=True, kw_only=True):
    """A finding with its place and the law of its day; dates are ISO 8601 texts."""

    verdict: Verdict
    subject: str
    pointer: str
    message: Text
    found: Text
    required: Text
    due: str | None
    spot: Spot
    cited: tuple[Cited, ...]
    line_to_add: str = ""


class LocatedNote(Struct, frozen=True, kw_only=True):
    """A note with its place; ``due`` is an ISO 8601 date."""

    kind: str
    text: Text
    due: str | None
    spot: Spot
    brief: Text | None = None


class NextDue(Struct, frozen=True, kw_only=True):
    """A duty that falls due next (将到期事项); dates are ISO 8601 texts."""

    subject: str
    last: str
    safe: str
    provisional: bool
    spot: Spot


class Waived(Struct, frozen=True, kw_only=True):
    """A waiver that covers the violations of a result (豁免)."""

    reason: str
    owner: str
    expires: str


class Result(Struct, frozen=True, kw_only=True):
    """What was decided of one obligation (义务的结论), with the words it rests on.

    ``waived`` is set when waivers cover every violation; ``spot`` is where the verdict can be
    read in the description.
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
    spot: Spot
    quote: Text | None
    mend: Text
    cited: tuple[Cited, ...]
    findings: tuple[LocatedFinding, ...]
    notes: tuple[LocatedNote, ...]
    upcoming: tuple[NextDue, ...]
    subjects: int
    waived: Waived | None = None

    @property
    def failing(self) -> bool:
        """Whether a mandatory duty is violated and no waiver covers it."""
        return self.verdict is Verdict.VIOLATED and self.level == "mandatory" and not self.waived

    def to_json(self) -> Primitives:
        """Return the result as JSON primitives."""
        written: Primitives = to_builtins(self)
        return written

    @classmethod
    def from_json(cls, written: Primitives) -> Result:
        """Read back what `to_json` wrote."""
        return convert(written, cls)
