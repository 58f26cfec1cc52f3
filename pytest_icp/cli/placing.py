"""Where an answer belongs: the file of a description, and the place in it (写入位置)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from pytest_icp.cli.editing import Pointer
from pytest_icp.facts.asof import NONE, NOT_APPLIED
from pytest_icp.facts.description import Description
from pytest_icp.facts.files.properties import members
from pytest_icp.facts.files.source import Source
from pytest_icp.facts.roles import asked_of
from pytest_icp.facts.written import LICENCE, SCHEMA
from pytest_icp.law.jsontypes import Json, JsonObject, dotted, tokens


class Placed(Struct, frozen=True):
    """A file, and the values to set in it, by their places."""

    file: Source
    values: Mapping[Pointer, Json]


def part_name(description: str, role: str) -> str:
    """Return the name of the part of a description that a role keeps: ``infra.security.yaml``."""
    return f"{description.partition('.')[0]}.{role}.yaml"


def placed(description: Description, at: str, value: Json) -> Placed:
    """Return where the fact at a JSON Pointer is to be written.

    That is the part of the role that knows it, where one is included; else the file that has the
    element, or the list, or the main file. An element that is derived, or not there yet, is added
    under its id. Where ``none`` stands for the object that the fact is of, that is written out.
    """
    names = tokens(at)
    schema, own = description.home(at)
    if schema == LICENCE:
        file, names, facts = description.origins.files[-1], tokens(own), description.licence
    else:
        file, facts = _file(description, names), description.facts
    values: dict[Pointer, Json] = {}
    place: Pointer = ()
    data: Json = file.data
    known: Json = facts
    for name in names:
        if data == NONE:
            values[place] = _written_out(place)
        if not name.isdecimal():
            place = (*place, name)
            data, known = _member(data, name), _member(known, name)
            continue
        element = known[int(name)] if isinstance(known, list) and int(name) < len(known) else None
        named = _member(element, "id") if element is not None else description.only_id
        written = data if isinstance(data, list) else []
        own_place = [_member(one, "id") for one in written]
        index = own_place.index(named) if named in own_place else len(written)
        place = (*place, index)
        if index == len(written):
            values[(*place, "id")] = named
        data, known = (written[index] if index < len(written) else None), element
    return Placed(file, {**values, place: value})


def _written_out(place: Pointer) -> JsonObject:
    """Return what ``none`` says of the object at a place: of a renewal, that nothing was filed."""
    path = ".".join(name for name in place if isinstance(name, str))
    names = members(SCHEMA, path).names
    return {name: value for name, value in NOT_APPLIED.items() if name in names}


def _file(description: Description, names: tuple[str, ...]) -> Source:
    files = description.origins.files
    role = asked_of(dotted(names))
    part = part_name(description.path.name, role)
    own = next((file for file in files if file.path.name == part), None)
    if own is not None:
        return own
    homes, _ = description.origins.joined.homes(names)
    return next((files[home.part] for home in homes if home.part < len(files)), files[0])


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, Mapping) else None
