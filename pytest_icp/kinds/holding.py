"""Kind ``holding`` (持证): an organisation holds a licence of one of the categories in time.

``organisation`` is the path of an organisation with its ``licences``; without it the company's
own count. ``categories`` are codes of which one is enough, ``each_of`` the path of codes that
must all be covered. ``throughout`` is ``as_of``; ``{from: path, to: path}`` for the time of a
contract, in which licences may follow one another without a gap; ``{on: path}`` for one day; or
``{until: path}`` for the as-of day, no later than that one. Who meets ``exempt`` needs none.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, convert

from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import time_of
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.holdings import Holdings, Licence, OpenFact, holdings_of
from pytest_icp.kinds.judgement import (
    SATISFIED,
    Judgement,
    blamed,
    both,
    missing,
    unknown,
    violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.matching import Days, span
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.blame import blame
from pytest_icp.law.catalogue import covers, permits
from pytest_icp.law.condition import Node, truth
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.policy import Obligation, Spec

_NO_LICENCES = Text(
    zh="{who} 没有覆盖该期间的相应许可",
    en="{who} has no such licence for the whole period",
)
_ENDS_TOO_EARLY = Text(
    zh="该日在期间开始之日 {first} 之前，其中一个日期填错",
    en="the period ends before it begins on {first}: one of the two dates is wrong",
)
_NO_LICENCE_FOR = Text(
    zh="{who} 没有覆盖该期间的 {code} 许可",
    en="{who} has no licence for {code} for the whole period",
)
_NOT_HELD = Text(
    zh="本公司没有覆盖该期间的相应许可",
    en="the company has no such licence for the whole period",
)
_HOLDS = Text(zh="持有 {categories} 许可", en="a licence for {categories}")
_THROUGHOUT = Text(zh="，{first} 至 {last} 有效", en=", valid {first} to {last}")


class Throughout(Struct, frozen=True, rename={"from_": "from"}):
    """The paths of the days on which the licence is needed; none is the as-of day."""

    from_: str | None = None
    to: str | None = None
    on: str | None = None
    until: str | None = None

    @classmethod
    def from_written(cls, written: Json) -> Throughout:
        """Read the paths, or ``as_of``."""
        return convert(written, cls) if isinstance(written, dict) else cls()


class Holding(Spec, frozen=True, kw_only=True):
    """Whose licence is needed, for what, when; and who needs none."""

    organisation: str | None = None
    categories: tuple[str, ...] = ()
    each_of: str | None = None
    throughout: Throughout
    exempt: Node | None = None


class Need(Struct, frozen=True):
    """Who needs which licence, and when: one subject with the licences of its organisation.

    ``of`` is the fact that names the organisation, or requires the licence. ``open_at`` is the
    fact of the ``days``, where they are not known.
    """

    subject: Subject
    of: Fact
    holdings: Holdings
    days: Days | None
    open_at: Tokens


def check_holding(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``holding``."""
    spec = obligation.spec_as(Holding)
    return judge_each(obligation, context, lambda subject: _judge(spec, context, subject))


def _judge(spec: Holding, context: Context, subject: Subject) -> Judgement:
    judgement, exempt = _holds(spec, context, subject), spec.exempt
    if exempt is None or judgement.verdict is Verdict.SATISFIED:
        return judgement
    counts = truth(exempt, subject.value, context.decide)
    if counts is None:
        # What is not known is said of both: either would do.
        gap = blamed(subject, blame(exempt, subject.value, context.decide))
        return both(judgement, gap) if judgement.verdict is Verdict.UNKNOWN else gap
    return SATISFIED if counts else judgement


def _holds(spec: Holding, context: Context, subject: Subject) -> Judgement:
    days = _days(spec.throughout, context, subject)
    known, open_at = (None, days.tokens) if isinstance(days, Fact) else (days, ())
    path = spec.organisation or ""
    of = context.fact(subject, path) if path else _required_by(spec.throughout, context, subject)
    need = Need(subject, of, holdings_of(context, subject, path), known, open_at)
    if known and known.last < known.first:
        end = context.fact(subject, spec.throughout.to or "")
        return _backwards(subject, end, known)
    if spec.each_of is None:
        return _one_of(need, spec.categories)
    codes = context.fact(subject, spec.each_of)
    if codes.value is None:
        return missing(subject, codes.tokens)
    judgement = SATISFIED
    for i, code in enumerate(codes.values):
        at = (*codes.tokens, i)
        one = missing(subject, at) if code is None else _one_of(need, (str(code),), at)
        judgement = both(judgement, one)
    return judgement


def _backwards(subject: Subject, end: Fact, days: Days) -> Judgement:
    """Return that a period ends before it begins, so that its days are not known."""
    required, found = say.NOT_BEFORE.format(day=days.first), plain(str(days.last))
    message = _ENDS_TOO_EARLY.format(first=days.first)
    return unknown(subject, end.tokens, message, required=required, found=found)


def _one_of(need: Need, codes: tuple[str, ...], at: Tokens | None = None) -> Judgement:
    """Judge by the licences that cover one of the codes; ``at`` is the code where it is a fact."""
    surely: list[Days | None] = []
    perhaps: list[Days] = []
    gaps = [OpenFact(tokens) for tokens in need.holdings.missing]
    for licence in need.holdings.licences:
        counts = _counts(licence, codes, whole=at is None)
        if counts is False:
            continue
        perhaps.append(licence.perhaps)
        if counts:
            surely.append(licence.surely)
        gap = licence.open_fact if counts else OpenFact(licence.codes.tokens)
        if gap and need.days and _meet(licence.perhaps, need.days):
            gaps.append(gap)
    if need.days is None:
        # Without a licence that could ever do, it does not matter when it is needed.
        may = perhaps or need.holdings.missing
        return missing(need.subject, need.open_at) if may else _none(need, codes, at)
    if span(need.days, surely):
        return SATISFIED
    if need.holdings.missing or span(need.days, perhaps):
        return _open(need, gaps[0], codes)
    return _none(need, codes, at)


def _open(need: Need, gap: OpenFact, codes: tuple[str, ...]) -> Judgement:
    if gap.message is None:
        return missing(need.subject, gap.tokens)
    return unknown(need.subject, gap.tokens, gap.message, required=_required(need, codes))


def _meet(some: Days, others: Days) -> bool:
    """Whether there is a day that is among both."""
    return some.first <= others.last and others.first <= some.last


def _counts(licence: Licence, codes: tuple[str, ...], *, whole: bool) -> bool | None:
    """Whether a licence covers one of the codes; None where it is not known.

    Of a code that is a fact, a licence for a part of it (``whole`` is false) may be the one.
    """
    known = [code for code in licence.codes.values if isinstance(code, str)]
    if any(covers(code, one) for code in known for one in codes):
        return True
    partly = not whole and any(permits(known, one) is None for one in codes)
    return None if partly or licence.codes.is_open else False


def _days(rule: Throughout, context: Context, subject: Subject) -> Days | Fact:
    """Return the days on which the licence must be in force, or the fact that is not known."""
    if rule.until:
        end = time_of(context.fact(subject, rule.until))
        # An end that is not declared has not come.
        day = min(context.today, civil_date(end)) if end else context.today
        return Days(day, day)
    since, until = rule.on or rule.from_, rule.on or rule.to
    if since is None or until is None:
        return Days(context.today, context.today)
    facts = [context.fact(subject, path) for path in (since, until)]
    first, last = (time_of(fact) for fact in facts)
    if first is None or last is None:
        return facts[0] if first is None else facts[1]
    return Days(civil_date(first), civil_date(last))


def _required_by(rule: Throughout, context: Context, subject: Subject) -> Fact:
    """Return the fact that requires the company's own licence: the day, or the subject."""
    return context.fact(subject, rule.on) if rule.on else Fact(subject.tokens, None)


def _none(need: Need, codes: tuple[str, ...], at: Tokens | None) -> Judgement:
    named = need.of.value
    required = _required(need, codes)
    if not isinstance(named, Mapping):
        found = _summary(need.holdings.licences)
        where = at or need.of.tokens
        return violated(need.subject, where, _NOT_HELD, found=found, required=required)
    message = _NO_LICENCE_FOR if at else _NO_LICENCES
    return violated(
        need.subject,
        at or (*need.of.tokens, "licences"),
        message.format(who=show(named.get("name")), code=codes[0]),
        found=plain(_licence_list(named.get("licences"))),
        required=required,
    )


def _required(need: Need, codes: tuple[str, ...]) -> Text:
    required = _HOLDS.format(categories=Text(" 或 ".join(codes), " or ".join(codes)))
    if need.days:
        required += _THROUGHOUT.format(first=need.days.first, last=need.days.last)
    return required


def _summary(licences: tuple[Licence, ...]) -> Text:
    return plain("; ".join(show(sorted(map(str, licence.codes.values))) for licence in licences))


def _licence_list(licences: Json) -> str:
    if not isinstance(licences, list):
        return show(licences)
    return (
        "; ".join(
            f"{show(one.get('categories'))} – {show(one.get('valid_until'))}"
            for one in licences
            if isinstance(one, dict)
        )
        or "[]"
    )


KIND = Kind("holding", Holding, check_holding)
