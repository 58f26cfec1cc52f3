"""Kind ``evidence`` (证明材料): a paper exists, and proves what it should.

``paper`` is the path of a document in each subject; without it, the entries of ``attestations``
whose ``rule`` names the obligation are judged. What is not declared is unknown; what is declared
to be missing or defective is violated, and so is an empty list of attestations. With ``fresh`` the
paper is kept current: it is not older than so many days, unchanged, and names the role that answers
for it. Without, it has to be there, of whatever age or undated, unless it says itself when it ends.

``since`` is the path of the day of what it proves, or ``{year_of: path}`` for the first day of
that year: a document that is older does not prove it. With it and without ``paper``, an entry of
``attestations`` is wanted for every subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from msgspec import Struct

from pytest_icp.facts.asof import NEVER, NONE
from pytest_icp.facts.evidence import Evidence as File
from pytest_icp.facts.files.faults import flow
from pytest_icp.kinds import Kind
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import Span, day_of, fixed, later, upcoming
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    missing,
    not_looked_at,
    unknown,
    violated,
)
from pytest_icp.kinds.selection import judge_each, sum_up
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.kinds.words import shown
from pytest_icp.law.text import Text, plain, show
from pytest_icp.rules.policy import Obligation, Spec

# ---- One document: there, unchanged, owned, dated, and still good. What it lacks is `none`

_NO_SUCH_DOCUMENT = Text(zh="没有这样的文件", en="there is no such document")
_CURRENT = Text(
    zh="未经更改、未过期、写明责任岗位和日期的文件",
    en="a current, unchanged document with a date and an owner",
)
_THERE = Text(zh="没有失效的文件", en="a document that has not expired")
_NO_DOCUMENT = Text(zh="证明材料“{path}”不存在", en="the document {path} does not exist")
_WRONG_HASH = Text(
    zh="证明材料与登记的 sha256 不符：文件已被更改。登记的是 {declared}，实际是 {actual}；"
    "文件无误的，改为登记实际的",
    en="the document has changed: the declared sha256 is {declared}, the real one {actual}; if the "
    "document is right, declare the real one",
)
_NO_OWNER = Text(zh="证明材料没有责任岗位", en="the document names no owner")
_NO_DATE = Text(zh="证明材料没有出具日期", en="the document has no date of issue")
_STALE = Text(
    zh="证明材料出具于 {issued}，超过 {days} 日",
    en="the document dated {issued} is more than {days:day} old",
)
_DOCUMENT_EXPIRED = Text(zh="证明材料已于 {expired} 失效", en="the document expired on {expired}")
_OLDER = Text(
    zh="证明材料出具于 {issued}，早于所证明事项的 {since}，不能证明该事项",
    en="the document of {issued} is older than what it is to prove, which is of {since}",
)


class YearOf(Struct, frozen=True):
    """The first day of the year of the day at a path."""

    year_of: str


class Evidence(Spec, frozen=True):
    """The path of the paper, if not in the register, how old it may be, and what it proves."""

    paper: str | None = None
    fresh: int | None = None
    since: str | YearOf | None = None

    @property
    def required(self) -> Text:
        """What is required of a document that is kept current, or that is there."""
        return _THERE if self.fresh is None else _CURRENT


class _Paper(Struct, frozen=True):
    """A document that is evidence for a subject, not older than what it proves."""

    spec: Evidence
    context: Context
    subject: Subject
    document: Subject
    since: date

    def judge(self) -> Judgement:
        """Judge it by its first certain fault, else by the first fact that is not known."""
        faults = [*self._file(), *(self._kept() if self.spec.fresh is not None else ())]
        faults += self._dates()
        certain = (one for one in faults if one.verdict is Verdict.VIOLATED)
        judged = next(certain, None) or next(iter(faults), None) or self._good_until()
        return self.context.explained(judged, self._steps)

    def _file(self) -> Iterator[Judgement]:
        fact, file = self._fact("document"), self._evidence
        if fact.text is None:
            yield missing(self.subject, fact.tokens)
        elif fact.text == NONE:
            yield self._fault("document", _NO_SUCH_DOCUMENT)
        elif file is None or not (file.exists or file.unread):
            yield self._fault("document", _NO_DOCUMENT.format(path=show(fact.text)))
        elif file.unread:
            yield not_looked_at(self.subject, fact, self.spec.required)

    def _kept(self) -> Iterator[Judgement]:
        """Yield what is wrong with one that must be kept current: it is changed, or nobody's."""
        stated, file = self._fact("sha256"), self._evidence
        if stated.text is None:
            yield missing(self.subject, stated.tokens)
        elif file and not file.unread and stated.text.casefold() not in {file.sha256, NONE}:
            message = _WRONG_HASH.format(declared=stated.text, actual=file.sha256)
            yield self._fault("sha256", message)
        owner, role = self._fact("owner"), self._fact("owner.role")
        if owner.value == NONE:
            yield self._fault("owner", _NO_OWNER)
        elif role.text is None:
            at = role if isinstance(owner.value, Mapping) else owner
            yield missing(self.subject, at.tokens)

    def _dates(self) -> Iterator[Judgement]:
        issued, expires = self._fact("issued_on"), self._fact("expires_on")
        day, end, stated = day_of(issued), day_of(expires), self._fact("max_age_days")
        if issued.value == NEVER or (issued.value == NONE and self._needs_date):
            yield self._fault("issued_on", _NO_DATE)
        elif issued.value is None:
            yield missing(self.subject, issued.tokens)
        elif day and day < self.since:
            yield self._fault("issued_on", _OLDER.format(issued=day, since=self.since))
        if expires.value is None:
            yield missing(self.subject, expires.tokens)
        elif end and self.context.today > end:
            yield self._fault("expires_on", _DOCUMENT_EXPIRED.format(expired=end))
        if stated.value is None:
            yield missing(self.subject, stated.tokens)
        elif (old := self._old_after) and self.context.today > old[1]:
            yield self._fault("issued_on", _STALE.format(issued=day, days=old[0].n))

    def _fact(self, name: str) -> Fact:
        return self.context.fact(self.document, name)

    def _fault(self, name: str, message: Text) -> Judgement:
        at = (*self.document.tokens, name)
        found = shown(self.document.value.get(name), at)
        return violated(self.subject, at, message, found=found, required=self.spec.required)

    @property
    def _needs_date(self) -> bool:
        """Whether the day matters on which it was issued."""
        stated = self._fact("max_age_days").value
        return (self.spec.fresh, self.spec.since) != (None, None) or stated not in {None, NONE}

    @property
    def _evidence(self) -> File | None:
        return self.context.evidence.get(self._fact("document").text or "")

    @property
    def _old_after(self) -> tuple[Span, date] | None:
        """How old it may be, by its own statement or by the rule, and its last day by that."""
        stated, issued = self._fact("max_age_days").value, day_of(self._fact("issued_on"))
        days = int(stated) if isinstance(stated, (int, float)) else self.spec.fresh
        if days is None or issued is None:
            return None
        age = Span(days, "days")
        return age, later(issued, age)

    def _good_until(self) -> Judgement:
        """Say until when a good document stays good."""
        old, end = self._old_after, day_of(self._fact("expires_on"))
        last = min(filter(None, (old and old[1], end)), default=date.max)
        if last == date.max:
            return SATISFIED
        at = (*self.document.tokens, "issued_on")
        return upcoming(self.context, self.subject, at, fixed(self.context, last))

    def _steps(self) -> Iterator[Text]:
        issued, old = day_of(self._fact("issued_on")), self._old_after
        if old:
            yield say.PLUS.format(start=issued, span=old[0].text, end=old[1])


# ---- The register of documents: the entries that answer to an obligation, or none

_NOT_ATTESTED = Text(
    zh="没有申报本项义务的证明材料", en="no document is declared as evidence for this"
)
_AT = ("attestations",)
_BEST = (Verdict.SATISFIED, Verdict.UNKNOWN, Verdict.VIOLATED)
"""Last year's document may stand beside this year's: one good one is enough."""


class Register(Struct, frozen=True, eq=False, dict=True):
    """The entries of ``attestations`` that answer to an obligation."""

    obligation: Obligation
    context: Context
    spec: Evidence

    def outcome(self) -> Outcome:
        """Judge whether one of them is good."""
        every = [judged for _, _, judged in self._ranked] or [self._absent]
        judged = [one for one in every if one.verdict is every[0].verdict]
        if judged[0].verdict is Verdict.SATISFIED:
            judged = judged[-1:]
        elif judged[0].verdict is Verdict.VIOLATED and self._ranked and self._perhaps:
            judged = [self._perhaps]
        steps = {entry.tokens: one.steps for entry, _, one in self._ranked if one.steps}
        return sum_up(self.obligation, judged, tokens=_AT, steps=steps)

    def judge(self, subject: Subject, since: date) -> Judgement:
        """Judge one that may prove what a subject did on a day: a good one, if there is."""
        if not self._ranked:
            return self._absent
        entry = next((entry for entry, last, _ in self._ranked if last >= since), None)
        if entry:
            judged = self._judge(subject, entry, since)
            return self._perhaps or judged if judged.verdict is Verdict.VIOLATED else judged
        if self._perhaps:
            return self._perhaps
        # They are about something else, and say nothing of the one that is wanted.
        newest, add = max(last for _, last, _ in self._ranked), entry_for(self._rule)
        older = _OLDER.format(issued=newest, since=since)
        return unknown(subject, _AT, older, required=self.spec.required, add=add)

    @property
    def _rule(self) -> str:
        return self.obligation.own_id

    @cached_property
    def _all(self) -> tuple[Subject, ...]:
        return self.context.subjects("/attestations").subjects

    @cached_property
    def _perhaps(self) -> Judgement | None:
        """An entry that perhaps answers to the obligation as well; None if there is none."""
        open_at = (one for one in self._all if one.value.get("rule") is None)
        return next((missing(one, (*one.tokens, "rule")) for one in open_at), None)

    @cached_property
    def _absent(self) -> Judgement:
        """That no document is declared, or that there is none."""
        subject, required = Subject(_AT, {"id": self._rule}), self.spec.required
        if self.context.view.declares_none(*_AT):
            return violated(subject, _AT, _NO_SUCH_DOCUMENT, found=plain("[]"), required=required)
        return unknown(subject, _AT, _NOT_ATTESTED, required=required, add=entry_for(self._rule))

    @cached_property
    def _ranked(self) -> list[tuple[Subject, date, Judgement]]:
        """The entries, the best first, each with the last day on which it may be issued."""
        every = [
            (one, day_of(self.context.fact(one, "issued_on")), self._judge(one, one, date.min))
            for one in self._all
            if one.value.get("rule") == self._rule
        ]
        ranked = sorted(every, key=lambda one: _BEST.index(one[2].verdict))
        return [(entry, day or date.max, judged) for entry, day, judged in ranked]

    def _judge(self, subject: Subject, entry: Subject, since: date) -> Judgement:
        """Judge an entry; one of which it is not known when it was issued is perhaps to come."""
        judged = _Paper(self.spec, self.context, subject, entry, since).judge()
        issued = self.context.fact(entry, "issued_on")
        if issued.value is None and judged.verdict is Verdict.VIOLATED:
            return missing(subject, issued.tokens)
        return judged


def entry_for(rule: str) -> str:
    """Return the lines that declare an attestation of a rule."""
    name = re.sub("[/#]", "-", rule).lower()
    return "\n".join(
        (
            "attestations:",
            f"  - id: {name}",
            f"    rule: {flow(rule)}",
            f"    document: evidence/{name}.pdf",
            "    sha256: none",
            "    issued_on: null  # YYYY-MM-DD",
            "    expires_on: none",
            "    max_age_days: none",
            "    owner: {role: null}",
        )
    )


def check_evidence(obligation: Obligation, context: Context) -> Outcome:
    """Decide an ``evidence``."""
    spec = obligation.spec_as(Evidence)
    path = spec.paper
    register = Register(obligation, context, spec)
    if not path and not spec.since:
        return register.outcome()

    def judge(subject: Subject) -> Judgement:
        since = _since(spec.since, context, subject)
        if isinstance(since, Fact):
            return NOT_APPLICABLE if since.value == NEVER else missing(subject, since.tokens)
        if path is None:
            return register.judge(subject, since)
        fact = context.fact(subject, path)
        if fact.value == NONE:
            none, required = shown(NONE), spec.required
            return violated(subject, fact.tokens, _NO_SUCH_DOCUMENT, found=none, required=required)
        if not isinstance(fact.value, Mapping):
            return unknown(subject, fact.tokens, _NOT_ATTESTED, required=spec.required)
        return _Paper(spec, context, subject, Subject(fact.tokens, fact.value), since).judge()

    return judge_each(obligation, context, judge)


def _since(rule: str | YearOf | None, context: Context, subject: Subject) -> date | Fact:
    """Return the day of what a document proves, else the fact that should be it."""
    if rule is None:
        return date.min
    fact = context.fact(subject, rule if isinstance(rule, str) else rule.year_of)
    day = day_of(fact)
    if day is None:
        return fact
    return day if isinstance(rule, str) else day.replace(month=1, day=1)


KIND = Kind("evidence", Evidence, check_evidence)
