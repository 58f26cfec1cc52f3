"""Values: as frozen dataclasses are, at a fraction of what their classes cost."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace

import pytest

from pytest_icp.law.values import frozen


@frozen
class Point:
    """Two numbers and what they are called."""

    x: int
    y: int = 0
    names: list[str] = field(default_factory=list, repr=False, compare=False)


@frozen(kw_only=True)
class Length:
    """What is reckoned from the members stands beside them."""

    start: Point
    end: Point
    size: int = field(init=False)
    seen: dict[str, int] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", self.end.x - self.start.x)


@frozen(eq=False)
class Token:
    """Equal to itself alone."""

    name: str


@frozen
class Nothing:
    """No members at all."""


@dataclass(frozen=True, slots=True)
class Model:
    """What the standard library makes of the same members."""

    x: int
    y: int = 0
    names: list[str] = field(default_factory=list, repr=False, compare=False)


def test_members_are_given_by_position_or_name() -> None:
    assert (Point(1).x, Point(1).y, Point(x=1, y=2).y) == (1, 0, 2)


def test_one_member_may_be_given_by_name_only() -> None:
    @frozen
    class Mixed:
        """One of each."""

        first: int
        named: int = field(kw_only=True)

    assert Mixed(1, named=2) == Mixed(first=1, named=2)
    assert Mixed.__match_args__ == ("first",)
    with pytest.raises(TypeError, match="__init__"):
        Mixed(1, 2)  # type: ignore[misc]  # what is refused


def test_each_value_has_a_new_default() -> None:
    assert Point(1).names == []
    assert Point(1).names is not Point(1).names
    assert Point(1, names=["a"]).names == ["a"]


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(Point, id="one is wanting"),
        pytest.param(lambda: Point(1, 2, [], 4), id="one too many"),
        pytest.param(lambda: Point(1, z=2), id="no such member"),
        pytest.param(lambda: Length(Point(1), Point(2)), id="by name only"),
        pytest.param(lambda: Length(start=Point(1), end=Point(2), size=3), id="reckoned"),
        pytest.param(lambda: Nothing(1), id="none at all"),
    ],
)
def test_what_a_class_does_not_take_is_refused(make: object) -> None:
    with pytest.raises(TypeError, match="__init__"):
        make()  # type: ignore[operator]  # it is a class


def test_a_member_can_be_reckoned_from_the_others() -> None:
    assert Length(start=Point(1), end=Point(5)).size == 4


def test_nothing_can_be_changed() -> None:
    point = Point(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2  # type: ignore[misc]  # what is refused
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    with pytest.raises(FrozenInstanceError):
        point.other = 2  # type: ignore[attr-defined]  # what is refused
    assert not hasattr(point, "__dict__")


def test_values_are_equal_by_what_is_compared() -> None:
    assert Point(1, 2, ["a"]) == Point(1, 2, ["b"])
    assert Point(1, 2) != Point(1, 3)
    assert Point(1) != Model(1)
    assert Nothing() == Nothing()
    assert hash(Point(1, 2, ["a"])) == hash(Point(1, 2))
    assert hash(Nothing()) == hash(Nothing())


def test_without_equality_a_value_is_itself_alone() -> None:
    token = Token("a")
    same = token
    assert token == same
    assert token != Token("a")
    assert len({token, Token("a")}) == 2


def test_it_shows_as_a_dataclass_does() -> None:
    assert repr(Point(1, 2)) == repr(Model(1, 2)).replace("Model", "Point")


def test_its_own_words_for_itself_are_kept() -> None:
    @frozen
    class Named:
        """Shows its name."""

        name: str

        def __repr__(self) -> str:
            return self.name

    assert repr(Named("a")) == "a"


def test_the_functions_for_dataclasses_know_it() -> None:
    assert replace(Point(1), y=5) == Point(1, 5)
    assert replace(Length(start=Point(1), end=Point(2)), end=Point(9)).size == 8
    assert asdict(Point(1)) == asdict(Model(1))
    assert [f.name for f in fields(Point)] == [f.name for f in fields(Model)]


def test_a_subclass_may_be_the_first_that_is_asked() -> None:
    @frozen
    class Above:
        x: int
        y: list[int] = field(default_factory=list)

    class Below(Above):
        pass

    assert replace(Below(1), x=2).x == 2
    assert [f.name for f in fields(Above)] == [f.name for f in fields(Below)] == ["x", "y"]


def test_it_is_matched_by_position() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


@pytest.mark.parametrize(
    "value", [Point(1, 2, ["a"]), Length(start=Point(1), end=Point(3)), Nothing()], ids=repr
)
def test_it_is_copied_and_travels(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own bytes
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value


def test_a_class_without_a_docstring_is_called_by_its_name() -> None:
    @frozen
    class Bare:
        x: int

    assert Bare.__doc__ == "Bare"
