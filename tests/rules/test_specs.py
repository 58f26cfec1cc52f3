from __future__ import annotations

from datetime import date
from typing import Any, Literal

import pytest
from msgspec import Struct

from pytest_icp.kinds.dates import Span
from pytest_icp.law.condition import ANYTHING, Node, parse_condition
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.rules.numbers import Amount, Entry, Listing, Number, Value
from pytest_icp.rules.policy import Spec
from pytest_icp.rules.specs import UnreadKeyError, read_spec
from pytest_icp.rules.statutes import Numbers
from tests.obligations import obligation


class Inner(Struct, frozen=True):
    when: Node
    n: int | None = None


class Whole(Spec, frozen=True, kw_only=True, rename={"from_": "from"}):
    from_: str
    day: str | Inner = ""
    levels: tuple[Inner, ...] = ()
    paths: tuple[str, ...] = ()
    gap: Span | None = None
    exempt: Node | None = None
    word: Literal["a", "b"] = "a"
    count: int = 1


def read(**written: Any) -> Whole:
    return read_spec(Whole, {"from": "x", **written}, lambda value, _: parse_condition(value), ())


ONE = Inner(parse_condition({"a": 1}))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({}, {}),
        ({"day": "path"}, {"day": "path"}),
        ({"day": {"when": {"a": 1}}}, {"day": ONE}),
        ({"levels": [{"when": {"a": 1}, "n": 2}]}, {"levels": (Inner(ONE.when, 2),)}),
        ({"paths": "one"}, {"paths": ("one",)}),
        ({"paths": ["one", "two"]}, {"paths": ("one", "two")}),
        ({"gap": {"days": 3}}, {"gap": Span(3, "days")}),
        ({"exempt": {"a": 1}}, {"exempt": ONE.when}),
        ({"word": "b", "count": 3.0}, {"word": "b", "count": 3}),
    ],
)
def test_what_is_written_becomes_a_typed_value(
    written: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert read(**written) == Whole(from_="x", **expected)


def test_a_condition_is_compiled_where_it_is_written() -> None:
    places: list[tuple[str | int, ...]] = []

    def condition(_: Json, at: tuple[str | int, ...]) -> Node:
        places.append(at)
        return ANYTHING

    written: dict[str, Any] = {"from": "x", "exempt": {}, "levels": [{"when": {}}, {"when": {}}]}
    read_spec(Whole, written, condition, ("obligations", 0))
    at = [*places]
    assert at == [
        ("obligations", 0, "levels", 0, "when"),
        ("obligations", 0, "levels", 1, "when"),
        ("obligations", 0, "exempt"),
    ]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ({"other": 1}, ("other",)),
        ({"day": {"when": {}, "m": 1}}, ("day", "m")),
        ({"levels": [{"when": {}}, {"when": {}, "m": 1}]}, ("levels", 1, "m")),
    ],
)
def test_a_key_that_is_no_member_is_refused(
    written: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    with pytest.raises(UnreadKeyError) as refused:
        read(**written)
    assert refused.value.path == path
    whole: dict[str, Any] = {"from": "x", "other": 1}
    assert read_spec(Whole, whole, lambda *_: ANYTHING, (), beside={"other"}) == Whole(from_="x")


def test_what_the_schema_excludes_is_no_spec() -> None:
    with pytest.raises(TypeError, match="from_"):
        read_spec(Whole, {}, lambda *_: ANYTHING, ())


def test_an_obligation_has_the_spec_of_its_own_kind() -> None:
    with pytest.raises(TypeError, match="SP99/made is no Whole"):
        obligation("evidence").spec_as(Whole)


NUMBER = Number(
    id="n",
    title=Text("数", "n"),
    unit="days",
    values=(Value(n=30), Value(n=20, start=date(2026, 3, 1))),
)
REFERRED = {"parameter": "n"}
LISTING = Listing(id="l", title=Text("清单", "list"), values=(Entry(value="a", until=date.min),))


class Listed(Spec, frozen=True):
    asked: Listing | None = None


def read_by_law(spec: Any, written: dict[str, Any], day: str) -> Any:
    numbers = Numbers({"n": NUMBER, "l": LISTING}, date.fromisoformat(day))
    return read_spec(spec, written, lambda *_: ANYTHING, (), numbers)


def test_a_term_keeps_all_values_of_its_number() -> None:
    term = read_by_law(Amount, {"days": REFERRED}, "2026-02-28")
    assert term.days is term.number is NUMBER


def test_a_number_that_a_policy_writes_itself_always_holds() -> None:
    term = read_by_law(Amount, {"hours": 3}, "2026-02-28")
    assert term.number.on(date.min).n == 3
    assert term.number.unit == "hours"


@pytest.mark.parametrize(("day", "n"), [("2026-02-28", 30), ("2026-03-01", 20)])
def test_what_is_no_term_gets_the_value_of_a_day(day: str, n: int) -> None:
    written = {"from": "x", "count": REFERRED, "gap": {"days": REFERRED}}
    read = read_by_law(Whole, written, day)
    assert (read.count, read.gap) == (n, Span(n, "days"))


def test_a_list_keeps_the_days_of_its_entries() -> None:
    assert read_by_law(Listed, {"asked": {"parameter": "l"}}, "2026-02-28").asked is LISTING


def test_a_list_that_a_policy_writes_itself_always_holds() -> None:
    asked = read_by_law(Listed, {"asked": ["a", "b"]}, "2026-02-28").asked
    assert [asked.has(word, date.max) for word in ("a", "b", "c")] == [True, True, False]
