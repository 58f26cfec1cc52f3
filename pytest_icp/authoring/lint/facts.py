"""Reports facts that no description has, and words that a fact never takes."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.authoring.lint.written import WrittenObligation
from pytest_icp.rules import unknown_facts as loading


def unknown_facts(entry: WrittenObligation) -> Iterator[Remark]:
    """Yield each fact of an obligation that the schema of descriptions does not have."""
    for one in loading.unknown_facts(entry.fields):
        yield Remark(
            code=one.code,
            about=entry.obligation.rule_id,
            place=entry.place(*one.path),
            message=one.message,
            hint=one.hint,
        )
