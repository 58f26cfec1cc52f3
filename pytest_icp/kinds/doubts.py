"""What is doubtful in a description or licence (存疑), applied to the outcomes that rest on it.

Where a description says two things, a rule is decided with each:

- Places state different values of one fact. It counts as not known; yet where one of the values
  breaks a rule, the rule is violated: either it is broken, or that place says what is not so.
- Two declarations exclude each other (矛盾). The second counts as not known.
- A number is not the sum that it has to be. It counts as any from the number to the sum. Where the
  number is left out, the sum stands for it, or the bounds within which the sum lies.

Of the rest it is said in the results that it concerns, mostly in notes. A service whose status is
ahead of the day of its launch is not there yet: the day decides. Facts that are left out are not
known, though most of them are usually so: one note lists them all. What of the facts is assumed
(假定) is named. Where a licence words a provision differently, a violation of the common wording
remains one, but a pass does not: the rule was not written for that wording.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.asof import NONE, View
from pytest_icp.facts.assumptions import Assumption
from pytest_icp.facts.derived import Disagreement, Status
from pytest_icp.facts.description import Description
from pytest_icp.facts.fields import word_of
from pytest_icp.facts.plans import USUAL, Plan, marked
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import LIVE, Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.finding import Finding, Note, NoteKind, Outcome, Verdict, of_each_subject
from pytest_icp.kinds.judgement import unknown
from pytest_icp.kinds.likeness import EQUAL, Index
from pytest_icp.kinds.locator import Doubt, Locator
from pytest_icp.kinds.subjects import Collected, Subject, Tokens, location, steps
from pytest_icp.kinds.words import shown
from pytest_icp.law.condition import Node, Truth, between
from pytest_icp.law.folding import fold_tight
from pytest_icp.law.jsontypes import Json, JsonObject, changed, dotted, overlap, pointer, tokens
from pytest_icp.law.location import Location
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, plain, show
from pytest_icp.rules.contradictions import Contradiction, Declared, Denied, Sum, contradictions
from pytest_icp.rules.policy import Obligation, Policy, facts_read

_ELSEWHERE = Text(
    zh="{found}（{place}）；另一处不同：{others}",
    en="{found} ({place}); elsewhere it differs: {others}",
)
_OTHERS, _STATED = Text("；", "; "), Text("{value}（{place}）", "{value} ({place})")
_STALE = Text(
    zh="；计划或状态已经过时，请重新生成计划，或用 terraform apply 部署代码所写的",
    en="; the plan or state is out of date: plan again, or apply what the code says",
)
_FINE = (Verdict.SATISFIED, Verdict.NOT_APPLICABLE)
_WHOLE = Decimal(1)

Judge = Callable[[Context], Outcome]
"""Decides one rule in a context."""


class Contested(Struct, frozen=True):
    """What is contested in a description; ``context`` is without the facts that are doubted.

    ``sums`` are the numbers that are not the sum that they have to be. ``claims`` are the facts
    that have several values, by pointer, and ``ways`` contexts with one value of each.
    """

    context: Context
    doubts: tuple[Doubt, ...] = ()
    sums: tuple[Doubt, ...] = ()
    claims: Mapping[str, Disagreement] = field(default_factory=dict)
    ways: tuple[Context, ...] = ()

    @property
    def every_doubt(self) -> tuple[Doubt, ...]:
        """The contradictions, those of sums among them."""
        return (*self.doubts, *self.sums)

    def decided(
        self, locator: Locator, outcome: Outcome, facts: Sequence[str], judge: Judge
    ) -> Outcome:
        """Return the outcome of a rule that reads ``facts``, by all that is said of them."""
        broken = outcome.findings if outcome.verdict is Verdict.VIOLATED else ()
        parts = {pointer(one.first): location(one.second) for one in self.sums} if broken else {}
        # Either the number breaks the rule, or those that it is the sum of.
        more = (replace(f, location=parts[f.pointer]) for f in broken if f.pointer in parts)
        outcome = replace(outcome, findings=(*outcome.findings, *more))
        mine = {at: one for at, one in self.claims.items() if _is_read(at, facts)}
        if not mine or outcome.verdict in _FINE:
            return outcome
        return _by_claims(locator, outcome, mine, list(map(judge, self.ways)))


def contested(context: Context, description: Description) -> Contested:
    """Return what is contested in a description; ``context`` is that in which it is decided.

    A list that is contested as a whole is left out of the claims: it may be incomplete whichever
    is so.
    """
    claims = {at: one for at, one in description.contested.items() if not _is_list(one)}
    most = max((len(one.statements) for one in claims.values()), default=0)

    def way(number: int) -> Context:
        values: dict[Tokens, Json] = {
            tuple(tokens(at)): one.statements[min(number, len(one.statements) - 1)].value
            for at, one in claims.items()
        }
        facts = changed(description.facts, values)
        return _contradicted(_seeing(context, description, facts), description, facts).context

    found = _contradicted(context, description, description.facts)
    return replace(found, claims=claims, ways=tuple(map(way, range(most))))


def _seeing(context: Context, description: Description, facts: JsonObject) -> Context:
    """Return a context in which other facts are seen."""
    return _in_view(context, description.view(context.as_of, facts))


def _in_view(context: Context, view: View) -> Context:
    return replace(context, view=view, collected={}, operating={}, limits={})


# ---- Declarations that exclude each other, and sums


def _contradicted(context: Context, description: Description, facts: JsonObject) -> Contested:
    """Return the contradictions that hold in a context, and the context without what they doubt."""
    known = contradictions()
    doubts = tuple(chain.from_iterable(_doubts(context, one) for one in known.contradictions))
    if doubts:
        facts = changed(facts, {place: None for doubt in doubts for place in doubt.places})
        context = _seeing(context, description, facts)

    totals = dict(total for one in known.sums if (total := _total(context, one)))
    if totals:
        values = {at: value for at, (value, _) in totals.items()}
        # A total has no date: nothing else looks different.
        seen = replace(context.view, facts=changed(context.view.facts, values))
        context = _in_view(context, seen)
    unequal = tuple(doubt for _, doubt in totals.values() if doubt)
    return Contested(context, doubts, unequal)


def _doubts(context: Context, one: Contradiction) -> Iterator[Doubt]:
    """Yield what is doubted: for each subject that is joined to records, else once."""
    inside, denied = one.denied.inside, one.denied
    top, names = steps(denied.each)[2][:1], [steps(name)[2] for name in denied.facts]
    every = None if inside else _Records(context, denied, context.subjects(denied.each))
    # What is declared for a later day is not a denial.
    if every and id(context.view.facts.get(top[0])) in context.view.origins:
        return
    for subject in context.subjects(one.declared.each).subjects:
        if not _counts(context, one.declared, subject):
            continue
        there = every or _Records(context, denied, context.subjects(inside, subject))
        fact, whole = one.declared.fact, context.fact(subject, inside).tokens if inside else top
        first = context.fact(subject, fact).tokens if fact else subject.tokens
        for records in there.without_any(subject):
            facts = tuple((*record.tokens, *name) for record in records for name in names)
            places = facts if records else (whole,)
            yield Doubt(first, (*places, whole)[0], one.because, places)
            if not (inside or denied.match):
                return


def _counts(context: Context, declared: Declared, subject: Subject) -> bool:
    """Whether a subject certainly meets the first declaration."""
    if not context.decide.truth(declared.where, subject.value):
        return False
    if declared.until:
        fact = context.fact(subject, declared.until)
        last = day_of(fact)
        if fact.value is None or (last is not None and last < context.today):
            return False
    if declared.day:
        issued = context.first_issued_on or context.issued_on
        day = day_of(context.fact(subject, declared.day))
        return issued is not None and day is not None and issued <= day
    return True


class _Records(Struct, frozen=True, eq=False, dict=True):
    """The second declarations that there are, and what joins them to one of the first."""

    context: Context
    denied: Denied
    there: Collected

    def without_any(self, subject: Subject) -> Iterator[tuple[Subject, ...]]:
        """Yield what there is for each value of a subject, where certainly none of it is denied.

        Of a list, those values count that join some to it.
        """
        subjects, join = self.there.subjects, self.denied.match
        if self.there.missing:
            return
        if join is None:
            yield from () if self._may_be else (subjects,)
            return
        mine = self.context.fact(subject, join.subject)
        is_list = isinstance(mine.value, list)
        others = self._by_value.others
        for value in mine.values if is_list else (mine.value,):
            own = self._by_value.at([value])
            if (own or not is_list) and self._may_be.isdisjoint((*others, *own)):
                yield tuple(subjects[i] for i in sorted({*others, *own})) or subjects

    @cached_property
    def _may_be(self) -> frozenset[int]:
        """The positions of what may be that which is denied."""
        decide, none = self.context.decide, self.denied.none
        records = enumerate(self.there.subjects)
        return frozenset(i for i, one in records if decide.truth(none, one.value) is not False)

    @cached_property
    def _by_value(self) -> Index:
        """The records by the value that joins them."""
        path = self.denied.match.record if self.denied.match else ""
        return Index.of(EQUAL, (self.context.fact(one, path) for one in self.there.subjects))


def _total(context: Context, rule: Sum) -> tuple[Tokens, tuple[Json, Doubt | None]] | None:
    """Return the place of a number that is left out or not the sum, and what stands for it.

    What is not known of the parts makes the bounds wider. A number that is declared is doubted only
    where all of them is known.
    """
    whole = Subject((), context.view.facts)
    stated, parts = context.fact(whole, rule.fact), context.fact(whole, rule.of)
    if not isinstance(parts.value, list) or None in parts.value:
        return None
    if stated.value is None:
        least, most = _bounds(rule, _parts(rule, context, context.counts))
        return stated.tokens, (between(_number(least), _number(most)), None)
    added = _parts(rule, context, lambda part, where: context.decide.truth(where, part.value))
    least, most = _bounds(rule, added)
    mine, is_known = _decimal(stated.value), all(None not in (p.number, p.counts) for p in added)
    # Of a list of which some are still to come, the number of today may be the sum.
    is_whole = id(parts.value) not in context.view.origins
    if mine is None or not (is_known and is_whole) or least <= mine <= most:
        return None
    doubt = Doubt(stated.tokens, parts.tokens, rule.because, (stated.tokens,))
    bounds = sorted((mine, least if mine < least else most))
    return stated.tokens, (between(*map(_number, bounds)), doubt)


class _Part(Struct, frozen=True):
    """The number of one part, and whether it is added up, as far as both are known.

    What is not ``apart`` lies within another part.
    """

    number: Decimal | None
    counts: Truth
    apart: bool


def _parts(rule: Sum, context: Context, counts: Callable[[Subject, Node], Truth]) -> list[_Part]:
    there = context.subjects(rule.of).subjects
    ids = {context.fact(one, "id").value for one in there} - {None} if rule.within else set()
    return [
        _Part(
            number=_decimal(context.fact(one, rule.add).value),
            counts=counts(one, rule.where),
            apart=not rule.within or context.fact(one, rule.within).value not in ids,
        )
        for one in there
    ]


def _bounds(rule: Sum, parts: Iterable[_Part]) -> tuple[Decimal, Decimal]:
    """Return what parts add up to at least and at most.

    All shares together are the whole, so that what is not declared is part of the rest. The persons
    of several stores may be the same ones.
    """
    added = [one for one in parts if not rule.overlap or one.counts is not False]
    sure = [one.number for one in added if one.number is not None and one.counts]
    if rule.overlap:
        apart = [one.number for one in added if one.apart]
        most = sum((n for n in apart if n is not None), Decimal(0))
        least = max(sure, default=Decimal(0))
        return least, Decimal("Infinity") if None in apart else max(least, most)
    least = sum(sure, Decimal(0))
    perhaps = sum((n for one in added if one.counts is None and (n := one.number)), Decimal(0))
    rest = _WHOLE - sum((one.number for one in added if one.number is not None), Decimal(0))
    return least, least + perhaps + max(rest, Decimal(0))


def _number(value: Decimal) -> float:
    """Return a number as descriptions write it: whole ones without a point."""
    return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)


def _decimal(value: Json) -> Decimal | None:
    """Return a number as it is written: 0.1 and 0.2 are 0.3."""
    return Decimal(str(value)) if isinstance(value, (int, float)) else None


# ---- Claims about one fact


def _by_claims(
    locator: Locator,
    outcome: Outcome,
    claims: Mapping[str, Disagreement],
    ways: Sequence[Outcome],
) -> Outcome:
    """Return the outcome of a rule that reads some claims, which has another in each way.

    If it is violated by one of them, it is violated, or would be; if each of them satisfies it,
    it is satisfied; else it stays unknown.
    """
    broken = next((way for way in ways if way.verdict is Verdict.VIOLATED), None)

    def counts(one: Finding) -> bool:
        would = broken is None and one.hinge is not None
        return one.verdict is Verdict.VIOLATED or would

    def each(of: Outcome) -> Iterator[Finding]:
        return chain.from_iterable(map(of_each_subject, of.findings))

    found = {_about(one): one for one in filter(counts, each(outcome))}
    for number, way in enumerate(ways):
        for one in filter(counts, each(way)):
            found.setdefault(_about(one), _placed(locator, claims, one, number))
    if found:
        subjects = {one.subject for one in found.values()}
        others = (one for one in each(outcome) if one.subject not in subjects)
        return replace(broken or outcome, findings=(*found.values(), *others))
    # Of several facts not every pair of claims was tried.
    agreed = len(claims) == 1 and all(way.verdict in _FINE for way in ways)
    return min(ways, key=lambda way: _FINE.index(way.verdict)) if agreed else outcome


def _is_list(one: Disagreement) -> bool:
    whole = len(tokens(one.pointer)) == 1
    return whole and any(isinstance(each.value, list) for each in one.statements)


def _is_read(at: str, facts: Iterable[str]) -> bool:
    """Whether a rule reads a contested fact, a part of it or what it is a part of."""
    mine = dotted(tokens(at))
    return any(overlap(mine, one) for one in facts)


def _about(finding: Finding) -> tuple[str, str]:
    return finding.subject, finding.pointer


def _placed(
    locator: Locator, claims: Mapping[str, Disagreement], finding: Finding, number: int
) -> Finding:
    """Return a finding at the place of the claim that it rests on, with the other claims."""
    about = finding.pointer
    claim = next((c for at, c in claims.items() if overlap(at, about, "/")), None)
    if claim is None:
        return finding
    number = min(number, len(claim.statements) - 1)
    here = locator.stated(claim.statements[number].provenance, finding.pointer)
    at = tuple(tokens(claim.pointer))
    others = _OTHERS.join(
        [
            _STATED.format(value=shown(one.value, at), place=locator.stated(one.provenance, about))
            for i, one in enumerate(claim.statements)
            if i != number
        ]
    )
    found = _ELSEWHERE.format(found=finding.found, place=here, others=others)
    return replace(finding, location=here, found=found + _STALE if claim.stale else found)


# ---- Services that are launched later, and facts that are left out

_AHEAD = Text(
    zh="“{name}”的状态为“{status}”，开通日期却在以后（{day}）：以开通日期为准，尚无此项业务",
    en="the status of {name} is {status}, but it is launched later, on {day}: by that day there "
    "is no such service yet",
)
_LEFT_OUT = Text(
    zh="没有写的事实视为不知道，通常如下，属实的请写上：\n{facts}",
    en="facts that are left out are not known; usually they are so, and where it is true, "
    "write:\n{facts}",
)


def with_remarks(locator: Locator, view: View, obligation: Obligation, outcome: Outcome) -> Outcome:
    """Return an outcome with the notes on the description that concern it."""
    outcome = _with_words(locator, outcome)
    notes = tuple(_launches_ahead(locator, view, obligation))
    return replace(outcome, notes=(*outcome.notes, *notes)) if notes else outcome


def _launches_ahead(locator: Locator, view: View, obligation: Obligation) -> Iterator[Note]:
    """Yield a note for each service that is in use by its status, and launched later."""
    services, seen = locator.description.facts.get("services"), view.facts.get("services")
    if not isinstance(services, list) or not isinstance(seen, list) or len(seen) == len(services):
        return
    if "services.launched_on" not in set(facts_read(obligation)):
        return
    there = set(view.indices(seen))
    for i, one in enumerate(services):
        service = one if i not in there and isinstance(one, Mapping) else {}
        status, day = service.get("status"), service.get("launched_on")
        if status in LIVE and day is not None:
            text = _AHEAD.format(
                name=service["id"], status=word_of("services.status", status), day=day
            )
            at = locator.location(f"/services/{i}/launched_on")
            yield Note(kind=NoteKind.ADVICE, text=text, location=at)


def _with_words(locator: Locator, outcome: Outcome) -> Outcome:
    """Return an outcome with what to write, where it waits for facts left out and usually so."""
    if outcome.verdict is not Verdict.UNKNOWN:
        return outcome
    waits = {
        one.pointer
        for finding in outcome.findings
        for one in (finding, finding.hinge, *finding.others)
        if one
    }
    left_out, text = _usually_so(locator)
    first = min(waits & left_out, default=None)
    if first is None:
        return outcome
    note = Note(kind=NoteKind.LEFT_OUT, text=text, location=locator.location(first))
    findings = tuple(_marked(finding, left_out) for finding in outcome.findings)
    return replace(outcome, findings=findings, notes=(*outcome.notes, note))


@once
def _usually_so(locator: Locator) -> tuple[frozenset[str], Text]:
    """Return where facts are left out that are usually so, and those facts as one sentence."""
    left_out = dict(_not_written(locator.description))
    facts = ";\n".join(dict.fromkeys(left_out.values()))
    return frozenset(left_out), _LEFT_OUT.format(facts=plain(facts))


def _marked(finding: Finding, left_out: Container[str]) -> Finding:
    """Return a finding that says whether the fact that it waits for is left out and usually so."""
    hinge = finding.hinge and _marked(finding.hinge, left_out)
    return replace(finding, left_out=finding.pointer in left_out, hinge=hinge)


def _not_written(description: Description) -> Iterator[tuple[str, str]]:
    """Yield the pointer of each fact that is left out, and what is usually so of it."""
    joined, by_hand = description.joined, range(len(description.joined.files))
    plan = marked(SCHEMA, USUAL)
    for name, usual in plan.fields.items():
        if name not in description.facts:
            yield f"/{name}", f"{name}: {usual}"
    for name, child in plan.children.items():
        value = description.facts.get(name)
        if isinstance(value, list):
            for i in joined.elements_of(name, by_hand):
                yield from _lacking(value[i], child, f"/{name}/{i}", name)
        elif any(home.part in by_hand for home in joined.homes((name,))[0]):
            yield from _lacking(value, child, f"/{name}", name)


def _lacking(value: Json, plan: Plan, at: str, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for i, element in enumerate(value):
            yield from _lacking(element, plan, f"{at}/{i}", path)
    if not isinstance(value, dict):
        return
    # Where there is no document, nothing is stated in it.
    if value.get("document", "") not in (None, NONE):
        for name, usual in plan.fields.items():
            if name not in value:
                yield f"{at}/{name}", f"{path}.{name}: {usual}"
    for name, child in plan.children.items():
        if name in value:
            yield from _lacking(value[name], child, f"{at}/{name}", f"{path}.{name}")


# ---- Names the assumptions (假定) that a verdict rests on: in its findings, and in a note


def with_assumptions(locator: Locator, outcome: Outcome, facts: Sequence[str]) -> Outcome:
    """Return an outcome that rests on some facts with what of them is assumed.

    ``facts`` are dotted paths. An unknown outcome rests on what is not known instead.
    """
    assumptions = locator.description.assumptions
    used = [one for one in assumptions if any(overlap(one.fact, fact) for fact in facts)]
    if not used or outcome.verdict is Verdict.UNKNOWN:
        return outcome
    notes = tuple(_note(locator, one) for one in used)
    findings = tuple(_naming(locator, finding, used) for finding in outcome.findings)
    return replace(outcome, notes=outcome.notes + notes, findings=findings)


def _note(locator: Locator, one: Assumption) -> Note:
    each, _, name = one.fact.partition(".")
    at = locator.at(one.place)
    text = say.ASSUMES.format(
        count=one.elements, each=each, name=name, value=show(one.value), place=str(at)
    )
    return Note(kind=NoteKind.ASSUMED, text=text, location=at)


def _naming(locator: Locator, finding: Finding, used: Sequence[Assumption]) -> Finding:
    """Return a finding that names what is assumed of its element."""
    each, *rest = tokens(finding.pointer)

    def is_assumed(at: tuple[str, ...]) -> bool:
        provenance = locator.description.provenance(pointer(at))
        return provenance is not None and provenance.status is Status.ASSUMED

    held = [
        f"`{name}: {show(one.value)}`"
        for one in used
        if (name := one.fact.removeprefix(f"{each}.")) != one.fact
        and any(is_assumed((each, *rest[:1], name, *at)) for at in _leaves(one.value))
    ]
    if not held:
        return finding
    assuming = say.ASSUMING.format(facts=", ".join(dict.fromkeys(held)))
    return replace(finding, message=finding.message + assuming)


def _leaves(value: Json) -> list[tuple[str, ...]]:
    """Return the paths of what is in a value: of an object, only a part may be assumed."""
    if not isinstance(value, Mapping):
        return [()]
    return [(name, *path) for name, part in value.items() for path in _leaves(part)]


# ---- A provision that a licence words differently (与通用文本不同的规定)

_DIFFERS = Text(
    zh="许可证印出的{id}与通用文本不同，本规则按通用文本判断",
    en="the licence words {id} differently; this rule checks the common wording",
)
_NO_PASS = Text(zh="，不能据此认定符合", en=", so it cannot confirm that you comply")
_COMPARE = Text(
    zh="对照原文：含义相同的，删去该项；含义不同的，自定规则（icp_policies），并停用本规则（icp_ignore）",
    en="compare the wording: if it means the same, delete this entry; if not, write your own rule "
    "(icp_policies) and leave this one out (icp_ignore)",
)


class OwnWords(Struct, frozen=True):
    """The words in which a licence prints a provision, and their place."""

    text: str
    pointer: str


def own_words(licence: JsonObject, policy: Policy) -> OwnWords | None:
    """Return the words of a licence's own for a provision; None where it has the common ones."""
    provisions = licence.get("provisions")
    for i, one in enumerate(provisions if isinstance(provisions, list) else ()):
        text = one.get("text") if isinstance(one, dict) and one.get("id") == policy.id else None
        common = policy.text_in(licence.get("provisions_edition"))
        # Most licences print the common words, and folding them takes longer than most rules.
        if not isinstance(text, str) or text == common.zh:
            continue
        if fold_tight(text).text != fold_tight(common.zh).text:
            return OwnWords(text, pointer(("licence", "provisions", i, "text")))
    return None


def with_own_words(
    own: OwnWords | None, policy: Policy, obligation: Obligation, outcome: Outcome
) -> Outcome:
    """Return an outcome that passes no rule whose wording on the licence was not compared.

    A rule that rests on a statute keeps its outcome; a note says that the wording differs.
    """
    if own is None or outcome.verdict is Verdict.NOT_APPLICABLE:
        return outcome
    differs, at = _DIFFERS.format(id=policy.id), Location(pointer=own.pointer)
    if obligation.basis != "licence" or outcome.verdict is not Verdict.SATISFIED:
        note = Note(kind=NoteKind.ADVICE, text=differs, location=at)
        return replace(outcome, notes=(*outcome.notes, note))
    provision, place = Subject((), {"id": policy.id}), tuple(tokens(own.pointer))
    message, found = differs + _NO_PASS, plain(own.text)
    judged = unknown(provision, place, message, found=found, required=_COMPARE)
    findings = (*outcome.findings, *judged.findings)
    return replace(outcome, verdict=Verdict.UNKNOWN, findings=findings)
