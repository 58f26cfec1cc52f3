"""Kind ``attestation`` (证明材料): a dated, owned document is there, unchanged and fresh.

``document`` is the path of an attestation in each subject; without it, the entries of
``attestations`` whose ``rule`` names the obligation are judged. One that is not declared is
unknown; one that is declared but defective is violated. An empty list of attestations declares
that there is none, which is violated too. With ``optional``, for what no text prescribes, nothing
applies where the list has none.

``not_before`` is the path of the day of what it proves, or ``{year_of: path}`` for the first day
of that year: a document that is older does not prove it. With it and without ``document``, an
entry of ``attestations`` is wanted for every subject. ``ages: false`` is a document that no time
makes stale; with ``hashed``, its hash must be declared. A copy that is
text, at ``page``, must itself show the number at ``shows``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate

from msgspec import Struct

from pytest_icp.facts.asof import NEVER, NONE
from pytest_icp.kinds.attested import (
    FRESH,
    NO_SUCH_DOCUMENT,
    NOT_ATTESTED,
    entries_of,
    entry_for,
    is_listed,
    misspelt,
    unregistered,
)
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of, fixed, upcoming
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    unknown,
    violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each, steps_by_place, sum_up
from pytest_icp.kinds.shown import judge_text, not_looked_at
from pytest_icp.kinds.spans import Span, later
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.law.describe import show
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Spec

_NOT_PRESCRIBED = Text(
    zh="没有申报这样的文件；没有条文要求出具，不适用",
    en="no such document is declared; no text prescribes it, so this does not apply",
)
_NO_DOCUMENT = Text(zh="证明材料「{path}」不存在", en="the document {path} does not exist")
_WRONG_HASH = Text(
    zh="证明材料与登记的 sha256 不符：文件已被更改。登记的是 {declared}，实际是 {actual}",
    en="the document has changed: the declared sha256 is {declared}, the real one {actual}",
)
_ENTER_AGAIN = Text(
    zh="。文件无误的，运行 pytest-icp attest {rule} {path}",
    en="; if the document is right, run pytest-icp attest {rule} {path}",
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

MAX_AGE_DAYS = 365
"""How old a document may be when neither it nor the policy says (a default of the project)."""

_GOOD_FOR = Text(
    "{issued} 出具，时效 {span}，至 {end} 有效",
    "issued on {issued}, valid for {span}, until {end}",
)
_GOOD_UNTIL = Text("写明的失效日期为 {end}", "it states its last day, {end}")


class YearOf(Struct, frozen=True):
    """The first day of the year of the day at a path."""

    year_of: str


class Attestation(Spec, frozen=True, kw_only=True):
    """The path of the document, if not in the register, how old it may be, and if it must be."""

    document: str | None = None
    max_age_days: int | None = None
    not_before: str | YearOf | None = None
    ages: bool = True
    hashed: bool = False
    optional: bool = False
    page: str | None = None
    shows: str | None = None


def check_attestation(obligation: Obligation, context: Context) -> Outcome:
    """Decide an ``attestation``."""
    spec = obligation.spec_as(Attestation)
    path = spec.document
    if not path and not spec.not_before:
        return _registered(obligation, spec, context)
    proofs = _Proofs(obligation, context)

    def judge(subject: Subject) -> Judgement:
        since = _since(spec, context, subject)
        if isinstance(since, Fact):
            return NOT_APPLICABLE if since.value == NEVER else missing(subject, since.tokens)
        if path is None:
            return proofs.judge(subject, since)
        fact = context.fact(subject, path)
        if fact.value == NONE:
            return _none(spec, subject, fact)
        if not isinstance(fact.value, Mapping):
            return unknown(subject, fact.tokens, NOT_ATTESTED, required=FRESH)
        judged = _document(spec, context, subject, Subject(fact.tokens, fact.value), since)
        if spec.page and spec.shows:
            return both(judged, judge_text(context, subject, spec.page, spec.shows))
        return judged

    return judge_each(obligation, context, judge)


def _since(spec: Attestation, context: Context, subject: Subject) -> date | Fact:
    """Return the day of what a document proves, else the fact that should be it."""
    match spec.not_before:
        case None:
            return date.min
        case YearOf(year_of=path):
            fact = context.fact(subject, path)
            day = day_of(fact)
            return day.replace(month=1, day=1) if day else fact
        case path:
            fact = context.fact(subject, path)
            return day_of(fact) or fact


def _none(spec: Attestation, subject: Subject, fact: Fact) -> Judgement:
    """Judge that there certainly is no document."""
    if spec.optional:
        return NOT_APPLICABLE
    return violated(subject, fact.tokens, NO_SUCH_DOCUMENT, found=plain(NONE), required=FRESH)


def _registered(obligation: Obligation, spec: Attestation, context: Context) -> Outcome:
    """Judge the entries of ``attestations`` that answer to this obligation."""
    entries = entries_of(obligation, context)
    judged = [_document(spec, context, entry, entry) for entry in entries]
    steps = steps_by_place(entries, judged)
    # Last year's document may stand beside this year's: one good one is enough.
    good = [one for one in judged if one.verdict is Verdict.SATISFIED]
    if not entries:
        misspelling = misspelt(obligation, context)
        if spec.optional and misspelling is None and is_listed(context):
            verdict = Verdict.NOT_APPLICABLE
            return Outcome(verdict=verdict, reason=_NOT_PRESCRIBED, pointer="/attestations")
        judged = [misspelling or unregistered(obligation, context)]
    return sum_up(obligation, good[-1:] or judged, tokens=("attestations",), steps=steps)


class _Proofs(Struct, frozen=True, eq=False, dict=True):
    """The entries of ``attestations`` that may prove what subjects did, the latest last."""

    obligation: Obligation
    context: Context

    def judge(self, subject: Subject, since: date) -> Judgement:
        """Judge an entry that may prove what a subject did on a day: a good one, if there is."""
        if not self._entries:
            return self._absent
        i = bisect_left(self._days, since)
        if i == len(self._days):
            # They are about something else, and say nothing of the one that is wanted.
            older, at = _OLDER.format(issued=self._days[-1], since=since), ("attestations",)
            return unknown(
                subject, at, older, required=FRESH, add=entry_for(self.obligation.rule_id)
            )
        best = self._entries[self._best[i][1]]
        return _document(self._spec, self.context, subject, best, since)

    @property
    def _spec(self) -> Attestation:
        return self.obligation.spec_as(Attestation)

    @cached_property
    def _absent(self) -> Judgement:
        return misspelt(self.obligation, self.context) or unregistered(
            self.obligation, self.context
        )

    @cached_property
    def _entries(self) -> list[Subject]:
        return entries_of(self.obligation, self.context)

    @cached_property
    def _issued(self) -> list[tuple[date, int]]:
        """The days of issue, in order, with the number of the entry; it may be any day at last."""
        days = (day_of(self.context.fact(entry, "issued_on")) for entry in self._entries)
        return sorted((day or date.max, i) for i, day in enumerate(days))

    @cached_property
    def _days(self) -> list[date]:
        return [day for day, _ in self._issued]

    @cached_property
    def _best(self) -> list[tuple[bool, int]]:
        """The best of the entries from each day on: whether it is not good, and its number."""

        def ranked(i: int) -> tuple[bool, int]:
            entry = self._entries[i]
            judged = _document(self._spec, self.context, entry, entry)
            return judged.verdict is not Verdict.SATISFIED, i

        ranks = [ranked(i) for _, i in reversed(self._issued)]
        return [*accumulate(ranks, min)][::-1]


def _document(
    spec: Attestation,
    context: Context,
    subject: Subject,
    document: Subject,
    since: date = date.min,
) -> Judgement:
    judged = _judge(spec, context, subject, document, since)
    return judged.by(lambda: _steps(spec, context, document))


def _steps(spec: Attestation, context: Context, document: Subject) -> Iterator[Text]:
    issued = day_of(context.fact(document, "issued_on"))
    age = _stated_age(spec, document)
    if issued is not None and age is not None:
        span = Span(age, "days")
        yield _GOOD_FOR.format(issued=issued, span=span.text, end=later(issued, span))
    expires = day_of(context.fact(document, "expires_on"))
    if expires is not None:
        yield _GOOD_UNTIL.format(end=expires)


def _judge(
    spec: Attestation, context: Context, subject: Subject, document: Subject, since: date
) -> Judgement:
    defect = _defect(spec, context, document, since)
    if defect is None:
        file = context.fact(document, "document")
        unread = not_looked_at(context, subject, file.tokens, file.text, FRESH)
        if unread is not None:
            return unread
        stated = context.fact(document, "sha256")
        if spec.hashed and stated.value in {None, NONE}:
            return missing(subject, stated.tokens)
        return _fresh_until(spec, context, subject, document)
    name, message = defect
    at = (*document.tokens, name)
    found = plain(show(document.value.get(name)))
    return violated(subject, at, message, found=found, required=FRESH)


def _defect(
    spec: Attestation, context: Context, document: Subject, since: date
) -> tuple[str, Text] | None:
    """Return the first defect of a document: the property and the message."""
    path = document.value.get("document")
    evidence = context.evidence.get(path) if isinstance(path, str) else None
    if path == NONE:
        return "document", NO_SUCH_DOCUMENT
    if evidence is None or not (evidence.exists or evidence.unread):
        return "document", _NO_DOCUMENT.format(path=show(path))
    stated = document.value.get("sha256")
    changed = isinstance(stated, str) and stated.casefold() not in {evidence.sha256, NONE}
    if changed and not evidence.unread:
        message = _WRONG_HASH.format(declared=stated, actual=evidence.sha256)
        rule = document.value.get("rule")
        return "sha256", message + _ENTER_AGAIN.format(rule=rule, path=path) if rule else message
    owner = context.fact(document, "owner.role")
    if not owner.text:
        return "owner", _NO_OWNER
    issued = day_of(context.fact(document, "issued_on"))
    if issued is None:
        return "issued_on", _NO_DATE
    if issued < since:
        return "issued_on", _OLDER.format(issued=issued, since=since)
    expires = day_of(context.fact(document, "expires_on"))
    if expires is not None and context.today > expires:
        return "expires_on", _DOCUMENT_EXPIRED.format(expired=expires)
    age = _max_age(spec, document)
    if context.today > _last_day(issued, age):
        return "issued_on", _STALE.format(issued=issued, days=age)
    return None


def _fresh_until(
    spec: Attestation, context: Context, subject: Subject, document: Subject
) -> Judgement:
    """Say until when a good document stays good."""
    issued = day_of(context.fact(document, "issued_on")) or context.today
    ends = [_last_day(issued, _max_age(spec, document))]
    expires = day_of(context.fact(document, "expires_on"))
    end = min([*ends, expires] if expires else ends)
    at = (*document.tokens, "issued_on")
    return SATISFIED if end == date.max else upcoming(context, subject, at, fixed(context, end))


def _last_day(issued: date, age: int) -> date:
    """Return the last day on which a document may be so many days old."""
    ever = (date.max - issued).days
    return issued + timedelta(days=min(age, ever))


def _max_age(spec: Attestation, document: Subject) -> int:
    age = _stated_age(spec, document)
    if age is None:
        return MAX_AGE_DAYS if spec.ages else date.max.toordinal()
    return age


def _stated_age(spec: Attestation, document: Subject) -> int | None:
    """Return how old the document may be, by its own statement or by the policy."""
    stated = document.value.get("max_age_days")
    return int(stated) if isinstance(stated, (int, float)) else spec.max_age_days


KIND = Kind("attestation", Attestation, check_attestation)
