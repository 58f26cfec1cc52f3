"""Mistakes in numbers: one too large or too small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from pytest_icp.authoring.mutation.edits import Edit
from pytest_icp.law.jsontypes import Json
from pytest_icp.rules.numbers import Number


class Amounts(Struct, frozen=True):
    """The numbers that a policy may refer to (数值)."""

    parameters: Mapping[str, Number]

    def value(self, written: Json) -> int | float | None:
        """Return a number that is written or referred to; None for anything else."""
        if isinstance(written, Mapping) and written.keys() == {"parameter"}:
            return self.parameters[str(written["parameter"])].newest.n
        wrong = isinstance(written, bool) or not isinstance(written, (int, float))
        return None if wrong else written  # type: ignore[return-value]  # mypy sees no exclusion

    def edits(self, written: Json) -> Iterator[Edit]:
        """Yield the number one larger and one smaller."""
        value = self.value(written)
        if value is not None:
            for other in (value + 1, value - 1):
                yield Edit("number", (), other, f"{value} -> {other}")
