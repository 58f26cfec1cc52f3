"""Practice (执法实践): which breaches authorities enforce most, and the order of rules.

A rule's rank is by how often companies were named for breaking it, not by how many were fined. A
rule that no breach names has none, and comes after those that have one.
"""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase
from functools import cache

from msgspec import Struct, convert

from pytest_icp.facts.files.properties import resource
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.text import Text

FILE = "practice"
"""The name of the file beside the policies, and of its schema."""

UNRANKED = 1_000
"""What comes after every rank."""


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
    """Return the breaches that the package ships, which are tested to be valid.

    The most pursued comes first.
    """
    written = read_source(resource("policies") / f"{FILE}.yaml").members
    return convert(written["breaches"], tuple[Breach, ...])


@cache
def breach_of(rule_id: str) -> Breach | None:
    """Return the most pursued breach of a rule, None where nothing was found of it."""
    return next((one for one in breaches() if one.names(rule_id)), None)


def by_practice(rule_id: str) -> int:
    """Return where a rule comes in a list: the most pursued first, those without a rank last."""
    breach = breach_of(rule_id)
    return breach.rank if breach else UNRANKED
