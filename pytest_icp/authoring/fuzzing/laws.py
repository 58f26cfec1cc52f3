"""The laws that every obligation keeps (法则), each tested in variations of a situation."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

from msgspec.structs import replace

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.boundaries import (
    flips_at_the_end_of_the_term,
    flips_at_the_stated_number,
)
from pytest_icp.authoring.fuzzing.tried import (
    ENOUGH,
    BrokenLaw,
    Law,
    facts,
    having,
    subjects,
    values,
)
from pytest_icp.authoring.strategies.candidates import domains_of
from pytest_icp.authoring.strategies.shapes import (
    NOTABLE_DAYS,
    expand,
    mistaken_for,
    place,
    spellings,
)
from pytest_icp.authoring.strategies.trial import (
    Document,
    Situation,
    Tokens,
    Trial,
    can_be_read,
    dotted,
    found_at,
    is_valid,
    with_ids,
    without,
)
from pytest_icp.facts.asof import NEVER, NONE
from pytest_icp.facts.evidence import PAPERS, named_files
from pytest_icp.facts.files.properties import property_at
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.catalogue import INTERNET_ITEMS
from pytest_icp.law.condition import ANYTHING
from pytest_icp.law.domains import host_of, host_under, normal_host
from pytest_icp.law.scope import INTERNET_LINE, parse_scope, render_scope
from pytest_icp.law.text import Text, show
from pytest_icp.law.times import TimeError, as_of_instant, parse_time
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.patterns import DECIDE

# ---- Forgetting a fact decides nothing


_COMPLIES = {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}
_COURSES = (
    ("first_issued_on", "issued_on", "valid_until"),
    ("first_issued_on", "scope_since", "issued_on"),
    ("in_production_on", "review_passed_on", "ended_on"),
    ("applied_on", "decided_on"),
    ("from", "to"),
    ("in_service_on", "ended_on"),
)
"""The days of which none is before the one that precedes it."""


def forgetting_decides_nothing(trial: Trial, situation: Situation) -> Iterator[BrokenLaw]:
    """Forget each fact, whatever it says: the verdict stays, or becomes unknown.

    A duty that is complied with may turn into one that does not apply, and the reverse. Where two
    facts contradict each other, nothing is said: once one of them is forgotten, the other is
    known. The papers that a company asks for are its choice, and not a fact to be forgotten.
    """
    here = trial.verdict(situation)
    for at in facts(trial, situation):
        if at[0] == PAPERS:
            continue
        less = having(situation, at, None)
        after = trial.verdict(less) if less else Verdict.UNKNOWN
        if less is None or after is Verdict.UNKNOWN:
            continue
        for value in values(trial, situation, at):
            known = having(situation, at, value)
            if known is None:
                continue
            before = here if known == situation else trial.verdict(known)
            if may_turn(before, after) or contradicts_itself(known.document):
                continue
            why = _when(say.WHEN_KNOWN, before, fact=dotted(at), value=show(value))
            yield BrokenLaw(say.FORGETTING_LAW, less, after, Verdict.UNKNOWN, why)
            return


def may_turn(before: Verdict, after: Verdict) -> bool:
    """Whether a verdict may turn into another one when a fact is forgotten."""
    return after in {before, Verdict.UNKNOWN} or {before, after} <= _COMPLIES


def contradicts_itself(document: Any) -> bool:
    """Whether something is over before it began, or was decided before it was applied for.

    Both are said, and one of them is wrong.
    """
    if isinstance(document, list):
        return any(map(contradicts_itself, document))
    if not isinstance(document, dict):
        return False
    decided = document.get("decision") not in {None, NONE}
    if decided and document.get("applied_on") == NEVER:
        return True
    courses = ([document.get(name) for name in course] for course in _COURSES)
    known = ([day for day in days if isinstance(day, str) and day != NEVER] for days in courses)
    if any(days != sorted(days) for days in known):
        return True
    return any(map(contradicts_itself, document.values()))


# ---- Removing evidence (证据) never fixes a violation


def removing_evidence_never_fixes(trial: Trial, situation: Situation) -> Iterator[BrokenLaw]:
    """Where the duty is violated, take each record, document and file away."""
    if trial.verdict(situation) is not Verdict.VIOLATED:
        return
    for at in evidence(trial, situation):
        less = situation.having(without(situation.document, at))
        verdict = trial.verdict(less)
        if verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
            why = _when(say.WITH_EVIDENCE, Verdict.VIOLATED, fact=dotted(at))
            yield BrokenLaw(say.EVIDENCE_LAW, less, verdict, Verdict.VIOLATED, why)


def evidence(trial: Trial, situation: Situation) -> Iterator[Tokens]:
    """Yield the records and documents that an obligation looks for (证据)."""
    # The subjects themselves are not evidence, nor is what decides whether the duty applies.
    document, each = situation.document, join_path("", trial.obligation.each)
    for records in trial.records:
        aside = not records.evidence or records.path == each or _gates(trial, records.path)
        for at in () if aside else expand(document, records.path):
            found = found_at(document, at)
            yield from ((*at, i) for i in range(len(found) if isinstance(found, list) else 0))
    judged = subjects(document, each)
    for at, _, what in named_files(document, "description"):
        is_paper = what == "document" and at[-1] == "document" and at[:-1] not in judged
        if is_paper and not _gates(trial, ".".join(one for one in at[:-1] if isinstance(one, str))):
            yield at[:-1]


def _gates(trial: Trial, path: str) -> bool:
    """Whether something at a path, or in it, decides whether the obligation applies."""
    return any(f"{gate}.".startswith(f"{path}.") for gate in trial.gating)


# ---- What makes no difference, or none for the better


ZONES = (UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-9)))
_SEVERITY = (Verdict.NOT_APPLICABLE, Verdict.SATISFIED, Verdict.UNKNOWN, Verdict.VIOLATED)
_HOST_NAMES = frozenset({"domains", "host", "hosts", "domain", "fqdn"})
_UNRELATED = "unrelated.example"


def order_does_not_matter(trial: Trial, situation: Situation) -> Iterator[BrokenLaw]:
    """Reverse the order of everything; also with a second subject that differs in a fact."""
    backward = _reversed(situation.document)
    for document in (situation.document, *_with_twins(trial, situation)):
        changed = {
            name: _reversed(value)
            for name, value in document.items()
            if value is not situation.document.get(name)
        }
        one, other = situation.having(document), situation.having({**backward, **changed})
        there = trial.verdict(other)
        yield from _same(trial, one, there, say.ORDER_LAW, say.OTHERWISE_ORDERED)


def _with_twins(trial: Trial, situation: Situation) -> Iterator[Document]:
    """Yield the description with one more subject, which differs from the first in one fact."""
    each = trial.obligation.each
    at = next((a for a in subjects(situation.document, each) if a[-1] == 0), None)
    if at is None:
        return
    elements = found_at(situation.document, at[:-1])
    for name in _names_read(trial, each) or elements[0]:
        for value in values(trial, situation, (*at, name))[:ENOUGH] if name != "id" else ():
            twins = [*elements, {**elements[0], name: value}]
            document = with_ids(place(situation.document, at[:-1], twins))
            if can_be_read(document):
                yield document


def _names_read(trial: Trial, each: str) -> list[str]:
    """Return the members of subjects that the policy names; none for a kind of a plugin."""
    start = f"{join_path('', each)}."
    read = (path.removeprefix(start) for path in trial.reads if path.startswith(start))
    return [] if trial.own_kind else list(dict.fromkeys(path.partition(".")[0] for path in read))


def a_bystander_does_not_matter(trial: Trial, situation: Situation) -> Iterator[BrokenLaw]:
    """Add a subject like another one, changed in one fact so that ``where`` leaves it out."""
    where, each = trial.obligation.where, trial.obligation.each.strip("/")
    if where is ANYTHING or any(one.path == each for one in trial.records):
        return
    if any(f"{path}.".startswith(f"{each}.") for path in trial.gating):
        # It decides whether the duty applies, whoever it concerns.
        return
    for at in subjects(situation.document, each):
        if not isinstance(at[-1], int):
            continue
        added = _left_out(trial, situation, at)
        if added is not None:
            elements = found_at(situation.document, at[:-1])
            more = with_ids(place(situation.document, at[:-1], [*elements, added]))
            name = str(found_at(more, (*at[:-1], len(elements), "id")))
            other = situation.having(more)
            if is_valid(more):
                here = trial.verdict(situation)
                yield from _same(
                    trial, other, here, say.BYSTANDER_LAW, say.WITHOUT_BYSTANDER, subject=name
                )
            return


def _left_out(trial: Trial, situation: Situation, at: Tokens) -> Any:
    """Return a copy of an element, changed in one fact, that ``where`` certainly leaves out."""
    element = found_at(situation.document, at)
    for name in element:
        for value in values(trial, situation, (*at, name)) if name != "id" else ():
            changed = {**element, name: value}
            if DECIDE.truth(trial.obligation.where, changed) is False:
                return changed
    return None


def a_zone_does_not_matter(trial: Trial, situation: Situation) -> Iterator[BrokenLaw]:
    """Write each instant in other time zones."""
    here, written = trial.verdict(situation), situation.as_of
    for text in _in_zones(as_of_instant(written)):
        other = replace(situation, as_of=text)
        yield from _same(trial, other, here, say.ZONE_LAW, say.AS_OF_AS, value=written)
    for at in facts(trial, situation):
        told = property_at("description", ".".join(name for name in at if isinstance(name, str)))
        # A name is not an instant, however it is written.
        value = found_at(situation.document, at) if told and told.time else None
        instant = _instant(value)
        for text in _in_zones(instant) if instant else ():
            other = situation.having(place(situation.document, at, text))
            yield from _same(
                trial, other, here, say.ZONE_LAW, say.WRITTEN_AS, fact=dotted(at), value=value
            )


def _in_zones(instant: datetime) -> list[str]:
    return [instant.astimezone(zone).isoformat() for zone in ZONES]


def _instant(written: object) -> datetime | None:
    if not isinstance(written, str):
        return None
    try:
        when = parse_time(written)
    except TimeError:
        return None
    return when if isinstance(when, datetime) else None


def a_host_is_the_same_however_written(trial: Trial, situation: Situation) -> Iterator[BrokenLaw]:
    """Write each host in other ways, and put lookalikes of the licence's domains in its place."""
    domains = [domain for domain in domains_of(situation.document) if host_of(domain)]
    # A printed ``www.`` is the bare domain, and its other hosts are not known to be outside.
    whole = [*domains, *(normal_host(domain).removeprefix("www.") for domain in domains)]
    lookalikes = [one for domain in domains for one in beside(mistaken_for(domain), whole)]
    for at in facts(trial, situation):
        host = found_at(situation.document, at)
        named = at[0] != "licence" and not _HOST_NAMES.isdisjoint(at)
        if not named or not isinstance(host, str) or not host_of(host):
            continue
        here = trial.verdict(situation)
        for other in (having(situation, at, way) for way in spellings(host)[1:]):
            if other:
                yield from _same(
                    trial, other, here, say.HOST_LAW, say.WRITTEN_AS, fact=dotted(at), value=host
                )
        unrelated = having(situation, at, _UNRELATED)
        there = trial.verdict(unrelated) if unrelated else here
        for lookalike in lookalikes if unrelated else ():
            other = situation.having(place(situation.document, at, lookalike))
            yield from _same(
                trial, other, there, say.LOOKALIKE_LAW, say.ANOTHER_HOST, value=_UNRELATED
            )


def beside(hosts: Sequence[str], domains: Sequence[str]) -> Iterator[str]:
    """Yield the hosts that are neither under nor above any of the domains."""
    for host in hosts:
        pairs = [(host, domain) for domain in domains] + [(domain, host) for domain in domains]
        if not any(host_under(below, above) for below, above in pairs):
            yield host


def permitting_less_never_helps(trial: Trial, situation: Situation) -> Iterator[BrokenLaw]:
    """Compare the verdict with and without each service item in the licence's scope."""
    at: Tokens = ("licence", "service_lines", 0, "scope")
    text = found_at(situation.document, at)
    line = found_at(situation.document, (*at[:-1], "name"))
    bounded = trial.fields.mark("x-icp-bounded-by-licence")
    if not bounded or not isinstance(text, str) or line != INTERNET_LINE:
        return
    permitted = parse_scope(text).permitted & {*INTERNET_ITEMS}
    for code in INTERNET_ITEMS:
        fewer, more = permitted - {code}, permitted | {code}
        if not fewer:
            continue
        less = situation.having(place(situation.document, at, render_scope(fewer)))
        full = situation.having(place(situation.document, at, render_scope(more)))
        found, before = trial.verdict(less), trial.verdict(full)
        if _SEVERITY.index(found) < _SEVERITY.index(before):
            why = _when(say.WITH_MORE, before, more=code)
            yield BrokenLaw(say.SCOPE_LAW, less, found, before, why)


def the_same_verdict_again(trial: Trial, situation: Situation) -> Iterator[BrokenLaw]:
    """Decide twice, and compare the description before and after."""
    before = copy.deepcopy(situation.document)
    tried = situation.having(copy.deepcopy(before))
    first = trial.verdict(tried)
    changed = tried.document != before
    second = trial.verdict(situation.having(copy.deepcopy(before)))
    if first is not second or changed:
        why = say.CHANGED if changed else _when(say.SECOND_TIME, second)
        yield BrokenLaw(say.REPEAT_LAW, situation.having(before), first, first, why)


def _reversed(value: Any) -> Any:
    if isinstance(value, list):
        return [_reversed(element) for element in reversed(value)]
    if isinstance(value, dict):
        return {name: _reversed(member) for name, member in reversed(value.items())}
    return value


def _same(
    trial: Trial, one: Situation, elsewhere: Verdict, law: Text, template: Text, **words: object
) -> Iterator[BrokenLaw]:
    """Yield a breach where a situation does not get the verdict of an equivalent one."""
    found = trial.verdict(one)
    if found is not elsewhere:
        yield BrokenLaw(law, one, found, elsewhere, _when(template, elsewhere, **words))


def _when(template: Text, verdict: Verdict, **words: object) -> Text:
    return template.format(verdict=standing_name(verdict), **words)


_TURNS = 4


def laws(turn: int) -> tuple[Law, ...]:
    """Return the laws for a situation; each tries another part of the notable days."""
    days = NOTABLE_DAYS[turn % _TURNS :: _TURNS]
    # What changes a description is found before it spoils what comes next.
    return (the_same_verdict_again, partial(flips_at_the_end_of_the_term, days=days), *_LAWS)


_LAWS: tuple[Law, ...] = (
    flips_at_the_stated_number,
    forgetting_decides_nothing,
    order_does_not_matter,
    a_bystander_does_not_matter,
    removing_evidence_never_fixes,
    a_zone_does_not_matter,
    a_host_is_the_same_however_written,
    permitting_less_never_helps,
)
