"""The result of one obligation in one description: all that any report needs, as JSON."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias

from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.text import Text
from pytest_icp.law.values import frozen

Primitives: TypeAlias = dict[str, Any]
"""Nested dicts and lists of JSON primitives: what may travel between processes."""


@frozen(kw_only=True)
class Spot:
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


@frozen(kw_only=True)
class Cited:
    """An article as it stood on the day: its name and, where known, its words (引用)."""

    label: Text
    quote: Text | None = None


@frozen(kw_only=True)
class LocatedFinding:
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


@frozen(kw_only=True)
class LocatedNote:
    """A note with its place; ``due`` is an ISO 8601 date."""

    kind: str
    text: Text
    due: str | None
    spot: Spot
    brief: Text | None = None


@frozen(kw_only=True)
class NextDue:
    """A duty that falls due next (将到期事项); dates are ISO 8601 texts."""

    subject: str
    last: str
    safe: str
    provisional: bool
    spot: Spot


@frozen(kw_only=True)
class Waived:
    """A waiver that covers the violations of a result (豁免)."""

    reason: str
    owner: str
    expires: str


@frozen(kw_only=True)
class Result:
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
        return _members(self)

    @classmethod
    def from_json(cls, written: Primitives) -> Result:
        """Read back what `to_json` wrote."""
        read = dict(written)
        for name in ("provision_title", "title", "meaning", "reason", "mend"):
            read[name] = Text(**read[name])
        read["quote"] = _text(read["quote"])
        read["verdict"] = Verdict(read["verdict"])
        read["spot"] = Spot(**read["spot"])
        read["cited"] = tuple(map(_cited, read["cited"]))
        read["findings"] = tuple(map(_finding, read["findings"]))
        read["notes"] = tuple(map(_note, read["notes"]))
        read["upcoming"] = tuple(
            NextDue(**{**one, "spot": Spot(**one["spot"])}) for one in read["upcoming"]
        )
        read["waived"] = Waived(**read["waived"]) if read["waived"] else None
        return cls(**{field.name: read[field.name] for field in fields(cls)})


def _members(value: Any) -> Primitives:
    """Make a dict of what JSON has: plain texts for enumerated words, lists for tuples.

    `dataclasses.asdict` would copy every text deeply, for thousands of them.
    """
    return {name: _primitive(getattr(value, name)) for name in _names(value.__class__)}


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _primitive(value: Any) -> Any:
    kind = value.__class__
    if kind in _JSON:
        return value
    if kind is Text:
        return {"zh": value.zh, "en": value.en}
    if kind is tuple:
        return [_primitive(part) for part in value]
    return str(value) if isinstance(value, StrEnum) else _members(value)


_JSON = frozenset((str, int, bool, type(None)))


def _text(written: Primitives | None) -> Text | None:
    return Text(**written) if written else None


def _cited(written: Primitives) -> Cited:
    return Cited(label=Text(**written["label"]), quote=_text(written["quote"]))


def _finding(written: Primitives) -> LocatedFinding:
    texts = {name: Text(**written[name]) for name in ("message", "found", "required")}
    return LocatedFinding(
        **{
            **written,
            **texts,
            "verdict": Verdict(written["verdict"]),
            "spot": Spot(**written["spot"]),
            "cited": tuple(map(_cited, written["cited"])),
        }
    )


def _note(written: Primitives) -> LocatedNote:
    texts = {"text": Text(**written["text"]), "brief": _text(written["brief"])}
    return LocatedNote(**{**written, **texts, "spot": Spot(**written["spot"])})
