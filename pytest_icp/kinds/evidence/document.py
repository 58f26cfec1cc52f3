"""One document as evidence (证明材料): there, unchanged, owned, dated, and still good.

What is not declared of it is not known. What it certainly lacks, such as an owner, is written as
``none``, and is a violation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from pytest_icp.facts.asof import NEVER, NONE
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of, fixed, upcoming
from pytest_icp.kinds.files import not_looked_at
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, violated
from pytest_icp.kinds.spans import Span, later
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.kinds.words import shown
from pytest_icp.law.describe import show
from pytest_icp.law.text import Text

NO_SUCH_DOCUMENT = Text(zh="没有这样的文件", en="there is no such document")
_CURRENT = Text(
    zh="未经更改、未过期、写明责任岗位和日期的文件",
    en="a current, unchanged document with a date and an owner",
)
_DATED = Text(zh="写明日期、未失效的文件", en="a document with a date that has not expired")
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
OLDER = Text(
    zh="证明材料出具于 {issued}，早于所证明事项的 {since}，不能证明该事项",
    en="the document of {issued} is older than what it is to prove, which is of {since}",
)

_GOOD_FOR = Text(
    "{issued} 出具，时效 {span}，至 {end} 有效",
    "issued on {issued}, valid for {span}, until {end}",
)
_GOOD_UNTIL = Text("写明的失效日期为 {end}", "it states its last day, {end}")


def required(fresh: int | None) -> Text:
    """Return what is required of a document, with or without an age."""
    return _DATED if fresh is None else _CURRENT


def judge_document(
    context: Context, subject: Subject, document: Subject, *, fresh: int | None, since: date
) -> Judgement:
    """Judge a document: its first certain fault, else the first fact that is not known.

    With ``fresh``, for how many days one is good that states no age of its own, it is also kept
    current: unchanged, and with an owner. It is not older than what it proves, of the day
    ``since``.
    """
    paper = _Paper(context, subject, document, fresh, since)
    faults = [*filter(None, paper.faults())]
    certain = (one for one in faults if one.verdict is Verdict.VIOLATED)
    judged = next(certain, None) or next(iter(faults), None) or paper.good_until()
    return judged.by(paper.steps)


class _Paper(Struct, frozen=True):
    context: Context
    subject: Subject
    document: Subject
    fresh: int | None
    since: date

    def faults(self) -> Iterator[Judgement | None]:
        yield self._file()
        if self.fresh is not None:
            yield self._hash()
            yield self._owner()
        yield self._issue()
        yield self._expiry()
        yield self._age()

    def _fact(self, name: str) -> Fact:
        return self.context.fact(self.document, name)

    def _file(self) -> Judgement | None:
        fact = self._fact("document")
        if fact.text is None:
            return missing(self.subject, fact.tokens)
        if fact.text == NONE:
            return self._fault("document", NO_SUCH_DOCUMENT)
        file = self.context.evidence.get(fact.text)
        if file is None or not (file.exists or file.unread):
            return self._fault("document", _NO_DOCUMENT.format(path=show(fact.text)))
        return not_looked_at(
            self.context, self.subject, fact.tokens, fact.text, required(self.fresh)
        )

    def _hash(self) -> Judgement | None:
        path = self.document.value.get("document")
        stated = self._fact("sha256")
        file = self.context.evidence.get(path) if isinstance(path, str) else None
        if stated.text is None:
            return missing(self.subject, stated.tokens)
        is_same = stated.text.casefold() in {file.sha256 if file else None, NONE}
        if file is None or file.unread or is_same:
            return None
        message = _WRONG_HASH.format(declared=stated.text, actual=file.sha256)
        return self._fault("sha256", message)

    def _owner(self) -> Judgement | None:
        owner = self._fact("owner")
        role = self._fact("owner.role")
        if owner.value == NONE:
            return self._fault("owner", _NO_OWNER)
        at = role if isinstance(owner.value, Mapping) else owner
        return None if role.text else missing(self.subject, at.tokens)

    def _issue(self) -> Judgement | None:
        issued = self._fact("issued_on")
        day, since = day_of(issued), self.since
        if issued.value in {NONE, NEVER}:
            return self._fault("issued_on", _NO_DATE)
        if day is None:
            return missing(self.subject, issued.tokens)
        if day < since:
            return self._fault("issued_on", OLDER.format(issued=day, since=since))
        return None

    def _expiry(self) -> Judgement | None:
        expires = self._fact("expires_on")
        day = day_of(expires)
        if expires.value is None:
            return missing(self.subject, expires.tokens)
        if day is not None and self.context.today > day:
            return self._fault("expires_on", _DOCUMENT_EXPIRED.format(expired=day))
        return None

    def _age(self) -> Judgement | None:
        stated = self._fact("max_age_days")
        issued, age = self._issued, self._lasts
        if stated.value is None:
            return missing(self.subject, stated.tokens)
        if issued and age and self.context.today > later(issued, age):
            return self._fault("issued_on", _STALE.format(issued=issued, days=age.n))
        return None

    def _fault(self, name: str, message: Text) -> Judgement:
        at = (*self.document.tokens, name)
        return violated(
            self.subject,
            at,
            message,
            found=shown(self.document.value.get(name), at),
            required=required(self.fresh),
        )

    @property
    def _issued(self) -> date | None:
        return day_of(self._fact("issued_on"))

    @property
    def _expires(self) -> date | None:
        return day_of(self._fact("expires_on"))

    @property
    def _lasts(self) -> Span | None:
        """How old the document may be, by its own statement or by the rule."""
        stated = self.document.value.get("max_age_days")
        if isinstance(stated, (int, float)):
            return Span(int(stated), "days")
        return None if self.fresh is None else Span(self.fresh, "days")

    def good_until(self) -> Judgement:
        """Say until when a good document stays good."""
        issued, age = self._issued, self._lasts
        ends = [later(issued, age)] if issued and age else []
        end = min([*ends, *([self._expires] if self._expires else [])], default=date.max)
        if end == date.max:
            return SATISFIED
        at = (*self.document.tokens, "issued_on")
        return upcoming(self.context, self.subject, at, fixed(self.context, end))

    def steps(self) -> Iterator[Text]:
        issued, age = self._issued, self._lasts
        if issued and age:
            yield _GOOD_FOR.format(issued=issued, span=age.text, end=later(issued, age))
        if self._expires:
            yield _GOOD_UNTIL.format(end=self._expires)
