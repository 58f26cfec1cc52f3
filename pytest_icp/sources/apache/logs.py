"""How long Apache keeps access logs that ``rotatelogs -n`` writes: it overwrites the oldest."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from pytest_icp.facts.derived import Provenance
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.sources.log_retention.kept import Kept
from pytest_icp.sources.statements import Statement

LOGS = ("customlog", "transferlog")
_WITH_VALUE = frozenset({"-L", "-p", "-n"})
_SECONDS = re.compile(r"[0-9]{1,9}")
_DAY = 86_400
_LONGEST = 36_500


def access_logs(block: Sequence[Statement]) -> Iterator[tuple[Statement, Kept]]:
    """Yield the access logs of a server that go through a number of files."""
    for one in block:
        if one.name in LOGS and one.args[:1] and one.args[0].startswith("|"):
            kept = _kept(one)
            if kept is not None:
                yield one, kept


def _kept(one: Statement) -> Kept | None:
    try:
        words = shlex.split(one.args[0].lstrip("|$"))
    except ValueError:
        return None
    if not words or not words[0].endswith("rotatelogs"):
        return None
    rest, number = iter(words[1:]), ""
    plain: list[str] = []
    for word in rest:
        value = next(rest, "") if word in _WITH_VALUE else ""
        number = value if word == "-n" else number
        plain += [] if word.startswith("-") else [word]
    if not _SECONDS.fullmatch(number) or len(plain) < 2:  # noqa: PLR2004 - a file and its turn
        return None
    name, turn = plain[:2]

    def at() -> Provenance:
        return Provenance(place=one.place(), address=f"log {name}", attribute="rotatelogs -n")

    # The file being written begins empty: so many less one are whole.
    whole = (int(number) - 1) * int(turn) // _DAY if _SECONDS.fullmatch(turn) else 0
    period: JsonObject | None = {"days": whole} if 0 < whole < _LONGEST else None
    return Kept(
        name=name,
        at=at,
        kinds=("access",),
        period=period,
        period_at=at if period else None,
        limits=() if period else (f"-n {number} {turn}",),
    )
