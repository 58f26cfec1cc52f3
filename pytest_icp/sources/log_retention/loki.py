"""Loki: how long streams are kept, by the compactor or the older table manager.

Without ``retention_enabled`` of the compactor ``retention_period`` deletes nothing, and a period of
``0s`` is for ever. A stream whose labels fit a ``retention_stream`` has a period of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.sources.log_retention.files import Found
from pytest_icp.sources.log_retention.variables import fill, known
from pytest_icp.sources.log_stores import Kept, after_apply, kinds_named
from pytest_icp.sources.periods import GO, seconds, whole_days
from pytest_icp.sources.values import Value

if TYPE_CHECKING:
    from pytest_icp.sources.log_retention.files import File

_SECTIONS = frozenset({"limits_config", "table_manager", "compactor", "schema_config"})
# Where the configuration stands in the values of charts.
_WITHIN = (
    *((), ("loki",), ("config",), ("loki", "config"), ("loki", "structuredConfig")),
    *(("loki", "loki"), ("loki", "loki", "structuredConfig")),
)


def read_loki(file: File) -> Iterator[Found]:
    """Yield the streams with a period of their own, and all others."""
    for root in file.values():
        if not isinstance(root, Value):
            yield root
            continue
        for path in _WITHIN:
            config = root.get(*path)
            if any(section in config for section in _SECTIONS):
                yield from _config(config)
        for tenant, limits in root.get("overrides").members():
            if "retention_period" in limits or "retention_stream" in limits:
                yield from _limits(f"tenant {tenant}", limits)


def _config(config: Value) -> Iterator[Kept]:
    enabled = config.get("compactor", "retention_enabled")
    if _says(enabled, "true"):
        yield from _limits("loki", config.get("limits_config"))
        return
    tables = config.get("table_manager")
    deletes = tables.get("retention_deletes_enabled")
    kept = Kept(name="loki", at=config.at("loki"))
    for switch in (enabled, deletes):
        if switch.text and not _says(switch, "true", "false"):
            yield replace(kept, period_at=after_apply(switch.at("loki")))
            return
    yield _aged(kept, tables.get("retention_period")) if _says(deletes, "true") else kept


def _limits(name: str, limits: Value) -> Iterator[Kept]:
    yield _aged(Kept(name=name, at=limits.at(name)), limits.get("retention_period"))
    for _, stream in limits.get("retention_stream").members():
        selector = stream.get("selector").text
        kept = Kept(name=f"{name} {selector}", at=stream.at(selector), kinds=kinds_named(selector))
        yield _aged(kept, stream.get("period"))


def _says(value: Value, *words: str) -> bool:
    return (_filled(value) or "").lower() in words


def _filled(value: Value) -> str | None:
    """Return a value with the defaults of variables, which Loki writes in two ways."""
    return known(fill(value.text, {})) or known(fill(value.text, {}, default=":"))


def _aged(kept: Kept, period: Value) -> Kept:
    """Add a period if there is one; none and ``0s`` are for ever."""
    if not period.text:
        return kept
    written, at = seconds(_filled(period) or "", GO), period.at(kept.name)
    if written is None:
        return replace(kept, period_at=after_apply(at))
    return replace(kept, period=whole_days(written), period_at=at) if written else kept
