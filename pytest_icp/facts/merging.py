"""Facts of several parts merged into one document (合并), each with its origin.

Elements are merged by id, objects by property. A fact of two parts either has the same value in
both, or is known in only one of them, or is contested: then it is not known. What need not be
merged is neither copied nor read twice.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.facts.derived import KNOWING, Disagreement, Provenance, Statement, Trace
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.source import Source
from pytest_icp.law.domains import host_of
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.numbers import normal_form
from pytest_icp.law.places import agreed, same_place

Tokens: TypeAlias = tuple[str, ...]

HOSTED: Mapping[str, str] = {"sites": "domains", "domains": "name"}
"""The lists whose elements are identified by host names, and the property with these."""

NOT_FACTS = frozenset({"apiVersion", "include", "places", "sources"})
"""The keys of a description that are not facts but how it is composed."""

_ADDRESS = "location"
_NUMBERS = {("icp_filing", "number"), ("psb_filing", "number")}

SPAN = frozenset({"days", "months", "years"})
"""The units of a span of time; spans in different units cannot be compared."""


class Home(Struct, frozen=True, gc=False):
    """Where a fact is written: the number of a part, and the tokens in it."""

    part: int
    at: Tokens


class Part(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """The facts of one file that is written by hand, or of one source.

    ``trace`` tells where it has each of them. ``file`` is None for a source: a ``generated`` one
    was made by a tool, a ``deployed`` one lists what is in use, and one ``of_regions`` has the
    addresses of ``places``.
    """

    facts: JsonObject
    trace: Trace
    file: Source | None = None
    generated: bool = False
    deployed: bool = False
    of_regions: bool = False

    @classmethod
    def of_file(cls, file: Source) -> Part:
        """Return the part that a file is."""
        return cls(facts=file.members, trace=lambda at: Provenance(place=file.place(at)), file=file)


class Joined(Confidential, Struct, frozen=True, kw_only=True):
    """The merged facts of all parts, those written by hand first.

    ``written`` are the homes of each fact: several, if several parts write it. ``elements`` are
    those of each element of a list that several parts write. ``contested`` are the facts with
    different values, each value with where it is written. Of several parts that contain a fact,
    the first is shown.
    """

    parts: list[Part]
    facts: dict[str, Json]
    written: dict[str, list[Home]]
    elements: dict[str, list[list[Home]]] = field(default_factory=dict)
    contested: dict[Tokens, list[tuple[Home, Json]]] = field(default_factory=dict)
    _ids: dict[str, dict[object, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, main: Part) -> Joined:
        """Return the facts of the first part, as it writes them."""
        facts = dict(_facts_in(main))
        return cls(parts=[main], facts=facts, written={key: [Home(0, (key,))] for key in facts})

    @property
    def files(self) -> tuple[Source, ...]:
        """The files that are written by hand."""
        return tuple(part.file for part in self.parts if part.file)

    @property
    def deployed(self) -> frozenset[int]:
        """The numbers of the parts that list what is deployed."""
        return frozenset(i for i, part in enumerate(self.parts) if part.deployed)

    # ---- Where a fact is written

    def homes(self, names: Tokens) -> tuple[Sequence[Home], int]:
        """Return where the element or fact that a pointer leads into is written, and its depth."""
        key, *below = names
        homes = self.written.get(key, [])
        if not homes or not isinstance(self.facts.get(key), list):
            return homes, min(1, len(homes))
        first, index = homes[0], below[0] if below else ""
        if not index.isdecimal():
            return (first,), 1
        table = self.elements.get(key)
        if table is None:
            return (_below(first, index),), 2
        return (table[int(index)], 2) if int(index) < len(table) else ((first,), 1)

    def elements_of(self, name: str, parts: Container[int]) -> Iterator[int]:
        """Yield which elements of a list one of some parts writes."""
        table, elements = self.elements.get(name), list_of(self.facts.get(name))
        for i, homes in enumerate(table or [self.written.get(name, [])] * len(elements)):
            if any(home.part in parts for home in homes):
                yield i

    def find(self, home: Home, names: Tokens, depth: int) -> tuple[Tokens, Json]:
        """Follow a pointer in one part; elements of lists are found by their key.

        Return the tokens there, up to a list without the element, and the value.
        """
        merged, value = follow(self.facts, names[:depth]), self._value(home)
        path = home.at
        for i, name in enumerate(names[depth:], start=depth):
            below = _child(merged, name)
            if isinstance(merged, list):
                key = key_of(below, names[:i])
                others = value if isinstance(value, list) else ()
                at = next((j for j, e in enumerate(others) if key_of(e, names[:i]) == key), None)
                if at is None:
                    return path, None
                name = str(at)  # noqa: PLW2901 - the same element, where this part has it
            merged, value, path = below, _child(value, name), (*path, name)
        return path, value

    def values(self, names: Tokens) -> Iterator[tuple[Home, Json]]:
        """Yield where a fact is, or would be, written, with its value there."""
        homes, depth = self.homes(names)
        if len(homes) == 1:
            home = Home(homes[0].part, (*homes[0].at, *names[depth:]))
            yield home, self._value(home)
            return
        for home in homes:
            at, value = self.find(home, names, depth)
            yield Home(home.part, at), value

    def _value(self, home: Home) -> Json:
        return follow(self.parts[home.part].facts, home.at)

    # ---- Where a fact comes from

    def place(self, names: Tokens) -> Place:
        """Return the place of a fact, or of the closest value above it."""
        provenance = self.provenance(names)
        return provenance.place if provenance else self.by_hand(names)

    def by_hand(self, names: Tokens) -> Place:
        """Return the place where a fact is, or would be, written by hand."""
        values = self.values(names) if names else ()
        written = [(home, value) for home, value in values if self.parts[home.part].file]
        if written:
            # Of several files the one that has it; else the first.
            home = next((home for home, value in written if value is not None), written[0][0])
            return self.files[home.part].place_to_write(home.at)
        path, files = self._by_id(names), self.files
        file = next((file for file in files if file.asks_for(path)), files[0])
        return file.place_to_write(path)

    def provenance(self, names: Tokens) -> Provenance | None:
        """Return where a derived fact comes from; None for what is written by hand.

        A fact without a value comes from the source that gives the reason, if one does.
        """
        homes = list(self.values(names)) if names else []
        if not homes:
            return None
        home, value = next((each for each in homes if each[1] is not None), homes[0])
        last, address = homes[-1]
        if names[2:] == (_ADDRESS,) and address is not None and self.parts[last.part].of_regions:
            # An address is where it is written, not where the region is that it is of.
            return self._origin(last)
        if value is None:
            depth = self.homes(names)[1]
            unknown = next((why for h, _ in homes for why in self._unknown(h, depth)), None)
            if unknown is not None:
                return unknown
        return None if self.parts[home.part].file else self._origin(home)

    def disagreements(self) -> Iterator[Disagreement]:
        """Yield the facts that are not known because they are contested."""
        for names, values in self.contested.items():
            statements = tuple(
                Statement(
                    value=value,
                    provenance=self._origin(home),
                    generated=self.parts[home.part].generated,
                )
                for home, value in values
            )
            yield Disagreement(
                pointer=pointer(names), fact=self._named(names), statements=statements
            )

    def _named(self, names: Tokens) -> str:
        """Return the name of a fact for people: ``servers[web-1].role``."""
        elements = self.facts.get(names[0])
        element = elements[int(names[1])] if isinstance(elements, list) and names[1:] else None
        if not isinstance(element, Mapping):
            return ".".join(names)
        return ".".join((f"{names[0]}[{element.get('id')}]", *names[2:]))

    def _origin(self, home: Home) -> Provenance:
        return self.parts[home.part].trace(pointer(home.at))

    def _by_id(self, names: Tokens) -> Tokens:
        """Return a path that names the element of a list by its id, not by its index."""
        element = follow(self.facts, names[:2])
        own = element.get("id") if isinstance(element, Mapping) else None
        return (names[0], str(own), *names[2:]) if own is not None else names

    def _unknown(self, home: Home, depth: int) -> Iterator[Provenance]:
        """Yield why a source does not have a fact, or a value that contains the fact."""
        ends = () if self.parts[home.part].file else range(depth + 1, len(home.at) + 1)
        for end in ends:
            why = self._origin(Home(home.part, home.at[:end]))
            if why.status not in KNOWING:
                yield why

    # ---- Merging

    def join(self, parts: Iterable[Part]) -> None:
        """Merge more parts, one after the other, into what is known."""
        for part in parts:
            number = len(self.parts)
            self.parts.append(part)
            for key, value in _facts_in(part):
                self._add(key, value, Home(number, (key,)))
        self._ids.clear()

    def _add(self, key: str, value: Json, home: Home) -> None:
        known = self.facts.get(key)
        if known is None and (key,) not in self.contested:
            self.written[key] = [home]
            if not isinstance(value, list) or len(set(map(key_of, value))) == len(value):
                self.facts[key] = value
                return
            self.facts[key] = known = []
        if isinstance(value, list) and isinstance(known, list):
            self._extend(key, known, value, home)
        else:
            self.written[key].append(home)
            self.facts[key] = self._merge((key,), known, value, home)

    def _extend(self, key: str, known: list[Json], new: Sequence[Json], home: Home) -> None:
        first = self.written[key][0]
        empty = home if known else first
        if bool(new) != bool(known) and self.parts[empty.part].file:
            # The empty list written by hand declares that there are none.
            self.contested[(key,)] = [(first, known), (home, new)]
        known, ids = self._indexed(key, known)
        table = self.elements[key]
        for j, element in enumerate(new):
            own = _below(home, str(j))
            i = ids.setdefault(key_of(element), len(known))
            if i == len(known):
                known.append(element)
                table.append([own])
            else:
                table[i].append(own)
                known[i] = self._merge((key, str(i)), known[i], element, own)

    def _indexed(self, key: str, known: list[Json]) -> tuple[list[Json], dict[object, int]]:
        """Return a list of the facts that may be changed, and where its elements are, by key."""
        ids = self._ids.get(key)
        if ids is None:
            ids = self._ids[key] = {key_of(element): i for i, element in enumerate(known)}
            first = self.written[key][0]
            self.elements.setdefault(key, [[_below(first, str(i))] for i in range(len(known))])
            self.facts[key] = known = list(known)
        return known, ids

    def _merge(self, path: Tokens, known: Json, new: Json, home: Home) -> Json:
        """Return the merged value of a fact; the known value itself if nothing is added."""
        if new is None or new == known:
            return known
        contested = self.contested.get(path)
        if known is None and contested is None:
            return new
        if contested is not None:
            if all(new != value for _, value in contested):
                contested.append((home, new))
            return None
        if isinstance(known, Mapping) and isinstance(new, Mapping):
            return self._object(path, known, new, home)
        if isinstance(known, list) and isinstance(new, list) and known and new:
            return self._list(path, known, new, home)
        if _same_number(path, known, new):
            return known
        return self._contest(path, new, home)

    def _contest(self, path: Tokens, new: Json, home: Home) -> Json:
        """Record that the known value and a new one differ; the fact is then not known."""
        first = next(
            (where, value)
            for where, value in self.values(path)
            if value is not None and where != home
        )
        self.contested[path] = [first, (home, new)]
        return None

    def _object(self, path: Tokens, known: JsonObject, new: JsonObject, home: Home) -> Json:
        if path[-1] == _ADDRESS:
            address = agreed(known, new)
            if address is not None:
                return known if address == known else address
        apart = path[-1] == _ADDRESS and same_place(known, new).verdict == "different"
        if apart or (len(units := known.keys() | new.keys()) > 1 and units <= SPAN):
            return self._contest(path, new, home)
        changes: dict[str, Json] = {}
        for name, value in new.items():
            before = known.get(name)
            after = self._merge((*path, name), before, value, _below(home, name))
            if after is not before or name not in known:
                changes[name] = after
        return {**known, **changes} if changes else known

    def _list(
        self, path: Tokens, known: Sequence[Json], new: Sequence[Json], home: Home
    ) -> Sequence[Json]:
        keys = {key_of(element, path): i for i, element in enumerate(known)}
        joined = list(known)
        for j, element in enumerate(new):
            i = keys.setdefault(key_of(element, path), len(joined))
            if i == len(joined):
                joined.append(element)
            elif isinstance(element, Mapping):
                own = _below(home, str(j))
                joined[i] = self._merge((*path, str(i)), joined[i], element, own)
        return joined


def _facts_in(part: Part) -> Iterator[tuple[str, Json]]:
    for key, value in part.facts.items():
        if key not in NOT_FACTS and value is not None:
            yield key, value


def _child(value: Json, name: str) -> Json:
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
        element: Json = value[int(name)]
        return element
    return None


def follow(value: Json, names: Tokens) -> Json:
    """Return the value at a path; None where there is none."""
    for name in names:
        value = _child(value, name)
    return value


def key_of(value: Json, path: Tokens = ()) -> object:
    """Return the key of an element in a list: its id, else the value itself.

    ``path`` is that of the list. Host names are compared in their normal form.
    """
    if isinstance(value, Mapping):
        name = value.get("id")
        if name is not None:
            return ("id", name)
        return tuple((key, key_of(below)) for key, below in sorted(value.items()))
    if isinstance(value, list):
        return tuple(map(key_of, value))
    if isinstance(value, str) and path[::2] == ("sites", HOSTED["sites"]):
        return host_of(value) or value
    return value


def _below(home: Home, name: str) -> Home:
    return Home(home.part, (*home.at, name))


def _same_number(path: Tokens, a: Json, b: Json) -> bool:
    """Return whether two filing numbers (备案号) are the same, with or without 号."""
    if path[-2:] not in _NUMBERS or not (isinstance(a, str) and isinstance(b, str)):
        return False
    return normal_form(a).replace("号", "") == normal_form(b).replace("号", "")
