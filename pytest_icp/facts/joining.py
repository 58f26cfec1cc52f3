"""Derived facts are validated and joined with those written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Provenance, Reading
from pytest_icp.facts.files.properties import completed
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.merging import HOSTED, Joined, Merger, host_of
from pytest_icp.facts.plans import REFERENCE, marked
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, object_of
from pytest_icp.law.location import Place

_HEAD: JsonObject = {"apiVersion": "pytest-icp/v1"}

Names = Mapping[str, Mapping[str, str]]
"""By list, the id of an element in a source, and the id written by hand for it."""


class DerivedPart(Struct, frozen=True, eq=False):
    """The facts of one source, with places in the form that the schema check needs."""

    derived: Derived

    @property
    def data(self) -> JsonObject:
        """The facts as a description of their own."""
        return {**_HEAD, **self.derived.facts}

    def place(self, json_pointer: str, *, of: Literal["value", "key"] = "value") -> Place:
        """Return the place of a fact in the source; for a key, that of its value."""
        del of
        return self.provenance(json_pointer).place

    def provenance(self, json_pointer: str) -> Provenance:
        """Return where a fact comes from."""
        return self.derived.trace(json_pointer)


def checked(reading: Reading) -> Reading:
    """Return the reading if its facts are valid, else one with the error.

    What a source does not say, but has to be said beside its facts, is null: not known.
    """
    derived = reading.derived
    if derived is None:
        return reading
    error = _invalid(derived)
    if error is not None:
        # Most are valid as they are, and some have very many elements.
        facts = completed(derived.facts, SCHEMA)
        derived = replace(derived, facts=facts)
        error = _invalid(derived)
    if error is not None:
        return replace(reading, derived=None, error=error)
    return replace(reading, derived=derived)


def _invalid(derived: Derived) -> InputError | None:
    try:
        check(DerivedPart(derived), SCHEMA)
    except InputError as error:
        return error
    return None


def join_derived(joined: Joined, given: Sequence[Derived]) -> None:
    """Join the valid facts of sources, in their order, with those written by hand."""
    if not given:
        return
    names = _written_names(joined, given)
    merger = Merger(joined)
    for derived in given:
        facts = derived.facts
        if names:
            facts = {key: renamed_fact(key, value, names) for key, value in facts.items()}
        merger.add(facts)


def _written_names(joined: Joined, given: Iterable[Derived]) -> Names:
    """Return the derived elements whose host is listed by an element written by hand."""
    names: dict[str, dict[str, str]] = {}
    for key in HOSTED:
        written = list(_elements(joined.facts.get(key)))
        hosts = {
            host: str(element["id"])
            for element in reversed(written)
            for host in _hosts(key, element)
        }
        ids = {element["id"] for element in written}
        for derived in given if hosts else ():
            for element in _elements(derived.facts.get(key)):
                known = next((hosts[h] for h in _hosts(key, element) if h in hosts), None)
                if known is not None and element["id"] not in ids:
                    names.setdefault(key, {})[str(element["id"])] = known
    return names


def _elements(value: Json) -> Iterator[JsonObject]:
    yield from (element for element in list_of(value) if isinstance(element, Mapping))


def _hosts(key: str, element: JsonObject) -> Iterator[str]:
    written = element.get(HOSTED[key])
    for one in written if isinstance(written, list) else (written,):
        host = host_of(one)
        if host is not None:
            yield host


def renamed_fact(key: str, value: Json, names: Names) -> Json:
    """Give elements the ids that were written by hand, in references too."""
    own = names.get(key)
    if own and isinstance(value, list):
        value = [
            {**e, "id": own[e["id"]]} if isinstance(e, Mapping) and e.get("id") in own else e
            for e in value
        ]
    targets = marked(SCHEMA, REFERENCE).children.get(key)
    return value if targets is None else _renamed(value, targets.fields, names)


def _renamed(value: Json, targets: Mapping[str, str], names: Names) -> Json:
    """Return elements with renamed references; the elements themselves if there are none."""
    if isinstance(value, list):
        return [_renamed(element, targets, names) for element in value]
    known = object_of(value)
    renamed = {
        name: _renamed_id(known[name], names[target])
        for name, target in targets.items()
        if target in names and known.get(name) is not None
    }
    return {**known, **renamed} if renamed else value


def _renamed_id(value: Json, names: Mapping[str, str]) -> Json:
    if isinstance(value, list):
        return [_renamed_id(element, names) for element in value]
    return names.get(value, value) if isinstance(value, str) else value
