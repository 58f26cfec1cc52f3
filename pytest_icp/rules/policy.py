"""The model of a policy: one provision (特别规定) with its obligations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import PurePath
from typing import Literal, TypeVar, get_args

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.files.properties import resource, schema_document
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.once import once
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import Field, Path, Written, condition_paths, join_path
from pytest_icp.rules.numbers import Confidence, Named, Number

Level = Literal["mandatory", "review", "advisory"]
Basis = Literal["licence", "statute", "both", "own"]


class Version(Struct, frozen=True, kw_only=True):
    """One wording of a cited article, in force from the first to the last day given."""

    article: Text
    effective_from: date
    source: Text
    confidence: Confidence
    effective_to: date | None = None
    quote: Text | None = None

    def in_force(self, day: date) -> bool:
        """Whether the article was in force on ``day``."""
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )


class Citation(Struct, frozen=True, kw_only=True, dict=True):
    """A statute's article on one subject, through its renumberings (法条).

    ``succeeded_by`` is the citation that took its place once its last wording had ended.
    """

    id: str
    statute: Text
    subject: Text
    versions: tuple[Version, ...]
    succeeded_by: str | None = None

    def on(self, day: date) -> Version | None:
        """Return the wording in force on ``day``, None if there was none."""
        return next((v for v in self.versions if v.in_force(day)), None)


class Applicability(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """When a provision or an obligation applies (适用范围).

    ``items`` are catalogue codes of which the licence must permit at least one, ``without``
    those of which it must permit none; ``operates`` are codes of which a service in use must
    do at least one; ``when`` is a condition on the whole description. With none of them it
    always applies.
    """

    items: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    operates: tuple[str, ...] = ()
    when: Node | None = None


ALWAYS = Applicability()
"""Applies to every description; the same one wherever nothing limits a rule."""


class Serves(Struct, frozen=True):
    """Limits subjects to those whose fact ``by`` names a service in use of one of ``items``."""

    by: str
    items: tuple[str, ...]


class Past(Struct, frozen=True):
    """The paths of the days on which a subject's act was done, and its matter was over.

    Of several the first that is a day counts; ``never`` is not a path: a breach goes on. ``span``
    are the first and the last day of the acts that these values are for, or of the events that the
    term runs from: those at ``chosen_by``.
    """

    happened: str | None = None
    over: tuple[str, ...] = ()
    span: tuple[date, date] | None = None
    chosen_by: str | None = None


class Edition(Struct, frozen=True, kw_only=True, rename={"start": "from"}):
    """An edition of the special provisions (版本), printed on licences of some time.

    ``start`` is None where it is not known since when it is printed; ``text`` is what it prints of
    the provision, where that is not the text of the policy.
    """

    id: str
    start: date | None
    until: date | None = None
    text: Text | None = None

    def may_be_printed(self, first: date, last: date) -> bool:
        """Whether a licence issued on some day from ``first`` to ``last`` may print it."""
        return (self.start or date.min) <= last and first <= (self.until or date.max)


class Printed(Struct, frozen=True):
    """Which of all editions print a duty (印有本义务的版本)."""

    of: tuple[Edition, ...]
    by: frozenset[str]


class Spec(Struct, frozen=True):
    """The fields that are specific to a kind of obligation; each kind defines its own spec."""

    @property
    def event_decides_law(self) -> bool:
        """Whether the law of an event's day counts, instead of that of the as-of day."""
        return False

    @property
    def runs_from(self) -> str | None:
        """The path of the one day that a term runs from, where it is a fact of the subject."""
        return None

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of other rules that its fields name."""
        return ()


class Join(Struct, frozen=True):
    """The paths of the value that a record and its subject share (关联字段)."""

    record: str
    subject: str

    @classmethod
    def from_written(cls, written: Mapping[str, str]) -> Join:
        """Read the one pair of a mapping, ``{record: subject}``, which its schema asks for."""
        ((record, subject),) = written.items()
        return cls(record, subject)


_Spec = TypeVar("_Spec", bound=Spec)


def part_id(rule_id: str, part: str) -> str:
    """Return the id of a part of a rule; without a part, that of the rule."""
    return f"{rule_id}#{part}" if part else rule_id


def strictest(levels: Iterable[Level]) -> Level:
    """Return the highest of some levels."""
    return min(levels, key=get_args(Level).index)


class Obligation(Struct, frozen=True, kw_only=True, dict=True):
    """One duty of a provision (义务): what is checked, on what basis, and how to fix it.

    ``where``, ``of_where`` and ``serves`` select the subjects at ``each`` that it matches,
    ``none`` is whether it is violated where it matches none, ``past`` says what is over of it;
    ``spec`` has the fields of its ``kind``; ``relies_on`` are the numbers of the law that it
    refers to. ``written`` is the obligation as its file writes it, for reports and tools.
    Where a number has changed, ``versions`` are the obligation with the values of each time, from
    the first day of it; the obligation itself has the newest. Where the value differs by the
    subject, ``cases`` are the obligation for each, and it is itself the first of them. ``editions``
    are those that print it, where not all do that have its provision, and ``printed`` tells them
    from all others; None where every licence prints it. ``others`` are the rules that it names.
    One that is ``always`` selected is so whatever a description declares.

    One with ``parts`` is not decided by itself: each of them is an obligation of the same id, with
    the name of the ``part``, and has all fields; of the whole, ``spec`` has none.
    """

    id: str
    provision: str
    title: Text
    meaning: Text
    quote: Text | None
    fix: Text
    kind: str
    level: Level
    basis: Basis
    applies: Applicability
    cites: tuple[Citation, ...]
    each: str
    where: Node
    of_where: Node = ANYTHING
    serves: Serves | None = None
    none: Literal["violated"] | None = None
    always: bool = False
    past: Past
    spec: Spec
    written: Written
    relies_on: tuple[Named, ...]
    editions: tuple[str, ...] = ()
    printed: Printed | None = None
    others: tuple[Obligation, ...] = ()
    versions: tuple[tuple[date, Obligation], ...] = ()
    cases: tuple[Obligation, ...] = ()
    part: str = ""
    parts: tuple[Obligation, ...] = ()

    @cached_property
    def rule_id(self) -> str:
        """The id that reports show, such as ``SP12/renewal``; that of the whole for a part."""
        return f"{self.provision}/{self.id}"

    @property
    def by_licence(self) -> bool:
        """Whether it binds by what the licence prints, perhaps by a statute as well."""
        return self.basis in {"licence", "both"}

    @cached_property
    def terms(self) -> tuple[Number, ...]:
        """The numbers of the law that its kind chooses the values of, by days of its own."""
        found = {number.id: number for number in _numbers(self.spec) if number.id}
        return tuple(found.values())

    def on(self, day: date) -> Obligation:
        """Return the obligation with the values that its numbers have on a day.

        A term keeps all values of its number: its own days choose among them.
        """
        return next((one for start, one in reversed(self.versions) if start <= day), self)

    @cached_property
    def own_id(self) -> str:
        """The id that waivers, cases and attestations name; ``SP09/stopped#latest`` for a part."""
        return part_id(self.rule_id, self.part)

    @property
    def each_part(self) -> tuple[Obligation, ...]:
        """What is decided of it: its parts; without parts, itself."""
        return self.parts or (self,)

    def throughout(self, change: Callable[[Obligation], Obligation]) -> Obligation:
        """Return the obligation, and all its versions and cases, with a change."""
        return replace(
            change(self),
            versions=tuple((day, one.throughout(change)) for day, one in self.versions),
            cases=tuple(one.throughout(change) for one in self.cases),
        )

    def spec_as(self, kind: type[_Spec]) -> _Spec:
        """Return the spec as one of the given type.

        Raises `TypeError` for an obligation of another kind.
        """
        if isinstance(self.spec, kind):
            return self.spec
        raise TypeError(f"{self.rule_id} is no {kind.__name__}")


def _numbers(value: object) -> Iterator[Number]:
    """Yield the numbers in a spec."""
    if isinstance(value, Number):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _numbers(getattr(value, name))
    elif isinstance(value, tuple | Mapping):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _numbers(part)


class Policy(Struct, frozen=True, kw_only=True, dict=True):
    """A provision of the licence with its words, their translation and its obligations.

    ``editions`` are those that have it; of one that no licence prints there are none.

    ``limits`` states what the checks cannot judge and what is unsettled (局限). ``digests`` are the
    SHA-256 of its file and of those of the law, as they were read.
    """

    id: str
    article: str
    title: Text
    text: Text
    reading: Text | None
    limits: Text | None
    applies: Applicability
    obligations: tuple[Obligation, ...]
    path: PurePath
    family: str
    editions: tuple[Edition, ...] = ()
    digests: Mapping[PurePath, str] = field(default_factory=dict)

    @cached_property
    def is_shipped(self) -> bool:
        """Whether the package ships it; others are policies of one's own."""
        return self.path.is_relative_to(resource("policies"))

    @property
    def is_printed(self) -> bool:
        """Whether some duty rests on printed words; of others the text says what they rest on."""
        return any(one.by_licence for one in self.obligations)

    def text_in(self, edition: object) -> Text:
        """Return what an edition prints; of one that is not known, the text of the policy."""
        return next(
            (one.text for one in self.editions if one.id == edition and one.text), self.text
        )


def decided(obligations: Iterable[Obligation]) -> Iterator[tuple[Path, Obligation]]:
    """Yield the obligations of a policy that are decided by themselves, with their paths in it.

    These are those without parts, and the parts of the others.
    """
    for i, whole in enumerate(obligations):
        if not whole.parts:
            yield ("obligations", i), whole
        yield from ((("obligations", i, "parts", j), part) for j, part in enumerate(whole.parts))


# ---- Which facts an obligation reads, and which decide whether it applies (事实路径)


def facts_read(obligation: Obligation) -> tuple[str, ...]:
    """Return the facts (事实) that decide an obligation, as dotted paths of the description.

    Paths go through lists (``sites.domains``), and the licence is under ``licence``. A path may
    lead to an object that is read whole (``servers.location``). Facts that only decide whether
    the obligation applies are those of `facts_gating`. One with parts reads what these read, and
    one that names other rules reads what they do.
    """
    if not obligation.parts and not obligation.others:
        return obligation.written.facts
    every = (one for part in obligation.each_part for one in (part, *part.others))
    return tuple(dict.fromkeys(fact for one in every for fact in one.written.facts))


def facts_of_edition(obligation: Obligation) -> tuple[str, ...]:
    """Return the facts that tell whether the licence prints an obligation (版本)."""
    names = ("provisions_edition", "issued_on", "first_issued_on") if obligation.printed else ()
    return tuple(f"licence.{name}" for name in names)


def requirement(obligation: Field) -> Node:
    """Return the condition that subjects must meet, `ANYTHING` where the kind has none."""
    fields = (field for field in obligation.walk() if field.what == "requirement")
    return next((field.node for field in fields), ANYTHING)


@once
def facts_gating(rule: Applicability) -> tuple[str, ...]:
    """Return the facts that decide whether a provision or an obligation applies (适用条件)."""
    described = schema_document("policy")["$defs"]["Applies"]["properties"]
    given = (schema for name, schema in described.items() if getattr(rule, name))
    implied = (join_path("", path) for schema in given for path in schema.get("x-icp-implies", ()))
    return tuple(dict.fromkeys((*implied, *(condition_paths(rule.when) if rule.when else ()))))


def facts_needed(policy: Policy, obligation: Obligation) -> tuple[str, ...]:
    """Return the facts that an obligation reads, and those that decide whether it applies."""
    parts = obligation.each_part
    editions = (fact for one in parts for fact in facts_of_edition(one))
    gates = (fact for one in parts for fact in facts_gating(one.applies))
    needed = (*facts_read(obligation), *editions, *facts_gating(policy.applies), *gates)
    return tuple(dict.fromkeys(needed))
