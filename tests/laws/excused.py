"""The rules that break a law of fuzzing for a reason: `excused.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

_FILE = Path(__file__).with_name("excused.yaml")


class Excuse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rules that break one law, by the name of its function, and why."""

    law: str
    reason: Annotated[str, msgspec.Meta(min_length=1)]
    rules: tuple[str, ...]


@cache
def excuses() -> tuple[Excuse, ...]:
    """Read the list."""
    return msgspec.yaml.decode(_FILE.read_bytes(), type=tuple[Excuse, ...])


@cache
def excused(rule: str) -> frozenset[str]:
    """Return the names of the laws that a rule breaks for a reason."""
    return frozenset(one.law for one in excuses() if rule in one.rules)
