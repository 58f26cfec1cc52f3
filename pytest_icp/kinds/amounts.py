"""Amounts (金额) as the kind ``agreement`` compares them: with the prices in force on their day."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, missing, violated
from pytest_icp.kinds.matching import InForce, Join, matches, period_of, span
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.describe import show
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
    differ = [_differs(mine, price) for price in prices]
    if False in differ:
        return SATISFIED
    open_at += [
        fact.tokens
        for price, unlike in zip(prices, differ, strict=True)
        for fact in price
        if unlike is None and fact.value is None
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


def _differs(mine: Amount, price: Amount) -> bool | None:
    """Whether an amount is not the price; None when that is not known."""
    pairs = [(a.value, b.value) for a, b in zip(mine, price, strict=True)]
    if any(b is not None and a != b for a, b in pairs):
        return True
    return None if any(b is None for _, b in pairs) else False


def _shown(pair: Amount) -> str:
    return " ".join(show(fact.value) for fact in pair)
