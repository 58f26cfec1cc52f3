"""Assumptions of a source (假定): facts of its elements that hold unless something says otherwise.

An entry of ``sources`` may say ``assume: {production: true}``. Each element that the source gives
then has that fact, unless the source, another one or somebody by hand has it, or it is contested.
``assume: {personal_info: {named: [personal, pii]}}`` says so of the elements alone in whose ids,
names (a bucket's) or tags a word begins like one of those; ``{value: [access], named: [nginx]}``
says something else than true of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from msgspec import Struct

from pytest_icp.facts.derived import Provenance, Reading, Status
from pytest_icp.facts.files.properties import allows, members, property_at
from pytest_icp.facts.merging import Joined, Part
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, object_of, texts_of, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.places import same_place
from pytest_icp.law.text import Text, suggested

_ADDRESS = "location"
_NO_SUCH_FACT = Text(
    zh="assume：这个来源的事项没有“{name}”这一事实",
    en="assume: the elements of this source have no fact `{name}`",
)
_NOT_A_VALUE = Text(zh="assume：“{name}”不能是 {value}", en="assume: `{name}` cannot be {value}")


class Assumption(Struct, frozen=True, kw_only=True):
    """A fact that a source assumes (假定): its dotted path, value, and of how many elements.

    ``place`` is the entry of the source.
    """

    fact: str
    value: Json
    elements: int
    place: Place


def check_assumptions(assume: JsonObject, gives: Iterable[str]) -> None:
    """Raise `InputError` if no element that a source gives may have such a fact or value."""
    lists = sorted(gives)
    for name, value in assume.items():
        holders = [each for each in lists if property_at(SCHEMA, f"{each}.{name}")]
        if not holders:
            known = dict.fromkeys(n for each in lists for n in members(SCHEMA, each).names)
            raise InputError(_NO_SUCH_FACT.format(name=name), hint=suggested(name, known))
        if not assumable(name, value, holders):
            raise InputError(_NOT_A_VALUE.format(name=name, value=str(value)))


def assumable(name: str, value: Json, lists: Iterable[str]) -> bool:
    """Whether elements of some list may have a fact with the value that is assumed."""
    return any(allows(SCHEMA, f"{each}.{name}", _supposed(value)) for each in lists)


def assumed(joined: Joined, readings: Sequence[Reading], first: int) -> tuple[Part, ...]:
    """Return a part with the assumed facts for each source that assumes any.

    ``readings`` gave the parts of ``joined`` from number ``first`` on, in their order.
    """
    assuming = {first + i: one for i, one in enumerate(readings) if one.assume}
    found: dict[int, dict[str, list[Json]]] = {number: {} for number in assuming}
    for each in joined.facts if assuming else ():
        taken = set[int]()
        for number, reading in assuming.items():
            # Of what several sources give, the first of them assumes.
            own = [i for i in joined.elements_of(each, {number}) if i not in taken]
            taken.update(own)
            if assumed_of := [*_assumed_of(joined, each, own, reading)]:
                found[number][each] = assumed_of
    return tuple(
        Part(facts=found[number], trace=partial(_trace, reading.place))
        for number, reading in assuming.items()
    )


def _assumed_of(
    joined: Joined, each: str, indices: Iterable[int], reading: Reading
) -> Iterator[Json]:
    """Yield what is assumed of some elements of a list, each with its id."""
    elements: Any = joined.facts[each]
    fits = [one for one in reading.assume.items() if assumable(*one, (each,))]
    for i in indices if fits else ():
        element, own = elements[i], str(elements[i]["id"])
        more = {
            name: lacking
            for name, value in fits
            if (lacking := _lacking(name, element.get(name), _supposed(value))) is not None
            and (each, str(i), name) not in joined.contested
            and _is_named(reading, each, own, value)
        }
        if more:
            yield {"id": own, **more}


def _supposed(value: Json) -> Json:
    """Return the value that is assumed: of elements that are named like something, mostly true."""
    return value.get("value", True) if _words(value) and isinstance(value, Mapping) else value


def _lacking(name: str, known: Json, value: Json) -> Json:
    """Return what an element lacks of what is assumed; None if nothing, or if it says otherwise.

    Of a location, a part may be known: the cloud without the region, or the reverse.
    """
    if known is None:
        return value
    if name != _ADDRESS or not isinstance(known, Mapping) or not isinstance(value, Mapping):
        return None
    if same_place(known, value).verdict == "different":
        return None
    return _missing(known, value) or None


def _missing(known: JsonObject, value: JsonObject) -> JsonObject | None:
    """Return the members of an object that another one lacks; None if a common one differs."""
    made: dict[str, Json] = {}
    for name, part in value.items():
        before = known.get(name)
        if before is None:
            made[name] = part
        elif isinstance(before, Mapping) and isinstance(part, Mapping):
            inner = _missing(before, part)
            if inner is None:
                return None
            made |= {name: inner} if inner else {}
        elif before != part:
            return None
    return made


def _words(value: Json) -> tuple[str, ...]:
    """Return the words of ``{named: […]}``, or with a ``value``; none of any other value."""
    if isinstance(value, Mapping) and {"named"} <= value.keys() <= {"named", "value"}:
        return texts_of(value["named"])
    return ()


def _is_named(reading: Reading, each: str, own: str, value: Json) -> bool:
    """Whether an assumption holds for the element with an id, by the words in its names."""
    words = _words(value)
    if not words:
        return True
    names = (own, *(reading.derived.names(each, own) if reading.derived else ()))
    return any(_beginning(word).search(name) for word in words for name in names)


@cache
def _beginning(word: str) -> re.Pattern[str]:
    """Match where a word begins; Chinese ones stand beside each other without a space."""
    before = "(?<![0-9A-Za-z])" if word.isascii() else ""
    return re.compile(before + re.escape(word), re.IGNORECASE)


def _trace(place: Place, json_pointer: str) -> Provenance:
    """Return where an assumed fact comes from: the entry of the source."""
    name = tokens(json_pointer)[-1]
    return Provenance(place=place, status=Status.ASSUMED, address="assume", attribute=name)


def counted(parts: Iterable[Part], readings: Iterable[Reading]) -> tuple[Assumption, ...]:
    """Return what the parts assume, each fact with how many elements have it for that.

    ``parts`` are those of the ``readings`` that assume anything, in their order.
    """
    found: list[Assumption] = []
    assuming = [one for one in readings if one.assume]
    for part, reading in zip(parts, assuming, strict=True):
        for each, elements in part.facts.items():
            times = Counter(
                name for one in list_of(elements) for name in object_of(one) if name != "id"
            )
            for name, n in times.items():
                value, place = _supposed(reading.assume[name]), reading.place
                fact = f"{each}.{name}"
                found.append(Assumption(fact=fact, value=value, elements=n, place=place))
    return tuple(sorted(found, key=lambda one: (one.fact, str(one.place))))
