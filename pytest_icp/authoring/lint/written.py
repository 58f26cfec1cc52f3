"""An obligation together with the data of its file, and the places of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.law.jsontypes import JsonObject, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.fields import Field, Path
from pytest_icp.rules.lookup import PolicySelection
from pytest_icp.rules.parts import PARTS, merged
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Obligation, decided

_NOTHING = plain("")


class WrittenObligation(Struct, frozen=True):
    """An obligation (义务), compiled and as its file writes it; ``at`` is its path there.

    Of an obligation with parts it is one of these, with all that it inherits.
    """

    written: WrittenPolicy
    obligation: Obligation
    at: Path

    @property
    def data(self) -> JsonObject:
        """The data of the obligation in the file."""
        _, i, *part = self.at
        whole: Any = self.written.data["obligations"][i]  # type: ignore[index]  # by its schema
        return merged(whole, whole[PARTS][part[1]]) if part else whole

    @property
    def whole(self) -> Obligation:
        """The obligation; of a part, that which it is a part of."""
        _, i, *_ = self.at
        return self.written.policy.obligations[int(i)]

    @property
    def fields(self) -> Field:
        """The same as fields of the schema, with numbers filled in."""
        return self.obligation.written.fields

    def place(self, *path: str | int) -> Place:
        """Return the place of a part of the obligation."""
        return self.written.file.place(pointer((*self.at, *path)))

    def remark(self, code: str, path: Path, message: Text, hint: Text = _NOTHING) -> Remark:
        """Return a remark on a field of the obligation; what parts inherit is that of the whole."""
        place = self.place(*path)
        inherited = path and place != self.written.file.read().place(pointer((*self.at, *path)))
        return Remark(
            code=code,
            about=self.obligation.rule_id if inherited else self.obligation.own_id,
            place=place,
            message=message,
            hint=hint,
        )


def written_obligations(selection: PolicySelection) -> Iterator[WrittenObligation]:
    """Yield the selected obligations of a policy, part by part."""
    rules = {obligation.rule_id for obligation in selection.obligations()}
    for at, obligation in decided(selection.written.policy.obligations):
        if obligation.rule_id in rules:
            yield WrittenObligation(selection.written, obligation, at)
