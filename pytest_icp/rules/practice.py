"""Practice (执法实践): which breaches authorities pursue most, and in which order rules are listed.

A rule's rank is by how often companies were named for breaking it, not by how many were fined. A
rule that no breach names has none, and comes after those that have one.
"""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct, convert

from pytest_icp.facts.files.properties import resource
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text

FILE = "practice"
"""The name of the file beside the policies, and of its schema."""

UNRANKED = 1_000
"""What comes after every rank."""

_NOT_LATER = Text(
    zh="位次 {rank} 没有大于前一项的 {before}", en="rank {rank} is not after the {before} before it"
)
_IN_ORDER = Text(zh="按位次排列，位次不重复", en="list the breaches by rank, each rank once")


class Breach(Struct, frozen=True, kw_only=True):
    """A breach that authorities pursue (查处的违反行为), and what was read of it.

    ``rules`` are ids, or patterns of them; with ``#``, that of a part.
    """

    rank: int
    title: Text
    rules: tuple[str, ...]
    found: Text
    sources: tuple[str, ...]
    read_on: date

    def names(self, rule_id: str) -> bool:
        """Return whether it is a breach of a rule, or of a part of it."""
        return any(fnmatchcase(rule_id, one.partition("#")[0]) for one in self.rules)


@cache
def breaches() -> tuple[Breach, ...]:
    """Return the breaches that the package knows of, the most pursued first."""
    return read_breaches(_path())


def read_breaches(path: Path) -> tuple[Breach, ...]:
    """Read the breaches in a file.

    Raises `InputError` with the place of what its schema refuses, and of a rank out of order.
    """
    source = read_source(path)
    check(source, FILE)
    data: Any = source.data
    before = 0
    for i, one in enumerate(data["breaches"]):
        if one["rank"] <= before:
            said = _NOT_LATER.format(rank=one["rank"], before=before)
            raise InputError(said, place=source.place(f"/breaches/{i}/rank"), hint=_IN_ORDER)
        before = one["rank"]
    return convert(data["breaches"], tuple[Breach, ...])


@cache
def breach_of(rule_id: str) -> Breach | None:
    """Return the most pursued breach of a rule, None where nothing was found of it."""
    return next((one for one in breaches() if one.names(rule_id)), None)


def by_practice(rule_id: str) -> int:
    """Return where a rule comes in a list: the most pursued first, those without a rank last."""
    breach = breach_of(rule_id)
    return breach.rank if breach else UNRANKED


def _path() -> Path:
    return resource("policies") / f"{FILE}.yaml"
