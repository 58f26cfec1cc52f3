"""The arithmetic of a term, step by step, for people who check it by hand (计算过程)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice

from msgspec import Struct

from pytest_icp.law.calendar import Calendar
from pytest_icp.law.deadline import Due, Term, Unit
from pytest_icp.law.text import Text, counted, plain
from pytest_icp.law.times import add_days, civil_date, end_of_day, start_of_day

_WEEK = (
    Text("星期一", "Monday"),
    Text("星期二", "Tuesday"),
    Text("星期三", "Wednesday"),
    Text("星期四", "Thursday"),
    Text("星期五", "Friday"),
    Text("星期六", "Saturday"),
    Text("星期日", "Sunday"),
)
_FRIDAY = 4
_SHOWN = 12
"""How many days, spans of days or years one line lists."""

_CONTINUOUS = Text(
    "{start}起算{amount}，至{end}；夜间和节假日连续计算",
    "{start} + {amount} = {end}; nights and holidays count",
)
_PLUS = {
    Unit.DAYS: Text(
        "{start}当日不计入，自次日起算{amount}，至{end}（民法典第二百零一条）",
        "{start} + {amount} = {end}; the day of the event is not counted (Civil Code art. 201)",
    ),
    Unit.MONTHS: Text(
        "{start}起算{amount}，至到期月的对应日，没有对应日的为月末日，即{end}"
        "（民法典第二百零二条）",
        "{start} + {amount} = {end}; the corresponding day, "
        "else the last of the month (Civil Code art. 202)",
    ),
    Unit.WORKING_DAYS: Text(
        "{start}当日不计入，自次日起数满{amount}，至{end}",
        "{start} + {amount} = {end}; the day of the event is not counted",
    ),
    Unit.HOURS: _CONTINUOUS,
    Unit.MINUTES: _CONTINUOUS,
}
_MINUS = Text(
    "{start}往前数{amount}，为{end}；该日是期间的起点，不顺延（不适用民法典第二百零三条）",
    "{start} − {amount} = {end}; never rolled (Civil Code art. 203 does not apply to a start day)",
)
_NOTHING = Text("{start}：期限为零，即当日，不顺延", "{start}: a term of 0 is the day itself")
_ROLLED = Text(
    "{rests}为休息日，顺延至下一个工作日{last}（民法典第二百零三条）",
    "rest days: {rests}; rolled to the next working day, {last} (Civil Code art. 203)",
)
_SAFE = Text(
    "稳妥日期：截至{raw}的最后一个工作日，即{safe}",
    "safe day: the last working day up to {raw}, {safe}",
)
_SKIPPED = Text("不计入的休息日：{rests}", "rest days skipped: {rests}")
_MADE_UP = Text("计入的调休上班日：{days}", "make-up working days counted: {days}")
_PROVISIONAL = Text(
    "{years}年的放假安排未公布，结果为暂定；无论如何安排，在{certain}当日及以前完成均为按期",
    "the holidays of {years} are not published yet, so the result is provisional; "
    "in time until {certain}, whatever they will be",
)
_SAFE_PROVISIONAL = Text(
    "{years}年的放假安排未公布，稳妥日期为暂定；最后一日{certain}不受影响",
    "the holidays of {years} are not published yet, so the safe day is provisional; "
    "the last day, {certain}, does not depend on them",
)
_DAY_ALONE = Text("只知道事件的日期，不知道时刻", "only the day of the event is known")


def steps_to(result: Due, limit: Term, calendar: Calendar) -> tuple[Text, ...]:
    """Return the steps by which the result of a term was reckoned."""
    return tuple(_Account(limit, result, calendar).lines())


class _Account(Struct, frozen=True):
    """One term, its result, and the calendar that gave it."""

    limit: Term
    result: Due
    calendar: Calendar

    def lines(self) -> Iterator[Text]:
        if self.limit.unit.continuous:
            yield from self._continuous()
        elif self.limit.direction == "before":
            yield self._arithmetic(_MINUS, self.limit.day, self.result.raw)
        elif self.limit.amount == 0:
            yield _NOTHING.format(start=self._named(self.limit.day))
        else:
            yield self._arithmetic(_PLUS[self.limit.unit], self.limit.day, self.result.raw)
            yield from self._rest_days()
        yield from self._safe()
        yield from self._provisional()

    def _arithmetic(self, line: Text, start: date, end: date) -> Text:
        return line.format(
            start=self._named(start),
            amount=_counted(self.limit.amount, self.limit.unit),
            end=self._named(end),
        )

    def _continuous(self) -> Iterator[Text]:
        line = _CONTINUOUS
        if isinstance(self.limit.start, datetime):
            yield self._arithmetic(line, self.limit.start, self.result.raw)
            return
        yield _DAY_ALONE
        yield self._arithmetic(line, start_of_day(self.limit.day), self.result.certain)
        yield self._arithmetic(line, end_of_day(self.limit.day), self.result.last)

    def _rest_days(self) -> Iterator[Text]:
        last = civil_date(self.result.last)
        if self.limit.unit is Unit.WORKING_DAYS:
            yield from self._counting(add_days(self.limit.day, 1), last)
        elif last != self.result.raw:
            rests = _listed(self._rests(civil_date(self.result.raw), last))
            yield _ROLLED.format(rests=rests, last=self._named(last))

    def _counting(self, first: date, last: date) -> Iterator[Text]:
        rests = _listed(self._rests(first, last))
        if rests.en:
            yield _SKIPPED.format(rests=rests)
        apart = self.calendar.exceptions(self.limit.day, last)
        made_up = _listed(plain(str(day)) for day in apart if self.calendar.is_workday(day))
        if made_up.en:
            yield _MADE_UP.format(days=made_up)

    def _safe(self) -> Iterator[Text]:
        if not self.limit.unit.continuous and self.result.safe != self.result.raw:
            yield _SAFE.format(raw=self.result.raw, safe=self._named(self.result.safe))

    def _provisional(self) -> Iterator[Text]:
        if not self.result.provisional:
            return
        years = range(self._first_examined().year, self.result.last.year + 1)
        unknown = (plain(str(year)) for year in years if year not in self.calendar.years)
        certain = self._named(self.result.certain)
        template = _SAFE_PROVISIONAL if self.limit.direction == "before" else _PROVISIONAL
        yield template.format(years=_listed(unknown), certain=certain)

    def _first_examined(self) -> date:
        """Return the first day that the result depends on."""
        if self.limit.unit is Unit.WORKING_DAYS:
            return add_days(self.limit.day, 1)
        safe = civil_date(self.result.safe)
        return safe if self.calendar.is_workday(safe) else self.limit.day

    def _rests(self, first: date, last: date) -> Iterator[Text]:
        """Yield the runs of rest days from ``first`` to before ``last``, a working day."""
        day = first
        while day < last:
            worked_again = self.calendar.next_workday(day)
            if worked_again > day:
                yield _span(day, add_days(worked_again, -1))
            day = add_days(worked_again, 1)

    def _named(self, when: date) -> Text:
        if isinstance(when, datetime):
            precision = "seconds" if when.second else "minutes"
            return plain(when.isoformat(sep=" ", timespec=precision))
        name, worked = _WEEK[when.weekday()], self.calendar.is_workday(when)
        if worked == (when.weekday() <= _FRIDAY):
            return Text(f"{when}（{name.zh}）", f"{when} ({name.en})")
        if worked:
            return Text(f"{when}（{name.zh}，调休上班）", f"{when} ({name.en}, a make-up day)")
        return Text(f"{when}（{name.zh}，放假）", f"{when} ({name.en}, a holiday)")


def _counted(amount: int, unit: Unit) -> Text:
    words = counted(amount, unit.value)
    return Text(words.zh.replace(" ", ""), words.en)


def _span(first: date, last: date) -> Text:
    if first == last:
        return plain(str(first))
    return Text(f"{first}至{last}", f"{first} to {last}")


def _listed(items: Iterable[Text]) -> Text:
    shown = list(islice(items, _SHOWN + 1))
    more = len(shown) > _SHOWN
    zh = "、".join(item.zh for item in shown[:_SHOWN])
    en = ", ".join(item.en for item in shown[:_SHOWN])
    return Text(f"{zh}等", f"{en} and more") if more else Text(zh, en)
