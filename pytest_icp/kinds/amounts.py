"""Amounts (金额) as the kind ``agreement`` compares them: no more than a price of their day."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain
from math import isclose
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, missing, violated
from pytest_icp.kinds.matching import (
    Days,
    InForce,
    Join,
    Runs,
    Sharing,
    in_force,
    key_of,
    merged,
    period_of,
    sharing,
    span,
)
from pytest_icp.kinds.subjects import Collected, Fact, Subject, Tokens
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain

_AMOUNT = Text(
    zh="收取 {found}，而当日的标价为 {prices}",
    en="{found} is charged, but {prices} was marked for that day",
)
_PRICE = Text(zh="当日的标价 {prices}", en="the price marked for that day: {prices}")

Amount: TypeAlias = tuple[Fact, Fact]
"""A number and the unit it is in."""

_Open: TypeAlias = tuple[int, Tokens]
"""The position of a record, and its fact that is not known; () is the place of the subject's."""


class PricedAmount(Struct, frozen=True):
    """The paths of an amount and its unit, and of the records with the price on its day."""

    fact: str
    unit: str
    records: str
    price: str
    join: Join
    in_force: InForce | None


def judging_amount(spec: PricedAmount, context: Context) -> Callable[[Subject], Judgement]:
    """Return what judges the amount of a subject by the prices that apply to it on its day."""
    prices = _Prices(spec, context, context.subjects(spec.records))

    def judge(subject: Subject) -> Judgement:
        period = period_of(spec.in_force, context, subject)
        if isinstance(period, Fact):
            return missing(subject, period.tokens)
        mine = _pair(spec, context, subject, spec.fact)
        return _compare(subject, mine, *prices.of(subject, period.days))

    return judge


class _Prices(Struct, frozen=True, eq=False):
    """The records with prices. Those for the same item on the same days are found once."""

    spec: PricedAmount
    context: Context
    records: Collected
    named: dict[tuple[Hashable, Days], tuple[list[Amount], list[_Open]]] = field(
        default_factory=dict
    )
    others: dict[bool, list[tuple[int, Runs, Tokens]]] = field(default_factory=dict)
    starts: dict[tuple[bool, Days], int] = field(default_factory=dict)

    def of(self, subject: Subject, days: Days) -> tuple[list[Amount], list[Tokens]]:
        """Return the prices of a subject on some days, and the first fact that may tell another."""
        here = self.context.fact(subject, self.spec.join.subject)
        shared = sharing(self.context, self.records, self.spec.join.record, here)
        key = key_of(here.value), days
        if key not in self.named:
            self.named[key] = self._named(shared.named, days)
        prices, open_at = self.named[key]
        firsts = [*open_at[:1], *self._other(shared, days, here_is_open=here.is_open)]
        at = [min(firsts)[1] or here.tokens] if firsts else []
        return prices, [*self.records.missing, *at]

    def _other(self, shared: Sharing, days: Days, *, here_is_open: bool) -> Iterator[_Open]:
        """Yield the first of the records that may be for any item and in force on some days."""
        if here_is_open not in self.others:
            self.others[here_is_open] = [*self._others(shared.others)]
        others, key = self.others[here_is_open], (here_is_open, days)
        if not others:
            return
        named, start = {*shared.named}, self.starts.get(key, 0)
        running = (n for n in range(start, len(others)) if span(days, others[n][1]))
        first = next(running, len(others))
        self.starts[key] = first
        for n in chain([first], running):
            if n < len(others) and others[n][0] not in named:
                yield others[n][0], others[n][2]
                return

    def _named(self, positions: Sequence[int], days: Days) -> tuple[list[Amount], list[_Open]]:
        """Return the prices of the records that name an item, and what is not known of them."""
        prices: list[Amount] = []
        open_at: list[_Open] = []
        for i in positions:
            record = self.records.subjects[i]
            runs = in_force(self.spec.in_force, self.context, record)
            if runs and span(days, merged([runs.surely])):
                prices.append(_pair(self.spec, self.context, record, self.spec.price))
            elif runs and runs.open_at and span(days, merged([runs.perhaps])):
                open_at.append((i, runs.open_at))
        return prices, open_at

    def _others(self, positions: Iterable[int]) -> Iterator[tuple[int, Runs, Tokens]]:
        """Yield the records that may be for any item, with their days and what is not known."""
        for i in positions:
            record = self.records.subjects[i]
            runs = in_force(self.spec.in_force, self.context, record)
            if runs:
                there = self.context.fact(record, self.spec.join.record)
                yield i, merged([runs.perhaps]), there.tokens if there.is_open else ()


def _pair(spec: PricedAmount, context: Context, subject: Subject, path: str) -> Amount:
    """Return an amount and the unit it is in."""
    return context.fact(subject, path), context.fact(subject, spec.unit)


def _compare(
    subject: Subject,
    mine: Amount,
    prices: list[Amount],
    open_at: list[Tokens],
) -> Judgement:
    if not prices:
        # Another obligation requires that a price is marked at all.
        return missing(subject, open_at[0]) if open_at else NOT_APPLICABLE
    gap = next((fact.tokens for fact in mine if fact.value is None), None)
    if gap:
        return missing(subject, gap)
    allowed = [_within(mine, price) for price in prices]
    if True in allowed:
        return SATISFIED
    open_at += [
        fact.tokens
        for price, within in zip(prices, allowed, strict=True)
        for fact in price
        if within is None and fact.value is None
    ]
    if open_at:
        return missing(subject, open_at[0])
    found, marked = _shown(mine), " / ".join(_shown(price) for price in prices)
    return violated(
        subject,
        mine[0].tokens,
        _AMOUNT.format(found=found, prices=marked),
        found=plain(found),
        required=_PRICE.format(prices=marked),
    )


def _within(mine: Amount, price: Amount) -> bool | None:
    """Whether an amount is no more than the price; None when that is not known.

    What is given off is no fee beyond the price; sums of decimals may be a hair off.
    """
    (amount, unit), (most, its_unit) = mine, price
    if its_unit.value is not None and unit.value != its_unit.value:
        return False
    if most.value is not None and _more(amount.value, most.value):
        return False
    return None if most.value is None or its_unit.value is None else True


def _more(amount: Json, most: Json) -> bool:
    return (
        isinstance(amount, (int, float))
        and isinstance(most, (int, float))
        and amount > most
        and not isclose(amount, most)
    )


def _shown(pair: Amount) -> str:
    return " ".join(show(fact.value) for fact in pair)
