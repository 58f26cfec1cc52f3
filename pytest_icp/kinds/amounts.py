"""Amounts (金额) as the kind ``agreement`` compares them: no more than a price of their day."""

from __future__ import annotations

from math import isclose
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, missing, violated
from pytest_icp.kinds.matching import InForce, Join, matches, period_of, span
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
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


class PricedAmount(Struct, frozen=True):
    """The paths of an amount and its unit, and of the records with the price on its day."""

    fact: str
    unit: str
    records: str
    price: str
    join: Join
    in_force: InForce | None


def judge_amount(spec: PricedAmount, context: Context, subject: Subject) -> Judgement:
    """Judge the amount of a subject by the prices that apply to it on its day."""
    records = context.subjects(spec.records)
    period = period_of(spec.in_force, context, subject)
    if isinstance(period, Fact):
        return missing(subject, period.tokens)
    mine = _pair(spec, context, subject, spec.fact)
    prices: list[Amount] = []
    open_at: list[Tokens] = list(records.missing)
    for one in matches(context, subject, records, spec.join, spec.in_force):
        if span(period.days, [one.surely]):
            prices.append(_pair(spec, context, one.record, spec.price))
        elif one.open_at and span(period.days, [one.perhaps]):
            open_at.append(one.open_at)
    return _compare(subject, mine, prices, open_at)


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
        isinstance(amount, int | float)
        and isinstance(most, int | float)
        and amount > most
        and not isclose(amount, most)
    )


def _shown(pair: Amount) -> str:
    return " ".join(show(fact.value) for fact in pair)
