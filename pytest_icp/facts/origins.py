"""Where each fact of a description comes from: a line written by hand, or a source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from pytest_icp.facts.derived import KNOWING, Derived, Disagreement, Provenance, Statement
from pytest_icp.facts.files.source import Source
from pytest_icp.facts.merging import Home, Joined, Tokens, follow
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.location import Place


class Origins(Struct, frozen=True, kw_only=True):
    """The files and sources that a description was joined from, in the order of the parts.

    Files written by hand come first, and are shown for a fact that several parts contain.
    ``generated`` are the numbers of the parts that a tool made, ``deployed`` of those that list
    what is deployed.
    """

    files: tuple[Source, ...]
    derived: tuple[Derived, ...] = ()
    joined: Joined
    generated: frozenset[int] = frozenset()
    deployed: frozenset[int] = frozenset()

    def place(self, names: Tokens) -> Place:
        """Return the place of a fact, or of the closest value above it."""
        provenance = self.provenance(names)
        return provenance.place if provenance else self.by_hand(names)

    def by_hand(self, names: Tokens) -> Place:
        """Return the place where a fact is, or would be, written by hand."""
        values = self.joined.values(names) if names else ()
        written = [(home, value) for home, value in values if not self._is_derived(home)]
        if written:
            # Of several files the one that has it; else the first.
            home = next((home for home, value in written if value is not None), written[0][0])
            return self.files[home.part].place_to_write(home.at)
        path = self._by_id(names)
        file = next((file for file in self.files if file.asks_for(path)), self.files[0])
        return file.place_to_write(path)

    def provenance(self, names: Tokens) -> Provenance | None:
        """Return where a derived fact comes from; None for what is written by hand.

        A fact without a value comes from the source that gives the reason, if one does.
        """
        homes = list(self.joined.values(names)) if self.derived and names else []
        if not homes:
            return None
        home, value = next((each for each in homes if each[1] is not None), homes[0])
        if names[2:] == ("location",) and homes[-1][1] is not None and self._is_place(homes[-1][0]):
            # An address is where it is written, not where the region is that it is of.
            return self._origin(homes[-1][0])
        if value is None:
            depth = self.joined.homes(names)[1]
            unknown = next((why for h, _ in homes for why in self._unknown(h, depth)), None)
            if unknown is not None:
                return unknown
        return self._origin(home) if self._is_derived(home) else None

    def disagreements(self) -> Iterator[Disagreement]:
        """Yield the facts that are not known because they are contested."""
        for names, values in self.joined.contested.items():
            statements = tuple(
                Statement(
                    value=value,
                    provenance=self._origin(home),
                    generated=home.part in self.generated,
                )
                for home, value in values
            )
            yield Disagreement(
                pointer=pointer(names), fact=self._named(names), statements=statements
            )

    def _named(self, names: Tokens) -> str:
        """Return the name of a fact for people: ``servers[web-1].role``."""
        elements = self.joined.facts.get(names[0])
        element = elements[int(names[1])] if isinstance(elements, list) and names[1:] else None
        if not isinstance(element, Mapping):
            return ".".join(names)
        return ".".join((f"{names[0]}[{element.get('id')}]", *names[2:]))

    def _is_derived(self, home: Home) -> bool:
        return home.part >= len(self.files)

    def _is_place(self, home: Home) -> bool:
        """Whether a fact is from ``places``, the last part."""
        return home.part == len(self.files) + len(self.derived) - 1

    def _origin(self, home: Home) -> Provenance:
        at = pointer(home.at)
        if not self._is_derived(home):
            return Provenance(place=self.files[home.part].place(at))
        return self._trace(home, at)

    def _by_id(self, names: Tokens) -> Tokens:
        """Return a path that names the element of a list by its id, not by its index."""
        element = follow(self.joined.facts, names[:2])
        own = element.get("id") if isinstance(element, Mapping) else None
        return (names[0], str(own), *names[2:]) if own is not None else names

    def _trace(self, home: Home, at: str) -> Provenance:
        return self.derived[home.part - len(self.files)].trace(at)

    def _unknown(self, home: Home, depth: int) -> Iterator[Provenance]:
        """Yield why a source does not have a fact, or a value that contains the fact."""
        for end in range(depth + 1, len(home.at) + 1) if self._is_derived(home) else ():
            why = self._trace(home, pointer(home.at[:end]))
            if why.status not in KNOWING:
                yield why
