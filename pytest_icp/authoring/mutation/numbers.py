"""Mistakes in numbers: one too large or too small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from pytest_icp.authoring.mutation.edits import Edit
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.kleene import is_number
from pytest_icp.rules.numbers import Listing, Named, Value


class Amounts(Struct, frozen=True):
    """The numbers that a policy may refer to (数值)."""

    named: Mapping[str, Named]

    def value(self, written: Json) -> int | float | None:
        """Return a number that is written or referred to; None for anything else."""
        named = self.referred(written)
        if named:
            value = named.values[-1]
            return value.n if isinstance(value, Value) else None
        return written if is_number(written) else None

    def edits(self, written: Json) -> Iterator[Edit]:
        """Yield the number one larger and one smaller."""
        value, named = self.value(written), self.referred(written)
        if isinstance(named, Listing):
            words: Json = [one.value for one in named.values]
            yield Edit("list", (), words, "without its days")
        elif value is not None:
            values = named.values if named else ()
            if len({one.n for one in values}) > 1:
                yield Edit("number", (), value, "without its days")
            for other in (value + 1, value - 1):
                yield Edit("number", (), other, f"{value} -> {other}")

    def referred(self, written: Json) -> Named | None:
        """Return the number that is referred to; None for anything else."""
        if not isinstance(written, Mapping) or written.keys() != {"parameter"}:
            return None
        return self.named[str(written["parameter"])]
