"""The law that a verdict flips exactly at the boundary (边界), for terms and for numbers.

The boundary is computed independently of the check, by `pytest_icp.law.deadline`, from the number
that the words of the obligation state, else from the one that its fields declare. A number that
has changed is that of the day that chooses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.tried import BrokenLaw, alone, resolve, subjects
from pytest_icp.authoring.strategies.candidates import takes_instants
from pytest_icp.authoring.strategies.shapes import NOTABLE_DAYS, expand, place, shape_at
from pytest_icp.authoring.strategies.trial import (
    Document,
    Situation,
    Tokens,
    Trial,
    dotted,
    found_at,
)
from pytest_icp.authoring.words import Bound, Stated, leaves, stated_bound, stated_term
from pytest_icp.facts.asof import NEVER
from pytest_icp.facts.files.properties import property_at
from pytest_icp.facts.plans import time_plan
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.legal_force import in_force
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.deadline import Unit, due
from pytest_icp.law.text import Text, counted
from pytest_icp.law.times import CST, TimeError, as_of_instant, civil_date, parse_time
from pytest_icp.rules.fields import Field, join_path
from pytest_icp.rules.numbers import Number, reckon
from pytest_icp.rules.patterns import DECIDE
from pytest_icp.rules.policy import Obligation

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_FAR = 400

_LICENSED: tuple[Tokens, ...] = (("licence", "first_issued_on"), ("licence", "issued_on"))
_UNITS = {unit.value for unit in Unit}


class DatedDuty(Struct, frozen=True, kw_only=True):
    """The term of an obligation, its source, and the paths of its event and of its deed.

    A deed counts where it meets ``where``. ``changed`` is the number of the term, where it has had
    several values.
    """

    term: Stated
    source: Text
    events: tuple[str, ...]
    done: str
    records: str
    where: Node = ANYTHING
    changed: Number | None = None

    @property
    def exact(self) -> bool:
        """Whether the term runs from instant to instant."""
        return self.term.unit in {"hours", "minutes"}

    def last(self, event: date, trial: Trial) -> date:
        """Return the last day, or instant, in time."""
        if self.changed is not None:
            direction: Literal["after", "before"] = (
                "before" if self.term.way == "before" else "after"
            )
            return reckon(self.changed, event, direction, trial.calendar).due.last
        way: dict[str, Any] = {
            "before" if self.term.way == "before" else "after": event,
            self.term.unit: self.term.amount,
        }
        return due(**way, calendar=trial.calendar).last


def duty_of(obligation: Obligation) -> DatedDuty | None:
    """Return the dated duty of an obligation; None where it has no single term.

    The schema of its kind marks the term as ``x-icp-term``, the event that it runs from as
    ``x-icp-event``, and the deed as ``x-icp-deed``.
    """
    every = [*obligation.written.fields.walk()]
    term = next((field for field in every if field.mark("x-icp-term")), None)
    event = next((field for field in every if field.mark("x-icp-event")), None)
    deed = next((field for field in every if field.mark("x-icp-deed")), None)
    if term is None or event is None or deed is None:
        return None
    amounts = [(one.value, one.mark("x-icp-unit")) for one in term.members]
    declared = [
        Stated(int(n), unit, term.mark("x-icp-term"))
        for n, unit in amounts
        if isinstance(n, (int, float)) and unit in _UNITS
    ]
    events, days = (_days(field) for field in (event, deed))
    if len(declared) != 1 or not events or not days:
        return None
    stated = stated_term(obligation)
    known = replace(stated, way=stated.way or declared[0].way) if stated else declared[0]
    template = say.TERM_IN_WORDS if stated else say.TERM_IN_FIELDS
    records = (str(one.value) for one in deed.members if one.what == "records")
    return DatedDuty(
        term=known,
        source=template.format(term=_words(known)),
        events=events,
        done=days[0],
        records=next(records, ""),
        where=next((one.node for one in deed.members if one.what == "condition"), ANYTHING),
        changed=next((one for one in obligation.terms if len(one.values) > 1), None),
    )


def _days(field: Field) -> tuple[str, ...]:
    """Return the paths of days in a field; ``x-icp-path`` is that of a word."""
    said = field.mark("x-icp-path")
    if said:
        return (said,)
    return tuple(str(one.value) for one in field.walk() if one.what == "day" and one.is_path)


def _words(term: Stated) -> Text:
    ways = {"before": Text("前", " before"), "after": Text("内", " after"), None: Text("", "")}
    return counted(term.amount, term.unit) + ways[term.way]


def flips_at_the_end_of_the_term(
    trial: Trial, situation: Situation, *, days: Sequence[str] = NOTABLE_DAYS
) -> Iterator[BrokenLaw]:
    """Try one subject alone, with an event on days that are easy to miscount."""
    duty = duty_of(trial.obligation)
    if duty is None:
        return
    for subject in subjects(situation.document, trial.obligation.each):
        if DECIDE.truth(trial.obligation.where, found_at(situation.document, subject)):
            document, at = alone(situation.document, subject)
            for written in days:
                yield from _about(trial, duty, situation.having(document), at, written)
            return


def _about(
    trial: Trial, duty: DatedDuty, situation: Situation, at: Tokens, written: str
) -> Iterator[BrokenLaw]:
    day = date.fromisoformat(written)
    if not in_force(trial.obligation, day):
        return
    start = datetime(day.year, day.month, day.day, 9, 30, tzinfo=CST) if duty.exact else day
    try:
        last = duty.last(start, trial)
        begun = _begun(trial, situation, at, min(civil_date(start), civil_date(last)))
        placed = _with_event(duty, begun, at, start)
        never = _with_deed(trial, duty, placed, at, NEVER)
        instants = _instants(duty, at)
    except (LookupError, TimeError):
        return
    if not in_force(trial.obligation, civil_date(last)):
        return
    far = replace(never, as_of=(civil_date(last) + timedelta(days=_FAR)).isoformat())
    if _scheduled(duty, at) < civil_date(last) or trial.verdict(far) is not Verdict.VIOLATED:
        # The obligation does not match the subject, or facts other than these decide.
        return
    near = replace(never, as_of=_text(last))
    if duty.term.way == "before" and trial.verdict(near) is Verdict.NOT_APPLICABLE:
        # What makes it apply, such as a decision, came after the term had ended.
        return
    why = say.ENDS.format(source=duty.source, event=_text(start), last=_text(last))
    for deed, as_of, expected in _edges(last, instants=instants):
        tried = replace(_with_deed(trial, duty, placed, at, deed), as_of=as_of)
        found = trial.verdict(tried)
        # What is unknown hangs on other facts as well; before the last day it may not apply yet.
        is_early = found is Verdict.NOT_APPLICABLE and as_of < _text(civil_date(last))
        if found not in {expected, Verdict.UNKNOWN} and not is_early:
            yield BrokenLaw(say.BOUNDARY_LAW, tried, found, expected, why)


def _scheduled(duty: DatedDuty, at: Tokens) -> date:
    """Return the day until which the event may still lie ahead and yet count."""
    path = dotted(resolve(at, duty.events[-1])).replace("[]", "")
    known = property_at("description", path)
    ahead = duty.term.way == "before" and (known is None or known.time != "schedule")
    return date.min if ahead else date.max


def _with_event(duty: DatedDuty, situation: Situation, at: Tokens, event: date) -> Situation:
    """Set the day of the event."""
    document = situation.document
    for path in duty.events[:-1]:
        document = place(document, resolve(at, path), NEVER)
    return situation.having(place(document, resolve(at, duty.events[-1]), _text(event)))


def _begun(trial: Trial, situation: Situation, at: Tokens, day: date) -> Situation:
    """Let the licence, the subject, and what makes the duty apply begin by a day."""
    document = situation.document
    for begun in _beginnings(trial, document, at):
        written = found_at(document, begun)
        if isinstance(written, str) and written != NEVER and civil_date(parse_time(written)) > day:
            document = place(document, begun, _text(day))
    return situation.having(document)


def _beginnings(trial: Trial, document: Document, at: Tokens) -> Iterator[Tokens]:
    """Yield the places of the days on which they begin, and what contains the subject."""
    subject = ".".join(token for token in at if isinstance(token, str))
    for path in (*trial.gating, subject):
        for element, day in time_plan("description").beginnings(path):
            yield from expand(document, f"{element}.{day}")
    yield from _LICENSED


def _with_deed(
    trial: Trial, duty: DatedDuty, situation: Situation, at: Tokens, deed: str
) -> Situation:
    """Set the day on which the duty was done; of records, keep and date one that counts."""
    document = situation.document
    if not duty.records:
        if not DECIDE.truth(duty.where, found_at(document, at)):
            raise LookupError(duty.done)
        return situation.having(place(document, resolve(at, duty.done), deed))
    where = resolve(at, duty.records)
    records = found_at(document, where)
    node = next((one.where for one in trial.records if one.evidence), ANYTHING)
    counting = [
        one for one in (records if isinstance(records, list) else ()) if DECIDE.truth(node, one)
    ]
    if not counting:
        raise LookupError(where)
    return situation.having(place(document, where, [{**counting[0], duty.done: deed}]))


def _instants(duty: DatedDuty, at: Tokens) -> bool:
    """Whether the deed may be written as an instant; raise `LookupError` where there is none."""
    where = (*resolve(at, duty.records), 0) if duty.records else at
    return takes_instants(shape_at(resolve(where, duty.done)))


def _edges(last: date, *, instants: bool) -> Iterator[tuple[str, str, Verdict]]:
    """Yield the day of the deed, the instant judged as of, and the expected verdict."""
    end = as_of_instant(last).replace(microsecond=0)
    late = end + _SECOND
    good, bad = Verdict.SATISFIED, Verdict.VIOLATED
    for zone in (CST, UTC):
        yield NEVER, end.astimezone(zone).isoformat(), good
        yield NEVER, late.astimezone(zone).isoformat(), bad
        if instants:
            seen = (late + _DAY).isoformat()
            yield end.astimezone(zone).isoformat(), seen, good
            yield late.astimezone(zone).isoformat(), seen, bad
    if not isinstance(last, datetime):
        for days in (0, -1, -2):
            yield NEVER, (last + timedelta(days=days)).isoformat(), good
        for days in (1, 2, 30):
            yield NEVER, (last + timedelta(days=days)).isoformat(), bad
        for days in (1, 3):
            seen = (last + timedelta(days=days)).isoformat()
            yield last.isoformat(), seen, good
            yield (last + _DAY).isoformat(), seen, bad


def _text(when: date) -> str:
    return when.isoformat()


# ---- Numbers


def flips_at_the_stated_number(trial: Trial, situation: Situation) -> Iterator[BrokenLaw]:
    """Try the number that the words state, and its neighbours, in the facts compared with it."""
    bound = stated_bound(trial.obligation)
    if bound is None:
        return
    why = say.BOUND_IN_WORDS.format(bound=f"{bound.sign} {bound.number}")
    for subject in subjects(situation.document, trial.obligation.each):
        document, at = alone(situation.document, subject)
        for fact in _numbers(trial, document, at):
            for value in (bound.number, bound.number - 1, bound.number + 1):
                yield from _tried(
                    trial, situation.having(document), fact, value, bound=bound, why=why
                )


def _tried(
    trial: Trial, situation: Situation, fact: Tokens, value: int, *, bound: Bound, why: Text
) -> Iterator[BrokenLaw]:
    def with_value(number: int) -> Situation:
        return situation.having(place(situation.document, fact, number))

    far = (bound.number + 10**6, max(0, bound.number - 10**6))
    if bound.sign.startswith("<"):
        far = (far[1], far[0])
    ends = [trial.verdict(with_value(number)) for number in far]
    if value < 0 or ends != [Verdict.SATISFIED, Verdict.VIOLATED]:
        # This fact alone does not decide here.
        return
    expected = Verdict.SATISFIED if bound.allows(value) else Verdict.VIOLATED
    tried = with_value(value)
    found = trial.verdict(tried)
    if found is not expected:
        yield BrokenLaw(say.NUMBER_LAW, tried, found, expected, why)


def _numbers(trial: Trial, document: Document, at: Tokens) -> list[Tokens]:
    """Return the facts of a subject that are numbers and that the obligation may compare."""
    if trial.own_kind:
        inside = found_at(document, at)
        names = [name for name, value in inside.items() if type(value) is int]
        return [(*at, name) for name in names]
    named = leaves(trial.requirement)
    names = [name for name, leaf in named if any("imum" in keyword for keyword in leaf.schema)]
    each = join_path("", trial.obligation.each)
    paths = [path for path in trial.reads if path.startswith(f"{each}.")]
    numbers = [path for path in paths if path.rpartition(".")[2] in names]
    return [place for path in numbers for place in expand(document, path)]
