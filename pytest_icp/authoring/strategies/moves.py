"""Searches for situations with a given verdict, one change (一处改动) after another.

Starting from a given situation, or from nothing, one fact after another is changed to a value that
the policy, the schema and the other facts make worth trying, until the engine gives the verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.authoring.strategies.candidates import candidates, dates_about
from pytest_icp.authoring.strategies.shapes import (
    Shape,
    examples_of,
    expand,
    is_list,
    place,
    shape_at,
    smallest,
    values_at,
    words_of,
)
from pytest_icp.authoring.strategies.trial import (
    VERSION,
    Document,
    Situation,
    Tokens,
    Trial,
    can_be_read,
    found_at,
    with_ids,
    without,
)
from pytest_icp.authoring.words import turning
from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.law.condition import (
    ANYTHING,
    AllOf,
    AnyOf,
    Comparison,
    Every,
    Fields,
    Leaf,
    Node,
    Not,
    Some,
    is_number,
)
from pytest_icp.law.jsontypes import tokens
from pytest_icp.law.text import Text
from pytest_icp.law.times import TimeError, as_of_instant, civil_date
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.patterns import DECIDE
from pytest_icp.rules.policy import ALWAYS, Obligation, Policy

_Option = TypeVar("_Option")

# ---- Values that meet a condition (条件), or do not, made from given ones


Draw = Callable[[st.SearchStrategy[Any]], Any]


def pick(draw: Draw, options: Sequence[_Option]) -> _Option:
    """Draw one of some options; Hypothesis would look at each of them for `sampled_from`."""
    return options[draw(st.integers(0, len(options) - 1))]


def solved(draw: Draw, node: Node, value: Any, shape: Shape, *, meets: bool = True) -> Any:
    """Return a value like the given one that meets a condition, or does not.

    ``shape`` is what the schema allows there. Where conditions contradict each other, the last
    one wins; the engine decides whether the result meets them.
    """
    return _Solving(draw, value).of(node, value, shape, meets=meets)


class _Solving(Struct, frozen=True):
    """Draws values; ``facts`` are those of the subject that comparisons look into."""

    draw: Draw
    facts: Any

    def of(self, node: Node, value: Any, shape: Shape, *, meets: bool) -> Any:
        match node:
            case Leaf():
                return self.draw(_leaf(node, shape, meets=meets))
            case Comparison(word=word):
                bound = node.bound(self.facts)
                beside = Leaf({word: bound}) if is_number(bound) else Leaf({"type": "number"})
                return self.draw(_leaf(beside, shape, meets=meets))
            case Fields():
                return self._fields(node, value, shape, meets=meets)
            case AllOf(tests=tests) | AnyOf(tests=tests):
                every = isinstance(node, AllOf) is meets
                for test in tests if every else [pick(self.draw, tests)]:
                    value = self.of(test, value, shape, meets=meets)
                return value
            case Not(test=test):
                return self.of(test, value, shape, meets=not meets)
        return self._elements(node, value, shape, meets=meets)

    def _fields(self, node: Fields, value: Any, shape: Shape, *, meets: bool) -> Any:
        made = dict(value) if isinstance(value, dict) else smallest(shape)
        if not isinstance(made, dict) or not node.tests:
            return made
        chosen = node.tests if meets else (pick(self.draw, node.tests),)
        for name, test in chosen:
            try:
                below = shape.below(name)
            except LookupError:
                continue
            made[name] = self.of(test, made.get(name), below, meets=meets)
        return made

    def _elements(self, node: Some | Every, value: Any, shape: Shape, *, meets: bool) -> Any:
        elements = list(value) if isinstance(value, list) else []
        try:
            below = shape.below(0)
        except LookupError:
            return value
        if isinstance(node, Some) is meets:
            # One is enough, and it is the last.
            return [*elements[:-1], self.of(node.test, _last(elements), below, meets=meets)]
        return [self.of(node.test, element, below, meets=meets) for element in elements]


def _last(elements: list[Any]) -> Any:
    return elements[-1] if elements else None


def _leaf(leaf: Leaf, shape: Shape, *, meets: bool) -> st.SearchStrategy[Any]:
    """Return values that pass a test, or do not: those at which it turns, and those of a shape."""
    if meets and "pattern" in leaf.schema:
        return st.from_regex(str(leaf.schema["pattern"])).filter(lambda text: "\n" not in text)
    known = [*turning(leaf), *words_of(shape), *map(smallest, shape.known), *examples_of(shape)]
    passing = [value for value in known if DECIDE.truth(leaf, value) is meets]
    # What no value does, some other change of the situation may do.
    return st.sampled_from(passing or known)


# ---- Changes of a situation


Move = Callable[[Draw, Situation], Situation]

_ENOUGH = 3
"""Records of one list beyond which more would show nothing new."""


class Walker(Struct, frozen=True):
    """Changes situations one step at a time, towards a verdict of one obligation."""

    trial: Trial
    fixed_day: bool

    def step(
        self, draw: Draw, situation: Situation, outcome: Outcome, target: Verdict
    ) -> Situation:
        """Return a situation one change away, preferably one that brings the verdict nearer."""
        moves = self._moves(outcome, target)
        move: Move = pick(draw, moves)
        return move(draw, situation)

    def _moves(self, outcome: Outcome, target: Verdict) -> list[Move]:
        """Return the useful moves, the most useful first and most often."""
        demands = self.trial.requirement is not ANYTHING
        required = partial(
            self._meet, node=self.trial.requirement, meets=target is Verdict.SATISFIED
        )
        require = [required] * (4 if demands else 0)
        match, unmatch = (
            partial(self._meet, node=self.trial.obligation.where, meets=one)
            for one in (True, False)
        )
        gates = [self._gate] if self._gated else []
        days = [] if self.fixed_day else [self._day]
        guilty = [self._fact([(found.hinge or found).pointer for found in outcome.findings])]
        any_fact = [self._fact([])]
        records = [self._add_record, self._drop_record]
        if outcome.verdict is Verdict.NOT_APPLICABLE:
            return [match, match, *gates, self._subject, *any_fact, *days]
        if target is Verdict.NOT_APPLICABLE:
            return [unmatch, *any_fact, *records, *days]
        if outcome.verdict is Verdict.UNKNOWN:
            return [*guilty * 6, *require, self._add_record, *gates, *any_fact, match, *days]
        if target is Verdict.UNKNOWN:
            return [self._forget, self._forget, *any_fact, *records]
        return [*require, *guilty * 3, *any_fact * 3, *records, *days]

    @property
    def _gated(self) -> bool:
        """Whether the provision or the obligation has conditions to apply."""
        return any(gate != ALWAYS for gate in self.trial.gates)

    # ---- Subjects

    def _subject(self, draw: Draw, situation: Situation) -> Situation:
        """Add a subject that the obligation matches."""
        each = join_path("", self.trial.obligation.each)
        where = expand(situation.document, each)
        return self._solve_at(draw, situation, where[:1], self.trial.obligation.where, new=True)

    def _meet(self, draw: Draw, situation: Situation, *, node: Node, meets: bool) -> Situation:
        """Make a subject meet a condition, or not."""
        each = join_path("", self.trial.obligation.each)
        above = self.trial.fields.get("of_where")
        if above and meets and draw(st.booleans()):
            each, node = above.bases[0], above.node
        return self._solve_at(draw, situation, expand(situation.document, each), node, meets=meets)

    def _solve_at(
        self,
        draw: Draw,
        situation: Situation,
        holders: list[Tokens],
        node: Node,
        *,
        meets: bool = True,
        new: bool = False,
    ) -> Situation:
        """Make an object, or an element of a list, at one of some places meet a condition."""
        if not holders:
            return situation
        at = pick(draw, holders)
        shape = shape_at(at)
        if is_list(shape):
            found = found_at(situation.document, at)
            length = len(found) if isinstance(found, list) else 0
            at = (*at, length if new or not length else draw(st.integers(0, length - 1)))
            shape = shape.below(0)
        value = found_at(situation.document, at)
        made = solved(draw, node, smallest(shape) if value is None else value, shape, meets=meets)
        return situation.having(with_ids(place(situation.document, at, made)))

    def _gate(self, draw: Draw, situation: Situation) -> Situation:
        """Make the provision and the obligation apply."""
        document = situation.document
        for gate in self.trial.gates:
            if gate.when is not None:
                document = solved(draw, gate.when, document, shape_at(()))
        document = {**document, **self._licensed(document)}
        codes = {code for gate in self.trial.gates for code in gate.operates}
        if codes:
            code = pick(draw, sorted(codes))
            document = place(document, ("services", 0, "declared_codes"), [code])
            document = place(document, ("services", 0, "status"), "production")
            document = place(document, ("services", 0, "commercial"), value=True)
        return situation.having(document)

    def _licensed(self, document: Document) -> Document:
        """Permit the items that the gates require, and none that they exclude."""
        from pytest_icp.law.catalogue import INTERNET_ITEMS
        from pytest_icp.law.scope import INTERNET_LINE, render_scope

        codes = {code for gate in self.trial.gates for code in (*gate.items, *gate.without)}
        if not codes:
            return {}
        refused = {code for gate in self.trial.gates for code in gate.without}
        permitted = [code for code in INTERNET_ITEMS if code not in refused]
        line = {"name": INTERNET_LINE, "scope": render_scope(permitted)}
        return {"licence": {**(document.get("licence") or {}), "service_lines": [line]}}

    # ---- Facts

    def _forget(self, draw: Draw, situation: Situation) -> Situation:
        """Make one declared fact unknown."""
        known = [at for at in self.places(situation.document) if _declared(situation, at)]
        if not known:
            return situation
        return situation.having(place(situation.document, pick(draw, known), None))

    def _fact(self, blamed: list[str]) -> Move:
        """Change the value of one fact, one that findings point to if there is any."""

        def fact(draw: Draw, situation: Situation) -> Situation:
            places = self.places(situation.document)
            if not places:
                return situation
            at = pick(draw, [at for at in places if _near(at, blamed)] or places)
            value = self.value(draw, situation, at)
            there = situation.having(with_ids(place(situation.document, at, value)))
            # An event after the as-of day has not happened; so move that day as well.
            later = not self.fixed_day and is_later(value, situation.as_of)
            return replace(there, as_of=value) if later and draw(st.booleans()) else there

        return fact

    def places(self, document: Document) -> list[Tokens]:
        """Return the places, present or possible, of the facts that the obligation reads."""
        paths = self.trial.reads
        places = [at for path in paths for at in expand(document, path)]
        return list(dict.fromkeys(places))

    def value(self, draw: Draw, situation: Situation, at: Tokens) -> Any:
        """Draw a value for a place: usually one worth trying, else any that is allowed."""
        worth = partial(candidates, self.trial, situation.document, situation.as_of)
        # No condition names a whole list; one element worth trying may be enough.
        likely = [*worth(at)] or [[one] for one in worth((*at, 0))]
        if likely and draw(st.integers(0, 4)) < 4:  # noqa: PLR2004 - four times in five
            return pick(draw, likely)
        return draw(values_at(at))

    # ---- Records, documents and files

    def _add_record(self, draw: Draw, situation: Situation) -> Situation:
        """Add a record, a document or an attestation that the obligation needs."""
        if self.trial.by_rule or self.trial.documents:
            return self._attest(draw, situation)
        lists = [
            (at, node)
            for at, node in self._record_lists(situation.document)
            if len(found_at(situation.document, at) or ()) < _ENOUGH
        ]
        if not lists:
            return self._subject(draw, situation)
        at, node = pick(draw, lists)
        return self._solve_at(draw, situation, [at], node, new=True)

    def _record_lists(self, document: Document) -> list[tuple[Tokens, Node]]:
        records = self.trial.records
        lists = [(at, one.where) for one in records for at in expand(document, one.path)]
        return [(at, node) for at, node in lists if is_list(shape_at(at))]

    def _drop_record(self, draw: Draw, situation: Situation) -> Situation:
        """Remove an element from a list that the obligation reads."""
        tops = sorted(self.trial.collections & situation.document.keys())
        lists: list[Tokens] = [
            (name,) for name in tops if isinstance(situation.document[name], list)
        ]
        lists += [at for at, _ in self._record_lists(situation.document)]
        full = [at for at in lists if found_at(situation.document, at)]
        if not full:
            return situation
        at = pick(draw, full)
        index = draw(st.integers(0, len(found_at(situation.document, at)) - 1))
        return situation.having(without(situation.document, (*at, index)))

    def _attest(self, draw: Draw, situation: Situation) -> Situation:
        """Declare a dated document with an owner, and add its file."""
        day = civil_date(as_of_instant(situation.as_of)).isoformat()
        paper = {"document": "evidence/paper.txt", "issued_on": day, "owner": {"role": "法务岗"}}
        document = situation.document
        if self.trial.documents:
            places = [at for path in self.trial.documents for at in expand(document, path)]
            if not places:
                return situation
            document = place(document, pick(draw, places), paper)
        else:
            entry = {"id": "paper", "rule": self.trial.obligation.own_id, **paper}
            others = document.get("attestations") or []
            document = with_ids({**document, "attestations": [*others, entry]})
        files = {**dict(situation.files), "evidence/paper.txt": b"signed\n"}
        return replace(situation, document=document, files=tuple(sorted(files.items())))

    # ---- The day

    def _day(self, draw: Draw, situation: Situation) -> Situation:
        """Change the as-of day to one on which the verdict may change."""
        days = dates_about(
            self.trial, situation.document, situation.as_of, ("renewal", "applied_on")
        )
        known = [day for day in days if day != NEVER and "2000" < day < "2100"]
        return replace(situation, as_of=pick(draw, known))


def is_later(value: object, as_of: str) -> bool:
    """Whether a value is a date that lies after the day of an instant."""
    try:
        return as_of_instant(str(value)) > as_of_instant(as_of)
    except TimeError:
        return False


def _declared(situation: Situation, at: Tokens) -> bool:
    return found_at(situation.document, at) is not None


def _near(at: Tokens, pointers: list[str]) -> bool:
    """Whether a place is one of the pointers, inside one, or around one."""
    names = tuple(map(str, at))
    blamed = [tokens(one) for one in pointers]
    return any(names[: len(one)] == one or one[: len(names)] == names for one in blamed)


# ---- Strategies for situations with a given verdict (满足、违反、无法判断), for any kind


AS_OF = "2024-06-03"
"""The default as-of day of situations: a working day."""

_STEPS = 40
"""The number of changes after which an example is given up."""

_STUCK = 6
"""The number of times that the same change is tried once more in vain."""

_NOTHING = Text(zh="", en="")


def situations(
    obligation: Obligation,
    verdict: Verdict,
    *,
    policy: Policy | None = None,
    around: Situation | None = None,
    as_of: str | None = None,
) -> st.SearchStrategy[Situation]:
    """Return situations in which the engine finds a verdict on an obligation.

    ``policy`` is the provision of the obligation, for its applicability; ``around`` a situation
    to start from, by default one that declares nothing; ``as_of`` the day on which all are
    judged, by default any.

    Examples shrink to ``around`` where that has the verdict, else to few changes of it. Where none
    is found, Hypothesis reports that it cannot satisfy the strategy.

    Raises `InvalidArgument` for an ``as_of`` that is not a day, and an obligation with parts.
    """
    try:
        as_of_instant(as_of or AS_OF)
    except TimeError as error:
        raise InvalidArgument(f"as_of={as_of!r}: {error}") from error
    trial = trial_of(obligation, policy)
    start = around or Situation(document=dict(VERSION), as_of=as_of or AS_OF)

    @st.composite
    def found(draw: st.DrawFn) -> Situation:
        here, outcome = approached(draw, trial, verdict, start, fixed_day=as_of is not None)
        return here if outcome.verdict is verdict else reject()

    return found()


def trial_of(obligation: Obligation, policy: Policy | None) -> Trial:
    """Return a trial of an obligation; without its policy it applies to everyone.

    Raises `InvalidArgument` for one with parts: each of them is decided by itself.
    """
    if obligation.parts:
        named = ", ".join(part.part for part in obligation.parts)
        raise InvalidArgument(f"{obligation.rule_id} has parts, of which one is wanted: {named}")
    return Trial(obligation=obligation, policy=policy or _alone(obligation))


def _alone(obligation: Obligation) -> Policy:
    from pathlib import PurePath

    from pytest_icp.rules.policy import ALWAYS

    return Policy(
        id=obligation.provision,
        article="",
        title=_NOTHING,
        text=_NOTHING,
        reading=None,
        limits=None,
        applies=ALWAYS,
        obligations=(obligation,),
        path=PurePath(),
        family="",
    )


def approached(
    draw: Draw,
    trial: Trial,
    target: Verdict,
    start: Situation,
    *,
    fixed_day: bool,
    steps: int = _STEPS,
) -> tuple[Situation, Outcome]:
    """Walk from a situation towards a verdict; return the nearest one in so many steps."""
    walker = Walker(trial, fixed_day)
    here, outcome = start, trial.outcome(start)
    last, again = start, 0
    for _ in range(steps):
        if outcome.verdict is target or again == _STUCK:
            break
        there = walker.step(draw, here, outcome, target)
        last, again = there, again + 1 if there == last else 0
        if again or there == here or not can_be_read(there.document):
            continue
        beyond = trial.outcome(there)
        if distance(beyond, target) <= distance(outcome, target):
            here, outcome = there, beyond
    return here, outcome


def distance(outcome: Outcome, target: Verdict) -> int:
    """Estimate how far an outcome is from a verdict."""
    if outcome.verdict is target:
        return 0
    if outcome.verdict is Verdict.NOT_APPLICABLE:
        return 1000
    if target is not Verdict.SATISFIED:
        # How much is not known, or wrong, says nothing of how far it is to a violation.
        return 200 if outcome.findings else 100
    far = 500 if outcome.verdict is Verdict.UNKNOWN else 100
    return min(far, len(outcome.findings)) if outcome.findings else far - 1
