"""One obligation as its file writes it, and where its parts stand."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.law.jsontypes import JsonObject, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.fields import Field, Path
from pytest_icp.rules.lookup import Meant
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Obligation

_NOTHING = plain("")


class Entry(Struct, frozen=True):
    """An obligation of a policy (义务), compiled and as it is written; ``i`` is its index."""

    written: WrittenPolicy
    obligation: Obligation
    i: int

    @property
    def data(self) -> JsonObject:
        """What the file says of the obligation."""
        return self.written.data["obligations"][self.i]  # type: ignore[index,return-value]  # by its schema

    @property
    def fields(self) -> Field:
        """The same with what the schema says of it, numbers filled in."""
        return self.obligation.written.fields

    def place(self, *path: str | int) -> Place:
        """Return where a part of the obligation stands."""
        return self.written.file.place(pointer(("obligations", self.i, *path)))

    def remark(self, code: str, path: Path, message: Text, hint: Text = _NOTHING) -> Remark:
        """Say something about a part of the obligation."""
        return Remark(
            code=code,
            about=self.obligation.rule_id,
            place=self.place(*path),
            message=message,
            hint=hint,
        )


def entries(meant: Meant) -> Iterator[Entry]:
    """Yield the obligations of a policy that are meant."""
    rules = {obligation.rule_id for obligation in meant.obligations()}
    for i, obligation in enumerate(meant.written.policy.obligations):
        if obligation.rule_id in rules:
            yield Entry(meant.written, obligation, i)
