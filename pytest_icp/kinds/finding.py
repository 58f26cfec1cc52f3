"""The outcome of an obligation: verdict, findings, notes, and what is due next."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.law.jsontypes import stable_pointer
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text

MANY = 100
"""So many subjects are judged and found one by one; of more, what is alike is said once."""


class Verdict(StrEnum):
    """The four verdicts (结论); unknown never counts as satisfied."""

    VIOLATED = "violated"
    UNKNOWN = "unknown"
    SATISFIED = "satisfied"
    NOT_APPLICABLE = "not applicable"


_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of the verdicts on several subjects, in the order of `Verdict`.

    Without subjects it is not applicable.
    """
    return min(verdicts, key=_RANK.__getitem__, default=Verdict.NOT_APPLICABLE)


class NoteKind(StrEnum):
    """Why a note is given beside the verdict."""

    DUE_SOON = "due soon"
    LATE_REMEDIED = "late but remedied"
    ROLLED = "relies on 民法典 203"
    REST_DAY = "safe day passed"
    PROVISIONAL = "provisional date"
    DEFAULT = "rests on a default"
    ASSUMED = "rests on an assumption"
    GREY = "grey scope"
    DEEMED = "deemed renewed"
    LEFT_OUT = "facts left out"
    ADVICE = "advice"


class Cited(Struct, frozen=True, kw_only=True):
    """An article as it was on the day: its name and, where known, its words (引用)."""

    label: Text
    quote: Text | None = None


class Note(Struct, frozen=True, kw_only=True):
    """A note that never changes the verdict (提示).

    ``due`` is an ISO 8601 date, ``part`` the name of the part of the rule that it is about.
    """

    kind: NoteKind
    text: Text
    location: Location = Location()
    due: str | None = None
    part: str = ""


class Upcoming(Struct, frozen=True, kw_only=True, gc=False):
    """A dated duty that is not yet done and not yet late (将到期事项).

    ``last`` is the last day in time, ``safe`` the last working day not after it: ISO 8601 dates.
    ``pointer`` is the JSON Pointer of the fact that it is reckoned from, ``part`` the name of the
    part of the rule.
    """

    subject: str
    last: str
    safe: str
    provisional: bool
    pointer: str
    part: str = ""


class Other(Struct, frozen=True, kw_only=True, gc=False):
    """A further subject of a finding (其他对象): its id, and the JSON Pointer of its fact.

    ``place`` is that of the fact, as compilers write it, where it was looked up.
    """

    subject: str
    pointer: str
    place: str = ""


class Decided(Struct, frozen=True, kw_only=True):
    """A person's decision that a duty was met (认定为已履行), with the post and the day."""

    reason: str
    owner: str
    day: str


class Finding(Struct, frozen=True, kw_only=True, gc=False):
    """One subject that violates an obligation, or that cannot be decided (发现).

    ``location`` is that of the very fact; ``subject`` the id of the element it belongs to;
    ``found`` and ``required`` are the present and the required value; ``due`` the last day in time,
    where the duty is dated (an ISO 8601 date); ``on`` the day of the event that it arose from,
    whose law is ``cited`` and whose ``numbers`` are said in words; ``over`` the day on which the
    breach was over, so that nothing can be done about it any more; ``line_to_add`` are the lines
    that would declare an absent fact, which is usually so where it is ``left_out``. A check gives
    them where those of the schema would not do, a place only where it is not the fact's, and the
    ``numbers`` whose values it chose by another day; the engine adds the rest.

    An unknown finding with ``hinge`` would be a violation (可能违反): the requirement is certainly
    broken, and only whether it applies hangs on the facts of that finding, which are not known.

    ``others`` are further subjects with the same cause (同一原因): of many findings that are not
    known for one cause, the engine gives one.

    ``part`` is the name of the part of the rule, empty where it has none. At level ``review`` what
    breaks a requirement is not known to break the duty (``review``): a person must say. Once one
    has, it is satisfied and ``decided``.
    """

    verdict: Verdict
    subject: str
    location: Location
    message: Text
    found: Text
    required: Text
    due: str | None = None
    on: date | None = None
    over: date | None = None
    cited: tuple[Cited, ...] = ()
    numbers: tuple[Text, ...] = ()
    line_to_add: str = ""
    left_out: bool = False
    hinge: Finding | None = None
    others: tuple[Other, ...] = ()
    part: str = ""
    review: bool = False
    decided: Decided | None = None

    @property
    def broken(self) -> bool:
        """Whether the requirement is certainly broken, at whatever level it is."""
        return self.review or self.verdict is Verdict.VIOLATED

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the fact in the description."""
        return self.location.pointer


def of_each_subject(finding: Finding) -> Iterator[Finding]:
    """Yield a finding for each of its subjects; the places of the others were not looked up."""
    yield replace(finding, others=()) if finding.others else finding
    for other in finding.others:
        yield of_other(finding, other)


def of_other(finding: Finding, other: Other) -> Finding:
    """Return a finding as that of one of its subjects alone."""
    if other.pointer == finding.pointer and other.subject == finding.subject:
        return replace(finding, others=())
    at = Location(pointer=other.pointer, path=finding.location.path)
    # The two places differ in their elements; what follows is the same.
    mine, theirs = finding.pointer.split("/"), other.pointer.split("/")
    while mine and theirs and mine[-1] == theirs[-1]:
        mine, theirs = mine[:-1], theirs[:-1]
    of, to = (finding.subject, "/".join(mine)), (other.subject, "/".join(theirs))
    hinge = finding.hinge and moved(finding.hinge, of, to)
    return replace(finding, subject=other.subject, location=at, hinge=hinge, others=())


def moved(finding: Finding, of: tuple[str, str], to: tuple[str, str]) -> Finding:
    """Return a finding of one subject as that of another; each is given by its id and place."""
    at, hinge = pointer_moved(finding.pointer, of[1], to[1]), finding.hinge
    return replace(
        finding,
        subject=to[0] if finding.subject == of[0] else finding.subject,
        location=finding.location if at == finding.pointer else Location(pointer=at),
        hinge=hinge and moved(hinge, of, to),
    )


def of_others(finding: Finding, of: tuple[str, str], to: Iterable[tuple[str, str]]) -> Finding:
    """Return a finding of one subject as that of others too; each is given by its id and place."""
    at, is_own = finding.pointer, finding.subject == of[0]
    others = dict.fromkeys(
        Other(subject=name if is_own else finding.subject, pointer=pointer_moved(at, of[1], place))
        for name, place in to
    )
    # What is in no subject is the same for all.
    others.pop(Other(subject=finding.subject, pointer=at), None)
    return replace(finding, others=tuple(others))


def pointer_moved(json_pointer: str, mine: str, theirs: str) -> str:
    """Return the pointer of what is inside of one place as that inside of another."""
    inside = f"{json_pointer}/".startswith(f"{mine}/")
    return theirs + json_pointer[len(mine) :] if inside else json_pointer


def alike(finding: Finding) -> Hashable:
    """Return what the findings of several subjects have in common that have one cause."""
    hinge = finding.hinge
    return (
        *(finding.verdict, finding.message, finding.found, finding.required),
        *(finding.due, finding.on, finding.over, stable_pointer(finding.pointer)),
        # A fact that is not known is the same for every part that waits for it.
        *(finding.part if finding.broken else "", finding.decided),
        hinge and alike(hinge),
    )


def as_one(findings: Sequence[Finding]) -> Finding:
    """Return the first of the findings that have one cause, with the subjects of the others."""
    first, *others = findings
    # What is violated twice of one fact is said once.
    own = {(one.subject, one.pointer) for one in subjects_of(first)}
    more = {(each.subject, each.pointer): each for one in others for each in subjects_of(one)}
    new = (each for key, each in more.items() if key not in own)
    return replace(first, others=(*first.others, *new))


def subjects_of(finding: Finding) -> tuple[Other, ...]:
    """Return the subject of a finding, and the others."""
    place = str(finding.location) if finding.location.line else ""
    own = Other(subject=finding.subject, pointer=finding.pointer, place=place)
    return (own, *finding.others)


class Outcome(Struct, frozen=True, kw_only=True):
    """The decision of a check on one obligation, over all its subjects.

    ``reason`` explains the verdict in one sentence when no finding does, and ``pointer`` is the
    place of that reason; ``subjects`` counts those that it applies to. ``steps`` explain by the
    place of a subject how its dates were computed (计算过程). ``parts`` are the outcomes of the
    parts of a rule.
    """

    verdict: Verdict
    reason: Text
    pointer: str = ""
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()
    subjects: int = 0
    steps: Mapping[tuple[str | int, ...], Callable[[], Iterable[Text]]] = field(
        default_factory=dict
    )
    parts: tuple[Outcome, ...] = ()
