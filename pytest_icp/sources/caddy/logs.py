"""How long Caddy keeps access logs in files: it deletes old ones by age, number and size."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial

from pytest_icp.facts.derived import Provenance
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.text import Text
from pytest_icp.sources.homes import Written
from pytest_icp.sources.log_stores import Kept, after_apply
from pytest_icp.sources.periods import GO, seconds
from pytest_icp.sources.statements import Statement
from pytest_icp.sources.values import get, select

_ACCESS = "http.log.access"
_DAY = 86_400
# What Caddy does where nothing is set: 90 days, ten files, each of 100 MiB.
_DAYS = 90
_LONGEST = 36_500
_LIMITS = {"roll_keep": "10", "roll_size": "100MiB"}


def access_logs(block: Sequence[Statement], *, named: bool) -> Iterator[tuple[Statement, Kept]]:
    """Yield the access logs that a site, or the global options if ``named``, writes into files.

    Those of the options are only access logs if they include what sites log.
    """
    for log in block:
        inner = {one.name: one for one in log.block or ()} if log.name == "log" else {}
        output = inner.get("output")
        if output is None or output.args[:1] != ("file",) or len(output.args) == 1:
            continue
        included = inner["include"].args if "include" in inner else ()
        if not named or any(name.startswith(_ACCESS) for name in included):
            yield output, _kept(output, output.args[1])


def _kept(output: Statement, name: str) -> Kept:
    rolls = {one.name: one for one in output.block or ()}
    at = partial(_found, name, output)
    if "roll_disabled" in rolls:
        return Kept(name=name, at=at, kinds=("access",))
    given = rolls.get("roll_keep_for")
    days = _days(given.args[0]) if given and given.args else _DAYS
    period_at = partial(_found, name, given or output)
    limits = tuple(
        f"{key} {' '.join(rolls[key].args) if key in rolls else default}"
        for key, default in _LIMITS.items()
    )
    return Kept(
        name=name,
        at=at,
        kinds=("access",),
        period=None if days is None else {"days": days},
        period_at=after_apply(period_at) if days is None else period_at,
        limits=limits if days is not None else (),
        why=None if given else _NOT_SET,
    )


def _days(written: Json) -> int | None:
    """Return a period in days, as Caddy rounds it; None for a variable, and beyond a century."""
    length = seconds(written, GO)
    days = math.ceil((length or 0) / _DAY)
    return None if length is None or days > _LONGEST else days or _DAYS


_NOT_SET = Text(
    zh="没有写明 roll_keep_for：Caddy 默认 90 天后删除，按个数和大小清理则更早",
    en="`roll_keep_for` is not set: Caddy deletes files after 90 days, and sooner by number and "
    "size",
)


def _found(name: str, where: Written) -> Provenance:
    return Provenance(place=where.place(), address=f"log {name}", attribute=where.name)


def logs_of_json(config: Json) -> Iterator[tuple[str, str, JsonObject | None, tuple[str, ...]]]:
    """Yield the access logs in files of a JSON configuration.

    Each has its pointer, its file, its period and its limits; without rolling, neither.
    """
    for pointer, log in select(config, "logging/logs/*"):
        writer = get(log, "writer")
        name = get(writer, "filename")
        included = [str(value) for _, value in select(log, "include/*")]
        access = any(value.startswith(_ACCESS) for value in included)
        if get(writer, "output") == "file" and isinstance(name, str) and access:
            if get(writer, "roll") is False:
                yield pointer, name, None, ()
                continue
            days = _days(f"{get(writer, 'roll_keep_days') or _DAYS}d")
            keep, size = get(writer, "roll_keep") or 10, get(writer, "roll_size_mb") or 100
            known: JsonObject | None = None if days is None else {"days": days}
            yield pointer, name, known, (f"roll_keep {keep}", f"roll_size_mb {size}")
