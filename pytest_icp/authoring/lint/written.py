"""One obligation as its file writes it, and where its parts stand."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.law.jsontypes import JsonObject, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.fact_paths import base_of
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

    def base(self, dotted: str) -> str:
        """Return the object that a condition such as ``done.where`` is about."""
        return base_of(self.data, _tokens(dotted))

    def place(self, *path: str | int) -> Place:
        """Return where a part of the obligation stands."""
        return self.written.file.place(pointer(("obligations", self.i, *path)))

    def remark(self, code: str, dotted: str, message: Text, hint: Text = _NOTHING) -> Remark:
        """Say something about a field such as ``done.where``."""
        return Remark(
            code=code,
            about=self.obligation.rule_id,
            place=self.place(*_tokens(dotted)),
            message=message,
            hint=hint,
        )


def entries(meant: Meant) -> Iterator[Entry]:
    """Yield the obligations of a policy that are meant."""
    rules = {obligation.rule_id for obligation in meant.obligations()}
    for i, obligation in enumerate(meant.written.policy.obligations):
        if obligation.rule_id in rules:
            yield Entry(meant.written, obligation, i)


def _tokens(dotted: str) -> tuple[str | int, ...]:
    return tuple(int(name) if name.isdecimal() else name for name in dotted.split("."))
