"""Builds the parts of a policy out of the data of its file: obligations, and when they apply."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.law.condition import ANYTHING, ConditionError, Node, parse_condition
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, pointer
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import CONDITIONS, Field, Written
from pytest_icp.rules.parameters import Numbers, definition
from pytest_icp.rules.patterns import refusal, refused_patterns
from pytest_icp.rules.policy import ALWAYS, Applicability, Citation, Obligation, Past, Serving
from pytest_icp.rules.policy_files import PolicyFile
from pytest_icp.rules.specs import Compile, Kinds, read_spec, schema_parts
from pytest_icp.rules.statutes import Law, text_or_none
from pytest_icp.rules.undecidable import refuse_undecidable

_CITATION = Text(zh="法条", en="citation")


class PolicyBuilder(Struct, frozen=True):
    """Builds the parts of one policy; ``verify`` also checks what cached files have passed."""

    file: PolicyFile
    law: Law
    kinds: Kinds
    verify: bool = False
    digests: Mapping[PurePath, str] = field(default_factory=dict)

    def dated(self, provision: str, entry: dict[str, Any], i: int) -> Obligation:
        """Read an obligation by the newest values, and by those of each time before."""
        newest = self._obligation(provision, entry, i, date.max)
        changes = {day for number in newest.relies_on for day in number.changes}
        if not changes:
            return newest
        days = [date.min, *sorted(changes)]
        versions = ((day, self._obligation(provision, entry, i, day)) for day in days)
        return replace(newest, versions=tuple(versions))

    def _obligation(self, provision: str, entry: dict[str, Any], i: int, day: date) -> Obligation:
        at = ("obligations", i)
        numbers = Numbers(self.law.parameters, self.file, day)
        written = Written(numbers.filled(entry, at), schema_parts(self.kinds))

        def condition(value: Json, at: tuple[str | int, ...]) -> Node:
            return self._condition(numbers.filled(value, at), at)

        if self.verify:
            self._refuse(written.fields, at)
        serving = entry.get("serving")
        return Obligation(
            id=entry["id"],
            provision=provision,
            formerly=tuple(entry.get("formerly") or ()),
            title=Text(**entry["title"]),
            meaning=Text(**entry["meaning"]),
            quote=text_or_none(entry.get("quote")),
            mend=Text(**entry["mend"]),
            kind=entry["kind"],
            level=entry["level"],
            basis=entry["basis"],
            applies=self._applies(entry.get("applies"), (*at, "applies"), condition),
            cites=self._cites(entry, at),
            each=entry.get("each", "attestations"),
            where=condition(entry.get("where"), (*at, "where")),
            parent_where=condition(entry.get("parent_where"), (*at, "parent_where")),
            serving=read_spec(Serving, serving, condition, at) if serving else None,
            none=entry.get("none"),
            past=read_spec(Past, entry, condition, at),
            spec=read_spec(self.kinds[entry["kind"]].spec, entry, condition, at, numbers),
            written=written,
            relies_on=tuple(numbers.used.values()),
        )

    def _refuse(self, written: Field, at: tuple[str | int, ...]) -> None:
        """Refuse what cannot be decided, and conditions that cannot be read."""
        refuse_undecidable(written, lambda path: self.file.place(pointer(at) + path))
        for one in written.walk():
            if one.what in CONDITIONS:
                self._condition(one.value, (*at, *one.at))

    def applicability(self, written: Any) -> Applicability:
        """Read when the whole policy applies."""
        return self._applies(written, ("applies",), self._condition)

    @staticmethod
    def _applies(written: Any, at: tuple[str | int, ...], condition: Compile) -> Applicability:
        if not written:
            return ALWAYS
        when = written.get("when")
        return Applicability(
            items=tuple(written.get("items") or ()),
            without=tuple(written.get("without") or ()),
            operates=tuple(written.get("operates") or ()),
            when=condition(when, (*at, "when")) if when else None,
        )

    def _condition(self, written: Json, at: tuple[str | int, ...]) -> Node:
        if written is None:
            return ANYTHING
        try:
            node = parse_condition(written)
        except ConditionError as error:
            place = self.file.place(pointer((*at, *error.path)))
            raise InputError(error.message, place=place) from error
        path = next(refused_patterns(written), None) if self.verify else None
        if path is not None:
            place = self.file.place(pointer((*at, *path)))
            message, hint = refusal(written, path)
            raise InputError(message, place=place, hint=hint)
        return node

    def _cites(self, entry: dict[str, Any], at: tuple[str | int, ...]) -> tuple[Citation, ...]:
        return tuple(
            definition(self.law.citations, name, _CITATION, self.file, (*at, "cites", i))
            for i, name in enumerate(entry.get("cites", ()))
            if name != "licence"
        )
