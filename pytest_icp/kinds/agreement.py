"""Kind ``agreement`` (一致): a fact says the same as another, such as the licence's own.

``fact`` is compared with ``with``: a path, or ``{records, joined_by, fact}`` for the records
whose hosts cover the subject's hosts. ``also`` is a path of names that are accepted as well on
either side: authorised subsidiaries, or former names that are still printed. They are an
exemption, so what is not declared is not claimed. ``compare: amount`` compares a number and its
``unit`` with those of the records that name the same and are ``in_force`` on the subject's day.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_icp.kinds import glance
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.amounts import judge_amount
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.hosts import covered
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, missing, violated
from pytest_icp.kinds.names import folded, plainly
from pytest_icp.kinds.selection import Glance, judge_each
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.law.jsontypes import Json, JsonObject, pointer
from pytest_icp.law.text import plain
from pytest_icp.rules.policy import Obligation


def check_agreement(obligation: Obligation, context: Context) -> Outcome:
    """Decide an ``agreement``."""

    def judge(subject: Subject) -> Judgement:
        if obligation.fields.get("compare") == "amount":
            return judge_amount(obligation, context, subject)
        expected = _expected(obligation, context, subject)
        if not expected:
            return NOT_APPLICABLE
        fact = context.fact(subject, obligation.path("fact"))
        if fact.text is None:
            return missing(subject, fact.tokens)
        known = tuple(other for other in expected if other.text is not None)
        judgement = _compare(subject, fact, known, _also(obligation, context, subject))
        if judgement.verdict is Verdict.VIOLATED and len(known) < len(expected):
            # One that is not known may be the one that agrees.
            gap = next(other for other in expected if other.text is None)
            return missing(subject, gap.tokens)
        return judgement

    return judge_each(obligation, context, judge, _glance(obligation, context))


def _compare(
    subject: Subject, fact: Fact, expected: tuple[Fact, ...], also: frozenset[str]
) -> Judgement:
    found = fact.text or ""
    names = [other.text or "" for other in expected]
    if plainly(found) in {plainly(name) for name in names}:
        return SATISFIED
    # Whichever side the other name is of: a subsidiary's, or a former one still printed.
    if also & {folded(found), *map(folded, names)}:
        return SATISFIED
    if folded(found) in {folded(name) for name in names}:
        text = say.SPACING.format(found=found, expected=names[0])
        note = Note(kind=NoteKind.ADVICE, text=text, pointer=pointer(fact.tokens))
        return Judgement(verdict=Verdict.SATISFIED, notes=(note,))
    required = plain(" / ".join(names))
    return violated(subject, fact.tokens, say.DIFFERS, found=plain(found), required=required)


def _expected(obligation: Obligation, context: Context, subject: Subject) -> tuple[Fact, ...]:
    if isinstance(obligation.fields["with"], str):
        return (context.fact(subject, obligation.path("with")),)
    join = obligation.group("with")
    by = str(join["joined_by"])
    mine = context.fact(subject, by)
    records = context.subjects(str(join["records"]))
    if records.missing:
        return (Fact(records.missing[0], None),)
    theirs = [(record, context.fact(record, by)) for record in records.subjects]
    joined = tuple(
        context.fact(record, str(join["fact"]))
        for record, hosts in theirs
        if any(covered(host, hosts.values) for host in mine.values)
    )
    return joined + _perhaps_joined(mine, *(hosts for _, hosts in theirs))


def _perhaps_joined(*hosts: Fact) -> tuple[Fact, ...]:
    """Return the first hosts that are not known, and by which a record may yet be joined."""
    open_at = next((fact for fact in hosts if fact.is_open), None)
    return (Fact(open_at.tokens, None),) if open_at else ()


def _also(obligation: Obligation, context: Context, subject: Subject) -> frozenset[str]:
    path = obligation.path("also")
    if not path:
        return frozenset()
    start: Json = context.view.facts if path.startswith("/") else subject.value
    return frozenset(
        folded(name) for name in _texts(start, path.lstrip("/").replace("/", ".").split("."))
    )


def _texts(value: Json | JsonObject, names: list[str]) -> list[str]:
    """Collect the texts at a path, through every list on the way."""
    if isinstance(value, list):
        return [text for element in value for text in _texts(element, names)]
    if not names:
        return [value] if isinstance(value, str) else []
    return _texts(value.get(names[0]), names[1:]) if isinstance(value, Mapping) else []


def _glance(obligation: Obligation, context: Context) -> Glance | None:
    """See names that are written alike; of joined records, one that is certainly joined."""
    # An amount has a unit, and prices that were in force: of these a glance knows nothing.
    if not glance.knows(obligation.fields, "fact", "with", "also", "compare"):
        return None
    fact = glance.reader(context, obligation.path("fact"))
    if isinstance(obligation.fields["with"], str):
        return glance.same_text(fact, glance.reader(context, obligation.path("with")))
    join = obligation.group("with")
    by = str(join["joined_by"])
    records = context.subjects(str(join["records"]))
    if records.missing:
        return None
    named: dict[str, list[Fact]] = {}
    for record in records.subjects:
        name = context.fact(record, str(join["fact"])).text
        if name is not None:
            named.setdefault(name, []).append(context.fact(record, by))
    mine = glance.reader(context, by)

    def see(element: JsonObject) -> Judgement | None:
        name, hosts = fact(element), mine(element)
        if not isinstance(name, str) or not isinstance(hosts, list):
            return None
        theirs = (hosts_of_one.values for hosts_of_one in named.get(name, ()))
        joined = any(covered(host, values) for values in theirs for host in hosts)
        return SATISFIED if joined else None

    return see
