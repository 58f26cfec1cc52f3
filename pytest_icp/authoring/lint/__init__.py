"""Remarks (提醒) on mistakes in policies that can be seen without a description."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.law.jsontypes import JsonObject, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.errors import problem_lines
from pytest_icp.reports.layout import wrap
from pytest_icp.reports.words import Language, each_language
from pytest_icp.rules.fields import Field, Path
from pytest_icp.rules.policies import PolicySelection, WrittenPolicy
from pytest_icp.rules.policy import Obligation, decided
from pytest_icp.rules.policy_files import PARTS, merged

_NOTHING = plain("")


class Remark(Struct, frozen=True, kw_only=True):
    """A probable mistake; ``code`` is its kind in kebab case.

    ``about`` is the rule, policy or number that it is about; ``hint`` says what to do.
    """

    code: str
    about: str
    place: Place
    message: Text
    hint: Text = _NOTHING


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


# ---- Print them as compilers do


_SAYS = Text(zh="{about}：{message} [{code}]", en="{about}: {message} [{code}]")
_NONE = Text(zh="检查了 {n} 条规定，没有发现问题。", en="{n:provision} checked, nothing found.")
_SOME = Text(
    zh="检查了 {n} 条规定，发现 {found} 处。", en="{n:provision} checked, {found:remark} made."
)


def remarks_text(
    remarks: Sequence[Remark], policies: int, language: Language, columns: int
) -> Iterator[str]:
    """Yield each remark with the line that it is about, then their number."""
    for remark in remarks:
        message = _SAYS.format(about=remark.about, message=remark.message, code=remark.code)
        yield from problem_lines(replace(remark, message=message), remark.place, language, columns)
        yield ""
    total = _SOME if remarks else _NONE
    for words in each_language(total.format(n=policies, found=len(remarks)), language):
        yield from wrap(words, columns)
