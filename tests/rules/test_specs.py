from __future__ import annotations

from typing import Any, Literal

import pytest
from msgspec import Struct

from pytest_icp.law.condition import ANYTHING, Node, parse_condition
from pytest_icp.law.jsontypes import Json
from pytest_icp.rules.policy import Spec
from pytest_icp.rules.specs import UnreadKeyError, read_spec
from tests.obligations import obligation


class Inner(Struct, frozen=True):
    when: Node
    n: int | None = None


class Whole(Spec, frozen=True, kw_only=True, rename={"from_": "from"}):
    from_: str
    day: str | Inner = ""
    levels: tuple[Inner, ...] = ()
    paths: tuple[str, ...] = ()
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
        ({"exempt": {"a": 1}}, {"exempt": ONE.when}),
        ({"exempt": None}, {}),
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
        ("obligations", 0, "exempt"),
        ("obligations", 0, "levels", 0, "when"),
        ("obligations", 0, "levels", 1, "when"),
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


def test_an_obligation_has_the_spec_of_its_own_kind() -> None:
    with pytest.raises(TypeError, match="SP99/made is no Whole"):
        obligation("evidence").spec_as(Whole)
