"""How one fact is made of attributes: the few forms in which tables write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pytest_icp.facts.derived import Status
from pytest_icp.sources.terraform.conditions import PUBLIC, condition, word
from pytest_icp.sources.terraform.hosts import host
from pytest_icp.sources.terraform.reading import reader
from pytest_icp.sources.terraform.resource import Origin, Told

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.terraform.resource import Fact, Placing, Resource, Ways


FACTS: Mapping[str, Mapping[str, Any]] = {
    "servers": {"location": {"of": "region"}, "provider": {"of": "operator"}},
    "network_links": {"provider": {"of": "operator"}},
    "data_stores": {"location": {"of": "region"}},
}
"""What every element of a list has, whatever its type: where it is, and who runs it."""


def fact(form: Any) -> Fact:
    """Compile one form: a constant, or a mapping that says where the value comes from."""
    if not isinstance(form, dict):
        return _constant(form)
    if "of" in form:
        return _location if form["of"] == "region" else _operator
    if "first" in form:
        made = _first([fact(other) for other in form["first"]])
    elif "map" in form:
        made = _mapped(form)
    elif "copy" in form:
        made = _copied(form)
    else:
        made = _constant(form["constant"])
    return _when(form["when"], made) if "when" in form else made


def paths_in(form: Any) -> set[str]:
    """Return the paths that a form reads."""
    if not isinstance(form, dict):
        return set()
    found = {form[key] for key in ("copy", "map") if key in form} | set(form.get("when", ()))
    return found.union(*(paths_in(other) for other in form.get("first", ())))


def location(region: str | None, resource: Resource) -> Json:
    """Return the address (放置地) that a cloud's region is, as far as it is known."""
    if region is None:
        return None
    return {"cloud_region": {"provider": resource.row.provider.name, "id": region}}


def _constant(value: Json) -> Fact:
    status = Status.KNOWN if value is not None else Status.DEFAULT

    def made(_ways: Ways, _placing: Placing, resource: Resource) -> Told:
        return Told(value, Origin(resource, "", status))

    return made


def _first(forms: list[Fact]) -> Fact:
    """Take the first form that tells a value, else the first that says why there is none."""

    def made(ways: Ways, placing: Placing, resource: Resource) -> Told:
        told = [form(ways, placing, resource) for form in forms]
        return next((one for one in told if one.value is not None), told[0])

    return made


def _location(_ways: Ways, placing: Placing, resource: Resource) -> Told:
    region, origin = placing.of(resource)
    return Told(location(region, resource), origin)


def _operator(_ways: Ways, placing: Placing, resource: Resource) -> Told:
    region, origin = placing.of(resource)
    name = resource.row.provider.operator_in(region)
    if name is None:
        return Told(None, _unknown(origin))
    return Told({"name": name}, Origin(resource))


def _when(written: Mapping[str, Any], made: Fact) -> Fact:
    holds = condition(written)
    attribute = next((path for path in written if path != PUBLIC), "")

    def conditional(ways: Ways, placing: Placing, resource: Resource) -> Told:
        verdict = holds(ways, resource)
        if verdict:
            told = made(ways, placing, resource)
            if told.origin.attribute:
                return told
            return told._replace(origin=told.origin._replace(attribute=attribute))
        status = Status.DEFAULT if verdict is False else Status.AFTER_APPLY
        return Told(None, Origin(resource, attribute, status))

    return conditional


def _mapped(form: Mapping[str, Any]) -> Fact:
    read = reader(form["map"])
    values = {name.casefold(): value for name, value in form["values"].items()}

    def made(ways: Ways, _placing: Placing, resource: Resource) -> Told:
        reading = read(ways, resource)
        origin = Origin(resource, reading.attribute, reading.status)
        if reading.unset and "unset" in form:
            return Told(form["unset"], origin._replace(status=Status.KNOWN))
        found: list[Json] = []
        for value in reading.values:
            meaning = values.get(word(value))
            if meaning not in found:
                found.append(meaning)
        if len(found) != 1 or reading.partly or found[0] is None:
            return Told(None, _unknown(origin))
        return Told(found[0], origin)

    return made


def _unknown(origin: Origin) -> Origin:
    """Return the origin of a value that tells nothing certain."""
    known = origin.status in {Status.KNOWN, Status.REFERENCED}
    return origin._replace(status=Status.DEFAULT) if known else origin


def _copied(form: Mapping[str, Any]) -> Fact:
    read = reader(form["copy"])
    several = form.get("list", False)
    values = {name.casefold(): value for name, value in form.get("values", {}).items()}
    type_ = _TYPES[form.get("as", "text")]

    def made(ways: Ways, _placing: Placing, resource: Resource) -> Told:
        reading = read(ways, resource)
        origin = Origin(resource, reading.attribute, reading.status)
        found = [values.get(word(value), type_(value)) for value in reading.values]
        known = [value for value in found if value is not None]
        if several:
            # Such lists are of addresses, which the cloud gives.
            given = origin._replace(status=Status.AFTER_APPLY)
            return Told(known or None, origin if known else given)
        if len(known) != 1 or reading.partly:
            if reading.unset and "unset" in form:
                return Told(form["unset"], origin._replace(status=Status.KNOWN))
            return Told(None, _unknown(origin))
        return Told(known[0], origin)

    return made


def _text(value: Json) -> Json:
    return value if isinstance(value, str) and value else None


def _whole(value: Json) -> Json:
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value > 0 and value == value // 1 else None


def _days(value: Json) -> Json:
    number = _whole(value)
    return None if number is None else {"days": number}


_TYPES: Mapping[str, Callable[[Json], Json]] = {"text": _text, "days": _days, "host": host}
