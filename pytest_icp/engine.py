"""The engine: decides the obligations of policies in a description, as of an instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.description import Description
from pytest_icp.facts.evidence import with_papers
from pytest_icp.facts.workdays import published
from pytest_icp.kinds import Kind
from pytest_icp.kinds import kinds as known_kinds
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.doubts import (
    Contested,
    OwnWords,
    contested,
    own_words,
    with_assumptions,
    with_own_words,
    with_remarks,
)
from pytest_icp.kinds.finding import Decided, Finding, Note, Outcome, Verdict, worst
from pytest_icp.kinds.holdings import Held, asked_for, licences_of
from pytest_icp.kinds.judgement import violated, would_be_violated
from pytest_icp.kinds.legal_force import by_its_law, cited, not_binding
from pytest_icp.kinds.locator import Locator, with_gaps
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.result import PartResult, Result, Waived
from pytest_icp.kinds.selection import applies, checked, with_existence
from pytest_icp.kinds.subjects import Subject
from pytest_icp.kinds.words import notes_on_numbers, numbers_on
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.jsontypes import tokens
from pytest_icp.law.location import Location, Place
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.policy import Obligation, Policy, facts_gating, facts_of_edition, facts_read
from pytest_icp.rules.settings import Settings
from pytest_icp.rules.waivers import Waiver

_Placed = TypeVar("_Placed", Finding, Note)


class Scene(Struct, frozen=True, kw_only=True, dict=True):
    """A description as of an instant, ready for obligations to be decided in it.

    ``base`` is the folder that the paths in results are relative to, ``contested`` what the
    description says in two ways, which ``context`` does not know. ``places`` are those of all that
    results name; of what is found, without lines to add; or none, as in the row of a table.
    """

    description: Description
    context: Context
    contested: Contested
    base: Path
    kinds: Mapping[str, Kind] = field(default_factory=known_kinds)
    waivers: tuple[Waiver, ...] = ()
    places: Literal["all", "found", "none"] = "all"
    # Each rule of a provision asks for its words, and for which licences it is asked.
    worded: dict[str, OwnWords | None] = field(default_factory=dict)
    asked: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def name(self) -> str:
        """The path of the description, as results write it."""
        return self.locator.at(Place(path=self.description.path)).path

    @cached_property
    def is_doubted(self) -> bool:
        """Whether something is contested, incomplete or assumed, which outcomes may rest on."""
        contested = (self.contested.every_doubt, self.contested.claims)
        return any((*contested, self.locator.lacking, self.description.assumptions))

    @cached_property
    def as_of(self) -> str:
        """The instant, as results write it."""
        return self.context.as_of.isoformat(timespec="seconds")

    def own_words(self, policy: Policy) -> OwnWords | None:
        """Return the words of the licence's own for a provision, compared once."""
        if policy.id not in self.worded:
            self.worded[policy.id] = own_words(self.description.licence, policy)
        return self.worded[policy.id]

    @cached_property
    def licences(self) -> tuple[Held, ...]:
        """The licences of the company, first the one that is described."""
        return licences_of(self.description.facts)

    def asked_for(self, policy: Policy) -> tuple[str, ...]:
        """Return for which licences a policy is asked; where there is one only, nothing is said."""
        if policy.family not in self.asked:
            several = len(self.licences) > 1
            licences = asked_for(policy.family, self.licences) if several else ()
            self.asked[policy.family] = tuple(one.name for one in licences)
        return self.asked[policy.family]

    @cached_property
    def locator(self) -> Locator:
        """The locator of facts."""
        lacking = self.description.gaps_as_of(self.context.as_of)
        return Locator(self.description, self.base, self.contested.every_doubt, lacking)

    @cached_property
    def locations(self) -> dict[str, Location]:
        """The locations by pointer: many results name the same facts."""
        return {}

    @cached_property
    def accepted(self) -> tuple[Waiver, ...]:
        """The waivers and decisions that hold on the as-of day."""
        return holding(self.waivers, self.context.today)


def evaluate(
    description: Description,
    *,
    as_of: str | date | datetime,
    policies: Iterable[Policy] | None = None,
    settings: Settings | None = None,
    calendar: Calendar | None = None,
    waivers: tuple[Waiver, ...] = (),
) -> tuple[Result, ...]:
    """Decide every obligation of every policy that binds the licence of a description.

    ``as_of`` is a day (its end counts), an instant, or either as an ISO 8601 text; naive
    instants are in Beijing time. Without ``policies``, those of the product apply, and without
    ``calendar`` the published working days. Results come in the order of the policies.

    Raises `TimeError` if ``as_of`` is not a valid date, `InputError` for an unknown paper, and
    `TypeError` for what is not a description, such as its path, or neither a day nor an instant.
    """
    if not isinstance(description, Description):
        raise TypeError(
            f"evaluate() takes what load() returns, as in evaluate(load({description!r}), …)"
        )
    if not isinstance(as_of, (str, date)):
        raise TypeError(f"evaluate() takes a day or an instant as `as_of`, and not {as_of!r}")
    at = as_of_instant(as_of)
    scene = prepare(description, as_of=at, settings=settings, calendar=calendar, waivers=waivers)
    chosen = default_policies() if policies is None else policies
    return tuple(
        decide(scene, policy, obligation)
        for policy in binding(chosen, description)
        for obligation in policy.obligations
    )


def prepare(
    description: Description,
    *,
    as_of: datetime,
    settings: Settings | None = None,
    calendar: Calendar | None = None,
    waivers: tuple[Waiver, ...] = (),
    kinds: Mapping[str, Kind] | None = None,
    base: Path | None = None,
    places: Literal["all", "found", "none"] = "all",
) -> Scene:
    """Prepare a description once, so that `decide` may be called for each obligation."""
    settings = (settings or Settings()).said_by(description.facts)
    description = replace(description, facts=with_papers(description.facts, settings.papers))
    context = Context(
        view=description.view(as_of),
        as_of=as_of,
        calendar=calendar or published(),
        evidence=description.evidence,
        settings=settings,
    )
    found = contested(context, description)
    return Scene(
        description=description,
        context=found.context,
        contested=found,
        base=base or description.root,
        kinds={**known_kinds(), **(kinds or {})},
        waivers=waivers,
        places=places,
    )


def binding(policies: Iterable[Policy], description: Description) -> tuple[Policy, ...]:
    """Return the policies that apply: common ones, and those of the lines of any licence held.

    If the lines are not declared, all policies apply.
    """
    held = licences_of(description.facts)
    return tuple(policy for policy in policies if asked_for(policy.family, held))


def decide(scene: Scene, policy: Policy, obligation: Obligation) -> Result:
    """Decide one obligation."""
    return result_of(scene, policy, obligation, outcome_of(scene, policy, obligation))


def outcome_of(scene: Scene, policy: Policy, obligation: Obligation) -> Outcome:
    """Decide one obligation, without the words and places that `result_of` adds for readers.

    What people accept or decide is added there as well.
    """
    return joined(obligation, [_outcome(scene, policy, part) for part in obligation.each_part])


def _outcome(scene: Scene, policy: Policy, obligation: Obligation) -> Outcome:
    outcome = judge(scene.context, policy, obligation, scene.kinds)
    if scene.is_doubted:
        outcome = _doubted(scene, policy, obligation, outcome)
    return with_own_words(scene.own_words(policy), policy, obligation, outcome)


def _doubted(scene: Scene, policy: Policy, obligation: Obligation, outcome: Outcome) -> Outcome:
    """Return an outcome with what its facts leave open: claims that differ, gaps, assumptions."""
    rests_on = [*_rests_on(scene.context, policy, obligation)]

    def judged(context: Context) -> Outcome:
        return judge(context, policy, obligation, scene.kinds)

    outcome = scene.contested.decided(scene.locator, outcome, rests_on, judged)
    outcome = with_gaps(scene.locator, outcome, rests_on)
    return with_assumptions(scene.locator, outcome, rests_on)


def not_decided(scene: Scene, policy: Policy, obligation: Obligation, reason: Text) -> Result:
    """Return an obligation that nobody decided as unknown, for a reason."""
    unknown = Outcome(verdict=Verdict.UNKNOWN, reason=reason)
    outcome = joined(obligation, [unknown for _ in obligation.each_part])
    return replace(result_of(scene, policy, obligation, outcome), decided=False)


def judge(
    context: Context, policy: Policy, obligation: Obligation, kinds: Mapping[str, Kind]
) -> Outcome:
    """Decide one obligation in a context, assuming that the facts are complete.

    A part, and what has none, is judged by its requirement alone, whatever its level.
    """
    if obligation.parts:
        parts = [judge(context, policy, part, kinds) for part in obligation.parts]
        return joined(obligation, parts)
    rules = (policy.applies, obligation.on(context.today).applies)
    gates = [gate for rule in rules if (gate := applies(context, rule))]
    for gate in gates:
        if gate.verdict is not Verdict.UNKNOWN:
            return gate
    if absent := not_binding(obligation, context):
        return absent
    outcome = checked(kinds[obligation.kind].check, obligation, context)
    outcome = with_existence(obligation.on(context.today), context, outcome)
    outcome = by_its_law(obligation, context, outcome)
    notes = notes_on_numbers(obligation, outcome, context.today)
    outcome = replace(outcome, notes=outcome.notes + notes) if notes else outcome
    if not gates or outcome.verdict not in {Verdict.VIOLATED, Verdict.UNKNOWN}:
        return outcome
    gap = gates[0]
    breaches = would_be_violated(say.IT_APPLIES, gap.findings[0], outcome.findings)
    return replace(gap, findings=breaches or gap.findings)


def _rests_on(context: Context, policy: Policy, obligation: Obligation) -> Iterator[str]:
    """Yield the facts that an outcome depends on."""
    rules = (policy.applies, obligation.on(context.today).applies)
    for rule in rules:
        gate = applies(context, rule)
        if gate and gate.verdict is not Verdict.UNKNOWN:
            yield from facts_gating(rule)
            return
    yield from facts_of_edition(obligation)
    if not_binding(obligation, context):
        return
    yield from facts_read(obligation)
    for rule in rules:
        yield from facts_gating(rule)


def result_of(scene: Scene, policy: Policy, obligation: Obligation, outcome: Outcome) -> Result:
    """Return an outcome with all that reports need: its words, its places, what is cited."""
    outcome = with_remarks(scene.locator, scene.context.view, obligation, outcome)
    outcome = settled(obligation, outcome, scene.accepted)
    parts = {one.part: one for one in obligation.each_part}
    result = Result(
        description=scene.name,
        rule_id=obligation.rule_id,
        provision=policy.id,
        provision_title=policy.title,
        article=policy.article,
        title=obligation.title,
        meaning=obligation.meaning,
        kind=obligation.kind,
        level=obligation.level,
        basis=obligation.basis,
        as_of=scene.as_of,
        verdict=outcome.verdict,
        reason=outcome.reason,
        location=location_of(scene, outcome.pointer) if scene.places == "all" else Location(),
        quote=plain(own.text) if (own := scene.own_words(policy)) else obligation.quote,
        fix=obligation.fix,
        cited=cited(obligation, scene.context.today),
        findings=tuple(
            _finding(scene, parts[finding.part], finding)
            for finding in scene.locator.by_cause(outcome.findings)
        ),
        notes=tuple(_located(scene, note) for note in outcome.notes),
        upcoming=outcome.upcoming,
        subjects=outcome.subjects,
        parts=parts_of(obligation, outcome, scene.accepted) if obligation.parts else (),
        licences=scene.asked_for(policy),
    )
    waived = _waived(result.rule_id, result.verdict, result.binding, scene.accepted)
    return replace(result, waived=waived) if waived else result


def _finding(scene: Scene, obligation: Obligation, finding: Finding) -> Finding:
    from pytest_icp.facts.fields import line_to_add

    absent = finding.verdict is Verdict.UNKNOWN and finding.found == say.NOT_DECLARED
    lines = ""
    if absent and scene.places == "all":
        schema, at = scene.description.home(finding.pointer)
        new = scene.description.id_to_write(finding.pointer)
        lines = finding.line_to_add or line_to_add(schema, at, element=new)
    day = finding.on or scene.context.today
    located = replace(
        _located(scene, finding),
        cited=cited(obligation, day),
        numbers=(*finding.numbers, *numbers_on(obligation, day, terms=not finding.numbers)),
        line_to_add=lines,
        hinge=finding.hinge and _finding(scene, obligation, finding.hinge),
    )
    return scene.locator.of_absent(located) if absent else located


def _located(scene: Scene, one: _Placed) -> _Placed:
    """Return what stands at a fact with its location, unless that is elsewhere."""
    at = one.location
    return one if at.path else replace(one, location=location_of(scene, at.pointer))


def location_of(scene: Scene, json_pointer: str) -> Location:
    """Return the location of a fact, with its path as in results."""
    if scene.places == "none":
        return Location(pointer=json_pointer, path=scene.name)
    if json_pointer not in scene.locations:
        scene.locations[json_pointer] = scene.locator.location(json_pointer)
    return scene.locations[json_pointer]


# ---- What the parts of a rule come to together (合并), and what people accept or decide (认可)
# Whether an entry of the waivers file still holds is checked only here.


def joined(rule: Obligation, outcomes: Sequence[Outcome]) -> Outcome:
    """Return the outcome of a rule, given one for each of its parts; without parts, the only one.

    Its verdict is the worst of those parts that are more than advice, and of advice where all is;
    what is found in a part names it. What is advice is listed after the others.
    """
    own = [_of_part(part, one) for part, one in zip(rule.each_part, outcomes, strict=True)]
    if not rule.parts:
        return own[0]
    binding, advice = list[Outcome](), list[Outcome]()
    for part, one in zip(rule.parts, own, strict=True):
        (advice if part.level == "advisory" else binding).append(one)
    every = [*binding, *advice]
    lead = min(binding or advice, key=lambda one: [*Verdict].index(one.verdict))
    return Outcome(
        verdict=lead.verdict,
        reason=lead.reason,
        pointer=lead.pointer,
        findings=tuple(finding for one in every for finding in one.findings),
        notes=_shared(note for one in every for note in one.notes),
        upcoming=tuple(duty for one in every for duty in one.upcoming),
        subjects=max(one.subjects for one in every),
        parts=tuple(replace(one, steps={}) for one in own),
    )


def _shared(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return the notes on parts; what several parts say alike is a note on the rule."""
    said: dict[Note, Note] = {}
    for note in notes:
        of_rule = replace(note, part="")
        said[of_rule] = of_rule if of_rule in said else note
    return tuple(said.values())


def _of_part(part: Obligation, outcome: Outcome) -> Outcome:
    """Return an outcome as that of a part: what it finds names the part, and has its level."""
    if part.level == "review":
        outcome = _to_review(part, outcome)
    if not part.part:
        return outcome
    name = part.part
    return replace(
        outcome,
        findings=tuple(replace(one, part=name) for one in outcome.findings),
        notes=tuple(replace(one, part=name) for one in outcome.notes),
        upcoming=tuple(replace(one, part=name) for one in outcome.upcoming),
    )


def _to_review(part: Obligation, outcome: Outcome) -> Outcome:
    """Return an outcome in which what is broken is unknown: a person must say what it means."""
    if outcome.verdict is not Verdict.VIOLATED:
        return outcome
    at, required = tokens(outcome.pointer), part.meaning
    whole = violated(Subject((), {}), at, outcome.reason, found=plain(""), required=required)
    findings = tuple(
        replace(one, verdict=Verdict.UNKNOWN, review=True) if one.broken else one
        for one in outcome.findings or whole.findings
    )
    return replace(outcome, verdict=Verdict.UNKNOWN, findings=findings)


def holding(waivers: Iterable[Waiver], today: date) -> tuple[Waiver, ...]:
    """Return the waivers that have not expired, and the decisions that are made, by a day."""
    return tuple(
        one
        for one in waivers
        if today <= one.expires and (one.decided_on is None or one.decided_on <= today)
    )


def settled(rule: Obligation, outcome: Outcome, waivers: Sequence[Waiver]) -> Outcome:
    """Return the outcome of a rule in which what a person has decided is not open any more."""
    decisions = [one for one in waivers if one.decided_on]
    if not decisions or not any(finding.review for finding in outcome.findings):
        return outcome

    def part(one: Outcome) -> Outcome:
        found = tuple(_decided(rule.rule_id, finding, decisions) for finding in one.findings)
        if found == one.findings:
            return one
        verdict = worst((Verdict.SATISFIED, *(finding.verdict for finding in found)))
        return replace(one, verdict=verdict, findings=found)

    return joined(rule, [part(one) for one in outcome.parts or (outcome,)])


def _decided(rule_id: str, finding: Finding, decisions: Sequence[Waiver]) -> Finding:
    """Return a finding as it was decided; what was due only later was not decided with it."""
    for one in decisions if finding.review else ():
        if one.covers(rule_id, finding.subject, finding.part) and one.settles(finding.due):
            decided = Decided(reason=one.reason, owner=one.owner, day=str(one.decided_on))
            return replace(finding, verdict=Verdict.SATISFIED, review=False, decided=decided)
    return finding


def parts_of(
    rule: Obligation, outcome: Outcome, waivers: Sequence[Waiver]
) -> tuple[PartResult, ...]:
    """Return what was decided of each part of a rule; without parts, of the only one."""
    return tuple(
        PartResult(
            name=part.part,
            title=part.title,
            level=part.level,
            verdict=one.verdict,
            quote=part.quote,
            fix=part.fix,
            waived=_waived(rule.rule_id, one.verdict, one.findings, waivers),
        )
        for part, one in zip(rule.each_part, outcome.parts or (outcome,), strict=True)
    )


def _waived(
    rule_id: str, verdict: Verdict, findings: Sequence[Finding], waivers: Sequence[Waiver]
) -> Waived | None:
    """Return the waiver that expires first, if each breach that was found has one.

    What is unknown for another reason than that a person must decide cannot be waived.
    """
    undecided = any(one.verdict is Verdict.UNKNOWN and not one.review for one in findings)
    if not waivers or (verdict is Verdict.UNKNOWN and undecided):
        return None
    terms = [one for one in waivers if not one.decided_on]
    used = [
        next((one for one in terms if one.covers(rule_id, found.subject, found.part)), None)
        for found in findings
        if found.broken
    ]
    known = [one for one in used if one]
    if not known or len(known) < len(used):
        return None
    first = min(known, key=lambda waiver: waiver.expires)
    return Waived(reason=first.reason, owner=first.owner, expires=first.expires.isoformat())
