"""An obligation together with the data of its file, and the places of its parts."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.law.jsontypes import JsonObject, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.fields import Field, Path
from pytest_icp.rules.lookup import PolicySelection
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Obligation

_NOTHING = plain("")


class WrittenObligation(Struct, frozen=True):
    """An obligation (义务), compiled and as its file writes it; ``i`` is its index there."""

    written: WrittenPolicy
    obligation: Obligation
    i: int

    @property
    def data(self) -> JsonObject:
        """The data of the obligation in the file."""
        return self.written.data["obligations"][self.i]  # type: ignore[index,return-value]  # by its schema

    @property
    def fields(self) -> Field:
        """The same as fields of the schema, with numbers filled in."""
        return self.obligation.written.fields

    def place(self, *path: str | int) -> Place:
        """Return the place of a part of the obligation."""
        return self.written.file.place(pointer(("obligations", self.i, *path)))

    def remark(self, code: str, path: Path, message: Text, hint: Text = _NOTHING) -> Remark:
        """Return a remark on a part of the obligation."""
        return Remark(
            code=code,
            about=self.obligation.rule_id,
            place=self.place(*path),
            message=message,
            hint=hint,
        )


def written_obligations(selection: PolicySelection) -> Iterator[WrittenObligation]:
    """Yield the selected obligations of a policy."""
    rules = {obligation.rule_id for obligation in selection.obligations()}
    for i, obligation in enumerate(selection.written.policy.obligations):
        if obligation.rule_id in rules:
            yield WrittenObligation(selection.written, obligation, i)
