"""Kind ``licensed`` (持证): an organisation holds a licence of one of the categories in time.

``organisation`` is the path of an organisation with its ``licences``; without it the company's
own count. ``categories`` are codes of which one is enough, ``codes`` the path of codes that must
all be covered. It is needed on the day ``at``, or in a time such as that of a contract, ``from``
the last of some days on, ``to`` the first of others, up to the as-of day: in it licences may follow
one another without a gap; without either, on the as-of day. A day that is not declared may be
any. What was over before the look-back is a note, and so is a licence that will end before the
contract. ``areas`` is the path of the places where it is needed, or ``{of, at, match, where}`` for
the addresses of records. Where it is needed ``inland`` only (电信条例 2), areas abroad do not
count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import chain
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds import Kind
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import (
    Days,
    Runs,
    Span,
    covered,
    covered_until,
    day_of,
    earlier,
    fixed,
    last_gap,
    merged,
    upcoming,
)
from pytest_icp.kinds.finding import NoteKind, Outcome, Verdict
from pytest_icp.kinds.holdings import Holdings, OpenFact, holdings_of, listed
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    noted,
    only_if,
    unknown,
    violated,
)
from pytest_icp.kinds.legal_force import before_the_licence
from pytest_icp.kinds.likeness import EQUAL, Index, lies_abroad
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.words import first_of, title
from pytest_icp.law.catalogue import covers, permits
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.jsontypes import Json, texts_of
from pytest_icp.law.places import area_of
from pytest_icp.law.text import Text, plain, show
from pytest_icp.rules.policy import Join, Obligation, Spec

# ---- The areas where a licence is needed (须持证的地域): named, or those of addresses


class Places(Struct, frozen=True):
    """Records ``of`` which some belong to a subject, ``match``, and the address ``at`` each."""

    of: str
    at: str
    match: Join
    where: Node = ANYTHING


Areas: TypeAlias = Callable[[Subject], Iterable[Fact | None]]
"""Returns the areas where a licence is needed for a subject, in each way in which it may be."""


def needed_in(areas: Places | str | None, context: Context) -> Areas:
    """Return what tells the areas where a licence is needed for a subject.

    Of addresses they are places in a city, as some licences print cities, at the place of the last
    that is not known. Where some of them perhaps count, first come all that may, then those that
    do, one not known.
    """
    if not isinstance(areas, Places):
        return lambda subject: [context.fact(subject, areas) if areas else None]
    rule, records = areas, context.subjects(areas.of)
    owners = Index.of(EQUAL, (context.fact(one, rule.match.record) for one in records.subjects))

    def address(i: int) -> tuple[Json, Tokens | None] | None:
        """Return the area of a record that counts, and what is not known of either."""
        record = records.subjects[i]
        counts, place = context.counts(record, rule.where), context.fact(record, rule.at)
        if counts is False:
            return None
        area = area_of(place.value) if isinstance(place.value, Mapping) else None
        doubt = None if counts else context.open_of(record, rule.where)
        return area, doubt or (None if area else place.tokens)

    def of(subject: Subject) -> list[Fact | None]:
        if records.missing:
            return [Fact(records.missing[0], None)]
        here = context.fact(subject, rule.match.subject)
        named = owners.at(here.values)
        others = (i for i in reversed(owners.others_of(here)) if i not in named)
        # One that may be anybody's is anywhere, and of these the last tells as much as all.
        other = next((i for i in others if address(i)), None)
        found = [(i, *one) for i in sorted(named) if (one := address(i))]
        surely: list[Json] = [area for _, area, doubt in found if not doubt]
        perhaps: list[Json] = [area for _, area, doubt in found if doubt]
        open_at = [(i, doubt) for i, _, doubt in found if doubt]
        if other is not None:
            perhaps.append(None)
            open_at.append((other, context.fact(records.subjects[other], rule.at).tokens))
        if not open_at:
            return [Fact(subject.tokens, surely)]
        _, at = max(open_at)
        known = [] if None in perhaps else [Fact(at, [*surely, *perhaps])]
        return [*known, Fact(at, [*surely, None])]

    return of


def inland_part(areas: Fact) -> tuple[Fact | None, bool]:
    """Return the areas without those that certainly lie abroad; None where all of them do.

    With them comes whether it is not known that any of them lies in mainland China.
    """
    abroad = [None if one is None else lies_abroad(str(one)) for one in areas.values]
    each = zip(areas.values, abroad, strict=True)
    kept = [one for one, lies in each if lies is not True]
    if areas.values and not kept:
        return None, False
    inland = areas if len(kept) == len(abroad) else Fact(areas.tokens, kept)
    return inland, areas.value != [] and False not in abroad


# ---- The days on which a licence is needed (须持证的期间), as far as the as-of day


class Period(Struct, frozen=True):
    """The days on which a licence is needed.

    ``days`` are those up to the as-of day; ``recent`` those of them within the look-back, None
    where all are before it. Where it is not known when the time began or ended, ``recent`` are all
    on which it perhaps is needed, ``least`` those on which it surely is, and the fact at
    ``open_at`` is not declared. ``end`` is the last day of all, where one is set, and ``end_at``
    its fact. What is wrong on one day, such as that of building, goes on; in a contract (``runs``)
    it is over with its last day.
    """

    days: Days
    recent: Days | None
    least: Days | None
    open_at: Tokens = ()
    end: date | None = None
    end_at: Tokens = ()
    runs: bool = False

    @property
    def is_ahead(self) -> bool:
        """Whether it has not begun."""
        return self.days.last < self.days.first


def on_one_day(context: Context, subject: Subject, path: str | None) -> Period | Fact:
    """Return a day of the subject, or the as-of day without a path; or the fact not known."""
    fact = context.fact(subject, path) if path else None
    day = day_of(fact) if fact else context.today
    if fact and not day:
        return fact
    one = Days(day or context.today, day or context.today)
    return Period(one, one, one)


def of_contract(
    obligation: Obligation,
    context: Context,
    subject: Subject,
    from_: Sequence[str],
    to: Sequence[str],
) -> Period:
    """Return the time of a contract: it begins with the last of several days.

    The first day at ``to`` ends it, `never` included; the others tell until when it was agreed.
    """
    starts = [context.fact(subject, path) for path in from_]
    ends = [context.fact(subject, path) for path in to]
    ended, planned = ends[0], next((fact for fact in ends if day_of(fact)), ends[0])
    last = min(context.today, day_of(ended) or context.today)
    days = [day_of(fact) for fact in starts]
    # What is not known of the other beginnings matters until the last of them.
    known = max(filter(None, days), default=None)
    begun = known if known and (None not in days or known > last) else None
    first = begun or last
    recent, least, open_at = _recent(context, known or date.min, last), None, ended.tokens
    if ended.value is not None:
        least, open_at = _recent(context, first, last), starts[days.index(begun)].tokens
    elif begun and begun >= _since(context) and _bound(obligation, context, begun):
        # Whenever it ended, it was not before it began.
        least = Days(begun, begun)
    end = day_of(planned)
    if end and end < first and planned is not ended:
        # A plan that ended before it began is none.
        end = None
    return Period(Days(first, last), recent, least, open_at, end, planned.tokens, runs=True)


def _bound(obligation: Obligation, context: Context, day: date) -> bool:
    """Whether what was over on a day certainly broke an obligation already."""
    return before_the_licence(obligation, context, day) is False


def _since(context: Context) -> date:
    """Return the first day of the look-back (回溯期)."""
    return earlier(context.today, Span(context.settings.lookback_days, "days"))


def _recent(context: Context, first: date, last: date) -> Days | None:
    """Return the days within the look-back."""
    since = _since(context)
    return Days(max(first, since), last) if last >= since else None


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
_VALID_ON = Text(zh="，{first} 当日有效", en=", valid on {first}")
_WAS_WITHOUT = Text(
    zh="{first} 至 {last} 期间曾没有相应许可，早于回溯期",
    en="there was no such licence on all days from {first} to {last}, before the look-back",
)
_OR = Text(" 或 ", " or ")
_INLAND = Text(zh="“{fact}”在境内", en="“{fact}” lies in mainland China")
_ENDS_FIRST = Text(
    zh="现有许可证只覆盖到 {until}，合同到 {end}；此前应确认许可证已经延续",
    en="the licence covers the contract until {until} only, which runs to {end}: check by then "
    "that it is renewed",
)


class Licensed(Spec, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Whose licence is needed, for what, where and when."""

    organisation: str | None = None
    categories: tuple[str, ...] = ()
    codes: str | None = None
    areas: Places | str | None = None
    inland: bool = False
    at: str | None = None
    from_: tuple[str, ...] = ()
    to: tuple[str, ...] = ()


class Weighed(Struct, frozen=True):
    """When licences for some codes surely count, and when perhaps.

    ``gaps`` are the facts that are not known, each with the days on which its licence may count.
    """

    surely: Runs
    perhaps: Runs
    gaps: tuple[tuple[Days, OpenFact], ...]


class Need(Struct, frozen=True):
    """Who needs which licence, where and when: a subject with the licences of its organisation.

    ``of`` is the fact that names the organisation, or requires the licence. The ``period`` is the
    fact that is not known, where that decides the day.
    """

    context: Context
    subject: Subject
    of: Fact
    holdings: Holdings
    period: Period | Fact
    areas: Fact | None

    def each_of(self, spec: Licensed) -> Judgement:
        """Judge by the licences for the categories, or for each of the codes."""
        if spec.codes is None:
            return self.in_each(spec.categories)
        codes = self.context.fact(self.subject, spec.codes)
        if codes.value is None:
            return missing(self.subject, codes.tokens)
        places = [(*codes.tokens, i) for i, _ in enumerate(codes.values)]
        judged = (
            missing(self.subject, at) if code is None else self.in_each((str(code),), at)
            for at, code in zip(places, codes.values, strict=True)
        )
        return reduce(both, judged, SATISFIED)

    def in_each(self, codes: tuple[str, ...], at: Tokens | None = None) -> Judgement:
        """Judge by one licence for all areas, else by one for each of them.

        ``at`` is the place of the code where that is a fact.
        """
        judged, areas = self._one_of(codes, at), self.areas
        if judged.verdict is Verdict.SATISFIED or areas is None or not areas.values[1:]:
            return judged
        each = (replace(self, areas=Fact(areas.tokens, [one])) for one in areas.values)
        apart = reduce(both, (one._one_of(codes, at) for one in each), SATISFIED)
        return judged if apart.verdict is judged.verdict else apart

    def _one_of(self, codes: tuple[str, ...], at: Tokens | None) -> Judgement:
        """Judge by the licences that cover one of the codes."""
        weighed, period = self._weigh(codes, whole=at is None), self.period
        if isinstance(period, Fact):
            # Without a licence that could ever do, it does not matter when it is needed.
            may = weighed.perhaps.days or self.holdings.missing
            return missing(self.subject, period.tokens) if may else self._none(codes, at)
        if period.recent and not period.is_ahead and not covered(period.recent, weighed.surely):
            return self._not_for_sure(period, weighed, codes, at)
        noted_before = self._noted_before(period, weighed.perhaps)
        return both(noted_before, self._noted_ahead(period, weighed.surely))

    def _not_for_sure(
        self, period: Period, weighed: Weighed, codes: tuple[str, ...], at: Tokens | None
    ) -> Judgement:
        """Judge where the licences do not surely cover all days on which one perhaps is needed."""
        least, lacking = period.least, self.holdings.missing
        if least is None or covered(least, weighed.surely):
            return missing(self.subject, period.open_at)
        if not (lacking or covered(least, weighed.perhaps)):
            return self._none(codes, at, self._over(period, least, weighed.perhaps))
        known = (gap for days, gap in weighed.gaps if days.meets(least))
        gap = next(chain(map(OpenFact, lacking), known))
        return gap.judged(self.subject, self._required(codes))

    def _over(self, period: Period, least: Days, perhaps: Runs) -> date | None:
        """Return the last day without a licence, where the lack is over."""
        last = last_gap(least, perhaps) or least.last
        is_over = period.runs and least.last == period.days.last and last < self.context.today
        return last if is_over else None

    def _weigh(self, codes: tuple[str, ...], *, whole: bool) -> Weighed:
        """Weigh the licences that cover one of the codes in the areas, or may.

        Of a code that is a fact, a licence for a part of it (``whole`` is false) may be the one.
        """
        surely, perhaps = list[Days | None](), list[Days]()
        gaps = list[tuple[Days, OpenFact]]()
        for licence in self.holdings.licences:
            known = texts_of(licence.codes.value)
            if any(covers(code, one) for code in known for one in codes):
                counts = licence.is_for(self.areas)
            else:
                partly = not whole and any(permits(known, one) is None for one in codes)
                is_open = partly or licence.codes.is_open
                counts = is_open and OpenFact(licence.codes.tokens)
            if counts is False:
                continue
            gap = licence.open_fact if counts is True else counts
            perhaps.append(licence.perhaps)
            surely += [licence.surely] if counts is True else []
            gaps += [(licence.perhaps, gap)] if gap else []
        return Weighed(merged(surely), merged(perhaps), tuple(gaps))

    def _noted_before(self, period: Period, perhaps: Runs) -> Judgement:
        """Note that a licence was missing before the look-back."""
        if self.holdings.missing or period.is_ahead or covered(period.days, perhaps):
            return SATISFIED
        text = _WAS_WITHOUT.format(first=period.days.first, last=period.days.last)
        return noted(NoteKind.LATE_REMEDIED, text, self.of.tokens)

    def _noted_ahead(self, period: Period, surely: Runs) -> Judgement:
        """Note that the licence will end before the contract does."""
        today, end = self.context.today, period.end
        start = max(today, period.days.first)
        if end is None or end <= today or covered(Days(start, end), surely):
            return SATISFIED
        until, at = covered_until(start, surely) or today, (*self.of.tokens, "licences")
        due = upcoming(self.context, self.subject, at, fixed(self.context, until))
        return both(noted(NoteKind.ADVICE, _ENDS_FIRST.format(until=until, end=end), at), due)

    def _none(
        self, codes: tuple[str, ...], at: Tokens | None, over: date | None = None
    ) -> Judgement:
        """Return that there is no licence for the codes, in words of the organisation."""
        named, required = self.of.value, self._required(codes)
        if isinstance(named, Mapping):
            template = _NO_LICENCE_FOR if at else _NO_LICENCES
            message = template.format(who=show(named.get("name")), code=codes[0])
            at, found = at or (*self.of.tokens, "licences"), listed(named.get("licences"))
        else:
            at, message = at or self.of.tokens, _NOT_HELD
            held = (show(sorted(map(str, one.codes.values))) for one in self.holdings.licences)
            found = first_of(map(plain, held), plain("; "))
        return violated(self.subject, at, message, found=found, required=required, over=over)

    def _required(self, codes: tuple[str, ...]) -> Text:
        required, period = _HOLDS.format(categories=_OR.join(map(plain, codes))), self.period
        days = None if isinstance(period, Fact) else period.least or period.recent or period.days
        if days:
            valid = _VALID_ON if days.first == days.last else _THROUGHOUT
            required += valid.format(first=days.first, last=days.last)
        return required


def check_licensed(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``licensed``."""
    spec = obligation.spec_as(Licensed)
    areas_of = needed_in(spec.areas, context)

    def judge(subject: Subject) -> Judgement:
        held = SATISFIED
        for areas in areas_of(subject):
            held = _judge(obligation, context, subject, areas)
            if held.verdict is Verdict.SATISFIED:
                break
        return held

    return judge_each(obligation, context, judge)


def _judge(
    obligation: Obligation, context: Context, subject: Subject, areas: Fact | None
) -> Judgement:
    spec = obligation.spec_as(Licensed)
    if spec.from_:
        period: Period | Fact = of_contract(obligation, context, subject, spec.from_, spec.to)
    else:
        period = on_one_day(context, subject, spec.at)
    if isinstance(period, Period) and period.end and period.end < period.days.first:
        # One of the two days is wrong.
        first, found = period.days.first, plain(str(period.end))
        message, required = _ENDS_TOO_EARLY.format(first=first), say.NOT_BEFORE.format(day=first)
        return unknown(subject, period.end_at, message, required=required, found=found)
    inland, perhaps_abroad = inland_part(areas) if spec.inland and areas else (areas, False)
    if inland is None and areas is not None:
        return NOT_APPLICABLE
    # The fact that names the organisation, or requires the company's own licence.
    path = spec.organisation or spec.at
    of = context.fact(subject, path) if path else Fact(subject.tokens, None)
    holdings = holdings_of(context, subject, spec.organisation or "")
    judged = Need(context, subject, of, holdings, period, inland).each_of(spec)
    if inland is None or not perhaps_abroad or judged.verdict is not Verdict.VIOLATED:
        return judged
    # Elsewhere no licence is needed.
    gap = missing(subject, inland.tokens).findings[0]
    return only_if(_INLAND.format(fact=title(inland.tokens)), gap, judged)


KIND = Kind("licensed", Licensed, check_licensed)
