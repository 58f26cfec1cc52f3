"""What a policy says: terms and numbers in its wording (文字), values that its conditions test.

A policy states each number twice: in its title, quotation and meaning for people, in its fields
for the check. `lint` compares the two; where the words state exactly one term, or one least or
greatest number, fuzzing tests the check against it. The Chinese words are read, which every policy
has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from pytest_icp.law.condition import BOUNDS, AllOf, AnyOf, Comparison, Fields, Leaf, Node, is_number
from pytest_icp.law.jsontypes import Json
from pytest_icp.rules.policy import Obligation

Way = Literal["after", "before"]


class Stated(Struct, frozen=True):
    """A term as words state it: how many of which unit, after an event or before a day.

    ``way`` is None where the words leave it open.
    """

    amount: int
    unit: str
    way: Way | None


class Bound(Struct, frozen=True):
    """A limit as words state it: values pass that are ``sign`` it, one of >=, <=, >, <."""

    sign: str
    number: int

    def allows(self, value: float) -> bool:
        """Whether a value is within the bound."""
        match self.sign:
            case ">=":
                return value >= self.number
            case "<=":
                return value <= self.number
            case ">":
                return value > self.number
        return value < self.number


_DIGITS = "零一二三四五六七八九"
_NUMBER = r"(?P<n>(?<![0-9])[0-9]++|(?<![一二两三四五六七八九十百])[一二两三四五六七八九十百]++)"
_UNITS = {
    "工作日": "working_days",
    "日": "days",
    "天": "days",
    "月": "months",
    "年": "years",
    "小时": "hours",
    "分钟": "minutes",
}
# Of a date neither the year nor the day is a length of time; a month is one as 个月 alone.
_DATE = re.compile(
    r"[0-9]{4}年|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月"
    r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})日"
)
_TERM = re.compile(
    rf"(?:(?P<ahead>提前|至少提前)\s*+)?{_NUMBER}\s*+"
    r"(?:个?(?P<unit>工作日|小时|日|天|年|分钟)|个(?P<month>月))(?P<way>以?内|之内|以?前|之前)?"
)
_SIGNS = {
    **dict.fromkeys(("不少于", "不低于", "至少", "不得少于", "不得低于", "不小于"), ">="),
    **dict.fromkeys(("不超过", "不多于", "至多", "不得超过", "不高于", "不大于"), "<="),
    **dict.fromkeys(("超过", "多于", "大于", "高于"), ">"),
    **dict.fromkeys(("少于", "低于", "小于", "不足"), "<"),
}
# Percentages are left out: a fact may have them as a part of one.
_BOUND = re.compile(
    rf"(?P<sign>{'|'.join(sorted(_SIGNS, key=len, reverse=True))})\s*{_NUMBER}(?![0-9%％.])"
)


def stated_term(obligation: Obligation) -> Stated | None:
    """Return the one term that the words state; None where they state none, or several."""
    for text in _statements(obligation):
        terms = {*_terms(text)}
        if terms:
            return terms.pop() if len(terms) == 1 else None
    return None


def stated_bound(obligation: Obligation) -> Bound | None:
    """Return the one limit that the words state; None where they state none, or several."""
    for text in _statements(obligation):
        bounds = {*_bounds(text)}
        if bounds:
            return bounds.pop() if len(bounds) == 1 else None
    return None


def lengths_in(text: str) -> frozenset[tuple[int, str]]:
    """Return the lengths of time that a Chinese text states, each a number and its unit."""
    return frozenset((one.amount, one.unit) for one in _terms(text))


def _statements(obligation: Obligation) -> Iterator[str]:
    """Yield the texts of an obligation, the shortest first."""
    yield obligation.title.zh
    if obligation.quote is not None:
        yield obligation.quote.zh
    yield obligation.meaning.zh


def _terms(text: str) -> Iterator[Stated]:
    for match in _TERM.finditer(_DATE.sub(" ", text)):
        written = match["way"] or ""
        ahead = match["ahead"] or written.endswith("前")
        way: Way | None = "before" if ahead else "after" if written.endswith("内") else None
        yield Stated(_whole(match["n"]), _UNITS[match["unit"] or match["month"]], way)


def _bounds(text: str) -> Iterator[Bound]:
    for match in _BOUND.finditer(text):
        yield Bound(_SIGNS[match["sign"]], _whole(match["n"]))


def _whole(written: str) -> int:
    """Read a number in digits or in Chinese, up to 999: 九十, 一百二十, 十五."""
    if written.isdigit():
        return int(written)
    total, last = 0, 0
    for sign in written.replace("两", "二"):
        if sign in "十百":
            total += (last or 1) * (10 if sign == "十" else 100)
            last = 0
        else:
            last = _DIGITS.index(sign)
    return total + last


# ---- The tests of single values in a condition, and the values at which they turn (边界取值)


def leaves(node: Node, name: str = "") -> Iterator[tuple[str, Leaf]]:
    """Yield the tests of single values, each with the name of its fact."""
    match node:
        case Leaf():
            yield name, node
        case Fields(tests=tests):
            for inner, test in tests:
                yield from leaves(test, inner)
        case AllOf(tests=tests) | AnyOf(tests=tests):
            for test in tests:
                yield from leaves(test, name)
        case Comparison():
            # What it is compared with is another fact, and no constant.
            return
        case _:
            yield from leaves(node.test, name)


def turning(leaf: Leaf) -> Iterator[Json]:
    """Yield the values that a test names, and those one step from its bounds."""
    for keyword, written in leaf.schema.items():
        if keyword == "const":
            yield written
        elif keyword == "enum" and isinstance(written, Sequence):
            yield from written
        elif keyword in BOUNDS and isinstance(written, Mapping):
            # Of a span the unit stays.
            for unit, n in written.items():
                yield from ({unit: max(0, int(str(n)) + step)} for step in (0, 1, -1))
        elif keyword in BOUNDS and is_number(written):
            yield from (written + step for step in (0, 1, -1))
        elif keyword in {"minLength", "maxLength"} and isinstance(written, int):
            yield from ("x" * max(0, written + step) for step in (0, 1, -1))
