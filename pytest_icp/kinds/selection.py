"""Decides whether an obligation applies, selects its subjects, judges each, and sums up.

Numbers have values by the day and by the case. The as-of day chooses for a standing duty. Where the
rule names the day of each subject's act (``happened``), that day chooses for the subject; where it
is not known, so is the verdict. Numbers that differ by the subject choose by its facts.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, reduce

from msgspec.structs import replace

from pytest_icp.facts.fields import is_list, may_be_denied, title_of
from pytest_icp.kinds import Check, kinds
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import NOT_OPERATED, OPERATED, Context, Operated, operates
from pytest_icp.kinds.finding import MANY, Finding, Note, NoteKind, Outcome, Verdict, worst
from pytest_icp.kinds.holdings import licensed_scope
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judge,
    Judgement,
    Steps,
    as_of_each,
    both,
    missing,
    only_if,
    perhaps_there,
    unknown,
    violated,
)
from pytest_icp.kinds.legal_force import Matter, in_doubt
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.kinds.subjects import steps as steps_along
from pytest_icp.kinds.words import condition, title, titles
from pytest_icp.law.blame import Blame, blame, gaps
from pytest_icp.law.catalogue import name_of
from pytest_icp.law.condition import ANYTHING, PERHAPS, By, Node, Truth
from pytest_icp.law.jsontypes import Json, pointer
from pytest_icp.law.jsontypes import tokens as tokens_of
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Applicability, Obligation, facts_read

_NONE_DECLARED = Text(
    zh="“{each}”申报为空：没有此类事项", en="“{each}” is declared empty: there are none"
)
_NONE_MATCHES = Text(
    zh="“{each}”中没有符合条件的事项：{where}", en="nothing among “{each}” matches: {where}"
)
_NONE_OPEN = Text(
    zh="“{each}”中没有引起本项义务的事项", en="nothing among “{each}” gives rise to this duty"
)
_AND, _AND_THEN, _OR = Text("，且", " and "), Text("；", "; "), Text("、", " or ")
_SERVES = Text(zh="“{by}”所指的业务属于{items}", en="“{by}” names a service of {items}")


_FIRST = 100
"""So many subjects of a long list are asked whether any have the same facts."""


def judge_each(obligation: Obligation, context: Context, judge: Judge) -> Outcome:
    """Judge every subject that ``where``, ``of_where`` and ``serves`` match, and sum up.

    Where it is not known whether a subject matches, a violation is only an unknown. Elements of a
    long list are judged once for the same facts, as far as they are read.
    """
    subjects = context.subjects(obligation.each)
    elements = context.view.facts.get(obligation.each)
    # What a rule reads takes longer to find than a few subjects to judge.
    are_many = isinstance(elements, list) and len(elements) > MANY and obligation.kind in kinds()
    read = _read_of(obligation) if are_many else ()

    def facts_of(subject: Subject) -> bytes:
        # It distinguishes `true` and 1, 1 and 1.0, null and nothing; version 2 has no references.
        return marshal.dumps([subject.value.get(name, ...) for name in read], 2)

    # Where all of the first differ, to look for equal ones takes longer than to judge each.
    first = [facts_of(one) for one in subjects.subjects[:_FIRST]] if are_many else []
    some_equal = len({*first}) < len(first)
    alike: dict[bytes, list[int]] = {}
    where, matches = obligation.where, context.decide.matches
    meets = None if where is ANYTHING else where.truth
    judged: list[Judgement] = []
    for i, subject in enumerate(subjects.subjects):
        met = meets(subject.value, By(subject.value, matches)) if meets else True
        if met is False:
            judged.append(NOT_APPLICABLE)
            continue
        group = alike.setdefault(facts_of(subject), []) if some_equal else []
        group.append(i)
        if len(group) > 1:
            judged.append(judged[group[0]])
        else:
            judged.append(Candidate(obligation, context, subject).judged(met, judge))
    if some_equal:
        as_of_each(subjects.subjects, judged, alike.values())
    both_of = zip(subjects.subjects, judged, strict=True)
    reckoned = {subject.tokens: one.steps for subject, one in both_of if one.steps}
    for place in subjects.missing:
        holder = subjects.holders.get(place)
        # Parts of an object that does not match need not be declared.
        matched = holder is None or context.decide.truth(obligation.of_where, holder.value)
        undeclared = missing(Subject(place, {}), place)
        judged.append(NOT_APPLICABLE if matched is False else undeclared)
    tokens = steps_along(obligation.each)[2]
    return sum_up(obligation, judged, tokens=tokens, steps=reckoned)


@once
def _read_of(obligation: Obligation) -> tuple[str, ...]:
    """Return the names of the facts of a subject that an obligation reads."""
    each = f"{obligation.each}."
    read = (fact.removeprefix(each) for fact in facts_read(obligation) if fact.startswith(each))
    return (PERHAPS, *{fact.partition(".")[0] for fact in read})


def sum_up(
    obligation: Obligation,
    judged: list[Judgement],
    *,
    tokens: Tokens,
    steps: Mapping[Tokens, Steps],
) -> Outcome:
    """Combine the judgements of all subjects into one outcome."""
    # Most judgements of a long list are one of these two constants.
    specific = [j for j in judged if j is not SATISFIED and j is not NOT_APPLICABLE]
    outside = sum(1 for judgement in judged if judgement is NOT_APPLICABLE)
    verdicts = [judgement.verdict for judgement in specific]
    if outside + len(specific) < len(judged):
        verdicts.append(Verdict.SATISFIED)
    outside += verdicts.count(Verdict.NOT_APPLICABLE)
    verdict = worst(verdicts)
    return Outcome(
        verdict=verdict,
        reason=reason(obligation, verdict, len(judged)),
        pointer=pointer(tokens),
        findings=tuple(f for j in specific for f in j.findings),
        notes=_noted(specific),
        upcoming=tuple(u for j in specific for u in j.upcoming),
        subjects=len(judged) - outside,
        steps=steps,
    )


def _noted(judged: list[Judgement]) -> tuple[Note, ...]:
    """Return the notes; a doubt about the law is the same for all, and is given once."""
    notes = dict[Note | Text, Note]()
    for note in (note for judgement in judged for note in judgement.notes):
        notes.setdefault(note.text if note.kind is NoteKind.GREY else note, note)
    return tuple(notes.values())


class Candidate(Matter, frozen=True):
    """A subject to which an obligation applies, or not.

    It does where the subject is there, and it, the object that contains it and the service that it
    serves meet the conditions.
    """

    def judged(self, met: Truth, judge: Judge) -> Judgement:
        """Judge a subject that meets ``where``, or may."""
        matched = self.matches_if(met)
        binding = False if matched is False else self.is_bound()
        if binding is False:
            return NOT_APPLICABLE
        judgement = self.judged_now(judge(self.subject))
        if matched and binding is not True:
            judgement = in_doubt(self.context, self.subject, judgement, binding)
        if matched or judgement.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
            return judgement
        if judgement.verdict is Verdict.UNKNOWN:
            gap, said = self.gap(), {one.pointer for one in judgement.findings}
            more = tuple(one for one in gap.findings if one.pointer not in said)
            return both(replace(gap, findings=more), judgement)
        return self.breach(judgement)

    def matches(self) -> Truth:
        """Whether the subject matches; None where that is not known."""
        met = self.context.decide.truth(self.obligation.where, self.subject.value)
        return met if met is False else self.matches_if(met)

    def matches_if(self, matched: Truth) -> Truth:
        """Whether a subject matches that meets ``where``, or may; None where that is not known."""
        above, decide = self.obligation.of_where, self.context.decide
        if above is not ANYTHING:
            parent = decide.truth(above, self.subject.above.value)
            matched = matched if parent else parent
        if self.obligation.serves and matched is not False:
            serves = self._serves().truth
            matched = matched if serves else serves
        return None if matched and self.subject.open_at else matched

    def gap(self) -> Judgement:
        """Return the unknown facts that decide whether the subject matches."""
        findings = tuple(one for one, _ in self._open_facts())
        return Judgement(verdict=Verdict.UNKNOWN, findings=findings)

    def breach(self, judgement: Judgement) -> Judgement:
        """Return the unknown judgement of a subject that violates the obligation if it matches."""
        found = [*self._open_facts()]
        # What several facts leave open is one test.
        tests = dict.fromkeys(words for _, words in found if words)
        return only_if(_AND.join(tests) if tests else say.IT_APPLIES, found[0][0], judgement)

    def _open_facts(self) -> Iterator[tuple[Finding, Text | None]]:
        """Yield each fact that leaves open whether the subject matches, and what it has to meet."""
        tested = (
            (self.obligation.where, self.subject),
            (self.obligation.of_where, self.subject.above),
        )
        for node, at in tested:
            for gap in gaps(node, at.value, self.context.decide):
                words = condition(gap.test, (*at.tokens, *gap.at), at.tokens)
                place, fact = (*at.tokens, *gap.path), titles(at.tokens, gap.path)
                yield _not_known(self.subject, place, fact, words), words
        serves, begin = self._serves(), self.subject.open_at
        if serves.truth is None:
            fact = title(serves.open_at)
            declare = say.DECLARE.format(fact=fact)
            yield _not_known(self.subject, serves.open_at, fact, declare), None
        if begin:
            perhaps = perhaps_there(self.subject, begin, self.context.today)
            yield perhaps, perhaps.required

    def _serves(self) -> Operated:
        serves = self.obligation.serves
        if serves is None:
            return OPERATED
        named = self.context.fact(self.subject, serves.by)
        services = self.context.view.facts.get("services")
        if not isinstance(services, list) or named.text is None:
            return Operated(None, named.tokens if named.text is None else ("services",))
        for i, service in zip(self.context.view.indices(services), services, strict=True):
            if isinstance(service, Mapping) and service.get("id") == named.text:
                at = ("services", i)
                return operates(service, at, serves.items, strict=self.context.strict)
        # A service that is named and not among them has not begun.
        is_later = id(services) in self.context.view.origins
        return NOT_OPERATED if is_later else Operated(None, named.tokens)


def _not_known(subject: Subject, at: Tokens, fact: Text, required: Text) -> Finding:
    return unknown(subject, at, _unknown_for(fact), required=required).findings[0]


@cache
def _unknown_for(fact: Text) -> Text:
    return say.APPLICABILITY_UNKNOWN.format(fact=fact)


def reason(obligation: Obligation, verdict: Verdict, subjects: int) -> Text:
    """Return the reason for the verdict of an obligation in one sentence."""
    if verdict is not Verdict.NOT_APPLICABLE:
        return obligation.meaning
    return _none_matches(obligation) if subjects else _none_declared(obligation)


@once
def _none_declared(obligation: Obligation) -> Text:
    return _NONE_DECLARED.format(each=title_of(".".join(steps_along(obligation.each)[2])))


@once
def _none_matches(obligation: Obligation) -> Text:
    each = steps_along(obligation.each)[2]
    named, said = title_of(".".join(each)), [*_conditions(obligation, each)]
    if not said:
        return _NONE_OPEN.format(each=named)
    return _NONE_MATCHES.format(each=named, where=_AND_THEN.join(said))


def _conditions(obligation: Obligation, each: Tokens) -> Iterator[Text]:
    """Yield in words what a subject must meet for the obligation to concern it."""
    parent, where, serves = obligation.of_where, obligation.where, obligation.serves
    if parent is not ANYTHING:
        yield condition(parent, each[:-1])
    if where is not ANYTHING:
        yield condition(where, each)
    if serves:
        items = _OR.join(name_of(code) for code in serves.items)
        yield _SERVES.format(by=titles(each, steps_along(serves.by)[2]), items=items)


# ---- Judges that something exists at all (必须存在): ``none: violated`` of an obligation

_NONE = Text(
    zh="“{title}”中没有此类事项，而依照规定必须有",
    en="there is none among “{title}”, although there must be one",
)
_TOO_FEW = Text(
    zh="“{title}”只有 {count} 项，要求{least}", en="“{title}”: only {count} found, {least} required"
)
_HOW_MANY = Text(zh="至少 {count} 项", en="at least {count}")
_WHICH = Text(zh="：{which}", en=": {which}")


def too_few(at: Subject, each: Tokens, where: Node, *, found: int = 0, least: int = 1) -> Judgement:
    """Return that there are fewer of what is at a path and meets a condition than there must be."""
    many = _HOW_MANY.format(count=least)
    which = plain("") if where is ANYTHING else _WHICH.format(which=condition(where, each))
    message = (_TOO_FEW if found else _NONE).format(title=title(each), count=found, least=many)
    return violated(at, at.tokens, message, found=plain(str(found)), required=many + which)


def with_existence(obligation: Obligation, context: Context, outcome: Outcome) -> Outcome:
    """Return the outcome of an obligation, worse where it must match a subject and matches none.

    Where a subject may match, it is unknown.
    """
    if not obligation.none or outcome.verdict in {Verdict.VIOLATED, Verdict.UNKNOWN}:
        return outcome
    subjects = context.subjects(obligation.each).subjects
    candidates = [Candidate(obligation, context, subject) for subject in subjects]
    matches = [one.matches() for one in candidates]
    if True in matches:
        return outcome
    may_match = [one for one, match in zip(candidates, matches, strict=True) if match is None]
    if may_match:
        judged = reduce(both, [one.gap() for one in may_match])
    else:
        at = Subject(_list_on_the_way(context, obligation.each), {})
        judged = too_few(at, steps_along(obligation.each)[2], obligation.where)
    found, at_first = judged.findings, judged.findings[0].pointer
    return replace(
        outcome,
        verdict=judged.verdict,
        reason=obligation.meaning,
        pointer=at_first,
        findings=found,
    )


def _list_on_the_way(context: Context, each: str) -> Tokens:
    """Return the place of the first list on the way to the subjects."""
    value: Json = context.view.facts
    at: Tokens = ()
    for name in steps_along(each)[2]:
        if isinstance(value, dict):
            value, at = value.get(str(name)), (*at, name)
    return at


# ---- The values that numbers have on a day, and in a case (数值的时间和情形)


def checked(check: Check, obligation: Obligation, context: Context) -> Outcome:
    """Return what a check says of an obligation, with each subject judged by its own values."""
    versions = [version for _, version in obligation.versions if version.past.span]
    versions = versions or [obligation.on(context.today)]
    outcomes = [check(case, context) for one in versions for case in one.cases or (one,)]
    return outcomes[0] if len(outcomes) == 1 else _together(outcomes)


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    """Return what was found of different subjects as one outcome."""
    verdict = worst(one.verdict for one in outcomes)
    first = next(one for one in outcomes if one.verdict is verdict)
    return Outcome(
        verdict=verdict,
        reason=first.reason,
        pointer=first.pointer,
        # What is not known of a subject may leave it open in which case it is.
        findings=tuple(dict.fromkeys(found for one in outcomes for found in one.findings)),
        notes=tuple(dict.fromkeys(note for one in outcomes for note in one.notes)),
        upcoming=tuple(dict.fromkeys(item for one in outcomes for item in one.upcoming)),
        subjects=sum(one.subjects for one in outcomes),
        steps={place: steps for one in outcomes for place, steps in one.steps.items()},
    )


# ---- Whether a provision or an obligation applies at all (适用)

_NO_ITEM = Text(
    zh="许可范围不含{items}，本条不适用；未经许可经营的，适用第二条",
    en="the licence does not cover {items}, so this does not apply; operating it without a "
    "licence falls under provision 2",
)
_HAS_ITEM = Text(
    zh="许可范围包含{items}，改为适用另一项义务",
    en="the licence covers {items}, so another duty applies instead",
)
_NOT_OPERATED = Text(
    zh="试运行和正式运行的业务都不属于{items}，本条不适用",
    en="no service in pilot or production is {items}, so this does not apply",
)
_NOT_WHEN = Text(
    zh="不适用：不满足适用条件（{when}）", en="does not apply: its condition is not met ({when})"
)
_NO_ITEM_KNOWN = Text(
    zh="许可范围未申报，无法判断本条是否适用",
    en="the licensed scope is not declared, so whether this applies cannot be decided",
)

_LINES = "/licence/service_lines"


def applies(context: Context, rule: Applicability) -> Outcome | None:
    """Return None where a rule applies, else the outcome: not applicable, or unknown.

    One reason not to apply is enough, even if other conditions are unknown.
    """
    if rule not in context.limits:
        context.limits[rule] = _limit(context, rule)
    return context.limits[rule]


def _limit(context: Context, rule: Applicability) -> Outcome | None:
    gates = [gate(context, rule) for gate in (_licensed, _operated, _when)]
    closed = [one for one in gates if one is not None]
    certain = [one for one in closed if one.verdict is Verdict.NOT_APPLICABLE]
    return next(iter(certain or closed), None)


def _licensed(context: Context, rule: Applicability) -> Outcome | None:
    """Require that one of ``items`` is licensed, and none of ``without``."""
    if not rule.items and not rule.without:
        return None
    scope = licensed_scope(context.view.facts.get("licence"))
    if scope is None:
        return _gate(Verdict.UNKNOWN, _NO_ITEM_KNOWN, _LINES)
    if rule.items and not scope.has_any(rule.items):
        text = _NO_ITEM.format(items=_names(rule.items))
        return _gate(Verdict.NOT_APPLICABLE, text, _LINES)
    if scope.has_any(rule.without):
        text = _HAS_ITEM.format(items=_names(rule.without))
        return _gate(Verdict.NOT_APPLICABLE, text, _LINES)
    return None


def _operated(context: Context, rule: Applicability) -> Outcome | None:
    """Require that a service in use belongs to one of ``operates``."""
    if not rule.operates:
        return None
    operated = context.operates(rule.operates)
    if operated.truth:
        return None
    if operated.truth is None:
        fact = titles(operated.open_at[:2], operated.open_at[2:])
        at = pointer(operated.open_at)
        subject = _subject(context, operated.open_at)
        return _gate(Verdict.UNKNOWN, say.APPLICABILITY_UNKNOWN.format(fact=fact), at, subject)
    text = _NOT_OPERATED.format(items=_names(rule.operates))
    return _gate(Verdict.NOT_APPLICABLE, text, "/services")


def _when(context: Context, rule: Applicability) -> Outcome | None:
    """Require that the description meets ``when``."""
    if rule.when is None or context.decide.truth(rule.when, context.view.facts):
        return None
    fault = blame(rule.when, context.view.facts, context.decide)
    if not fault.known:
        fault = _most_telling(context, rule.when, fault)
    path = context.view.written(fault.path)
    at = pointer(path)
    if fault.known:
        return _gate(Verdict.NOT_APPLICABLE, _not_when(rule), at)
    fact, subject = titles((), path), _subject(context, path)
    return _gate(Verdict.UNKNOWN, say.APPLICABILITY_UNKNOWN.format(fact=fact), at, subject)


@once
def _not_when(rule: Applicability) -> Text:
    return _NOT_WHEN.format(when=condition(rule.when or ANYTHING, ()))


def _most_telling(context: Context, when: Node, fault: Blame) -> Blame:
    """Return the fact that is best asked for, of those that leave a condition open.

    A list that is not declared and cannot be empty is taken for one element of which nothing is
    known.
    """
    facts = context.view.facts
    top = str(fault.path[0]) if fault.path else ""
    if len(fault.path) == 1 and is_list(top):
        if may_be_denied(top):
            return fault
        facts = {**facts, top: [{}]}
    if blame(when, facts, context.decide).known:
        return fault
    inside = [gap for gap in gaps(when, facts, context.decide) if gap.path[:1] == fault.path[:1]]
    # Whether there is such a thing at all is asked before what state it is in.
    paths = [".".join(name for name in gap.path if isinstance(name, str)) for gap in inside]
    asked = zip(inside, paths, strict=True)
    return next((gap for gap, path in asked if may_be_denied(path)), inside[0])


def _names(codes: tuple[str, ...]) -> Text:
    names = [(name_of(code), code) for code in codes]
    return Text(
        "、".join(f"{name.zh}（{code}）" for name, code in names),
        ", ".join(f"{name.en} ({code})" for name, code in names),
    )


def _subject(context: Context, at: Tokens) -> str:
    """Return the element that a place lies in, else the top-level fact."""
    elements = context.view.facts.get(str(at[0]))
    index = at[1] if len(at) > 1 else None
    if isinstance(elements, list) and isinstance(index, int):
        found = elements[context.view.indices(elements).index(index)]
        return Subject(at[:2], found if isinstance(found, Mapping) else {}).label
    return str(at[0])


def _gate(verdict: Verdict, text: Text, at: str, subject: str = "") -> Outcome:
    if verdict is Verdict.NOT_APPLICABLE:
        return Outcome(verdict=verdict, reason=text, pointer=at)
    element = Subject(tokens_of(at), {"id": subject or at.lstrip("/")})
    required = say.DECLARE.format(fact=at.rpartition("/")[2])
    found = unknown(element, element.tokens, text, required=required).findings
    return Outcome(verdict=verdict, reason=text, pointer=at, findings=found)
